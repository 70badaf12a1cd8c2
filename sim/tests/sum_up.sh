#!/bin/sh
# Sums up the counts that stages left (stage.sh): sum_up.sh FOLDER STAGE...
# A stage without counts did not run, because what it needs could not be built, and has failed.
set -u

folder=$1
shift
passed=0
failed=0
skipped=0
for stage in "$@"; do
    if [ -f "$folder/$stage" ]; then
        read -r good bad left <"$folder/$stage"
    else
        echo "FAILED $stage did not run" >&2
        good=0 bad=1 left=0
    fi
    passed=$((passed + good))
    failed=$((failed + bad))
    skipped=$((skipped + left))
done
[ "$skipped" -eq 0 ] && also= || also=", $skipped skipped"
echo "$passed passed, $failed failed$also"
[ "$failed" -eq 0 ]
