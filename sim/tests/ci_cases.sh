#!/bin/sh
# Tests what CI servers run, a table of cases: ci_cases.sh PROGRAM
# The commands are taken from .github/workflows/*.yml and .gitlab-ci.yml.  Those of the tool are run as they are, in a
# folder with a scenario that passes and one that fails; of those of make, the targets and variables must exist.
. "$(dirname "$0")/expect.sh"
top=$tests/../..
seeds=$tests/ci_seeds.sh
sweep=$tests/ci_sweep.sh
export seeds sweep

# ---- The seeds of a run ----

expect 0 '$seeds 1' 'last: 100000000..199999999'
expect 0 '$seeds 2' 'last: 200000000..299999999'
expect 0 '$seeds 9' 'last: 900000000..999999999'
expect 0 '$seeds 10' 'last: 1000000000..1099999999'
expect 0 '$seeds 999999999' 'last: 99999999900000000..99999999999999999'
expect 2 '$seeds' 'expected the number of a run, from 1; got ""'
expect 2 '$seeds 0' 'got "0"'
expect 2 '$seeds 07' 'got "07"'
expect 2 '$seeds 1e3' 'got "1e3"'
expect 2 '$seeds 1000000000' 'above 999999999'
expect 0 'R sweep --seeds "$($seeds 999999999)" --time 1s' 'seeds of 100000000, ' ' passed, 0 failed'

# ---- A sweep of them ----

expect 0 '$sweep "$rehearse" 7 1s found; ls found' 'seeds 700000000..799999999, for 1s' 'report' 'last: result' \
    'no: seed-'
expect 2 '$sweep "$rehearse" seven 1s found' 'expected the number of a run'
expect 2 '$sweep "$rehearse" 7' 'usage: ci_sweep.sh'
expect 2 '$sweep "$rehearse" 7 soon found' '--time'

# A tool in which two groups of seeds fail; it shrinks only the first.
cat >failing <<'END'
#!/bin/sh
verb=$1
for last; do :; done
while [ "$1" != --output ] && [ "$1" != --trace ]; do
    shift
done
case $verb in
sweep)
    printf 'rehearse sweep 4\nplayed 9 failed 3\n' >"$2"
    printf 'failure 2 seed 41 cause presence\n\tx\nfailure 1 seed 50 cause roster\n' >>"$2"
    echo '6 passed, 3 failed'
    exit 1
    ;;
shrink) [ "$last" = 41 ] && echo small >"$2" ;;
replay) echo "the trace of $last" >"$2" ;;
esac
END
chmod +x failing
expect 1 'touch found/seed-3.scs; $sweep ./failing 7 1s found' 'seed 41 was shrunk to found/seed-41.scs' \
    'seed 50 was not shrunk: see found/seed-50.txt' 'last: 6 passed, 3 failed'
expect 0 'cd found && echo * && cat *.trace' \
    'report result seed-41.scs seed-41.trace seed-41.txt seed-50.trace seed-50.txt' 'last: the trace of 50'

# ---- The commands of the servers ----

# commands FILE: those of its steps or scripts, a line each.
commands() {
    awk '
        { match($0, /^ */) }
        RLENGTH <= within && !/^ *$/ { within = list = 0 }
        /^ *#/ { next }
        within && list && /^ *- / { sub(/^ *- /, ""); print; next }
        within { sub(/^ */, ""); print; next }
        /^ *(before_|after_)?script:$/ { within = RLENGTH; list = 1 }
        /^ *(- )?run: \|$/ { within = RLENGTH }
        /^ *(- )?run: [^|]/ { sub(/^ *(- )?run: /, ""); print }' "$1"
}

# made FILE...: the targets and the variables of the calls of make, in order.
made() {
    sed -n 's/^make //p' "$@" | tr ' ' '\n' | sed 's/=.*/=/' | LC_ALL=C sort -u
}

for file in "$top"/.github/workflows/*.yml; do
    commands "$file"
done >github
commands "$top/.gitlab-ci.yml" >gitlab
made github >made.github
made gitlab >made.gitlab

expect 0 'cat made.github' 'check' 'coverage' 'fuzz-replay' 'clusterfuzz' 'fuzz-all'
expect 0 'diff made.github made.gitlab'
expect 0 'grep -c . github gitlab' 'no: :0'
# What an event contains, such as a title, must not become part of a command.
expect 1 'grep -F "\${{" github'
expect 1 'grep -oh "uses: .*" "'"$top"'"/.github/workflows/*.yml | grep -v "@v[0-9]"'
for word in $(LC_ALL=C sort -u made.github made.gitlab); do
    case $word in
    *=) expect 0 "grep -F '\$(${word%=})' '$top/Makefile'" ;;
    *) expect 0 "grep '^$word:' '$top/Makefile'" ;;
    esac
done
for script in $(grep -oh 'sim/[a-z_/]*\.sh' github gitlab | sort -u); do
    expect 0 "[ -x '$top/$script' ]"
done

# ---- The tool, as they call it ----

mkdir -p build fixtures/regressions reports
ln -s "$rehearse" build/rehearse
mkdir -p sim && ln -s "$tests" sim/tests
scenario scenarios/right.scs 'Romeo connects' '' 'Romeo connects'
scenario scenarios/wrong.scs 'Nothing is a message' '' 'Romeo connects\n\nRomeo receives:\n\t<message/>'
scenario fixtures/regressions/once.scs 'Romeo connects once more' '' 'Romeo connects'
GITHUB_RUN_NUMBER=7
CI_PIPELINE_IID=8
BUDGET=1s
export GITHUB_RUN_NUMBER CI_PIPELINE_IID BUDGET

# command_of FILE WORDS: the command with these words; there is exactly one.
command_of() {
    grep -F -e "$2" "$1" >found.command
    [ "$(wc -l <found.command)" -eq 1 ] || echo "echo 'not exactly one in $1: $2'; exit 99; "
    cat found.command
}

expect 1 "$(command_of github '--format github')" '::error file=scenarios/wrong.scs,line=11,title=' '2 passed, 1 failed'
expect 0 'xmllint --noout reports/junit.xml; cat reports/junit.xml' '<failure' 'fixtures/regressions'
expect 1 "$(command_of github --last-failed)" '0 passed, 1 failed'
expect 0 'cat reports/failed.txt reports/failed.trace' 'wrong.scs:11' ' step Romeo receives:'
expect 0 "rm -r reports/*; $(command_of github ci_sweep.sh)" 'seeds 700000000..' '0 failed'
expect 0 'cat reports/sweep/report' 'passed, 0 failed'

expect 1 "rm -r reports/*; $(command_of gitlab '--format junit')" 'last: 2 passed, 1 failed'
expect 0 'cat reports/junit.xml' '<failure'
expect 1 "$(command_of gitlab --last-failed)" '0 passed, 1 failed'
expect 0 'cat reports/failed.txt reports/failed.trace' 'wrong.scs:11' ' step Romeo receives:'
expect 0 "$(command_of gitlab ci_sweep.sh)" 'seeds 800000000..' '0 failed'

# Where the scenarios pass and something else has failed.
expect 0 "rm -r reports/* scenarios/wrong.scs; $(command_of github '--format github')" \
    'last: 2 passed, 0 failed' 'no: ::error'
expect 0 "$(command_of github --last-failed)" '0 failed'

finish
