#!/bin/sh
# Tests the early end of the tool from the outside: time limits, signals, too little space, outputs that cannot be
# written.  tool_interrupt.sh PROGRAM
. "$(dirname "$0")/expect.sh"

# scenario FILE TITLE STEPS: one with Romeo in it.
scenario() {
    printf '# %s\n[Client] Romeo\n\tjid: romeo@localhost\n\tpassword: secret\n---\n%b\n' "$2" "$3" >"$1"
}

scenario good.scs 'Romeo comes in' 'Romeo connects'
scenario fails.scs 'Romeo is not here' 'Romeo connects\nRomeo is not connected'
mkdir many
for i in 1 2 3 4 5 6 7 8 9; do
    cp good.scs many/$i.scs
done

# Fifty clients are pinged every minute for 5000 days: this takes minutes on any machine.
awk 'BEGIN {
    print "# Years go by\n## checks only\n[Server]\n\titerations: 1\n\tkeepalive: ping"
    for (i = 0; i < 50; i++)
        printf "[Client] C%d\n\tjid: c%d@localhost/here\n\tpassword: secret\n\tmechanism: PLAIN\n", i, i
    print "---"
    for (i = 0; i < 50; i++)
        printf "C%d connects\n", i
    for (i = 0; i < 5000; i++)
        print "24 hours pass"
}' >slow.scs
# Concurrent actions of eight clients have more orders than can be run.
awk 'BEGIN {
    print "# Any client may be first\n[Server]\n\titerations: 1"
    for (i = 0; i < 8; i++)
        printf "[Client] C%d\n\tjid: c%d@localhost/here\n\tpassword: secret\n\tmechanism: PLAIN\n", i, i
    print "---"
    for (i = 0; i < 8; i++)
        printf "C%d connects\n", i
    print "At the same time:"
    for (i = 0; i < 8; i++)
        printf "\tC%d sends:\n\t\t<message to=\"c%d@localhost/here\" id=\"m%d\"/>\n", i, (i + 1) % 8, i
}' >orders.scs
endless='--runs 100000000000 --states 100000000000'

# time limits
for verb in run replay sweep starve explore shrink adopt; do
    expect 0 "R help $verb" '--time-limit SPAN'
    expect 2 "R $verb --time-limit soon good.scs" '--time-limit: expected a span such as 60s, 10m or 2h'
done
expect 1 'R run -v --time-limit 400ms good.scs slow.scs' 'ok       Romeo comes in' 'FAILED   Years go by' 'slow.scs:' \
    ': 24 hours pass' 'time limit: not over after 0.4 s' 'the last lines of the trace (of ' 'to reproduce:' ' run slow.scs' \
    'last: 1 passed, 1 failed'
expect 1 'R run --jobs 2 --format tap --time-limit 400ms slow.scs good.scs' 'time limit: not over after 0.4 s' \
    'last: # 1 passed, 1 failed'
expect 1 'R starve --time-limit 400ms slow.scs' 'slow.scs: allocation ' 'fails, and time limit: not over after 0.4 s' \
    ' run --fail-allocation ' ' failed'
expect 1 'R explore --time-limit 400ms slow.scs good.scs' 'explored 0 runs; the next run failed' \
    'time limit: not over after 0.4 s' 'last: 1 passed, 1 failed'
expect 1 'R sweep --seeds 5..7 --cast 900 --steps 100000 --time-limit 400ms --jobs 2' 'seed 5 failed: time limit' \
    'seed 7 failed: time limit' 'failed 3 times: time limit' ' replay --cast 900 --steps 100000 --faults none 5' \
    ' shrink --cast 900 --steps 100000 --faults none 5' 'last: 0 passed, 3 failed'

# the same in this process
for how in 'run --jobs 0' 'run --trace trace' 'replay --trace trace'; do
    expect 1 "R $how --time-limit 400ms slow.scs" 'FAILED   Years go by' 'slow.scs:' ': 24 hours pass' \
        'time limit: not over after 0.4 s' 'the last lines of the trace (of ' 'to reproduce:' 'last: 0 passed, 1 failed'
    expect 130 "after INT 0.5 R $how slow.scs" 'rehearse' 'interrupted: ' 'no: FAILED' 'no: Years go by  slow'
    expect 143 "began=\$(date +%s); after TERM 0.5 R $how slow.scs; s=\$?; [ \$((\$(date +%s) - began)) -le 60 ] && exit \$s" \
        'interrupted: '
done
expect 1 'R run -v --jobs 0 --time-limit 400ms good.scs slow.scs many' 'ok       Romeo comes in' 'last: 10 passed, 1 failed'
expect 1 'R run --trace trace --time-limit 400ms slow.scs; tail -n 1 trace; tail -c 1 trace | od -An -c; exit 1' ' C' 'last:   \n'
expect 130 'after INT 0.5 R replay --trace trace --record kept.scs slow.scs; s=$?; test -e kept.scs && s=0; tail -n 1 trace; exit $s' ' C'
expect 130 'after INT 0.5 R replay slow.scs --diff slow.scs@7' 'interrupted: '
expect 1 'R sweep --seeds 5..7 --cast 900 --steps 100000 --time-limit 400ms --jobs 0' 'failed 3 times: time limit' \
    'last: 0 passed, 3 failed'
expect 130 'after INT 0.5 R sweep --seeds 0..99999999 --jobs 0' 'interrupted: ' ' seeds of 100000000 were run' ' passed, 0 failed'
expect 130 "after INT 0.5 R explore $endless --jobs 0 orders.scs" 'interrupted after ' 'last: 0 passed, 0 failed, 1 skipped'
expect 1 'R explore --time-limit 400ms --jobs 0 slow.scs' 'time limit: not over after 0.4 s' 'last: 0 passed, 1 failed'
expect 1 'R starve --time-limit 400ms --jobs 0 slow.scs' 'and time limit: not over after 0.4 s'
expect 2 'R replay --time-limit soon good.scs' '--time-limit: expected a span such as 60s, 10m or 2h'

# signals
expect 130 'after INT 0.5 R run good.scs slow.scs' 'interrupted: ' '1 skipped'
expect 143 'after TERM 0.5 R run --jobs 2 slow.scs good.scs many' 'interrupted: ' ' skipped'
expect 130 'after INT 0.5 R run --output report slow.scs; status=$?; cat report; exit $status' 'interrupted: '
expect 130 'after INT 0.5 R sweep --seeds 0..99999999 --jobs 2 --output part' 'interrupted: ' \
    ' seeds of 100000000 were run' ' passed, 0 failed' 'What was checked'
expect 2 'R merge part' 'part stopped early: ' ' seeds of 100000000 were run; seeds ' '..99999999 are missing' \
    'no: events, traces ' ' passed, 0 failed'
expect 129 'after HUP 0.5 R run --output report slow.scs; status=$?; cat report; exit $status' 'interrupted: '
expect 143 'after TERM 0.5 R sweep --seeds 0..99999999' 'interrupted: ' ' passed, 0 failed'
expect 130 "after INT 0.5 R explore $endless --jobs 2 good.scs orders.scs" 'ok       Romeo comes in' \
    'skipped  Any client may be first' 'interrupted after ' 'last: 1 passed, 0 failed, 1 skipped'
expect 143 'after TERM 0.5 R starve good.scs slow.scs' 'interrupted: ' ' scenarios of 2 were run' ' passed, 0 failed'
expect 130 'after INT 1.5 R shrink --time 10m --time-limit 400ms slow.scs' 'time limit: not over after 0.4 s' \
    '1 day passes' 'interrupted: this is the smallest scenario so far' 'with the same failure'
expect 143 'after TERM 1.5 R shrink --time 10m --time-limit 400ms --output small.scs slow.scs; status=$?; cat small.scs; exit $status' \
    '# A scenario that fails: time limit' '1 day passes'
expect 0 'R run -v --jobs 3 many | head -n 1' 'last: many'

# a sweep that ends early
expect 0 'R sweep --seeds 0..99999999 --time 300ms --output part' 'stopped early: ' ' seeds of 100000000 were run'
expect 0 'R sweep --seeds 0..99999999 --cast 1 --steps 2 --time 300ms --output part >part.txt
          next=$(sed -n "s/^unplayed \([0-9]*\)[.][.]99999999$/\1/p" part)
          R sweep --seeds 0..$((next - 1)) --cast 1 --steps 2 --output first >first.txt
          grep ^played part >part.sum; grep ^played first | cmp - part.sum && test -s part.sum && echo the same' 'last: the same'
expect 2 'for part in 1 2 3; do R sweep --seeds 0..299 --steps 5 --shard $part/3 --output part$part >part.txt || exit; done
          sed "s/^played 100 \(.*\)/played 70 \1\nunplayed 170..199 part 2 of 3/" part2 >cut; R merge part3 cut --output joined' \
    'cut stopped early: 70 seeds of 100 were run; seeds 170..199 of part 2 of 3 are missing' 'part 1 of 3 is missing' 'no: part3 stopped' 'last: 170 passed, 0 failed'
expect 2 'R merge joined part1 --output all' 'no: part 1 of' '270 seeds of 300, ' 'no: events, traces ' 'last: 270 passed, 0 failed' \
    'joined stopped early: 170 seeds of 200 were run; seeds 170..199 of part 2 of 3 are missing'
expect 2 'R merge all' 'all stopped early: 270 seeds of 300 were run; seeds 170..199 of part 2 of 3 are missing'
expect 0 'R merge part1 part2 part3' '300 seeds, ' ' events, traces ' 'last: 300 passed, 0 failed'
expect 2 'sed "s/^played 100 /played 70 /" part2 >cut; R merge cut' 'cut:' 'this is not the result of a sweep' 'no: passed'
expect 1 'R sweep --seeds 5..7 --cast 900 --steps 100000 --time-limit 400ms --fail-fast --output part' \
    'stopped early: 1 seeds of 3 were run' '1 seed of 3, ' 'last: 0 passed, 1 failed'
expect 1 'R merge part' 'part stopped early: 1 seeds of 3 were run; seeds 6..7 are missing' 'last: 0 passed, 1 failed'

# a machine with little memory and few files
expect 0 'ulimit -n 16; R run --jobs 40 many' 'last: 9 passed, 0 failed' 'no: process'
expect 0 'ulimit -n 16; R sweep --seeds 0..999 --steps 5 --jobs 40' 'last: 1000 passed, 0 failed' 'no: process'
expect 0 'ulimit -n 4; R run --jobs 2 good.scs' 'cannot start a process: ' 'last: 1 passed, 0 failed'

# outputs
echo 'as it was' >kept
mkdir folder
for verb in 'sweep --seeds 0..9999999' 'merge part1' 'shrink fails.scs'; do
    expect 2 "R $verb --output folder" 'cannot write folder: Is a directory' 'no: passed'
    expect 2 "R $verb --output nowhere/kept" 'cannot write nowhere/kept: No such file or directory' 'no: passed'
done
expect 2 'R explore --record folder fails.scs' 'cannot write folder: Is a directory' 'no: failed'
expect 0 'R explore --record kept good.scs; cat kept' 'last: as it was'
expect 2 'R shrink --output kept good.scs; status=$?; cat kept; exit $status' 'last: as it was'
for output in '>/dev/full' '>&-'; do
    for verb in 'run good.scs' 'sweep --seeds 5' 'merge part1' 'starve good.scs' 'explore good.scs' 'shrink fails.scs'; do
        expect 2 "R $verb $output" 'cannot write '
    done
done
expect 2 'R sweep --seeds 5 --output kept >&-; status=$?; cat kept; exit $status' 'rehearse sweep ' 'no: passed'

finish
