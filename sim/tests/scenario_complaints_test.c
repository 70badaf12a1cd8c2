#include "scenario_reading.h"

/* ---- Complaints ---- */

struct malformed {
    int line;
    const char *message; /* a part of it */
    const char *text;
};

#define TEN(text)     text text text text text text text text text text
#define TOO_LONG      TEN(TEN("ab ")) "c" /* 301 bytes */
#define TOO_LONG_SAID "ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ab ..."

static const struct malformed malformed_heads[] = {
    { 1, "the name \"" TOO_LONG_SAID "\" of a character has 301 bytes; expected at most 240",
      "[Client] " TOO_LONG "\n\tjid: romeo@localhost\n---\nRomeo connects\n" },
    { 2, "\" of a column has 301 bytes; expected at most 240", "[Table]\n\t" TOO_LONG "\n\t1\n---\n" },
    { 1, "the head is not closed; expected a line of three or more dashes", "" },
    { 3, "the head is not closed", "[Client] Romeo\n\tjid: romeo@localhost\nRomeo connects\n" },
    { 1, "has no host; expected a [Client] with a jid", "---\n1 second passes\n" },
    { 5, "no step below the head; expected one such as \"Romeo connects\"",
      "[Client] Romeo\n\tjid: romeo@localhost\n---\n# nothing\n" },
    { 3, "\"Romeo\" is already in the cast, in line 1",
      "[Client] Romeo\n\tjid: romeo@localhost\n[Client] Romeo\n\tjid: romeo@localhost\n---\n" },
    { 1, "\"Romeo\" has no jid; expected an indented line such as \"jid: romeo@localhost\"",
      "[Client] Romeo\n\tpassword: x\n---\n" },
    { 2, "\"romeo@\" is not a JID; expected one such as", "[Client] Romeo\n\tjid: romeo@\n---\n" },
    { 2, "\"@localhost\" is not a JID", "[Client] Romeo\n\tjid: @localhost\n---\n" },
    { 2, "\"a@b@c\" is not a JID", "[Client] Romeo\n\tjid: a@b@c\n---\n" },
    { 2, "\"a@b/\" is not a JID", "[Client] Romeo\n\tjid: a@b/\n---\n" },
    { 2, "\"a b@c\" is not a JID", "[Client] Romeo\n\tjid: a b@c\n---\n" },
    { 2, "\"\" is not a JID", "[Client] Romeo\n\tjid:\n---\n" },
    { 3, "has the resource \"orchard\"; expected the same resource",
      "[Client] Romeo\n\tjid: a@b/orchard\n\tresource: balcony\n---\n" },
    { 3, "\"mechanism\" has no value", "[Client] Romeo\n\tjid: a@b\n\tmechanism:\n---\n" },
    { 3, "\"jid\" is already given in line 2", "[Client] Romeo\n\tjid: a@b\n\tjid: a@b\n---\n" },
    { 3,
      "unknown property \"pasword\"; expected one of: jid, password, resource, mechanism, account, "
      "connect_host, connect_port, tls, certificate, channel binding",
      "[Client] Romeo\n\tjid: a@b\n\tpasword: x\n---\n" },
    { 3, "expected \"name: value\", found \"password secret\"",
      "[Client] Romeo\n\tjid: a@b\n\tpassword secret\n---\n" },
    { 3, "the password is missing; expected it in place of ${password of a@b}",
      "[Client] Romeo\n\tjid: a@b\n\tpassword: ${password of a@b}\n---\n" },
    { 2, "the password is missing; expected it in place of x${y}",
      "[Account] a@b\n\tpassword: x${y}\n---\n" },
    { 3, "unknown account status \"gone\"; expected none, disabled or expired",
      "[Client] Romeo\n\tjid: a@b\n\taccount: gone\n---\n" },
    { 1, "this character has no name; expected \"[Client] NAME\"", "[Client]\n\tjid: a@b\n---\n" },
    { 1, "unknown section \"[Cliant]\"; expected one of: Server, Client, Account, Roster, Blocklist",
      "[Cliant] Romeo\n\tjid: a@b\n---\n" },
    { 1, "this section has no \"]\"", "[Client Romeo\n\tjid: a@b\n---\n" },
    { 1, "this indented line is not in a section", "\tjid: a@b\n---\n" },
    { 1, "expected a section such as \"[Client] NAME\", a comment or \"---\", found \"Romeo connects\"",
      "Romeo connects\n---\n" },
    { 1, "the tag \"strict\" has the value \"no\"", "## strict: no\n---\n" },
    { 1, "the tag \"fails\" has no words; expected \"## fails: some words\"", "## fails\n---\n" },
    { 2, "unknown conflict policy \"kick\"; expected one of: kick_old, kick_new, increment, random",
      "[Server]\n\tconflict: kick\n---\n" },
    { 2, "unknown value \"maybe\"; expected one of: yes, no, on, off",
      "[Server]\n\ttell last presence: maybe\n---\n" },
    { 2, "unknown delivery \"some\"; expected one of: best, all", "[Server]\n\tdelivery: some\n---\n" },
    { 2,
      "unknown mechanism \"MD5\"; expected one of: EXTERNAL, SCRAM-SHA-256-PLUS, SCRAM-SHA-1-PLUS, "
      "SCRAM-SHA-256, SCRAM-SHA-1, PLAIN",

      "[Server]\n\tmechanisms: PLAIN, MD5\n---\n" },
    { 2, "unknown policy for TLS \"maybe\"; expected one of: none, optional, required",
      "[Server]\n\ttls: maybe\n---\n" },
    { 2, "unknown value \"1\"; expected one of: yes, no, on, off",
      "[Server]\n\tplain without tls: 1\n---\n" },
    { 2, "\"a@b\" is not a host; expected a name", "[Server]\n\tanonymous: a@b\n---\n" },
    { 3, "unknown answer \"perhaps\"; expected yes or no",
      "[Client] Romeo\n\tjid: a@b\n\ttls: perhaps\n---\n" },
    { 3, "\"a@b/c\" has a resource; expected bare JIDs separated by commas",
      "[Client] Romeo\n\tjid: a@b\n\tcertificate: d@e, a@b/c\n---\n" },
    { 2, "unknown setting or limit \"stanzas\"; expected one of: host, conflict",
      "[Server]\n\tstanzas: 4\n---\n" },
    { 2, "\"lots\" is not a number; expected digits, as in \"depth: 100\"",
      "[Server]\n\tdepth: lots\n---\n" },
    { 2, "\"99999999999999999999999\" is not a number", "[Server]\n\tdepth: 99999999999999999999999\n---\n" },
    { 2, "\"iterations: 0\" is out of range; expected a number from 1 to 1000000",
      "[Server]\n\titerations: 0\n---\n" },
    { 2, "\"iterations: 1000001\" is out of range", "[Server]\n\titerations: 1000001\n---\n" },
    { 2, "\"iterations: 4294967297\" is out of range", "[Server]\n\titerations: 4294967297\n---\n" },
    { 1, "the tag \"row\" has the value \"0\"; expected the number of a row, from 1", "## row: 0\n---\n" },
    { 1, "the numbers before the colons increasing and at most 4000000",
      "## choices: 4000001:ties 1/2\n---\n" },
    { 6,
      "\"R\" has no offline messages, because its jid \"guests.lit\" is not an account; expected one such as",
      "[Server]\n\tanonymous: guests.lit\n[Client] R\n\tjid: guests.lit\n---\nR has 0 offline messages\n" },
    { 2, "\"soon\" is not a time span; expected one as in \"login time: 30 seconds\", or none",
      "[Server]\n\tlogin time: soon\n---\n" },
    { 2, "\"a@b\" is not a host; expected a name", "[Server]\n\thost: a@b\n---\n" },
    { 3, "\"depth\" is already given in line 2", "[Server]\n\tdepth: 1\n\tdepth: 2\n---\n" },
    { 3, "[Server] is already in line 1", "[Server]\n\thost: a\n[Server]\n---\n" },
    { 3, "[Server] is already in line 1; expected it once, or each with its own name",
      "[Server] A\n\thost: a\n[Server] A\n\thost: b\n---\n" },
    { 3, "the server \"B\" has no host", "[Server] A\n\thost: a\n[Server] B\n---\n" },
    { 3, "the host \"a\" belongs to another server", "[Server] A\n\thost: a\n[Server] B\n\thost: a\n---\n" },
    { 1, "\"localhost\" is not an account; expected a bare JID", "[Account] localhost\n---\n" },
    { 1, "\"a@b/c\" is not an account; expected a bare JID", "[Roster] a@b/c\n---\n" },
    { 2, "the account \"a@b\" is already in line 1", "[Account] a@b\n[Account] a@b\n---\n" },
    { 2, "unknown account status \"none\"; expected disabled or expired",
      "[Account] a@b\n\taccount: none\n---\n" },
    { 1, "\"a@b\" is the account of \"Romeo\"; expected an account without a [Client]",
      "[Account] a@b\n[Client] Romeo\n\tjid: a@b\n---\n" },
    { 1, "no [Client] or [Account] has the account \"a@b\"; expected the account of one",
      "[Roster] a@b\n---\n" },
    { 3, "the roster of \"a@b\" is already in line 2", "[Account] a@b\n[Roster] a@b\n[Roster] a@b\n---\n" },
    { 1, "no [Client] or [Account] has the account \"a@b\"; expected the account of one",
      "[Blocklist] a@b\n---\n" },
    { 3, "the block list of \"a@b\" is already in line 2",
      "[Account] a@b\n[Blocklist] a@b\n[Blocklist] a@b\n---\n" },
    { 4, "\"c@d\" is already in this list; expected each JID once",
      "[Account] a@b\n[Blocklist] a@b\n\tc@d\n\tc@d\n---\n" },
    { 3, "\"c@d/\" is not a JID", "[Account] a@b\n[Blocklist] a@b\n\tc@d/\n---\n" },
    { 1, "\"localhost\" is not an account; expected a bare JID", "[Blocklist] localhost\n---\n" },
    { 2, "unknown feature \"mail\"; expected one of: offline, carbons, blocking, last activity",
      "[Server]\n\tfeatures: offline, mail\n---\n" },
    { 3, "unknown subscription \"maybe\"; expected none, to, from or both",
      "[Account] a@b\n[Roster] a@b\n\tc@d: maybe\n---\n" },
    { 3, "no colon after \"c@d\"; expected an item such as \"juliet@localhost: both\"",
      "[Account] a@b\n[Roster] a@b\n\tc@d both\n---\n" },
    { 3, "unknown \"asked\" in a roster item; expected ask, pending, approved, name \"...\" or group \"...\"",
      "[Account] a@b\n[Roster] a@b\n\tc@d: none, asked\n---\n" },
    { 3, "unexpected \"ask\" in a roster item; expected a comma",
      "[Account] a@b\n[Roster] a@b\n\tc@d: none ask\n---\n" },
    { 3, "\"name\" needs a quoted string after it",
      "[Account] a@b\n[Roster] a@b\n\tc@d: none, name X\n---\n" },
    { 3, "\"group\" needs a quoted string after it",
      "[Account] a@b\n[Roster] a@b\n\tc@d: none, group \"X\n---\n" },
    { 3, "too many groups in an item; expected at most 16",
      "[Account] a@b\n[Roster] a@b\n\tc@d: none, group \"1\", group \"2\", group \"3\", group \"4\", group "
      "\"5\", group \"6\", group \"7\", group \"8\", group \"9\", group \"10\", group \"11\", group \"12\", "
      "group \"13\", group \"14\", group \"15\", group \"16\", group \"17\"\n---\n" },
    { 4, "\"c@d\" is already in this roster", "[Account] a@b\n[Roster] a@b\n\tc@d: to\n\tc@d: to\n---\n" },
    { 3, "the file \"gone.roster\" cannot be read",
      "[Account] a@b\n[Roster] a@b\n\tfrom: gone.roster\n---\n" },
    { 3, "the file \"\" cannot be read", "[Account] a@b\n[Roster] a@b\n\tfrom:\n---\n" },
    { 3, "/broken.roster:3: unknown subscription \"sideways\"",
      "[Account] a@b\n[Roster] a@b\n\tfrom: /broken.roster\n---\n" },
    { 3, "/binary.roster:2: this line is not UTF-8",
      "[Account] a@b\n[Roster] a@b\n\tfrom: /binary.roster\n---\n" },
    { 2, "this line is not UTF-8; expected a file in UTF-8", "# a\n# \xff\n---\n" },
    { 1, "this line is not UTF-8", "# \xc0\x80\n" },
    { 1, "this line is not UTF-8", "# \xed\xa0\x80\n" },
    { 1, "this line is not UTF-8", "# \xe2\x82" },
    { 1, "this line is not UTF-8", "# \xe2\x82(" },
    { 1, "this line is not UTF-8", "# \xf4\x90\x80\x80" },
};

/* Forty words are more than any step is worded with. */
#define TEN_WORDS " a b c d e f g h i j"

/* Below the five lines of `cast`: the first step is in line 6. */
static const struct malformed malformed_steps[] = {
    { 6, "unknown character \"Romeoo\"; the cast is: Romeo, Juliet's phone", "Romeoo connects\n" },
    { 6, "unknown character \"Juliet's phnoe\"; the cast is:", "Juliet's phnoe receives: nothing\n" },
    { 6, "unknown character \"Tybalt\"", "Tybalt's connection is open\n" },
    { 6, "unknown character \"whatever\"", "whatever\n" },
    { 6, "\"a@b/c\" is not a bare JID; expected one such as romeo@localhost", "a@b/c has 2 sessions\n" },
    { 6, "found \"-1\" after \"acknowledges\"; expected one of: the end of the line, a number",
      "Romeo acknowledges -1\n" },
    { 6, "unknown step \"Romeo connnects\"; did you mean `Romeo connects`?", "Romeo connnects\n" },
    { 6, "unknown step \"Romeo recieves: nothing\"; did you mean `Romeo receives: nothing`?",
      "Romeo recieves: nothing\n" },
    { 6, "did you mean `Romeo opens a stream to \"localhost\"`?", "Romeo opens a steam to \"localhost\"\n" },
    { 6, "unknown step \"Romeo's stream haeder is:\"; did you mean `Romeo's stream header is:`?",
      "Romeo's stream haeder is:\n\tfrom: a\n" },
    { 6, "unknown step \"the nxt load fails\"; did you mean `the next load fails`?", "The nxt load fails\n" },
    { 6, "unknown verb \"dances\"; expected one of: connects, disconnects, sends", "Romeo dances\n" },
    { 6, "unknown property \"mood\"; expected one of: connection, type", "Romeo's mood is bad\n" },
    { 6, "\"Romeo\" is only a name; expected a verb", "Romeo\n" },
    { 6, "found \"redy\" after \"is\"; expected one of: connected, available, interested, not",
      "Romeo is redy\n" },
    { 6, "found \"quickly\" after \"connects\"; expected the end of the line", "Romeo connects quickly\n" },
    { 6, "found \"parsecs\" after \"receives nothing for 5\"; expected a unit from milliseconds to days",
      "Romeo receives nothing for 5 parsecs\n" },
    { 6, "found \"minuts\" after \"5\"; expected a unit from milliseconds to days", "5 minuts pass\n" },
    { 6, "found \"bites\" after \"link breaks after 5\"; expected \"bytes\"",
      "Romeo's link breaks after 5 bites\n" },
    { 6, "found \"many\" after \"link breaks after\"; expected a size such as 57 bytes",
      "Romeo's link breaks after many bytes\n" },
    { 6, "found \"0\" after \"link carries\"; expected one of: a size above 0 such as 57 bytes, as",
      "Romeo's link carries 0 bytes a second\n" },
    { 6, "found \"99999999999999\"; expected one of: a bare JID, a span such as 5 seconds",
      "99999999999999 days pass\n" },
    { 6, "found \"0\" after \"sends raw \"x\" in pieces of\"; expected a number above 0",
      "Romeo sends raw \"x\" in pieces of 0\n" },
    { 6, "found \"two\" after \"has\"; expected one of: not, a number", "Romeo has two sessions\n" },
    { 6, "found \"7@\"; expected one of: a bare JID", "7@ has 2 sessions\n" },
    { 6, "found \"the end of the line\" after \"priority is\"; expected a value", "Romeo's priority is\n" },
    { 6, "found \"Monday\" after \"receives nothing\"; expected one of: the end of the line, for",
      "Romeo receives nothing Monday\n" },
    { 6, "after \"authenticates\"; expected one of: the end of the line, with, as, using",
      "Romeo authenticates 5 times\n" },
    { 6, "expected one of: the name of an error condition, resource", "Romeo fails to bind:\n" },
    { 6, "unknown step \"Romeo binds resource orchard\"; did you mean `Romeo binds resource \"orchard\"`?",
      "Romeo binds resource orchard\n" },
    { 6, "the quoted string \"orchard is not closed; expected a closing quote",
      "Romeo binds resource \"orchard\n" },
    { 6, "the quoted string \"a\\\" is not closed", "Romeo binds resource \"a\\\"\n" },
    { 6, "found \"a\" after \"connects\"; expected the end of the line",
      "Romeo connects" TEN_WORDS TEN_WORDS TEN_WORDS TEN_WORDS "\n" },
    { 6, "the quoted string \"z is not closed",
      "Romeo connects" TEN_WORDS TEN_WORDS TEN_WORDS TEN_WORDS " \"z\n" },
    { 6, "unknown escape in \"\\q\"; expected", "Romeo binds resource \"\\q\"\n" },
    { 6, "unknown escape in \"\\x4\"", "Romeo binds resource \"\\x4\"\n" },
    { 6, "unknown escape in \"\\xg0\"", "Romeo binds resource \"\\xg0\"\n" },
    { 6, "has a NUL byte; expected text", "Romeo binds resource \"\\x00\"\n" },
    { 6, "\"sends\" needs an indented block of stanzas below it", "Romeo sends:\n" },
    { 6, "\"sends raw\" needs an indented block of text below it", "Romeo sends raw:\n\n" },
    { 6, "\"presence is\" needs an indented block with one presence stanza", "Romeo's presence is:\n" },
    { 6, "\"roster is\" needs an indented block of roster items", "Romeo's roster is:\n" },
    { 6, "\"block list is\" needs an indented block of JIDs below it", "Romeo's block list is:\n" },
    { 6, "\"presence is\" needs an indented block with one presence stanza", "Romeo's presence is:\n" },
    { 6, "\"features are\" needs an indented block with one <features/>", "Romeo's features are:\n" },
    { 6, "\"opens a stream with\" needs an indented block of lines", "Romeo opens a stream with:\n" },
    { 6, "\"at the same time\" needs an indented block of steps", "At the same time:\n" },
    { 6, "\"at the same time\" needs an indented block of steps", "At the same time:\n\t# nobody\n" },
    { 6, "found \"<presence/>\" after \"sends:\"; expected one of: an indented block in the lines below, raw",
      "Romeo sends: <presence/>\n" },
    { 8, "unexpected indented line below \"Romeo connects\"; expected the next step",
      "\nRomeo connects\n\t<presence/>\n" },
    { 6, "this indented line does not belong to a step", "\t<presence/>\nRomeo connects\n" },
    { 8, "</message> at column 2 closes <presence>, which began in line 7, column 2; expected </presence>",
      "Romeo sends:\n\t<presence>\n\t</message>\n" },
    { 9, "not well-formed (invalid token) at column 7; expected well-formed stanzas",
      "Romeo sends:\n\t<a/>\n\n\t<a b=c/>\n\t<a/>\n" },
    { 7, "<presence> (line 7, column 2) is never closed; expected </presence>",
      "Romeo sends:\n\t<presence>\n" },
    { 7, "expected well-formed stanzas", "Romeo sends:\n\t<!-- nothing -->\n" },
    { 7, "text stands between the elements", "Romeo sends:\n\tnothing\n" },
    { 7, "expected one <presence xmlns=\"jabber:client\"/> here",
      "Romeo's presence is:\n\t<presence/><presence/>\n" },
    { 7, "expected one <presence", "Romeo's presence is:\n\t<message/>\n" },
    { 7, "expected one <features xmlns=\"http://etherx.jabber.org/streams\"/>",
      "Romeo's features are:\n\t<features/>\n" },
    { 7, "unknown property \"id\"; expected one of: to, from, version, lang, namespace, stream namespace",
      "Romeo opens a stream with:\n\tid: 1\n" },
    { 7, "unknown property \"namespace\"; expected one of: from, to, id, version, lang",
      "Romeo's stream header is:\n\tnamespace: x\n" },
    { 8, "\"to\" is already given in line 7", "Romeo opens a stream with:\n\tto: a\n\tto: b\n" },
    { 7, "expected \"name: value\", found \"localhost\"", "Romeo opens a stream with:\n\tlocalhost\n" },
    { 7, "no colon after \"juliet@localhost\"", "Romeo's roster is:\n\tjuliet@localhost\n" },
    { 7, "unknown character \"Romeoo\"; the cast is: Romeo, Juliet's phone",
      "Romeo sends:\n\t<message to=\"${Romeoo's JID}\"/>\n" },
    { 8, "\"${x}\" is not captured above; expected {scansion:capture:...} before it",
      "Romeo sends:\n\t<message\n\t\tid='${x}'/>\nRomeo receives:\n\t<message "
      "id='{scansion:capture:x}'/>\n" },
    { 6, "\"${x}\" is not captured above", "Romeo sends raw \"${x}\"\n" },
    { 6, "\"${x}\" is not captured above", "Romeo sends raw \"{{$$${x}\"\n" },
    { 9, "\"${y}\" is not captured above", "Romeo sends raw:\n\t{\n\t${Romeo's JID}\n\t$ {}${y}\n" },
    { 6, "\"${x}\" is not captured above", "Romeo's resource is ${x}\n" },
    { 7, "\"${x}\" is not captured above", "Romeo opens a stream with:\n\tto: ${x}\n" },
    { 8, "\"${x}\" is not captured above", "Romeo sends raw:\n\n\t${x}\n" },
    { 7, "\"${\" is not closed; expected a \"}\"", "Romeo sends:\n\t<message to='${Romeo'/>\n" },
    { 7, "unknown marker \"{scansion:anything}\"; expected {scansion:any} or",
      "Romeo receives:\n\t<message to='{scansion:anything}'/>\n" },
    { 7, "unknown marker \"{scansion:capture:}\"",
      "Romeo receives:\n\t<message to='{scansion:capture:}'/>\n" },
    { 7, "\"pipelines\" is nested in another block; expected steps of the characters here",
      "At the same time:\n\tRomeo pipelines:\n\t\tRomeo binds\n" },
    { 7, "\"at the same time\" is nested in another block",
      "Romeo pipelines:\n\tAt the same time:\n\t\tRomeo binds\n" },
    { 7, "\"pipelines\" is nested in another block",
      "Romeo pipelines:\n\tRomeo pipelines:\n\t\tRomeo binds\n" },
    { 6, "\"pipelines\" needs an indented block of steps below it", "Romeo pipelines:\nRomeo connects\n" },
    { 6, "\"pipelines\" needs an indented block of steps below it", "Romeo pipelines:\n\t# nothing\n" },
    { 7, "\"Juliet's phone binds\" is below \"Romeo pipelines:\"; expected only steps of \"Romeo\" there",
      "Romeo pipelines:\n\tJuliet's phone binds\n" },
    { 8, "\"1 second passes\" is below \"Romeo pipelines:\"; expected only steps of \"Romeo\" there",
      "Romeo pipelines:\n\tRomeo binds\n\t1 second passes\n" },
    { 7,
      "\"Romeo connects\" cannot be pipelined; expected a step that sends something in one piece, such as "
      "\"Romeo restarts the stream\"",
      "Romeo pipelines:\n\tRomeo connects\n" },
    { 7, "\"Romeo receives: nothing\" cannot be pipelined", "Romeo pipelines:\n\tRomeo receives: nothing\n" },
    { 7, "\"Romeo's link breaks\" cannot be pipelined", "Romeo pipelines:\n\tRomeo's link breaks\n" },
    { 7, "\"Romeo sends raw \"x\" in pieces of 1\" cannot be pipelined",
      "Romeo pipelines:\n\tRomeo sends raw \"x\" in pieces of 1\n" },
    { 6,
      "found \"three\" after \"finishes authenticating with\"; expected a variant of the last message such "
      "as "
      "another nonce",
      "Romeo finishes authenticating with three wishes\n" },
    { 6, "expected a variant of the last message such as another nonce",
      "Romeo fails to finish authenticating with a: not-authorized\n" },
    { 6, "expected a variant of the last message such as another nonce",
      "Romeo finishes authenticating with \"another nonce\"\n" },
    { 6, "did you mean `Romeo finishes authenticating with another nonce`?",
      "Romeo finishes authenticating with another nonce extra\n" },
    { 6, "did you mean `the server of \"localhost\" routes to \"evil\":`?",
      "The server of \"localhost\" routes to evil:\n\t<message/>\n" },
    { 6, "found \"the end of the line\" after \"the server routes to\"; expected a domain in quotes",
      "The server routes to\n\t<message/>\n" },
    { 6, "\"the server routes to\" needs an indented block of stanzas below it",
      "The server routes to \"evil.lit\"\n" },
    { 7, "unexpected indented line below \"The server routes nothing\"",
      "The server routes nothing\n\t<message/>\n" },
    { 7, "\"${x}\" is not captured above", "The server routes to \"a.lit\":\n\t<message to='${x}'/>\n" },
    { 6, "\"${x}\" is not captured above", "The server of \"a.lit\" receives \"${x}\" from \"b.lit\"\n" },
    { 7, "\"at the same time\" is nested in another",
      "At the same time:\n\tAt the same time:\n\t\tRomeo connects\n" },
    { 8, "the indentation of this line differs from the first step of its block",
      "At the same time:\n\tRomeo connects\n    Juliet's phone connects\n" },
    { 8, "the indentation of this line differs from the first step of its block",
      "At the same time:\n\t\tRomeo connects\n\tJuliet's phone connects\n" },
};

static void assert_complaint(const char *text, size_t length, int line, const char *message)
{
    struct complaints complaints;
    assert_null(parse_bytes(text, length, &complaints));
    for (size_t i = 0; i < complaints.count && i < COMPLAINTS_MAX; i++)
        if (complaints.list[i].line == line && strstr(complaints.list[i].message, message) != NULL)
            return;
    print_complaints(&complaints);
    fail_msg("no complaint in line %d with \"%s\" about:\n%s", line, message, text);
}

static void every_malformed_head_is_complained_about(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof malformed_heads / sizeof malformed_heads[0]; i++)
        assert_complaint(malformed_heads[i].text, strlen(malformed_heads[i].text), malformed_heads[i].line,
                         malformed_heads[i].message);
}

static void every_malformed_step_is_complained_about(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof malformed_steps / sizeof malformed_steps[0]; i++) {
        char text[1024];
        (void)snprintf(text, sizeof text, "%s%s", cast, malformed_steps[i].text);
        assert_complaint(text, strlen(text), malformed_steps[i].line, malformed_steps[i].message);
    }
}

static void a_nul_byte_is_complained_about(void **state)
{
    (void)state;
    static const char text[] = "# a\n[Client] Ro\0meo\n---\n";
    assert_complaint(text, sizeof text - 1, 2, "this line has a NUL byte; expected text");
}

static void every_mistake_of_a_file_is_found_at_once(void **state)
{
    (void)state;
    static const char text[] = "[Client] Romeo\n\tjid: a@b\n\tpasword: x\n---\nRomeo jumps\nRomeo connects\n"
                               "Tybalt connects\nRomeo sends:\n\t<a>\nRomeo binds resource \"x\n";
    static const int lines[] = { 3, 5, 7, 9, 10 };
    struct complaints complaints;
    assert_null(parse_bytes(text, strlen(text), &complaints));
    assert_int_equal(complaints.count, sizeof lines / sizeof lines[0]);
    for (size_t i = 0; i < complaints.count; i++)
        assert_int_equal(complaints.list[i].line, lines[i]);
}

static void more_complaints_than_are_kept_are_counted(void **state)
{
    (void)state;
    char text[2000];
    size_t used = (size_t)snprintf(text, sizeof text, "[Client] Romeo\n\tjid: a@b\n---\n");
    for (int i = 0; i < COMPLAINTS_MAX + 5; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "Romeo jumps\n");
    struct complaints complaints;
    assert_null(parse_bytes(text, strlen(text), &complaints));
    assert_int_equal(complaints.count, COMPLAINTS_MAX + 5);
    assert_int_equal(complaints.list[COMPLAINTS_MAX - 1].line, 3 + COMPLAINTS_MAX);
}

/* ---- Limits ---- */

static void a_very_long_line_is_read_whole_and_complained_about_in_short(void **state)
{
    (void)state;
    enum { LENGTH = 1000000 };
    size_t size = sizeof cast + LENGTH + 100;
    char *text = malloc(size);
    assert_non_null(text);
    size_t head = (size_t)snprintf(text, size, "%sRomeo sends raw \"", cast);
    memset(text + head, 'x', LENGTH);
    memcpy(text + head + LENGTH, "\"\n", 3);
    struct scenario *scenario = parse(text);
    assert_int_equal(scenario->steps->length, LENGTH);
    scenario_free(scenario);
    /* The same without the quotation's end, and out of characters of two bytes. */
    for (int i = 0; i < LENGTH; i += 2)
        memcpy(text + head + i, "\xc3\xa9", 2);
    text[head + LENGTH] = '\0';
    struct complaints complaints;
    assert_null(parse_bytes(text, strlen(text), &complaints));
    assert_int_equal(complaints.count, 1);
    assert_true(strlen(complaints.list[0].message) < 200);
    assert_non_null(strstr(complaints.list[0].message, "\xc3\xa9... is not closed"));
    free(text);
}

static void ten_thousand_steps_are_read(void **state)
{
    (void)state;
    static const char step[] = "Romeo sends raw:\n\t<a>\n";
    enum { STEPS = 10000 };
    char *text = malloc(sizeof cast + STEPS * sizeof step);
    assert_non_null(text);
    memcpy(text, cast, sizeof cast);
    char *end = text + strlen(text);
    for (int i = 0; i < STEPS; i++, end += strlen(step))
        memcpy(end, step, sizeof step);
    struct scenario *scenario = parse(text);
    size_t count = 0;
    for (const struct step *s = scenario->steps; s != NULL; s = s->next)
        count++;
    assert_int_equal(count, STEPS);
    scenario_free(scenario);
    free(text);
}

static void deep_nesting_is_refused_with_a_sentence(void **state)
{
    (void)state;
    enum { DEPTH = 500 };
    size_t size = sizeof cast + (size_t)DEPTH * (DEPTH + 20);
    char *text = malloc(size);
    assert_non_null(text);
    size_t length = (size_t)snprintf(text, size, "%s", cast);
    for (int i = 0; i < DEPTH; i++)
        length += (size_t)snprintf(text + length, size - length, "%*sat the same time:\n", i, "");
    struct complaints complaints;
    assert_null(parse_bytes(text, length, &complaints));
    assert_int_equal(complaints.count, 1);
    assert_int_equal(complaints.list[0].line, 7);
    assert_non_null(strstr(complaints.list[0].message, "is nested in another"));
    free(text);
}

static void a_long_cast_is_listed_as_far_as_it_fits(void **state)
{
    (void)state;
    char text[10000];
    size_t used = 0;
    for (int i = 0; i < 100; i++)
        used +=
            (size_t)snprintf(text + used, sizeof text - used, "[Client] Somebody called %d\n\tjid: a@b\n", i);
    (void)snprintf(text + used, sizeof text - used, "---\nNobody connects\n");
    assert_complaint(text, strlen(text), 202, "the cast is: Somebody called 0, Somebody called 1, ");
}

/* ---- Every byte of a valid file taken out, and doubled ---- */

static const char everything[] =
    "# Title\n## strict\n[Server]\n\thost: localhost\n\tmechanisms: PLAIN\n\tlogin time: 1 day\n"
    "[Client] R\n\tjid: r@localhost/o\n[Account] n@localhost\n[Roster] n@localhost\n"
    "\tj@localhost: both, name \"J\\x41\", group \"F\"\n\tfrom: ../verona.roster\n[Blocklist] "
    "n@localhost\n\tr@localhost\n---\n"
    "R opens a stream with:\n\tto: unset\nR fails to authenticate with P as \"u\": no\n"
    "R sends:\n\t<a to=\"${R's JID}\"/>\n\n\t<b>\xc3\xa9</b>\nR receives:\n\t<a id='{scansion:capture:x}'/>\n"
    "at the same time:\n  R sends raw:\n    ${x}\n  R receives nothing for 5 hours\n"
    "R's roster is:\n\tj@localhost: to\nThe next 2 saves fail\nR's block list is:\n\tj@localhost\n"
    "n@localhost has 2 offline messages\n";

static void no_change_of_one_byte_breaks_the_parser(void **state)
{
    (void)state;
    size_t length = sizeof everything - 1;
    char text[sizeof everything + 1];
    scenario_free(parse(everything));
    for (size_t at = 0; at < length; at++) {
        struct complaints complaints;
        memcpy(text, everything, at);
        memcpy(text + at, everything + at + 1, length - at - 1);
        scenario_free(parse_bytes(text, length - 1, &complaints));
        memcpy(text + at, everything + at, 1);
        memcpy(text + at + 1, everything + at, length - at);
        scenario_free(parse_bytes(text, length + 1, &complaints));
        scenario_free(parse_bytes(everything, at, &complaints));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_malformed_head_is_complained_about),
        cmocka_unit_test(every_malformed_step_is_complained_about),
        cmocka_unit_test(a_nul_byte_is_complained_about),
        cmocka_unit_test(every_mistake_of_a_file_is_found_at_once),
        cmocka_unit_test(more_complaints_than_are_kept_are_counted),
        cmocka_unit_test(a_very_long_line_is_read_whole_and_complained_about_in_short),
        cmocka_unit_test(ten_thousand_steps_are_read),
        cmocka_unit_test(deep_nesting_is_refused_with_a_sentence),
        cmocka_unit_test(a_long_cast_is_listed_as_far_as_it_fits),
        cmocka_unit_test(no_change_of_one_byte_breaks_the_parser),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
