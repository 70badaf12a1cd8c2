#!/bin/sh
# Tests real servers over TCP from the outside: tool_live.sh PROGRAM
# Where the adapter or Prosody is missing (`make servers`), what needs them is skipped.
. "$(dirname "$0")/expect.sh"

live=$(dirname "$rehearse")/adapters/live
export live

cat >chat.scs <<'END'
# A message that is kept, and contacts that see each other
[Client] Romeo
	jid: romeo@localhost/orchard
	password: secret

[Client] Juliet
	jid: juliet@localhost/balcony
	password: secret

[Roster] romeo@localhost
	juliet@localhost: both, name "Juliet", group "Friends"

[Roster] juliet@localhost
	romeo@localhost: both
---
Romeo connects

Romeo sends:
	<message to="juliet@localhost"><body>Art thou there?</body></message>

Juliet connects

Juliet sends:
	<presence/>

Juliet receives in any order:
	<presence from="${Juliet's full JID}"/>
	<message from="${Romeo's full JID}" scansion:strict="false"><body>Art thou there?</body></message>

Romeo sends:
	<iq type="get" id="r"><query xmlns="jabber:iq:roster"/></iq>

Romeo receives:
	<iq type="result" id="r"><query xmlns="jabber:iq:roster" scansion:strict="false"><item jid="juliet@localhost" name="Juliet" subscription="both"><group>Friends</group></item></query></iq>

Romeo sends:
	<presence/>

Romeo receives in any order:
	<presence from="${Romeo's full JID}"/>
	<presence from="${Juliet's full JID}" scansion:strict="false"/>

Juliet receives:
	<presence from="${Romeo's full JID}"/>
END
sed 's/juliet@localhost: both, name/juliet@elsewhere.example: both, name/' chat.scs >stranger.scs
cat >secure.scs <<'END'
# A stream that must be encrypted
[Server]
	tls: required

[Client] Romeo
	jid: romeo@localhost/orchard
	password: secret
---
Romeo connects
Romeo's link is encrypted
Romeo sends:
	<iq type="get" id="p" to="localhost"><ping xmlns="urn:xmpp:ping"/></iq>
Romeo receives:
	<iq type="result" id="p" from="localhost" to="${Romeo's full JID}"/>
END
scenario alone.scs 'Romeo waits' '' 'Romeo connects\n\n2 seconds pass'
scenario long.scs 'Romeo waits for long' '' 'Romeo connects\n\n10 minutes pass'
scenario wrong.scs 'Romeo gets a message that nobody sent' '' 'Romeo connects\n\nRomeo receives:\n\t<message/>'
sed 's/@localhost/@elsewhere.example/' alone.scs >elsewhere.scs

# what is no server
for name in live: live:moon tcp: tcp:localhost tcp::5222 tcp:localhost:0 tcp:localhost:65536 tcp:localhost:x; do
    expect 2 "R run --server $name alone.scs" '--server: expected core'
done

if [ ! -x "$live" ]; then
    expect 2 'R run --server live:prosody alone.scs' 'adapters/live' '`make servers` installs the servers and builds it'
    expect 2 'R run --server tcp:127.0.0.1:5222 alone.scs' '`make servers` installs the servers and builds it'
    echo 'skipped: real servers; there is no build/adapters/live'
    finish
    exit
fi
expect 2 'R run --server tcp:127.0.0.1:1 alone.scs' 'the server cannot be tested: nothing listens there'

if ! command -v prosody >/dev/null; then
    echo 'skipped: real servers; there is no prosody'
    finish
    exit
fi

# folders: those of servers with a host that only this test has.  gone: waits until there is none.
sed "s/@localhost/@$$.example/" alone.scs >marked.scs
echo "grep -l '$$.example' /tmp/rehearse-*/prosody.cfg.lua 2>/dev/null" >folders
cat >there <<'END'
tries=0
until [ -n "$(sh ./folders)" ] || [ $tries -gt 100 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
END
cat >gone <<'END'
tries=0
while [ -n "$(sh ./folders)" ]; do
    tries=$((tries + 1))
    [ $tries -lt 50 ] || exit 1
    sleep 0.1
done
END

# a server that is started for it
expect 0 'R run --server live:prosody chat.scs secure.scs alone.scs' \
    'runs of this server vary: a failure is repeated before it counts; 0 passed then' 'no: trace hash' \
    'last: 3 passed, 0 failed'
expect 0 'R run --server live:prosody long.scs' 'skipped: 1 long-times' 'last: 0 passed, 0 failed, 1 skipped'
expect 0 'R run --server live:prosody stranger.scs' 'skipped: 1 contacts' 'last: 0 passed, 0 failed, 1 skipped'
expect 0 'R explore --server live:prosody alone.scs' '1 passed'
expect 0 'R replay --server live:prosody alone.scs' 'last: 1 passed, 0 failed'
expect 0 'R sweep --server live:prosody --seeds 0..2 || [ $? = 1 ]' '3 seeds of 3, ' 'runs of this server vary' 'no: traces'
expect 1 'R run --server live:prosody wrong.scs' 'nothing came' 'to reproduce:' '--server live:prosody' \
    'last: 0 passed, 1 failed'
expect 0 'R shrink --server live:prosody wrong.scs' 'nothing came'

# nothing is left, however the tool ends
expect 0 'R run --server live:prosody marked.scs; sh ./gone' 'last: 1 passed, 0 failed'
for signal in KILL TERM; do
    expect 0 "\"\$rehearse\" run --server live:prosody marked.scs & sh ./there; sh ./folders; kill -$signal \$!
        wait \$!; sh ./gone" '/tmp/rehearse-' 'no: 1 passed'
done

# a server that runs already
port=$(awk 'BEGIN { srand(); print 20000 + int(rand() * 10000) }')
export port
mkdir data
cat >prosody.cfg.lua <<END
run_as_root = true; data_path = "$room/data"; storage = "internal"; log = {}
modules_enabled = { "roster", "saslauth", "disco", "ping", "version", "register", "smacks" }
modules_disabled = { "posix", "s2s", "s2s_auth_certs" }
interfaces = { "127.0.0.1" }; c2s_ports = { $port }; c2s_direct_tls_ports = {}; s2s_ports = {}
allow_registration = true; allow_unencrypted_plain_auth = true; c2s_require_encryption = false
VirtualHost "localhost"
END
prosody -F --config prosody.cfg.lua >/dev/null 2>&1 &
server=$!
tries=0
until "$rehearse" run --server "tcp:127.0.0.1:$port" long.scs >/dev/null 2>&1 || [ $tries -gt 50 ]; do
    tries=$((tries + 1))
    sleep 0.2
done
expect 0 'R run --server tcp:127.0.0.1:$port chat.scs alone.scs' 'last: 2 passed, 0 failed'
expect 0 'R run --server tcp:localhost:$port secure.scs' 'skipped: 1 tls'
expect 0 'R run --server tcp:127.0.0.1:$port elsewhere.scs' 'skipped: 1 host'
expect 0 '[ -z "$(ls data/localhost/accounts 2>/dev/null)" ]'
kill "$server"
wait "$server" 2>/dev/null

finish
