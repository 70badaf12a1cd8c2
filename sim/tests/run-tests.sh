#!/bin/sh
# Runs cmocka test programs: run-tests.sh PROGRAM...
# Prints the output of a program only when something in it failed; the last line sums up.
set -u

passed=0
failed=0
said=$(mktemp)
trap 'rm -f "$said"' EXIT

# The sum of the numbers that follow a mark of cmocka, "[  PASSED  ] 12 test(s)".
count() {
    sed -n "s/^\[  $1  \] \([0-9]*\) test(s).*/\1/p" "$said" | awk '{ sum += $1 } END { print sum + 0 }'
}

for program in "$@"; do
    "$program" >"$said" 2>&1 </dev/null
    status=$?
    good=$(count PASSED)
    bad=$(count FAILED)
    if [ "$status" -ne 0 ] && { [ "$bad" -eq 0 ] || [ "$status" -gt 128 ]; }; then
        bad=$((bad + 1))
        echo "$program: ended with status $status" >>"$said"
    elif [ "$status" -eq 0 ] && [ $((good + bad)) -eq 0 ]; then
        bad=1
        echo "$program: ran no test" >>"$said"
    fi
    passed=$((passed + good))
    failed=$((failed + bad))
    if [ "$bad" -gt 0 ]; then
        echo "FAILED $program"
        cat "$said"
    fi
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
