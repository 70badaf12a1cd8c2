#!/bin/sh
# Tests the reports of a run from the outside, also with third-party readers: tool_reports.sh PROGRAM
. "$(dirname "$0")/expect.sh"
schema=$tests/../../fixtures/junit/report.xsd
export schema

# has PROGRAM...: whether the programs exist; reports a missing one.
has() {
    for program in "$@"; do
        if ! command -v "$program" >/dev/null; then
            echo "there is no $program: what it would read is not tested"
            return 1
        fi
    done
}

# scenario FILE TITLE HEAD STEPS: a scenario with Romeo in it.
scenario() {
    mkdir -p "$(dirname "$1")"
    printf '# %s\n[Client] Romeo\n\tjid: romeo@localhost\n%b---\n%b\n' "$2" "$3" "$4" >"$1"
}

scenario good/a.scs 'Romeo comes in' '' 'Romeo connects'
scenario good/b.scs 'Romeo goes' '' 'Romeo connects\nRomeo disconnects'
scenario mixed/1-fails.scs 'Romeo is not here' '' 'Romeo connects\nRomeo is not connected'
scenario mixed/2-passes.scs 'Romeo is here' '' 'Romeo connects\nRomeo is connected'
scenario mixed/3-table.scs 'Romeo is ${where}' '[Table]\n\twhere\n\there\n\taway\n' \
    'when where is here, Romeo connects\nRomeo is connected'
scenario mixed/sub/passes.scs 'Romeo is here as well' '' 'Romeo connects'
scenario evil.scs "$(printf '\033[2J\007\302\233 # 100%%, a:b <b> "q" \\ \346\227\245')" '' 'Romeo is connected'
scenario long.scs 'Romeo has a title that is longer than sixty characters, and so it cannot stand on one line' '' \
    'Romeo is connected'
mkdir "$room/odd"
cp evil.scs "$room/odd/$(printf 'a\033[31m\n%%,:\377.scs')"

# pretty: what is printed, and what is not
expect 0 'R run good' 'no: Romeo' 'no: good' '2 scenarios in ' 'last: 2 passed, 0 failed'
expect 0 'R run good | wc -l' 'last: 2'
expect 0 'R run -v good' 'ok       Romeo comes in' 'good/b.scs' 'last: 2 passed, 0 failed'
expect 0 'R run --verbose good' 'ok       Romeo comes in'
expect 2 'R run --verbose=no good' '--verbose takes no value'
expect 1 'R run mixed' 'FAILED   Romeo is not here' 'no: Romeo is here' 'no: mixed/sub' 'last: 3 passed, 2 failed'
expect 0 'R run mixed | tail -n 6' '2 failed:' '  mixed/1-fails.scs:6  Romeo is not here: Romeo is connected' \
    '  mixed/3-table.scs#2  mixed/3-table.scs:10  Romeo is away: Romeo is not connected' 'last: 3 passed, 2 failed'
expect 1 'R run --fail-fast mixed' 'no: skipped  ' 'last: 0 passed, 1 failed, 4 skipped'
expect 1 'R run --fail-fast -v mixed' 'skipped  Romeo is here' 'last: 0 passed, 1 failed, 4 skipped'
expect 1 'R run long.scs' 'FAILED   Romeo has a title that is longer than sixty characters, and so it cannot stand on one line  long.scs'
escape=$(printf '\033')
for format in pretty tap junit json github events html; do
    expect 1 "R run --format $format evil.scs odd" "no: $escape" "no: $(printf '\007')" "no: $(printf '\302\233')" \
        "no: $(printf '\377')"
done

# format characters: U+202E, U+2066, U+2028, U+200B
unseen=$(printf '\342\200\256 \342\201\246 \342\200\250 \342\200\213')
mkdir unseen
scenario "unseen/$unseen.scs" "A$unseen" "## x: $unseen" 'Romeo connects\nRomeo is not connected'
scenario "broken/$unseen.scs" "A$unseen" '' "Romeo $unseen"
sed -i "s/Romeo/Ro${unseen}meo/" unseen/*.scs
printf '%s\n' "$unseen" >"unseen/$unseen.part"
for shown in 'run' 'run --format tap' 'run --format junit' 'run --format json' 'run --format github' 'run --color always' \
    'run --trace -' 'explore' 'explore --color always' 'starve --every 50' 'list' 'list --by-tag x' 'replay --until 1ms' \
    'replay --trace -' 'replay --diff 3' 'shrink --output o' 'lint broken' 'merge' "run -k $unseen nowhere" "run --$unseen" \
    "sweep $unseen" "replay --bytes '$unseen'" "replay --until '$unseen:3'" "explore --record '$unseen.scs'" "$unseen"; do
    case $shown in
    merge) file="unseen/$unseen.part" ;;
    *) file="unseen/$unseen.scs" ;;
    esac
    expect 0 "R $shown '$file' >told 2>&1; grep -q -e '\\\\xe2\\\\*x80\\\\*xae' -e '\\\\u202e' told || exit
        for character in $unseen; do ! grep -qF \$character told || exit; done"
done

# colour
expect 1 'R run --color always mixed' "$escape[1;31mFAILED $escape[0m" 'last: 3 passed, 2 failed'
expect 1 'R run --color always --format tap mixed' "no: $escape"
expect 1 'R run --color always --format pretty --format junit:colour.xml mixed >told; cat colour.xml; exit 1' "no: $escape"
expect 1 'NO_COLOR=1 R run --color=always mixed' "$escape[1;31mFAILED"
expect 2 'R run --color sometimes good' '--color: expected auto, always or never'
expect 1 'R replay --color always mixed/1-fails.scs' "$escape[1;31mFAILED"
expect 1 'R replay --color never mixed/1-fails.scs' "no: $escape"
expect 2 'R replay --color on good/a.scs' '--color: expected auto, always or never'
expect 0 'R explore --color always good/a.scs' 'last: 1 passed, 0 failed'
expect 2 'R explore --color on good/a.scs' '--color: expected auto, always or never'

# a terminal: `script` makes one
if has script stty; then
    # watched COLUMNS COMMAND: the output to a terminal of that width.
    watched() {
        echo "script -qec \"stty cols $1; TERM=\${kind:-xterm} '\$rehearse' $2\" /dev/null"
    }
    expect 1 "$(watched 60 'run mixed')" "$escape[1;31mFAILED" '[######........................] 1/5, 1 failed, Romeo is n…' \
        '] 5/5, 2 failed, Romeo is h…' "no:   ok "
    expect 0 "$(watched 60 'run good')" "$escape[K" '] 2/2, 0 failed, Romeo goes' "no: ok       "
    expect 0 "$(watched 60 'run -v good')" "$escape[32mok     $escape[0m  Romeo comes in"
    expect 1 "NO_COLOR=1; export NO_COLOR; $(watched 60 'run mixed')" '  FAILED   ' "$escape[K" "no: $escape[1;31m"
    expect 1 "kind=dumb; $(watched 60 'run mixed')" '  FAILED   ' "no: $escape"
    expect 1 "kind=dumb; $(watched 60 'run --color always mixed')" "$escape[1;31mFAILED" "no: $escape[K"
    expect 1 "$(watched 60 'run long.scs')" 'Romeo has a title that is longer than sixty char…'
    expect 1 "$(watched 60 'run evil.scs')" '\x1b[2J\x07\xc2\x9b # 100%' "no: $escape[2J"
    expect 1 "$(watched 60 'replay long.scs')" 'Romeo has a title that is longer than sixty char…'
fi

# several reports, files
expect 1 'R run --format pretty --format junit:r.xml --format tap:r.tap --format json:r.json --format github:r.txt mixed' \
    'FAILED' 'no: <testsuite' 'no: TAP' 'last: 3 passed, 2 failed'
expect 0 'tail -n 1 r.xml r.tap r.txt' '</testsuites>' '# 3 passed, 2 failed' '3 passed, 2 failed'
expect 0 'wc -l <r.json' '7'
expect 1 'R run --format junit:r.xml --format tap:r.tap mixed' 'last: 3 passed, 2 failed' 'no: FAILED'
expect 1 'R run --format junit:r.xml mixed | wc -l; R run --format tap:r.tap mixed >told' 'last: 1'
expect 1 'R run --format tap --format junit:r.xml --output out.tap mixed' 'last: 3 passed, 2 failed' 'no: TAP'
expect 0 'tail -n 1 out.tap' 'last: # 3 passed, 2 failed'
expect 1 'R run --format tap:- mixed' 'TAP version' 'last: # 3 passed, 2 failed'
expect 1 'R run --trace - --format json mixed 2>told >trace; wc -l <told; exit 1' 'last: 7'
expect 1 'R run --jobs 3 --format json:3.json mixed; R run --jobs 0 --format json:0.json mixed
          for n in 0 3; do sed "s/\"real_ns\":[0-9]*//g" $n.json; done | sort | uniq -u; exit 1' 'last: 3 passed, 2 failed'
expect 2 'R run --format tap --format json good' '--format tap and --format json both write to standard output' \
    '--format json:FILE' 'no: passed'
expect 2 'R run --format pretty --format json --output x good; test ! -e x && exit 2' 'both write to the file of --output'
expect 2 'R run --format tap:r.tap --output x good; test ! -e x && exit 2' '--output has no report to write'
expect 2 'R run --format tap: good' '--format: expected a file after the colon'
expect 2 'R run --format yaml:x good' 'expected pretty, tap, junit, json, github, events, html, mermaid or dot'
expect 2 'R run --format= good' 'expected pretty, tap, junit, json, github, events, html, mermaid or dot'
expect 2 'R run --format tap:nowhere/x --format json:y good; test ! -e y && exit 2' 'cannot write nowhere/x: No such file'
expect 2 'R run --format json:y --format tap:nowhere/x good; test ! -e y && exit 2' 'cannot write nowhere/x: No such file'
expect 2 'R run --format tap:r.tap good >/dev/full' 'cannot write the counts: No space left on device'
expect 2 'R run --format tap:/dev/full good' 'cannot write /dev/full: No space left on device'
expect 2 'echo kept >y; R run --format tap:y --trace nowhere/x good; grep kept y && exit 2' 'cannot write nowhere/x' 'kept'
expect 2 'R run $(for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17; do echo --format tap:$n; done) good' \
    '--format: expected at most 16 reports'

# files that would overwrite each other, or an input
both='are the same file; expected two different files'
expect 2 'R run --output one --trace one good; test ! -e one && exit 2' "--trace one and --output one $both"
expect 2 'R run --format tap:one --format junit:./one good' "--format tap:one and --format junit:./one $both"
expect 2 'R run --format tap:one --format junit --output one good' "--format tap:one and --output one $both"
expect 2 'R run --format tap:one --trace one good' "--trace one and --format tap:one $both"
expect 2 'echo kept >one; ln -s one two; ln one three; R run --format tap:one --format json:two good; cat one; exit 2' "$both" 'kept'
# a link stays one, and what it names is written, also if it is not there yet
expect 0 'mkdir -p to; ln -s ../named.json to/link; R run --format json:to/link good; [ -L to/link ] && cat named.json' '"type":"totals"'
expect 0 'ln -s named.tap first; ln -s first second; R run --format tap:second good; [ -L second ] && [ -L first ] && cat named.tap' '1..'
expect 0 'ln -s "$PWD/absolute.tap" third; R run --format tap:third good; [ -L third ] && cat absolute.tap' '1..'
expect 2 'ln -s loops loops; R run --format tap:loops good' 'cannot write loops:'
expect 2 'R run --format tap:one --format json:three good' "$both"
expect 2 'cp good/a.scs a.kept; R run --output good/a.scs good; cmp a.kept good/a.scs && exit 2' \
    '--output good/a.scs would overwrite good/a.scs, which is run'
expect 2 'R run --trace good/../good/b.scs good; test -s good/b.scs && exit 2' \
    '--trace good/../good/b.scs would overwrite good/b.scs, which is run'
expect 2 'R run --format json:mixed/3-table.scs mixed/3-table.scs#1' 'would overwrite mixed/3-table.scs'
expect 0 'R run --format json:/dev/null --format tap:/dev/null good' 'last: 2 passed, 0 failed'

# TAP, as perl's prove reads it
expect 1 'R run --format tap mixed' '1..4' '# Subtest: mixed/3-table.scs' '    ok 1 - Romeo is here (mixed/3-table.scs\#1)' \
    '    1..2' 'not ok 3 - mixed/3-table.scs' 'ok 4 - '
if has prove; then
    run="prove -r --ext .scs --exec '$rehearse run --format tap"
    expect 0 "$run' good" 'All tests successful.' 'Files=2, Tests=2' 'Result: PASS'
    expect 1 "$run' mixed" 'mixed/3-table.scs ' 'Failed test:  1' 'Files=4, Tests=4' 'no: Parse errors' 'Result: FAIL'
    scenario tagged/slow.scs 'Romeo is slow' '## slow\n' 'Romeo connects'
    scenario tagged/swift.scs 'Romeo is swift' '' 'Romeo connects'
    expect 0 'R run --format tap:s.tap --only-tags slow tagged >told; prove -v -e cat s.tap' \
        'ok 2 - Romeo is swift (tagged/swift.scs) # SKIP has none of --only-tags' 'Result: PASS'
    expect 1 'R run --format tap:m.tap mixed >told; prove -v -e cat m.tap' 'Failed tests:  1, 3' 'Tests: 4 Failed: 2' \
        'no: Parse errors' '    not ok 2 - Romeo is away'
    expect 0 'R run --format tap:g.tap good >told; prove -v -e cat g.tap' 'ok 2 - Romeo goes (good/b.scs)' 'Result: PASS'
    expect 1 'R run --format tap:e.tap evil.scs odd >told; prove -e cat e.tap' 'Failed tests:  1-2' 'no: Parse errors'
    expect 1 'R run --fail-fast --format tap:f.tap mixed >told; prove -e cat f.tap' 'Failed test:  1' 'no: Parse errors'
fi
# The YAML blocks as both readers parse them: the path, the line, and the whole explanation.
cat >yaml.pl <<'END'
use TAP::Parser;
my $parser = TAP::Parser->new({ source => shift });
while (my $result = $parser->next) {
    print $result->data->{file}, ' ', $result->data->{line}, "\n", $result->data->{explanation} if $result->is_yaml;
}
END
if has perl prove; then
    expect 0 'perl yaml.pl m.tap' 'mixed/1-fails.scs 6' 'mixed/3-table.scs 10' '  the last lines of the trace (of 21):' \
        '    Romeo: away' 'no: not ok'
fi

# JUnit XML
expect 1 'R run --format junit mixed' '<testsuites name="rehearse" tests="5" failures="2" errors="0" time="' \
    '<testsuite name="mixed/sub" tests="1"' '<testcase name="Romeo is away" classname="mixed/3-table#2" time="0.0'
if has xmllint; then
    for what in good mixed evil.scs odd '--fail-fast mixed' '--only-tags none mixed'; do
        expect 0 "R run --format junit:r.xml $what >told; xmllint --noout --schema \"\$schema\" r.xml" 'r.xml validates'
    done
    expect 0 'R run --format junit:r.xml mixed >told; xmllint --xpath "string((//failure)[2]/@message)" r.xml' \
        'Romeo is not connected: there is no session'
    expect 3 'sed "s/classname/file=\"x\" classname/" r.xml >wrong.xml; xmllint --noout --schema "$schema" wrong.xml' 'fails to validate'
fi

# JSON Lines
if has jq; then
    expect 1 'R run --format json:r.json mixed; jq -r "select(.type == \"case\") | [.name, .status, .line] | @csv" r.json; exit 1' \
        '"mixed/1-fails.scs","failed",6' '"mixed/2-passes.scs","passed",' '"mixed/3-table.scs#2","failed",10' \
        '"mixed/sub/passes.scs","passed",'
    expect 0 'jq -s "[.[0].cases, .[-1].failed, (.[-1].trace_hash | length)] | @csv" r.json' '"5,2,16"'
    expect 0 'jq -r "select(.status == \"failed\").replay" r.json' 'run mixed/1-fails.scs' 'run mixed/3-table.scs#2'
    expect 0 'R run --seed 18446744073709551615 --format json good | jq -r "select(.type == \"run\").seed"' \
        'last: 18446744073709551615'
    expect 0 'R run --format json evil.scs odd | jq -r ".title // empty" | head -n 1 | cut -c 1-4 | od -An -c' '033   [   2   J'
    expect 0 'R run --fail-fast --format json mixed | jq -r "select(.status == \"skipped\").reason" | sort -u' 'an earlier one failed'
    # each line of the events is an object; those of a case are between its scenario and its result
    expect 1 'R run --events e.jsonl mixed; jq -r .type e.jsonl | sed -n "1p;2p;3p;\$p"; exit 1' 'no: error' 'FAILED   Romeo is not here' \
        'run' 'source' 'scenario' 'last: totals'
    expect 0 'jq -c "select(.type == \"case\" or .type == \"scenario\") | .type" e.jsonl | paste - - | sort | uniq -c' \
        'last:       5 "scenario"	"case"'
    expect 0 'jq -r "select(.type == \"source\").path" e.jsonl | sort | uniq -c' '      1 mixed/3-table.scs'
    expect 0 'jq -e -s "[.[] | select(.n)] | group_by(.case) | map([.[].n] == [range(1; length + 1)]) | all" e.jsonl' 'last: true'
    expect 0 'jq -r "select(.type == \"failure\") | [.case, .line, .summary] | @csv" e.jsonl' \
        '1,6,"Romeo is connected"' '4,10,"Romeo is not connected: there is no session"'
    expect 0 'jq -r "select(.type == \"session\" and .session.connected).session.jid" e.jsonl | cut -d/ -f1 | sort -u' 'last: romeo@localhost'
    expect 1 'R run --jobs 3 --events 3.jsonl mixed; R run --jobs 0 --events 0.jsonl mixed
              for n in 0 3; do sed "s/\"real_ns\":[0-9]*//g" $n.jsonl; done | sort | uniq -u; exit 1' 'last: 3 passed, 2 failed'
    expect 1 'R run --events - evil.scs odd | jq -e "select(.type == \"source\").text | startswith(\"# \\u001b\") or
              startswith(\"# \\\\x1b\")" | sort | uniq -c; exit 1' 'last:       2 true'
    expect 0 'R run --trace plain good; R run --trace heard --events e.jsonl good; cmp plain heard' 'last: 2 passed, 0 failed'
elif has python3; then
    expect 0 'R run --format json mixed evil.scs odd | while read -r line; do printf %s "$line" | python3 -m json.tool || exit; done' \
        '"status": "passed"'
fi

# a page: the report stays on standard output, and the page is replaced as a whole
expect 1 'R run --html page.html mixed' 'FAILED   Romeo is not here' 'last: 3 passed, 2 failed'
expect 0 'sed -n "1p;\$p" page.html; grep -c "^{\"type\":\"failure\"" page.html' '<!DOCTYPE html>' '</html>' 'last: 2'
expect 0 'R run --html page.html good; grep -c "^{\"type\":\"step\"" page.html; test $? = 1' 'last: 0'
expect 0 'R run --html page.html --html-all good; grep -c "^{\"type\":\"step\"" page.html' 'last: 5'
expect 1 'R run --html page.html evil.scs; grep -c "</script>" page.html; exit 1' 'last: 2'
expect 0 'R run --html page.html --output said good && cat said' 'last: 2 passed, 0 failed'
expect 0 'R run --html page.html --format tap good | head -n 1' 'last: TAP version 13'
expect 2 'R run --html nowhere/x good' 'cannot write nowhere/x: No such file'
expect 2 'R run --html good/a.scs good' '--html good/a.scs would overwrite'
expect 2 'R run --events= good' '--events: expected a file, or - for standard output'

# the same of other verbs: complete or not at all, and never over an input
expect 0 'R explore --events x.jsonl --html x.html good; tail -n 1 x.html; grep -c "^{\"type\":\"explored\"" x.jsonl' \
    '2 passed, 0 failed' '</html>' 'last: 2'
expect 0 'R sweep --seeds 0..3 --events s.jsonl --html s.html >told; wc -l <s.jsonl; tail -n 1 s.html' '2' 'last: </html>'
for verb in 'explore good' 'sweep --seeds 0..1' 'shrink mixed/1-fails.scs'; do
    expect 2 "R $verb --events nowhere/x --html none; test ! -e none && exit 2" 'cannot write nowhere/x: No such file' 'no: passed'
    expect 2 "R $verb --events none --html ./none; test ! -e none && exit 2" '--events none and --html ./none are the same file'
    expect 2 "R $verb --events -" '--events: expected a file'
done
# the data alone on standard output
for verb in 'replay good/a.scs' 'explore good/a.scs' 'sweep --seeds 0..1' 'shrink mixed/1-fails.scs'; do
    for format in events json; do
        expect 0 "R $verb --format $format 2>told | sed -n '1p;\$p' | cut -c 1-16" '{"type":"run","f' 'last: {"type":"totals"'
    done
    expect 0 "R $verb --format events 2>told | grep -v '^{\"type\"' | wc -l; cat told" '0' 'no: "type"'
    expect 2 "R $verb --format yaml" '--format: expected pretty or events' 'no: "type"'
done
expect 0 'R replay --format events good/a.scs 2>told >alone; R replay --events whole good/a.scs >said
          grep -v "\"type\":\"\(case\|totals\)\"" alone >one; grep -v "\"type\":\"\(case\|totals\)\"" whole | cmp - one && tail -n 1 told' 'last: 1 passed, 0 failed'
expect 2 'R explore --html good/b.scs good' '--html good/b.scs would overwrite good/b.scs, which is run'
expect 2 'R explore --record one --html one good/a.scs' '--record one and --html one are the same file'
expect 2 'R sweep --seeds 0..1 --output one --html one' '--output one and --html one are the same file'
expect 2 'R shrink mixed/1-fails.scs --html mixed/1-fails.scs' '--html mixed/1-fails.scs would overwrite'
expect 2 'R shrink good/a.scs --html none; test ! -e none && exit 2' 'nothing to shrink'
expect 0 'R shrink mixed/1-fails.scs --output small.scs --events small.jsonl 2>told && tail -n 1 small.jsonl; R run small.scs >told
          grep -c "replay.*run small.scs" small.jsonl' '"failed":1' 'last: 1'
expect 2 'R sweep --guided --html y' '--guided runs have no seeds to show: omit --events and --html'
expect 0 'R sweep --seeds 0..9 --events e >with 2>told; R sweep --seeds 0..9 >without 2>told; cmp with without'
expect 0 'R explore good | sed "s/(.*//" >without; R explore --events e good | sed "s/(.*//" >with; cmp with without'

# diagrams: each line of Mermaid is one of these, whose labels have only letters, a few signs and "#35;"
cat >mermaid.awk <<'END'
function is_label(text) {
    gsub(/#[0-9]+;/, "", text)
    return text ~ /^[A-Za-z0-9 .\/@_]*$/
}
function is_known(id) { return id in known }
NR == 1 { good = $0 == "sequenceDiagram"; next }
NR == 2 { good = good && $0 ~ /^    title / && is_label(substr($0, 11)); next }
/^    participant [csdo][0-9]+ as / {
    known[$2] = 1
    good = good && !begun && is_label(substr($0, index($0, " as ") + 4))
    next
}
{ begun = 1; colon = index($0, ": "); head = substr($0, 5, colon - 5); label = substr($0, colon + 2) }
/^    Note over / { split(substr(head, 11), ids, ","); good = good && is_known(ids[1]) && (!(2 in ids) || is_known(ids[2])) && is_label(label); delete ids; next }
/^    [csdo][0-9]+--?>>[csdo][0-9]+: / { split(head, ids, /--?>>/); good = good && is_known(ids[1]) && is_known(ids[2]) && is_label(label); next }
{ good = 0; print "no line of a diagram: " $0 }
END { print NR " lines"; exit good && NR > 3 ? 0 : 1 }
END
cp evil.scs wild.scs
sed -i "s/^# /# %%{init: {}}%% end; style a:#f; $unseen/; s/Romeo is connected/Romeo connects\nRomeo sends:\n\t<message to=\"a;b#9;%%@localhost\" type=\"x:y\"\/>\nRomeo is not connected/" wild.scs
for file in good/a.scs mixed/1-fails.scs evil.scs wild.scs mixed/3-table.scs#2; do
    expect 0 "R run --mermaid d.mmd --dot d.dot $file >told; awk -f mermaid.awk d.mmd" ' lines'
    expect 0 'LC_ALL=C grep -c "[^ -~]" d.mmd d.dot; test $? = 1' 'd.mmd:0' 'd.dot:0'
    if has dot; then
        expect 0 'dot -Tplain d.dot | grep -c ^edge' 'no: Error' 'no: Warning'
    fi
done
expect 1 'R run --mermaid - wild.scs | awk -f mermaid.awk; R run --mermaid - wild.scs | grep -- "->>"; exit 1' \
    'message x#58;y to a#59;b#35;9#59;#37;#37;@localhost'
expect 0 'R run --mermaid - good/a.scs | head -n 1' 'last: sequenceDiagram'
expect 0 'R run --dot - good/a.scs | head -n 1' 'last: digraph run {'
expect 0 'R run --dot d.dot --jobs 0 --title goes good; head -n 1 d.dot' 'last: digraph run {' '1 passed, 0 failed'
expect 2 'R run --mermaid none good; test ! -e none && exit 2' '--mermaid and --dot draw one case, and 2 are selected: name one, such as good/a.scs'
expect 2 'R run --mermaid d --dot d good/a.scs' '--mermaid d and --dot d are the same file'
expect 0 'R run --trace plain good/a.scs; R run --trace drawn --mermaid d --dot d2 good/a.scs; cmp plain drawn' 'last: 1 passed, 0 failed'

# GitHub Actions
expect 1 'R run --format github mixed' '::error file=mixed/1-fails.scs,line=6,title=Romeo is not here::Romeo is connected%0A' \
    'last: 3 passed, 2 failed' 'no: Romeo is here'
expect 1 'R run --format github mixed | grep -c ^::error; R run mixed >told' 'last: 2'
expect 1 'R run --format github evil.scs' 'title=\x1b[2J\x07\xc2\x9b # 100%25%2C a%3Ab <b> "q" '
expect 1 'R run --format github odd' '::error file=odd/a\x1b[31m%0A%25%2C%3A\xff.scs,'

finish
