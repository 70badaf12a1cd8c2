#include "plot_writer.h"

#include <string.h>

/* ---- In and out ---- */

void plot_came(struct plot_client *client)
{
    client->in = true;
    client->dead = false;
}

void plot_left(struct plot *plot, struct plot_client *client)
{
    client->in = false;
    plot->away = client;
}

/* In parts, with the password that the account may have by now. */
void plot_logs_in_with(struct plot *plot, struct plot_client *client, const char *password)
{
    static const char *const mechanisms[] = { "", " with PLAIN", " with SCRAM-SHA-1", " with SCRAM-SHA-256" };
    plot_says(plot, client, "opens a connection");
    plot_says(plot, client, "opens a stream");
    plot_line(plot, "%s authenticates%s using password \"%s\"", client->name, PLOT_PICK(plot, mechanisms),
              password);
    plot_says(plot, client, "restarts the stream");
    plot_line(plot, "%s binds resource \"%s\"", client->name, client->resource);
}

void plot_connects(struct plot *plot, struct plot_client *client)
{
    const char *password = client->owner->password;
    if (strcmp(password, "secret") != 0 && !plot_chance(plot, 4))
        plot_logs_in_with(plot, client, password);
    else
        plot_says(plot, client, "connects");
    plot_came(client);
}

/* Its initial presence, if it sends one, is the last. */
void plot_follows_habits(struct plot *plot, const struct plot_client *client)
{
    static const struct {
        unsigned habit;
        const char *element;
    } habits[] = {
        { MANAGES, "<enable xmlns='urn:xmpp:sm:3' resume='true'/>" },
        { ASKS_ROSTER, "<iq type='get'><query xmlns='jabber:iq:roster'/></iq>" },
        { WANTS_COPIES, "<iq type='set'><enable xmlns='urn:xmpp:carbons:2'/></iq>" },
    };
    bool begun = false;
    for (size_t i = 0; i <= PLOT_COUNT(habits); i++) {
        const bool is_last = i == PLOT_COUNT(habits);
        if ((plot->habits & (is_last ? IS_THERE : habits[i].habit)) == 0 || plot_chance(plot, 8))
            continue;
        if (!begun)
            plot_line(plot, "%s sends:", client->name);
        begun = true;
        if (is_last)
            plot_stanza(plot, "<presence><status>Number %u</status></presence>", plot->messages++);
        else
            plot_stanza(plot, "%s", habits[i].element);
    }
}

void plot_comes_back(struct plot *plot, struct plot_client *client)
{
    plot_connects(plot, client);
    plot_follows_habits(plot, client);
}

void plot_drops(struct plot *plot, struct plot_client *client)
{
    plot_says(plot, client, "drops the connection");
    plot_left(plot, client);
}

void plot_resumes(struct plot *plot, struct plot_client *client)
{
    plot_says(plot, client, "resumes");
    plot_came(client);
}

/* ---- Messages, blocks ---- */

/* Children with attributes in namespaces, and languages; copies, delays and forwarded messages that a
 * client made up. */
const char *plot_payload(struct plot *plot)
{
    static const char delay[] =
        "<delay xmlns='urn:xmpp:delay' from='montague.lit' stamp='2002-09-10T23:08:25Z'/>";
    static const char forwarded[] =
        "<forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' from='montague.lit' "
        "stamp='2002-09-10T23:08:25Z'/><message xmlns='jabber:client'><body>Old</body></message></forwarded>";
    static const char wrapped[] = /* a value that looks like the end of a tag */
        "<x xmlns='urn:example:a' b='/>'><delay xmlns='urn:xmpp:delay' from='montague.lit' "
        "stamp='2002-09-10T23:08:25Z'/></x>";
    static const char *const payloads[] = {
        "<x xmlns='urn:example:a' b:c='1' c='2' xmlns:b='urn:example:b'><b:d> </b:d></x>",
        "<subject xml:lang='de'>Zwei</subject><subject>Two</subject>",
        "<b:x xmlns:b='urn:example:b' b:to='romeo@montague.lit'/>",
        delay,
        forwarded,
        wrapped,
    };
    return plot_chance(plot, 2) ? PLOT_PICK(plot, payloads) : "";
}

static void write_message(struct plot *plot, const char *to)
{
    const char *more = plot_chance(plot, 4) ? plot_payload(plot) : "";
    plot->messages++;
    plot_stanza(plot, "<message to='%s' type='chat' id='m%u'><body>Number %u</body>%s</message>", to,
                plot->messages, plot->messages, more);
}

void plot_writes_several(struct plot *plot, const struct plot_client *client, const char *to, unsigned count)
{
    plot_line(plot, "%s sends:", client->name);
    for (unsigned i = 0; i < count; i++)
        write_message(plot, to);
}

void plot_writes_to(struct plot *plot, const struct plot_client *client, const char *to)
{
    plot_writes_several(plot, client, to, 1);
}

void plot_writes_long(struct plot *plot, const struct plot_client *client, const char *to, unsigned count,
                      unsigned bytes)
{
    struct text body = { 0 };
    text_repeat(&body, 'x', bytes);
    plot_line(plot, "%s sends:", client->name);
    for (; count > 0; count--) {
        plot->messages++;
        plot_stanza(plot, "<message to='%s' type='chat' id='m%u'><body>Number %u %s</body></message>", to,
                    plot->messages, plot->messages, body.bytes);
    }
    text_free(&body);
}

/* A parser copies the namespace for each of the names (costs.h).  The attributes are a, b, ..., z, ba, bb, ... */
void plot_writes_in_a_namespace(struct plot *plot, const struct plot_client *client, const char *to)
{
    enum { LETTERS = 26 };
    struct text ns = { 0 }, attributes = { 0 };
    text_repeat(&ns, 'n', 1 + plot_draw(plot, 600));
    const unsigned count = 1 + plot_draw(plot, 300);
    for (unsigned i = 0; i < count; i++) {
        const char name[] = { (char)('a' + i / LETTERS), (char)('a' + i % LETTERS), '\0' };
        text_string(&attributes, " p:");
        text_string(&attributes, i < LETTERS ? name + 1 : name);
        text_string(&attributes, "=''");
    }
    plot->messages++;
    plot_line(
        plot,
        "%s sends raw \"<message to='%s' id='m%u'><x xmlns:p='%s'%s/><body>Number %u</body></message>\"",
        client->name, to, plot->messages, ns.bytes, attributes.bytes, plot->messages);
    text_free(&ns);
    text_free(&attributes);
}

/* The roster is saved meanwhile, and what comes must wait in its order (RFC 6120, 10.1). */
void plot_is_written_to_from_afar(struct plot *plot, const struct plot_client *client)
{
    plot_line(plot, "At the same time:");
    plot->indent = "\t";
    PLOT_SENDS(plot, client,
               "<iq type='set'><query xmlns='jabber:iq:roster'><item jid='nurse@montague.lit' name='Number "
               "%u'/></query></iq>",
               plot->messages);
    for (unsigned i = 3 + plot_draw(plot, 3); i > 0; i--) {
        plot->messages++;
        plot_line(plot, "The server of \"montague.lit\" receives from \"elsewhere.lit\":");
        plot_stanza(plot,
                    "<message from='friar@elsewhere.lit/cell' to='%s' type='chat' id='m%u'><body>Number "
                    "%u</body></message>",
                    client->full_jid, plot->messages, plot->messages);
    }
    plot->indent = "";
}

void plot_blocks(struct plot *plot, const struct plot_client *client, const char *jid)
{
    PLOT_SENDS(plot, client, "<iq type='set'><block xmlns='urn:xmpp:blocking'><item jid='%s'/></block></iq>",
               jid);
}
