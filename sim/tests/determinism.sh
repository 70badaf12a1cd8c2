#!/bin/sh
# Whether several builds of the tool live through the same: determinism.sh SCENARIOS PROGRAM PROGRAM...
# Compares the trace hashes of all others with the first one's, in the quiet world and under three seeds, and
# those of plots; names the first scenario, or the first plot's seed, in which two differ.
set -u

scenarios=$1
reference=$2
shift 2
passed=0
failed=0
last_plot=499

# Whether scenarios pass does not matter here.
hash_of() {
    "$@" 2>&1 | sed -n 's/.*trace\(s\| hash\) \([0-9a-f]\{16\}\).*/\2/p'
}

# The hash of playing PATH in a way, "run ..." or "sweep ...": hash_in PROGRAM WAY PATH.  A sweep plays seeds.
hash_in() {
    case $2 in
    run*) hash_of "$1" $2 "$3" ;;
    sweep*) hash_of "$1" $2 --seeds "$3" ;;
    esac
}

# What there is to play in a way: all of it, and each.
all_of() {
    case $1 in
    run*) echo "$scenarios" ;;
    sweep*) echo "0..$last_plot" ;;
    esac
}

each_of() {
    case $1 in
    run*) find "$scenarios" -name '*.scs' | LC_ALL=C sort ;;
    sweep*) seq 0 "$last_plot" ;;
    esac
}

name_difference() {
    each_of "$2" | while read -r which; do
        one=$(hash_in "$reference" "$2" "$which")
        other=$(hash_in "$1" "$2" "$which")
        if [ "$one" != "$other" ]; then
            echo "  $which: $one and $other"
            break
        fi
    done
}

for way in 'run' 'run --seed 1' 'run --seed 2' 'run --seed 3' 'sweep --faults all'; do
    expected=$(hash_in "$reference" "$way" "$(all_of "$way")")
    for program in "$@"; do
        got=$(hash_in "$program" "$way" "$(all_of "$way")")
        if [ -n "$got" ] && [ "$got" = "$expected" ]; then
            passed=$((passed + 1))
            continue
        fi
        failed=$((failed + 1))
        echo "FAILED $program $way: trace hash '$got', but $reference has '$expected'"
        name_difference "$program" "$way"
    done
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
