#!/bin/sh
# Runs tests with node: node_tests.sh NOTES TEST...
# Prints their output only when one has failed, and otherwise the notes in it that an expression matches, and what was
# skipped (stage.sh); the last line sums up.
set -u

notes=$1
shift
said=$(mktemp)
trap 'rm -f "$said"' EXIT
node --test --test-reporter=tap "$@" >"$said" 2>&1
status=$?
[ "$status" -eq 0 ] || cat "$said"
grep -E "^ *# .*($notes)" "$said"
sed -n 's/^ok [0-9]* - \(.*\) # SKIP \(.*\)/skipped: \1: \2/p' "$said"
passed=$(sed -n 's/^# pass //p' "$said")
failed=$(sed -n 's/^# fail //p' "$said")
echo "${passed:-0} passed, ${failed:-1} failed"
exit "$status"
