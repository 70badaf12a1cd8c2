#!/bin/sh
# Tests `rehearse conformance` from the outside: tool_conformance.sh PROGRAM
project=$PWD
. "$(dirname "$0")/expect.sh"

scenario s/in.scs 'Romeo comes in' '## rfc: 6120 7.1' 'Romeo connects'
scenario s/out.scs 'Romeo is not in' '## rfc: 6120 8' 'Romeo is connected'
scenario s/unasked.scs 'Nobody asks for it' '' 'Romeo is connected'
scenario s/wrong.scs 'As it says' '## rfc: 6120 9\n## fails: not connected' 'Romeo is connected'
mkdir -p fixtures/conformance
tables=fixtures/conformance
printf '6120\tbinding\tMUST\tMUST\t7\tBind.\n6120\twrong\tN/A\tMAY\t9\tFail.\n' >$tables/features.tsv
: >$tables/evidence.tsv

expect 0 'R conformance s' 'binding' '7, server MUST: Bind.' \
    'last: 2 supported, 0 failed, 0 not shown, 0 not applicable' 'no: s/in.scs' 'no: unasked'
expect 0 'R conformance --verbose s' 's/in.scs' 's/wrong.scs' 'no: unasked'
expect 0 'mv s scenarios && R conformance; s=$?; mv scenarios s; exit $s' 'last: 2 supported, 0 failed, 0 not shown, 0 not applicable'
expect 0 'R conformance --format json s' '"name":"s/in.scs"' \
    'last: {"type":"totals","supported":2,"failed":0,"not_shown":0,"not_applicable":0}'
expect 0 'R conformance --jobs 0 s >a && R conformance --jobs 2 --seed 7 s | cmp - a'

cp -r $tables failing
printf '6120\trouting\tN/A\tMUST\t8\tRoute.\n6120\tnone\tN/A\tMUST\t80\tNone.\n' >>failing/features.tsv
expect 1 'R conformance --table failing s' 'failed: s/out.scs: ' \
    'last: 2 supported, 1 failed, 1 not shown, 0 not applicable'
expect 1 'R conformance --table failing --format json s' '"verdict":"failed"' '"verdict":"not shown"' '"passed":false'

expect 1 'R conformance --table failing --html f.html s' 'last: 2 supported, 1 failed, 1 not shown, 0 not applicable'
expect 0 'grep -c "^{\"type\":\"\(conformance\|feature\|evidence\)\"" f.html; tail -n 1 f.html' '8' 'last: </html>'
expect 1 'R conformance --table failing --server core --server core:outside s' 'The server core:outside' \
    'not run: s/out.scs: the server lacks views' 'last: 1 supported, 0 failed, 3 not shown, 0 not applicable'
expect 1 'R conformance --table failing --server core --server core:outside --html f.html s >told; grep "^{\"type\":\"conformance" f.html; exit 1' \
    '"servers":["core","core:outside"]'
expect 2 'R conformance --server core --server core:outside --format json s' '--format json is of one server'
expect 2 'R conformance --server moon s' '--server: expected core'
expect 2 'R conformance --html s/in.scs s' '--html s/in.scs would overwrite s/in.scs'
expect 2 'R conformance --html nowhere/x s' 'cannot write nowhere/x'

printf 'binding\tscenario\tgone.scs\n' >failing/evidence.tsv
expect 2 'R conformance --table failing s' 'evidence.tsv:1: binding: there is no scenario s/gone.scs' 'no: supported'
expect 2 'R conformance --table nowhere s' 'cannot read nowhere/features.tsv'
expect 2 'R conformance nowhere' 'cannot read nowhere: No such file or directory'
expect 2 'R conformance s s' 'expected one PATH at most'
expect 2 'R conformance --format xml s' '--format: expected text or json'
expect 2 'R conformance s >/dev/full' 'cannot write the report'
expect 0 'R help conformance' 'rehearse conformance [OPTION...] [PATH]' '--table FOLDER'

# The core of this repository: the number of features is that of the RFCs (63, 17 and 6), and none fails.
cd "$project" || exit 2
expect 0 'R conformance --jobs 2' ' supported, 0 failed, '
expect 0 'R conformance --format json | grep -c \"feature\"' 'last: 86'
finish
