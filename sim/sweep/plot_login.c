#include "plot_writer.h"

#include <nettle/base64.h>
#include <stdio.h>
#include <string.h>

/* ---- Leaving ---- */

static void disconnects(struct plot *plot, struct plot_client *client)
{
    plot_says(plot, client, "disconnects");
    plot_left(plot, client);
}

static void closes(struct plot *plot, struct plot_client *client)
{
    plot_says(plot, client, "closes the stream");
    plot_left(plot, client);
}

static void breaks_the_rules(struct plot *plot, struct plot_client *client)
{
    static const char *const raw[] = { "<message><unclosed></message>",
                                       "<!-- no comments here -->",
                                       "</stream:stream>",
                                       "<a xmlns='urn:xmpp:sm:3' h='99999'/>",
                                       "<a xmlns='urn:xmpp:sm:3' h='3'/>",
                                       "<iq type='get'/>",
                                       "<message from='somebody@else.lit'/>",
                                       "<message from='romeo@montague.lit/elsewhere'/>",
                                       "\\xff" };
    plot_line(plot, "%s sends raw \"%s\"", client->name, PLOT_PICK(plot, raw));
}

/* ---- Logins in parts ---- */

/* The passwords that accounts may have at some time. */
static const char *const passwords[] = { "secret", "other", "third" };

/* On a new connection, whatever it was doing. */
static void opens_a_stream(struct plot *plot, struct plot_client *client)
{
    if (client->in)
        plot_drops(plot, client);
    plot_says(plot, client, "opens a connection");
    plot_says(plot, client, "opens a stream");
}

static void is_about_to_bind(struct plot *plot, struct plot_client *client)
{
    opens_a_stream(plot, client);
    plot_says(plot, client, "authenticates");
    plot_says(plot, client, "restarts the stream");
}

static void begins_login(struct plot *plot, struct plot_client *client)
{
    static const char *const ways[] = { " with SCRAM-SHA-1", " with SCRAM-SHA-256",
                                        " with PLAIN using password \"secret\" without an initial response",
                                        " with SCRAM-SHA-256 without an initial response" };
    opens_a_stream(plot, client);
    plot_line(plot, "%s begins to authenticate%s", client->name, PLOT_PICK(plot, ways));
}

/* Usually everything is right; the variants are named in scenarios/README.md. */
static void finishes_login(struct plot *plot, struct plot_client *client)
{
    static const char *const variants[] = { "another proof",
                                            "another nonce",
                                            "its own nonce alone",
                                            "half of the proof",
                                            "a longer proof",
                                            "an empty proof",
                                            "no proof",
                                            "two nonces",
                                            "something behind the nonce",
                                            "other channel binding data",
                                            "another flag in the GS2 header",
                                            "an authorization identity in the GS2 header",
                                            "a mandatory extension",
                                            "an optional extension",
                                            "a comma at the end" };
    if (plot_chance(plot, 4))
        plot_says(plot, client, "answers the challenge");
    if (!plot_chance(plot, 2)) {
        plot_line(plot, "%s finishes authenticating with %s", client->name, PLOT_PICK(plot, variants));
        return;
    }
    plot_says(plot, client, "finishes authenticating");
    plot_says(plot, client, "restarts the stream");
    plot_line(plot, "%s binds resource \"%s\"", client->name, client->resource);
    plot_came(client);
}

static void gives_login_up(struct plot *plot, struct plot_client *client)
{
    static const char *const ways[] = { "aborts authenticating", "authenticates", "drops the connection" };
    plot_says(plot, client, PLOT_PICK(plot, ways));
}

/* With the old password, the new one, or one that the account never had. */
static void logs_in_by_parts(struct plot *plot, struct plot_client *client)
{
    if (client->in)
        plot_drops(plot, client);
    plot_logs_in_with(plot, client, plot_chance(plot, 12) ? "wrong" : PLOT_PICK(plot, passwords));
    plot_came(client);
}

/* A message of PLAIN (RFC 4616, 2) in base64, with an authorization identity. */
static void encode_plain(char *out, const char *identity, const char *user, const char *password)
{
    struct text message = { 0 };
    text_append(&message, identity, strlen(identity) + 1);
    text_append(&message, user, strlen(user) + 1);
    text_string(&message, password);
    base64_encode_raw(out, message.length, (const uint8_t *)message.bytes);
    out[BASE64_ENCODE_RAW_LENGTH(message.length)] = '\0';
    text_free(&message);
}

/* More than is allowed before the answer (RFC 6120, 5.3.3): a stanza, or a login with the right password. */
static void injects_before_tls(struct plot *plot, struct plot_client *client)
{
    char user[sizeof client->jid] = "", encoded[256];
    memcpy(user, client->jid, strcspn(client->jid, "@"));
    encode_plain(encoded, "", user, client->owner->password);
    opens_a_stream(plot, client);
    plot_line(plot, "%s sends raw \"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>%s%s%s\"",
              client->name, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>", encoded,
              "</auth>");
    plot_says(plot, client, "opens a stream");
    plot_says(plot, client, "binds");
}

static void opens(struct plot *plot, struct plot_client *client)
{
    static const char *const begins[] = { "opens a connection",  "opens a stream",
                                          "authenticates",       "authenticates using password \"wrong\"",
                                          "restarts the stream", "binds",
                                          "starts TLS" };
    if (plot_chance(plot, 6))
        injects_before_tls(plot, client);
    else
        plot_says(plot, client, PLOT_PICK(plot, begins));
}

/* More at once than some servers allow before the login. */
static void is_long_before_login(struct plot *plot, struct plot_client *client)
{
    struct text data = { 0 };
    text_repeat(&data, 'A', plot_chance(plot, 3) ? 12000 : 400);
    opens_a_stream(plot, client);
    PLOT_SENDS(plot, client, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>%s</auth>",
               data.bytes);
    text_free(&data);
    plot_came(client);
}

/* On its own behalf, or on another's (RFC 6120, 6.3.8); or with nothing at all, which is an empty response. */
static void logs_in_as(struct plot *plot, struct plot_client *client)
{
    const struct plot_client *other = plot_chance(plot, 2) ? client : plot_anybody(plot);
    char user[sizeof client->jid] = "", encoded[256] = "=";
    memcpy(user, client->jid, strcspn(client->jid, "@"));
    if (!plot_chance(plot, 6))
        encode_plain(encoded, other->jid, user, client->owner->password);
    opens_a_stream(plot, client);
    PLOT_SENDS(plot, client, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>%s</auth>",
               encoded);
    plot_says(plot, client, "restarts the stream");
    plot_says(plot, client, "binds");
    plot_came(client);
}

static void logs_in_anonymously(struct plot *plot, struct plot_client *client)
{
    static const char *const traces[] = { "", "=", "c29tZWJvZHk=" };
    if (client->in)
        plot_drops(plot, client);
    plot_says(plot, client, "opens a connection");
    plot_line(plot, "%s opens a stream to \"guests.lit\"", client->name);
    PLOT_SENDS(plot, client, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'>%s</auth>",
               PLOT_PICK(plot, traces));
    plot_says(plot, client, "restarts the stream");
    plot_says(plot, client, "binds");
    plot_came(client);
}

/* A header that is unusual, before the login or, on an open stream, as a restart. */
static void opens_oddly(struct plot *plot, struct plot_client *client)
{
    static const char *const odd[] = { "to: MONTAGUE.lit",
                                       "to: unset",
                                       "to: capulet.lit",
                                       "to: nowhere.lit",
                                       "lang: de",
                                       "lang: not a language",
                                       "lang: abcdefghi-and-more",
                                       "from: romeo@montague.lit",
                                       "from: juliet@montague.lit/balcony",
                                       "version: unset",
                                       "version: 2.0" };
    const bool after = plot_chance(plot, 2);
    if (client->in)
        plot_drops(plot, client);
    plot_says(plot, client, "opens a connection");
    if (after) {
        plot_says(plot, client, "opens a stream");
        plot_line(plot, "%s authenticates", client->name);
    }
    plot_line(plot, "%s opens a stream with:", client->name);
    plot_stanza(plot, "%s", PLOT_PICK(plot, odd));
    if (!after) {
        plot_says(plot, client, "authenticates");
        plot_says(plot, client, "restarts the stream");
    }
    plot_says(plot, client, "binds");
    plot_came(client);
    if (plot_chance(plot, 2))
        plot_writes_to(plot, client, plot_somebody(plot)->jid);
}

/* Its request to bind names an address (RFC 6120, 8.1.2.1); what it does before it has a resource is odd too. */
static void binds_oddly(struct plot *plot, struct plot_client *client)
{
    is_about_to_bind(plot, client);
    if (plot_chance(plot, 3))
        plot_writes_to(plot, client, plot_address(plot));
    PLOT_SENDS(
        plot, client,
        "<iq type='set' from='%s'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>%s</resource>"
        "</bind></iq>",
        plot_chance(plot, 2) ? client->jid : plot_address(plot), client->resource);
    plot_came(client);
}

static void begins_to_pipeline(struct plot *plot, struct plot_client *client)
{
    plot_line(plot, "%s pipelines:", client->name);
}

/* All in one piece, from the header to stanzas. */
static void pipelines_login(struct plot *plot, struct plot_client *client)
{
    if (client->in)
        plot_drops(plot, client);
    plot_says(plot, client, "opens a connection");
    begins_to_pipeline(plot, client);
    plot->indent = "\t";
    plot_says(plot, client, "opens a stream");
    plot_line(plot, "%s authenticates with PLAIN%s", client->name,
              plot_chance(plot, 6) ? " using password \"wrong\"" : "");
    plot_says(plot, client, "restarts the stream");
    plot_line(plot, "%s binds resource \"%s\"", client->name, client->resource);
    plot_follows_habits(plot, client);
    plot_writes_to(plot, client, plot_address(plot));
    plot->indent = "";
    plot_came(client);
}

/* ---- Stream management ---- */

static void manages(struct plot *plot, struct plot_client *client)
{
    plot_says(plot, client, "enables stream management");
}

/* Stanzas behind <resume/>, which belong to the session that is resumed. */
static void pipelines_resumption(struct plot *plot, struct plot_client *client)
{
    is_about_to_bind(plot, client);
    begins_to_pipeline(plot, client);
    plot->indent = "\t";
    plot_says(plot, client, "resumes");
    plot_writes_to(plot, client, plot_address(plot));
    if (plot_chance(plot, 2))
        PLOT_SENDS(plot, client, "<presence><status>Number %u</status></presence>", plot->messages++);
    plot->indent = "";
    plot_came(client);
}

/* Another client of its account blocks the writer meanwhile: the resumed session gets nothing of the blocked any more
 * (XEP-0191, 3.3). */
static void is_blocked_meanwhile(struct plot *plot, struct plot_client *client, struct plot_client *other)
{
    const struct plot_client *writer = plot_stranger(plot, client);
    if (!other->in)
        plot_comes_back(plot, other);
    plot_drops(plot, client);
    plot_writes_to(plot, writer, client->full_jid);
    plot_blocks(plot, other, writer->jid);
    plot_resumes(plot, client);
}

/* It loses its connection, something happens, and it resumes: at once, late, or too late. */
static void is_interrupted(struct plot *plot, struct plot_client *client)
{
    struct plot_client *other = plot_sibling(plot, client);
    if (other != NULL && plot_chance(plot, (plot->themes & BLOCKING) != 0 ? 1 : 3)) {
        is_blocked_meanwhile(plot, client, other);
        return;
    }
    plot_drops(plot, client);
    for (unsigned i = plot_draw(plot, 4); i > 0; i--) {
        const struct plot_client *writer = plot_anybody(plot);
        plot_writes_to(plot, writer, plot_chance(plot, 2) ? client->jid : client->full_jid);
    }
    if (plot_chance(plot, 3))
        PLOT_SENDS(plot, plot_anybody(plot), "<presence><status>Number %u</status></presence>",
                   plot->messages++);
    plot_resumes(plot, client);
}

static void acknowledges(struct plot *plot, struct plot_client *client)
{
    if (plot_chance(plot, 3))
        plot_line(plot, "%s acknowledges %u", client->name, plot_draw(plot, 8));
    else
        plot_says(plot, client, "acknowledges");
}

static void asks_acknowledgement(struct plot *plot, struct plot_client *client)
{
    PLOT_SENDS(plot, client, "<r xmlns='urn:xmpp:sm:3'/>");
}

static void falls_silent(struct plot *plot, struct plot_client *client)
{
    static const char *const ways[] = { "stops answering", "answers again" };
    plot_says(plot, client, PLOT_PICK(plot, ways));
}

/* ---- The account ---- */

static void write_password(struct plot *plot, const struct plot_client *client, const char *password)
{
    char local[sizeof client->jid] = "";
    memcpy(local, client->jid, strcspn(client->jid, "@"));
    plot_stanza(plot,
                "<iq type='set'><query xmlns='jabber:iq:register'><username>%s</username>"
                "<password>%s</password></query></iq>",
                local, password);
}

/* Once or several times in a row; often the password that it has. */
static void changes_password(struct plot *plot, struct plot_client *client)
{
    unsigned times = plot_chance(plot, 3) ? 1 + plot_draw(plot, 3) : 1;
    plot_line(plot, "%s sends:", client->name);
    for (; times > 0; times--) {
        const char *password = plot_chance(plot, 2) ? "secret" : PLOT_PICK(plot, passwords);
        write_password(plot, client, password);
        client->owner->password = password;
    }
}

/* Another client of the account is in the middle of a login meanwhile. */
static void changes_password_meanwhile(struct plot *plot, struct plot_client *client)
{
    struct plot_client *other = plot_anybody(plot);
    if (other == client || other->owner != client->owner) {
        changes_password(plot, client);
        return;
    }
    begins_login(plot, other);
    changes_password(plot, client);
    finishes_login(plot, other);
}

static void removes_account(struct plot *plot, struct plot_client *client)
{
    PLOT_SENDS(plot, client, "<iq type='set'><query xmlns='jabber:iq:register'><remove/></query></iq>");
    plot_left(plot, client);
}

/* ---- The rows ---- */

static const struct action rows[] = {
    { "comes back", 0, 0, BY_CLIENT, FOR_OUT, STAYS, 1, plot_comes_back, CAPABILITY_NONE },
    { "connects", 0, 0, BY_CLIENT, FOR_OUT, STAYS, 1, plot_connects, CAPABILITY_NONE },
    { "disconnects", 0, 0, BY_CLIENT, FOR_IN, LEAVES, 1, disconnects, CAPABILITY_NONE },
    { "drops the connection", 0, 0, BY_CLIENT, FOR_IN, LEAVES, 1, plot_drops, CAPABILITY_NONE },
    { "closes the stream", 0, 0, BY_CLIENT, FOR_IN, LEAVES, 1, closes, CAPABILITY_NONE },
    { "breaks the rules", 0, 0, BY_CLIENT, FOR_IN, LEAVES, 1, breaks_the_rules, CAPABILITY_NONE },
    { "gets in by steps", 0, LOGINS, BY_CLIENT, FOR_ALL, STAYS, 2, opens, CAPABILITY_NONE },
    { "begins a login", 0, LOGINS | PASSWORDS, BY_CLIENT, FOR_OUT, STAYS, 2, begins_login, CAPABILITY_NONE },
    { "finishes a login", 0, LOGINS | PASSWORDS, BY_CLIENT, FOR_OUT, STAYS, 3, finishes_login,
      CAPABILITY_NONE },
    { "gives a login up", 0, LOGINS, BY_CLIENT, FOR_OUT, STAYS, 1, gives_login_up, CAPABILITY_NONE },
    { "logs in by parts", 0, LOGINS | PASSWORDS, BY_CLIENT, FOR_ALL, LEAVES, 1, logs_in_by_parts,
      CAPABILITY_NONE },
    { "logs in on behalf of somebody", 0, LOGINS, BY_CLIENT, FOR_ALL, LEAVES, 1, logs_in_as,
      CAPABILITY_NONE },
    { "is long before its login", 0, LOGINS | LIMITS, BY_CLIENT, FOR_ALL, LEAVES, 1, is_long_before_login,
      CAPABILITY_NONE },
    { "logs in anonymously", 0, LOGINS, BY_CLIENT, FOR_ALL, LEAVES, 1, logs_in_anonymously,
      CAPABILITY_ANONYMOUS },
    { "opens an odd stream", 0, LOGINS, BY_CLIENT, FOR_ALL, LEAVES, 1, opens_oddly, CAPABILITY_NONE },
    { "binds in an odd way", 0, LOGINS, BY_CLIENT, FOR_ALL, LEAVES, 1, binds_oddly, CAPABILITY_NONE },
    { "pipelines a login", 0, LOGINS | RESUMPTION, BY_CLIENT_ALONE, FOR_ALL, LEAVES, 1, pipelines_login,
      CAPABILITY_NONE },
    { "pipelines a resumption", 0, RESUMPTION, BY_CLIENT_ALONE, FOR_ALL, LEAVES, 1, pipelines_resumption,
      CAPABILITY_SM },
    { "enables stream management", 0, RESUMPTION | OFFLINE, BY_CLIENT, FOR_IN, STAYS, 2, manages,
      CAPABILITY_SM },
    { "resumes", 0, RESUMPTION, BY_CLIENT, FOR_ALL, STAYS, 2, plot_resumes, CAPABILITY_SM },
    { "is interrupted", 0, RESUMPTION, BY_CLIENT, FOR_IN, STAYS, 3, is_interrupted, CAPABILITY_SM },
    { "acknowledges", 0, RESUMPTION, BY_CLIENT, FOR_IN, STAYS, 2, acknowledges, CAPABILITY_SM },
    { "asks for an acknowledgement", 0, RESUMPTION, BY_CLIENT, FOR_IN, STAYS, 2, asks_acknowledgement,
      CAPABILITY_SM },
    { "stops or begins to answer", 0, RESUMPTION, BY_CLIENT, FOR_IN, STAYS, 1, falls_silent, CAPABILITY_SM },
    { "changes the password", 0, PASSWORDS, BY_CLIENT, FOR_IN, STAYS, 3, changes_password,
      CAPABILITY_PASSWORD },
    { "changes the password during a login", 0, PASSWORDS | LOGINS, BY_CLIENT, FOR_IN, STAYS, 2,
      changes_password_meanwhile, CAPABILITY_PASSWORD },
    { "removes the account", 0, PASSWORDS | OFFLINE, BY_CLIENT, FOR_IN, LEAVES, 1, removes_account,
      CAPABILITY_PASSWORD },
};

const struct action_family plot_login_actions = { rows, PLOT_COUNT(rows) };
