#!/bin/sh
# Renews the stored inputs of fuzz targets: corpora.sh BUILD TARGET...
# Inputs are made of what the clients of the scenarios send (seeds.awk).  Together with what is stored, and with what
# fuzzers have found since (BUILD/fuzz/found), they are minimised to as few as reach the same edges, into
# fixtures/corpus/TARGET.  Inputs of more than 20 kB are left out.  Each must pass when it is replayed.
#
# Copies are minimised.  A fuzzer that runs at the same time replaces what it has found by smaller inputs, and where a file is
# gone libFuzzer's merge begins again, at the same file, as often as there are files.
set -u

build=$1
shift
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

trace_scenarios() {
    find scenarios -name '*.scs' | sort | while IFS= read -r file; do
        name=$(echo "${file%.scs}" | tr / -)
        "$build/rehearse" run --jobs 0 --trace "$work/traces/$name" "$file" >/dev/null
    done
}

# seeds TARGET: inputs in work/seeds.
seeds() {
    mkdir "$work/seeds"
    case $1 in
    session | stream | stanza)
        for trace in "$work/traces"/*; do
            LC_ALL=C awk -v target="$1" -v folder="$work/seeds" -v scenario="$(basename "$trace")" \
                -f "$here/seeds.awk" "$trace"
        done
        ;;
    jid)
        cat "$work/traces"/* | grep -oE "(to|from|jid)='[^']+'" | sed "s/^[a-z]*='//; s/'\$//" | sort -u | head -n 400 |
            while IFS= read -r address; do
                printf '\0%s' "$address" >"$work/seeds/$(echo "$address" | cksum | tr ' ' -)"
            done
        ;;
    sasl)
        printf '\001\004\004\0romeo\0pencil\n' >"$work/seeds/plain"
        for mechanism in '\004' '\010' '\014' '\020' '\024' '\030'; do
            printf "\\100\\004${mechanism}n,,n=romeo,r=abc\\n\\001\\n\\001c=biws,r=abc,p=AAAA\\n" \
                >"$work/seeds/$(echo "$mechanism" | tr -d '\\')"
        done
        ;;
    esac
}

# copy_inputs TARGET: what there is, into work/inputs; what vanishes meanwhile is left out.
copy_inputs() {
    mkdir "$work/inputs"
    find "fixtures/corpus/$1" "$work/seeds" "$build/fuzz/found/$1" -type f ! -size +20000c \
        -exec cp -t "$work/inputs" {} + 2>/dev/null
}

mkdir "$work/traces"
trace_scenarios
for target; do
    set -- $("$build/fuzz/$target" --limits)
    seeds "$target"
    mkdir -p "$work/corpus" "fixtures/corpus/$target" "$build/fuzz/found/$target"
    copy_inputs "$target"
    "$build/fuzz/libfuzzer/$target" -set_cover_merge=1 -max_len=20000 -timeout="$2" -rss_limit_mb="$3" "$work/corpus" \
        "$work/inputs" >"$work/said" 2>&1 || {
        tail -n 20 "$work/said"
        failed=1
    }
    rm -rf "fixtures/corpus/$target"
    mkdir -p "fixtures/corpus/$target"
    # The smallest 300, as many as a replay of all targets can run in seconds, and together at most 500 kB.
    find "$work/corpus" -type f -printf '%s %p\n' | sort -n |
        awk '{ size += $1 } NR > 300 || size > 500000 { exit } { sub(/^[0-9]+ /, ""); print }' |
        xargs -r -I FILE cp FILE "fixtures/corpus/$target"
    "$build/fuzz/$target" "fixtures/corpus/$target" >"$work/said" || {
        cat "$work/said"
        failed=1
    }
    printf '%-10s %4d inputs, %4d of them from scenarios at first, %s\n' "$target" \
        "$(ls "fixtures/corpus/$target" | wc -l)" "$(ls "$work/seeds" | wc -l)" \
        "$(du -bs "fixtures/corpus/$target" | cut -f 1) bytes"
    rm -rf "$work/corpus" "$work/inputs" "$work/seeds"
done
exit "$failed"
