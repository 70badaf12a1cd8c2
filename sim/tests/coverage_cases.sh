#!/bin/sh
# Tests the scripts of `make coverage` with small tracefiles, a table of cases: coverage_cases.sh CC
# They need neither lcov nor a build with coverage; a small program is compiled where CC is a gcc.
set -u

compiler=$1
tests=$PWD/sim/tests
awks=$tests/coverage
dtd=$PWD/fixtures/cobertura/report.dtd
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room" || exit 1
LC_ALL=C.UTF-8
export LC_ALL
passed=0
failed=0

complain() {
    [ "$bad" -eq 0 ] && echo "FAILED $case"
    bad=1
    echo "  $1"
}

# expect STATUS CASE COMMAND FRAGMENT...: the command's output, on both streams, contains each fragment, on lines of its own
# if the fragment has several.  "no: X" must not be in it; "all: X" is the whole output.
expect() {
    status=$1
    case=$2
    command=$3
    shift 3
    bad=0
    sh -c "$command" >said 2>&1 </dev/null
    got=$?
    [ "$got" -eq "$status" ] || complain "status: expected $status, got $got"
    for fragment in "$@"; do
        case $fragment in
        'no: '*) ! grep -qF -e "${fragment#no: }" said || complain "it says: ${fragment#no: }" ;;
        'all: '*) [ "$(cat said)" = "${fragment#all: }" ] || complain "not all that it says: ${fragment#all: }" ;;
        *) grep -qF -e "$fragment" said || complain "it does not say: $fragment" ;;
        esac
    done
    [ "$bad" -eq 0 ] || sed 's/^/  | /' said
    passed=$((passed + !bad))
    failed=$((failed + bad))
}

# over SCRIPT OPTION...: the command of one script over all.info.
over() {
    script=$1
    shift
    echo "awk $* -f $awks/read_info.awk -f $awks/$script.awk all.info"
}

# ---- From gcov ----

# The format is what gcov prints with -b and -c.
gcov_says() {
    cat >gcov.txt
}

to_info="awk -v test=one -f $awks/gcov_to_info.awk gcov.txt"

gcov_says <<'END'
        -:    0:Source:core/a.c
        -:    0:Graph:core/a.gcno
        -:    1:#include "a.h"
function f called 4 returned 100% blocks executed 80%
        4:    2:int f(int x)
        -:    3:{
        4:    4:    if (x > 1)
branch  0 taken 3 (fallthrough)
branch  1 taken 1
       3*:    5:        return g(x);
call    0 returned 3
    #####:    6:    h(x ? 1 : 2);
branch  0 never executed
branch  1 never executed
        4:    7:    assert(x);
branch  0 taken 0 (fallthrough)
branch  1 taken 4
    =====:    8:}
function unused called 0 returned 0% blocks executed 0%
    #####:    9:int unused(void)
END
expect 0 'counts of functions, branches and lines' "$to_info" 'all: TN:one
SF:core/a.c
FN:2,f
FN:9,unused
FNDA:4,f
FNDA:0,unused
FNF:2
FNH:1
BRDA:4,0,0,3
BRDA:4,0,1,1
BRDA:6,0,0,-
BRDA:6,0,1,-
BRF:4
BRH:2
DA:2,4
DA:4,4
DA:5,3
DA:6,0
DA:7,4
DA:8,0
DA:9,0
LF:7
LH:4
end_of_record'

gcov_says <<'END'
        -:    0:Source:core/a.c
        1:    1:int a; /* LCOV_EXCL_BR_LINE: no way */
branch  0 taken 0
function never called 0 returned 0% blocks executed 0%
    #####:    2:int never(void) /* LCOV_EXCL_START: because */
    #####:    3:b
branch  0 never executed
    #####:    4:c /* LCOV_EXCL_STOP */
    #####:    5:d
    #####:    6:e /* LCOV_EXCL_LINE: nor this */
branch  0 never executed
        -:    7:/* LCOV_EXCL_BR_START: a macro's */
        2:    8:f
branch  0 taken 1
        -:    9:/* LCOV_EXCL_BR_STOP */
END
expect 0 'what markers exclude' "$to_info" 'DA:1,1' 'DA:5,0' 'DA:8,2' 'LF:3' 'BRF:0' 'FNF:0' 'no: DA:2' 'no: DA:3' 'no: DA:4' 'no: DA:6'

gcov_says <<'END'
        -:    0:Source:core/a.c
        4:    1:    HASH_FIND_STR(map, key, found);
branch  0 taken 0
        4:    2:	DL_APPEND_ELEM2(list, at, e, prev, next);
branch  0 taken 0
        4:    3:    if (HASH_COUNT(map) == 0)
branch  0 taken 4
branch  1 taken 0
        4:    4:    MY_HASH_ADD(map, e);
branch  0 taken 4
        4:    5:    LL_FOREACH(list, e)
branch  0 taken 4
END
expect 0 'branches inside a macro of uthash are not counted, but those around one are' "$to_info" 'DA:1,4' 'DA:2,4' 'BRDA:3,0,1,0' \
    'BRDA:4,0,0,4' 'BRDA:5,0,0,4' 'BRF:4' 'no: BRDA:1' 'no: BRDA:2'

gcov_says <<'END'
        -:    0:Source:core/a.h
function g called 1 returned 100% blocks executed 100%
        1:    1:g ? 1 : 0
branch  0 taken 1
branch  1 never executed
        -:    0:Source:/usr/include/stdio.h
        7:    1:x
        -:    0:Source:core/tests/a_test.c
        7:    1:y
        -:    0:Source:sim/b.c
    #####:    1:z
        -:    0:Source:core/a.h
function g called 2 returned 100% blocks executed 100%
        2:    1:g ? 1 : 0
branch  0 never executed
branch  1 taken 2
END
expect 0 'a header of two objects is added up; other sources and what was not reached are left out' "$to_info" \
    'SF:core/a.h' 'FNDA:3,g' 'FNF:1' 'BRDA:1,0,0,1' 'BRDA:1,0,1,2' 'DA:1,3' 'LF:1' 'no: stdio' 'no: tests' 'no: sim/b.c'
expect 0 'with all=1 also what was not reached' "awk -v all=1 -f $awks/gcov_to_info.awk gcov.txt" 'SF:sim/b.c' 'DA:1,0'

# ---- The sum ----

# Two tests: core/iq/a.c has 5 lines of 10, with the second test 8, and 3 branches of 4; sim/b.c has nothing.
cat >all.info <<'END'
TN:one
SF:core/iq/a.c
FN:1,f
FN:20,g
FNDA:1,f
FNDA:0,g
BRDA:2,0,0,1
BRDA:2,0,1,0
BRDA:3,0,0,-
BRDA:3,0,1,-
DA:1,1
DA:2,1
DA:3,0
DA:4,0
DA:6,0
DA:10,1
DA:11,1
DA:12,1
DA:20,0
DA:21,0
end_of_record
TN:two
SF:core/iq/a.c
FN:1,f
FN:20,g
FNDA:2,f
FNDA:5,g
BRDA:2,0,0,0
BRDA:2,0,1,0
BRDA:3,0,0,4
BRDA:3,0,1,5
DA:1,2
DA:2,2
DA:3,5
DA:4,0
DA:6,0
DA:10,0
DA:11,0
DA:12,0
DA:20,5
DA:21,5
end_of_record
SF:core/core.c
DA:1,1
DA:3,0
end_of_record
SF:sim/b.c
FN:3,<h>
FNDA:0,<h>
BRDA:4,0,0,-
DA:3,0
DA:4,0
end_of_record
END
expect 0 'tests are added up' "$(over merge)" 'FNDA:3,f' 'FNDA:5,g' 'BRDA:2,0,0,1' 'BRDA:2,0,1,0' 'BRDA:3,0,0,4' 'DA:1,3' \
    'DA:3,5' 'DA:20,5' 'LF:10' 'LH:8' 'BRF:4' 'BRH:3' 'FNF:2' 'FNH:2'
expect 0 'what was added up once remains as it is' \
    "$(over merge) >once; awk -f $awks/read_info.awk -f $awks/merge.awk once | cmp - once"

# ---- The summary ----

expect 0 'a summary by module, with percentages that are rounded down' "$(over summary -v "least='core 75 75 sim 0 0'" -v marks=3)" \
    'module                               lines               functions                branches' \
    'core                  50.0 %           1/2   100.0 %           0/0   100.0 %           0/0' \
    'core/iq               80.0 %          8/10   100.0 %           2/2    75.0 %           3/4' \
    'sim                    0.0 %           0/2     0.0 %           0/1     0.0 %           0/1' \
    'total core            75.0 %          9/12   100.0 %           2/2    75.0 %           3/4' \
    'total sim              0.0 %           0/2     0.0 %           0/1     0.0 %           0/1' \
    'excluded by a marker in the source: 3' 'no: FAILED'
expect 1 'a threshold that is not reached names the files that are below it, and their lines as ranges' \
    "$(over summary -v "least='core 76 75 sim 0 0'")" 'FAILED core: 75.0 % of the lines, less than 76 %' \
    '  core/core.c: 50.0 % of 2 lines, 1 not reached: 3' 'no: core/iq/a.c:' 'no: of the branches'
expect 1 'files with more missing come first' "$(over summary -v "least='core 99 75'") | sed -n 's/^  \(.*\.c\):.*/\1/p' | tr '\\n' ' '; exit 1" \
    'all: core/iq/a.c core/core.c '
expect 1 'lines of a range may have lines without code between them' "$(over summary -v "least='core 99 75'")" \
    'core/iq/a.c: 80.0 % of 10 lines, 2 not reached: 4-6'
expect 1 'branches of lines that are reached' "$(over summary -v "least='core 0 76'")" 'FAILED core: 75.0 % of the branches, less than 76 %' \
    '  core/iq/a.c: 75.0 % of 4 branches, 1 not taken: 2'
expect 1 'a threshold of each folder' "$(over summary -v "least='core 0 0 sim 1 1'")" 'FAILED sim: 0.0 % of the lines' \
    'FAILED sim: 0.0 % of the branches' '  sim/b.c: 0.0 % of 2 lines, 2 not reached: 3-4' '  sim/b.c: 0.0 % of 1 branches, 1 not taken'
expect 0 'all that is missing, in a file' "$(over summary -v "least='core 0 0 sim 0 0'" -v missing=missing.txt) >/dev/null; cat missing.txt" \
    'core/iq/a.c: 80.0 % of 10 lines, 2 not reached: 4-6' 'core/core.c: 50.0 %' 'core/iq/a.c: 75.0 % of 4 branches, 1 not taken: 2' 'sim/b.c: 0.0 %'
expect 1 'nothing was measured' "$(over summary -v "least='core 0 0'" | sed 's/all.info/\/dev\/null/')" 'FAILED nothing was measured'

printf 'SF:core/a.c\n' >near.info
awk 'BEGIN { for (i = 1; i <= 10000; i++) print "DA:" i "," (i > 1); print "end_of_record" }' >>near.info
expect 1 'what rounds to 100 is not 100' "$(over summary -v "least='core 100 100'" | sed s/all.info/near.info/)" '99.9 % of the lines, less than 100 %' \
    '9999/10000' 'core/a.c: 99.9 % of 10000 lines, 1 not reached: 1'

# ---- Cobertura ----

expect 0 'a report for Cobertura' "$(over cobertura -v when=1700000000 -v version="'1 & 2'" -v root=.)" \
    '<coverage line-rate="0.6428" branch-rate="0.6000" lines-covered="9" lines-valid="14" branches-covered="3" branches-valid="5" complexity="0" version="1 &amp; 2" timestamp="1700000000">' \
    '<source>.</source>' '<package name="core/iq" line-rate="0.8000" branch-rate="0.7500" complexity="0">' \
    '<class name="a.c" filename="core/iq/a.c" line-rate="0.8000" branch-rate="0.7500" complexity="0">' \
    '<method name="g" signature="" line-rate="1" branch-rate="1" complexity="0"><lines><line number="20" hits="5" branch="false"/></lines></method>' \
    '<method name="&lt;h&gt;" signature="" line-rate="0"' \
    '<line number="2" hits="3" branch="true" condition-coverage="50% (1/2)"/>' '<line number="4" hits="0" branch="false"/>'
sed 's/<h>/h/' all.info >plain.info
expect 0 'the report is valid' "$(over cobertura -v when=1700000000 -v version=1 -v root=. | sed s/all.info/plain.info/) | grep -v '^<!DOCTYPE' >c.xml; xmllint --noout --dtdvalid $dtd c.xml" \
    'all: '
expect 3 'an invalid report is not' "sed 's/complexity=\"0\"/complexity=\"1\"/' c.xml >bad.xml; xmllint --noout --dtdvalid $dtd bad.xml" 'bad.xml'

# ---- The badge ----

expect 0 'a badge that is green' "$(over badge -v "least='core 75 75 sim 0 0'")" 'coverage of the core: 75.0 %' 'fill="#2a7d2a"' '</svg>'
expect 0 'a badge that is red where one folder has less' "$(over badge -v "least='core 75 75 sim 1 0'")" ': 75.0 %' 'fill="#b03030"'
expect 0 'a badge is an image' "$(over badge -v "least='core 75 75'") >b.svg; xmllint --noout b.svg" 'all: '
expect 0 'a badge of nothing is red' "$(over badge -v "least='core 75 75'" | sed 's/all.info/\/dev\/null/')" 'fill="#b03030"'

# ---- Markers ----

# marked LINE...: a source of these lines.
marked() {
    printf '%s\n' "$@" >marked.c
}
marks="awk -f $awks/marks.awk marked.c"

marked 'a(); /* LCOV_EXCL_LINE: the kernel never says so */' '/* LCOV_EXCL_START: other machines */' 'b();' '/* LCOV_EXCL_STOP */' \
    'c ? d : e; /* LCOV_EXCL_BR_LINE: c is a constant */'
expect 0 'markers with reasons are counted' "$marks" 'all: 3'
marked 'a();'
expect 0 'a source without markers' "$marks" 'all: 0'
marked '' 'a(); /* LCOV_EXCL_LINE */'
expect 1 'a marker without a reason' "$marks" 'FAILED marked.c:2: LCOV_EXCL_LINE without a reason'
marked 'a(); /* LCOV_EXCL_LINE: */'
expect 1 'a marker with an empty reason' "$marks" 'FAILED marked.c:1: LCOV_EXCL_LINE without a reason'
marked 'a(); /* LCOV_EXCL_LINES: all of them */'
expect 1 'a marker of another name' "$marks" 'FAILED marked.c:1: no marker is called LCOV_EXCL_LINES'
marked '/* LCOV_EXCL_START: a */' 'a();'
expect 1 'an excluded part without an end' "$marks" 'FAILED marked.c:1: LCOV_EXCL_START without an LCOV_EXCL_STOP'
marked 'a(); /* LCOV_EXCL_STOP */'
expect 1 'an end without a beginning' "$marks" 'FAILED marked.c:1: LCOV_EXCL_STOP without an LCOV_EXCL_START'
marked '/* LCOV_EXCL_START: a */' '/* LCOV_EXCL_BR_START: b */' '/* LCOV_EXCL_STOP */' '/* LCOV_EXCL_BR_STOP */'
expect 0 'parts of two kinds' "$marks" 'all: 2'
marked '/* LCOV_EXCL_START: a */' '/* LCOV_EXCL_BR_STOP */'
expect 1 'the end of another kind' "$marks" 'FAILED marked.c:2: LCOV_EXCL_BR_STOP without an LCOV_EXCL_BR_START' \
    'FAILED marked.c:1: LCOV_EXCL_START without an LCOV_EXCL_STOP'
marked '/* LCOV_EXCL_START: a */' '/* LCOV_EXCL_START: b */' '/* LCOV_EXCL_STOP */'
expect 1 'an excluded part within another' "$marks" 'FAILED marked.c:2: LCOV_EXCL_START once more'

# ---- A change ----

GIT_CONFIG_GLOBAL=/dev/null
GIT_CONFIG_NOSYSTEM=1
export GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM
unset GITHUB_ACTIONS LEAST_DIFF
mkdir tree
cd tree || exit 1
git init -q . && git config user.name Test && git config user.email test@localhost
mkdir -p core sim/tests build
printf 'line %d\n' 1 2 3 4 5 6 7 8 9 10 >core/a.c
git add . && git commit -q -m 'before' && git tag before
# Added: the lines 3 (reached), 5 to 8 (of which 6 has no code, and 8 is reached) and 13 (not reached).
printf '%s\n' 'line 1' 'line 2' 'reached' 'line 3' '    missed;' '}' '    missed too;' '++ reached' 'line 4' 'line 5' 'line 6' 'line 7' 'last' >core/a.c
echo 'not measured' >sim/tests/b.c
git add . && git commit -q -m 'after'
printf 'SF:core/a.c\nDA:1,0\nDA:3,1\nDA:4,0\nDA:5,0\nDA:7,0\nDA:8,2\nDA:9,0\nDA:13,0\nend_of_record\n' >build/all.info
diff_of="$tests/coverage_diff.sh build"
expect 1 'lines of a change that are not reached' "$diff_of before report" 'core/a.c:5-7: not reached: missed;' 'core/a.c:13: not reached: last' \
    '2 of 5 added lines are reached, 40.0 %' 'no: core/a.c:1:' 'no: core/a.c:4' 'no: core/a.c:9' 'no: ::warning' 'no: sim/tests'
expect 0 'the same as files' 'cat report/diff.txt report/diff.github' 'core/a.c:13: not reached: last' \
    '::warning file=core/a.c,line=5,endLine=7,title=Not covered::No test and no scenario reaches lines 5 to 7' \
    '::warning file=core/a.c,line=13,endLine=13,title=Not covered::No test and no scenario reaches line 13'
expect 1 'annotations where GitHub reads them' "GITHUB_ACTIONS=true $diff_of before report" '::warning file=core/a.c,line=13,' '40.0 %'
expect 0 'a threshold that is reached' "LEAST_DIFF=40 $diff_of before report" 'core/a.c:13: not reached: last' '40.0 %'
expect 1 'a threshold that is not' "LEAST_DIFF=41 $diff_of before report" '40.0 %'
expect 0 'no change' "$diff_of HEAD report" 'all: no line that can be executed was added'
expect 2 'a base that is no commit' "$diff_of nowhere report" "all: coverage_diff.sh: there is no commit 'nowhere' in this repository"
expect 2 'no base' "$diff_of '' report" 'name the commit to compare with: make coverage-diff BASE=main'
expect 2 'an option instead of a base' "$diff_of --output=x report; s=\$?; test -e x && s=0; exit \$s" "there is no commit '--output=x'"
expect 2 'nothing was measured' "$tests/coverage_diff.sh elsewhere before report" 'nothing was measured: make coverage'
git rm -q core/a.c
expect 0 'a file that is gone' "$diff_of before report" 'no line that can be executed was added'
git reset -q --hard
touch -d '1 minute' core/a.c sim/tests/b.c
expect 2 'a file that has changed since' "$diff_of before report" 'core/a.c has changed since it was measured: make coverage'
touch -d '1 minute ago' core/a.c
expect 1 'a test that has changed since does not matter' "$diff_of before report" '2 of 5 added lines'
cd ..

# ---- What reaches a line ----

mkdir -p who/data
printf 'one\tthe first tests\tx\ntwo\tthe second tests\ty\n' >who/data/sources
cp all.info who/reached.info
of="$tests/coverage_of.sh who"
expect 0 'the tests that reach a line, with counts' "$of core/iq/a.c:1" '           1  the first tests' '           2  the second tests'
expect 0 'only one does' "$of core/iq/a.c:20" 'all:            5  the second tests'
expect 1 'a line that nothing reaches' "$of core/iq/a.c:4" 'all: nothing reaches core/iq/a.c:4'
expect 2 'a line without code' "$of core/iq/a.c:5" 'core/iq/a.c:5 is no line that can be executed'
expect 2 'a file that is not there' "$of core/iq/b.c:1" 'core/iq/b.c:1 is no line that can be executed'
expect 2 'no measure' "$tests/coverage_of.sh elsewhere core/iq/a.c:1" 'nothing was measured: make coverage'

# ---- What is measured ----

mkdir -p suite/auth suite/roster-version
sources="SCENARIOS=suite REGRESSIONS=kept $tests/coverage.sh --list b b/core/tests/iq_test b/sim/tests/net_test | tr '\t' '|'"
expect 0 'each program and each folder is a source of its own' "$sources" \
    'core_iq_test|unit tests: core/tests/iq_test.c|b/core/tests/iq_test' 'sim_net_test|unit tests: sim/tests/net_test.c|b/sim/tests/net_test' \
    'scenarios_auth|suite/auth, in the default schedule and under seed 1|b/rehearse run --jobs 0 suite/auth && b/rehearse run --jobs 0 --seed 1 suite/auth' \
    'scenarios_roster_version|suite/roster-version,' 'regressions|the regressions|b/rehearse run --jobs 0 kept' \
    '|b/rehearse sweep --seeds 0..499 --faults all --jobs 2' 'tool|tests of the tool' 'no: replay of'
expect 0 'programs that replay a corpus' "export FUZZ_REPLAYS='b/fuzz/xml b/fuzz/jid' CORPUS=c; $sources" \
    'fuzz_xml|replay of c/xml|b/fuzz/xml c/xml' 'fuzz_jid|replay of c/jid|b/fuzz/jid c/jid'
expect 0 'every script that tests the tool is a source, but the one that needs another build' \
    "$sources | cut -d '|' -f 1 | grep '^tool' | sort >measured; ls $tests | sed -n 's/^\(tool.*\)\.sh/\1/p' | grep -v tool_guided | sort | diff - measured" 'all: '
expect 0 'no name is there twice' "$sources | cut -d '|' -f 1 | sort | uniq -d" 'all: '

# ---- Processes that end early ----

mkdir -p tree/core/base && cd tree || exit 1
cat >core/base/ends.c <<'END'
#include <assert.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
static void handle(int number)
{
    _exit(number);
}
int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "";
    if (fork() == 0) {
        if (strcmp(how, "_exit") == 0)
            _exit(3);
        if (strcmp(how, "abort") == 0)
            abort();
        assert(strcmp(how, "assert") != 0);
        if (strcmp(how, "handler") == 0) {
            sigaction(SIGTERM, &(struct sigaction){ .sa_handler = handle }, NULL);
            raise(SIGTERM);
        }
        exit(strcmp(how, "execve") == 0 ? execve("/bin/true", argv, (char *[]){ NULL }) : 3);
    }
    wait(NULL);
    return 5;
}
END
# counts HOW: which of its lines were reached, and how often; the status is that of the program.
if "$compiler" --version 2>/dev/null | grep -q 'Free Software Foundation'; then
    keep='-Wl,--wrap=_exit,--wrap=abort,--wrap=fork,--wrap=execv,--wrap=execve,--wrap=__assert_fail'
    mkdir -p build/core/base
    $compiler -std=c11 -D_POSIX_C_SOURCE=200809L --coverage -O0 -c -o build/core/base/ends.o core/base/ends.c &&
        $compiler -O0 -c -o build/kept.o "$tests/coverage_kept.c" &&
        $compiler --coverage $keep -o build/ends build/core/base/ends.o build/kept.o || exit 1
    ends="$tests/coverage_run.sh build data ends build/ends"
    expect 5 'what was counted before _exit' "$ends _exit; s=\$?; cat data/ends.info; exit \$s" 'TN:ends' 'SF:core/base/ends.c' 'DA:13,1' 'DA:16,1' \
        'DA:17,0' 'DA:24,0' 'DA:27,1'
    expect 5 'what was counted before abort' "$ends abort; s=\$?; cat data/ends.info; exit \$s" 'DA:13,1' 'DA:16,0' 'DA:18,1' 'DA:19,0'
    expect 5 'what was counted before an assertion fails' "$ends assert; s=\$?; cat data/ends.info data/ends.log; exit \$s" 'DA:19,1' 'DA:20,0' \
        'Assertion'
    expect 5 'what was counted before execve' "$ends execve; s=\$?; cat data/ends.info; exit \$s" 'DA:13,1' 'DA:24,1' 'DA:27,1'
    expect 5 'a process that ends in a signal handler writes nothing' "$ends handler; s=\$?; cat data/ends.info; exit \$s" 'DA:13,1' 'DA:9,0' \
        'DA:15,0' 'DA:27,1'
    expect 5 'what was counted before exit, each process once' "$ends; s=\$?; cat data/ends.info; exit \$s" 'DA:13,1' 'DA:24,1' 'DA:26,1' 'DA:27,1'
else
    echo "skipped: the counts of processes that end early: $compiler is not gcc"
fi
cd ..

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
