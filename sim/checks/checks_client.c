#include "checks_accounts.h"
#include "checks_rows.h"

#include <stdlib.h>
#include <string.h>

/* ---- On its view ---- */

/* The server of somebody of whom a client can be expected to know how it stands with him; NULL when nobody
 * here serves his domain, or what his server and the client's said to each other was lost. */
static const struct server *server_in_reach(const struct watched *w, const char *jid)
{
    const struct server *other = server_of(w->checks, jid);
    return other != NULL && !server_lost_touch(w->server, other) ? other : NULL;
}

static bool is_out_of_reach(const struct watched *w, const char *jid)
{
    return server_in_reach(w, jid) == NULL;
}

/* Whether a client of the account sent presence of which nobody can say by the name of which resource. */
static bool spoke_unnamed(const struct checks *checks, const char *jid)
{
    const struct watched *w = accounts_first(checks, jid);
    while (w != NULL && !w->spoke_unnamed)
        w = w->same_account;
    return w != NULL;
}

bool encrypted_at_both_ends(const struct finding *f, const struct watched *w, const struct session_view *s)
{
    if (client_is_secured(w->client) == s->secured)
        return true;
    return found(f, "%s's link is encrypted for the %s alone", client_name(w->client),
                 s->secured ? "server" : "client");
}

static const struct client_contact *contact_in_view(const struct client *client, const char *jid)
{
    const struct client_contact *contact = client_roster(client);
    while (contact != NULL && strcmp(contact->jid, jid) != 0)
        contact = contact->next;
    return contact;
}

static bool is_in_group(const struct xml *item, const char *name)
{
    char text[4096];
    for (const struct xml *x = xml_first_element(item); x != NULL; x = xml_next_element(x))
        if (xml_is(x, "group", "jabber:iq:roster") &&
            strncmp(xml_text(x, text, sizeof text), name, sizeof text - 1) == 0)
            return true;
    return false;
}

static bool same_groups(const struct xml *seen, const struct inspect_item *item)
{
    size_t count = 0;
    for (const struct xml *x = xml_first_element(seen); x != NULL; x = xml_next_element(x))
        count += xml_is(x, "group", "jabber:iq:roster");
    for (size_t i = 0; i < item->group_count; i++)
        if (!is_in_group(seen, item->groups[i]))
            return false;
    return count == item->group_count;
}

static bool same_item(const struct finding *f, const struct client *client, const struct inspect_item *item)
{
    const struct client_contact *contact = contact_in_view(client, item->jid);
    if (contact == NULL)
        return found(f, "%s does not have %s in the roster that it sees", client_name(client), item->jid);
    if (!same_string(contact->subscription, item->subscription) || contact->ask != item->ask ||
        contact->approved != item->approved || !same_string(contact->name, item->name))
        return found(f, "%s sees %s as '%s'%s%s, called %s; the server has '%s'%s%s, called %s",
                     client_name(client), item->jid, contact->subscription, contact->ask ? ", ask" : "",
                     contact->approved ? ", approved" : "", shown(contact->name), item->subscription,
                     item->ask ? ", ask" : "", item->approved ? ", approved" : "", shown(item->name));
    if (!same_groups(contact->item, item))
        return found(f, "%s sees %s in other groups than the server has", client_name(client), item->jid);
    return true;
}

bool roster_converges(const struct finding *f, const struct watched *w, const struct session_view *s)
{
    if (!client_has_roster(w->client) || !s->interested)
        return true;
    size_t visible = 0, seen = 0;
    for (size_t i = 0; i < inspect_roster_size(s->roster); i++) {
        struct inspect_item item = inspect_roster_item(s->roster, i);
        if (item.hidden)
            continue;
        visible++;
        if (!same_item(f, w->client, &item))
            return false;
    }
    for (const struct client_contact *c = client_roster(w->client); c != NULL; c = c->next)
        seen++;
    if (seen == visible)
        return true;
    return found(f, "%s sees %zu contacts in its roster; the server has %zu", client_name(w->client), seen,
                 visible);
}

/* Another server sends its users' presence to a bare JID, and knows nothing of the resources there. */
static bool has_blocked(const struct watched *w, const struct server *server, const char *by,
                        const struct session_view *s)
{
    char bare[BARE_JID_SIZE];
    return blocks_now(&w->checks->blocks, by, server == w->server ? s->full_jid : bare_of(bare, s->full_jid));
}

/* What should have told a client that somebody is not online; NULL when it may believe that he is. */
static const char *why_not_online(const struct watched *w, const struct session_view *s,
                                  const struct server *server, const char *jid)
{
    const struct session *other = inspect_full_jid(server_inspect(server), jid);
    if (has_blocked(w, server, jid, s))
        return "has blocked it";
    if (other == NULL)
        return "is not";
    /* What a client said last before its connection was lost may not have come. */
    const bool may_speak_late = session_look(other).hibernating;
    const struct presence_model *rights = &w->checks->presence;
    if (session_is_available(other) || presence_model_directed(rights, jid, s->full_jid) ||
        (may_speak_late && presence_model_ever_directed(rights, jid, s->full_jid)) ||
        spoke_unnamed(w->checks, jid))
        return NULL;
    return "is not";
}

/* Everybody whom a client sees online is; an unavailable client is told nothing, so it is not asked. */
bool nobody_lingers(const struct finding *f, const struct watched *w, const struct session_view *s)
{
    if (s->presence == NULL || s->inactive)
        return true;
    for (const struct client_online *o = client_online(w->client); o != NULL; o = o->next) {
        /* What the blocked do is kept from the viewer, who may believe what he saw last. */
        const struct server *server = server_in_reach(w, o->jid);
        if (server == NULL || blocks_ever(&w->checks->blocks, s->full_jid, o->jid))
            continue;
        const char *why = why_not_online(w, s, server, o->jid);
        /* Who asked by himself is not told when the answer is no longer true. */
        if (why != NULL && !presence_model_asked(&w->checks->presence, o->jid, s->full_jid))
            return found(f, "%s sees %s online, who %s", client_name(w->client), o->jid, why);
    }
    return true;
}

static bool is_kept_apart(const struct checks *checks, const char *a, const char *b)
{
    return blocks_now(&checks->blocks, a, b) || blocks_now(&checks->blocks, b, a);
}

/* An available resource that a client, whose session is `viewer`, does not see and has no reason not to, of
 * an account that is on its roster, or its own; NULL when there is none. */
static const char *unseen_resource(const struct watched *w, const char *viewer, const char *bare_jid)
{
    const struct server *server = server_in_reach(w, bare_jid);
    if (server == NULL)
        return NULL;
    const struct session *r = inspect_first_resource(server_inspect(server), bare_jid);
    for (; r != NULL; r = inspect_next_resource(r)) {
        struct session_view view = session_look(r);
        /* That it came back after a leave that it directed may have been lost with its connection. */
        const bool may_be_unseen =
            presence_model_unseen(&w->checks->presence, view.full_jid, viewer) ||
            (view.hibernating && presence_model_took_leave(&w->checks->presence, view.full_jid, viewer));
        if (view.presence != NULL && !client_sees(w->client, view.full_jid) && !may_be_unseen &&
            !is_kept_apart(w->checks, view.full_jid, viewer) && !spoke_unnamed(w->checks, view.full_jid))
            return view.full_jid;
    }
    return NULL;
}

/* Rights are asked for last: nearly everybody sees everybody. */
bool everybody_is_seen(const struct finding *f, const struct watched *w, const struct session_view *s)
{
    /* A client that was resumed by raw bytes does not know who it is, nor what it saw.  One that acknowledges
     * nothing is sent what it is owed only as it does (core/presence/owed.h), or loses its connection. */
    if (s->presence == NULL || s->inactive || client_full_jid(w->client) == NULL ||
        (s->owed && s->unacked > 0))
        return true;
    char bare[BARE_JID_SIZE];
    bare_of(bare, s->full_jid);
    const char *unseen = unseen_resource(w, s->full_jid, bare);
    for (size_t i = 0; unseen == NULL && i < inspect_roster_size(s->roster); i++) {
        struct inspect_item item = inspect_roster_item(s->roster, i);
        bool subscribed = strcmp(item.subscription, "to") == 0 || strcmp(item.subscription, "both") == 0;
        unseen = subscribed ? unseen_resource(w, s->full_jid, item.jid) : NULL;
        if (unseen != NULL && !presence_model_may_see(&w->checks->presence, item.jid, bare))
            unseen = NULL;
    }
    return unseen == NULL || found(f, "%s does not see %s online, who is", client_name(w->client), unseen);
}

bool interested_when_asked(const struct finding *f, const struct watched *w, const struct session_view *s)
{
    if (s->full_jid == NULL || s->interested == client_asked_roster(w->client))
        return true;
    return found(f, "%s %s for its roster, and its session %s", client_name(w->client),
                 client_asked_roster(w->client) ? "asked" : "never asked",
                 s->interested ? "is interested" : "is not");
}

/* After any number of lost connections: the client has received every stanza that was sent to it, each once,
 * and the server has handled every stanza of the client's, each once. */
bool counts_agree(const struct finding *f, const struct watched *w, const struct session_view *s)
{
    struct client_counts counts = client_counts(w->client);
    if (!counts.managed || !s->managed)
        return true;
    if (counts.received != s->sent)
        return found(f, "%s received %lu stanzas, and was sent %lu", client_name(w->client),
                     (unsigned long)counts.received, (unsigned long)s->sent);
    if (counts.exact && counts.sent != s->handled)
        return found(f, "%s sent %lu stanzas, and the server handled %lu", client_name(w->client),
                     (unsigned long)counts.sent, (unsigned long)s->handled);
    return true;
}

/* ---- On what came ---- */

bool pushes_to_the_interested(const struct finding *f, const struct watched *w, const struct xml *x)
{
    if (!xml_is(x, "iq", XML_NS_CLIENT))
        return true;
    const char *type = xml_get(x, "type");
    if (type == NULL || strcmp(type, "set") != 0 || xml_child(x, "query", "jabber:iq:roster") == NULL ||
        client_asked_roster(w->client))
        return true;
    return found(f, "%s never asked for its roster, and was sent a push", client_name(w->client));
}

/* Versions are ours to compare only because this server's are numbers: a client takes them as they are. */
bool versions_rise(const struct finding *f, const struct watched *w, const struct xml *x)
{
    if (!xml_is(x, "iq", XML_NS_CLIENT))
        return true;
    const char *type = xml_get(x, "type");
    const struct xml *query = xml_child(x, "query", "jabber:iq:roster");
    const char *from = xml_get(x, "from");
    const char *had = client_roster_version(w->client);
    if (!same_string(type, "set") || query == NULL || from != NULL || had == NULL ||
        !client_has_roster(w->client))
        return true;
    const char *version = xml_get(query, "ver");
    if (version != NULL && strtoull(version, NULL, 10) > strtoull(had, NULL, 10))
        return true;
    return found(f, "%s had version %s of its roster, and was sent a push of version %s",
                 client_name(w->client), had, shown(version));
}

static bool is_presence(const struct xml *x, const char *type)
{
    return xml_is(x, "presence", XML_NS_CLIENT) && same_string(xml_get(x, "type"), type) &&
           xml_get(x, "from") != NULL;
}

bool presence_needs_a_right(const struct finding *f, const struct watched *w, const struct xml *x)
{
    if (!is_presence(x, NULL))
        return true;
    const char *to = client_full_jid(w->client);
    if (to == NULL || server_inspect(w->checks->server) == NULL)
        return true;
    const char *from = xml_get(x, "from");
    /* What was kept for a client that was away, or looked away, is older than the rights there are now. */
    bool may_be_late = client_counts(w->client).resumed || w->lagged || client_was_inactive(w->client);
    if (is_out_of_reach(w, from) || presence_model_allow(&w->checks->presence, from, to) ||
        spoke_unnamed(w->checks, from) ||
        (memory_ran_out(w->checks) && !presence_model_know(&w->checks->presence, from)) ||
        (may_be_late && presence_model_ever(&w->checks->presence, from, to)))
        return true;
    return found(f, "%s received presence of %s without a subscription, and it was not directed", to, from);
}

/* Between two of whom one has blocked the other, something may have been kept from either. */
static bool was_ever_apart(const struct checks *checks, const char *a, const char *b)
{
    return blocks_ever(&checks->blocks, a, b) || blocks_ever(&checks->blocks, b, a);
}

/* Whether the client's account is subscribed to another's presence, or it is the same: then the server asked
 * for that presence when the client became available.  The other's roster may have it otherwise.  Of a
 * session that has ended, while its client still reads, nothing is known; a server that cannot be looked into
 * is held to it. */
static bool would_have_asked(const struct watched *w, const char *from)
{
    const struct session *session = watched_session(w);
    const char *to = client_full_jid(w->client);
    size_t length = strcspn(from, "/");
    if (strncmp(from, to, length + 1) == 0)
        return true;
    if (session == NULL)
        return server_inspect(w->server) == NULL;
    struct session_view view = session_look(session);
    for (size_t i = 0; view.roster != NULL && i < inspect_roster_size(view.roster); i++) {
        struct inspect_item item = inspect_roster_item(view.roster, i);
        if (strncmp(item.jid, from, length) == 0 && item.jid[length] == '\0')
            return strcmp(item.subscription, "to") == 0 || strcmp(item.subscription, "both") == 0;
    }
    return false;
}

bool unavailable_once(const struct finding *f, const struct watched *w, const struct xml *x)
{
    if (!is_presence(x, "unavailable"))
        return true;
    const char *from = xml_get(x, "from");
    const char *to = client_full_jid(w->client);
    /* From a bare JID it says that nobody is there; what a client directs at somebody is its own affair, and
     * he may not have been there yet; an inactive client is told only what came of it; and who has just come
     * or been let in may hear of a leave before he was shown anything. */
    if (strchr(from, '/') == NULL || client_sees(w->client, from) || to == NULL || is_out_of_reach(w, from) ||
        presence_model_took_leave(&w->checks->presence, from, to) ||
        presence_model_ever_directed(&w->checks->presence, from, to) || client_was_inactive(w->client) ||
        was_ever_apart(w->checks, from, to) || w->announced || !would_have_asked(w, from) ||
        presence_model_are_new(&w->checks->presence, from, to))
        return true;
    if (memory_ran_out(w->checks))
        return true; /* then somebody may go before he was shown */
    return found(f, "%s was told that %s is unavailable, and did not see it available",
                 client_name(w->client), from);
}

/* Errors are what the server itself answers with. */
static bool is_error(const struct xml *x)
{
    return same_string(xml_get(x, "type"), "error");
}

bool nothing_from_the_blocked(const struct finding *f, const struct watched *w, const struct xml *x)
{
    const char *from = xml_get(x, "from");
    const char *to = client_full_jid(w->client);
    /* The server that somebody is at speaks to him all the same. */
    bool is_own_server =
        from != NULL && strcspn(from, "@/") == strlen(from) && server_of(w->checks, from) == w->server;
    if (from == NULL || to == NULL || is_error(x) || is_own_server || w->lagged ||
        !blocks_settled(&w->checks->blocks, to, from))
        return true;
    return found(f, "%s received a %s of %s, whom it has blocked", to, x->name, from);
}

/* With the account its block list has gone. */
static bool has_account(const struct checks *checks, const char *jid)
{
    struct account_name name;
    struct server *server = server_of(checks, jid);
    if (server == NULL || !account_name(&name, jid))
        return true;
    return disk_count(server_disk(server), name.local, name.domain, CORE_STORE_ACCOUNT) > 0;
}

bool the_blocked_learn_nothing(const struct finding *f, const struct watched *w, const struct xml *x)
{
    if (!xml_is(x, "presence", XML_NS_CLIENT))
        return true;
    const char *from = xml_get(x, "from");
    const char *to = xml_get(x, "to") != NULL ? xml_get(x, "to") : client_full_jid(w->client);
    /* A request is delivered until it is answered, whatever the one who made it does afterwards. */
    bool is_request = same_string(xml_get(x, "type"), "subscribe");
    /* What it was sent before the block and had not acknowledged comes again when it resumes. */
    bool is_older = w->lagged || client_was_inactive(w->client) || client_counts(w->client).resumed;
    if (from == NULL || to == NULL || is_error(x) || is_request || is_older ||
        !blocks_settled(&w->checks->blocks, from, to) || !has_account(w->checks, from))
        return true;
    return found(f, "%s received presence of %s, who has blocked it", to, from);
}

/* What is forwarded as a copy, sent or received; NULL when nothing is. */
static const struct xml *copy_in(const struct xml *message)
{
    static const char *const ways[] = { "sent", "received" };
    const struct xml *copy = NULL;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0] && copy == NULL; i++)
        copy = xml_child(message, ways[i], "urn:xmpp:carbons:2");
    const struct xml *forwarded = copy != NULL ? xml_child(copy, "forwarded", "urn:xmpp:forward:0") : NULL;
    return forwarded != NULL ? xml_child(forwarded, "message", XML_NS_CLIENT) : NULL;
}

/* Only what one's own account says is a copy may be believed (XEP-0280, 11). */
bool copies_are_for_others(const struct finding *f, const struct watched *w, const struct xml *x)
{
    const char *to = client_full_jid(w->client);
    const char *by = xml_get(x, "from");
    const struct xml *message = xml_is(x, "message", XML_NS_CLIENT) ? copy_in(x) : NULL;
    if (message == NULL || to == NULL || by == NULL || !same_string(xml_get(message, "from"), to))
        return true;
    char bare[BARE_JID_SIZE];
    if (strcmp(by, bare_of(bare, to)) != 0)
        return true;
    return found(f, "%s was sent a copy of a message of its own", to);
}
