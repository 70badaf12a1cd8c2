#!/bin/sh
# Tests guided sweeps from the outside: tool_guided.sh PROGRAM MISTAKEN
# Both count the edges of their core (`make guided`); in the core of the second a message to a full JID is delivered
# twice (mutants/delivered-twice.patch).
case $2 in
/*) mistaken=$2 ;;
*) mistaken=$PWD/$2 ;;
esac
export mistaken
. "$(dirname "$0")/expect.sh"

expect 0 'R sweep --guided --runs 60 --faults all' '60 runs, ' ' edges of the core were reached, in ' ' inputs were kept' \
    'What was checked' 'runs a second' 'last: 60 passed, 0 failed'
expect 0 'test ! -e findings'
expect 0 'R sweep --guided --cast 2 --steps 5 --time 1s' 'connects' ' passed, 0 failed'
expect 0 'R sweep --guided --runs 1' '1 run, ' 'last: 1 passed, 0 failed'

# The same runs whatever process they are in; another seed gives others.
expect 0 'for jobs in 0 1; do R sweep --guided --runs 80 --cast 3 --steps 9 --faults all --jobs $jobs 2>speed |
              cksum; done | uniq | wc -l | sed "s/^ *//"' 'last: 1'
expect 0 'for seed in 1 2; do R sweep --guided --seeds $seed --runs 20 2>speed | cksum; done | uniq | wc -l |
              sed "s/^ *//"' 'last: 2'

# A failure is stored, and replayed with the same plot options; the first of a cause only.
expect 1 '"$mistaken" sweep --guided --runs 100 --cast 3 --steps 30 --findings found >told; status=$?; cat told; exit $status' \
    'failed: the check ' ' replay --cast 3 --steps 30 --faults none --bytes found/' '  run '
expect 0 'ls found | wc -l | sed "s/^ *//"' "last: $(grep -c '^failed [0-9]* time' told)"
for file in found/*.bytes; do
    expect 1 "\"\$mistaken\" replay --cast 3 --steps 30 --bytes $file" 'the check ' ' does not hold' 'last: 0 passed, 1 failed'
    expect 0 "R replay --cast 3 --steps 30 --bytes $file" 'last: 1 passed, 0 failed'
done
expect 1 '"$mistaken" sweep --guided --runs 100000 --cast 3 --steps 30 --fail-fast' 'failed 1 time: ' ', 1 failed'
expect 0 'ls findings | wc -l | sed "s/^ *//"' 'last: 1'

# Findings that cannot be stored
: >file
expect 2 '"$mistaken" sweep --guided --runs 100 --cast 3 --steps 30 --findings file' 'cannot write file/'
expect 2 '"$mistaken" sweep --guided --runs 100 --cast 3 --steps 30 --findings no/where' \
    'cannot make the folder no/where: No such file or directory'

# A signal ends it with its report.
expect 130 'after INT 2 R sweep --guided --time 1m' ' passed, 0 failed'

finish
