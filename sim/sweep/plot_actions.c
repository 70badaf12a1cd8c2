#include "plot_writer.h"

#include <stdio.h>
#include <string.h>

/* ---- Words ---- */

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static const char *pick(struct plot *plot, const char *const *words, size_t count)
{
    return words[plot_draw(plot, (uint32_t)count)];
}
#define PICK(plot, list) pick(plot, list, COUNT(list))

/* An address: mostly that of a client, bare or full; sometimes that of a host, one without an account, or one that is
 * not prepared (RFC 7622, 3). */
static const char *address(struct plot *plot)
{
    static const char *const odd[] = { "montague.lit",       "nobody@montague.lit",     "capulet.lit",
                                       "nobody@capulet.lit", "friar@elsewhere.lit",     "montague.lit/there",
                                       "Romeo@MONTAGUE.lit", "romeo@montague.lit/a@b/c" };
    const struct plot_client *client = plot_anybody(plot);
    const unsigned drawn = plot_draw(plot, 8);
    if (drawn == 0)
        return PICK(plot, odd);
    return drawn <= 3 ? client->full_jid : client->jid;
}

/* A contact: mostly the bare JID of a client. */
static const char *contact(struct plot *plot)
{
    return plot_chance(plot, 10) ? address(plot) : plot_anybody(plot)->jid;
}

static void says(struct plot *plot, const struct plot_client *client, const char *what)
{
    plot_line(plot, "%s %s", client->name, what);
}

#define SENDS(plot, client, ...)                                                                             \
    do {                                                                                                     \
        plot_line(plot, "%s sends:", (client)->name);                                                        \
        plot_line(plot, "\t" __VA_ARGS__);                                                                   \
    } while (0)

/* ---- In and out ---- */

static void connects(struct plot *plot, struct plot_client *client)
{
    says(plot, client, "connects");
    client->in = true;
    client->dead = false;
}

static void disconnects(struct plot *plot, struct plot_client *client)
{
    says(plot, client, "disconnects");
    client->in = false;
}

static void drops(struct plot *plot, struct plot_client *client)
{
    says(plot, client, "drops the connection");
    client->in = false;
}

static void closes(struct plot *plot, struct plot_client *client)
{
    says(plot, client, "closes the stream");
    client->in = false;
}

static void opens(struct plot *plot, struct plot_client *client)
{
    static const char *const begins[] = { "opens a connection",  "opens a stream",
                                          "authenticates",       "authenticates using password \"wrong\"",
                                          "restarts the stream", "binds",
                                          "starts TLS" };
    says(plot, client, PICK(plot, begins));
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
    plot_line(plot, "%s sends raw \"%s\"", client->name, PICK(plot, raw));
}

/* ---- Presence and rosters ---- */

static void is_there(struct plot *plot, struct plot_client *client)
{
    static const char *const contents[] = { "",
                                            "",
                                            "<priority>5</priority>",
                                            "<priority>-1</priority>",
                                            "<show>away</show>",
                                            "<status>here</status><priority>1</priority>" };
    const char *content = PICK(plot, contents);
    if (*content == '\0')
        SENDS(plot, client, "<presence/>");
    else
        SENDS(plot, client, "<presence>%s</presence>", content);
}

static void comes_back(struct plot *plot, struct plot_client *client)
{
    connects(plot, client);
    SENDS(plot, client, "<presence/>");
}

static void is_gone(struct plot *plot, struct plot_client *client)
{
    SENDS(plot, client, "<presence type='unavailable'/>");
}

static void is_there_for(struct plot *plot, struct plot_client *client)
{
    SENDS(plot, client, "<presence to='%s'/>", address(plot));
}

/* An answer to presence; without an address it is for the client's own account (RFC 6120, 10.3.1). */
static void reports_an_error(struct plot *plot, struct plot_client *client)
{
    if (plot_chance(plot, 3))
        SENDS(plot, client, "<presence type='error'/>");
    else
        SENDS(plot, client, "<presence to='%s' type='error'/>", address(plot));
}

static void is_gone_for(struct plot *plot, struct plot_client *client)
{
    SENDS(plot, client, "<presence to='%s' type='unavailable'/>", address(plot));
}

static void probes(struct plot *plot, struct plot_client *client)
{
    SENDS(plot, client, "<presence to='%s' type='probe'/>", address(plot));
}

/* Usually the bare JID of a client, which may answer. */
static void subscribes(struct plot *plot, struct plot_client *client)
{
    struct plot_client *asked = plot_anybody(plot);
    if (plot_chance(plot, 10)) {
        SENDS(plot, client, "<presence to='%s' type='subscribe'/>", address(plot));
        return;
    }
    asked->asker = client;
    SENDS(plot, client, "<presence to='%s' type='subscribe'/>", asked->jid);
}

static void answers_subscription(struct plot *plot, struct plot_client *client)
{
    static const char *const types[] = { "subscribed", "subscribed", "unsubscribed", "unsubscribe" };
    const char *type = PICK(plot, types);
    const struct plot_client *asker = plot_chance(plot, 3) ? NULL : client->asker;
    if (asker != NULL)
        SENDS(plot, client, "<presence to='%s' type='%s'/>", asker->jid, type);
    else
        SENDS(plot, client, "<presence to='%s' type='%s'/>", contact(plot), type);
}

static void asks_roster(struct plot *plot, struct plot_client *client)
{
    SENDS(plot, client, "<iq type='get'><query xmlns='jabber:iq:roster'/></iq>");
}

static void asks_roster_since(struct plot *plot, struct plot_client *client)
{
    SENDS(plot, client, "<iq type='get'><query xmlns='jabber:iq:roster' ver='%u'/></iq>", plot_draw(plot, 6));
}

static void sets_item(struct plot *plot, struct plot_client *client)
{
    static const char *const groups[] = { "", "<group>Friends</group>",
                                          "<group>Friends</group><group>Foes</group>" };
    const char *group = PICK(plot, groups);
    SENDS(plot, client,
          "<iq type='set'><query xmlns='jabber:iq:roster'><item jid='%s' name='Number "
          "%u'>%s</item></query></iq>",
          contact(plot), plot->messages++, group);
}

static void removes_item(struct plot *plot, struct plot_client *client)
{
    SENDS(
        plot, client,
        "<iq type='set'><query xmlns='jabber:iq:roster'><item jid='%s' subscription='remove'/></query></iq>",
        contact(plot));
}

/* ---- Messages and requests ---- */

/* Children with attributes in namespaces, and languages. */
static const char *payload(struct plot *plot)
{
    static const char *const payloads[] = {
        "",
        "",
        "<x xmlns='urn:example:a' b:c='1' c='2' xmlns:b='urn:example:b'><b:d> </b:d></x>",
        "<subject xml:lang='de'>Zwei</subject><subject>Two</subject>",
        "<b:x xmlns:b='urn:example:b' b:to='romeo@montague.lit'/>",
    };
    return PICK(plot, payloads);
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
    const char *to = address(plot);
    const char *type = PICK(plot, types);
    const char *hint = PICK(plot, hints);
    const char *from = plot_chance(plot, 6) ? client->jid : NULL; /* a client may name itself */
    plot->messages++;
    SENDS(plot, client, "<message to='%s' type='%s' id='m%u'%s%s%s><body>Number %u</body>%s%s</message>", to,
          type, plot->messages, from != NULL ? " from='" : "", from != NULL ? from : "",
          from != NULL ? "'" : "", plot->messages, hint, payload(plot));
}

static void writes_to(struct plot *plot, const struct plot_client *client, const char *to)
{
    plot->messages++;
    SENDS(plot, client, "<message to='%s' type='chat' id='m%u'><body>Number %u</body></message>", to,
          plot->messages, plot->messages);
}

/* A message of some kilobytes, which may be more than a limit allows. */
static void writes_at_length(struct plot *plot, struct plot_client *client)
{
    const char *to = address(plot);
    struct text body = { 0 };
    text_repeat(&body, 'x', 500 * (1 + (size_t)plot_draw(plot, 12)));
    plot->messages++;
    SENDS(plot, client, "<message to='%s' type='chat' id='m%u'><body>%s</body></message>", to, plot->messages,
          body.bytes);
    text_free(&body);
}

static void writes_much(struct plot *plot, struct plot_client *client)
{
    const char *to = address(plot);
    plot_line(plot, "%s sends:", client->name);
    for (unsigned i = 0; i < 5; i++) {
        plot->messages++;
        plot_line(plot, "\t<message to='%s' type='chat' id='m%u'><body>Number %u</body></message>", to,
                  plot->messages, plot->messages);
    }
}

static void asks(struct plot *plot, struct plot_client *client)
{
    static const char *const questions[] = {
        "<ping xmlns='urn:xmpp:ping'/>",
        "<query xmlns='jabber:iq:version'/>",
        "<time xmlns='urn:xmpp:time'/>",
        "<query xmlns='http://jabber.org/protocol/disco#info'/>",
        "<query xmlns='http://jabber.org/protocol/disco#items'/>",
        "<query xmlns='jabber:iq:last'/>",
        "<query xmlns='jabber:iq:roster'/>",
        "<query xmlns='unknown:to:everybody'/>",
    };
    const char *question = PICK(plot, questions);
    if (plot_chance(plot, 3))
        SENDS(plot, client, "<iq type='get'>%s</iq>", question);
    else
        SENDS(plot, client, "<iq to='%s' type='get'>%s</iq>", address(plot), question);
}

static void answers_nobody(struct plot *plot, struct plot_client *client)
{
    unsigned id = plot_draw(plot, 4);
    SENDS(plot, client, "<iq to='%s' type='result' id='q%u'/>", address(plot), id);
}

/* ---- Blocking, carbons ---- */

/* A pattern for a block list (XEP-0191, 6): an address, or one that looks like those of clients and is another. */
static const char *pattern(struct plot *plot)
{
    static const char *const patterns[] = { "montague.li",          "ontague.lit",
                                            "omeo@montague.lit",    "romeo@montague.lit.",
                                            "montague.lit/orchard", "capulet.lit" };
    return plot_chance(plot, 6) ? PICK(plot, patterns) : address(plot);
}

static void blocks(struct plot *plot, struct plot_client *client)
{
    SENDS(plot, client, "<iq type='set'><block xmlns='urn:xmpp:blocking'><item jid='%s'/></block></iq>",
          pattern(plot));
}

static void unblocks(struct plot *plot, struct plot_client *client)
{
    if (plot_chance(plot, 3))
        SENDS(plot, client, "<iq type='set'><unblock xmlns='urn:xmpp:blocking'/></iq>");
    else
        SENDS(plot, client,
              "<iq type='set'><unblock xmlns='urn:xmpp:blocking'><item jid='%s'/></unblock></iq>",
              address(plot));
}

static void asks_block_list(struct plot *plot, struct plot_client *client)
{
    SENDS(plot, client, "<iq type='get'><blocklist xmlns='urn:xmpp:blocking'/></iq>");
}

static void wants_carbons(struct plot *plot, struct plot_client *client)
{
    static const char *const verbs[] = { "enable", "enable", "disable" };
    SENDS(plot, client, "<iq type='set'><%s xmlns='urn:xmpp:carbons:2'/></iq>", PICK(plot, verbs));
}

/* ---- Stream management, client state ---- */

static void manages(struct plot *plot, struct plot_client *client)
{
    says(plot, client, "enables stream management");
    client->managed = true;
}

static void resumes(struct plot *plot, struct plot_client *client)
{
    says(plot, client, "resumes");
    client->in = true;
}

static void acknowledges(struct plot *plot, struct plot_client *client)
{
    says(plot, client, "acknowledges");
}

static void asks_acknowledgement(struct plot *plot, struct plot_client *client)
{
    SENDS(plot, client, "<r xmlns='urn:xmpp:sm:3'/>");
}

static void falls_silent(struct plot *plot, struct plot_client *client)
{
    static const char *const ways[] = { "stops answering", "answers again" };
    says(plot, client, PICK(plot, ways));
}

static void looks_away(struct plot *plot, struct plot_client *client)
{
    static const char *const states[] = { "inactive", "active" };
    SENDS(plot, client, "<%s xmlns='urn:xmpp:csi:0'/>", PICK(plot, states));
}

/* ---- The account ---- */

static void changes_password(struct plot *plot, struct plot_client *client)
{
    char local[sizeof client->jid] = "";
    memcpy(local, client->jid, strcspn(client->jid, "@"));
    SENDS(plot, client,
          "<iq type='set'><query xmlns='jabber:iq:register'><username>%s</username>"
          "<password>secret</password></query></iq>",
          local);
}

static void removes_account(struct plot *plot, struct plot_client *client)
{
    SENDS(plot, client, "<iq type='set'><query xmlns='jabber:iq:register'><remove/></query></iq>");
    client->in = false;
}

/* ---- Time ---- */

static void time_passes(struct plot *plot, struct plot_client *client)
{
    static const char *const spans[] = { "10 milliseconds pass", "1 second passes", "10 seconds pass",
                                         "2 minutes pass", "11 minutes pass" };
    (void)client;
    plot_line(plot, "%s", PICK(plot, spans));
}

/* ---- Faults ---- */

static void link_breaks(struct plot *plot, struct plot_client *client)
{
    plot_line(plot, "%s's link breaks", client->name);
    client->in = false;
}

/* What is written to the dead link is lost, and must be sent again if the session is resumed (XEP-0198, 5). */
static void link_dies(struct plot *plot, struct plot_client *client)
{
    plot_line(plot, "%s's link dies silently", client->name);
    client->dead = true;
    if (!plot_chance(plot, 3))
        return;
    for (unsigned i = plot_draw(plot, 3); i > 0; i--)
        writes_to(plot, plot_anybody(plot), client->full_jid);
    drops(plot, client);
    resumes(plot, client);
    client->dead = false;
}

static void link_heals(struct plot *plot, struct plot_client *client)
{
    plot_line(plot, "%s's link heals", client->name);
    client->dead = false;
}

static void link_is_narrow(struct plot *plot, struct plot_client *client)
{
    plot_line(plot, "%s's link delivers in pieces of %u", client->name, 1 + plot_draw(plot, 40));
}

static void link_slows_down(struct plot *plot, struct plot_client *client)
{
    static const char *const ways[] = { "takes 1 millisecond", "takes 20 milliseconds", "takes 2 seconds",
                                        "carries 2000 bytes a second", "carries as much as it is given" };
    plot_line(plot, "%s's link %s", client->name, PICK(plot, ways));
}

static void link_stalls(struct plot *plot, struct plot_client *client)
{
    static const char *const spans[] = { "5 milliseconds", "100 milliseconds", "5 seconds" };
    plot_line(plot, "%s's link stalls for %s", client->name, PICK(plot, spans));
}

static void link_breaks_later(struct plot *plot, struct plot_client *client)
{
    static const char *const ways[] = { "", " to the server", " to the client" };
    unsigned bytes = plot_draw(plot, plot_chance(plot, 2) ? 1000 : 100);
    plot_line(plot, "%s's link breaks after %u bytes%s", client->name, bytes, PICK(plot, ways));
}

static void half_closes(struct plot *plot, struct plot_client *client)
{
    says(plot, client, "half-closes the connection");
    client->in = false;
}

static void stops_reading(struct plot *plot, struct plot_client *client)
{
    says(plot, client, plot_chance(plot, 2) ? "reads again" : "stops reading");
}

static void servers_part(struct plot *plot, struct plot_client *client)
{
    static const char *const ways[] = { "parted", "joined again", "joined again" };
    (void)client;
    if (plot->servers > 1)
        plot_line(plot, "The servers are %s", PICK(plot, ways));
    else
        time_passes(plot, client);
}

static void load_fails(struct plot *plot, struct plot_client *client)
{
    (void)client;
    plot_line(plot, "The next load fails");
}

static void save_fails(struct plot *plot, struct plot_client *client)
{
    (void)client;
    plot_line(plot, "The next save fails");
}

static const char *ordinal(char *out, size_t size, unsigned number)
{
    static const char *const endings[] = { "th", "st", "nd", "rd" };
    bool teens = number % 100 >= 11 && number % 100 <= 13;
    (void)snprintf(out, size, "%u%s", number, endings[teens || number % 10 > 3 ? 0 : number % 10]);
    return out;
}

static void disk_fails_later(struct plot *plot, struct plot_client *client)
{
    static const char *const requests[] = { "load", "save" };
    char nth[16];
    (void)client;
    ordinal(nth, sizeof nth, 1 + plot_draw(plot, 6));
    plot_line(plot, "The %s %s from now fails", nth, PICK(plot, requests));
}

/* Usually the seed decides whether a crash keeps or loses its writes. */
static void crashes(struct plot *plot, struct plot_client *client)
{
    static const char *const fates[] = { "", "", "", ", keeping its writes", ", losing its writes" };
    static const char *const times[] = { "", "", " in 1 millisecond", " in 20 milliseconds", NULL };
    char during[64];
    char nth[16];
    const char *when = PICK(plot, times);
    const char *fate = PICK(plot, fates);
    (void)client;
    if (when == NULL) {
        (void)snprintf(during, sizeof during, " during the %s save from now",
                       ordinal(nth, sizeof nth, 1 + plot_draw(plot, 4)));
        when = during;
    }
    if (plot->servers > 1 && plot_chance(plot, 2))
        plot_line(plot, "The server of \"capulet.lit\" crashes%s%s", when, fate);
    else
        plot_line(plot, "The server crashes%s%s", when, fate);
    plot->down = true;
}

/* Sometimes a server that is not down. */
static void starts_again(struct plot *plot, struct plot_client *client)
{
    (void)client;
    plot->down = false;
    if (plot->servers > 1 && plot_chance(plot, 2))
        plot_line(plot, "The server of \"capulet.lit\" starts again");
    else
        plot_line(plot, "The server starts again");
}

static void allocation_fails(struct plot *plot, struct plot_client *client)
{
    static const unsigned furthest[] = { 5, 50, 500 };
    char nth[16];
    (void)client;
    ordinal(nth, sizeof nth, 1 + plot_draw(plot, furthest[plot_draw(plot, COUNT(furthest))]));
    plot_line(plot, "The %s allocation from now fails", nth);
}

static void clock_jumps(struct plot *plot, struct plot_client *client)
{
    static const char *const jumps[] = { "1 second ahead", "1 hour ahead", "1 second back", "1 hour back",
                                         "20 minutes ahead" };
    (void)client;
    plot_line(plot, "The clock jumps %s", PICK(plot, jumps));
}

static void disk_is_slow(struct plot *plot, struct plot_client *client)
{
    static const char *const spans[] = { "1 millisecond", "20 milliseconds", "2 seconds" };
    const char *what = plot_chance(plot, 2) ? "Loads" : "Saves";
    (void)client;
    plot_line(plot, "%s take %s", what, PICK(plot, spans));
}

static void shuts_down(struct plot *plot, struct plot_client *client)
{
    (void)client;
    if (plot_chance(plot, 6))
        plot_line(plot, "The server shuts down");
    else
        time_passes(plot, client);
}

/* ---- The table; the first row is for a client that is not connected, the second follows a crash ---- */

const struct action plot_actions[] = {
    { "connects", 0, BY_CLIENT, FOR_OUT, 4, connects },
    { "a server starts again", PLOT_DISK, BY_WORLD, FOR_ALL, 1, starts_again },
    { "comes back", 0, BY_CLIENT, FOR_OUT, 4, comes_back },
    { "disconnects", 0, BY_CLIENT, FOR_IN, 1, disconnects },
    { "drops the connection", 0, BY_CLIENT, FOR_IN, 1, drops },
    { "closes the stream", 0, BY_CLIENT, FOR_IN, 1, closes },
    { "gets in by steps", 0, BY_CLIENT, FOR_ALL, 1, opens },
    { "breaks the rules", 0, BY_CLIENT, FOR_IN, 1, breaks_the_rules },
    { "is available", 0, BY_CLIENT, FOR_IN, 4, is_there },
    { "is unavailable", 0, BY_CLIENT, FOR_IN, 1, is_gone },
    { "directs presence", 0, BY_CLIENT, FOR_IN, 2, is_there_for },
    { "withdraws presence", 0, BY_CLIENT, FOR_IN, 1, is_gone_for },
    { "reports an error", 0, BY_CLIENT, FOR_IN, 1, reports_an_error },
    { "probes", 0, BY_CLIENT, FOR_IN, 1, probes },
    { "subscribes", 0, BY_CLIENT, FOR_IN, 3, subscribes },
    { "answers a subscription", 0, BY_CLIENT, FOR_IN, 4, answers_subscription },
    { "asks for the roster", 0, BY_CLIENT, FOR_IN, 3, asks_roster },
    { "asks for the roster since", 0, BY_CLIENT, FOR_IN, 1, asks_roster_since },
    { "sets a roster item", 0, BY_CLIENT, FOR_IN, 2, sets_item },
    { "removes a roster item", 0, BY_CLIENT, FOR_IN, 2, removes_item },
    { "writes", 0, BY_CLIENT, FOR_IN, 5, writes },
    { "writes much", 0, BY_CLIENT, FOR_IN, 1, writes_much },
    { "writes at length", 0, BY_CLIENT, FOR_IN, 1, writes_at_length },
    { "asks", 0, BY_CLIENT, FOR_IN, 2, asks },
    { "answers nobody", 0, BY_CLIENT, FOR_IN, 1, answers_nobody },
    { "blocks", 0, BY_CLIENT, FOR_IN, 2, blocks },
    { "unblocks", 0, BY_CLIENT, FOR_IN, 2, unblocks },
    { "asks for the block list", 0, BY_CLIENT, FOR_IN, 1, asks_block_list },
    { "turns carbons on or off", 0, BY_CLIENT, FOR_IN, 2, wants_carbons },
    { "enables stream management", 0, BY_CLIENT, FOR_IN, 3, manages },
    { "resumes", 0, BY_CLIENT, FOR_ALL, 3, resumes },
    { "acknowledges", 0, BY_CLIENT, FOR_IN, 1, acknowledges },
    { "asks for an acknowledgement", 0, BY_CLIENT, FOR_IN, 1, asks_acknowledgement },
    { "stops or begins to answer", 0, BY_CLIENT, FOR_IN, 1, falls_silent },
    { "looks away or back", 0, BY_CLIENT, FOR_IN, 2, looks_away },
    { "changes the password", 0, BY_CLIENT, FOR_IN, 1, changes_password },
    { "removes the account", 0, BY_CLIENT, FOR_IN, 1, removes_account },
    { "time passes", 0, BY_WORLD_ALONE, FOR_ALL, 2, time_passes },
    { "the server shuts down", 0, BY_WORLD, FOR_ALL, 1, shuts_down },
    { "a link breaks", PLOT_NETWORK, BY_CLIENT, FOR_IN, 2, link_breaks },
    { "a link dies", PLOT_NETWORK, BY_CLIENT, FOR_IN, 2, link_dies },
    { "a link heals", PLOT_NETWORK, BY_CLIENT, FOR_IN, 1, link_heals },
    { "a link is narrow", PLOT_NETWORK, BY_CLIENT, FOR_IN, 1, link_is_narrow },
    { "a link is slow", PLOT_NETWORK, BY_CLIENT, FOR_IN, 1, link_slows_down },
    { "a link stalls", PLOT_NETWORK, BY_CLIENT, FOR_IN, 2, link_stalls },
    { "a link breaks at a byte", PLOT_NETWORK, BY_CLIENT, FOR_ALL, 3, link_breaks_later },
    { "half-closes", PLOT_NETWORK, BY_CLIENT, FOR_IN, 1, half_closes },
    { "stops or begins to read", PLOT_NETWORK, BY_CLIENT, FOR_IN, 2, stops_reading },
    { "servers part", PLOT_NETWORK, BY_WORLD, FOR_ALL, 2, servers_part },
    { "a load fails", PLOT_DISK, BY_WORLD, FOR_ALL, 2, load_fails },
    { "a save fails", PLOT_DISK, BY_WORLD, FOR_ALL, 2, save_fails },
    { "a load or save fails later", PLOT_DISK, BY_WORLD, FOR_ALL, 2, disk_fails_later },
    { "a server crashes", PLOT_DISK, BY_WORLD, FOR_ALL, 1, crashes },
    { "an allocation fails", PLOT_MEMORY, BY_WORLD, FOR_ALL, 2, allocation_fails },
    { "the clock jumps", PLOT_CLOCK, BY_WORLD, FOR_ALL, 1, clock_jumps },
    { "the disk is slow", PLOT_DISK, BY_WORLD, FOR_ALL, 1, disk_is_slow },
};

const size_t plot_action_count = COUNT(plot_actions);
