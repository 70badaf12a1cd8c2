#!/bin/sh
# Checks that builds of the tool have the same trace hashes, and the stored ones: determinism.sh GOLDEN PROGRAM...
# GOLDEN names one or several files, a line of which is a trace hash and the arguments that give it.  The first
# program's hashes are compared with those, and the others' with the first one's; where two programs differ, the
# first file or seed in which they do is named.  No hash is stored where there is "-", because it depends on the
# version of expat: then two runs of the first program are compared.  A program may be several words: an emulator and
# its argument.
# SHALLOW, if not empty, compares the other programs for the first line and every third one after it.
# determinism.sh --write GOLDEN PROGRAM: stores the program's hashes for the same arguments in the files.
set -u

folders='scenarios fixtures/regressions'

# On all processors; that makes no difference to a hash, either.  Scenarios that fail are ignored here.
jobs=$(nproc)
hash_of() {
    "$@" --jobs "$jobs" 2>&1 | sed -n -E 's/.*trace(s| hash) ([0-9a-f]{16}).*/\2/p'
}

# hashes_of PROGRAM [KEPT]: the golden lines of a program; one with the hash KEPT stays as it is.
hashes_of() {
    while read -r hash arguments; do
        [ "$hash" = "${2-}" ] || hash=$(hash_of $1 $arguments </dev/null)
        if [ -z "$hash" ]; then
            echo "$1 $arguments: no trace hash" >&2
            return 1
        fi
        echo "$hash  $arguments"
    done
}

if [ "$1" = --write ]; then
    for file in $2; do
        hashes_of "$3" - <"$file" >"$file.new" && mv "$file.new" "$file" || exit
    done
    exit
fi

golden=$1
reference=$2
shift
passed=0
failed=0
hashes=$(mktemp)
trap 'rm -f "$hashes" "$hashes.taken"' EXIT

is_different() {
    one=$(hash_of $reference "$@")
    other=$(hash_of $program "$@")
    [ "$one" != "$other" ]
}

# name_file run OPTION...
name_file() {
    find $folders -name '*.scs' | LC_ALL=C sort | while read -r file; do
        if is_different "$@" "$file"; then
            echo "  $one and $other for $* --trace - $file"
            break
        fi
    done
}

# name_seed FIRST LAST sweep OPTION... --seeds: somewhere among these the programs differ.
name_seed() {
    first=$1
    last=$2
    shift 2
    while [ "$first" -lt "$last" ]; do
        middle=$(((first + last) / 2))
        if is_different "$@" "$first..$middle"; then
            last=$middle
        else
            first=$((middle + 1))
        fi
    done
    shift
    echo "  they part in replay ${*% *} --trace - $first"
}

name_difference() {
    case $arguments in
    run*) name_file ${arguments%" $folders"} ;;
    sweep*)
        seeds=${arguments##* }
        name_seed "${seeds%..*}" "${seeds#*..}" ${arguments% *}
        ;;
    esac
}

# compare WHOSE: compares the stored hashes with those of the program.
compare() {
    while read -r expected arguments; do
        got=$(hash_of $program $arguments </dev/null)
        if [ -n "$got" ] && [ "$got" = "$expected" ]; then
            passed=$((passed + 1))
            continue
        fi
        failed=$((failed + 1))
        echo "FAILED $program $arguments: trace hash '$got', but $1 has '$expected'"
        [ "$program" = "$reference" ] || name_difference </dev/null
    done
}

# The golden lines, with those of the reference where no hash is stored.
filled() {
    cat $golden | while read -r hash arguments; do
        [ "$hash" != - ] || hash=$(hash_of $reference $arguments </dev/null)
        echo "$hash  $arguments"
    done
}

program=$reference
filled >"$hashes"
compare 'the golden file' <"$hashes"
if [ "$failed" -gt 0 ]; then
    echo "The traces have changed.  Where they were meant to: make golden"
fi
shift
if [ "$failed" -gt 0 ] && [ $# -gt 0 ]; then
    cat $golden | hashes_of "$reference" >"$hashes"
fi
for program in "$@"; do
    awk -v shallow="${SHALLOW-}" 'shallow == "" || NR % 3 == 1' "$hashes" >"$hashes.taken"
    compare "$reference" <"$hashes.taken"
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
