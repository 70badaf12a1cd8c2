#!/bin/sh
# Tests sim/cluster without a cluster: cluster_cases.sh PROGRAM
# slurm.sh finds a simulated sbatch, squeue and scancel.  A job is run at once, in the order of submission: so
# the tasks of an array are over when the job that depends on them begins.  The command in job.yaml is run as it
# is there, once for each index.
# The commands of the cases are for another shell, and $plots is several words.
# shellcheck disable=SC2016,SC2086

slurm=$PWD/sim/cluster/slurm.sh
yaml=$PWD/sim/cluster
# shellcheck source=sim/tests/expect.sh
. "$(dirname "$0")/expect.sh"
export slurm yaml

# ---- A simulated Slurm ----

# sbatch keeps its arguments in sbatch.calls, and its Kth call fails if the file refuse.K exists.
# The options come before the script.
mkdir bin
cat >bin/sbatch <<'END'
#!/bin/sh
cd "$FAKE" || exit 2
job=$(($(cat last-job) + 1))
echo "$*" >>sbatch.calls
[ ! -e "refuse.$job" ] || { echo 'sbatch: error: invalid partition' >&2; exit 1; }
echo "$job" >last-job
array=
while :; do
    case $1 in
    --array=*) array=${1#--array=} ;;
    -A) shift ;;
    --*) ;;
    *) break ;;
    esac
    shift
done
echo "$job;cluster"
exec >>"jobs.log" 2>&1
if [ -z "$array" ]; then
    [ -e hold-merge ] || "$@"
    exit 0
fi
echo "$array" | tr ',' '\n' | while IFS=- read -r from to; do
    seq "$from" "${to:-$from}"
done | while read -r task; do
    [ -e hold ] || SLURM_ARRAY_TASK_ID=$task "$@" </dev/null
done
exit 0
END
cat >bin/squeue <<'END'
#!/bin/sh
[ ! -e "$FAKE/no-answer" ] || exit 1
cat "$FAKE/queue"
END
printf '#!/bin/sh\necho "$@" >>"$FAKE/scancel.calls"\n' >bin/scancel

# The tool.  While it runs a part for which the file die.PART exists, it is killed, once for each byte of the file.  It
# shrinks if the file shrinks is there; the real tool refuses a seed that passes.
cat >bin/tool <<'END'
#!/bin/sh
part=
output=
verb=$1
for word; do
    case $word in
    */[0-9]*) [ "$before" != --shard ] || part=${word%/*} ;;
    esac
    [ "$before" != --output ] || output=$word
    before=$word
done
if [ "$verb" = sweep ]; then
    echo "$part" >>"$FAKE/runs"
    if [ -s "$FAKE/die.$part" ]; then
        left=$(tail -c +2 "$FAKE/die.$part")
        printf %s "$left" >"$FAKE/die.$part"
        kill -KILL $$
    fi
fi
if [ "$verb" = shrink ] && [ -e "$FAKE/shrinks" ]; then
    echo "# $*" >"$output"
    exit 0
fi
exec "$REAL" "$@"
END
chmod +x bin/*
REAL=$rehearse
PATH=$room/bin:$PATH
FAKE=$room/fake
export REAL PATH FAKE

# cluster: another Slurm, where nothing was submitted.
cluster() {
    rm -rf "$FAKE" sweep
    mkdir "$FAKE"
    echo 0 >"$FAKE/last-job"
    touch "$FAKE/queue" "$FAKE/runs" "$FAKE/sbatch.calls"
}

plots='--seeds 0..699 --cast 2 --steps 4 --faults all'
sweep="\$slurm $plots --shards 3 --output sweep --rehearse bin/tool"
"$rehearse" sweep $plots --output whole >whole.report 2>/dev/null

# ---- Bad arguments ----

cluster
expect 0 '$slurm --help' 'slurm.sh --seeds A..B --shards N --output DIR' 'Exit status: '
expect 2 '$slurm' 'slurm.sh: expected --seeds A..B'
expect 2 '$slurm --seeds 0..9' 'expected --shards N'
expect 2 '$slurm --seeds 0..9 --shards 3' 'expected --output DIR'
expect 2 '$slurm --seeds' '--seeds needs a value'
expect 2 '$slurm --sed 5' 'unknown option --sed; see slurm.sh --help'
expect 2 '$slurm sweep' 'unexpected argument "sweep"'
for seeds in x 5 ..5 5.. 9..3 1..x 01..3 -1..2 1...3 0..10000000000 1234567890123456789..1234567890123456789; do
    expect 2 "\$slurm --seeds '$seeds' --shards 3 --output sweep" '--seeds: expected seeds such as 0..999'
done
for shards in 0 x 10001 -1 1.5; do
    expect 2 "\$slurm --seeds 0..9 --shards '$shards' --output sweep" '--shards: expected a number from 1 to 10000'
done
expect 2 "$sweep --jobs 0" '--jobs: expected a number from 1 to 256'
expect 2 "$sweep --retries 101" '--retries: expected a number from 0 to 100'
expect 2 "$sweep --faults fire" 'bin/tool refuses: ' '--faults: expected none, network, disk, memory, clock or all'
expect 2 "$sweep --cast=0" '--cast: expected a number from 1 to 10000'
expect 2 "$sweep --rehearse nowhere" '--rehearse: nowhere is no program'
expect 2 "$sweep --output bin/tool/x" 'cannot create bin/tool/x'
expect 2 "$sweep -- 'a
b'" 'a value with a line end in it cannot be used'
expect 0 'cat "$FAKE/sbatch.calls"; ls' 'no: --parsable' 'no: sweep'

# ---- A sweep ----

expect 0 "$sweep --time 1:00 --partition fast -- -A 'our project'" 'job 1: parts 1-3 of 3' 'job 2: merges them into '
expect 0 'cat "$FAKE/sbatch.calls"' '--requeue' '--array=1-3' '--cpus-per-task=1' '--dependency=afterany:1' \
    '--time=1:00' '--partition=fast -A our project --array' "$room/sweep/slurm.sh shard $room/sweep" \
    "last: --parsable --requeue --job-name=sweep-merge --chdir=$room/sweep --time=1:00 --partition=fast -A our project\
 --dependency=afterany:1 --output=$room/sweep/logs/merge.%j.log $room/sweep/slurm.sh merge $room/sweep 2"
expect 0 'cmp sweep/result whole && cmp sweep/report whole.report && cat sweep/status' 'last: 0'
expect 0 "$sweep --time 1:00; wc -l <\"\$FAKE/sbatch.calls\"" '700 seeds, ' 'last: 2'
expect 0 'sort "$FAKE/runs" | tr "\n" " "' 'last: 1 2 3 '
for other in '--seeds 0..799' '--shards 4' '--cast 3' '--steps 5' '--faults disk'; do
    expect 2 "$sweep $other" 'contains another sweep: seeds 0..699 shards 3 cast 2 steps 4 faults all; use another folder'
done
expect 2 'cp bin/tool bin/newer; echo >>bin/newer; '"$sweep --rehearse bin/newer" 'was begun with another build of the tool'
expect 2 "mkdir sweep/lock; $sweep; status=\$?; rmdir sweep/lock; exit \$status" 'another slurm.sh is submitting this sweep'

# ---- An existing folder ----

expect 0 "rm sweep/parts/2; $sweep --wait" 'job 3: parts 2 of 3' 'last: 700 passed, 0 failed'
expect 0 'cmp sweep/result whole; sort "$FAKE/runs" | tr "\n" " "' 'last: 1 2 2 3 '
expect 0 "sed 's/^played 200 /played 150 /; 4a unplayed 150..199 part 2 of 3' sweep/parts/2 >cut; cp cut sweep/parts/2
          $sweep --wait; cmp sweep/result whole && echo the same" 'parts 2 of 3' 'last: the same'
expect 0 "rm sweep/status; $sweep --wait; cmp sweep/result whole && sort \"\$FAKE/runs\" | wc -l" 'no: parts ' 'last: 5'
expect 0 "echo 3 >\"\$FAKE/queue\"; rm sweep/parts/1; $sweep; wc -l <\"\$FAKE/sbatch.calls\"" 'still there: jobs 3' 'last: 7'
expect 0 "echo 33 >\"\$FAKE/queue\"; $sweep" 'parts 1 of 3' 'no: still there'
expect 2 "touch \"\$FAKE/no-answer\"; rm sweep/parts/1; $sweep" 'squeue failed' 'no: job '

# ---- Parts that die ----

cluster
expect 0 "printf x >\"\$FAKE/die.2\"; $sweep --wait" 'job 1: parts 1-3 of 3' 'last: 700 passed, 0 failed'
expect 0 'cmp sweep/result whole; cat "$FAKE/jobs.log"; sort "$FAKE/runs" | tr "\n" " "' 'slurm.sh: part 2 is not complete' \
    'missing parts are run again: 2' 'job 3: parts 2 of 3' 'last: 1 2 2 3 '
cluster
expect 2 "printf xxx >\"\$FAKE/die.1\"; printf xxxx >\"\$FAKE/die.3\"; $sweep --wait" 'parts 1, 3 of 3 are missing' \
    'to run what is missing (1,3), call slurm.sh again' '200 seeds of 700, ' 'no: events, traces ' 'last: 200 passed, 0 failed'
expect 0 'sort "$FAKE/runs" | tr "\n" " "' 'last: 1 1 1 2 3 3 3 '
expect 0 "$sweep --wait; cmp sweep/result whole; sort \"\$FAKE/runs\" | tr '\\n' ' '" '700 passed, 0 failed' \
    'last: 1 1 1 1 2 3 3 3 3 3 '
cluster
expect 2 "printf x >\"\$FAKE/die.1\"; $sweep --retries 0 --wait; status=\$?; cat \"\$FAKE/runs\" | wc -l; exit \$status" \
    'part 1 of 3 is missing' 'last: 3'
cluster
expect 2 "for k in 1 2 3; do printf x >\"\$FAKE/die.\$k\"; done; $sweep --retries 0 --wait" 'all 3 parts are missing'
cluster
expect 2 "touch \"\$FAKE/hold-merge\"; $sweep --wait" 'the jobs ended without a result: see '

# ---- Slurm refuses ----

cluster
expect 2 "touch \"\$FAKE/refuse.1\"; $sweep" 'sbatch: error: invalid partition' 'slurm.sh: Slurm refused the sweep'
expect 0 "rm \"\$FAKE/refuse.1\"; touch \"\$FAKE/refuse.2\"; $sweep; cat \"\$FAKE/scancel.calls\"" 'Slurm refused' 'last: 1'
cluster
expect 2 "printf x >\"\$FAKE/die.2\"; touch \"\$FAKE/refuse.3\"; $sweep --wait" 'part 2 of 3 is missing' \
    'last: 500 passed, 0 failed'
expect 0 'cat "$FAKE/jobs.log"' 'Slurm refused; what there is is merged'

# ---- Failures ----

# A part with failures, of two causes.
failing="sed '/^check /,\$d; s/ failed 0 / failed 3 /' sweep/parts/1 >failing
         printf 'failure 2 seed 41 cause tables-agree\\n\\tthe check does not hold\\n' >>failing
         printf 'failure 1 seed 50 cause crash: x\\n\\tcrash: x\\n' >>failing; cp failing sweep/parts/1"
cluster
expect 1 "$sweep >submitted && $failing; rm sweep/status; touch \"\$FAKE/shrinks\"; $sweep --wait" \
    "seed 41 was shrunk to $room/sweep/failures/seed-41.scs" "seed 50 was shrunk to" 'last: 697 passed, 3 failed'
expect 0 'cat sweep/failures/seed-41.scs' "last: # shrink --cast 2 --steps 4 --faults all --output $room/sweep/failures/seed-41.scs 41"
expect 0 'cat sweep/failures/seed-41.txt' 'failed 2 times: tables-agree' \
    'rehearse replay --cast 2 --steps 4 --faults all 41' 'rehearse shrink --cast 2 --steps 4 --faults all 41' 'no: seed 50'
expect 1 "$sweep" 'last: 697 passed, 3 failed'
expect 1 "rm sweep/failures/* sweep/status \"\$FAKE/shrinks\"; $sweep --wait" 'seed 41 was not shrunk: see ' 'last: 697 passed, 3 failed'
expect 1 "rm sweep/parts/2; touch \"\$FAKE/hold\"; $sweep --wait" 'part 2 of 3 is missing' 'last: 497 passed, 3 failed'

# ---- Kubernetes ----

# of_yaml FILE: the command of its container.
of_yaml() {
    awk '/^ *- \|$/ { indent = index($0, "-") + 1; inside = 1; next }
         inside && substr($0, 1, indent) ~ /[^ ]/ { exit }
         inside { print substr($0, indent + 1) }' "$yaml/$1"
}
of_yaml job.yaml >shard.sh
of_yaml merge.yaml >merge.sh
ln -s tool bin/rehearse
cluster
export SEEDS=0..699 SHARDS=8 FAULTS=all RESULTS="$room/results"
mkdir results
each='for i in 0 1 2 3 4 5 6 7; do JOB_COMPLETION_INDEX=$i sh shard.sh || exit; done'
expect 0 'sed -n "s/^  completions: //p; /name: SHARDS/{n;s/.*value: //p}" "$yaml/job.yaml" | tr -d \" | sort -u' 'last: 8'
expect 0 'sed -n "s/.*- name: \([A-Z]*\)$/\1/p" "$yaml/job.yaml" | tr "\n" " "' 'last: SEEDS SHARDS FAULTS RESULTS '
expect 0 "$each; R sweep --seeds 0..699 --faults all --output all >all.report; sh merge.sh >merged.report
          cmp results/result all && cmp merged.report all.report && tail -n 1 merged.report" 'last: 700 passed, 0 failed'
expect 0 "$each; wc -l <\"\$FAKE/runs\"" 'last: 8' # all were there
expect 2 'rm results/part-3; sh merge.sh' 'part 3 of 8 is missing'
expect 1 'printf x >"$FAKE/die.3"; JOB_COMPLETION_INDEX=2 sh shard.sh' 'no: passed'
expect 0 'JOB_COMPLETION_INDEX=2 sh shard.sh; sh merge.sh; cmp results/result all && echo the same' 'last: the same'
expect 0 'sed "s/ failed 0 / failed 1 /" results/part-1 >failing; printf "failure 1 seed 4 cause x\n\tx\n" >>failing
          cp failing results/part-1; JOB_COMPLETION_INDEX=0 sh shard.sh'
expect 1 'sh merge.sh' 'last: 699 passed, 1 failed'

finish
