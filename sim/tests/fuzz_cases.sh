#!/bin/sh
# Tests the plain program of a fuzz target from the outside (sim/fuzz/replay.c): fuzz_cases.sh PROGRAM
. "$(dirname "$0")/expect.sh"

mkdir -p inputs/folder
printf 'a' >inputs/one
printf 'b' >inputs/two
printf 'what it is about' >inputs/one.txt
printf 'c' >inputs/.hidden

expect 0 'R --limits' ' '
expect 0 'R --list' "${rehearse##*/} "
expect 2 'R' 'usage: ' 'there is no input'
expect 2 'R inputs/folder' 'there is no input'
expect 2 'R nowhere' 'nowhere: No such file or directory' 'no: passed'
expect 2 'R --here nowhere' 'nowhere: No such file or directory' 'no: passed'
expect 0 'R inputs' 'last: 2 passed, 0 failed'
expect 0 'R inputs/two inputs' 'last: 3 passed, 0 failed'
expect 0 'R --here inputs' 'inputs/one' 'inputs/two' 'last: 2 passed, 0 failed'

# Nobody writes into a pipe, so it is an input that takes too long; the others are run all the same.
mkfifo pipe
expect 1 'R inputs/one pipe inputs/two' 'FAILED pipe: it took more than ' ' --here pipe' 'last: 2 passed, 1 failed'

finish
