#!/bin/sh
# Everything that must hold: check.sh BUILD SCENARIOS, with $MAKE as make was called.
# Shows what a stage said only when it failed; the last line sums up what the stages counted, and stays in
# BUILD/check.counts.
set -u

build=$1
scenarios=$2
passed=0
failed=0
said=$(mktemp)
trap 'rm -f "$said"' EXIT

# stage NAME COMMAND...: its last line may count, "3 passed, 0 failed"; a command that does not counts as one.
stage() {
    name=$1
    shift
    began=$(date +%s)
    "$@" >"$said" 2>&1 </dev/null
    status=$?
    counts=$(tail -n 1 "$said" | sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed.*/\1 \2/p')
    good=${counts% *}
    bad=${counts#* }
    if [ -z "$counts" ]; then
        good=$((status == 0))
        bad=$((status != 0))
    elif [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
        bad=1
    fi
    passed=$((passed + good))
    failed=$((failed + bad))
    if [ "$bad" -gt 0 ]; then
        cat "$said"
    fi
    printf '%-42s %5d passed, %d failed  (%d s)\n' "$name" "$good" "$bad" $(($(date +%s) - began))
}

stage 'unit tests' $MAKE test
stage 'tool' sim/tests/tool.sh "$build/rehearse"
stage 'tool: one run' sim/tests/tool_replay.sh "$build/rehearse"
stage 'tool: reports' sim/tests/tool_reports.sh "$build/rehearse"
stage 'tool: choosing what to play' sim/tests/tool_select.sh "$build/rehearse"
stage 'scenarios are well formed' "$build/rehearse" lint "$scenarios"
stage 'scenarios in the quiet world' "$build/rehearse" run "$scenarios"
for seed in 1 2 3 4 5; do
    stage "scenarios under seed $seed" "$build/rehearse" run --seed "$seed" "$scenarios"
done
stage 'regressions' "$build/rehearse" run fixtures/regressions
stage 'scenarios without enough memory' "$build/rehearse" starve --jobs "$(nproc)" "$scenarios"
stage 'scenarios in every order' "$build/rehearse" explore --only-tags explore "$scenarios"
stage 'plots of 20000 seeds' "$build/rehearse" sweep --seeds 0..19999 --faults all --jobs "$(nproc)"
stage 'a day of a thousand clients' sim/tests/day.sh "$build/rehearse"
stage 'what the core asks for' $MAKE symbols
stage 'who includes whom' $MAKE layers
stage 'sanitizers: build' $MAKE asan
stage 'sanitizers: unit tests' sh -c 'sim/tests/run-tests.sh "$0"/*/tests/*_test' "$build/asan"
stage 'sanitizers: tool' sim/tests/tool.sh "$build/asan/rehearse"
stage 'sanitizers: tool: one run' sim/tests/tool_replay.sh "$build/asan/rehearse"
stage 'sanitizers: tool: reports' sim/tests/tool_reports.sh "$build/asan/rehearse"
stage 'sanitizers: tool: choosing what to play' sim/tests/tool_select.sh "$build/asan/rehearse"
stage 'sanitizers: scenarios in the quiet world' "$build/asan/rehearse" run "$scenarios"
stage 'sanitizers: scenarios under seed 1' "$build/asan/rehearse" run --seed 1 "$scenarios"
stage 'sanitizers: plots of 2000 seeds' "$build/asan/rehearse" sweep --seeds 0..1999 --faults all \
    --jobs "$(nproc)"
stage 'determinism' $MAKE determinism
stage 'layout and static analysis' $MAKE lint

echo "$passed passed, $failed failed" | tee "$build/check.counts"
[ "$failed" -eq 0 ]
