#!/bin/sh
# Tests run-tests.sh with programs that print what cmocka prints, a table of cases: run_tests_cases.sh
set -u

run_tests=$PWD/sim/tests/run-tests.sh
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place" || exit 1
passed=0
failed=0

# program NAME ENDING LINE...: a program that prints lines and ends with this command.
program() {
    name=$1
    ending=$2
    shift 2
    { echo '#!/bin/sh' && printf "echo '%s'\n" "$@" && echo "$ending"; } >"$name"
    chmod +x "$name"
}

program good 'exit 0' '[==========] 2 test(s) run.' '[  PASSED  ] 2 test(s).'
program bad 'exit 1' '[==========] 3 test(s) run.' '[  PASSED  ] 2 test(s).' '[  FAILED  ] 1 test(s), listed below:'
program some_skipped 'exit 0' '[  PASSED  ] 1 test(s).' '[  SKIPPED ] 1 test(s), listed below:' ' 1 SKIPPED TEST(S)'
program all_skipped 'exit 0' '[  PASSED  ] 0 test(s).' '[  SKIPPED ] 2 test(s), listed below:' ' 2 SKIPPED TEST(S)'
program empty 'exit 0' '[==========] 0 test(s) run.' '[  PASSED  ] 0 test(s).'
program silent 'exit 0' ''
program killed 'kill -KILL $$' '[ RUN      ] it_ends'
program leaves 'exit 3' '[ RUN      ] it_ends'

# expect STATUS COUNTS TEXT PROGRAM...: runs these; the last line and one that the output has.
expect() {
    status=$1
    counts=$2
    text=$3
    shift 3
    said=$("$run_tests" "$@" 2>&1)
    got=$?
    if [ "$got" -eq "$status" ] && [ "$(echo "$said" | tail -n 1)" = "$counts" ] && echo "$said" | grep -qF "$text"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED %s\n  expected %s: %s ... %s\n  got %s: %s\n' "$*" "$status" "$text" "$counts" "$got" "$said"
    fi
}

expect 0 '2 passed, 0 failed' passed ./good
expect 0 '3 passed, 0 failed' passed ./good ./some_skipped
expect 0 '0 passed, 0 failed' passed ./all_skipped
expect 1 '4 passed, 1 failed' 'FAILED ./bad' ./good ./bad
expect 1 '0 passed, 1 failed' './empty: ran no test' ./empty
expect 1 '0 passed, 1 failed' './silent: ran no test' ./silent
expect 1 '2 passed, 1 failed' './killed: ended with status 137' ./good ./killed
expect 1 '0 passed, 1 failed' './leaves: ended with status 3' ./leaves
expect 1 '2 passed, 1 failed' './missing: ended with status 127' ./good ./missing
expect 2 'run-tests.sh: no programs' 'no programs'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
