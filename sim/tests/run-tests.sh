#!/bin/sh
# Runs cmocka test programs, as many at a time as there are processors: run-tests.sh PROGRAM...
# Prints the output of a program only when something in it failed; the last line sums up, without
# tests that a build leaves out (core/tests/shallow.h).
set -u

# sum_of MARK FILE: the sum of the numbers that follow a mark of cmocka, "[  PASSED  ] 12 test(s)".
sum_of() {
    sed -n "s/^\[  $1 *\] \([0-9]*\) test(s).*/\1/p" "$2" | awk '{ sum += $1 } END { print sum + 0 }'
}

# run_one FOLDER PROGRAM: leaves the output, if something failed, and "PASSED FAILED" in files of the folder.
run_one() {
    said=$1/said_$(echo "$2" | tr / _)
    "$2" >"$said" 2>&1 </dev/null
    status=$?
    good=$(sum_of PASSED "$said")
    bad=$(sum_of FAILED "$said")
    if [ "$status" -ne 0 ] && { [ "$bad" -eq 0 ] || [ "$status" -gt 128 ]; }; then
        bad=$((bad + 1))
        echo "$2: ended with status $status" >>"$said"
    elif [ "$status" -eq 0 ] && [ $((good + bad + $(sum_of SKIPPED "$said"))) -eq 0 ]; then
        bad=1
        echo "$2: ran no test" >>"$said"
    fi
    echo "$good $bad" >"$said.count"
    if [ "$bad" -gt 0 ]; then
        sed "1i\\
FAILED $2" "$said"
    fi >"$said.failed"
    rm -f "$said"
}

if [ "${1-}" = --one ]; then
    run_one "$2" "$3"
    exit 0
fi

[ $# -gt 0 ] || {
    echo "run-tests.sh: no programs" >&2
    exit 2
}
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
printf '%s\n' "$@" | xargs -P "$(nproc)" -I PROGRAM "$0" --one "$results" PROGRAM
cat "$results"/*.failed
cat "$results"/*.count | awk -v programs=$# '
    { passed += $1; failed += $2 }
    END {
        if (NR != programs) {
            print programs - NR " programs did not run"
            failed += programs - NR
        }
        print passed + 0 " passed, " failed + 0 " failed"
        exit failed > 0
    }'
