#!/bin/sh
# Sweeps on a real Slurm of one node: cluster.sh BUILD SEEDS
# It starts munged, slurmctld and slurmd on the loopback interface, with a key, sockets, ports and a state of
# their own, submits a sweep in eight parts with sim/cluster/slurm.sh, kills one part, and compares the merged
# result with that of the same sweep in one piece.  At the end it stops what it started and removes its folder;
# when something failed, the logs are kept.  Only root can start these programs: otherwise it is skipped.
set -u

build=$1
seeds=$2
shards=8
killed=3 # the part
passed=0
failed=0

if [ "$(id -u)" != 0 ]; then
    echo 'skipped: only root can start a Slurm of its own'
    echo '0 passed, 0 failed, 1 skipped'
    exit 0
fi

PATH=$PATH:/usr/sbin:/sbin
mkdir -p "$build"
place=$(cd "$build" && mktemp -d "$PWD/cluster.XXXXXX") || exit 2
rehearse=$(cd "$build" && pwd)/rehearse
started=

# is_alive PROCESS: whether it runs; a zombie does not.
is_alive() {
    grep -q '^State:[[:space:]]*[^Z[:space:]]' "/proc/$1/status" 2>/dev/null
}

# stop PROCESS: sends SIGTERM, and after ten seconds SIGKILL.
stop() {
    tries=0
    kill "$1" 2>/dev/null
    while is_alive "$1" && [ "$tries" -lt 100 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    kill -KILL "$1" 2>/dev/null
    wait "$1" 2>/dev/null
}

# Jobs first, so that slurmd ends their processes.
clean_up() {
    trap '' INT TERM HUP
    if [ -n "$started" ] && [ -f "$place/sweep/jobs" ]; then
        while read -r job; do
            scancel "$job" 2>/dev/null
        done <"$place/sweep/jobs"
        tries=0
        while [ -n "$(squeue --noheader 2>/dev/null)" ] && [ "$tries" -lt 20 ]; do
            sleep 0.5
            tries=$((tries + 1))
        done
    fi
    for process in $started; do
        stop "$process"
    done
    if [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]; then
        rm -rf "$place"
    else
        echo "the logs are in $place"
    fi
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

give_up() {
    echo "FAILED $1"
    failed=$((failed + 1))
    echo "$passed passed, $failed failed"
    exit 1
}

# check NAME COMMAND...: counts whether the command holds.
check() {
    name=$1
    shift
    if "$@"; then
        echo "ok     $name"
        passed=$((passed + 1))
    else
        echo "FAILED $name"
        failed=$((failed + 1))
    fi
}

# await SECONDS COMMAND...: until the command holds.
await() {
    tries=$(($1 * 10))
    shift
    until "$@" 2>/dev/null; do
        [ "$tries" -gt 0 ] || return 1
        tries=$((tries - 1))
        sleep 0.1
    done
}

# start NAME COMMAND...: in the background, in a session of its own, so that Ctrl-C does not end it before its jobs.
start() {
    name=$1
    shift
    setsid "$@" >"$place/$name.out" 2>&1 </dev/null &
    started="$! $started"
}

# ---- Slurm ----

# free_port LEAST: the first free port of this machine from LEAST on.
free_port() {
    awk -v least="$1" '
        function number(hex,  i, n) {
            for (i = 1; i <= length(hex); i++) n = n * 16 + index("0123456789ABCDEF", substr(hex, i, 1)) - 1
            return n
        }
        $4 == "0A" { sub(/.*:/, "", $2); taken[number($2)] }
        END { while (least in taken) least++; print least }' /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

host=$(hostname -s)
least=$((20000 + $$ % 10000))
controller_port=$(free_port "$least")
node_port=$(free_port $((controller_port + 1)))
SLURM_CONF=$place/slurm.conf
export SLURM_CONF
[ "${#place}" -lt 90 ] || give_up "the name $place is too long for a socket in it; set BUILD to a shorter one"

cat >"$SLURM_CONF" <<END
ClusterName=rehearsal
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$controller_port
SlurmdPort=$node_port
SlurmUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$place/munge.socket
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
ReturnToService=2
StateSaveLocation=$place/state
SlurmdSpoolDir=$place/spool
SlurmctldLogFile=$place/slurmctld.log
SlurmdLogFile=$place/slurmd.log
SlurmctldPidFile=$place/slurmctld.pid
SlurmdPidFile=$place/slurmd.pid
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END

is_up() {
    [ "$(sinfo --noheader --format=%T)" = idle ]
}

mkdir "$place/state" "$place/spool"
chmod 755 "$place"
(umask 077 && head -c 1024 /dev/urandom >"$place/munge.key")
# --force: munged would refuse a folder whose parents others may write to.
start munged munged --foreground --force --num-threads=2 --key-file="$place/munge.key" --socket="$place/munge.socket" \
    --pid-file="$place/munge.pid" --log-file="$place/munged.log" --seed-file="$place/munge.seed"
await 10 test -S "$place/munge.socket" || give_up 'munged did not start'
start slurmctld slurmctld -D -f "$SLURM_CONF"
start slurmd slurmd -D -f "$SLURM_CONF" -N "$host"
await 60 is_up || give_up 'the node of Slurm is not idle after a minute'

# ---- The sweep ----

# parent_of PROCESS
parent_of() {
    sed -n 's/^PPid:[[:space:]]*//p' "/proc/$1/status" 2>/dev/null
}

# command_of PROCESS: its words, with a space after each.
command_of() {
    tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline"
}

# find_part K: sets $process to the main process of the part, not a worker.
find_part() {
    for process in $(grep -laF "$place/sweep/rehearse" /proc/[0-9]*/cmdline 2>/dev/null | tr -dc '0-9\n'); do
        case $(command_of "$process") in
        "$place/sweep/rehearse sweep "*" --shard $1/$shards "*)
            case $(command_of "$(parent_of "$process")") in
            "$place/sweep/rehearse "*) ;;
            *) return 0 ;;
            esac
            ;;
        esac
    done
    return 1
}

submit() {
    sim/cluster/slurm.sh --seeds "0..$((seeds - 1))" --shards "$shards" --faults all --output "$place/sweep" \
        --rehearse "$rehearse" "$@"
}

# is_still_there: whether a second call finds the jobs of the first one.
is_still_there() {
    submit | grep -q '^still there: jobs '
}

submit >"$place/submitted" || give_up "slurm.sh: $(cat "$place/submitted")"
cat "$place/submitted"
check 'the parts and the merging job are submitted' test "$(wc -l <"$place/sweep/jobs")" -eq 2
check 'again, while they run: nothing is submitted' is_still_there

# has_begun: whether the part to be killed is run, or has ended already.
has_begun() {
    find_part "$killed" || [ -e "$place/sweep/parts/$killed" ]
}

await 300 has_begun || give_up "part $killed did not begin"
[ ! -e "$place/sweep/parts/$killed" ] || give_up "part $killed ended before it was killed; sweep more seeds"
kill -KILL "$process" || give_up "part $killed ended before it was killed; sweep more seeds"
echo "killed process $process, which ran part $killed"

submit --wait >"$place/waited"
check 'the sweep ends, and all seeds passed' test $? -eq 0
check 'the killed part was lost' grep -rqx "slurm.sh: part $killed is not complete" "$place/sweep/logs"
check 'only that part was submitted again' test \
    "$(cat "$place"/sweep/logs/merge.*.log | grep -x 'missing parts are run again: .*')" = \
    "missing parts are run again: $killed"
check 'no part is missing' test "$(find "$place/sweep/parts" -type f | wc -l)" -eq "$shards"

# ---- The same in one piece ----

"$rehearse" sweep --seeds "0..$((seeds - 1))" --faults all --jobs "$(nproc)" --output "$place/whole" \
    >"$place/whole.report" 2>"$place/whole.speed"
check 'the merged result is that of one sweep, in all numbers' cmp "$place/sweep/result" "$place/whole"
check 'the merged report is that of one sweep' cmp "$place/sweep/report" "$place/whole.report"
tail -n 2 "$place/sweep/report" | head -n 1

submit >"$place/again"
check 'again: the result is printed' cmp "$place/again" "$place/whole.report"
check 'again: nothing is submitted' test "$(wc -l <"$place/sweep/jobs")" -eq 4
rm "$place/sweep/parts/1"
submit --wait >"$place/again"
check 'without part 1: only that is submitted' grep -qx 'job [0-9]*: parts 1 of 8' "$place/again"
check 'without part 1: the result is the same' cmp "$place/sweep/report" "$place/whole.report"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
