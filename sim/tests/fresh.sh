#!/bin/sh
# Checks that the commands work on an unprepared machine: fresh.sh SUITE[:PACKAGE]...
# For each release of Debian it makes a machine below build/fresh that has make and git and nothing else that
# the project needs, copies the committed files to it, and runs `make run`, `make test`, `make hashes` and
# `make installed` there.  With a package named the machine has its oldest version that the mirrors have, and
# keeps it.
#
# The machine is a chroot made by mmdebstrap: of this one it has /proc, the mirrors, and the way to them.  It is
# removed at the end; the output stays in build/fresh/SUITE.log.  An unreachable mirror is reported and
# skipped.
set -u

if [ "$(id -u)" != 0 ]; then
    echo "fresh.sh: a machine of its own can only be made by root: sudo make fresh" >&2
    exit 2
fi
git rev-parse -q --verify HEAD >/dev/null || exit 2
[ -z "$(git status --porcelain --untracked-files=no)" ] ||
    echo "what is not committed is not run"

room=$PWD/build/fresh
place=/root/rehearsal
passed=0
failed=0
skipped=0
mkdir -p "$room"

. "$(dirname "$0")/machine.sh"

# ---- The machine ----

# make_fresh SUITE: a machine with the committed files.
make_fresh() {
    make_machine "$1" make,git,ca-certificates && git archive --prefix=root/rehearsal/ HEAD | tar -x -C "$root"
}

# hold PACKAGE: installs its oldest version, and that of the packages of the same source that require it.
hold() {
    in_machine "apt-get update -q || exit
        version=\$(apt-cache madison $1 | cut -d '|' -f 2 | tr -d ' ' | sort -V | sed -n 1p)
        echo \"$1 is held at \$version\"
        same=\$(apt-cache show $1=\$version | sed -n 's/^Depends: //p' | tr ',' '\\n' |
            sed -n \"s/^ *\\([a-z0-9.+-]*\\) (= \$version).*/\\1=\$version/p\")
        apt-get install -q -y --no-install-recommends --allow-downgrades $1=\$version \$same &&
            apt-mark hold $1 \$(echo \"\$same\" | sed 's/=.*//')"
}

# ---- What is built and run ----

# counted WHAT: the number of WHAT in the last line with counts.
counted() {
    grep -E '^[0-9]+ passed, [0-9]+ failed' "$said" | tail -n 1 | sed -n -E 's/^(.*[^0-9])?([0-9]+) '"$1"'.*/\2/p'
}

# run_there COMMAND
run_there() {
    began=$(date +%s)
    in_machine "$1" >"$said" 2>&1
    status=$?
    good=$(counted passed)
    bad=$(counted failed)
    cat "$said" >>"$log"
    if [ "$status" -ne 0 ] && is_unreachable "$said"; then
        skip "$1: a mirror cannot be reached"
        return
    fi
    good=${good:-0}
    [ "$status" -eq 0 ] || [ "${bad:-0}" -gt 0 ] || bad=1
    passed=$((passed + good))
    failed=$((failed + ${bad:-0}))
    [ "${bad:-0}" -eq 0 ] || tail -n 40 "$said"
    printf '%-20s %-12s %5d passed, %d failed  (%d s)\n' "$machine" "$1" "$good" "${bad:-0}" $(($(date +%s) - began))
}

skip() {
    echo "skipped: $machine: $1"
    skipped=$((skipped + 1))
}

# fail WHAT: the machine itself could not be made.
fail() {
    tail -n 20 "$log"
    echo "FAILED $machine: $1"
    failed=$((failed + 1))
}

# try MACHINE: as SUITE or SUITE:PACKAGE.
try() {
    machine=$1
    root=$room/$(echo "$machine" | tr : -)
    log=$root.log
    said=$room/said
    held=${machine#"${machine%%:*}"}
    remove_machine
    if ! make_fresh "${machine%%:*}" >"$log" 2>&1; then
        is_unreachable "$log" && skip 'its mirror cannot be reached' || fail 'it cannot be made'
    elif [ -n "$held" ] && ! hold "${held#:}" >>"$log" 2>&1; then
        fail "${held#:} cannot be held"
    else
        grep ' is held at ' "$log"
        run_there 'make run'
        run_there 'make test'
        run_there 'make hashes'
        run_there 'make installed'
    fi
    remove_machine
}

# The program that creates the machines must be installed on this one.
machine='this machine'
log=$room/deps.log
if MAKEFLAGS='' make --no-print-directory deps-fresh >"$log" 2>&1; then
    for machine in "$@"; do
        try "$machine"
    done
elif is_unreachable "$log"; then
    skip 'a mirror cannot be reached'
else
    fail 'mmdebstrap cannot be installed'
fi

[ "$skipped" -eq 0 ] && skipped= || skipped=", $skipped skipped"
echo "$passed passed, $failed failed$skipped"
[ "$failed" -eq 0 ]
