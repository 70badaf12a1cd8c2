#!/bin/sh
# Tests has_tests.sh with small trees, a table of cases: has_tests_cases.sh
# A tree has the sources core/door.c and core/hall/stairs.c, each with its tests; each case changes something.
set -u

has_tests=$PWD/sim/tests/has_tests.sh
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place" || exit 1
passed=0
failed=0

tree() {
    rm -rf core
    mkdir -p core/hall core/tests
    touch core/door.c core/hall/stairs.c core/hall/stairs.h
    for name in door stairs; do
        printf 'static void it_opens(void **state)\n{\n}\n' >"core/tests/${name}_test.c"
    done
}

# expect STATUS CASE TEXT: checks the current tree; the output is exactly the text.
expect() {
    said=$("$has_tests" 2>&1)
    got=$?
    if [ "$got" -eq "$1" ] && [ "$said" = "$3" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED %s\n  expected %s: %s\n  got %s: %s\n' "$2" "$1" "$3" "$got" "$said"
    fi
    tree
}

tree
expect 0 'each source has its tests' ''

rm core/tests/stairs_test.c
expect 1 'a source in a folder has none' 'core/hall/stairs.c has no tests: there is no core/tests/stairs_test.c'

rm core/tests/door_test.c
expect 1 'a source outside the folders has none' 'core/door.c has no tests: there is no core/tests/door_test.c'

mv core/tests/stairs_test.c core/tests/stair_test.c
expect 1 'a name that is nearly right is not enough' \
    'core/hall/stairs.c has no tests: there is no core/tests/stairs_test.c'

: >core/tests/door_test.c
expect 1 'a file without a test is not enough' 'core/door.c has no tests: there is none in core/tests/door_test.c'

rm core/tests/*
expect 1 'every source is named' 'core/door.c has no tests: there is no core/tests/door_test.c
core/hall/stairs.c has no tests: there is no core/tests/stairs_test.c'

touch core/tests/rig.c core/tests/secrets_test.c
expect 0 'a test of no single source needs none' ''

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
