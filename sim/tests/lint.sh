#!/bin/sh
# Checks the layout, static analysis, the clauses that scenarios cite, and that each source of the core has tests:
# lint.sh BUILD 'SOURCE...' 'HEADER...' 'ANALYSED...', with $MAKE set as in a recipe of make; the last are the sources
# that static analysis reads.  `lint.sh --layout BUILD 'SOURCE...' 'HEADER...'` checks only the layout.
# A source is analysed again only when it, a header that it includes (for cppcheck any header), or the options have
# changed.  The verdicts of these tools change with their versions, so each is only called in the version that the
# project is kept with.  Another version is reported and skipped; a missing tool is a failure.
set -u

only_layout=
[ "$1" = --layout ] && only_layout=1 && shift
build=$1
sources=$2
headers=$3
analysed=${4-}
passed=0
failed=0
skipped=0

# The versions that count: the major one of clang's tools, the release of cppcheck.
version_for() {
    case $1 in
    clang-*) echo 14 ;;
    cppcheck) echo 2.10 ;;
    esac
}

version_of() {
    "$1" --version 2>/dev/null | sed -n -E 's/^.*(version|Cppcheck) ([0-9]+(\.[0-9]+)?).*$/\2/p' | sed -n 1p
}

# only_changed NAME READ COMMAND... -- FILE...: runs a command with those files that have changed since it last passed;
# with all if one of READ, on which all depend, or the list itself has.
only_changed() {
    depends=$2
    name=$1-$(echo "$*" | cksum | cut -d ' ' -f 1)
    stamp=$build/lint/$name
    shift 2
    mkdir -p "$build/lint"
    command=
    while [ "$1" != -- ]; do
        command="$command $1"
        shift
    done
    shift
    if [ -e "$stamp" ] && [ -z "$(find $depends -newer "$stamp")" ]; then
        set -- $(find "$@" -newer "$stamp")
    fi
    touch "$stamp.new"
    [ $# -eq 0 ] || $command "$@" || return 1
    mv "$stamp.new" "$stamp"
}

layout() {
    only_changed layout .clang-format "$1" --dry-run -Werror -- $sources $headers
}

analyse() {
    only_changed cppcheck "$headers" "$1" --quiet --error-exitcode=1 --std=c11 -j "$(nproc)" \
        --enable=warning,performance,portability -- $analysed
}

tidy() {
    $MAKE --keep-going TIDY="$1" tidy
}

# stage TOOL COMMAND: Debian calls a version that is not its own release's by its number.
stage() {
    expected=$(version_for "$1")
    tool=$1
    command -v "$1-$expected" >/dev/null && tool=$1-$expected
    found=$(version_of "$tool")
    if [ -z "$found" ]; then
        echo "FAILED $1 is missing: make deps-check"
        failed=$((failed + 1))
    elif [ "$found" != "$expected" ] && [ "${found%%.*}" != "$expected" ]; then
        echo "skipped: $1 is version $found here, and $expected is what the project is kept with"
        skipped=$((skipped + 1))
    else
        count "$2" "$tool"
    fi
}

# count COMMAND...: runs a command and counts whether it passed.
count() {
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
}

stage clang-format layout
if [ -z "$only_layout" ]; then
    stage cppcheck analyse
    stage clang-tidy tidy
    count "$(dirname "$0")/clauses.sh"
    count "$(dirname "$0")/has_tests.sh"
fi

[ "$skipped" -eq 0 ] && skipped= || skipped=", $skipped skipped"
echo "$passed passed, $failed failed$skipped"
[ "$failed" -eq 0 ]
