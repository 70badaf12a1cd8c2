/*
 * record_rig.h - for tests of the recorder: a session as a table of what the clients and the server do, and what is
 * written for it.
 */
#ifndef SIM_TESTS_RECORD_RIG_H
#define SIM_TESTS_RECORD_RIG_H

#include "../record/record.h"

#include "../language/scenario.h"
#include "../player/player.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- A session ---- */

enum what { OPENS, CLIENT, SERVER, CLIENT_ENDS, SERVER_ENDS, WAITS };

struct line {
    enum what what;
    size_t connection; /* or milliseconds */
    const char *bytes;
};

#define SECOND ((uint64_t)1000000000)
#define O(n)                                                                                                 \
    {                                                                                                        \
        OPENS, n, NULL                                                                                       \
    }
#define C(n, text)                                                                                           \
    {                                                                                                        \
        CLIENT, n, text                                                                                      \
    }
#define S(n, text)                                                                                           \
    {                                                                                                        \
        SERVER, n, text                                                                                      \
    }
#define CE(n)                                                                                                \
    {                                                                                                        \
        CLIENT_ENDS, n, NULL                                                                                 \
    }
#define SE(n)                                                                                                \
    {                                                                                                        \
        SERVER_ENDS, n, NULL                                                                                 \
    }
#define W(ms)                                                                                                \
    {                                                                                                        \
        WAITS, ms, NULL                                                                                      \
    }

static const struct record_secret secrets[] = { { "juliet@localhost", "secret" } };
static struct text told;   /* what was told */
static struct text passed; /* what the clients got */

static inline void tell(void *host, size_t connection, const char *sentence)
{
    (void)host;
    (void)connection;
    text_string(&told, sentence);
    text_string(&told, "\n");
}

static inline void play(struct record *record, const struct line *line, uint64_t now, size_t piece)
{
    const size_t length = line->bytes != NULL ? strlen(line->bytes) : 0;
    for (size_t at = 0; at < length; at += piece) {
        const size_t part = length - at < piece ? length - at : piece;
        if (line->what == CLIENT)
            record_client(record, line->connection, now, line->bytes + at, part);
        else
            record_server(record, line->connection, now, line->bytes + at, part, &passed);
    }
    if (line->what == OPENS)
        assert_int_equal(record_opened(record, now), line->connection);
    if (line->what == CLIENT_ENDS || line->what == SERVER_ENDS)
        record_ended(record, line->connection, now, line->what == CLIENT_ENDS, &passed);
}

/* The recording of a session whose bytes come in pieces of that size.  The caller frees it. */
static inline char *record_session(const struct line *lines, size_t count, size_t piece)
{
    const struct record_options options = { 2 * SECOND, secrets, 1, tell, NULL };
    struct record *record = record_new(&options);
    uint64_t now = 1000 * SECOND;
    text_free(&told);
    text_free(&passed);
    text_string(&told, "");
    text_string(&passed, "");
    for (size_t i = 0; i < count; i++) {
        if (lines[i].what == WAITS)
            now += lines[i].connection * 1000000;
        else
            play(record, &lines[i], now += 1000000, piece);
    }
    char *text = record_write(record);
    record_free(record);
    return text;
}

static inline void complain(const char *text, const struct complaints *complaints)
{
    if (complaints->count > 0)
        fail_msg("line %d: %s\n%s", complaints->list[0].line, complaints->list[0].message, text);
}

static inline void runs(const char *text)
{
    struct complaints complaints = { .count = 0 };
    const struct player_options options = { .colour = false };
    struct player_result result;
    struct scenario *scenario = scenario_parse("recorded", text, strlen(text), NULL, NULL, &complaints);
    complain(text, &complaints);
    player_run(scenario, &options, &result);
    if (!result.passed)
        fail_msg("%s\n%s", result.explanation, text);
    player_result_free(&result);
    scenario_free(scenario);
}

/* However the bytes are cut, the same is written. */
static inline char *record_in_pieces(const struct line *lines, size_t count)
{
    char *text = record_session(lines, count, SIZE_MAX);
    for (size_t piece = 1; piece < 40; piece++) {
        char *other = record_session(lines, count, piece);
        assert_string_equal(text, other);
        free(other);
    }
    free(record_session(lines, count, SIZE_MAX));
    return text;
}

/* What is written ends with these steps, or contains them, and its run passes. */
#define WRITES(lines, steps)      writes(lines, sizeof(lines) / sizeof *(lines), steps, true)
#define ONLY_WRITES(lines, steps) writes(lines, sizeof(lines) / sizeof *(lines), steps, false)
static inline void writes(const struct line *lines, size_t count, const char *part, bool passes)
{
    char *text = record_in_pieces(lines, count);
    if (strstr(text, part) == NULL)
        fail_msg("this is not there:\n%s\nbut:\n%s", part, text);
    if (passes)
        runs(text);
    free(text);
}

/* ---- What clients and servers say ---- */

#define NS_STREAM "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
#define C_HEADER                                                                                             \
    "<?xml version='1.0'?><stream:stream to='localhost' version='1.0' xml:lang='en' " NS_STREAM ">"
#define S_HEADER "<?xml version='1.0'?><stream:stream from='localhost' id='x1' version='1.0' " NS_STREAM ">"
#define SASL     "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
#define BIND     "xmlns='urn:ietf:params:xml:ns:xmpp-bind'"
#define ERRORS   "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"
#define S_FIRST                                                                                              \
    S_HEADER                                                                                                 \
    "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><mechanisms " SASL                  \
    "><mechanism>PLAIN</mechanism><mechanism>SCRAM-SHA-256</mechanism></mechanisms></stream:features>"
#define S_SECOND   S_HEADER "<stream:features><bind " BIND "/><sm xmlns='urn:xmpp:sm:3'/></stream:features>"
#define OPENING(n) O(n), C(n, C_HEADER), S(n, S_FIRST)
/* NUL romeo NUL secret */
#define PLAIN(n)                                                                                             \
    C(n, "<auth mechanism='PLAIN' " SASL ">AHJvbWVvAHNlY3JldA==</auth>"), S(n, "<success " SASL "/>")
/* n,,n=juliet,r=abc */
#define SCRAM(n)                                                                                             \
    C(n, "<auth mechanism='SCRAM-SHA-256' " SASL ">biwsbj1qdWxpZXQscj1hYmM=</auth>"),                        \
        S(n, "<challenge " SASL ">cj1hYmM=</challenge>"), C(n, "<response " SASL ">Yz1iaXdz</response>"),    \
        S(n, "<success " SASL ">dj1h</success>")
#define RESTART(n) C(n, C_HEADER), S(n, S_SECOND)
#define BINDS(n, jid, resource)                                                                              \
    C(n, "<iq type='set' id='b1'><bind " BIND "><resource>" resource "</resource></bind></iq>"),             \
        S(n, "<iq type='result' id='b1'><bind " BIND "><jid>" jid "/" resource "</jid></bind></iq>")
#define ROMEO(n)  OPENING(n), PLAIN(n), RESTART(n), BINDS(n, "romeo@localhost", "orchard")
#define JULIET(n) OPENING(n), SCRAM(n), RESTART(n), BINDS(n, "juliet@localhost", "balcony")
#define LEAVES(n) C(n, "</stream:stream>"), S(n, "</stream:stream>"), SE(n), CE(n)

/* The end of a group of tests. */
static inline int forget(void **state)
{
    (void)state;
    text_free(&told);
    text_free(&passed);
    return 0;
}

#endif
