#!/bin/sh
# Checks that the tests detect mistakes in the core: mutants.sh BUILD SCENARIO...
# Each of sim/tests/mutants/*.patch describes a mistake and makes it in one or a few lines of the core.  It is
# applied to a copy of the tree.  There the scenarios are run, then a sweep of plots with all faults up to the
# first seed that fails; and if neither fails, hostile input whose costs are counted (resources_test).  One line
# for each mutant names the test that detected it:
#
#   MUTANT   number of failed cases, the first of them   the failed check and the seed; or the exceeded cost
#
# SEEDS (20000) is the number of plots, JOBS (the number of processors) the number of mutants at a time, MUTANTS
# (all) the selected mutants.  Exit status: 0 when each was detected, 1 when one was not, 2 when one does not
# apply or does not build, because it is out of date.
set -u

build=$1
shift
seeds=${SEEDS:-20000}
jobs=${JOBS:-$(nproc)}
make=${MAKE:-make}
room=$build/mutants
patches=sim/tests/mutants
XDG_STATE_HOME=/dev/null # failures of a mutant are not stored for --last-failed
export XDG_STATE_HOME

# build_in TREE [JOBS [TARGET]]: without the flags of the calling make.
build_in() {
    MAKEFLAGS='' MAKELEVEL='' $make --no-print-directory -C "$1" BUILD=build OPT=-O1 SANITIZE= "-j${2:-1}" \
        "${3:-all}"
}

# The unpatched tree.  Its build is kept from run to run, and each mutant starts from a copy of it.
build_base() {
    mkdir -p "$room/base"
    rm -rf "$room/base/core" "$room/base/sim"
    cp -p Makefile "$room/base/" && cp -Rp core sim "$room/base/" && build_in "$room/base" "$jobs"
}

# how_it_ended STATUS: the word for an abnormal end of a verb, or nothing.
how_it_ended() {
    case $1 in
    0 | 1) ;;
    124) echo 'hangs' ;;
    *) echo 'crash' ;;
    esac
}

by_scenarios() {
    tree=$1
    shift
    timeout 300 "$tree/build/rehearse" run --jobs 1 --format tap "$@" >"$tree/scenarios.tap" 2>&1
    ended=$(how_it_ended $?)
    cases=$(grep -c '^not ok' "$tree/scenarios.tap")
    first=$(sed -n 's/^ *not ok.*(\(.*\))$/\1/p' "$tree/scenarios.tap" | tr -d '\\' | sed -n 1p)
    if [ "$cases" -gt 0 ]; then
        echo "$cases, $first"
    else
        echo "$ended"
    fi
}

by_sweep() {
    timeout 1800 "$1/build/rehearse" sweep --seeds "0..$((seeds - 1))" --faults all --jobs 1 --fail-fast \
        >"$1/sweep.txt" 2>&1
    ended=$(how_it_ended $?)
    cause=$(sed -n 's/^failed [0-9]* times*: //p' "$1/sweep.txt" | sed -n '1{s/^crash: .*/crash/;p;}' | cut -c 1-60)
    seed=$(sed -n 's/^  \(seed [0-9]*\): .*/\1/p' "$1/sweep.txt" | sed -n 1p)
    echo "${cause:+$cause, $seed}$ended"
}

# by_costs TREE: the first exceeded bound.
by_costs() {
    build_in "$1" 1 build/counted/resources_test >"$1/said" 2>&1 || return
    timeout 600 "$1/build/counted/resources_test" >"$1/costs.txt" 2>&1
    ended=$(how_it_ended $?)
    cost=$(sed -n 's/^.*ERROR: \(.*\), but at most [0-9]* are allowed$/\1/p' "$1/costs.txt" | sed -n 1p | cut -c 1-60)
    echo "${cost:-$ended}"
}

# try NAME SCENARIO...: leaves "caught", "missed" or "broken" in its result.
try() {
    name=$1
    shift
    tree=$room/$name
    rm -rf "$tree"
    cp -Rp "$room/base" "$tree"
    if ! { patch -s -p1 -d "$tree" <"$patches/$name.patch" && build_in "$tree"; } >"$tree/said" 2>&1; then
        echo broken >"$room/$name.result"
        printf '%s: it does not apply, or does not build\n%s\n' "$name" "$(cat "$tree/said")"
        return
    fi
    cases=$(by_scenarios "$tree" "$@")
    check=$(by_sweep "$tree")
    cost=
    [ -n "$cases$check" ] || cost=$(by_costs "$tree")
    if [ -n "$cases$check$cost" ]; then
        echo "caught ${cases:+scenarios} ${check:+sweep} ${cost:+costs}" >"$room/$name.result"
    else
        echo missed >"$room/$name.result"
    fi
    printf '%-40s %-60s %s\n' "$name" "${cases:--}" \
        "${check:-${cost:-$([ -n "$cases" ] && echo - || echo 'NOT CAUGHT')}}"
    rm -rf "$tree"
}

if [ "$1" = --try ]; then
    shift
    try "$@"
    exit
fi

count() {
    cat "$room"/*.result | grep -c "$1"
}

mkdir -p "$room"
rm -f "$room"/*.result
build_base >"$room.said" 2>&1 || {
    cat "$room.said"
    exit 2
}
printf '%-40s %-60s %s\n' mutant 'cases that fail, and the first' 'the check that the sweep fails at'
for name in ${MUTANTS:-$(ls "$patches" | sed -n 's/\.patch$//p')}; do
    echo "$name"
done | xargs -P "$jobs" -I NAME "$0" "$build" --try NAME "$@"

echo "caught by scenarios: $(count scenarios), by the sweep of $seeds seeds: $(count sweep)," \
    "by costs alone: $(count costs)"
echo "$(count caught) passed, $(count missed) failed"
[ "$(count broken)" -eq 0 ] || exit 2
[ "$(count missed)" -eq 0 ]
