#!/bin/sh
# Sweeps the seeds of a CI server's run and keeps what failed: ci_sweep.sh REHEARSE RUN TIME FOLDER
# RUN is the number of the run (ci_seeds.sh), TIME how long to sweep, such as 20m.  The folder gets
#
#   report, result   what `rehearse sweep` printed, and the result for `rehearse merge`
#   seed-N.scs       for the lowest seed of each group of failures, the scenario that `rehearse shrink` wrote
#   seed-N.txt       what shrink printed
#   seed-N.trace     the trace of the run of that seed
#
# Exit status: that of the sweep.
set -u

# So many groups of failures are kept: to shrink one takes at most 60 seconds.
most=20

if [ $# -ne 4 ]; then
    echo 'usage: ci_sweep.sh REHEARSE RUN TIME FOLDER' >&2
    exit 2
fi
rehearse=$1
seeds=$("$(dirname "$0")/ci_seeds.sh" "$2") || exit 2
time=$3
folder=$4
mkdir -p "$folder" || exit 2
rm -f "$folder/report" "$folder/result" "$folder"/seed-*

keep_failure() {
    "$rehearse" shrink --faults all --output "$folder/seed-$1.scs" "$1" >"$folder/seed-$1.txt" 2>&1
    "$rehearse" replay --faults all --trace "$folder/seed-$1.trace" "$1" >/dev/null 2>&1
    if [ -f "$folder/seed-$1.scs" ]; then
        echo "seed $1 was shrunk to $folder/seed-$1.scs"
    else
        echo "seed $1 was not shrunk: see $folder/seed-$1.txt"
    fi
}

echo "seeds $seeds, for $time"
# A pipe has the status of its last command, so the status goes around it.
{
    "$rehearse" sweep --seeds "$seeds" --faults all --jobs "$(nproc)" --time "$time" --output "$folder/result" 2>&1
    echo $? >"$folder/status"
} </dev/null | tee "$folder/report"
status=$(cat "$folder/status")
rm -f "$folder/status"

if [ "$status" -eq 1 ]; then
    sed -n 's/^failure [0-9]* seed \([0-9]*\) cause .*/\1/p' "$folder/result" | head -n "$most" |
        while read -r seed; do
            keep_failure "$seed" </dev/null
        done
    tail -n 1 "$folder/report" # the counts
fi
exit "$status"
