#!/bin/sh
# Submits a sweep to Slurm as a job array, an array task for each part, and a job that merges the results.
# `slurm.sh --help` explains the options.
#
# Everything that the jobs need is in the output folder, which all nodes must see under the same path:
#
#   sweep                 what is swept: a second sweep in the same folder is refused
#   rehearse, slurm.sh    copies: a new build does not change a sweep that is under way
#   sbatch                further options for sbatch, one on a line
#   jobs                  the identifiers of all submitted jobs
#   parts/K               the result of part K, as `rehearse sweep --output` wrote it
#   logs/                 what the jobs printed
#   result, report        the merged result, and what `rehearse merge` printed
#   failures/seed-N.scs   for the lowest seed of each group of failures: the scenario that `rehearse shrink` wrote
#   failures/seed-N.txt   the cause, the commands that replay and shrink it, and what shrink printed
#   status                the exit status of the whole; it is written last
#
# A job calls the same script: `slurm.sh shard DIR` runs the part of its array task, `slurm.sh merge DIR RETRIES`
# submits the parts that are missing, or else merges.
set -u

usage() {
    cat <<'END'
slurm.sh --seeds A..B --shards N --output DIR [OPTION...] [-- SBATCH-OPTION...]
Submits a sweep to Slurm: a job array that runs one part in each task, and a
job that merges the results.

Parts whose task died, was killed or exceeded its time limit are submitted
again by the merging job, at most --retries times.  Slurm itself starts a task
again when its node is lost.  Parts that are still missing then are named, and
the result is incomplete.

The merging job prints the result to DIR/report.  For the lowest seed of each
group of failures, DIR/failures contains the commands that replay and shrink it
and the scenario that `rehearse shrink` found.

Called again with the same options, it submits only parts that are missing.  If
none is missing, it prints the result.  DIR must be visible on all nodes.

Options:
  --seeds A..B      the seeds from A to B, both included; at most 18 digits
  --shards N        the number of parts, 1 to 10000
  --output DIR      the folder for the results; it is created
  --faults F[,F...] kinds of faults: none, network, disk, memory, clock, all
                    (none)
  --cast N          clients in each plot (4)
  --steps N         steps in each plot, of all clients together (24)
  --jobs N          worker processes, and processors, of each task (1)
  --rehearse PATH   the tool (build/rehearse)
  --time LIMIT      Slurm's time limit of each task, such as 2:00:00
  --partition NAME  Slurm's partition
  --retries N       how often missing parts are submitted again, 0 to 100 (2)
  --wait            wait for the result, print it, and exit with its status
  -h, --help        print this
Options after -- are passed to sbatch for each job, such as -- --account=ours.

Exit status: 0 when the jobs were submitted or are still there; with --wait, or
when no part is missing, the status of the result: 0 when all seeds passed, 1
when one failed, 2 when parts are missing.  2 also for a usage error and when
Slurm refuses.
END
}

complain() {
    printf 'slurm.sh: %s\n' "$1" >&2
}

give_up() {
    complain "$1"
    exit 2
}

# is_number TEXT: decimal digits, few enough for the shell's arithmetic, and no zero before others.
is_number() {
    case $1 in
    '' | *[!0-9]* | 0?*) return 1 ;;
    esac
    [ "${#1}" -le 18 ]
}

# is_within TEXT LEAST MOST
is_within() {
    is_number "$1" && [ "$1" -ge "$2" ] && [ "$1" -le "$3" ]
}

# ---- The sweep in a folder ----

# setting NAME: of the sweep in $dir.
setting() {
    sed -n "s/^$1 //p" "$dir/sweep"
}

# plot_options: as the tool takes them; no value contains a space.
plot_options() {
    echo "--cast $(setting cast) --steps $(setting steps) --faults $(setting faults)"
}

# is_complete K: whether all seeds of the part were run.
is_complete() {
    [ -f "$dir/parts/$1" ] && ! grep -q '^unplayed ' "$dir/parts/$1"
}

# missing_parts: their numbers, as ranges for sbatch: 2,5-7
missing_parts() {
    shards=$(setting shards)
    part=1
    while [ "$part" -le "$shards" ]; do
        is_complete "$part" || echo "$part"
        part=$((part + 1))
    done | awk '
        function range() { if (from != "") { printf "%s%s", comma, from (to != from ? "-" to : ""); comma = "," } }
        from == "" || $1 != to + 1 { range(); from = $1 }
        { to = $1 }
        END { range() }'
}

# ---- Submitting ----

# submit NAME ARGUMENT...: submits a job with the further options for sbatch, and then the arguments.  Sets $job.
submit() {
    name=$1
    shift
    arguments=$#
    while IFS= read -r option; do
        set -- "$@" "$option"
    done <"$dir/sbatch"
    while [ "$arguments" -gt 0 ]; do
        argument=$1
        shift
        set -- "$@" "$argument"
        arguments=$((arguments - 1))
    done
    job=$(sbatch --parsable --requeue --job-name="$name" --chdir="$dir" "$@") || return 1
    job=${job%%;*} # the name of the cluster may follow
    is_number "$job" || return 1
    echo "$job" >>"$dir/jobs"
}

# submit_missing PARTS RETRIES: the parts, which may be none, and the merging job after them.
submit_missing() {
    after=
    array=
    if [ -n "$1" ]; then
        submit sweep --array="$1" --cpus-per-task="$(setting jobs)" --output="$dir/logs/part-%a.%A.log" \
            "$dir/slurm.sh" shard "$dir" || return 1
        array=$job
        after=--dependency=afterany:$array
        echo "job $job: parts $1 of $(setting shards)"
    fi
    submit sweep-merge ${after:+"$after"} --output="$dir/logs/merge.%j.log" \
        "$dir/slurm.sh" merge "$dir" "$2" && echo "job $job: merges them into $dir" && return
    [ -z "$array" ] || scancel "$array"
    return 1
}

# ---- The jobs ----

# act_shard: runs the part of this task.  The status says whether the part is complete; a failed seed is
# reported by the merging job.
act_shard() {
    part=${SLURM_ARRAY_TASK_ID:?}
    if ! is_complete "$part"; then
        # shellcheck disable=SC2046 # several words
        "$dir/rehearse" sweep --seeds "$(setting seeds)" $(plot_options) --jobs "$(setting jobs)" \
            --shard "$part/$(setting shards)" --output "$dir/parts/$part"
    fi
    is_complete "$part" || give_up "part $part is not complete"
}

# shrink_first SEED: the lowest seed of a group of failures, unless an earlier merging job did so.
shrink_first() {
    found=$dir/failures/seed-$1
    if [ ! -f "$found.scs" ]; then
        awk -v RS='' -v seed="  seed $1: " 'index($0, seed)' "$dir/report.new" >"$found.txt"
        # shellcheck disable=SC2046 # several words
        "$dir/rehearse" shrink $(plot_options) --output "$found.scs" "$1" >>"$found.txt" 2>&1 </dev/null
    fi
    if [ -f "$found.scs" ]; then
        echo "seed $1 was shrunk to $found.scs"
    else
        echo "seed $1 was not shrunk: see $found.txt"
    fi
}

# notes MISSING: what the report says beside what `rehearse merge` printed.
notes() {
    [ ! -f "$dir/result" ] ||
        sed -n 's/^failure [0-9]* seed \([0-9]*\) cause .*/\1/p' "$dir/result" | while read -r seed; do
            shrink_first "$seed"
        done
    [ -z "$1" ] || echo "not all parts are complete; to run what is missing ($1), call slurm.sh again"
}

# merge_parts: writes the result and the report.  Returns the status of `rehearse merge`.
merge_parts() {
    rm -f "$dir/result"
    set --
    part=1
    shards=$(setting shards)
    while [ "$part" -le "$shards" ]; do
        [ ! -f "$dir/parts/$part" ] || set -- "$@" "parts/$part"
        part=$((part + 1))
    done
    if [ $# -eq 0 ]; then
        echo "all $shards parts are missing"
        return 2
    fi
    (cd "$dir" && "$dir/rehearse" merge --output result "$@" 2>&1)
}

# conclude: merges what there is, and explains the failures.  The counts stay the last line.
conclude() {
    missing=$(missing_parts)
    merge_parts >"$dir/report.new"
    status=$?
    [ "$status" -le 2 ] || status=2
    notes "$missing" >"$dir/notes"
    { sed '$d' "$dir/report.new" && cat "$dir/notes" && tail -n 1 "$dir/report.new"; } >"$dir/report"
    rm -f "$dir/report.new" "$dir/notes"
    echo "$status" >"$dir/status.new" && mv "$dir/status.new" "$dir/status"
    return "$status"
}

# act_merge RETRIES: submits the missing parts again if there are retries left.
act_merge() {
    missing=$(missing_parts)
    if [ -n "$missing" ] && [ "$1" -gt 0 ]; then
        echo "missing parts are run again: $missing"
        submit_missing "$missing" $(($1 - 1)) && return
        complain 'Slurm refused; what there is is merged'
    fi
    conclude
    status=$?
    cat "$dir/report"
    return "$status"
}

case ${1:-} in
shard)
    dir=$2
    act_shard
    exit
    ;;
merge)
    dir=$2
    act_merge "$3"
    exit
    ;;
esac

# ---- Options ----

seeds='' shards='' output='' faults=none cast=4 steps=24 jobs=1 rehearse=build/rehearse
time='' partition='' retries=2 wait=

# Several options may be written with =, as those of the tool.
while [ $# -gt 0 ]; do
    option=$1
    shift
    case $option in
    -h | --help)
        usage
        exit
        ;;
    --wait)
        wait=yes
        continue
        ;;
    --) break ;;
    --*=*)
        value=${option#*=}
        option=${option%%=*}
        ;;
    --seeds | --shards | --output | --faults | --cast | --steps | --jobs | --rehearse | --time | --partition | --retries)
        [ $# -gt 0 ] || give_up "$option needs a value"
        value=$1
        shift
        ;;
    esac
    case $option in
    --seeds) seeds=$value ;;
    --shards) shards=$value ;;
    --output) output=$value ;;
    --faults) faults=$value ;;
    --cast) cast=$value ;;
    --steps) steps=$value ;;
    --jobs) jobs=$value ;;
    --rehearse) rehearse=$value ;;
    --time) time=$value ;;
    --partition) partition=$value ;;
    --retries) retries=$value ;;
    --wait) give_up '--wait takes no value' ;;
    -*) give_up "unknown option $option; see slurm.sh --help" ;;
    *) give_up "unexpected argument \"$option\"; see slurm.sh --help" ;;
    esac
done

[ -n "$seeds" ] || give_up 'expected --seeds A..B'
[ -n "$shards" ] || give_up 'expected --shards N'
[ -n "$output" ] || give_up 'expected --output DIR'
first=${seeds%%..*}
last=${seeds#*..}
if [ "$seeds" != "$first..$last" ] || ! is_number "$first" || ! is_within "$last" "$first" $((first + 9999999999)); then
    give_up '--seeds: expected seeds such as 0..999, at most ten billion, of at most 18 digits'
fi
is_within "$shards" 1 10000 || give_up '--shards: expected a number from 1 to 10000'
is_within "$jobs" 1 256 || give_up '--jobs: expected a number from 1 to 256'
is_within "$retries" 0 100 || give_up '--retries: expected a number from 0 to 100'
for word in "$output" "$partition" "$time" "$@"; do
    case $word in
    *'
'*) give_up 'a value with a line end in it cannot be used' ;;
    esac
done

# ---- The folder ----

if [ ! -f "$rehearse" ] || [ ! -x "$rehearse" ]; then
    give_up "--rehearse: $rehearse is no program; build it with make, or name another"
fi
case $rehearse in
*/*) ;;
*) rehearse=./$rehearse ;;
esac
# The tool checks the options of the plots, and that it runs here at all.
said=$("$rehearse" replay --scenario --cast "$cast" --steps "$steps" --faults "$faults" "$first" 2>&1 >/dev/null) ||
    give_up "$rehearse refuses: $said"
for program in sbatch squeue scancel; do
    command -v "$program" >/dev/null || give_up "there is no $program; is this a machine of a Slurm cluster?"
done
if ! mkdir -p "$output/parts" "$output/logs" "$output/failures" || ! dir=$(cd "$output" && pwd -P); then
    give_up "cannot create $output"
fi

# Two calls at the same time would both submit everything.
mkdir "$dir/lock" 2>/dev/null ||
    give_up "another slurm.sh is submitting this sweep; if none is, remove $dir/lock"
trap 'rmdir "$dir/lock" 2>/dev/null' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# replace FILE FROM: a job that reads the old file keeps it.
replace() {
    if ! cp "$2" "$1.new" || ! mv "$1.new" "$1"; then
        give_up "cannot write $1"
    fi
}

swept="seeds $seeds
shards $shards
cast $cast
steps $steps
faults $faults"
if [ -f "$dir/sweep" ]; then
    there=$(grep -v '^jobs ' "$dir/sweep")
    [ "$there" = "$swept" ] ||
        give_up "$dir contains another sweep: $(echo "$there" | paste -s -d ' ' -); use another folder"
    cmp -s "$rehearse" "$dir/rehearse" ||
        give_up "$dir was begun with another build of the tool, $dir/rehearse; use that or another folder"
else
    replace "$dir/rehearse" "$rehearse"
fi
if ! printf '%s\njobs %s\n' "$swept" "$jobs" >"$dir/sweep.new" || ! mv "$dir/sweep.new" "$dir/sweep"; then
    give_up "cannot write $dir/sweep"
fi

# ---- What is left to do ----

# under_way: the jobs of this sweep that are pending or running.  Fails if Slurm does not answer.
under_way() {
    [ -f "$dir/jobs" ] || return 0
    queued=$(squeue --noheader --user="$(id -un)" --format=%F) || return 1
    echo "$queued" | sort -u | grep -xF -f "$dir/jobs" | paste -s -d ' ' -
}

# finish: prints the result, and ends with its status.
finish() {
    cat "$dir/report"
    exit "$(cat "$dir/status")"
}

submit_all() {
    replace "$dir/slurm.sh" "$0"
    : >"$dir/sbatch"
    [ -z "$partition" ] || set -- "--partition=$partition" "$@"
    [ -z "$time" ] || set -- "--time=$time" "$@"
    [ $# -eq 0 ] || printf '%s\n' "$@" >"$dir/sbatch"
    rm -f "$dir/status" "$dir/report"
    submit_missing "$missing" "$retries" || give_up 'Slurm refused the sweep'
}

running=$(under_way) || give_up 'squeue failed: it is not known whether jobs of this sweep are still there'
missing=$(missing_parts)
if [ -n "$running" ]; then
    echo "still there: jobs $running"
elif [ -z "$missing" ] && grep -qx '[01]' "$dir/status" 2>/dev/null; then
    finish
else
    submit_all "$@"
fi
[ -n "$wait" ] || exit 0

rmdir "$dir/lock"
trap - EXIT
# The file is looked for each second, and Slurm is asked every ten seconds.
seconds=0
while [ ! -f "$dir/status" ]; do
    if [ $((seconds % 10)) -eq 9 ] && running=$(under_way) && [ -z "$running" ]; then
        sleep 1 # a file of another node may take a moment to appear
        [ -f "$dir/status" ] || give_up "the jobs ended without a result: see $dir/logs"
    fi
    sleep 1
    seconds=$((seconds + 1))
done
finish
