#!/bin/sh
# Runs one stage of a check, and prints its result: stage.sh COUNTS TITLE COMMAND...
# The output of the command is printed only if something failed or was skipped.  Its last line may count cases, "3
# passed, 0 failed"; a command that does not is one case.  Its lines "skipped: ..." are printed and counted.
# "PASSED FAILED SKIPPED" is stored in the file COUNTS, and the exit status is 0: sum_up.sh fails.
set -u

counts=$1
title=$2
shift 2
mkdir -p "${counts%/*}"
rm -f "$counts"
said=$(mktemp)
trap 'rm -f "$said" "$said.times"' EXIT

# counted WHAT: the number of passed or failed cases in the last line of the output; nothing if it has none.
counted() {
    tail -n 1 "$said" | sed -n -E '/^[0-9]+ passed, [0-9]+ failed/s/^(.*[^0-9])?([0-9]+) '"$1"'.*/\2/p'
}

# Only a make shares the jobs of the make that runs this.
case $1 in
*make) ;;
*) unset MAKEFLAGS MFLAGS MAKELEVEL ;;
esac

began=$(date +%s)
"$@" >"$said" 2>&1 </dev/null
status=$?
took=$(($(date +%s) - began))
times >"$said.times"
processor=$(awk -F '[ ms]+' 'END { printf "%d", ($1 + $3) * 60 + $2 + $4 }' "$said.times")
passed=$(counted passed)
failed=$(counted failed)
skipped=$(grep -c '^skipped: ' "$said")
if [ -z "$passed" ]; then
    passed=$((status == 0))
    failed=$((status != 0))
elif [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
    failed=1
fi
if [ "$failed" -gt 0 ]; then
    cat "$said"
elif [ "$skipped" -gt 0 ]; then
    grep '^skipped: ' "$said"
fi
[ "$skipped" -eq 0 ] && also= || also=", $skipped skipped"
printf '%-48s %5d passed, %d failed%s  (%d s, processor %d s)\n' "$title" "$passed" "$failed" "$also" \
    "$took" "$processor"
echo "$passed $failed $skipped" >"$counts"
