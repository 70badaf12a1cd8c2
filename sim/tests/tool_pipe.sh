#!/bin/sh
# Tests servers in other processes from the outside: tool_pipe.sh PROGRAM
# The adapter of our core is beside the program, in adapters/.
. "$(dirname "$0")/expect.sh"

core=$(dirname "$rehearse")/adapters/core
sources=$tests/../..
export core sources

# hash_of KIND ARGUMENTS...: the trace hash of a run or a sweep against that server.
cat >hash_of <<'END'
kind=$1 verb=$2
shift 2
"$rehearse" "$verb" --server "$kind" "$@" 2>/dev/null | sed -n -E 's/.*trace(s| hash) ([0-9a-f]{16}).*/\2/p'
END
# same ARGUMENTS...: the adapter gives the hash of the core in the tool's process, seen from outside.
cat >same <<'END'
here=$(sh ./hash_of core:outside "$@")
there=$(sh ./hash_of "pipe:$core" "$@")
echo "$here $there"
[ -n "$here" ] && [ "$here" = "$there" ]
END

# the same runs
for folder in presence stream-management tls offline subscription; do
    [ -d "$sources/scenarios/$folder" ] || continue
    expect 0 "sh ./same run \$sources/scenarios/$folder"
done
expect 0 'sh ./same run $sources/scenarios'
expect 0 'sh ./same run --seed 7 $sources/scenarios/routing'
expect 0 'sh ./same sweep --seeds 0..199 --faults network,disk,clock'
expect 0 'sh ./same sweep --seeds 200..399 --jobs 2 --faults all'

# a server that is blocked by its storage is none that fails
for folder in presence stream-management tls offline subscription; do
    [ -d "$sources/scenarios/$folder" ] || continue
    expect 0 "R run --server \"pipe:\$core --waits\" \$sources/scenarios/$folder" ' 0 failed'
done
expect 0 'R sweep --server "pipe:$core --waits" --seeds 0..199 --faults network,disk,clock' ' 0 failed'

# an adapter may be started for each server, or fork for it
scenario comes.scs 'Romeo comes in' '' 'Romeo connects\n\nRomeo disconnects'
scenario looks.scs 'Romeo is looked at' '' 'Romeo connects\n\nRomeo is connected'
scenario fails.scs 'Romeo is not let in' '' 'Romeo opens a connection\nRomeo opens a stream\nRomeo fails to authenticate with PLAIN: not-authorized'
cat >crash.scs <<'END'
# Romeo comes back after a crash
[Client] Romeo
	jid: romeo@localhost
	password: secret
---
Romeo connects
The server crashes
The server starts again
Romeo connects
END
for life in once again fork; do
    expect 0 "R run --server \"pipe:\$core --$life\" comes.scs crash.scs" 'last: 2 passed, 0 failed'
    expect 0 "R run --jobs 0 --server \"pipe:\$core --$life\" comes.scs crash.scs" 'last: 2 passed, 0 failed'
done

# what the server lacks is skipped, counted and said
expect 0 'R run --server "pipe:$core" comes.scs looks.scs | tail -n 4' 'checks are not asked of this server' \
    'skipped: 1 views' 'last: 1 passed, 0 failed, 1 skipped'
expect 0 'R replay --server "pipe:$core" looks.scs' 'skipped: 1 views' 'last: 0 passed, 0 failed, 1 skipped'
expect 0 'R explore --server "pipe:$core" looks.scs comes.scs' 'skipped: 1 views' 'last: 1 passed, 0 failed, 1 skipped'
expect 0 'R sweep --server "pipe:$core" --seeds 0..99 --faults memory | tail -n 2' 'actions left out: ' ' memory' 'last: 100 passed, 0 failed'
expect 0 'R replay --server "pipe:$core" 17' 'last: 1 passed, 0 failed'
expect 2 'R shrink --server "pipe:$core" comes.scs' 'the scenario passes; there is nothing to shrink'
expect 0 'R run --server core comes.scs looks.scs' 'no: skipped' 'last: 2 passed, 0 failed'

# a server that cannot be started, or does not exist
for verb in run replay sweep shrink explore; do
    expect 2 "R $verb --server moon" '--server: expected core, core:outside, prosody, live:NAME, tcp:HOST:PORT or pipe:COMMAND'
    expect 2 "R $verb --server pipe:" '--server: expected core, core:outside, prosody, live:NAME, tcp:HOST:PORT or pipe:COMMAND'
    expect 0 "R help $verb" '--server KIND'
done
expect 2 'R run --server pipe:./nothing-here comes.scs' 'the server died' 'it ended with status 127' 'nothing-here'
expect 2 'R run --server "pipe:echo hm >&2" comes.scs' 'the server died' 'it ended with status 0' 'hm'
expect 2 'R sweep --guided --server core' 'omit --server'

# a failure of the server is one of the run, is shown, and the others are run
sed -n 's/^    C([A-Z_0-9]*, "\([^"]*\)".*/\1/p' "$sources/sim/world/capability.h" | grep -vx -e views -e memory >names
{ echo 'hello once x' && cat names; } >hello
size=$(wc -c <hello)
cat >dies <<END
#!/bin/sh
printf '\\$(printf %03o $((size % 256)))\\$(printf %03o $((size / 256)))\\000\\000' >&3
cat hello >&3
echo farewell >&2
exit 5
END
chmod +x dies
expect 1 'R run --server pipe:./dies comes.scs fails.scs' 'the server died' 'it ended with status 5' 'farewell' \
    'to reproduce:' "--server pipe:./dies" 'last: 0 passed, 2 failed'
expect 1 'R sweep --server pipe:./dies --seeds 0..2' 'failed 3 times: the server died' 'last: 0 passed, 3 failed'
expect 0 'R shrink --server pipe:./dies fails.scs' 'the server died'

# nothing is left, however the tool ends
cat >hangs <<'END'
#!/bin/sh
echo $$ >pid.$$
printf '\023\000\000\000hello once x\nplain\n' >&3
trap '' INT TERM HUP
while :; do sleep 1; done
END
chmod +x hangs
# there: waits until one has started.  gone: waits until all have ended.
cat >there <<'END'
tries=0
until [ -n "$(ls pid.* 2>/dev/null)" ] || [ $tries -gt 100 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
sleep 0.5
END
cat >gone <<'END'
[ -n "$(ls pid.* 2>/dev/null)" ] || exit 1
for file in pid.*; do
    tries=0
    # A zombie waits only for its new parent to notice.
    while grep -q ') [^ZX]' "/proc/${file#pid.}/stat" 2>/dev/null; do
        tries=$((tries + 1))
        [ $tries -lt 100 ] || exit 1
        sleep 0.1
    done
done
rm -f pid.*
END
expect 0 'R run --server pipe:./hangs comes.scs >said & sh ./there; kill -KILL $!; wait $! 2>/dev/null; sh ./gone'
expect 0 'R run --jobs 0 --server pipe:./hangs comes.scs >said & sh ./there; kill -KILL $!; wait $! 2>/dev/null; sh ./gone'
expect 0 'after TERM 1 R run --server pipe:./hangs comes.scs; sh ./gone' 'interrupted'
expect 0 'R run --time-limit 1s --server pipe:./hangs comes.scs; sh ./gone' 'time limit: not over after 1 s'

# what a server fails as expected
scenario silent.scs 'Nobody speaks to Romeo' '' 'Romeo connects\n\nRomeo receives:\n\t<message/>'
echo 'silent.scs | nothing came | ours | nobody does' >expected
expect 0 'R run --expect expected silent.scs comes.scs' 'of these 1 failed as expected, 0 passed unexpectedly: expected' \
    'last: 2 passed, 0 failed'
echo 'silent.scs | another word | ours | nobody does' >expected
expect 1 'R run --expect expected silent.scs' 'failed, but is expected to fail with "another word"' \
    'of these 0 failed as expected, 0 passed unexpectedly' 'last: 0 passed, 1 failed'
echo 'comes.scs | nothing came | ours | nobody does' >expected
expect 1 'R run --expect expected comes.scs' 'passed, but is expected to fail with "nothing came" (ours; nobody does)' \
    'of these 0 failed as expected, 1 passed unexpectedly' 'last: 0 passed, 1 failed'
echo 'comes.scs | nothing came' >expected
expect 2 'R run --expect expected comes.scs' 'expected:1: expected CASE | WORDS | LEVEL | REASON'
expect 2 'R run --expect missing comes.scs' 'missing'
expect 0 'R run --expect none comes.scs' 'last: 1 passed, 0 failed'
mkdir -p fixtures/servers && echo 'silent.scs | nothing came | ours | nobody does' >fixtures/servers/rehearsal-core
expect 0 'R run --server "pipe:$core" silent.scs' '1 failed as expected, 0 passed unexpectedly: fixtures/servers/rehearsal-core'
expect 1 'R run --server "pipe:$core" --expect none silent.scs' 'last: 0 passed, 1 failed'

# the page has the names of all capabilities
cat >unnamed <<'END'
while read -r name; do
    grep -q -F "\`${name#limits:}\`" "$sources/sim/adapters/README.md" || echo "$name"
done <names
END
expect 0 '[ "$(wc -l <names)" -gt 40 ] && sh ./unnamed | wc -l' 'last: 0'

# the example of the page, and its scenario
for block in python scenario; do
    awk -v begin="^\`\`\`$block" '$0 ~ begin { on = 1; next } /^```/ { on = 0 } on' "$sources/sim/adapters/README.md" >page.$block
done
mv page.scenario page.scs
if command -v python3 >/dev/null; then
    expect 0 'R run --server "pipe:python3 page.python" page.scs' 'last: 1 passed, 0 failed'
    for seed in 1 2 3 4; do
        expect 0 "R run --seed $seed --server 'pipe:python3 page.python' page.scs" 'last: 1 passed, 0 failed'
    done
    expect 0 'R run --server "pipe:python3 page.python" crash.scs' 'skipped: 1 crash' 'last: 0 passed, 0 failed, 1 skipped'
    # one that ends its turns twice
    sed 's/^        put("idle never")$/&; put("idle never")/' page.python >twice.python
    expect 1 'R run --server "pipe:python3 twice.python" page.scs' 'the server talks nonsense' 'it sent this' 'idle never' \
        'last: 0 passed, 1 failed'
else
    echo 'skipped: the example in Python; there is no python3'
fi

finish
