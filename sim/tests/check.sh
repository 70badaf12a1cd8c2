#!/bin/sh
# Runs all checks: check.sh BUILD SCENARIOS, with $MAKE set as in a recipe of make.
# The last line sums up the stages, and is also stored in BUILD/check.counts.
set -u

build=$1
scenarios=$2
. "$(dirname "$0")/stages.sh"
lint_said=$(mktemp)
trap 'rm -f "$said" "$lint_said"; kill "$lint" 2>/dev/null' EXIT

# Lint takes longest, and runs in parallel with the other stages, most of which leave a processor idle.
nice $MAKE lint >"$lint_said" 2>&1 </dev/null &
lint=$!
await_lint() {
    wait "$lint"
    status=$?
    cat "$lint_said"
    return "$status"
}

stage 'unit tests' $MAKE test
stage 'tool' sim/tests/tool.sh "$build/rehearse"
stage 'tool: one run' sim/tests/tool_replay.sh "$build/rehearse"
stage 'tool: reports' sim/tests/tool_reports.sh "$build/rehearse"
stage 'tool: choosing what to run' sim/tests/tool_select.sh "$build/rehearse"
stage 'tool: keeping failures' sim/tests/tool_adopt.sh "$build/rehearse"
stage 'tool: interruptions' sim/tests/tool_interrupt.sh "$build/rehearse"
stage 'tool: large inputs' sim/tests/large.sh "$build/rehearse"
stage 'scenarios are well formed' "$build/rehearse" lint "$scenarios"
stage 'scenarios in the default schedule' "$build/rehearse" run "$scenarios"
for seed in 1 2 3 4 5; do
    stage "scenarios under seed $seed" "$build/rehearse" run --seed "$seed" "$scenarios"
done
stage 'regressions' "$build/rehearse" replay fixtures/regressions
stage 'scenarios with a failing allocation' "$build/rehearse" starve --jobs "$(nproc)" "$scenarios"
stage 'scenarios in every order' "$build/rehearse" explore --only-tags explore "$scenarios"
stage 'plots of 20000 seeds' "$build/rehearse" sweep --seeds 0..19999 --faults all --jobs "$(nproc)"
stage 'a day of a thousand clients' sim/tests/day.sh "$build/rehearse"
stage 'costs of input' $MAKE resources
stage 'stored inputs of the fuzz targets' $MAKE fuzz-replay
stage 'external symbols of the core' $MAKE symbols
stage 'headers in C++' $MAKE headers
stage 'layers' $MAKE layers
stage 'layers: cases' sim/tests/layers_cases.sh "${CC:-gcc}"
stage 'packages: cases' sim/tests/packages_cases.sh
stage 'has_tests: cases' sim/tests/has_tests_cases.sh
stage 'coverage: cases' sim/tests/coverage_cases.sh "${CC:-gcc}"
stage 'sweeps on a simulated cluster' sim/tests/cluster_cases.sh "$build/rehearse"
stage 'what CI servers run' sim/tests/ci_cases.sh "$build/rehearse"
stage 'sanitizers: build' $MAKE asan
stage 'sanitizers: unit tests' sh -c 'sim/tests/run-tests.sh "$0"/*/tests/*_test' "$build/asan"
stage 'sanitizers: tool' sim/tests/tool.sh "$build/asan/rehearse"
stage 'sanitizers: tool: one run' sim/tests/tool_replay.sh "$build/asan/rehearse"
stage 'sanitizers: tool: reports' sim/tests/tool_reports.sh "$build/asan/rehearse"
stage 'sanitizers: tool: choosing what to run' sim/tests/tool_select.sh "$build/asan/rehearse"
stage 'sanitizers: tool: keeping failures' sim/tests/tool_adopt.sh "$build/asan/rehearse"
stage 'sanitizers: scenarios in the default schedule' "$build/asan/rehearse" run "$scenarios"
stage 'sanitizers: scenarios under seed 1' "$build/asan/rehearse" run --seed 1 "$scenarios"
stage 'sanitizers: plots of 2000 seeds' "$build/asan/rehearse" sweep --seeds 0..1999 --faults all \
    --jobs "$(nproc)"
stage "clang's sanitizer: build" $MAKE ubsan
stage "clang's sanitizer: unit tests" sh -c 'sim/tests/run-tests.sh "$0"/*/tests/*_test' "$build/ubsan"
stage "clang's sanitizer: tool" sim/tests/tool.sh "$build/ubsan/rehearse"
stage "clang's sanitizer: scenarios" "$build/ubsan/rehearse" run "$scenarios"
stage "clang's sanitizer: scenarios under seed 1" "$build/ubsan/rehearse" run --seed 1 "$scenarios"
stage "clang's sanitizer: regressions" "$build/ubsan/rehearse" run fixtures/regressions
stage "clang's sanitizer: plots of 2000 seeds" "$build/ubsan/rehearse" sweep --seeds 0..1999 --faults all \
    --jobs "$(nproc)"
stage 'determinism' $MAKE determinism
stage 'layout and static analysis' await_lint

sum_up | tee "$build/check.counts"
[ "$failed" -eq 0 ]
