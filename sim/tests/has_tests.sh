#!/bin/sh
# Checks that each source of the core has a test file of its name: has_tests.sh [FOLDER]
# core/X.c and core/FOLDER/X.c are tested by core/tests/X_test.c, which contains at least one test.  A line is
# printed for each source without one; the exit status is then 1.  FOLDER is another one than core.
set -u

core=${1:-core}
wrong=0
for source in "$core"/*.c "$core"/*/*.c; do
    case $source in
    "$core"/tests/* | "$core/*.c" | "$core/*/*.c") continue ;;
    esac
    name=${source##*/}
    test=$core/tests/${name%.c}_test.c
    if [ ! -f "$test" ]; then
        echo "$source has no tests: there is no $test"
        wrong=1
    elif ! grep -q 'void \*\*state)$' "$test"; then
        echo "$source has no tests: there is none in $test"
        wrong=1
    fi
done
exit "$wrong"
