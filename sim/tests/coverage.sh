#!/bin/sh
# Measures what tests and scenarios reach, and writes the reports: coverage.sh BUILD TEST...
# coverage.sh --list BUILD TEST... only prints what would be measured, a line each: name, description, command.
# BUILD has the tool and the test programs, compiled with coverage; TESTS are those programs.  From the environment:
#
#   SCENARIOS, REGRESSIONS   folders of scenarios
#   LEAST                    the least percentages of lines and branches, as "core 99 96 sim 97 92"
#   FUZZ_REPLAYS             programs, each of which replays the files of the folders that it is given; each gets
#                            CORPUS/NAME, for its name; none by default
#   CORPUS                   fixtures/corpus by default
#   SEEDS                    of the sweep; 0..499 by default
#   JOBS                     how many sources are measured at the same time; as many as there are processors
#   REPORT                   reports/coverage by default
#   VERSION                  of what is measured, for the Cobertura report
#
# Each test program, each folder of scenarios, and each other source is measured apart (coverage_run.sh), so that the
# reports can say what it reaches.  Exit status: 0; 1 when a source failed, a marker has no reason or a percentage is
# less than it must be, after the reports were written; 2 when nothing could be measured.
set -u

list=
if [ "$1" = --list ]; then
    list=1
    shift
fi
build=$1
shift
here=$(dirname "$0")
awks=$here/coverage
data=$build/data
report=${REPORT:-reports/coverage}
corpus=${CORPUS:-fixtures/corpus}
seeds=${SEEDS:-0..499}
jobs=${JOBS:-$(nproc)}
tool=$build/rehearse
XDG_STATE_HOME=/dev/null # what fails is not kept for --last-failed
LC_ALL=C.UTF-8
export XDG_STATE_HOME LC_ALL

# ---- What is measured ----

# Each source is a line: its name, what it is, and its command, with tabs between them.
source_is() {
    printf '%s\t%s\t%s\n' "$1" "$2" "$3"
}

list_sources() {
    # Its times are those of an optimised build; here it may fail.
    source_is tool_interrupt "tests of what ends the tool early: sim/tests/tool_interrupt.sh" \
        "$here/tool_interrupt.sh $tool || :"
    for script in "$here"/tool.sh "$here"/tool_*.sh; do
        name=$(basename "$script" .sh)
        case $name in
        tool_interrupt | tool_guided) ;;
        *) source_is "$name" "tests of the tool from outside: sim/tests/$name.sh" "$script $tool" ;;
        esac
    done
    if [ -e "$build/guided/rehearse" ]; then
        source_is tool_guided "tests of guided sweeps: sim/tests/tool_guided.sh" \
            "$here/tool_guided.sh $build/guided/rehearse $build/guided/mistaken"
    fi
    if [ -e "$build/counted/resources_test" ]; then
        source_is counted_resources "hostile input to a core whose work is counted: sim/tests/resources_test.c" \
            "$build/counted/resources_test"
    fi
    source_is sweep "a sweep of the seeds $seeds with all faults" "$tool sweep --seeds $seeds --faults all --jobs 2"
    source_is explore "the scenarios with the tag explore, in every order" \
        "$tool explore --only-tags explore --jobs 2 $SCENARIOS"
    source_is regressions "the regressions" "$tool run --jobs 0 $REGRESSIONS"
    for folder in "$SCENARIOS"/*/; do
        folder=${folder%/}
        source_is "scenarios_$(basename "$folder" | tr -c 'a-zA-Z0-9\n' _)" \
            "$folder, in the default schedule and under seed 1" \
            "$tool run --jobs 0 $folder && $tool run --jobs 0 --seed 1 $folder"
    done
    for test; do
        name=$(echo "${test#"$build/"}" | sed 's|/tests/|_|' | tr -c 'a-zA-Z0-9\n' _)
        source_is "$name" "unit tests: ${test#"$build/"}.c" "$test"
    done
    for program in ${FUZZ_REPLAYS:-}; do
        name=$(basename "$program")
        source_is "fuzz_$(echo "$name" | tr -c 'a-zA-Z0-9\n' _)" "replay of $corpus/$name" "$program $corpus/$name"
        [ "$name" != files ] ||
            source_is fuzz_cases "tests of the programs of fuzz targets: sim/tests/fuzz_cases.sh" "$here/fuzz_cases.sh $program"
    done
}

# Runs all of them, `jobs` at a time; a name goes to `failed` when its command fails.
measure() {
    : >"$data/failed"
    sed 's/\t[^\t]*\t/\t/' "$data/sources" | tr '\t' '\n' | xargs -d '\n' -n 2 -P "$jobs" sh -c \
        '"$0/coverage_run.sh" "$1" "$2" "$3" sh -c "$4" || echo "$3" >>"$2/failed"' "$here" "$build" "$data"
    LC_ALL=C sort -o "$data/failed" "$data/failed"
}

# Code that no source reached is in no tracefile; its lines are taken from the compiler's notes.
find_unreached() {
    find "$build/core" "$build/sim" -name tests -prune -o -path "$build/sim/bench" -prune -o -name '*.gcno' -print |
        LC_ALL=C sort | xargs gcov -b -c -t 2>/dev/null | awk -v test=all_sources -v all=1 -f "$awks/gcov_to_info.awk"
}

# ---- The reports ----

# Version 2 of genhtml reports an error when a line is reached and a branch of it is not evaluated, as in the
# second half of a condition, and needs to know where functions end.
tolerate() {
    case $(genhtml --version) in
    *' 1.'*) ;;
    *) echo --ignore-errors inconsistent,inconsistent,unsupported,unsupported ;;
    esac
}

write_pages() {
    awk -F '\t' '{ print "TN: " $1 "\nTD: " $2 }' "$data/sources" >"$data/descriptions"
    echo 'TN: all_sources
TD: the files that nothing reaches' >>"$data/descriptions"
    genhtml $(tolerate) --quiet --branch-coverage --legend --show-details --title 'Rehearsal' --description-file "$data/descriptions" \
        --keep-descriptions --output-directory "$report" "$build/tests.info" >"$data/genhtml.log" 2>&1 && return
    cat "$data/genhtml.log"
    echo "FAILED genhtml cannot write the pages"
    return 1
}

# over_all SCRIPT OPTION...: runs an awk script over the sum of all sources.
over_all() {
    script=$1
    shift
    awk "$@" -f "$awks/read_info.awk" -f "$awks/$script.awk" "$build/all.info"
}

# The marks are counted in the sources that are measured.
write_summary() {
    marks=$(find core sim -name tests -prune -o -path sim/bench -prune -o -name '*.[ch]' -print | LC_ALL=C sort |
        xargs awk -f "$awks/marks.awk") || failed=1
    over_all summary -v least="$LEAST" -v marks="$marks" -v missing="$report/missing.txt" >"$report/summary.txt" || failed=1
    cat "$report/summary.txt"
}

if [ -n "$list" ]; then
    list_sources "$@"
    exit
fi
mkdir -p "$data" "$report" || exit 2
rm -rf "${data:?}"/* "${report:?}"/*
began=$(date +%s)
failed=0
list_sources "$@" >"$data/sources"
measure
cut -f 1 "$data/sources" | sed "s|.*|$data/&.info|" | xargs cat >"$build/reached.info"
find_unreached >"$build/none.info"
awk 'NR == FNR { if (/^SF:/) known[$0] = 1; next }
    /^TN:/ { test = $0; next }
    /^SF:/ { unknown = !($0 in known); if (unknown) print test }
    unknown' "$build/reached.info" "$build/none.info" | cat "$build/reached.info" - >"$build/tests.info"
awk -f "$awks/read_info.awk" -f "$awks/merge.awk" "$build/tests.info" >"$build/all.info"
touch -r "$data/sources" "$build/all.info" # what changes from then on was not measured (coverage_diff.sh)

write_pages || failed=1
over_all cobertura -v root=. -v when="$(date +%s)" -v version="Rehearsal ${VERSION:-}" >"$report/cobertura.xml" || failed=1
over_all badge -v least="$LEAST" >"$report/badge.svg" || failed=1
write_summary
while read -r name; do
    failed=1
    echo "FAILED the source $name; it said:"
    tail -n 20 "$data/$name.log" | sed 's/^/  | /'
done <"$data/failed"
echo "$(wc -l <"$data/sources") sources in $(($(date +%s) - began)) s: $report/index.html, summary.txt, missing.txt, cobertura.xml, badge.svg"
exit "$failed"
