#!/bin/sh
# Tests the inspection, stopping, comparison and recording of one run from the outside: tool_replay.sh PROGRAM
. "$(dirname "$0")/expect.sh"

scenario comes.scs 'Romeo comes in' '' 'Romeo connects\n\nRomeo is connected'
scenario waits.scs 'Romeo waits' '' 'Romeo connects\n\n5 minutes pass\n\nRomeo disconnects'
scenario fails.scs 'Romeo is not here' '' 'Romeo connects\n\nRomeo is not connected\n\nRomeo disconnects'
scenario 'named@7' 'Romeo comes in' '' 'Romeo connects'
cat >both.scs <<'END'
# Both leave at the same time, or stay
[Client] Romeo
	jid: romeo@localhost
[Client] Juliet
	jid: juliet@localhost
[Table]
	what
	go
	stay
---
Romeo connects
Juliet connects
when what is go, At the same time:
	Romeo disconnects
	Juliet disconnects
Romeo sends raw:
	hm
END

# the events of one run
expect 0 'R replay --events one.jsonl --html one.html waits.scs; sed -n "s/^\(.\"type\":\"[a-z]*\).*/\1/p" one.jsonl | sort -u | tr -d "\n"' \
    '1 passed, 0 failed' '{"type":"bytes{"type":"case{"type":"client'
expect 0 'grep -c "^{\"type\":\"step\"" one.html' 'last: 4'
expect 0 'R replay --events - waits.scs 2>told | head -n 1; grep -c passed told' '{"type":"run","format":1' 'last: 1'
expect 0 'R replay --events - comes.scs@7 2>told | head -n 1' '"seed":7,'
expect 1 'R replay --events two.jsonl fails.scs' 'FAILED' 'last: 0 passed, 1 failed'
expect 2 'R replay --events x --scenario 3' '--events, --html, --mermaid and --dot need a run: omit --scenario'
expect 2 'R replay --dot x --diff comes.scs waits.scs' '--mermaid and --dot draw one run: omit --diff'
expect 0 'R replay --mermaid - waits.scs 2>told | head -n 1; grep -c passed told' 'sequenceDiagram' 'last: 1'
expect 1 'R replay --diff comes.scs --events two.jsonl waits.scs' 'the runs diverge at line 21'
expect 0 'sed -n "s/^\(.\"type\":\"\(case\|beside\)\).*/\1/p" two.jsonl' 'last: {"type":"beside' '{"type":"case'
expect 0 'R replay --diff waits.scs --events - waits.scs 2>told | tail -n 1; cat told' '"passed":2' 'the runs are identical'
expect 2 'R replay --diff comes.scs --html comes.scs waits.scs' '--html would overwrite comes.scs, which is an input of the run'
expect 2 'R replay --html x.html .' 'need one run'
expect 2 'R replay --events waits.scs waits.scs' '--events would overwrite waits.scs, which is an input of the run'
expect 2 'R replay --events x --html x waits.scs' '--events and --html would write the same file'
expect 2 'R replay --trace x --record x waits.scs' '--trace and --record would write the same file'

# lines of the trace have one numbering, wherever they are seen
expect 0 'R replay --trace - waits.scs 2>err >one && cut -c1-7 one | grep -c . >count && seq $(cat count) >two &&
          awk "{ print \$1 }" one | cmp - two && tail -n 1 err' 'last: 1 passed, 0 failed'
expect 0 'R run --trace - waits.scs 2>err >one; R replay --trace two waits.scs && cmp one two'
expect 0 'R run --trace one waits.scs comes.scs && grep -c "^    1  0.000000000 step Romeo connects$" one' 'last: 2'
expect 1 'R replay fails.scs --trace one >said-too; sed -n "/the last lines of the trace/,/the clients/s/^  *\([0-9]* .*\)/\1/p" said-too >last
          sed "s/^ *//" one | grep -cFx -f last; sed -n "s/.*last lines of the trace (of \(.*\)):/of \1/p" said-too; R run fails.scs' \
    '12' 'of 21' 'last: 0 passed, 1 failed'
expect 0 'R replay --until 21 fails.scs' 'fails.scs, stopped after line 21 of the trace, at 0.014000000 s' 'no: FAILED'

# --until: a line, a time, a step
expect 0 'R replay --until 5 waits.scs' 'stopped after line 5 of the trace, at 0.003000000 s' 'client `Romeo`: opening, connected'
expect 0 'R replay --until 0.003000000 waits.scs' 'stopped after line 5 of the trace, at 0.003000000 s'
expect 0 'R replay --until 3500000ns waits.scs; R replay --until 3.5ms waits.scs' 'expected a trace line' \
    'stopped after line 5 of the trace, at 0.003500000 s'
expect 0 'R replay --until 10s waits.scs' 'stopped after line 21 of the trace, at 10.000000000 s' 'time passes, until in 290.'
expect 0 'R replay --until 2m waits.scs' 'at 120.000000000 s'
expect 0 'R replay --until waits.scs:11 waits.scs' 'stopped after line 21 of the trace, at 0.014000000 s' 'no: time passes'
expect 0 'R replay --until :13 waits.scs' 'at 300.014000000 s' 'client `Romeo`: bound'
expect 0 'R replay --until :9 --trace - waits.scs 2>err' 'last:     1  0.000000000 step Romeo connects'
expect 0 'R replay --until :13 "both.scs#1"' 'both.scs#1, stopped after line 40 of the trace' 'client `Juliet`: bound'
expect 0 'R replay --until :15 --trace - "both.scs#1" 2>err' 'step Juliet disconnects' 'no: step Romeo sends raw:'
expect 2 'R replay --until :13 "both.scs#2"' 'no step begins in line 13 of both.scs#2; the last before it is in line 12'
expect 0 'R replay --until :16 "both.scs#2"' 'both.scs#2, stopped after line 41 of the trace'
expect 0 'R replay --until 9 17' 'seed 17, stopped after line '
expect 0 'line=$(R replay --scenario 17 | grep -n -m 1 " connects$" | sed "s/:.*//"); R replay --until :$((line - 1)) 17' \
    'seed 17, stopped after line '

# --until: a moment that is not reached
expect 0 'R replay --until 1000 comes.scs' 'the run ended before line 1000 of its trace: the last is line 23, and its time 0.015000000 s' \
    'client `Romeo`: away' 'comes.scs, at its end after line 23'
expect 0 'R replay --until 1h comes.scs' 'the run ended before 3600.000000000 s: the last is line 23' '1 passed, 0 failed'
expect 1 'R replay --until :13 fails.scs' 'the run failed before the step in line 13 began: the last that began is in line 11' \
    'fails.scs, as it failed after line 21 of the trace' '0 passed, 1 failed'
expect 1 'R replay --until 1000 --diff fails.scs comes.scs' 'the run failed before line 1000' 'the run ended before line 1000'

# --until: wrong values
expect 2 'R replay --until soon comes.scs' '--until: expected a trace line (45), a time (0.031, 31ms, 5s) or a step (FILE:33, :33), got'
expect 2 'R replay --until 5. comes.scs' '--until: expected'
expect 2 'R replay --until :0 comes.scs' '--until: expected'
expect 2 'R replay --until :1 comes.scs' 'no step begins in line 1 of comes.scs' 'no: the last before'
expect 2 'R replay --until :10 waits.scs' 'no step begins in line 10 of waits.scs; the last before it is in line 9'
expect 2 'R replay --until waits.scs:11 comes.scs' '--until names waits.scs, and comes.scs is run'
expect 2 'R replay --until :13 --diff comes.scs waits.scs' 'no step begins in line 13 of comes.scs'
expect 2 'R replay --until 5s --record kept.scs comes.scs' 'omit --until'

# --diff: lines of only one side, and a seed for each side
expect 0 'R replay comes.scs --diff comes.scs' 'the runs are identical' '  comes.scs: held, 23 lines, trace hash '
expect 0 'R replay comes.scs@7 --diff comes.scs@7' 'the runs are identical' '  comes.scs@7: held, '
expect 0 'R replay comes.scs --seed 7 --diff comes.scs@7' 'the runs are identical'
expect 0 'R replay comes.scs --seed 7 --diff comes.scs' 'the runs are identical'
expect 1 'R replay comes.scs --diff comes.scs@3 --times' 'the runs diverge at line ' '- comes.scs: held, ' '+ comes.scs@3: held, '
expect 1 'R replay comes.scs@3 --diff comes.scs --times' '- comes.scs@3: held, ' '+ comes.scs: held, '
expect 1 'R replay comes.scs@3 --diff comes.scs@4 --times' '- comes.scs@3: held, ' '+ comes.scs@4: held, '
expect 1 'R replay comes.scs --diff waits.scs' 'the runs diverge at line 21 of the first, at 0.014000000 s, and line 21 of the second' \
    '     20    20  0.014000000 Romeo < <iq ' '-    21        0.014000000 step Romeo is connected' \
    '+          21  0.014000000 step 5 minutes pass'
expect 1 'R replay 17 --diff 18' '- seed 17: held, ' '+ seed 18: held, ' ' more places'
expect 1 'R replay --faults all 17 --diff comes.scs' '- seed 17: ' '+ comes.scs: held'
expect 1 'R replay comes.scs --record kept.scs >/dev/null; sed "s/## choices: none/## choices: 1:latency 1\/8/" kept.scs >late.scs; R replay comes.scs --diff late.scs' \
    'the runs differ only in times or random identifiers, first at line 3 of the first, at 0.001000000 s, and' \
    '--times shows these' '  late.scs: held, ' 'no: the runs part'
expect 0 'R replay named@7' 'named@7' 'no: seed'
expect 0 'R replay comes.scs@7' 'comes.scs' 'seed 7' 'last: 1 passed, 0 failed'
expect 1 'R replay "both.scs#1@5" --diff "both.scs#2@5"' '- both.scs#1@5: ' '+ both.scs#2@5: '
expect 1 'R replay fails.scs@5' ' replay fails.scs@5'
expect 2 'R replay 17@3' '17 is already a seed; omit @3'
expect 2 'R replay 17 --diff 18@3' '18 is already a seed; omit @3'
expect 2 'R replay nowhere.scs@3' 'cannot read nowhere.scs:'
expect 2 'R replay comes.scs@soon' 'cannot read comes.scs@soon:'
expect 2 'printf 1 >bytes; R replay --bytes bytes comes.scs@3' 'comes.scs@3 has a seed; omit --bytes'
expect 2 'R replay --times comes.scs' '--times needs --diff'

# outputs: never an input, never the same file twice, and complete or not at all
expect 2 'cp comes.scs own.scs; R replay own.scs --record own.scs; s=$?; cmp own.scs comes.scs && exit $s' \
    '--record would overwrite own.scs, which is an input of the run' 'no: passed'
expect 2 'R replay "both.scs#1" --trace ./both.scs' '--trace would overwrite both.scs, which is an input of the run'
expect 2 'R replay comes.scs@3 --trace comes.scs' '--trace would overwrite comes.scs'
expect 2 'R replay --bytes bytes comes.scs --record bytes' '--record would overwrite bytes'
expect 2 'R replay comes.scs --trace new --record ./new; s=$?; test ! -e new && exit $s' '--trace and --record would write the same file' 'no: passed'
expect 0 'R replay comes.scs --trace /dev/null --record /dev/null' 'last: 1 passed, 0 failed'
expect 2 'echo before >kept; R replay comes.scs --trace nowhere/trace --record kept; s=$?; cat kept; ls kept.*; exit $s' \
    'cannot write nowhere/trace' 'before' 'no: passed'
expect 0 'ln -s kept link; R replay comes.scs --record link >/dev/null && test -L link && R run kept' 'last: 1 passed, 0 failed'
expect 2 'R replay comes.scs --record /dev/full' 'cannot write /dev/full: No space left on device'

# standard output that cannot be written
for what in comes.scs '17 --scenario' 'comes.scs --until 5' 'comes.scs --diff comes.scs' 'comes.scs --diff waits.scs' \
    '--trace - comes.scs'; do
    expect 2 "R replay $what >/dev/full" 'cannot write standard output: No space left on device'
    expect 2 "R replay $what >&-" 'cannot write standard output: Bad file descriptor'
done

# the version
expect 0 'R --version | grep -cE "^rehearse 0\.1\.0( \(commit [0-9a-f]{12}(, modified)?\))?$"' 'last: 1'

# an output file must not be an input
mkdir rosters
printf 'juliet@localhost: both\n' >rosters/list
printf '# A roster from a file\n[Client] Romeo\n\tjid: romeo@localhost\n[Roster] romeo@localhost\n\tfrom: list\n---\nRomeo is connected\n' \
    >rosters/fails.scs
for written in 'run --output' 'run --trace' 'run --format json:' 'replay --trace' 'replay --record' 'explore --record' 'shrink --output'; do
    for file in list fails.scs; do
        case $written in
        *:) command="R $written$PWD/rosters/$file rosters/fails.scs" ;;
        *) command="R $written rosters/$file rosters/fails.scs" ;;
        esac
        expect 2 "cp -r rosters before; $command; s=\$?; diff -r rosters before || s=1; rm -r before; exit \$s" \
            " would overwrite rosters/$file"
    done
done

# no control characters: U+009B is CSI
scenario raw.scs 'Raw' '' 'Romeo connects\nRomeo sends:\n\t<presence><status>\xc2\x9b31m</status></presence>'
sed -i "s/Romeo/Ro$(printf '\302\233')1mmeo/" raw.scs
for shown in 'run --trace - raw.scs' 'replay --trace - raw.scs' 'replay --until 1ms raw.scs' 'replay raw.scs --diff raw.scs@3'; do
    expect 1 "R $shown | LC_ALL=C grep -c '$(printf '\302\233')'" 'last: 0'
done

# unusual arguments
expect 0 'R help help' 'Usage: rehearse VERB'
expect 0 'R help --help' 'Usage: rehearse VERB'
if (ulimit -v 2000000 && "$rehearse" -V) >"$said" 2>&1; then # a sanitizer wants more than that for itself
    expect 2 'truncate -s 4G large.scs; ulimit -v 2000000; R lint large.scs' \
        'cannot read large.scs: Cannot allocate memory'
fi

finish
