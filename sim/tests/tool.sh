#!/bin/sh
# The tool from the outside, a table of cases: tool.sh PROGRAM
set -u

case $1 in
/*) rehearse=$1 ;;
*) rehearse=$PWD/$1 ;;
esac
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room" || exit 2
unset TERM NO_COLOR
export rehearse

passed=0
failed=0
said=$room/said

complain() {
    [ "$bad" -eq 0 ] && echo "FAILED $command"
    bad=1
    echo "  $1"
}

# expect STATUS COMMAND FRAGMENT...: the command, where R stands for the tool, ends with the status, and what
# it says on both outputs holds each fragment.  "last: X" is the whole last line, "no: X" must not be there.
expect() {
    status=$1
    command=$2
    shift 2
    bad=0
    sh -c "R() { \"\$rehearse\" \"\$@\"; }; $command" >"$said" 2>&1 </dev/null
    got=$?
    [ "$got" -eq "$status" ] || complain "status: expected $status, got $got"
    for fragment in "$@"; do
        case $fragment in
        'last: '*)
            [ "$(tail -n 1 "$said")" = "${fragment#last: }" ] || complain "not the last line: ${fragment#last: }"
            ;;
        'no: '*)
            ! grep -qF -e "${fragment#no: }" "$said" || complain "is there: ${fragment#no: }"
            ;;
        *)
            grep -qF -e "$fragment" "$said" || complain "is not there: $fragment"
            ;;
        esac
    done
    if [ "$bad" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        sed 's/^/    | /' "$said"
    fi
}

# scenario FILE TITLE TAGS STEPS: a scenario with Romeo in it.
scenario() {
    mkdir -p "$(dirname "$1")"
    printf '# %s\n%b\n[Client] Romeo\n\tjid: romeo@localhost\n\tpassword: secret\n\n---------\n\n%b\n' \
        "$2" "$3" "$4" >"$1"
}

mkdir empty
printf 'nothing of ours\n' >empty/notes.txt
scenario good/b/connects.scs 'Romeo comes in' '## slow\n## status: stable' 'Romeo connects\n\nRomeo is connected'
scenario good/a/leaves.scs 'Romeo goes' '## status: draft' 'Romeo connects\n\nRomeo disconnects'
scenario good/c.scs 'Romeo waits' '' 'Romeo connects\n\n5 minutes pass'
scenario good/.hidden/x.scs 'Never found' '' 'Romeo stands on his head'
scenario mixed/1-fails.scs 'Romeo is not here' '' 'Romeo connects\n\nRomeo is not connected'
scenario mixed/2-passes.scs 'Romeo is here' '' 'Romeo connects\n\nRomeo is connected'
scenario expected/fails.scs 'As it says' '## fails: Romeo is not connected' 'Romeo connects\n\nRomeo is not connected'
scenario unexpected/other.scs 'Other words' '## fails: the moon is blue' 'Romeo connects\n\nRomeo is not connected'
scenario unexpected/passes.scs 'No failure' '## fails: the moon is blue' 'Romeo connects'
scenario broken/one.scs 'Broken' '' 'Romeo connects\n\nRomeo conects'
scenario broken/two.scs 'Broken too' '' 'Mercutio connects'
scenario "odd/Juliet's <best> & \"last\".scs" 'A <title> & "quotes" # hash' '' 'Romeo is connected'
# table FILE ROWS: two columns, one of which says whether Romeo is there.
table() {
    mkdir -p "$(dirname "$1")"
    printf '# Romeo is ${where}\n## rfc: 6121 ${clause}\n## slow\n[Client] Romeo\n\tjid: romeo@localhost\n[Table]\n%b%s' \
        "\\twhere | clause\n$2" '---
when where is here, Romeo connects
Romeo is connected
' >"$1"
}
table tables/two.scs '\there | 4.10\n\taway | 4.9\n'
table tables/ragged.bad '\there | 4.10\n\taway\n'
sed 's/Romeo is connected/Romeo ${where}/;s/\there |/\tconnects |/;s/where is here/where is connects/' tables/two.scs >tables/odd.bad
mkdir loop
cp good/c.scs loop/c.scs
ln -s .. loop/back

# the verbs
expect 2 'R' 'Usage: rehearse VERB' 'run ' 'lint ' 'list '
expect 0 'R help' 'Usage: rehearse VERB'
expect 0 'R --help' 'Usage: rehearse VERB'
expect 0 'R --version' 'last: rehearse 0.1.0'
expect 0 'R help run' '--seed N' '--fail-fast'
expect 0 'R run --help' '--seed N'
expect 0 'R help lint' 'rehearse lint PATH...'
expect 2 'R rnu' "there is no verb 'rnu'" "did you mean 'run'?"
expect 2 'R help lnit' "did you mean 'lint'?"
expect 2 'R frobnicate' 'rehearse help' 'no: did you mean'
expect 2 'R --versoin' 'did you mean --version?'

# options asked wrongly
expect 2 'R run --sed 3 good' 'unknown option --sed; did you mean --seed?'
expect 2 'R run --wherefore good' 'unknown option --wherefore' 'rehearse help run'
expect 2 'R run -s good' 'unknown option -s'
expect 2 'R run good --seed' '--seed needs a value'
expect 2 'R run --seed= good' '--seed: expected a number'
expect 2 'R run --seed abc good' "got 'abc'"
expect 2 'R run --seed -1 good' "got '-1'"
expect 2 'R run --seed 18446744073709551616 good' '--seed: expected a number'
expect 2 'R run --jobs -1 good' '--jobs: expected a number from 0 to 256'
expect 2 'R run --jobs 257 good' '--jobs: expected'
expect 2 'R run --format xml good' 'pretty, tap or junit'
expect 2 'R run --strict=yes good' '--strict takes no value'
expect 2 'R run --only-tags , good' '--only-tags: expected tags'
expect 2 'R run --trace t --jobs 2 good' 'leave --jobs out'
expect 2 'R lint' 'which files?'
expect 2 'R lint --seed 1 good' 'unknown option --seed'

# paths
expect 2 'R run nowhere' 'cannot read nowhere: No such file or directory'
expect 2 'R run nowhere missing.scs' 'cannot read nowhere:' 'cannot read missing.scs:'
expect 2 'R run empty' 'empty: no scenario'
expect 2 'R lint empty' 'empty: no scenario'
expect 2 'R run' 'cannot read scenarios: No such file or directory'
expect 0 'ln -s good scenarios && R run; s=$?; rm scenarios; exit $s' 'scenarios/c.scs' 'last: 3 passed, 0 failed'
expect 2 'R run --output nowhere/report good' 'cannot write nowhere/report: No such file or directory'
expect 2 'R run --trace nowhere/trace good' 'cannot write nowhere/trace: No such file or directory'
expect 2 'R run --trace /dev/full good' 'cannot write /dev/full: No space left on device'
expect 2 'R run good >/dev/full' 'cannot write the report: No space left on device'
expect 0 'R run loop' 'last: 1 passed, 0 failed'
expect 0 'R run good good/c.scs good/' 'last: 3 passed, 0 failed'
expect 0 'R run good -- good/c.scs' 'last: 3 passed, 0 failed'

# malformed scenarios: everything is said, nothing is played
expect 2 'R run broken good' 'broken/one.scs:11: ' 'broken/two.scs:9: ' 'no: passed'
expect 2 'R lint broken' 'broken/one.scs:11: ' 'broken/two.scs:9: '
expect 2 'R run --output untouched broken; test ! -e untouched && exit 2' 'broken/one.scs:11: '
expect 0 'R lint good' 'last: 3 files, no complaints'
expect 0 'R lint good/c.scs' 'last: 1 file, no complaints'

# what a run says
expect 0 'R run good' 'good/a/leaves.scs' 'Romeo goes' 'ok ' 'trace hash' 'no: seed' 'no: FAILED' \
    'last: 3 passed, 0 failed'
expect 0 'R run good | grep -o "good/.*scs" | paste -sd " "' \
    'last: good/c.scs good/a/leaves.scs good/b/connects.scs'
expect 0 'R run --seed 7 good' 'seed 7' 'last: 3 passed, 0 failed'
expect 0 'R run --seed=7 good' 'seed 7'
expect 0 'R run good' '5 min' 'no: '"$(printf '\033')" 'no: '"$(printf '\r')"
expect 1 'R run mixed' 'FAILED' 'Romeo is not here' 'mixed/1-fails.scs' 'Romeo is not connected' \
    'run mixed/1-fails.scs' 'last: 1 passed, 1 failed'
expect 1 'R run --seed 5 --strict mixed' 'run --seed 5 --strict mixed/1-fails.scs' 'last: 1 passed, 1 failed'
expect 1 'R run --fail-fast mixed' 'an earlier one failed' 'last: 0 passed, 1 failed, 1 skipped'
expect 1 'R run --fail-fast --jobs 2 mixed' 'an earlier one failed' 'last: 0 passed, 1 failed, 1 skipped'
expect 0 'R run expected' 'last: 1 passed, 0 failed'
expect 1 'R run unexpected' 'nothing in the failure says "the moon is blue"' 'passed, but its tag says' \
    'last: 0 passed, 2 failed'

# tables: a case for each row
expect 1 'R run tables' 'ok       Romeo is here' 'tables/two.scs#1' 'FAILED   Romeo is away' 'tables/two.scs:12: ' \
    'run tables/two.scs#2' 'last: 1 passed, 1 failed'
expect 0 'R run tables/two.scs#1' 'tables/two.scs#1' 'no: two.scs#2' 'last: 1 passed, 0 failed'
expect 1 'R run tables/two.scs#02 tables/two.scs#2' 'last: 0 passed, 1 failed'
expect 1 'R run tables/two.scs#2 tables' 'last: 1 passed, 1 failed'
expect 2 'R run tables/two.scs#3' 'there is no tables/two.scs#3: the table has 2 rows' 'no: passed'
expect 2 'R run tables/two.scs#0' 'cannot read tables/two.scs#0:'
expect 2 'R run tables/two.scs#x' 'cannot read tables/two.scs#x:'
expect 2 'R run good/c.scs#1' 'there is no good/c.scs#1: the file has no table'
expect 0 'cp good/c.scs "c#3" && R run "c#3"' 'last: 1 passed, 0 failed'
expect 1 'R run --format tap tables' 'ok 1 - Romeo is here (tables/two.scs\#1)' 'file: "tables/two.scs"' 'line: 12'
expect 1 'R run --format junit tables' '<testcase name="Romeo is away" classname="tables" file="tables/two.scs" line="12"'
expect 1 'R run --only-tags "rfc: 6121 4.9" tables' 'last: 0 passed, 1 failed, 1 skipped'
expect 0 'R lint tables' 'last: 1 file with 2 cases, no complaints'
expect 2 'R lint tables/ragged.bad' 'tables/ragged.bad:9: this row has 1 cell; expected 2'
expect 2 'R lint tables/odd.bad' 'tables/odd.bad:12: unknown verb "away"' '(in row 2)'

# list
expect 0 'R list good/c.scs' 'good/c.scs  Romeo waits' 'last: 1 file, 1 case'
expect 0 'R list good' 'good/b/connects.scs  Romeo comes in  [slow, status: stable]' 'last: 3 files, 3 cases'
expect 0 'R list tables' 'tables/two.scs  Romeo is ${where}  [slow]' \
    '  tables/two.scs#2  Romeo is away  [rfc: 6121 4.9]' 'last: 1 file, 2 cases'
expect 0 'R list --by-tag rfc tables good | head -n 1' 'last: 6121 4.9  1 case'
expect 0 'R list --by-tag rfc tables good' '6121 4.10  1 case' '  tables/two.scs#1  Romeo is ${where}' \
    'last: 2 values of the tag rfc, carried by 2 of 5 cases'
expect 0 'R list --by-tag status good' 'draft  1 case' 'stable  1 case'
expect 0 'ln -s good scenarios && R list; s=$?; rm scenarios; exit $s' 'last: 3 files, 3 cases'
expect 2 'R list --by-tag= good' '--by-tag: expected the name of a tag'
expect 2 'R list nowhere' 'cannot read nowhere:'
expect 2 'R list broken' 'broken/one.scs:11: ' 'no: cases'
expect 0 'R help list' '--by-tag NAME'

# tags
expect 0 'R run --only-tags slow good' 'carries none of --only-tags' 'last: 1 passed, 0 failed, 2 skipped'
expect 0 'R run --only-tags status good' 'last: 2 passed, 0 failed, 1 skipped'
expect 0 'R run --only-tags "status: draft" good' 'last: 1 passed, 0 failed, 2 skipped'
expect 0 'R run --only-tags "slow,status: draft" good' 'last: 2 passed, 0 failed, 1 skipped'
expect 0 'R run --skip-tags slow good' 'carries one of --skip-tags' 'last: 2 passed, 0 failed, 1 skipped'
expect 0 'R run --only-tags status --skip-tags slow good' 'last: 1 passed, 0 failed, 2 skipped'
expect 0 'R run --only-tags nothing good' 'last: 0 passed, 0 failed, 3 skipped'

# shrink: what fails by its steps, what fails by chance alone, what passes
scenario shrink/much.scs 'Romeo is not here' '## slow' 'Romeo connects\n5 minutes pass\nRomeo sends:\n\t<presence/>\nRomeo is not connected\nRomeo disconnects'
scenario shrink/fails.scs 'Romeo is not here' '## fails: not connected' 'Romeo connects\n5 minutes pass\nRomeo is not connected'
cat >shrink/race.scs <<'END'
# Whose message comes first
## strict
[Client] Romeo
	jid: romeo@localhost/orchard
[Client] Juliet
	jid: juliet@localhost/balcony
---
Romeo connects
Juliet connects
At the same time:
	Romeo sends:
		<message to="juliet@localhost/balcony"><body>one</body></message>
	Juliet sends:
		<message to="juliet@localhost/balcony"><body>two</body></message>
Juliet receives:
	<message><body>one</body></message>
	<message><body>two</body></message>
END
expect 0 'R shrink shrink/much.scs' '# A scenario that fails: ' 'lines of steps: 6 before, 2 now' 'no: 5 minutes' 'no: slow' \
    'Romeo is not connected'
expect 0 'R shrink shrink/much.scs 2>said-too' 'no: lines of steps' 'last: Romeo is not connected'
expect 0 'R shrink --output small.scs shrink/much.scs' 'no: [Client]' '6 before, 2 now'
expect 1 'R run small.scs' 'Romeo is not connected' 'last: 0 passed, 1 failed'
expect 0 'R shrink shrink/fails.scs' 'no: ## fails' 'Romeo is not connected'
expect 0 'seed=0; while R run --seed $seed shrink/race.scs >said-too; do seed=$((seed + 1)); done
          R shrink --seed $seed --output race.scs shrink/race.scs; grep choices: race.scs' ':steps 1/2'
expect 1 'R run race.scs' 'next came another stanza' 'last: 0 passed, 1 failed'
expect 0 'R shrink race.scs' '## choices: ' ':steps 1/2'
expect 2 'R shrink shrink/race.scs' 'the scenario passes; there is nothing to shrink'
expect 2 'R shrink 5' 'the plot passes; there is nothing to shrink'
expect 2 'R shrink --cast 2 --steps 5 --faults disk 5' 'the plot passes'
expect 0 'R shrink tables/two.scs#2 2>said-too' 'last: Romeo is connected'
expect 2 'R shrink tables/two.scs' 'tables/two.scs has 2 scenarios; name one, such as tables/two.scs#1'
expect 2 'R shrink' 'expected one seed or one file'
expect 2 'R shrink 5 6' 'expected one seed or one file'
expect 2 'R shrink --seed 1 5' '--seed is for a file'
expect 2 'R shrink --time soon 5' '--time: expected a span such as 60s, 10m or 2h'
expect 2 'R shrink nowhere' 'cannot read nowhere: No such file or directory'
expect 2 'R shrink broken/one.scs' 'broken/one.scs:11: '
expect 2 'R shrink --output nowhere/small.scs shrink/much.scs' 'cannot write nowhere/small.scs: No such file or directory'
expect 2 'R shrink shrink/much.scs >/dev/full' 'cannot write standard output: No space left on device'
expect 0 'R help shrink' 'SEED|FILE' '--faults F[,F...]' '--time SPAN'

# the other formats, and files
expect 1 'R run --format tap mixed' 'TAP version 13' '1..2' 'not ok 1 - Romeo is not here' 'ok 2 - ' \
    'last: # 1 passed, 1 failed'
expect 1 'R run --format tap odd' '\# hash'
expect 1 'R run --format junit mixed' '<?xml version="1.0"' '<testsuite name="mixed" tests="2" failures="1"' \
    '<failure message=' 'last: </testsuites>' 'no: passed,'
expect 1 'R run --format junit odd' 'name="A &lt;title&gt; &amp; &quot;quotes&quot; # hash"'
expect 1 'R run --format junit --output report.xml mixed' 'last: 1 passed, 1 failed' 'no: <'
expect 0 'cat report.xml' '<testsuites'
expect 1 'R run --output report.txt mixed' 'last: 1 passed, 1 failed' 'no: FAILED'
expect 0 'tail -n 1 report.txt' 'last: 1 passed, 1 failed'

# the same run, whatever plays it
whole='s/.*virtual, //;s/, seed.*//'
expect 0 'for jobs in 1 2 7; do R run --seed 3 --jobs $jobs good mixed | sed -n "/trace hash/{'"$whole"';p;}"
          done | sort -u | wc -l' 'last: 1'
expect 0 'R run good/c.scs mixed/2-passes.scs | grep scs >one; R run mixed/2-passes.scs good/c.scs | grep scs >two
          sed "s/(.*//" one >1; sed "s/(.*//" two >2; cmp 1 2'
expect 0 'R run --seed 3 --trace one good >said-one; R run --seed 3 --trace two good >said-two; cmp one two'
expect 0 'R run --trace one good/c.scs >said-one && R run --trace - good/c.scs 2>two.err >two && cmp one two &&
          tail -n 1 two.err' 'last: 1 passed, 0 failed'
expect 0 'R run --trace - --output report.txt good/c.scs' 'no: passed,'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
