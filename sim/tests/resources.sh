#!/bin/sh
# Checks that the output, memory and work of the core stay within the bounds of sim/world/costs.h:
# resources.sh REHEARSE TEST SCENARIO...
# Both programs are linked with the counting core.  The tool runs the scenarios and a sweep of plots, where one
# of the invariants is about the costs; the test feeds hostile input in pieces of every size.  The last line of
# the output sums up.
set -u

rehearse=$1
test=$2
shift 2
passed=0
failed=0
said=$(mktemp)
trap 'rm -f "$said" "$said.test"' EXIT
XDG_STATE_HOME=/dev/null # what fails is not kept for --last-failed
export XDG_STATE_HOME

# judge FILE STATUS: adds the counts in the last line of the output; shows the output after a failure.
judge() {
    good=$(tail -n 1 "$1" | sed -n -E 's/^([0-9]+) passed, [0-9]+ failed.*/\1/p')
    bad=$(tail -n 1 "$1" | sed -n -E 's/^[0-9]+ passed, ([0-9]+) failed.*/\1/p')
    if [ "$2" -ne 0 ] && [ "${bad:-0}" -eq 0 ]; then
        bad=1
    fi
    passed=$((passed + ${good:-0}))
    failed=$((failed + ${bad:-0}))
    [ "${bad:-0}" -eq 0 ] || cat "$1"
}

"$(dirname "$0")/run-tests.sh" "$test" >"$said.test" 2>&1 &
hostile=$!
"$rehearse" run --jobs 0 "$@" >"$said" 2>&1 </dev/null
judge "$said" $?
"$rehearse" run --jobs 0 --seed 1 "$@" >"$said" 2>&1 </dev/null
judge "$said" $?
"$rehearse" sweep --jobs 0 --seeds 0..2999 --faults all >"$said" 2>&1 </dev/null
judge "$said" $?
wait "$hostile"
judge "$said.test" $?

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
