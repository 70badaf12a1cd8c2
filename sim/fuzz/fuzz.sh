#!/bin/sh
# Runs fuzz targets: fuzz.sh [--afl] BUILD TIME TARGET...
# TIME is seconds, or has a unit: 90s, 10m, 1h.  Several targets get equal shares of TIME on all of JOBS processors.
#
# A target starts from fixtures/corpus/TARGET, and from what earlier runs have found, which is kept in
# BUILD/fuzz/found/TARGET.  Findings go to BUILD/fuzz/findings/TARGET; each is replayed by the plain program, alone in
# a process, and is named with the command that does it.  While it runs there is a line every few seconds.
# Exit status: 0; 1 when there is a finding; 2 when a target cannot run.
set -u

afl=
if [ "$1" = --afl ]; then
    afl=1
    shift
fi
build=$1
time=$2
shift 2
jobs=${JOBS:-1}
here=$(dirname "$0")

case $time in
*h) total=$((${time%h} * 3600)) ;;
*m) total=$((${time%m} * 60)) ;;
*) total=${time%s} ;;
esac
seconds=$((total * jobs / $#))
[ "$seconds" -le "$total" ] || seconds=$total
[ "$seconds" -gt 0 ] || seconds=1

# What libFuzzer prints, as lines of: target, executions/s, edges, inputs, time left.  A finding is passed on.
progress() {
    awk -v target="$1" -v seconds="$seconds" '
        BEGIN { "date +%s" | getline began; close("date +%s") }
        function field(name,  i) {
            for (i = 1; i < NF; i++)
                if ($i == name)
                    return $(i + 1)
            return 0
        }
        function left(  now) {
            "date +%s" | getline now
            close("date +%s")
            now = seconds - (now - began)
            return now > 0 ? now : 0
        }
        /^#[0-9]+[ \t]/ {
            rest = left()
            if (!finished && $2 != "DONE" && last != "" && last - rest < 5)
                next
            last = rest
            inputs = field("corp:")
            sub("/.*", "", inputs)
            printf "%-10s %7d executions/s  %6d edges  %5d inputs  %5d s left\n", target, field("exec/s:"), \
                field("cov:"), inputs, rest
            fflush()
            next
        }
        /^###### Recommended/ { hidden = 1 }
        /^###### End of/ { hidden = 0; next }
        hidden { next }
        /^(INFO|Dictionary|Done|stat::)/ { next }
        { print; fflush() }'
}

# run_libfuzzer TARGET LONGEST SECONDS MEGABYTES DICTIONARY
run_libfuzzer() {
    words=
    [ "$5" = - ] || words=-dict=$here/dictionaries/$5
    "$build/fuzz/libfuzzer/$1" -max_len="$2" -timeout="$3" -rss_limit_mb="$4" -max_total_time="$seconds" \
        $words -artifact_prefix="$build/fuzz/findings/$1/" -reload=0 -print_final_stats=1 -entropic=0 \
        "$build/fuzz/found/$1" $(seeds "$1") 2>&1
}

seeds() {
    for folder in "fixtures/corpus/$1" "fixtures/regressions/inputs/$1"; do
        [ -d "$folder" ] && echo "$folder"
    done
}

# The same with AFL++, which wants one folder of inputs and keeps its own.  It fails when AFL++ cannot start.
run_afl() {
    words=
    [ "$5" = - ] || words="-x $here/dictionaries/$5"
    inputs=$(mktemp -d)
    statistics=$build/fuzz/afl/found/$1/default/fuzzer_stats
    mkdir -p "$build/fuzz/afl/found"
    rm -f "$statistics"
    echo >"$inputs/line"
    for folder in $(seeds "$1") "$build/fuzz/found/$1"; do
        find "$folder" -type f ! -name '*.txt' -exec cp {} "$inputs" ';'
    done
    AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 afl-fuzz -V "$seconds" -G "$2" \
        -t "${3}000" -m none -i "$inputs" -o "$build/fuzz/afl/found/$1" $words -- "$build/fuzz/afl/$1" 2>&1 |
        sed -n -E '/(PROGRAM ABORT|SYSTEM ERROR)/,$p'
    rm -rf "$inputs"
    [ -e "$statistics" ] || return
    grep -E '^(execs_per_sec|edges_found|corpus_count|saved_crashes) ' "$statistics"
    for kind in crashes hangs; do
        find "$build/fuzz/afl/found/$1/default/$kind" -name 'id*' -exec cp {} "$build/fuzz/findings/$1" ';'
    done
}

# one TARGET: fuzzes it, and replays what was found.  A leak is looked for at the end of a replay, not after each input.
one() {
    limits=$("$build/fuzz/$1" --limits) || return 2
    mkdir -p "$build/fuzz/found/$1" "$build/fuzz/findings/$1"
    if [ -n "$afl" ]; then
        run_afl "$1" $limits || return 2
    else
        # A short quarantine: freed memory is reused late enough, and stays in the cache.  To see where a block was
        # allocated, run the finding with build/fuzz/libfuzzer/TARGET: stacks of all allocations take time.
        ASAN_OPTIONS=quarantine_size_mb=8:malloc_context_size=1:$ASAN_OPTIONS UBSAN_OPTIONS=print_stacktrace=1 \
            run_libfuzzer "$1" $limits | progress "$1"
    fi
    found=$(find "$build/fuzz/findings/$1" -type f | sort)
    [ -n "$found" ] || return 0
    "$build/fuzz/$1" $found
    return 1
}

ASAN_OPTIONS=${ASAN_OPTIONS:-}
export ASAN_OPTIONS
if [ $# -eq 1 ]; then
    one "$1"
    exit
fi
again="$0 ${afl:+--afl}"
printf '%s\n' "$@" | JOBS=1 xargs -P "$jobs" -I TARGET $again "$build" "$seconds" TARGET
[ $? -eq 0 ] || exit 1
