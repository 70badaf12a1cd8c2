#!/bin/sh
# Whether several builds of the tool live through the same: determinism.sh SCENARIOS PROGRAM PROGRAM...
# Compares the trace hashes of all others with the first one's, in the quiet world and under three seeds, and
# names the first scenario in which two differ.
set -u

scenarios=$1
reference=$2
shift 2
passed=0
failed=0

# Whether scenarios pass does not matter here.
hash_of() {
    "$@" 2>&1 | sed -n 's/.*trace hash \([0-9a-f]\{16\}\).*/\1/p'
}

name_difference() {
    find "$scenarios" -name '*.scs' | LC_ALL=C sort | while read -r scenario; do
        one=$(hash_of "$reference" run $2 "$scenario")
        other=$(hash_of "$1" run $2 "$scenario")
        if [ "$one" != "$other" ]; then
            echo "  $scenario: $one and $other; compare what --trace - says"
            break
        fi
    done
}

for way in '' '--seed 1' '--seed 2' '--seed 3'; do
    # An empty way is no argument, the others are two.
    expected=$(hash_of "$reference" run $way "$scenarios")
    for program in "$@"; do
        got=$(hash_of "$program" run $way "$scenarios")
        if [ -n "$got" ] && [ "$got" = "$expected" ]; then
            passed=$((passed + 1))
            continue
        fi
        failed=$((failed + 1))
        echo "FAILED $program run $way: trace hash '$got', but $reference has '$expected'"
        name_difference "$program" "$way"
    done
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
