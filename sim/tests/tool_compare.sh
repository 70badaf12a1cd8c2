#!/bin/sh
# Tests comparing servers from the outside: tool_compare.sh PROGRAM
# The adapter of our core is beside the program, in adapters/; the same with a mistake, which delivers messages to full
# JIDs twice, in mistaken/.
. "$(dirname "$0")/expect.sh"

core=$(dirname "$rehearse")/adapters/core
mistaken=$(dirname "$rehearse")/mistaken/core
sources=$tests/../..
export core mistaken sources

both='--server core --server "pipe:$core"'
wrong='--server core --server "pipe:$mistaken"'

scenario suite/basics/comes.scs 'Romeo comes in' '## level: must' 'Romeo connects\n\nRomeo disconnects'
scenario suite/views/looks.scs 'Romeo is looked at' '## level: ours' 'Romeo connects\n\nRomeo is connected'
mkdir -p suite/messages
cat >suite/messages/arrives.scs <<'END'
# A message arrives
## level: must
[Client] Romeo
	jid: romeo@localhost/orchard
	password: secret
[Client] Juliet
	jid: juliet@localhost/balcony
	password: secret
---
Romeo connects
Juliet connects
Romeo sends:
	<message to="juliet@localhost/balcony" id="m1"><body>Good night</body></message>
Juliet receives:
	<message id="m1"/>
END
# A message from another server that comes twice, and no step says anything about that.
scenario remote.scs 'A room of another server speaks' '## level: must' \
    'Romeo connects\n\nThe server of "localhost" receives from "muc.example":\n\t<message from="room@muc.example/a" to="${Romeo'"'"'s full JID}" type="groupchat"><body>neigh</body></message>'

# servers that agree, and that lack something
expect 0 "R compare $both suite/basics suite/messages" 'core: 2 passed, 0 failed' 'adapters/core: 2 passed, 0 failed' \
    'last: 2 passed, 0 failed' 'no: answers part'
expect 0 "R compare $both suite" 'core: 3 passed, 0 failed' 'adapters/core: 2 passed, 0 failed, 1 skipped (1 views)' \
    'last: 2 passed, 0 failed, 1 skipped'
expect 0 "R compare $both --level must suite" 'last: 2 passed, 0 failed'
expect 0 "R compare $both --title arrives suite" 'last: 1 passed, 0 failed'
expect 0 "R compare $both --seed 5 suite/messages" 'last: 1 passed, 0 failed'
expect 0 "R compare $both --only-tags 'level: must' suite" 'last: 2 passed, 0 failed'
expect 0 "R compare $both --skip-tags 'level: ours' suite" 'last: 2 passed, 0 failed'
expect 0 "R compare $both --server core:outside --jobs 2 suite/basics" 'core:outside: 1 passed' 'last: 1 passed, 0 failed'
expect 0 "R compare --jobs 0 $both \$sources/scenarios/offline" ', 0 failed' 'no: answers part'
expect 0 "R compare $both --seeds 0..99 --faults network,disk,clock" 'last: 100 passed, 0 failed'

# servers that part
expect 1 "R compare $wrong suite/basics suite/messages" 'answers part: suite/messages/arrives.scs: A message arrives' \
    '  core: passed' 'objected to by the check order-is-kept' '- core' "+ pipe:$mistaken" 'the runs diverge at ' \
    'Juliet receives <message from="romeo@localhost/orchard" id="m1"' 'to reproduce:' \
    ' replay --server core suite/messages/arrives.scs' 'mistaken/core: 1 passed, 1 failed' 'last: 1 passed, 1 failed' \
    'no: basics'
expect 1 "R compare $wrong --server \"pipe:\$core\" suite/messages" 'last: 0 passed, 1 failed' 'no: + pipe:'"$core"
expect 1 "R compare $wrong --seeds 0..49" 'answers part: seed ' ' --faults none --seeds ' ' --faults none --shrink ' \
    'core: 50 passed, 0 failed'
expect 0 "R compare $both remote.scs" 'last: 1 passed, 0 failed'
expect 1 "R compare $wrong remote.scs" 'core: passed' "pipe:$mistaken: failed, objected to by" '+ ' 'Romeo receives <message from="room@muc.example/a" type="groupchat"' 'last: 0 passed, 1 failed'

# with events, each run beside the other
expect 1 "R compare $wrong --events c.jsonl --html c.html suite/basics suite/messages" 'last: 1 passed, 1 failed'
expect 0 'sed -n "s/^.\"type\":\"\(case\|beside\|totals\)\".*/\1/p" c.jsonl | tr "\n" " "' 'case case beside totals'
expect 0 'grep -c "arrives.scs on core" c.jsonl; tail -n 1 c.html' '1' 'last: </html>'
expect 0 "R compare $both --events c.jsonl suite/basics && wc -l <c.jsonl" 'last: 2'
expect 1 "R compare $wrong --seeds 0..9 --events c.jsonl >told; grep -c '\"seed ' c.jsonl; exit 1"
expect 1 "R compare $wrong suite/messages >without; R compare $wrong --events c suite/messages >with; cmp with without && exit 1"
expect 2 "R compare $both --html suite/basics/comes.scs suite" '--html suite/basics/comes.scs would overwrite'
expect 2 "R compare $both --html x --events x suite" '--html x and --events x are the same file'
expect 2 "R compare $both --html x --shrink 1" '--events and --html show cases that are compared: omit --shrink'

# a failure on one of them is reduced
seed=$("$rehearse" compare --server core --server "pipe:$mistaken" --seeds 0..49 2>/dev/null | sed -n 's/.* --shrink //p' | head -n 1)
export seed
expect 0 "R compare $wrong --shrink \$seed --output small.scs" 'lines of steps:' 'now, with the same failure'
expect 0 'cat small.scs' "# Passes on core, fails on pipe:$mistaken" '## checks only' 'no: ## seed'
expect 0 '[ "$(sed "1,/^---/d" small.scs | grep -c .)" -le 6 ]'
expect 0 'R run --server core small.scs' 'last: 1 passed, 0 failed'
expect 1 'R run --server "pipe:$mistaken" small.scs' 'last: 0 passed, 1 failed'
expect 1 "R compare $wrong small.scs" 'last: 0 passed, 1 failed'
expect 0 "R compare $wrong --shrink suite/messages/arrives.scs" '# A scenario that fails order-is-kept' \
    '# Passes on core, fails on pipe:'
expect 2 "R compare $both --shrink suite/messages/arrives.scs" 'does not pass on core and fail on pipe:' 'nothing to shrink'
expect 2 'R compare --server "pipe:$mistaken" --server core --shrink suite/messages/arrives.scs' 'nothing to shrink'
expect 2 "R compare $wrong --shrink suite/messages/arrives.scs --output suite/messages/arrives.scs" 'would overwrite'
expect 2 "R compare $wrong --shrink nothing.scs" 'nothing.scs'

# usage
expect 2 'R compare suite' 'expected --server KIND at least twice'
expect 2 'R compare --server core suite' 'expected --server KIND at least twice'
expect 2 'R compare --server core --server core suite' '--server: expected each server once'
expect 2 'R compare --server core --server moon suite' '--server: expected core, core:outside, prosody, live:NAME, tcp:HOST:PORT or pipe:COMMAND'
expect 2 'R compare --server core --server pipe:./nothing-here suite' 'rehearse compare: --server pipe:./nothing-here'
expect 2 "R compare $both" 'expected PATHs, --seeds or --shrink, one of them'
expect 2 "R compare $both --seeds 1..2 suite" 'expected PATHs, --seeds or --shrink, one of them'
expect 2 "R compare $both --seeds 1..2 --seed 3" '--seed is for scenarios'
expect 2 "R compare $both --seeds 0..99999999" 'at most ten million seeds'
expect 2 "R compare $both --seeds x" '--seeds: expected seeds such as 0..999'
expect 2 "R compare $both --output x suite" '--output is for --shrink'
expect 2 "R compare $both --jobs 257 suite" '--jobs: expected a number from 0 to 256'
expect 2 "R compare $both --time soon --shrink 1" '--time: expected'
expect 2 "R compare $both --time-limit soon suite" '--time-limit: expected'
expect 2 "R compare $both --server core:outside --shrink 1" '--shrink needs two servers'
expect 2 "R compare $both nowhere" 'nowhere'
expect 0 'R help compare' '--server KIND' '--shrink SEED|FILE' '--seeds A..B'

# an interruption
expect 130 "after INT 1 R compare $both --seeds 0..999999" 'interrupted: ' ' 0 failed, ' ' skipped'
cat >hangs <<'END'
#!/bin/sh
printf '\023\000\000\000hello once x\nplain\n' >&3
while :; do sleep 1; done
END
chmod +x hangs
expect 130 'after INT 1 R matrix --server core --server pipe:./hangs suite/basics --output m.svg; status=$?; [ ! -e m.svg ] && exit $status' \
    'interrupted: the matrix is not written'

# the matrix
expect 0 "R matrix $both suite" 'A  core' 'B  pipe:' 'messages' 'must' 'last: 5 passed, 0 failed, 1 skipped'
expect 1 "R matrix $wrong suite" 'last: 4 passed, 1 failed, 1 skipped'
expect 0 "R matrix $both suite --format json" '{"servers":["core","pipe:' '{"topic":"messages","results":[{"passed":1,' \
    'no: 5 passed'
expect 0 "R matrix $both suite --format svg --output matrix.svg" 'last: 5 passed, 0 failed, 1 skipped'
expect 0 'cat matrix.svg' '<svg xmlns="http://www.w3.org/2000/svg"' 'prefers-color-scheme:dark' '>messages</text>' 'last: </svg>'
expect 0 'R matrix --server core suite --level ours' 'views' 'last: 1 passed, 0 failed' 'no: messages'
expect 2 'R matrix suite' 'expected --server KIND at least once'
expect 2 "R matrix $both suite --format pdf" '--format: expected text, json or svg'
expect 0 "R matrix $both suite --jobs 0 --time-limit 1m" 'last: 5 passed, 0 failed, 1 skipped'
expect 2 "R matrix $both suite --jobs many" '--jobs: expected a number from 0 to 256'
expect 2 "R matrix $both suite --time-limit soon" '--time-limit: expected'
expect 2 "R matrix $both suite --output suite/basics/comes.scs" 'would overwrite'
expect 2 "R matrix $both suite --output nowhere/matrix.svg" 'nowhere/matrix.svg'
expect 0 'R help matrix' '--format FORMAT' 'Exit status'

finish
