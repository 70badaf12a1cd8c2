#include "presence/owed.h"

#include "account/user.h"
#include "message/offline.h"
#include "presence/probe.h"
#include "presence/subscription.h"
#include "session/acks.h"
#include "session/send.h"

#include <string.h>

/* ---- Congestion ---- */

enum { CONGESTED = 4, ROOMY = 8 }; /* a quarter and an eighth of the limits */

/* ---- Steps: each sends one thing, and returns false when there are no more ---- */

/* The presence of the account's other available resources (4.2.2 and 4.3, applied to the own account). */
static bool show_resource(struct session *session)
{
    struct session *s = session->user->resources;
    while (s != NULL && s->number <= session->owed.after)
        s = s->user_next;
    if (s == NULL)
        return false;
    session->owed.after = s->number;
    if (s != session && session_is_live(s) && session_is_available(s))
        session_send_rendered(session, s->presence, session->full_jid);
    return true;
}

/* The next item of the roster; NULL after the last. */
static const struct roster_item *next_item(struct session *session)
{
    const struct roster_item *item = roster_after(session->roster, session->owed.after);
    if (item != NULL)
        session->owed.after = item->number;
    return item;
}

/* Pending requests are delivered again after each initial presence (3.1.3). */
static bool deliver_request(struct session *session)
{
    const struct roster_item *item = next_item(session);
    if (item == NULL)
        return false;
    if (item->request != NULL && !user_blocks(session->user, item->jid))
        session_send_written(session, item->request, strlen(item->request));
    return true;
}

static bool ask_again(struct session *session)
{
    subscription_ask_again(session);
    return false;
}

static bool probe_one(struct session *session)
{
    const struct roster_item *item = next_item(session);
    if (item == NULL)
        return false;
    if (item->state.to && !user_blocks(session->user, item->jid))
        probe_contact(session, item->jid);
    return true;
}

static bool deliver_messages(struct session *session)
{
    if (session_takes_messages(session))
        offline_deliver(session);
    return false;
}

/* ---- The order of the steps ---- */

static bool (*const stages[])(struct session *session) = {
    [OWED_RESOURCES] = show_resource, [OWED_REQUESTS] = deliver_request,  [OWED_ASKING] = ask_again,
    [OWED_CONTACTS] = probe_one,      [OWED_MESSAGES] = deliver_messages,
};

void owed_begin(struct session *session)
{
    session->owed.stage = OWED_RESOURCES;
    session->owed.after = 0;
    owed_go_on(session);
}

void owed_end(struct session *session)
{
    session->owed.stage = OWED_NOTHING;
}

void owed_go_on(struct session *session)
{
    while (session->owed.stage != OWED_NOTHING && !session->doomed && !session_is_congested(session)) {
        if (stages[session->owed.stage](session))
            continue;
        session->owed.stage = session->owed.stage == OWED_MESSAGES ? OWED_NOTHING : session->owed.stage + 1;
        session->owed.after = 0;
    }
    if (session->owed.stage != OWED_NOTHING)
        offline_claim(session);
}
