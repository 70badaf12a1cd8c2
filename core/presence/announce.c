#include "presence/announce.h"

#include "account/user.h"
#include "delivery/s2s_out.h"
#include "presence/broadcast.h"
#include "presence/directed.h"
#include "presence/unavailable.h"
#include "session/send.h"
#include "session/tables.h"

#include <assert.h>
#include <string.h>

bool announce_available(struct user *user, const char *to)
{
    bool any = false;
    for (struct session *s = user != NULL ? user->resources : NULL; s != NULL; s = s->user_next) {
        if (!session_is_live(s) || !session_is_available(s))
            continue;
        broadcast_where_welcome(user->core, broadcast_origin(s), s->presence, to);
        any = true;
    }
    return any;
}

/* Sends unavailable presence to those resources of the contact to which the session has sent directed
 * presence, and which the broadcast did not reach. */
static void withdraw_directed_from(struct session *session, const struct rendered *unavailable,
                                   const struct jid *contact)
{
    for (struct directed **at = &session->directed; *at != NULL;) {
        if (!directed_is_of(*at, contact->bare)) {
            at = &(*at)->next;
            continue;
        }
        struct session *one = session_find(session->core, (*at)->jid);
        if (one != NULL && !session_is_available(one) && !(*at)->unheard &&
            user_lets_see(session->user, session->full_jid, one))
            session_send_rendered(one, unavailable, (*at)->jid);
        else if (strchr((*at)->jid, '/') != NULL && s2s_has(session->core, (*at)->jid))
            s2s_send_rendered(session->core, unavailable, session->host, (*at)->jid);
        directed_remove(session, at);
    }
}

static void withdraw(struct session *session, const struct jid *contact)
{
    struct unavailable unavailable;
    assert(session_is_available(session));
    unavailable_write(&unavailable, session);
    broadcast_to_account(session, &unavailable.presence, contact->bare);
    withdraw_directed_from(session, &unavailable.presence, contact);
}

void announce_unavailable(struct user *user, const struct jid *contact)
{
    for (struct session *s = user->resources; s != NULL; s = s->user_next)
        if (session_is_available(s))
            withdraw(s, contact);
}

static const struct user *find_origin(const struct core *core, const char *from)
{
    struct jid jid;
    jid_parse_known(&jid, from);
    return user_find(core, jid.bare);
}

void announce_route(struct core *core, struct stanza *presence, const struct jid *to)
{
    if (!host_is_local(core, to)) {
        s2s_send(core, presence);
        stanza_free(presence);
        return;
    }
    struct rendered rendered;
    rendered_init(&rendered, core->memory);
    rendered_write(&rendered, presence->root);
    const char *from = element_get(presence->root, "from");
    const struct origin origin = { find_origin(core, from), from, NULL };
    if (element_get(presence->root, "type") == NULL)
        broadcast_where_welcome(core, origin, &rendered, to->full);
    else
        broadcast_to_address(core, origin, &rendered, to->full);
    rendered_free(&rendered);
    stanza_free(presence);
}
