#!/bin/sh
# Prints the lines of a change that no test and no scenario reaches: coverage_diff.sh BUILD BASE [REPORT]
#
# The change is what `git diff BASE` adds to core/ and sim/, without their tests and with what is not committed; BUILD has what `make coverage`
# has measured.  A line of the output names a file, a range of lines, and the first of them; the same goes to REPORT/diff.txt,
# and as annotations for GitHub to REPORT/diff.github, which are also printed where GITHUB_ACTIONS is true.
#
# LEAST_DIFF (100) is the least percentage of the added lines that must be reached.  Exit status: 0; 1 when it is less;
# 2 when BASE is no commit, or when the tree is not the one that was measured.
set -u

build=$1
base=$2
report=${3:-reports/coverage}
awks=$(dirname "$0")/coverage
measured=$build/all.info
changes=$(mktemp)
trap 'rm -f "$changes"' EXIT

refuse() {
    echo "coverage_diff.sh: $1" >&2
    exit 2
}

[ -n "$base" ] || refuse 'name the commit to compare with: make coverage-diff BASE=main'
git rev-parse -q --verify "$base^{commit}" >/dev/null || refuse "there is no commit '$base' in this repository"
[ -f "$measured" ] || refuse 'nothing was measured: make coverage'
git -c core.quotePath=false diff --no-color --no-ext-diff --no-renames --unified=0 --src-prefix=a/ --dst-prefix=b/ \
    "$base" -- 'core/*.[ch]' 'sim/*.[ch]' ':(exclude)*/tests/*' >"$changes" || refuse "git diff $base failed"
for file in $(sed -n 's|^+++ b/||p' "$changes"); do
    [ -z "$(find "$file" -newer "$measured")" ] || refuse "$file has changed since it was measured: make coverage"
done

mkdir -p "$report" || exit 2
awk -v least="${LEAST_DIFF:-100}" -v annotations="$report/diff.github" -f "$awks/read_info.awk" -f "$awks/diff.awk" \
    "$measured" change=1 "$changes" >"$report/diff.txt"
status=$?
cat "$report/diff.txt"
[ "${GITHUB_ACTIONS:-}" != true ] || cat "$report/diff.github"
exit "$status"
