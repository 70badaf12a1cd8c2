#!/bin/sh
# Tests the tool from the outside, a table of cases: tool.sh PROGRAM
. "$(dirname "$0")/expect.sh"

mkdir empty
printf 'nothing of ours\n' >empty/notes.txt
scenario good/b/connects.scs 'Romeo comes in' '## slow\n## status: stable' 'Romeo connects\n\nRomeo is connected'
scenario good/a/leaves.scs 'Romeo goes' '## status: draft' 'Romeo connects\n\nRomeo disconnects'
scenario good/c.scs 'Romeo waits' '' 'Romeo connects\n\n5 minutes pass'
scenario good/.hidden/x.scs 'Never found' '' 'Romeo stands on his head'
scenario mixed/1-fails.scs 'Romeo is not here' '' 'Romeo connects\n\nRomeo is not connected'
scenario mixed/2-passes.scs 'Romeo is here' '' 'Romeo connects\n\nRomeo is connected'
scenario expected/fails.scs 'As it says' '## fails: Romeo is not connected' 'Romeo connects\n\nRomeo is not connected'
scenario unexpected/other.scs 'Other words' '## fails: the moon is blue' 'Romeo connects\n\nRomeo is not connected'
scenario unexpected/passes.scs 'No failure' '## fails: the moon is blue' 'Romeo connects'
scenario broken/one.scs 'Broken' '' 'Romeo connects\n\nRomeo conects'
scenario broken/two.scs 'Broken too' '' 'Mercutio connects'
scenario "odd/Juliet's <best> & \"last\".scs" 'A <title> & "quotes" # hash' '' 'Romeo is connected'
# table FILE ROWS: two columns, one of which says whether Romeo is there.
table() {
    mkdir -p "$(dirname "$1")"
    printf '# Romeo is ${where}\n## rfc: 6121 ${clause}\n## slow\n[Client] Romeo\n\tjid: romeo@localhost\n[Table]\n%b%s' \
        "\\twhere | clause\n$2" '---
when where is here, Romeo connects
Romeo is connected
' >"$1"
}
table tables/two.scs '\there | 4.10\n\taway | 4.9\n'
table tables/ragged.bad '\there | 4.10\n\taway\n'
sed 's/Romeo is connected/Romeo ${where}/;s/\there |/\tconnects |/;s/where is here/where is connects/' tables/two.scs >tables/odd.bad
scenario levels/must.scs 'Romeo must' '## level: must' 'Romeo connects'
scenario levels/ours.scs 'Romeo does' '## level: ours' 'Romeo connects'
printf '# Romeo ${level}\n## level: ${level}\n[Client] Romeo\n\tjid: romeo@localhost\n[Table]\n\tlevel\n\tshould\n\tmay\n---\nRomeo connects\n' \
    >levels/table.scs
scenario unlevelled/checks.scs 'Romeo is only watched' '## checks only' 'Romeo connects'
scenario misnamed.bad 'Romeo shall' '## level: shall' 'Romeo connects'
scenario twice.bad 'Romeo must and may' '## level: must\n## level: may' 'Romeo connects'
mkdir loop
cp good/c.scs loop/c.scs
ln -s .. loop/back

# the verbs
expect 2 'R' 'Usage: rehearse VERB' 'run ' 'lint ' 'list ' 'sweep ' 'merge '
expect 0 'R help' 'Usage: rehearse VERB'
expect 0 'R --help' 'Usage: rehearse VERB'
expect 0 'R --version' 'rehearse 0.1.0'
expect 0 'R help run' '--seed N' '--fail-fast'
for columns in 80 60 40; do
    [ "$columns" = 80 ] && unset COLUMNS || export COLUMNS="$columns"
    for verb in '' run replay explore lint fmt list sweep merge starve shrink adopt conformance compare matrix; do
        expect 0 "R help $verb >told; grep -q . told && ! grep -E '^.{$((columns + 1)),}' told"
    done
done
unset COLUMNS
expect 0 'R run --help' '--seed N'
expect 0 'R help lint' 'rehearse lint PATH...'
expect 2 'R rnu' "there is no verb 'rnu'" "did you mean 'run'?"
expect 2 'R help lnit' "did you mean 'lint'?"
expect 0 'R help --man' '.TH REHEARSE 1' 'run'
expect 0 'R help --man run' '.TH REHEARSE\-RUN 1' 'seed' 'no: Runs a random scenario for each seed'
expect 2 'R help --man moon' "there is no verb 'moon'" 'no: Usage'
expect 2 'R help --completion csh' 'the name of a shell: bash, zsh or fish'
expect 2 'R help --mna' 'unknown option --mna'
expect 0 'R help --completion bash' '# bash completion for rehearse'
expect 2 'R frobnicate' 'rehearse help' 'no: did you mean'
expect 2 'R --versoin' 'did you mean --version?'

# wrong options
expect 2 'R run --sed 3 good' 'unknown option --sed; did you mean --seed?'
expect 2 'R run --wherefore good' 'unknown option --wherefore' 'rehearse help run'
expect 2 'R run -s good' 'unknown option -s'
expect 2 'R run good --seed' '--seed needs a value'
expect 2 'R run --seed= good' '--seed: expected a number'
expect 2 'R run --seed abc good' "got 'abc'"
expect 2 'R run --seed -1 good' "got '-1'"
expect 2 'R run --seed 18446744073709551616 good' '--seed: expected a number'
expect 2 'R run --jobs -1 good' '--jobs: expected a number from 0 to 256'
expect 2 'R run --jobs 257 good' '--jobs: expected'
expect 2 'R run --format xml good' 'expected pretty, tap, junit, json, github, events, html, mermaid or dot'
expect 2 'R run --strict=yes good' '--strict takes no value'
expect 2 'R run --only-tags , good' '--only-tags: expected tags'
expect 2 'R run --trace t --jobs 2 good' 'omit --jobs'
expect 2 'R lint' 'no PATH was given'
expect 2 'R lint --seed 1 good' 'unknown option --seed'

# paths
expect 2 'R run nowhere' 'cannot read nowhere: No such file or directory'
expect 2 'R run nowhere missing.scs' 'cannot read nowhere:' 'cannot read missing.scs:'
expect 2 'R run empty' 'empty: no scenario'
expect 2 'R lint empty' 'empty: no scenario'
expect 2 'R run' 'cannot read scenarios: No such file or directory'
expect 0 'ln -s good scenarios && R run -v; s=$?; rm scenarios; exit $s' 'scenarios/c.scs' 'last: 3 passed, 0 failed'
expect 2 'R run --output nowhere/report good' 'cannot write nowhere/report: No such file or directory'
expect 2 'R run --trace nowhere/trace good' 'cannot write nowhere/trace: No such file or directory'
expect 2 'R run --trace /dev/full good' 'cannot write /dev/full: No space left on device'
expect 2 'R run good >/dev/full' 'cannot write the report: No space left on device'
expect 0 'R run loop' 'last: 1 passed, 0 failed'
expect 0 'R run good good/c.scs good/' 'last: 3 passed, 0 failed'
expect 0 'R run good -- good/c.scs' 'last: 3 passed, 0 failed'

# malformed scenarios: all errors are printed, nothing is run
expect 2 'R run broken good' 'broken/one.scs:11: ' 'broken/two.scs:9: ' 'no: passed'
expect 2 'R lint broken' 'broken/one.scs:11: ' 'broken/two.scs:9: '
expect 2 'R run --output untouched broken; test ! -e untouched && exit 2' 'broken/one.scs:11: '
expect 0 'R lint levels' 'last: 3 files with 4 cases, no complaints'
expect 0 'R lint levels/must.scs' 'last: 1 file, no complaints'

# the output of a run
expect 0 'R run -v good' 'good/a/leaves.scs' 'Romeo goes' 'ok ' 'trace hash' 'no: seed' 'no: FAILED' \
    'last: 3 passed, 0 failed'
expect 0 'R run -v good | grep -o "good/.*scs" | paste -sd " "' \
    'last: good/c.scs good/a/leaves.scs good/b/connects.scs'
expect 0 'R run --seed 7 good' 'seed 7' 'last: 3 passed, 0 failed'
expect 0 'R run --seed=7 good' 'seed 7'
expect 0 'R run -v good' '5 min' 'no: '"$(printf '\033')" 'no: '"$(printf '\r')"
expect 1 'R run mixed' 'FAILED' 'Romeo is not here' 'mixed/1-fails.scs' 'Romeo is not connected' \
    'run mixed/1-fails.scs' 'last: 1 passed, 1 failed'
expect 1 'R run --seed 5 --strict mixed' 'run --seed 5 --strict mixed/1-fails.scs' 'last: 1 passed, 1 failed'
expect 1 'R run -v --fail-fast mixed' 'an earlier one failed' 'last: 0 passed, 1 failed, 1 skipped'
expect 1 'R run -v --fail-fast --jobs 2 mixed' 'an earlier one failed' 'last: 0 passed, 1 failed, 1 skipped'
expect 0 'R run expected' 'last: 1 passed, 0 failed'
expect 1 'R run unexpected' 'the failure does not contain "the moon is blue"' 'passed, but its tag says' \
    'last: 0 passed, 2 failed'

# tables: a case for each row
expect 1 'R run -v tables' 'ok       Romeo is here' 'tables/two.scs#1' 'FAILED   Romeo is away' 'tables/two.scs:12: ' \
    'run tables/two.scs#2' 'last: 1 passed, 1 failed'
expect 0 'R run -v tables/two.scs#1' 'tables/two.scs#1' 'no: two.scs#2' 'last: 1 passed, 0 failed'
expect 1 'R run tables/two.scs#02 tables/two.scs#2' 'last: 0 passed, 1 failed'
expect 1 'R run tables/two.scs#2 tables' 'last: 1 passed, 1 failed'
expect 2 'R run tables/two.scs#3' 'there is no tables/two.scs#3: the table has 2 rows' 'no: passed'
expect 2 'R run tables/two.scs#0' 'cannot read tables/two.scs#0:'
expect 2 'R run tables/two.scs#x' 'cannot read tables/two.scs#x:'
expect 2 'R run good/c.scs#1' 'there is no good/c.scs#1: the file has no table'
expect 0 'cp good/c.scs "c#3" && R run "c#3"' 'last: 1 passed, 0 failed'
expect 1 'R run --format tap tables' 'ok 1 - Romeo is here (tables/two.scs\#1)' 'file: "tables/two.scs"' 'line: 12'
expect 1 'R run --format junit tables' '<testcase name="Romeo is away" classname="tables/two#2" time="'
expect 1 'R run --only-tags "rfc: 6121 4.9" tables' 'last: 0 passed, 1 failed, 1 skipped'
expect 2 'R lint tables/ragged.bad' 'tables/ragged.bad:9: this row has 1 cell; expected 2'
expect 2 'R lint tables/odd.bad' 'tables/odd.bad:12: unknown verb "away"' '(in row 2)'

# list
expect 0 'R list good/c.scs' 'good/c.scs  Romeo waits' 'last: 1 file, 1 case'
expect 0 'R list good' 'good/b/connects.scs  Romeo comes in  [slow, status: stable]' 'last: 3 files, 3 cases'
expect 0 'R list tables' 'tables/two.scs  Romeo is ${where}  [slow]' \
    '  tables/two.scs#2  Romeo is away  [rfc: 6121 4.9]' 'last: 1 file, 2 cases'
expect 0 'R list --by-tag rfc tables good | head -n 1' 'last: 6121 4.9  1 case'
expect 0 'R list --by-tag rfc tables good' '6121 4.10  1 case' '  tables/two.scs#1  Romeo is ${where}' \
    'last: 2 values of the tag rfc, carried by 2 of 5 cases'
expect 0 'R list --by-tag status good' 'draft  1 case' 'stable  1 case'
expect 0 'ln -s good scenarios && R list; s=$?; rm scenarios; exit $s' 'last: 3 files, 3 cases'
expect 2 'R list --by-tag= good' '--by-tag: expected the name of a tag'
expect 2 'R list nowhere' 'cannot read nowhere:'
expect 2 'R list broken' 'broken/one.scs:11: ' 'no: cases'
expect 0 'R help list' '--by-tag NAME'

# tags
expect 0 'R run -v --only-tags slow good' 'has none of --only-tags' 'last: 1 passed, 0 failed, 2 skipped'
expect 0 'R run --only-tags status good' 'last: 2 passed, 0 failed, 1 skipped'
expect 0 'R run --only-tags "status: draft" good' 'last: 1 passed, 0 failed, 2 skipped'
expect 0 'R run --only-tags "slow,status: draft" good' 'last: 2 passed, 0 failed, 1 skipped'
expect 0 'R run -v --skip-tags slow good' 'has one of --skip-tags' 'last: 2 passed, 0 failed, 1 skipped'
expect 0 'R run --only-tags status --skip-tags slow good' 'last: 1 passed, 0 failed, 2 skipped'
expect 2 'R run --only-tags nothing good' 'no scenario has the tag nothing' 'no: passed'

# levels: a file without one is of the level "ours", and is complained about unless nothing in it is judged
expect 0 'R run -v --level must levels' 'levels/must.scs' 'is of no --level' 'last: 1 passed, 0 failed, 3 skipped'
expect 0 'R run --level must,may levels' 'last: 2 passed, 0 failed, 2 skipped'
expect 0 'R run --level "must, may" --level should levels' 'last: 3 passed, 0 failed, 1 skipped'
expect 0 'R run --level ours levels good' 'last: 4 passed, 0 failed, 3 skipped'
expect 0 'R list --level should,may levels' 'levels/table.scs#2  Romeo may  [level: may]' 'no: must.scs' 'last: 1 file, 2 cases'
expect 0 'R list levels' 'levels/must.scs  Romeo must  [level: must]' 'last: 3 files, 4 cases'
expect 0 'R list --by-tag level levels' 'must  1 case' '4 values of the tag level, carried by 4 of 4 cases'
expect 0 'R explore --level may levels' 'last: 1 passed, 0 failed, 3 skipped'
expect 0 'R starve --every 50 --level must levels' '1 scenario, each once'
expect 2 'R run --level must good' 'last: rehearse: nothing is left to run: --level excludes 3 of 3 cases'
expect 2 'R run --level must --skip-tags slow good' '--skip-tags and --level exclude 3 of 3 cases'
expect 2 'R run --level shall levels' '--level: expected must, should, may or ours, or several with commas' 'no: passed'
expect 2 'R run --level must, levels' '--level: expected must, should, may or ours'
expect 2 'R run --level= levels' '--level: expected must, should, may or ours'
expect 2 'R lint good' 'good/a/leaves.scs:1: no level; expected a tag "## level: must", should, may or ours' \
    'good/c.scs:1: no level' 'no: complaints'
expect 2 'R lint tables' 'tables/two.scs:1: no level' 'no: complaints'
expect 0 "R lint $tests/../../scenarios $tests/../../fixtures/regressions" 'no complaints'
expect 0 'R lint unlevelled' 'last: 1 file, no complaints'
expect 2 'R lint misnamed.bad' 'misnamed.bad:2: the tag "level" has the value "shall"; expected must, should, may or ours'
expect 2 'R run twice.bad' 'twice.bad:3: the tag "level" is repeated; it is "must" already' 'no: passed'

# shrink: a failure of a step, a failure only under a seed, and a pass
scenario shrink/much.scs 'Romeo is not here' '## slow' 'Romeo connects\n5 minutes pass\nRomeo sends:\n\t<presence/>\nRomeo is not connected\nRomeo disconnects'
scenario shrink/fails.scs 'Romeo is not here' '## fails: not connected' 'Romeo connects\n5 minutes pass\nRomeo is not connected'
cat >shrink/race.scs <<'END'
# Which message arrives first
## strict
[Client] Romeo
	jid: romeo@localhost/orchard
[Client] Juliet
	jid: juliet@localhost/balcony
---
Romeo connects
Juliet connects
At the same time:
	Romeo sends:
		<message to="juliet@localhost/balcony"><body>one</body></message>
	Juliet sends:
		<message to="juliet@localhost/balcony"><body>two</body></message>
Juliet receives:
	<message><body>one</body></message>
	<message><body>two</body></message>
END
expect 0 'R shrink shrink/much.scs' '# A scenario that fails: ' 'lines of steps: 6 before, 2 now' 'no: 5 minutes' 'no: slow' \
    'Romeo is not connected'
expect 0 'R shrink shrink/much.scs 2>said-too' 'no: lines of steps' 'last: Romeo is not connected'
expect 0 'R shrink --output small.scs shrink/much.scs' 'no: [Client]' '6 before, 2 now'
expect 1 'R run small.scs' 'Romeo is not connected' 'last: 0 passed, 1 failed'
expect 0 'R shrink shrink/fails.scs' 'no: ## fails' 'Romeo is not connected'
expect 0 'seed=0; while R run --seed $seed shrink/race.scs >said-too; do seed=$((seed + 1)); done
          R shrink --seed $seed --output race.scs shrink/race.scs; grep choices: race.scs' ':steps 1/2'
expect 1 'R run race.scs' 'the next stanza differs' 'last: 0 passed, 1 failed'
expect 0 'R shrink race.scs' '## choices: ' ':steps 1/2'
expect 2 'R shrink shrink/race.scs' 'the scenario passes; there is nothing to shrink'
expect 2 'R shrink 5' 'the plot passes; there is nothing to shrink'
expect 2 'R shrink --cast 2 --steps 5 --faults disk 5' 'the plot passes'
expect 0 'R shrink tables/two.scs#2 2>said-too' 'last: Romeo is connected'
expect 2 'R shrink tables/two.scs' 'tables/two.scs has 2 scenarios; name one of them, such as tables/two.scs#1'
expect 2 'R shrink' 'expected one seed or one file'
expect 2 'R shrink 5 6' 'expected one seed or one file'
expect 2 'R shrink --seed 1 5' '--seed needs a file'
expect 2 'R shrink --time soon 5' '--time: expected a span such as 60s, 10m or 2h'
expect 2 'R shrink nowhere' 'cannot read nowhere: No such file or directory'
expect 2 'R shrink broken/one.scs' 'broken/one.scs:11: '
expect 2 'R shrink --output nowhere/small.scs shrink/much.scs' 'cannot write nowhere/small.scs: No such file or directory'
expect 2 'R shrink shrink/much.scs >/dev/full' 'cannot write standard output: No space left on device'
expect 0 'R help shrink' 'SEED|FILE' '--faults F[,F...]' '--time SPAN'

# the other formats, and files
expect 1 'R run --format tap mixed' 'TAP version 13' '1..2' 'not ok 1 - Romeo is not here' 'ok 2 - ' \
    'last: # 1 passed, 1 failed'
expect 1 'R run --format tap odd' '\# hash'
expect 1 'R run --format junit mixed' '<?xml version="1.0"' '<testsuite name="mixed" tests="2" failures="1"' \
    '<failure message=' 'last: </testsuites>' 'no: passed,'
expect 1 'R run --format junit odd' 'name="A &lt;title&gt; &amp; &quot;quotes&quot; # hash"'
expect 1 'R run --format junit --output report.xml mixed' 'last: 1 passed, 1 failed' 'no: <'
expect 0 'cat report.xml' '<testsuites'
expect 1 'R run --output report.txt mixed' 'last: 1 passed, 1 failed' 'no: FAILED'
expect 0 'tail -n 1 report.txt' 'last: 1 passed, 1 failed'

# sweeps
expect 0 'R help sweep' '--seeds A..B' '--shard K/N' 'What went wrong'
expect 0 'R help merge' 'rehearse merge [OPTION...] FILE...' '--output FILE'
expect 0 'R sweep --seeds 7' '1 seed, ' 'connects' 'tables-agree' 'last: 1 passed, 0 failed'
expect 0 'R sweep --seeds 0..19' '20 seeds, ' 'seeds a second' 'no: What went wrong' 'last: 20 passed, 0 failed'
expect 0 'R sweep --seeds 0..29 --faults network,disk' 'What went wrong' '  planned      happened' \
    'a link breaks' 'a load fails' 'last: 30 passed, 0 failed'
expect 0 'R sweep --seeds 18446744073709551610..18446744073709551614 --steps 5' 'last: 5 passed, 0 failed'
expect 0 'R sweep --seeds 0..9 --cast 1 --steps 1' '            10  ' 'last: 10 passed, 0 failed'
expect 0 'R sweep --seeds 0..99 --shard 2/3' '0 seeds, 0 events' 'last: 0 passed, 0 failed'
expect 0 'R sweep --seeds 0..9999999 --cast 1 --steps 2 --time 1s' ' seeds of 10000000, ' ' passed, 0 failed' \
    'no: 10000000 seeds' 'no: events, traces '
expect 0 'for jobs in 0 1 3; do R sweep --seeds 0..349 --cast 3 --steps 9 --faults all --jobs $jobs 2>speed | cksum
          done | sort -u | wc -l' 'last: 1'

# sweeps with wrong options
expect 2 'R sweep 5' 'unexpected argument "5"; sweep takes only options; use replay for one seed' 'no: passed'
expect 2 'R sweep --sed 5' 'unknown option --sed; did you mean --seeds?'
expect 2 'R sweep --seeds' '--seeds needs a value'
for seeds in '' x 9..3 1..x ..5 5.. -1..2 1...3 0..10000000000 0..18446744073709551615; do
    expect 2 "R sweep --seeds '$seeds'" '--seeds: expected seeds such as 0..999, at most ten billion' 'no: passed'
done
for cast in 0 10001 x ''; do
    expect 2 "R sweep --cast '$cast'" '--cast: expected a number from 1 to 10000'
done
for steps in 0 1000001 -1; do
    expect 2 "R sweep --steps $steps" '--steps: expected a number from 1 to 1000000'
done
for faults in fire network,fire '' ,; do
    expect 2 "R sweep --faults '$faults'" '--faults: expected none, network, disk, memory, clock or all'
done
for shard in 0/3 4/3 3 /3 3/ 1/0 1/2/3 x/y; do
    expect 2 "R sweep --shard $shard" '--shard: expected a part such as 3/8, the third of eight'
done
for time in 0 0s 5d s 1.5h '' -1m 1000001s; do
    expect 2 "R sweep --time '$time'" '--time: expected a span such as 60s, 10m or 2h'
done
expect 2 'R sweep --jobs 257' '--jobs: expected a number from 0 to 256'
expect 2 'R sweep --seeds 1 --output=' '--output: expected a file'
expect 2 'R sweep --seeds 1 --output nowhere/part' 'cannot write nowhere/part: No such file or directory'
expect 2 'R sweep --seeds 1 --output /dev/full' 'cannot write /dev/full: No space left on device'
expect 2 'R sweep --seeds 1 >/dev/full' 'cannot write the report: No space left on device'

# guided sweeps, of which this build has none (tool_guided.sh)
expect 2 'R sweep --guided --runs 5' '`make guided` builds one that does, build/guided/rehearse, with clang' 'no: passed'
expect 2 'R sweep --runs 5' '--runs needs --guided; otherwise use --seeds' 'no: passed'
expect 2 'R sweep --findings there' '--findings needs --guided'
expect 2 'R sweep --guided --shard 1/2' '--guided runs are not cut into parts: omit --shard'
expect 2 'R sweep --guided --output there' '--guided runs cannot be merged: omit --output'
expect 2 'R sweep --guided --jobs 2' '--guided runs in one process' 'omit --jobs'
for runs in 0 x '' 10000000001; do
    expect 2 "R sweep --guided --runs '$runs'" '--runs: expected a number from 1 to ten billion'
done
expect 2 'R sweep --guided --findings=' '--findings: expected a folder'

# parts of a sweep, joined
plots='--seeds 0..699 --cast 3 --steps 9 --faults all'
expect 0 "for part in 1 2 3; do R sweep $plots --shard \$part/3 --output part\$part || exit; done
          R sweep $plots --output whole 2>speed >said-whole
          R merge --output joined part2 part3 part1 >said-joined
          cmp joined whole && cmp said-joined said-whole" 'no: differ' 'last: 200 passed, 0 failed'
expect 0 'R merge whole' '700 seeds, ' 'What went wrong' 'last: 700 passed, 0 failed'
expect 0 'R merge part1 part3 --output two; [ $? -eq 2 ] && R merge part2 two | cmp - said-whole && head -n 3 two' \
    'plots cast 3 steps 9 faults all' 'last: seeds 0..699 parts 1,3 of 3'
expect 2 'R merge part1 part3' '500 seeds of 700, ' 'part 2 of 3 is missing' 'no: events, traces ' 'last: 500 passed, 0 failed'
expect 2 'R merge part2' 'parts 1, 3 of 3 are missing' 'no: events, traces ' 'last: 200 passed, 0 failed'
printf 'rehearse sweep 4\nplots cast 3 steps 9 faults all\nseeds 0..699 parts 1,2 of 3\nplayed 9 failed 2 events 5 trace 1f
unplayed 9..699 part 1 of 3\nunplayed 100..499 part 2 of 3\nfault 4 a link heals
failure 2 seed 41 cause tables-agree\n\tthe check tables-agree does not hold\n' >bad-part
expect 1 'R merge bad-part' 'failed 2 times: tables-agree' 'seed 41: the check tables-agree does not hold' \
    'replay --cast 3 --steps 9 --faults all 41' '4             0  a link heals: never happened' \
    'bad-part stopped early: 9 seeds of 500 were run; seeds 9..699 of part 1 of 3, 100..499 of part 2 of 3 are missing' \
    'part 3 of 3 is missing' 'no: events, traces ' 'last: 7 passed, 2 failed'
expect 1 'R merge part3 bad-part' '209 seeds of 700, ' 'no: part 3' 'no: events, traces ' 'last: 207 passed, 2 failed'
expect 2 'R merge' 'expected the files that'
expect 2 'R merge nowhere' 'cannot read nowhere: No such file or directory' 'no: passed'
expect 2 'R merge whole good/c.scs' 'good/c.scs:1: this is not the result of a sweep' 'no: passed'
expect 2 'head -n 7 bad-part >cut; R merge cut' 'cut:8: this is not the result of a sweep'
expect 2 'sed s/^fault/rumour/ bad-part >odd-part; R merge odd-part' 'odd-part:7: this is not the result of a sweep'
expect 2 'printf "rehearse sweep 4\n\0" >zero; R merge zero' 'zero:'
for other in 's/cast 3/cast 4/' 's/steps 9/steps 8/' 's/faults all/faults disk/'; do
    expect 2 "sed '$other' part1 >other; R merge part2 other" \
        'other:2: these plots differ from those of part2; expected the same cast, steps and faults' \
        'no: passed'
done
for other in 's/0\.\.699/0..799/' 's/0\.\.699/100..799/' 's/of 3/of 4/; s/^played 300/played 200/'; do
    expect 2 "sed '$other' part1 >other; R merge part2 other" \
        'other:3: this is a part of a different sweep than part2; expected the same seeds in the same number of parts' \
        'no: passed'
done
expect 2 'R merge part1 part2 part1' 'part1:3: part 1 of 3 is in part1 too; expected each part once' 'no: passed'
expect 2 'R merge part3 two' 'two:3: part 3 of 3 is in part3 too' 'no: passed'
expect 2 'R merge part2 whole' 'whole:3: these seeds are in part2 too' 'no: passed'
expect 2 'R merge whole joined' 'joined:3: these seeds are in whole too' 'no: passed'
expect 2 'R merge --output nowhere/joined whole' 'cannot write nowhere/joined: No such file or directory'
expect 2 'R merge --output= whole' '--output: expected a file'
expect 2 'R merge --jobs 2 whole' 'unknown option --jobs'

# tags that say how a scenario is run
scenario tags/seed.scs 'As 7 has it' '## seed: 7' 'Romeo connects'
scenario tags/seeds.bad 'As nobody has it' '## seed: seven' 'Romeo connects'
scenario tags/choices.bad 'As nobody chose' '## choices: 3:ties 2/2' 'Romeo connects'
scenario tags/checks.bad 'Half checked' '## checks only: some' 'Romeo connects'
expect 0 'R run tags/seed.scs' 'last: 1 passed, 0 failed'
expect 2 'R run tags/seeds.bad' 'tags/seeds.bad:2: the tag "seed" has the value "seven"; expected a number' 'no: passed'
expect 2 'R run tags/choices.bad' 'tags/choices.bad:2: the tag "choices" has the value' 'no: passed'
expect 2 'R lint tags/checks.bad' 'tags/checks.bad:2: the tag "checks only" has the value "some"; expected no value'

# the same run by every verb
whole='s/.*virtual, //;s/, seed.*//'
expect 0 'for jobs in 1 2 7; do R run --seed 3 --jobs $jobs good mixed | sed -n "/trace hash/{'"$whole"';p;}"
          done | sort -u | wc -l' 'last: 1'
expect 0 'R run -v good/c.scs mixed/2-passes.scs | grep scs >one; R run -v mixed/2-passes.scs good/c.scs | grep scs >two
          sed "s/(.*//" one >1; sed "s/(.*//" two >2; cmp 1 2'
expect 0 'R run --seed 3 --trace one good >said-one; R run --seed 3 --trace two good >said-two; cmp one two'
expect 0 'R run --trace one good/c.scs >said-one && R run --trace - good/c.scs 2>two.err >two && cmp one two &&
          tail -n 1 two.err' 'last: 1 passed, 0 failed'
expect 0 'R run --trace - --output report.txt good/c.scs' 'no: passed,'

# replay: a seed, a scenario, a case
expect 0 'R replay 17' 'A plot that chance made' 'seed 17' 'trace hash' 'last: 1 passed, 0 failed'
expect 0 'R replay --cast 2 --steps 9 --faults all 17' 'last: 1 passed, 0 failed'
expect 0 'R replay good/c.scs' 'good/c.scs' 'trace hash' 'no: seed' 'last: 1 passed, 0 failed'
expect 0 'R replay --seed 7 good/c.scs' 'seed 7' 'last: 1 passed, 0 failed'
expect 0 'for verb in run replay; do R $verb good/c.scs | sed -n "s/.*\(trace hash [0-9a-f]*\).*/\1/p"; done | sort | uniq -c' \
    ' 2 trace hash '
expect 1 'R replay mixed/1-fails.scs' 'Romeo is not connected' 'to reproduce:' ' replay mixed/1-fails.scs' \
    'last: 0 passed, 1 failed'
expect 1 'R replay --seed 3 "tables/two.scs#2"' 'Romeo is away' ' replay --seed 3 tables/two.scs#2' \
    'last: 0 passed, 1 failed'
expect 0 'R replay "tables/two.scs#1"' 'Romeo is here' 'last: 1 passed, 0 failed'
expect 0 'R replay expected/fails.scs' 'last: 1 passed, 0 failed'
expect 1 'R replay unexpected/passes.scs' 'passed, but its tag says'
expect 0 'R help replay' '--until WHEN' '--cast N' '--bytes FILE'
expect 2 'R replay' 'no seed or scenario was given'
expect 2 'R replay 1 2' 'use --diff to compare two'
expect 2 'R replay --seed 3 17' '17 is already a seed; omit --seed'
expect 2 'R replay 18446744073709551616' 'cannot read 18446744073709551616:'
expect 2 'R replay nowhere.scs' 'cannot read nowhere.scs:'
expect 2 'R replay broken/one.scs' 'broken/one.scs:11: '
expect 2 'R replay tables/two.scs' 'is 2 scenarios; expected one, such as tables/two.scs#1'
expect 2 'R replay "tables/two.scs#3"' 'the table has 2 rows'
expect 2 'R replay --cast 0 17' '--cast: expected a number from 1 to 10000'

# replay: the trace, and the world in the middle
expect 0 'R replay --trace one good/c.scs && R run --trace two good/c.scs && cmp one two'
expect 0 'R replay --trace - good/c.scs 2>two.err >two && cmp one two && tail -n 1 two.err' 'last: 1 passed, 0 failed'
expect 2 'R replay --trace nowhere/trace good/c.scs' 'cannot write nowhere/trace:'
expect 2 'R replay --trace /dev/full good/c.scs' 'cannot write /dev/full:'
expect 0 'R replay --until 3 good/c.scs' 'good/c.scs, stopped after line 3 of the trace, at 0.00' 'client `Romeo`: ' 'no: passed'
expect 0 'R replay --until 5 --trace - good/c.scs 2>two.err >two && tail -n 1 two' '    5  0.003000000 Romeo > <?xml' 'no: world'
expect 1 'R replay --until 100000 mixed/1-fails.scs' 'last:   transport: link 1' 'as it failed after line' \
    'full JID `romeo@localhost/' '0 passed, 1 failed'
expect 0 'R replay --until 100000 good/c.scs' 'at its end after line' '1 passed, 0 failed'
expect 2 'R replay --until 0 good/c.scs' '--until: expected a trace line (45), a time (0.031, 31ms, 5s) or a step'

# replay: two runs
expect 0 'R replay --diff 17 17' 'the runs are identical' '  seed 17: held, '
expect 1 'R replay --diff 0 1' 'the runs diverge at line ' ' s, and line ' ' of the second, at ' \
    '- seed 1: held' '+ seed 0: held'
expect 1 'R replay --diff good/c.scs good/a/leaves.scs' 'the runs diverge at line ' '  0.014000000 Romeo < <iq ' \
    '-    21        0.0' 'step Romeo disconnects' 'step 5 minutes pass' '+ good/c.scs: held'
expect 0 'R replay --until 10 --diff good/c.scs good/a/leaves.scs' 'the runs are identical' \
    '  good/c.scs: stopped, 10 lines'
expect 1 'R replay --diff mixed/2-passes.scs mixed/1-fails.scs' '- mixed/1-fails.scs: failed: Romeo is connected' \
    '+ mixed/2-passes.scs: held'
expect 2 'R replay --diff nowhere.scs 17' 'cannot read nowhere.scs:'
expect 2 'R replay --diff 18 --seed 3 good/c.scs' '18 is already a seed'
expect 2 'R replay --diff 18 --trace one 17' 'omit --trace and --record'

# replay: a record of a run repeats it, by every verb
expect 0 'R replay --faults all 17 --record kept.scs && R replay --faults all --diff kept.scs 17 &&
          cat kept.scs' '## seed: 17' '## choices: ' 'the runs are identical'
expect 0 'R replay --faults all --trace one 17 && R run --trace two kept.scs && cmp one two'
expect 0 'R replay good/c.scs --seed 5 --record kept.scs && R replay --seed 5 --trace one good/c.scs &&
          R replay --trace two kept.scs && cmp one two && cat kept.scs' '## seed: 5' '## choices: 0:pieces '
expect 1 'R replay --seed 4 "tables/two.scs#1" --record kept.scs --trace one; R replay "kept.scs#1" --trace two
          cmp one two && cat kept.scs && R run kept.scs' '## row: 1' '## seed: 4' 'kept.scs#2' 'last: 1 passed, 1 failed'
expect 0 'R replay good/c.scs --record kept.scs && R replay kept.scs --record again.scs && cmp kept.scs again.scs &&
          cat kept.scs' '## choices: none'
expect 1 'R replay good/c.scs --seed 5 --record kept.scs && sed "s/[0-9]:latency/&/;s/pieces \([0-9]*\)\/8/pieces \1\/9/" \
          kept.scs >drifts.scs && R replay drifts.scs' 'decision ' 'among 9 when it was recorded, and is now about pieces among 8'
expect 2 'R replay 17 --record nowhere/kept.scs' 'cannot write nowhere/kept.scs:'
expect 2 'R replay 17 --record /dev/full' 'cannot write /dev/full:'
expect 2 'R replay 17 --record kept.scs --until 3' 'omit --until'

# replay: plots as scenarios, and choices out of bytes
expect 0 'R replay --scenario 17 >plot.scs && R lint plot.scs && R replay --diff plot.scs 17' 'the runs are identical'
expect 0 'R replay --scenario 17' '# A plot that chance made' '## seed: 17' '## checks only' 'no: passed'
expect 2 'R replay --scenario good/c.scs' 'prints the plot of a seed'
expect 2 'R replay --scenario --until 3 17' 'runs nothing'
printf '\001\002\003\004\250\006\007' >fuzz.bytes
expect 0 'R replay --bytes fuzz.bytes' 'fuzz.bytes' 'trace hash' 'last: 1 passed, 0 failed'
expect 0 'R replay --bytes fuzz.bytes --record kept.scs && R replay --bytes fuzz.bytes --trace one &&
          R replay kept.scs --trace two && cmp one two'
expect 0 'R replay --bytes fuzz.bytes --scenario' '# A plot that chance made' 'no: seed'
expect 0 'R replay --bytes fuzz.bytes good/c.scs' 'good/c.scs' 'last: 1 passed, 0 failed'
expect 2 'R replay --bytes fuzz.bytes 17' '17 is already a seed; omit --bytes'
expect 2 'R replay --bytes fuzz.bytes --seed 3 good/c.scs' 'omit --seed or --bytes'
expect 2 'R replay --bytes nowhere' 'cannot read nowhere:'
expect 0 'R sweep --fail-fast --seeds 0..9' 'last: 10 passed, 0 failed'
expect 2 'R sweep --fail-fast=yes' '--fail-fast takes no value'
expect 0 'R help sweep' '--fail-fast'
expect 0 'R sweep --seeds 17 >/dev/null; R replay 17' 'last: 1 passed, 0 failed'

# explore: every order of concurrent events
# orders FILE TAGS STEP: two clients send to a third, which checks the result with the step.
orders() {
    mkdir -p "$(dirname "$1")"
    printf '# Who is first\n%b[Client] Romeo\n\tjid: romeo@localhost/a\n[Client] Juliet\n\tjid: juliet@localhost/b\n%b' "$2" \
        "---\nRomeo connects\nJuliet connects\nAt the same time:\n\tRomeo sends:\n\t\t<message to='juliet@localhost/b' id='1'/>
\tJuliet sends:\n\t\t<message to='juliet@localhost/b' id='2'/>\n$3\n\t<message id='1'/>\n\t<message id='2'/>\n" >"$1"
}
orders orders/any.scs '## explore\n## strict\n' 'Juliet receives in any order:'
orders in-order.scs '## strict\n' 'Juliet receives:'
orders rows.scs '## strict\n[Table]\n\thow\n\tin any order\n\tat once\n' 'when how is "in any order", Juliet receives in any order:'
sed 's/^when how is "in any order", Juliet/when how is "at once", Juliet receives:\n\t<message id="1"\/>\n\t<message id="2"\/>\n&/' rows.scs >odd.scs && mv odd.scs rows.scs
expect 0 'R explore orders' 'ok       Who is first  orders/any.scs' 'explored ' ' states, finished' 'last: 1 passed, 0 failed'
expect 0 'for jobs in 0 1 3; do R explore --jobs $jobs orders good | grep runs; done | sed "s/ (.*//" | sort | uniq -c' '      3            explored '
expect 0 'R run in-order.scs' 'last: 1 passed, 0 failed'
expect 1 'R explore in-order.scs' 'FAILED   Who is first  in-order.scs' 'the last run failed' 'to reproduce:' \
    ' explore in-order.scs' '## any order' '## choices: ' 'last: 0 passed, 1 failed'
expect 1 'R explore --record kept.scs in-order.scs; R run kept.scs' 'this run was recorded as the scenario kept.scs' \
    ' replay kept.scs' 'expected Juliet to receive this message' 'last: 0 passed, 1 failed'
expect 1 'R explore --record kept.scs in-order.scs; cat kept.scs; R replay kept.scs' '## any order' '## choices: ' \
    'last: 0 passed, 1 failed'
expect 0 'R explore --record kept.scs in-order.scs >/dev/null; R replay kept.scs --record again.scs >/dev/null; cmp kept.scs again.scs'
expect 1 'R explore --record kept.scs in-order.scs >/dev/null; R explore --record again.scs kept.scs; cmp kept.scs again.scs && R run again.scs' \
    'last: 0 passed, 1 failed'
expect 1 'R explore rows.scs' 'rows.scs#1' ' explore rows.scs#2' '1 failed:' '  rows.scs#2  Who is first: at once' \
    'last: 1 passed, 1 failed'
expect 1 'R explore --record kept.scs "rows.scs#2" >/dev/null; cat kept.scs; R run kept.scs' '## row: 2' 'FAILED' 'last: 1 passed, 1 failed'
expect 1 'R explore --runs 2 orders' 'gave up after 2 runs, ' 'last: 0 passed, 1 failed'
expect 1 'R explore --states 3 orders' 'gave up after ' 'last: 0 passed, 1 failed'
expect 0 'R explore --only-tags explore orders in-order.scs' 'last: 1 passed, 0 failed, 1 skipped'
expect 0 'R explore --skip-tags strict orders good/c.scs' 'good/c.scs' 'last: 1 passed, 0 failed, 1 skipped'
expect 0 'R explore expected/fails.scs' 'last: 1 passed, 0 failed'
expect 1 'R explore unexpected/passes.scs' 'passed, but its tag says'
expect 0 'R help explore' '--runs N' '--record FILE'
expect 2 'R explore' 'no PATH was given'
expect 2 'R explore --runs 0 orders' '--runs: expected a number from 1'
expect 2 'R explore --states x orders' '--states: expected a number from 1'
expect 2 'R explore --record kept.scs good' '--record needs exactly one scenario, and these are 3'
expect 2 'R explore --record nowhere/kept.scs in-order.scs' 'cannot write nowhere/kept.scs:'
expect 2 'R explore --record /dev/full in-order.scs' 'cannot write /dev/full:'
expect 2 'R explore orders >/dev/full' 'cannot write the report:'
expect 2 'R explore --seed 3 orders' 'unknown option --seed'
expect 2 'R explore nowhere.scs' 'cannot read nowhere.scs:'
expect 2 'R explore broken orders' 'broken/one.scs:11: ' 'no: passed'

# Memory runs out.
cat >thirsty.scs <<'END'
# Romeo connects
[Client] Romeo
	jid: romeo@localhost
---
Romeo connects
END
expect 0 'R help starve' 'rehearse starve [OPTION...] [PATH...]' '--every N' '--jobs N'
expect 0 'R starve thirsty.scs' '1 scenario, each once for each of its allocations' ' passed, 0 failed'
expect 0 'R starve --jobs 0 --seed 3 --every 10 thirsty.scs' ' passed, 0 failed'
expect 0 'R starve thirsty.scs >one; R starve --every 2 --jobs 0 thirsty.scs >two; ! cmp -s one two' 'no: rehearse:'
expect 0 'R run --fail-allocation 1 thirsty.scs' 'last: 1 passed, 0 failed'
expect 2 'R starve --every 0 thirsty.scs' '--every: expected a number above 0'
expect 2 'R run --fail-allocation 0 thirsty.scs' '--fail-allocation: expected a number above 0'
expect 2 'R starve nowhere.scs' 'cannot read nowhere.scs:'
expect 2 'R starve --runs 3' 'unknown option --runs'

# An error of a file is printed once, with a suggestion, and without control characters.
printf '[Client] Romeo\n\tjid: romeo@localhost\n---\nwait 5 seconds\nTybalt connects\nTybalt connects\n' >meant.scs
printf '[Client] Romeo\n\tjid: romeo@localhost\n---\nRomeo sends:\n\t<message>\n\t\t<body></message>\n' >tags.scs
printf '[Client] R\n\tjid: r@localhost\n---\nR \033[2Jjumps\n' >escape.scs
printf '## fails: type="error"\n[Client] R\n\tjid: r@localhost/a\n---\nR connects\nR sends:\n\t<message to="r@localhost/b"/>\nR receives:\n\t<message type="chat"/>\n' >wide.scs
expect 2 'R lint meant.scs' 'meant.scs:4: unknown step "wait 5 seconds"; did you mean `5 seconds pass`?' \
    'last: meant.scs:5: unknown character "Tybalt"; the cast is: Romeo'
expect 2 'R lint tags.scs' \
    'tags.scs:6: </message> at column 9 closes <body>, which began in line 6, column 3; expected </body> before it'
expect 0 'R lint escape.scs >escaped 2>&1; cat escaped; ! grep -q "$(printf "\033")" escaped' 'unknown verb "\x1b[2Jjumps"'
for columns in 50 80 200; do
    expect 0 "COLUMNS=$columns R run wide.scs" 'last: 1 passed, 0 failed'
done

finish
