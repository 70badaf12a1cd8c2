#!/bin/sh
# Prints the seeds of a CI server's run, as A..B for `rehearse sweep --seeds`: ci_seeds.sh RUN
# RUN counts the runs from 1: GITHUB_RUN_NUMBER, CI_PIPELINE_IID, BUILD_NUMBER.  Each run has a hundred million seeds,
# more than it can use, so that two runs never have a seed in common, and the same run repeated has the same seeds.
# No run has the seeds that `make check` sweeps, which are below a hundred million.
set -u

case ${1:-} in
'' | *[!0-9]* | 0*) echo "ci_seeds.sh: expected the number of a run, from 1; got \"${1:-}\"" >&2 && exit 2 ;;
esac
# The last seed of the last run is below 10^18, the most that sim/cluster/slurm.sh takes too.
[ "${#1}" -le 9 ] || { echo "ci_seeds.sh: the number $1 is above 999999999" >&2 && exit 2; }
echo "${1}00000000..${1}99999999"
