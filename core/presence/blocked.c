#include "presence/presence.h"

#include "account/user.h"
#include "delivery/s2s_out.h"
#include "presence/blocked.h"
#include "presence/broadcast.h"
#include "presence/directed.h"
#include "presence/probe.h"
#include "presence/unavailable.h"
#include "session/send.h"
#include "session/tables.h"

#include <string.h>

/* A change of a user's block list from `before` to the current one. */
struct list_change {
    const struct user *user;
    const struct blocklist *before;
    enum user_block_change kind; /* the kind of change that is looked for */
};

static bool concerns(const struct list_change *change, const char *jid)
{
    return user_block_change(change->user, change->before, jid) == change->kind;
}

/* Sends presence from one of the user's sessions to the recipients at an address that the change affects. */
static void send_where_changed(const struct list_change *change, struct session *from,
                               const struct rendered *presence, const char *to)
{
    if (s2s_has(from->core, to)) {
        if (concerns(change, to))
            s2s_send_rendered(from->core, presence, from->host, to);
        return;
    }
    struct session *one = session_find(from->core, to);
    if (one != NULL && concerns(change, to) && !user_blocks(one->user, from->full_jid))
        session_send_rendered(one, presence, to);
    const struct user *contact = one == NULL ? user_find(from->core, to) : NULL;
    for (struct session *s = contact != NULL ? contact->resources : NULL; s != NULL; s = s->user_next)
        if (session_is_live(s) && session_is_available(s) && concerns(change, s->full_jid) &&
            !user_blocks(contact, from->full_jid))
            session_send_rendered(s, presence, to);
}

static void send_to_changed_subscribers(const struct list_change *change, struct session *from,
                                        const struct rendered *presence)
{
    const struct roster *roster = from->roster;
    for (size_t i = 0; i < roster->count; i++)
        if (roster->items[i]->state.from)
            send_where_changed(change, from, presence, roster->items[i]->jid);
}

/* Sends unavailable presence to recipients of directed presence that are blocked now, and forgets them. */
static void withdraw_from_blocked(const struct list_change *change, struct session *session,
                                  const struct rendered *unavailable)
{
    struct directed **at = &session->directed;
    while (*at != NULL) {
        struct jid to;
        directed_jid(*at, &to);
        if (!(*at)->unheard && !broadcast_hears(session, &to))
            send_where_changed(change, session, unavailable, (*at)->jid);
        if (concerns(change, (*at)->jid))
            directed_remove(session, at);
        else
            at = &(*at)->next;
    }
}

static void hide(const struct list_change *change, struct session *session)
{
    struct unavailable unavailable;
    unavailable_write(&unavailable, session);
    if (session_is_available(session))
        send_to_changed_subscribers(change, session, &unavailable.presence);
    withdraw_from_blocked(change, session, &unavailable.presence);
}

/* The resources of a contact at a remote server are not known here: any that is in the list may be
 * available. */
static bool concerns_listed_resource(const struct list_change *change, const char *bare_jid)
{
    const size_t length = strlen(bare_jid);
    for (size_t i = 0; change->before != NULL && i < change->before->count; i++) {
        const char *jid = change->before->jids[i];
        if (strncmp(jid, bare_jid, length) == 0 && jid[length] == '/' && concerns(change, jid))
            return true;
    }
    return false;
}

/* Whether the change affects a contact or one of its resources. */
static bool concerns_contact(const struct list_change *change, const char *bare_jid)
{
    if (concerns(change, bare_jid))
        return true;
    if (s2s_has(change->user->core, bare_jid))
        return concerns_listed_resource(change, bare_jid);
    const struct user *contact = user_find(change->user->core, bare_jid);
    for (const struct session *s = contact != NULL ? contact->resources : NULL; s != NULL; s = s->user_next)
        if (concerns(change, s->full_jid))
            return true;
    return false;
}

/* Sends presence to remote resources that were blocked and have subscribed. */
static void show_to_listed_resources(const struct list_change *change, struct session *session)
{
    for (size_t i = 0; change->before != NULL && i < change->before->count; i++) {
        const char *jid = change->before->jids[i];
        struct jid to;
        if (strchr(jid, '/') == NULL || !s2s_has(session->core, jid) || !jid_parse_string(&to, jid))
            continue;
        const struct roster_item *item = roster_find(session->roster, to.bare);
        if (item != NULL && item->state.from && !concerns(change, to.bare))
            send_where_changed(change, session, session->presence, jid);
    }
}

/* Shows the session to contacts that are no longer blocked, and probes them: their presence was not
 * delivered meanwhile. */
static void show(const struct list_change *change, struct session *session)
{
    const struct roster *roster = session->roster;
    send_to_changed_subscribers(change, session, session->presence);
    show_to_listed_resources(change, session);
    for (size_t i = 0; i < roster->count; i++) {
        const char *contact = roster->items[i]->jid;
        if (roster->items[i]->state.to && concerns_contact(change, contact))
            probe_contact(session, contact);
    }
}

void blocked_changed(struct user *user, const struct blocklist *before)
{
    const struct list_change blocked = { user, before, BLOCK_BEGINS };
    const struct list_change unblocked = { user, before, BLOCK_ENDS };
    for (struct session *s = user->resources; s != NULL; s = s->user_next) {
        hide(&blocked, s); /* also a doomed one: its end would not be sent to blocked contacts */
        if (session_is_live(s) && session_is_available(s))
            show(&unblocked, s);
    }
}
