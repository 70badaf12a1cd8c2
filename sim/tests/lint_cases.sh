#!/bin/sh
# Tests which files lint.sh reads again, with a tool that says what it reads and finds the word WRONG: lint_cases.sh
set -u

lint=$PWD/sim/tests/lint.sh
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
mkdir "$place/bin" "$place/tree"
cat >"$place/bin/clang-format-14" <<'TOOL'
#!/bin/sh
[ "$1" = --version ] && echo "clang-format version $FOUND.0.6" && exit
shift 2
echo "read $*"
! grep -l WRONG "$@"
TOOL
chmod +x "$place/bin/clang-format-14"
PATH=$place/bin:$PATH
FOUND=14
export PATH FOUND
cd "$place/tree" || exit 1
passed=0
failed=0

# expect WHAT STATUS OUTPUT [FILE...]: of these sources, or both.
expect() {
    what=$1
    status=$2
    output=$3
    shift 3
    said=$("$lint" --layout build "${*:-a.c b.c}" a.h 2>&1)
    got=$?
    if [ "$got" -eq "$status" ] && [ "$said" = "$output" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED %s: status %s, and\n%s\n  expected %s, and\n%s\n' "$what" "$got" "$said" "$status" "$output"
    fi
}

# change FILE [TEXT]: and no file is as new as a stamp by chance.
change() {
    sleep 0.02
    echo "${2:-}" >"$1"
    sleep 0.02
}

good='1 passed, 0 failed'
bad='0 passed, 1 failed'
for file in .clang-format a.c b.c a.h; do
    change "$file"
done
expect 'at first all' 0 "read a.c b.c a.h
$good"
expect 'nothing has changed' 0 "$good"
change b.c
expect 'what has changed' 0 "read b.c
$good"
change a.c WRONG
expect 'a mistake' 1 "read a.c
a.c
$bad"
expect 'a mistake that stays' 1 "read a.c
a.c
$bad"
change a.c
expect 'a mistake that is mended' 0 "read a.c
$good"
expect 'and nothing again' 0 "$good"
change .clang-format
expect 'the rules have changed' 0 "read a.c b.c a.h
$good"
change c.c
expect 'a source has come' 0 "read a.c b.c c.c a.h
$good" a.c b.c c.c
change c.c WRONG
expect 'a mistake in it' 1 "read c.c
c.c
$bad" a.c b.c c.c
expect 'it is gone' 0 "$good"
FOUND=19
expect 'another version' 0 'skipped: clang-format is version 19.0 here, and 14 is what the project is kept with
0 passed, 0 failed, 1 skipped'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
