#!/bin/sh
# Tests `rehearse record` from the outside, between clients and a server that record_ends plays: tool_record.sh PROGRAM
. "$(dirname "$0")/expect.sh"
ends=$(dirname "$rehearse")/sim/tests/record_ends
export ends

stream="xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
sasl="xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
bind="xmlns='urn:ietf:params:xml:ns:xmpp-bind'"
client_header="<?xml version='1.0'?><stream:stream to='localhost' version='1.0' $stream>"
server_header="<?xml version='1.0'?><stream:stream from='localhost' id='s1' version='1.0' $stream>"
tls="<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
plus="<mechanism>SCRAM-SHA-256-PLUS</mechanism>"
weak="<mechanism>SCRAM-SHA-256</mechanism><mechanism>PLAIN</mechanism>"

# login N AUTH JID/RESOURCE: of client N; the lines AUTH are its exchange.
login() {
    cat <<END
$1 opens
$1 > $client_header
$1 << $server_header<stream:features>$tls<mechanisms $sasl>$plus$weak</mechanisms></stream:features>
= $server_header<stream:features><mechanisms $sasl>$weak</mechanisms></stream:features>
$2
$1 > $client_header
$1 << $server_header<stream:features>$tls<bind $bind/></stream:features>
= $server_header<stream:features><bind $bind/></stream:features>
$1 > <iq type='set' id='x$1'><bind $bind><resource>${3#*/}</resource></bind></iq>
$1 < <iq type='result' id='x$1'><bind $bind><jid>$3</jid></bind></iq>
END
}
romeo() {
    login "$1" "$1 > <auth mechanism='PLAIN' $sasl>AHJvbWVvAHNlY3JldA==</auth>
$1 < <success $sasl/>" romeo@localhost/orchard
}
juliet() {
    login "$1" "$1 > <auth mechanism='SCRAM-SHA-256' $sasl>biwsbj1qdWxpZXQscj1hYmM=</auth>
$1 < <challenge $sasl>cj1hYmM=</challenge>
$1 > <response $sasl>Yz1iaXdz</response>
$1 < <success $sasl>dj1h</success>" juliet@localhost/balcony
}

# A session with rosters, presence and a message, as the core of the simulator has it too.
{
    romeo 1
    juliet 2
    for i in 1 2; do
        echo "$i > <iq type='get' id='r$i'><query xmlns='jabber:iq:roster'/></iq>"
    done
    echo "1 < <iq type='result' id='r1' to='romeo@localhost/orchard'><query xmlns='jabber:iq:roster' ver='7'><item jid='juliet@localhost' subscription='both' name='Juliet'/></query></iq>"
    echo "2 < <iq type='result' id='r2' to='juliet@localhost/balcony'><query xmlns='jabber:iq:roster' ver='9'><item jid='romeo@localhost' subscription='both'/></query></iq>"
    echo "1 > <presence/>"
    echo "1 < <presence from='romeo@localhost/orchard'/>"
    echo "2 > <presence/>"
    echo "2 < <presence from='juliet@localhost/balcony'/><presence from='romeo@localhost/orchard'><delay xmlns='urn:xmpp:delay' stamp='2026-12-01T00:00:00Z' from='localhost'/></presence>"
    echo "1 < <presence from='juliet@localhost/balcony'/>"
    echo "1 > <message to='juliet@localhost/balcony' type='chat' id='f81d4fae7dec'><body>Sleep dwell upon thine eyes</body></message>"
    echo "2 < <message from='romeo@localhost/orchard' to='juliet@localhost/balcony' type='chat' id='f81d4fae7dec'><body>Sleep dwell upon thine eyes</body></message>"
    echo "2 > </stream:stream>"
    echo "1 < <presence type='unavailable' from='juliet@localhost/balcony'/>"
    echo "2 < </stream:stream>"
    echo "2 is ended"
    echo "2 ends"
    echo "1 ends"
    echo "1 is ended"
} >session
expect 0 '$ends $rehearse session --connections 2 --password juliet@localhost=secret --output session.scs' \
    'no: record_ends' 'no: connection 1'
expect 0 'cat session.scs' 'password: secret' 'mechanism: PLAIN' 'Romeo connects' 'Juliet connects' \
    'juliet@localhost: both, name "Juliet"' 'Juliet disconnects' 'last: Romeo drops the connection' 'no: f81d4fae7dec' \
    'stamp="{scansion:any}"' "from=\"\${Romeo's full JID}\"" 'id="m1"'
expect 0 'R lint session.scs' '1 file, no complaints'
expect 0 'R run session.scs' 'last: 1 passed, 0 failed'
expect 0 'R run --seed 5 session.scs' 'last: 1 passed, 0 failed'

# The same to standard output, without a password: lint points it out.
expect 0 '$ends $rehearse session --connections 2 >unknown.scs 2>said.txt; cat unknown.scs' \
    '# The password of Juliet was not sent in clear'
expect 2 'R lint unknown.scs' 'unknown.scs:' 'the password is missing; expected it in place of ${password of juliet@localhost}'

# An interrupt writes what there is.
{
    romeo 1
    echo "1 > <presence/>"
    echo "1 > <message to='nobody'><body>half of"
    echo interrupt
} >interrupted
expect 130 '$ends $rehearse interrupted --output part.scs' 'no: record_ends'
expect 0 'cat part.scs; R lint part.scs' 'Romeo sends raw "<message to='"'nobody'"'><body>half of"' 'no complaints'

# A megabyte; and a client that resets its connection.
{
    romeo 1
    echo "1 > megabyte"
    echo "1 resets"
    echo "1 is ended"
} >megabyte
expect 0 '$ends $rehearse megabyte --connections 1 --output megabyte.scs' 'no: record_ends'
expect 0 'wc -c <megabyte.scs | awk "{ exit \$1 < 1048576 }" && R lint megabyte.scs && tail -n 1 megabyte.scs' \
    'last: Romeo drops the connection'

# A server that is not there: the client's connection ends, and the next one is served.
{
    romeo 1
    echo "the server is away"
    echo "2 is refused"
    echo "1 > <presence/>"
    echo "1 ends"
    echo "1 is ended"
} >away
expect 0 '$ends $rehearse away --connections 2 --output away.scs' 'no connection to the server at 127.0.0.1:' \
    "Connection refused; the client's connection is closed" 'no: record_ends'
expect 0 'tail -n 1 away.scs' 'last: Romeo drops the connection'
echo 'as it was' >kept
printf 'the server is away\n1 is refused\n' >nobody
expect 1 '$ends $rehearse nobody --connections 1 --output kept; s=$?; cat kept; exit $s' \
    'no client was connected to the server; nothing is written' 'last: as it was'

# What cannot be recorded is explained.
printf '1 opens\n1 > \026\003\001\n1 ends\n1 is ended\n' >hello
expect 0 '$ends $rehearse hello --connections 1' 'connection 1: the client begins with TLS, which cannot be read'
romeo 1 | head -n 4 | { cat; printf '1 ends\n1 is ended\n'; } >leaves
expect 0 '$ends $rehearse leaves --connections 1' 'connection 1: the client left without a login; if it insists on TLS'

# The end by time; and a port that is taken.
expect 1 'R record --listen 127.0.0.1:0 --time 1s' 'listening on 127.0.0.1:' 'nothing is written'
printf '1 opens\n' >open
expect 0 '$ends $rehearse open --time 1s --output open.scs && R lint open.scs' 'no complaints'
cat >taken.sh <<'END'
"$rehearse" record --listen 127.0.0.1:0 --time 20s >/dev/null 2>first.txt &
for i in 1 2 3 4 5 6 7 8 9 10; do
    port=$(sed -n 's/.*listening on 127.0.0.1:\([0-9]*\),.*/\1/p' first.txt)
    [ -n "$port" ] && break
    sleep 0.2
done
"$rehearse" record --listen "127.0.0.1:$port" --output kept
status=$?
kill "$!"
wait
exit $status
END
expect 2 'sh taken.sh; s=$?; cat kept; exit $s' 'cannot listen on 127.0.0.1:' 'Address already in use' 'last: as it was'

# Usage.
expect 0 'R help record' '--listen ADDRESS' '--to ADDRESS' '--output FILE' '--password JID=SECRET' '--connections N' \
    '--time SPAN' '--pause SPAN' 'STARTTLS is hidden'
expect 0 'R help' '  record '
for address in 192.0.2.1:5222 0.0.0.0:5222 '[::]:5222' example.org:5222 127.0.0.1 127.0.0.1:65536 127.0.0.1:x ::1:5222; do
    expect 2 "R record --listen '$address'" '--listen: expected an address of this machine with a port'
    expect 2 "R record --to '$address'" '--to: expected an address of this machine with a port'
done
expect 2 'R record --to 127.0.0.1:0' '--to: expected'
expect 2 'R record --connections 0' '--connections: expected a number of connections, at least 1'
expect 2 'R record --password juliet@localhost' '--password: expected JID=SECRET'
expect 2 'R record --password =secret' '--password: expected JID=SECRET'
expect 2 'R record --time soon' '--time: expected a span'
expect 2 'R record --pause none' '--pause: expected a span'
expect 2 'R record session.scs' 'expected only options'
expect 2 'R record --output nowhere/kept --listen 127.0.0.1:0' 'cannot write nowhere/kept'

finish
