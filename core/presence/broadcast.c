#include "presence/broadcast.h"

#include "account/user.h"
#include "delivery/s2s_out.h"
#include "session/acks.h"
#include "session/send.h"
#include "session/tables.h"

#include <assert.h>
#include <string.h>

struct origin broadcast_origin(const struct session *session)
{
    return (struct origin){ session->user, session->full_jid, session->host };
}

/* Sends to an address at a remote server, which handles both full and bare JIDs.  Blocked addresses are
 * sent nothing. */
static void send_to_remote(struct core *core, struct origin from, const struct rendered *presence,
                           const char *to)
{
    assert(from.user != NULL); /* an account that broadcasts or answers has a session */
    if (!user_blocks(from.user, to))
        s2s_send_rendered(core, presence, from.host, to);
}

/* Whether presence is from a sender to which the session's user is not subscribed, and the session is far
 * behind with acknowledgements: it is dropped, so that a stranger cannot end the session. */
static bool is_unwelcome(const struct session *session, const char *from)
{
    enum { HALF = 2 };
    struct jid jid;
    if (session->managed == NULL || !acks_is_behind(session, HALF) || !jid_parse_string(&jid, from))
        return false;
    const struct roster_item *item = roster_find(session->roster, jid.bare);
    return (item == NULL || !item->state.to) && strcmp(jid.bare, session->user->bare_jid) != 0;
}

static void to_address(struct core *core, struct origin from, const struct rendered *presence, const char *to,
                       bool is_always)
{
    if (s2s_has(core, to)) {
        send_to_remote(core, from, presence, to);
        return;
    }
    struct session *one = session_find(core, to);
    if (one != NULL && user_lets_see(from.user, from.jid, one) && (is_always || !is_unwelcome(one, from.jid)))
        session_send_rendered(one, presence, to);
    const struct user *user = one == NULL ? user_find(core, to) : NULL;
    for (struct session *s = user != NULL ? user->resources : NULL; s != NULL; s = s->user_next)
        if (session_is_live(s) && session_is_available(s) && user_lets_see(from.user, from.jid, s) &&
            (is_always || !is_unwelcome(s, from.jid)))
            session_send_rendered(s, presence, to);
}

void broadcast_to_address(struct core *core, struct origin from, const struct rendered *presence,
                          const char *to)
{
    to_address(core, from, presence, to, true);
}

void broadcast_where_welcome(struct core *core, struct origin from, const struct rendered *presence,
                             const char *to)
{
    to_address(core, from, presence, to, false);
}

bool broadcast_is_welcome(const struct core *core, const char *from, const char *to)
{
    const struct session *one = session_find(core, to);
    if (one != NULL)
        return !is_unwelcome(one, from);
    const struct user *user = s2s_has(core, to) ? NULL : user_find(core, to);
    bool is_dropped = false;
    for (const struct session *s = user != NULL ? user->resources : NULL; s != NULL; s = s->user_next) {
        if (!session_is_live(s) || !session_is_available(s))
            continue;
        if (!is_unwelcome(s, from))
            return true;
        is_dropped = true;
    }
    return !is_dropped;
}

void broadcast_to_own(struct user *user, const struct rendered *presence)
{
    for (struct session *s = user->resources; s != NULL; s = s->user_next)
        if (session_is_live(s) && session_is_available(s))
            session_send_rendered(s, presence, s->full_jid);
}

void broadcast_to_account(struct session *session, const struct rendered *presence, const char *bare_jid)
{
    if (s2s_has(session->core, bare_jid)) {
        send_to_remote(session->core, broadcast_origin(session), presence, bare_jid);
        return;
    }
    struct user *user = user_find(session->core, bare_jid);
    for (struct session *s = user != NULL ? user->resources : NULL; s != NULL; s = s->user_next)
        if (session_is_live(s) && session_is_available(s) &&
            user_lets_see(session->user, session->full_jid, s))
            session_send_rendered(s, presence, bare_jid);
}

void broadcast_to_subscribers(struct session *session, const struct rendered *presence)
{
    const struct roster *roster = session->roster;
    for (size_t i = 0; i < roster->count; i++)
        if (roster->items[i]->state.from)
            broadcast_to_account(session, presence, roster->items[i]->jid);
}

bool broadcast_hears(const struct session *session, const struct jid *to)
{
    const struct session *one = session_find(session->core, to->full);
    bool is_elsewhere = to->resource != NULL && host_find(session->core, to->domain) == NULL;
    if (!session_is_available(session) || is_elsewhere || (one != NULL && !session_is_available(one)))
        return false;
    const struct roster_item *item = roster_find(session->roster, to->bare);
    return (item != NULL && item->state.from) || strcmp(to->bare, session->user->bare_jid) == 0;
}
