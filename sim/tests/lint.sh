#!/bin/sh
# Checks the layout, static analysis, the clauses that scenarios cite, and that each source of the core has tests:
# lint.sh 'SOURCE...' 'HEADER...' OPTION-OF-THE-COMPILER...
# The verdicts of these tools change with their versions, so each is only called in the version that the project
# is kept with.  Another version is reported and skipped; a missing tool is a failure.
set -u

sources=$1
headers=$2
shift 2
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

layout() {
    "$1" --dry-run -Werror $sources $headers
}

analyse() {
    "$1" --quiet --error-exitcode=1 --std=c11 -j "$(nproc)" --enable=warning,performance,portability $sources
}

tidy() {
    tool=$1
    shift
    printf '%s\n' $sources | xargs -P "$(nproc)" -I {} sh -c '
        source=$1
        tool=$2
        shift 2
        said=$("$tool" --quiet "$source" -- -std=c11 "$@" 2>&1) || { printf "%s\n" "$said"; exit 1; }' \
        sh {} "$tool" "$@"
}

# stage TOOL COMMAND [OPTION...]: Debian calls a version that is not its own release's by its number.
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
        command=$2
        shift 2
        if "$command" "$tool" "$@"; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
        fi
    fi
}

stage clang-format layout
stage cppcheck analyse
stage clang-tidy tidy "$@"

for check in clauses has_tests; do
    if "$(dirname "$0")/$check.sh"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
done

[ "$skipped" -eq 0 ] && skipped= || skipped=", $skipped skipped"
echo "$passed passed, $failed failed$skipped"
[ "$failed" -eq 0 ]
