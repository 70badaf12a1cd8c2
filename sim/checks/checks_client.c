#include "checks_accounts.h"
#include "checks_rows.h"

#include <stdlib.h>
#include <string.h>

/* ---- On its view ---- */

/* The server of a JID whose presence a client must know correctly.  NULL when no server of the world serves
 * its domain, or when stanzas between its server and that of the client were lost. */
static const struct server *server_in_reach(const struct watched *w, const char *jid)
{
    const struct server *other = server_of(w->checks, jid);
    return other != NULL && !server_lost_touch(w->server, other) ? other : NULL;
}

static bool is_out_of_reach(const struct watched *w, const char *jid)
{
    return server_in_reach(w, jid) == NULL;
}

/* Whether a client of the account sent presence before it knew its full JID, so that the resource of that
 * presence is unknown. */
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

/* Whether the client has never received some of what it acknowledged: it knows less than it should. */
static bool has_forgone(const struct watched *w, const struct session_view *s)
{
    const struct client_counts counts = client_counts(w->client);
    return counts.managed && s->managed && counts.forgone > 0 && s->sent != counts.received;
}

bool roster_converges(const struct finding *f, const struct watched *w, const struct session_view *s)
{
    if (!client_has_roster(w->client) || !s->interested || has_forgone(w, s))
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

/* A remote server sends presence to the bare JID; it does not know the resources. */
static bool has_blocked(const struct watched *w, const struct server *server, const char *by,
                        const struct session_view *s)
{
    char bare[BARE_JID_SIZE];
    return blocks_now(&w->checks->blocks, by, server == w->server ? s->full_jid : bare_of(bare, s->full_jid));
}

/* Why a client should not see a JID as online; NULL when it may. */
static const char *why_not_online(const struct watched *w, const struct session_view *s,
                                  const struct server *server, const char *jid)
{
    const struct session *other = inspect_full_jid(server_inspect(server), jid);
    if (has_blocked(w, server, jid, s))
        return "has blocked the client";
    if (other == NULL)
        return "is not";
    /* The last stanzas of a client before its connection was lost may not have arrived. */
    const bool may_speak_late = session_look(other).hibernating;
    const struct presence_model *rights = &w->checks->presence;
    if (session_is_available(other) || presence_model_directed(rights, jid, s->full_jid) ||
        (may_speak_late && presence_model_ever_directed(rights, jid, s->full_jid)) ||
        spoke_unnamed(w->checks, jid))
        return NULL;
    return "is not";
}

/* Every full JID that a client sees online must be online.  An unavailable client receives no presence, so it
 * is not checked. */
bool nobody_lingers(const struct finding *f, const struct watched *w, const struct session_view *s)
{
    if (s->presence == NULL || s->inactive || has_forgone(w, s))
        return true;
    for (const struct client_online *o = client_online(w->client); o != NULL; o = o->next) {
        /* A viewer receives no presence of JIDs that it has blocked, so its view of them may be out of date.
         */
        const struct server *server = server_in_reach(w, o->jid);
        if (server == NULL || blocks_ever(&w->checks->blocks, s->full_jid, o->jid))
            continue;
        const char *why = why_not_online(w, s, server, o->jid);
        /* A viewer that probed is not notified of later changes. */
        if (why != NULL && !presence_model_asked(&w->checks->presence, o->jid, s->full_jid))
            return found(f, "%s sees %s online, but it %s", client_name(w->client), o->jid, why);
    }
    return true;
}

static bool is_kept_apart(const struct checks *checks, const char *a, const char *b)
{
    return blocks_now(&checks->blocks, a, b) || blocks_now(&checks->blocks, b, a);
}

/* An available resource of an account on the client's roster, or of its own account, that the client (whose
 * session is `viewer`) must see but does not; NULL when there is none. */
static const char *unseen_resource(const struct watched *w, const char *viewer, const char *bare_jid)
{
    const struct server *server = server_in_reach(w, bare_jid);
    if (server == NULL)
        return NULL;
    const struct session *r = inspect_first_resource(server_inspect(server), bare_jid);
    for (; r != NULL; r = inspect_next_resource(r)) {
        struct session_view view = session_look(r);
        if (view.presence == NULL || client_sees(w->client, view.full_jid)) /* as nearly all are */
            continue;
        /* Its available presence after directed unavailable presence may have been lost with its connection.
         */
        const bool may_be_unseen =
            presence_model_unseen(&w->checks->presence, view.full_jid, viewer) ||
            (view.hibernating && presence_model_took_leave(&w->checks->presence, view.full_jid, viewer));
        if (!may_be_unseen && !is_kept_apart(w->checks, view.full_jid, viewer) &&
            !spoke_unnamed(w->checks, view.full_jid))
            return view.full_jid;
    }
    return NULL;
}

/* Rights are checked last, because nearly all clients have them. */
bool everybody_is_seen(const struct finding *f, const struct watched *w, const struct session_view *s)
{
    /* A client that resumed by raw bytes does not know its JID or its former view.  A session with stream
     * management whose client does not acknowledge receives owed stanzas only as it acknowledges
     * (core/presence/owed.h), or loses its connection. */
    if (s->presence == NULL || s->inactive || client_full_jid(w->client) == NULL ||
        (s->owed && s->unacked > 0) || has_forgone(w, s))
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
    return unseen == NULL ||
           found(f, "%s does not see %s online, although it is", client_name(w->client), unseen);
}

bool interested_when_asked(const struct finding *f, const struct watched *w, const struct session_view *s)
{
    if (s->full_jid == NULL || s->interested == client_asked_roster(w->client))
        return true;
    return found(f, "%s %s for its roster, and its session %s", client_name(w->client),
                 client_asked_roster(w->client) ? "asked" : "never asked",
                 s->interested ? "is interested" : "is not");
}

/* After any number of lost connections, the client has received every stanza sent to it exactly once, except
 * for those that it acknowledged before they came, which the server does not send again.  The server has
 * handled every stanza of the client exactly once. */
bool counts_agree(const struct finding *f, const struct watched *w, const struct session_view *s)
{
    struct client_counts counts = client_counts(w->client);
    if (!counts.managed || !s->managed)
        return true;
    if (s->sent - counts.received > counts.forgone)
        return found(f, "%s received %lu stanzas, but the server sent %lu", client_name(w->client),
                     (unsigned long)counts.received, (unsigned long)s->sent);
    if (counts.exact && counts.sent != s->handled)
        return found(f, "%s sent %lu stanzas, but the server handled %lu", client_name(w->client),
                     (unsigned long)counts.sent, (unsigned long)s->handled);
    return true;
}

/* ---- On what came ---- */

/* Versions can be compared here only because this server uses numbers; for a client they are opaque. */
bool versions_rise(const struct finding *f, const struct watched *w, const struct receipt *r)
{
    if (r->kind != RECEIVED_IQ || !same_string(r->type, "set") || r->from != NULL)
        return true;
    const struct xml *query = xml_child(r->stanza, "query", "jabber:iq:roster");
    const char *had = client_roster_version(w->client);
    if (query == NULL || had == NULL || !client_has_roster(w->client))
        return true;
    const char *version = xml_get(query, "ver");
    if (version != NULL && strtoull(version, NULL, 10) > strtoull(had, NULL, 10))
        return true;
    return found(f, "%s has version %s of its roster, but received a push of version %s",
                 client_name(w->client), had, shown(version));
}

static bool is_presence(const struct receipt *r, const char *type)
{
    return r->kind == RECEIVED_PRESENCE && same_string(r->type, type) && r->from != NULL;
}

/* The roster of an anonymous user is not stored.  So it changes without a request to the disk, also by what others send,
 * and even twice in one event: between two looks at it somebody may have had the right. */
static bool is_of_nobody_stored(const struct watched *w, const char *from)
{
    const struct server *server = server_in_reach(w, from);
    const struct core *core = server != NULL ? server_inspect(server) : NULL;
    struct account_name name;
    return core != NULL && inspect_settings(core)->anonymous_host_count > 0 && account_name(&name, from) &&
           disk_count(server_disk(server), name.local, name.domain, CORE_STORE_ACCOUNT) == 0;
}

/* Nearly all have the right, so that is asked first. */
bool presence_needs_a_right(const struct finding *f, const struct watched *w, const struct receipt *r)
{
    if (!is_presence(r, NULL))
        return true;
    const char *to = client_full_jid(w->client);
    if (to == NULL || server_inspect(w->checks->server) == NULL)
        return true;
    const char *from = r->from;
    /* Presence kept for a client that was away or inactive is older than the current rights. */
    bool may_be_late = client_counts(w->client).resumed || w->lagged || client_was_inactive(w->client);
    if (presence_model_allow(&w->checks->presence, from, to) || is_out_of_reach(w, from) ||
        spoke_unnamed(w->checks, from) ||
        (memory_ran_out(w->checks) && !presence_model_know(&w->checks->presence, from)) ||
        (may_be_late && presence_model_ever(&w->checks->presence, from, to)) || is_of_nobody_stored(w, from))
        return true;
    return found(f, "%s received presence of %s without a subscription, and it was not directed", to, from);
}

/* If one of two JIDs has blocked the other, presence may have been withheld from either. */
static bool was_ever_apart(const struct checks *checks, const char *a, const char *b)
{
    return blocks_ever(&checks->blocks, a, b) || blocks_ever(&checks->blocks, b, a);
}

/* Whether the client's account is subscribed to the presence of another account, or is the same: then the
 * server probed when the client became available.  The roster of the other account may differ.  When the
 * session has ended while its client still reads, its roster is unknown; a server without inspection is
 * assumed to have probed. */
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

bool unavailable_once(const struct finding *f, const struct watched *w, const struct receipt *r)
{
    if (!is_presence(r, "unavailable"))
        return true;
    const char *from = r->from;
    const char *to = client_full_jid(w->client);
    /* Exceptions: unavailable presence from a bare JID means that no resource is available; directed
     * unavailable presence needs no earlier available presence; an inactive client receives only the last
     * presence; a client that has just come online or been subscribed may receive unavailable presence first, and one
     * that was told that no resource is available may be told so of each that it saw;
     * and one may have acknowledged available presence that never came. */
    if (strchr(from, '/') == NULL || client_sees(w->client, from) || to == NULL || is_out_of_reach(w, from) ||
        presence_model_took_leave(&w->checks->presence, from, to) ||
        presence_model_ever_directed(&w->checks->presence, from, to) || client_was_inactive(w->client) ||
        was_ever_apart(w->checks, from, to) || w->announced || !would_have_asked(w, from) ||
        presence_model_are_new(&w->checks->presence, from, to) ||
        presence_model_is_gone(&w->checks->presence, from, to) || client_counts(w->client).forgone > 0)
        return true;
    if (memory_ran_out(w->checks) ||
        (is_of_nobody_stored(w, from) && !presence_model_ever(&w->checks->presence, from, to)))
        return true; /* a contact may leave before the client has seen it */
    return found(f, "%s received unavailable presence of %s, but never received available presence of it",
                 client_name(w->client), from);
}

/* Errors are replies of the server itself. */
static bool is_error(const struct receipt *r)
{
    return same_string(r->type, "error");
}

/* The server of a blocked user may still send stanzas of its own. */
static bool is_own_server(const struct watched *w, const char *jid)
{
    return jid[strcspn(jid, "@/")] == '\0' && server_of(w->checks, jid) == w->server;
}

bool nothing_from_the_blocked(const struct finding *f, const struct watched *w, const struct receipt *r)
{
    const char *to = client_full_jid(w->client);
    if (r->from == NULL || to == NULL || is_error(r) || w->lagged ||
        !blocks_settled(&w->checks->blocks, to, r->from) || is_own_server(w, r->from))
        return true;
    return found(f, "%s received a %s of %s, which it has blocked", to, r->stanza->name, r->from);
}

/* When the account is removed, so is its block list. */
static bool has_account(const struct checks *checks, const char *jid)
{
    struct account_name name;
    struct server *server = server_of(checks, jid);
    if (server == NULL || server_disk(server) == NULL || !account_name(&name, jid))
        return true;
    return disk_count(server_disk(server), name.local, name.domain, CORE_STORE_ACCOUNT) > 0;
}

bool the_blocked_learn_nothing(const struct finding *f, const struct watched *w, const struct receipt *r)
{
    const char *to = r->to != NULL ? r->to : client_full_jid(w->client);
    if (r->kind != RECEIVED_PRESENCE || r->from == NULL || to == NULL ||
        !blocks_settled(&w->checks->blocks, r->from, to))
        return true;
    /* A subscription request is delivered until it is answered, whatever its sender does afterwards. */
    bool is_request = same_string(r->type, "subscribe");
    /* Unacknowledged stanzas from before the block are sent again after resumption. */
    bool is_older = w->lagged || client_was_inactive(w->client) || client_counts(w->client).resumed;
    if (is_error(r) || is_request || is_older || !has_account(w->checks, r->from))
        return true;
    return found(f, "%s received presence of %s, which has blocked it", to, r->from);
}

/* The message forwarded in a copy, sent or received; NULL when there is none. */
static const struct xml *copy_in(const struct xml *message)
{
    static const char *const ways[] = { "sent", "received" };
    const struct xml *copy = NULL;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0] && copy == NULL; i++)
        copy = xml_child(message, ways[i], "urn:xmpp:carbons:2");
    const struct xml *forwarded = copy != NULL ? xml_child(copy, "forwarded", "urn:xmpp:forward:0") : NULL;
    return forwarded != NULL ? xml_child(forwarded, "message", XML_NS_CLIENT) : NULL;
}

/* Only copies from the account itself may be trusted (XEP-0280, 11). */
bool copies_are_for_others(const struct finding *f, const struct watched *w, const struct receipt *r)
{
    const char *to = client_full_jid(w->client);
    const struct xml *message = r->kind == RECEIVED_MESSAGE ? copy_in(r->stanza) : NULL;
    if (message == NULL || to == NULL || r->from == NULL || !same_string(xml_get(message, "from"), to))
        return true;
    char bare[BARE_JID_SIZE];
    if (strcmp(r->from, bare_of(bare, to)) != 0)
        return true;
    return found(f, "%s received a copy of a message that it sent itself", to);
}
