#!/bin/sh
# Runs the stored inputs of fuzz targets, once each: replay.sh FOLDER TARGET...
# FOLDER has the plain programs.  The inputs are those of fixtures/corpus/TARGET and
# fixtures/regressions/inputs/TARGET.  The last line sums up; the exit status is 1 when an input has failed or a
# target has none.
set -u

programs=$1
shift
passed=0
failed=0
said=$(mktemp)
trap 'rm -f "$said"' EXIT

for target; do
    folders=
    for folder in "fixtures/corpus/$target" "fixtures/regressions/inputs/$target"; do
        [ -d "$folder" ] && folders="$folders $folder"
    done
    "$programs/$target" $folders >"$said" 2>&1
    sums=$(tail -n 1 "$said" | sed -n -E 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p')
    if [ -z "$sums" ]; then
        sed "s/^/$target: /" "$said"
        sums='0 1'
    elif [ "${sums#* }" -gt 0 ]; then
        sed '$d' "$said"
    fi
    passed=$((passed + ${sums% *}))
    failed=$((failed + ${sums#* }))
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
