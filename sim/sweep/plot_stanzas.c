#include "plot_writer.h"

#include <stdio.h>
#include <string.h>

/* ---- Presence ---- */

/* The status tells of each presence which one it is. */
static void is_there(struct plot *plot, struct plot_client *client)
{
    static const char *const contents[] = { "",
                                            "",
                                            "<priority>5</priority>",
                                            "<priority>-1</priority>",
                                            "<priority>1</priority>",
                                            "<show>away</show>" };
    const char *content = PLOT_PICK(plot, contents);
    if (plot_chance(plot, 6))
        PLOT_SENDS(plot, client, "<presence/>");
    else
        PLOT_SENDS(plot, client, "<presence>%s<status>Number %u</status></presence>", content,
                   plot->messages++);
}

static void is_gone(struct plot *plot, struct plot_client *client)
{
    if (plot_chance(plot, 2))
        PLOT_SENDS(plot, client, "<presence type='unavailable'/>");
    else
        PLOT_SENDS(plot, client, "<presence type='unavailable'><status>Number %u</status></presence>",
                   plot->messages++);
}

static void is_there_for(struct plot *plot, struct plot_client *client)
{
    PLOT_SENDS(plot, client, "<presence to='%s'><status>Number %u</status></presence>", plot_address(plot),
               plot->messages++);
}

/* An answer to presence; without an address it is for the client's own account (RFC 6120, 10.3.1). */
static void reports_an_error(struct plot *plot, struct plot_client *client)
{
    if (plot_chance(plot, 3))
        PLOT_SENDS(plot, client, "<presence type='error'/>");
    else
        PLOT_SENDS(plot, client, "<presence to='%s' type='error'/>", plot_address(plot));
}

static void is_gone_for(struct plot *plot, struct plot_client *client)
{
    PLOT_SENDS(plot, client, "<presence to='%s' type='unavailable'/>", plot_address(plot));
}

static void probes(struct plot *plot, struct plot_client *client)
{
    PLOT_SENDS(plot, client, "<presence to='%s' type='probe'/>", plot_address(plot));
}

/* ---- Subscriptions ---- */

/* Usually the bare JID of a client, which may answer. */
static void subscribes(struct plot *plot, struct plot_client *client)
{
    struct plot_client *asked = plot_anybody(plot);
    if (plot_chance(plot, 10)) {
        PLOT_SENDS(plot, client, "<presence to='%s' type='subscribe'/>", plot_address(plot));
        return;
    }
    asked->asker = client;
    PLOT_SENDS(plot, client, "<presence to='%s' type='subscribe'><status>Number %u</status></presence>",
               asked->jid, plot->messages++);
}

static void answers_subscription(struct plot *plot, struct plot_client *client)
{
    static const char *const types[] = { "subscribed", "subscribed", "unsubscribed", "unsubscribe" };
    const char *type = PLOT_PICK(plot, types);
    const struct plot_client *asker = plot_chance(plot, 3) ? NULL : client->asker;
    PLOT_SENDS(plot, client, "<presence to='%s' type='%s'/>", asker != NULL ? asker->jid : plot_contact(plot),
               type);
}

static void sends_type(struct plot *plot, const struct plot_client *client, const char *to, const char *type)
{
    PLOT_SENDS(plot, client, "<presence to='%s' type='%s'/>", to, type);
}

/* In the usual order, or approved before it was requested (RFC 6121, 3.4); sometimes on both sides. */
static void agrees_with(struct plot *plot, struct plot_client *client)
{
    const struct plot_client *other = plot_anybody(plot);
    const bool approves_first = plot_chance(plot, 2);
    if (approves_first)
        sends_type(plot, other, client->jid, "subscribed");
    sends_type(plot, client, other->jid, "subscribe");
    if (!approves_first)
        sends_type(plot, other, client->jid, "subscribed");
    if (plot_chance(plot, 3))
        sends_type(plot, client, other->jid, plot_chance(plot, 2) ? "unsubscribe" : "subscribe");
    if (plot_chance(plot, 3))
        sends_type(plot, other, client->jid, plot_chance(plot, 2) ? "unsubscribed" : "subscribe");
}

/* A request that the contact leaves unanswered, and gets again when it comes back (RFC 6121, 3.1.3). */
static void waits_for_a_contact(struct plot *plot, struct plot_client *client)
{
    struct plot_client *contact = plot_anybody(plot);
    if (plot_chance(plot, 2))
        plot_drops(plot, contact);
    PLOT_SENDS(plot, client, "<presence to='%s' type='subscribe'><status>Number %u</status></presence>",
               contact->jid, plot->messages++);
    contact->asker = client;
    if (!contact->in)
        plot_comes_back(plot, contact);
    else
        PLOT_SENDS(plot, contact, "<presence type='unavailable'/>");
    if (!plot_chance(plot, 3))
        PLOT_SENDS(plot, contact, "<presence/>");
}

/* ---- Rosters ---- */

static void asks_roster(struct plot *plot, struct plot_client *client)
{
    PLOT_SENDS(plot, client, "<iq type='get'><query xmlns='jabber:iq:roster'/></iq>");
}

static void asks_roster_since(struct plot *plot, struct plot_client *client)
{
    PLOT_SENDS(plot, client, "<iq type='get'><query xmlns='jabber:iq:roster' ver='%u'/></iq>",
               plot_draw(plot, 8));
}

static void sets_item(struct plot *plot, struct plot_client *client)
{
    static const char *const groups[] = { "", "<group>Friends</group>",
                                          "<group>Friends</group><group>Foes</group>",
                                          "<group>Those with a name that takes many bytes</group>" };
    const char *group = PLOT_PICK(plot, groups);
    PLOT_SENDS(plot, client,
               "<iq type='set'><query xmlns='jabber:iq:roster'><item jid='%s' name='Number "
               "%u'>%s</item></query></iq>",
               plot_contact(plot), plot->messages++, group);
}

/* New ones, up to a limit and beyond. */
static void sets_items(struct plot *plot, struct plot_client *client)
{
    const unsigned more = 2 + plot_draw(plot, 4);
    plot_line(plot, "%s sends:", client->name);
    for (unsigned i = 0; i < more; i++) {
        const char *domain = plot_chance(plot, 2) ? "elsewhere.lit" : "montague.lit";
        plot_stanza(plot,
                    "<iq type='set'><query xmlns='jabber:iq:roster'><item jid='friend%u@%s' name='Number "
                    "%u'/></query></iq>",
                    plot_draw(plot, 8), domain, plot->messages++);
    }
}

static void removes_item(struct plot *plot, struct plot_client *client)
{
    PLOT_SENDS(
        plot, client,
        "<iq type='set'><query xmlns='jabber:iq:roster'><item jid='%s' subscription='remove'/></query></iq>",
        plot_contact(plot));
}

/* ---- Messages ---- */

/* A client may name itself (RFC 6120, 8.1.2.1), and not another resource of its account.  Empty: it does not. */
static void write_from(struct plot *plot, const struct plot_client *client, char *out, size_t size)
{
    const unsigned drawn = plot_draw(plot, 24);
    const struct plot_client *named = drawn == 0 ? plot_anybody(plot) : client;
    out[0] = '\0';
    if (drawn < 4)
        (void)snprintf(out, size, " from='%s'", drawn == 1 ? named->jid : named->full_jid);
}

static const char *language(struct plot *plot)
{
    static const char *const languages[] = { " xml:lang='de'", " xml:lang='en'",
                                             " xml:lang='not a language'" };
    return plot_chance(plot, 8) ? PLOT_PICK(plot, languages) : "";
}

static void writes(struct plot *plot, struct plot_client *client)
{
    static const char *const types[] = { "chat", "chat", "chat", "normal", "headline", "groupchat", "error" };
    static const char *const hints[] = { "",
                                         "",
                                         "",
                                         "<no-store xmlns='urn:xmpp:hints'/>",
                                         "<no-copy xmlns='urn:xmpp:hints'/>",
                                         "<private xmlns='urn:xmpp:carbons:2'/>",
                                         "<store xmlns='urn:xmpp:hints'/>" };
    const char *to = plot_address(plot);
    const char *type = PLOT_PICK(plot, types);
    const char *hint = PLOT_PICK(plot, hints);
    const char *in = language(plot), *more = plot_payload(plot);
    char from[128];
    write_from(plot, client, from, sizeof from);
    plot->messages++;
    PLOT_SENDS(plot, client, "<message to='%s' type='%s' id='m%u'%s%s><body>Number %u</body>%s%s</message>",
               to, type, plot->messages, from, in, plot->messages, hint, more);
}

/* From anybody to the client or its account. */
static void somebody_writes_to(struct plot *plot, const struct plot_client *client)
{
    const struct plot_client *writer = plot_anybody(plot);
    plot_writes_to(plot, writer, plot_chance(plot, 2) ? client->jid : client->full_jid);
}

/* To an account, whether somebody is there or not. */
static void writes_to_an_account(struct plot *plot, struct plot_client *client)
{
    const char *to = plot_somebody(plot)->jid;
    plot_writes_several(plot, client, to, 1 + plot_draw(plot, 3));
}

static void writes_much(struct plot *plot, struct plot_client *client)
{
    plot_writes_several(plot, client, plot_address(plot), 5);
}

/* Once in a plot: more than one piece of those that are kept for an account (core/message/offline.h). */
static void writes_very_much(struct plot *plot, struct plot_client *client)
{
    enum { PIECE = 32 };
    struct plot_client *other = plot_anybody(plot);
    if (other == client || plot->piled_up || !plot_chance(plot, 4)) {
        writes_to_an_account(plot, client);
        return;
    }
    plot->piled_up = true;
    plot_drops(plot, other);
    plot_writes_several(plot, client, other->jid, PIECE - 1 + plot_draw(plot, 8));
    plot_comes_back(plot, other);
}

/* Bytes that each end must take as they are: line ends, and characters in CDATA (RFC 6120, 11.1). */
static void writes_raw(struct plot *plot, struct plot_client *client)
{
    static const char *const bodies[] = { "one\\r\\ntwo\\n\\n three",
                                          "<![CDATA[<b>&amp;]]>",
                                          "&#13;&#10;&#x9;&lt;&apos;&quot;",
                                          "  ",
                                          "</body><body xml:lang='de'>\\xc3\\xa4",
                                          "<![CDATA[]]>" };
    const char *body = PLOT_PICK(plot, bodies);
    plot->messages++;
    plot_line(plot,
              "%s sends raw \"<message to='%s' type='chat' id='m%u'><body>Number %u %s</body></message>\"",
              client->name, plot_raw_address(plot), plot->messages, plot->messages, body);
}

static void writes_in_a_namespace(struct plot *plot, struct plot_client *client)
{
    plot_writes_in_a_namespace(plot, client, plot_raw_address(plot));
}

/* A message of some kilobytes, which may be more than a limit allows. */
static void writes_at_length(struct plot *plot, struct plot_client *client)
{
    const char *to = plot_address(plot);
    plot_writes_long(plot, client, to, 1, 500 * (1 + plot_draw(plot, 12)));
}

/* It leaves, is written to, and usually comes back: what was kept is delivered (XEP-0160, 2). */
static void is_written_to_while_away(struct plot *plot, struct plot_client *client)
{
    if (plot_chance(plot, 3))
        PLOT_SENDS(plot, client, "<presence type='unavailable'/>");
    else
        plot_drops(plot, client);
    for (unsigned i = 1 + plot_draw(plot, 3); i > 0; i--) {
        const struct plot_client *writer = plot_anybody(plot);
        plot_writes_several(plot, writer, client->jid, 1 + plot_draw(plot, 2));
    }
    if (plot_chance(plot, 3))
        return;
    if (!client->in)
        plot_comes_back(plot, client);
    else
        is_there(plot, client);
}

/* It comes in, and will not take everything. */
static void comes_to_take_some(struct plot *plot, struct plot_client *client, bool does_not_read)
{
    plot_says(plot, client, "connects");
    client->in = true;
    if (!does_not_read)
        plot_says(plot, client, "enables stream management");
    plot_says(plot, client, does_not_read ? "stops reading" : "stops answering");
    PLOT_SENDS(plot, client, "<presence/>");
}

/* More than a link holds, or than may be unacknowledged if that is limited. */
static void write_what_is_kept(struct plot *plot, const struct plot_client *client, bool does_not_read)
{
    enum { LINK_HOLDS = 64 * 1024, FEW = 3 }; /* what is kept may be limited to so many */
    const struct plot_client *writer = plot_stranger(plot, client);
    if (does_not_read)
        plot_writes_long(plot, writer, client->jid, FEW, LINK_HOLDS / (FEW - 1));
    else
        plot_writes_long(plot, writer, client->jid, 3 + plot_draw(plot, 8), 100);
    plot->filled_up = plot->filled_up || does_not_read;
}

void plot_takes_only_some(struct plot *plot, struct plot_client *client, bool does_not_read)
{
    static const char *const ways[] = { "reads again", "drops the connection", NULL, NULL };
    struct plot_client *other = plot_sibling(plot, client);
    if (other != NULL)
        plot_drops(plot, other);
    plot_drops(plot, client);
    write_what_is_kept(plot, client, does_not_read);
    comes_to_take_some(plot, client, does_not_read);
    if (other != NULL && plot_chance(plot, 2))
        comes_to_take_some(plot, other, false);
    else if (other != NULL)
        plot_comes_back(plot, other);
    const struct plot_client *leaver = other != NULL && plot_chance(plot, 2) ? other : client;
    const char *way = PLOT_PICK(plot, ways);
    if (way != NULL)
        plot_says(plot, leaver, way);
    else
        PLOT_SENDS(plot, leaver, "<presence type='unavailable'/>");
    if (plot_chance(plot, 2))
        somebody_writes_to(plot, client);
}

static void takes_only_some(struct plot *plot, struct plot_client *client)
{
    plot_takes_only_some(plot, client, false);
}

/* It does not acknowledge what it gets, and a stranger goes on: with presence, which a server need not
 * pass on then.  Of one server alone: who leaves at another one may not be heard to leave
 * (core/presence/broadcast.c: is_unwelcome). */
static void is_shown_much(struct plot *plot, struct plot_client *client)
{
    const struct plot_client *stranger = plot_stranger(plot, client);
    if (plot->servers > 1) {
        plot_writes_several(plot, stranger, client->full_jid, 2);
        return;
    }
    plot_says(plot, client, "enables stream management");
    plot_says(plot, client, "stops answering");
    plot_writes_several(plot, stranger, client->full_jid, 2 + plot_draw(plot, 4));
    for (unsigned i = 1 + plot_draw(plot, 3); i > 0; i--)
        PLOT_SENDS(plot, stranger, "<presence to='%s'><status>Number %u</status></presence>",
                   client->full_jid, plot->messages++);
    if (plot_chance(plot, 2))
        plot_says(plot, client, "answers again");
}

/* ---- Requests ---- */

static void asks(struct plot *plot, struct plot_client *client)
{
    static const char *const questions[] = {
        "<ping xmlns='urn:xmpp:ping'/>",
        "<query xmlns='jabber:iq:version'/>",
        "<time xmlns='urn:xmpp:time'/>",
        "<query xmlns='http://jabber.org/protocol/disco#info'/>",
        "<query xmlns='http://jabber.org/protocol/disco#info' node='urn:example:node'/>",
        "<query xmlns='http://jabber.org/protocol/disco#items'/>",
        "<query xmlns='jabber:iq:last'/>",
        "<query xmlns='jabber:iq:roster'/>",
        "<blocklist xmlns='urn:xmpp:blocking'/>",
        "<query xmlns='unknown:to:everybody'/>",
    };
    const char *question = PLOT_PICK(plot, questions);
    const char *to = plot_chance(plot, 3) ? plot_anybody(plot)->full_jid : plot_address(plot);
    char from[128];
    write_from(plot, client, from, sizeof from);
    if (plot_chance(plot, 4))
        PLOT_SENDS(plot, client, "<iq type='get'%s>%s</iq>", from, question);
    else
        PLOT_SENDS(plot, client, "<iq to='%s' type='get'%s>%s</iq>", to, from, question);
}

/* A request that only the account itself, or an account that may see its presence, may make. */
static void asks_an_account(struct plot *plot, struct plot_client *client)
{
    static const char *const questions[] = {
        "<query xmlns='jabber:iq:last'/>",
        "<query xmlns='http://jabber.org/protocol/disco#info'/>",
        "<query xmlns='http://jabber.org/protocol/disco#items'/>",
        "<query xmlns='jabber:iq:roster'/>",
        "<query xmlns='jabber:iq:roster'><item jid='nurse@montague.lit'/></query>",
        "<blocklist xmlns='urn:xmpp:blocking'/>",
    };
    const char *question = PLOT_PICK(plot, questions);
    const char *type = strstr(question, "<item") != NULL ? "set" : "get";
    PLOT_SENDS(plot, client, "<iq to='%s' type='%s'>%s</iq>", plot_somebody(plot)->jid, type, question);
}

static void answers_nobody(struct plot *plot, struct plot_client *client)
{
    static const char *const types[] = { "result", "error" };
    const char *type = PLOT_PICK(plot, types);
    unsigned id = plot_draw(plot, 4);
    PLOT_SENDS(plot, client, "<iq to='%s' type='%s' id='q%u'/>", plot_address(plot), type, id);
}

/* ---- Blocking ---- */

/* A pattern for a block list (XEP-0191, 6): an address, or one that looks like those of clients and is another. */
static const char *pattern(struct plot *plot)
{
    static const char *const patterns[] = { "montague.li",          "ontague.lit",
                                            "omeo@montague.lit",    "romeo@montague.lit.",
                                            "montague.lit/orchard", "montague.lit",
                                            "guests.lit",           "capulet.lit" };
    return plot_chance(plot, 5) ? PLOT_PICK(plot, patterns) : plot_address(plot);
}

static void write_items(struct plot *plot, const struct plot_client *client, const char *verb)
{
    char items[512] = "";
    size_t length = 0;
    for (unsigned i = plot_chance(plot, 3) ? 1 + plot_draw(plot, 3) : 1; i > 0; i--)
        length += (size_t)snprintf(items + length, sizeof items - length, "<item jid='%s'/>", pattern(plot));
    PLOT_SENDS(plot, client, "<iq type='set'><%s xmlns='urn:xmpp:blocking'>%s</%s></iq>", verb, items, verb);
}

static void blocks(struct plot *plot, struct plot_client *client)
{
    write_items(plot, client, "block");
}

static void unblocks(struct plot *plot, struct plot_client *client)
{
    if (plot_chance(plot, 3))
        PLOT_SENDS(plot, client, "<iq type='set'><unblock xmlns='urn:xmpp:blocking'/></iq>");
    else
        write_items(plot, client, "unblock");
}

/* Whoever is blocked writes and shows itself, and is unblocked again. */
static void blocks_for_a_while(struct plot *plot, struct plot_client *client)
{
    const struct plot_client *other = plot_anybody(plot);
    const char *jid = plot_chance(plot, 3) ? other->full_jid : other->jid;
    plot_blocks(plot, client, jid);
    plot_writes_to(plot, other, plot_chance(plot, 2) ? client->jid : client->full_jid);
    PLOT_SENDS(plot, other, "<presence><status>Number %u</status></presence>", plot->messages++);
    if (plot_chance(plot, 2))
        PLOT_SENDS(plot, client, "<presence><status>Number %u</status></presence>", plot->messages++);
    if (!plot_chance(plot, 3))
        PLOT_SENDS(plot, client,
                   "<iq type='set'><unblock xmlns='urn:xmpp:blocking'><item jid='%s'/></unblock></iq>", jid);
}

static void asks_block_list(struct plot *plot, struct plot_client *client)
{
    PLOT_SENDS(plot, client, "<iq type='get'><blocklist xmlns='urn:xmpp:blocking'/></iq>");
}

/* ---- Carbons, client state ---- */

static void wants_carbons(struct plot *plot, struct plot_client *client)
{
    static const char *const verbs[] = { "enable", "enable", "disable" };
    PLOT_SENDS(plot, client, "<iq type='set'><%s xmlns='urn:xmpp:carbons:2'/></iq>", PLOT_PICK(plot, verbs));
}

/* What looks like a copy that a server made (XEP-0280, 13). */
static void forges_a_copy(struct plot *plot, struct plot_client *client)
{
    static const char *const wrappers[] = { "received", "sent" };
    const char *wrapper = PLOT_PICK(plot, wrappers);
    const char *from = plot_anybody(plot)->full_jid, *to = plot_anybody(plot)->full_jid;
    plot->messages++;
    PLOT_SENDS(plot, client,
               "<message to='%s' type='chat' id='m%u'><%s xmlns='urn:xmpp:carbons:2'><forwarded "
               "xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='%s' to='%s' "
               "type='chat'><body>Number %u</body></message></forwarded></%s></message>",
               plot_address(plot), plot->messages, wrapper, from, to, plot->messages, wrapper);
}

static void looks_away(struct plot *plot, struct plot_client *client)
{
    static const char *const states[] = { "inactive", "active" };
    PLOT_SENDS(plot, client, "<%s xmlns='urn:xmpp:csi:0'/>", PLOT_PICK(plot, states));
}

/* What comes meanwhile may be held back (XEP-0352, 5). */
static void misses_something(struct plot *plot, struct plot_client *client)
{
    PLOT_SENDS(plot, client, "<inactive xmlns='urn:xmpp:csi:0'/>");
    for (unsigned i = 1 + plot_draw(plot, 4); i > 0; i--)
        PLOT_SENDS(plot, plot_anybody(plot), "<presence><status>Number %u</status></presence>",
                   plot->messages++);
    if (plot_chance(plot, 2))
        somebody_writes_to(plot, client);
    if (!plot_chance(plot, 3))
        PLOT_SENDS(plot, client, "<active xmlns='urn:xmpp:csi:0'/>");
}

/* ---- Other servers ---- */

/* On behalf of its users, or of somebody else's.  Each arrives by itself: what is not one stanza is dropped (core.h). */
static void remote_server_sends(struct plot *plot, struct plot_client *client)
{
    static const char *const senders[] = { "friar@elsewhere.lit/cell", "friar@elsewhere.lit/cell",
                                           "friar@elsewhere.lit",      "elsewhere.lit",
                                           "romeo@montague.lit",       "juliet@capulet.lit/phone",
                                           "friar@Elsewhere.lit",      "friar@nowhere.lit" };
    static const char *const rest[] = {
        "<message%s type='chat' id='m%u'><body>Number %u</body></message>",
        "<message%s type='chat' id='m%u'><body>Number %u</body></message>",
        "<presence%s id='m%u'><status>Number %u</status></presence>",
        "<presence%s type='unavailable' id='m%u'><status>Number %u</status></presence>",
        "<presence%s type='subscribe' id='m%u'><status>Number %u</status></presence>",
        "<presence%s type='subscribed' id='m%u'><status>Number %u</status></presence>",
        "<presence%s type='unsubscribe' id='m%u'><status>Number %u</status></presence>",
        "<presence%s type='unsubscribed' id='m%u'><status>Number %u</status></presence>",
        "<presence%s type='probe' id='m%u'><status>Number %u</status></presence>",
        "<iq%s type='get' id='m%u'><query xmlns='jabber:iq:last' number='%u'/></iq>",
        "<iq%s type='get' id='m%u'><query xmlns='http://jabber.org/protocol/disco#info' number='%u'/></iq>",
    };
    (void)client;
    const bool is_one = plot_chance(plot, 2); /* conversation */
    const char *from = PLOT_PICK(plot, senders), *to = plot_raw_address(plot);
    for (unsigned i = 1 + plot_draw(plot, is_one ? 5 : 2); i > 0; i--) {
        char addresses[192];
        from = is_one ? from : PLOT_PICK(plot, senders);
        to = is_one ? to : plot_raw_address(plot);
        (void)snprintf(addresses, sizeof addresses, " from='%s' to='%s'", from, to);
        plot->messages++;
        const size_t which = plot_draw(plot, PLOT_COUNT(rest));
        char element[512];
        /* NOLINTNEXTLINE(clang-diagnostic-format-nonliteral): the formats above */
        (void)snprintf(element, sizeof element, rest[which], addresses, plot->messages, plot->messages);
        plot_line(plot, "The server of \"montague.lit\" receives from \"elsewhere.lit\":");
        plot_stanza(plot, "%s", element);
    }
}

static void is_written_to_from_afar(struct plot *plot, struct plot_client *client)
{
    const bool is_here = strstr(client->jid, "@montague.lit") != NULL && !client->anonymous;
    plot_is_written_to_from_afar(plot, is_here ? client : &plot->clients[0]);
}

/* ---- The rows ---- */

static const struct action rows[] = {
    { "is available", 0, 0, BY_CLIENT, FOR_IN, STAYS, 2, is_there, CAPABILITY_NONE },
    { "is unavailable", 0, PRESENCE | OFFLINE, BY_CLIENT, FOR_IN, STAYS, 1, is_gone, CAPABILITY_NONE },
    { "directs presence", 0, PRESENCE | LIMITS, BY_CLIENT, FOR_IN, STAYS, 3, is_there_for, CAPABILITY_NONE },
    { "withdraws presence", 0, PRESENCE, BY_CLIENT, FOR_IN, STAYS, 1, is_gone_for, CAPABILITY_NONE },
    { "reports an error", 0, PRESENCE, BY_CLIENT, FOR_IN, STAYS, 1, reports_an_error, CAPABILITY_NONE },
    { "probes", 0, PRESENCE | SUBSCRIPTIONS, BY_CLIENT, FOR_IN, STAYS, 2, probes, CAPABILITY_NONE },
    { "subscribes", 0, SUBSCRIPTIONS | LIMITS, BY_CLIENT, FOR_IN, STAYS, 3, subscribes, CAPABILITY_NONE },
    { "answers a subscription", 0, SUBSCRIPTIONS, BY_CLIENT, FOR_IN, STAYS, 4, answers_subscription,
      CAPABILITY_NONE },
    { "agrees with somebody", 0, SUBSCRIPTIONS | PRESENCE, BY_CLIENT, FOR_IN, STAYS, 2, agrees_with,
      CAPABILITY_NONE },
    { "waits for a contact", 0, SUBSCRIPTIONS, BY_CLIENT, FOR_IN, STAYS, 2, waits_for_a_contact,
      CAPABILITY_NONE },
    { "asks for the roster", 0, ROSTERS | SUBSCRIPTIONS, BY_CLIENT, FOR_IN, STAYS, 2, asks_roster,
      CAPABILITY_NONE },
    { "asks for the roster since", 0, ROSTERS, BY_CLIENT, FOR_IN, STAYS, 1, asks_roster_since,
      CAPABILITY_NONE },
    { "sets a roster item", 0, ROSTERS, BY_CLIENT, FOR_IN, STAYS, 3, sets_item, CAPABILITY_NONE },
    { "sets several roster items", 0, ROSTERS | LIMITS, BY_CLIENT, FOR_IN, STAYS, 1, sets_items,
      CAPABILITY_NONE },
    { "removes a roster item", 0, ROSTERS | SUBSCRIPTIONS, BY_CLIENT, FOR_IN, STAYS, 2, removes_item,
      CAPABILITY_NONE },
    { "writes", 0, MESSAGES | CARBONS | RESUMPTION | SERVERS, BY_CLIENT, FOR_IN, STAYS, 5, writes,
      CAPABILITY_NONE },
    { "writes to an account", 0, MESSAGES | OFFLINE | CARBONS | BLOCKING, BY_CLIENT, FOR_IN, STAYS, 3,
      writes_to_an_account, CAPABILITY_NONE },
    { "writes much", 0, MESSAGES | LIMITS | RESUMPTION | SERVERS, BY_CLIENT, FOR_IN, STAYS, 1, writes_much,
      CAPABILITY_NONE },
    { "writes very much", 0, OFFLINE, BY_CLIENT, FOR_IN, STAYS, 1, writes_very_much, CAPABILITY_NONE },
    { "writes in raw bytes", 0, MESSAGES, BY_CLIENT, FOR_IN, STAYS, 1, writes_raw, CAPABILITY_NONE },
    { "writes in a namespace", 0, MESSAGES | LIMITS, BY_CLIENT, FOR_IN, STAYS, 1, writes_in_a_namespace,
      CAPABILITY_NONE },
    { "writes at length", 0, MESSAGES | LIMITS, BY_CLIENT, FOR_IN, STAYS, 1, writes_at_length,
      CAPABILITY_NONE },
    { "is written to while away", 0, OFFLINE, BY_CLIENT, FOR_IN, STAYS, 4, is_written_to_while_away,
      CAPABILITY_NONE },
    { "is shown much", 0, RESUMPTION | LIMITS, BY_CLIENT, FOR_IN, STAYS, 1, is_shown_much, CAPABILITY_NONE },
    { "takes only some", 0, OFFLINE, BY_CLIENT, FOR_ALL, STAYS, 2, takes_only_some, CAPABILITY_NONE },
    { "asks", 0, REQUESTS | SERVERS, BY_CLIENT, FOR_IN, STAYS, 3, asks, CAPABILITY_NONE },
    { "asks an account", 0, REQUESTS, BY_CLIENT, FOR_IN, STAYS, 3, asks_an_account, CAPABILITY_NONE },
    { "answers nobody", 0, REQUESTS, BY_CLIENT, FOR_IN, STAYS, 1, answers_nobody, CAPABILITY_NONE },
    { "blocks", 0, BLOCKING | LIMITS, BY_CLIENT, FOR_IN, STAYS, 2, blocks, CAPABILITY_BLOCKING },
    { "unblocks", 0, BLOCKING, BY_CLIENT, FOR_IN, STAYS, 2, unblocks, CAPABILITY_BLOCKING },
    { "blocks for a while", 0, BLOCKING, BY_CLIENT, FOR_IN, STAYS, 2, blocks_for_a_while,
      CAPABILITY_BLOCKING },
    { "asks for the block list", 0, BLOCKING, BY_CLIENT, FOR_IN, STAYS, 1, asks_block_list,
      CAPABILITY_BLOCKING },
    { "turns carbons on or off", 0, CARBONS, BY_CLIENT, FOR_IN, STAYS, 2, wants_carbons, CAPABILITY_CARBONS },
    { "forges a copy", 0, CARBONS | MESSAGES, BY_CLIENT, FOR_IN, STAYS, 1, forges_a_copy,
      CAPABILITY_CARBONS },
    { "looks away or back", 0, CLIENT_STATE, BY_CLIENT, FOR_IN, STAYS, 3, looks_away, CAPABILITY_CSI },
    { "misses something", 0, CLIENT_STATE, BY_CLIENT, FOR_IN, STAYS, 2, misses_something, CAPABILITY_CSI },
    { "is written to from afar", 0, SERVERS, BY_CLIENT_ALONE, FOR_IN, STAYS, 2, is_written_to_from_afar,
      CAPABILITY_FEDERATION },
    { "a remote server sends", 0, SERVERS, BY_WORLD, FOR_ALL, STAYS, 3, remote_server_sends,
      CAPABILITY_FEDERATION },
};

const struct action_family plot_stanza_actions = { rows, PLOT_COUNT(rows) };
