#!/bin/sh
# Tests the servers that `make servers` has installed: servers.sh PROGRAM SEEDS 'SERVER...' FOLDER...
# The scenarios must pass, or fail as expected.  With a server in lock-step, seeds and scenarios must give the same trace
# hashes twice: with one worker and with two, and in another order.  What a sweep finds in the server is counted, and no
# failure here.  Real servers (live:NAME) must run 500 cases at least.
set -u

rehearse=$1
seeds=$2
servers=$3
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# judge STATUS NAME
judge() {
    if [ "$1" = 0 ]; then
        passed=$((passed + 1))
        echo "  ok       $2"
    else
        failed=$((failed + 1))
        echo "  FAILED   $2"
    fi
}

# hashes_of FOLDER...: a line with the title of each case and its hash, sorted.
hashes_of() {
    "$rehearse" run --server $server --expect none --jobs 2 --format json "$@" |
        sed -n 's/.*"title":\(".*"\),"status":.*"trace_hash":\("[0-9a-f]*"\).*/\1 \2/p' | LC_ALL=C sort
}

# reversed FOLDER TO: a copy of the scenarios such that the last file comes first.  Files beside them stay.
reversed() {
    mkdir -p "$2"
    cp -r "$1"/. "$2"
    find "$2" -name '*.scs' | LC_ALL=C sort -r | awk '{ print NR + 10000, $0 }' | while read -r number file; do
        mv "$file" "$(dirname "$file")/$number.scs"
    done
    find "$2" -mindepth 1 -maxdepth 1 -type d | LC_ALL=C sort -r | awk '{ print NR + 100, $0 }' |
        while read -r number folder; do mv "$folder" "$2/$number"; done
}

# check_scenarios FOLDER...: our core passes what was kept of the server; and the server does as expected.
check_scenarios() {
    "$rehearse" run "$kept" >"$work/core" 2>&1
    status=$?
    [ $status = 0 ] || cat "$work/core"
    judge $status "$kept with our core"

    "$rehearse" run --server $server --jobs 2 "$@" "$kept" >"$work/run" 2>&1
    status=$?
    [ $status = 0 ] || cat "$work/run"
    tail -n 4 "$work/run"
    judge $status "$server: the scenarios, and $kept"
}

# check_count: of the run before, whether the server can be asked enough.
check_count() {
    cases=$(sed -n 's/^\([0-9]*\) scenarios in .*/\1/p' "$work/run")
    [ "${cases:-0}" -ge 500 ]
    judge $? "$server: ${cases:-0} cases, of 500 that are wanted"
}

# check_hashes FOLDER...
check_hashes() {
    rm -rf "$work/copy"
    hashes_of "$@" >"$work/forwards"
    for folder; do reversed "$folder" "$work/copy/scenarios/$(basename "$folder")"; done
    # They name files of rosters in ../../fixtures.
    ln -s "$PWD/fixtures" "$work/copy/scenarios/fixtures"
    for folder; do shift && set -- "$@" "$work/copy/scenarios/$(basename "$folder")"; done
    hashes_of "$@" >"$work/backwards"
    [ -s "$work/forwards" ] && diff "$work/forwards" "$work/backwards" | head -n 10 >"$work/different"
    [ -e "$work/different" ] && [ ! -s "$work/different" ]
    status=$?
    cat "$work/different" 2>/dev/null
    judge $status "the same trace hashes in another order: $(wc -l <"$work/forwards") cases"

    for jobs in 1 2; do
        "$rehearse" sweep --server $server --faults network --seeds "0..$((seeds - 1))" --jobs $jobs >"$work/sweep$jobs" \
            2>"$work/said$jobs"
        grep -o 'traces [0-9a-f]*' "$work/sweep$jobs" >"$work/traces$jobs"
    done
    grep '^failed ' "$work/sweep1"
    tail -n 3 "$work/sweep1"
    tail -n 1 "$work/said1"
    [ -s "$work/traces1" ] && cmp -s "$work/traces1" "$work/traces2"
    judge $? "the same trace hashes of $seeds seeds, twice"
}

for server in $servers; do
    kept=fixtures/servers/${server#live:}
    check_scenarios "$@"
    case $server in
    live:*) check_count ;;
    *) check_hashes "$@" ;;
    esac
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
