#!/bin/sh
# Runs the checks that take seconds: quick.sh BUILD SCENARIOS REGRESSIONS, with $MAKE set as in a recipe of make.
set -u

build=$1
scenarios=$2
regressions=$3
. "$(dirname "$0")/stages.sh"
trap 'rm -f "$said"' EXIT

stage 'unit tests' $MAKE test
stage 'scenarios' "$build/rehearse" run "$scenarios"
stage 'regressions' "$build/rehearse" replay "$regressions"
stage 'plots of 500 seeds' "$build/rehearse" sweep --seeds 0..499 --faults all --jobs "$(nproc)"
stage 'layers' $MAKE layers
stage 'layout' $MAKE layout

sum_up
[ "$failed" -eq 0 ]
