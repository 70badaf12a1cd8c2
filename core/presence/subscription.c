#include "presence/subscription.h"

#include "account/user.h"
#include "account/user_send.h"
#include "account/work.h"
#include "base/description.h"
#include "delivery/s2s_out.h"
#include "presence/announce.h"
#include "presence/probe.h"
#include "session/send.h"
#include "session/tables.h"

#include <assert.h>
#include <string.h>

/* ---- Appendix A as a table ---- */

/* The nine states, in the order of A.1. */
enum state { NONE, NONE_OUT, NONE_IN, NONE_OUT_IN, TO, TO_IN, FROM, FROM_OUT, BOTH, STATES };

static const struct subscription_state states[STATES] = {
    [NONE] = { 0 },
    [NONE_OUT] = { .pending_out = true },
    [NONE_IN] = { .pending_in = true },
    [NONE_OUT_IN] = { .pending_out = true, .pending_in = true },
    [TO] = { .to = true },
    [TO_IN] = { .to = true, .pending_in = true },
    [FROM] = { .from = true },
    [FROM_OUT] = { .from = true, .pending_out = true },
    [BOTH] = { .to = true, .from = true },
};

struct row {
    enum state next;
    bool pass;
};

/* A.2.1 to A.2.4: stanzas from the user's client. */
static const struct row outbound[SUBSCRIPTION_STANZAS][STATES] = {
    [SUBSCRIBE] = {
        [NONE] = { NONE_OUT, true },         [NONE_OUT] = { NONE_OUT, true },
        [NONE_IN] = { NONE_OUT_IN, true },   [NONE_OUT_IN] = { NONE_OUT_IN, true },
        [TO] = { TO, true },                 [TO_IN] = { TO_IN, true },
        [FROM] = { FROM_OUT, true },         [FROM_OUT] = { FROM_OUT, true },
        [BOTH] = { BOTH, true },
    },
    [UNSUBSCRIBE] = {
        [NONE] = { NONE, true },             [NONE_OUT] = { NONE, true },
        [NONE_IN] = { NONE_IN, true },       [NONE_OUT_IN] = { NONE_IN, true },
        [TO] = { NONE, true },               [TO_IN] = { NONE_IN, true },
        [FROM] = { FROM, true },             [FROM_OUT] = { FROM, true },
        [BOTH] = { FROM, true },
    },
    [SUBSCRIBED] = {
        [NONE] = { NONE, false },            [NONE_OUT] = { NONE_OUT, false },
        [NONE_IN] = { FROM, true },          [NONE_OUT_IN] = { FROM_OUT, true },
        [TO] = { TO, false },                [TO_IN] = { BOTH, true },
        [FROM] = { FROM, false },            [FROM_OUT] = { FROM_OUT, false },
        [BOTH] = { BOTH, false },
    },
    [UNSUBSCRIBED] = {
        [NONE] = { NONE, false },            [NONE_OUT] = { NONE_OUT, false },
        [NONE_IN] = { NONE, true },          [NONE_OUT_IN] = { NONE_OUT, true },
        [TO] = { TO, false },                [TO_IN] = { TO, true },
        [FROM] = { NONE, true },             [FROM_OUT] = { NONE_OUT, true },
        [BOTH] = { TO, true },
    },
};

/* A.3.1 to A.3.4: stanzas from the contact. */
static const struct row inbound[SUBSCRIPTION_STANZAS][STATES] = {
    [SUBSCRIBE] = {
        [NONE] = { NONE_IN, true },          [NONE_OUT] = { NONE_OUT_IN, true },
        [NONE_IN] = { NONE_IN, false },      [NONE_OUT_IN] = { NONE_OUT_IN, false },
        [TO] = { TO_IN, true },              [TO_IN] = { TO_IN, false },
        [FROM] = { FROM, false },            [FROM_OUT] = { FROM_OUT, false },
        [BOTH] = { BOTH, false },
    },
    [UNSUBSCRIBE] = {
        [NONE] = { NONE, false },            [NONE_OUT] = { NONE_OUT, false },
        [NONE_IN] = { NONE, true },          [NONE_OUT_IN] = { NONE_OUT, true },
        [TO] = { TO, false },                [TO_IN] = { TO, true },
        [FROM] = { NONE, true },             [FROM_OUT] = { NONE_OUT, true },
        [BOTH] = { TO, true },
    },
    [SUBSCRIBED] = {
        [NONE] = { NONE, false },            [NONE_OUT] = { TO, true },
        [NONE_IN] = { NONE_IN, false },      [NONE_OUT_IN] = { TO_IN, true },
        [TO] = { TO, false },                [TO_IN] = { TO_IN, false },
        [FROM] = { FROM, false },            [FROM_OUT] = { BOTH, true },
        [BOTH] = { BOTH, false },
    },
    [UNSUBSCRIBED] = {
        [NONE] = { NONE, false },            [NONE_OUT] = { NONE, true },
        [NONE_IN] = { NONE_IN, false },      [NONE_OUT_IN] = { NONE_IN, true },
        [TO] = { NONE, true },               [TO_IN] = { NONE_IN, true },
        [FROM] = { FROM, false },            [FROM_OUT] = { FROM, true },
        [BOTH] = { FROM, true },
    },
};

static bool same_state(struct subscription_state a, struct subscription_state b)
{
    return a.to == b.to && a.from == b.from && a.pending_out == b.pending_out && a.pending_in == b.pending_in;
}

static int state_code(struct subscription_state state)
{
    int code = 0;
    while (!same_state(states[code], state)) {
        code++;
        assert(code < STATES); /* no other state occurs */
    }
    return code;
}

struct subscription_rule subscription_rule(enum subscription_direction direction,
                                           enum subscription_stanza stanza, struct subscription_state state)
{
    int code = state_code(state);
    const struct row *row = direction == SUBSCRIPTION_OUT ? &outbound[stanza][code] : &inbound[stanza][code];
    return (struct subscription_rule){ .state = states[row->next], .pass = row->pass };
}

static const char *const stanza_names[SUBSCRIPTION_STANZAS] = { "subscribe", "unsubscribe", "subscribed",
                                                                "unsubscribed" };

enum subscription_stanza subscription_stanza_of(const char *type)
{
    int stanza = 0;
    while (stanza < SUBSCRIPTION_STANZAS && strcmp(stanza_names[stanza], type) != 0)
        stanza++;
    return (enum subscription_stanza)stanza;
}

/* ---- Both directions ---- */

/* The server answers some stanzas for an account: then the session that waits is not the one that sent it. */
static bool is_sender(const struct session *session, const struct stanza *presence)
{
    const char *from = element_get(presence->root, "from");
    return from != NULL && strcmp(from, session->user->bare_jid) == 0;
}

/* Sends an error to the session that began the work, or to the remote server.  The addresses of the stanza
 * are bare, so `session` says which resource began it. */
static void refuse(struct core *core, struct session *session, const struct stanza *presence,
                   struct stanza_error error)
{
    struct stanza *answer = stanza_error_reply(core->memory, presence, error);
    if (answer != NULL && session != NULL && is_sender(session, presence))
        session_send(session, answer);
    if (answer != NULL && session == NULL && s2s_has(core, element_get(presence->root, "from"))) {
        stanza_error_say_language(answer);
        s2s_send(core, answer);
    }
    stanza_free(answer);
}

/* The standing of a contact: the state of Appendix A, and whether the contact's next request is approved
 * (3.4). */
struct standing {
    struct subscription_state state;
    bool approved;
};

/* The stanza of the work, and the standing of the item when the work began. */
static enum subscription_stanza kind_of(const struct user_work *work)
{
    return work->subject.subscription.stanza;
}

static struct standing old_standing_of(const struct user_work *work)
{
    return (struct standing){ work->subject.subscription.old, work->subject.subscription.was_approved };
}

static union work_subject subject_of(enum subscription_stanza stanza)
{
    return (union work_subject){ .subscription = { .stanza = stanza } };
}

static void describe(struct description *description, const union work_subject *subject)
{
    description_word(description, true, stanza_names[subject->subscription.stanza]);
    roster_state_describe(description, subject->subscription.old);
    description_word(description, subject->subscription.was_approved, "approved before");
}

static void keep_old_standing(struct user_work *work, struct standing standing)
{
    work->subject.subscription.old = standing.state;
    work->subject.subscription.was_approved = standing.approved;
}

/* The JID in an attribute of a stanza that this core made or checked. */
static void read_address(const struct user_work *work, const char *attribute, struct jid *jid)
{
    jid_parse_known(jid, element_get(work->stanza->root, attribute));
}

static struct standing standing_in(const struct user *user, const char *contact)
{
    const struct roster_item *item = roster_find(user->roster, contact);
    return item != NULL ? (struct standing){ item->state, item->approved } : (struct standing){ 0 };
}

static bool same_standing(struct standing a, struct standing b)
{
    return same_state(a.state, b.state) && a.approved == b.approved;
}

/* Whether an item that the user has not added has no more purpose. */
static bool is_idle(struct standing standing)
{
    return same_standing(standing, (struct standing){ 0 });
}

/* Prepares the change of a contact's item.  An item that the user has not added and that has no more
 * purpose is removed. */
static bool prepare(struct user *user, struct user_work *work, const char *contact, struct standing standing)
{
    struct subscription_state state = standing.state;
    struct roster *roster = user->roster;
    struct roster_change *change = &work->change;
    if (!roster_change_begin(roster, change, contact))
        return false;
    struct roster_item *item = change->item;
    bool was_pending = item->state.pending_in;
    item->state = state;
    item->approved = standing.approved;
    if (item->hidden && is_idle(standing)) {
        roster_change_drop(roster->memory, change);
        return roster_change_remove(roster, change, contact);
    }
    /* A user that requests or grants a subscription has the contact in its roster (3.1.2, 3.1.5, 3.4.2). */
    if (state.pending_out || state.to || state.from || standing.approved)
        item->hidden = false;
    if (!state.pending_in)
        return roster_change_set_request(roster, change, NULL, 0);
    if (was_pending)
        return true;
    struct buffer xml;
    buffer_init(&xml, roster->memory);
    element_write(&xml, work->stanza->root, "");
    bool set = !xml.failed && roster_change_set_request(roster, change, xml.bytes, xml.length);
    buffer_free(&xml);
    return set;
}

static void refuse_and_finish(struct user *user, struct user_work *work, const char *text)
{
    refuse(user->core, work->session, work->stanza,
           (struct stanza_error){ "wait", "resource-constraint", text });
    work_finish(user, work);
}

/* Saves an item with a new standing. */
static void change_item(struct user *user, struct user_work *work, const char *contact,
                        struct standing standing)
{
    if (!prepare(user, work, contact, standing))
        refuse_and_finish(user, work, NULL);
    else if (!roster_change_fits(user->roster, &work->change, &user->core->settings.limits))
        refuse_and_finish(user, work, "the roster is full");
    else
        work_save(user, work);
}

/* Sends a roster push if clients see a change; a pending request of the contact is not shown (2.1.2.2). */
static void push_item(struct user *user, const struct user_work *work, const char *contact)
{
    const struct roster_item *item = roster_find(user->roster, contact);
    struct standing before = old_standing_of(work);
    if (item == NULL || item->hidden)
        return;
    before.state.pending_in = item->state.pending_in;
    if (!same_state(before.state, item->state) || before.approved != item->approved)
        user_push(user, item, NULL);
}

static void failed(struct user *user, struct user_work *work, enum user_failure why)
{
    /* The sender does not learn which accounts exist (RFC 6121, 8.5.1), nor that it is blocked (XEP-0191,
     * 3.3). */
    if (why == USER_NO_ACCOUNT || why == USER_BLOCKED)
        return;
    refuse(user->core, work->session, work->stanza,
           work_error(why, "the roster could not be loaded or saved"));
}

/* Makes a stanza on behalf of a user: <presence type=... from=bare to=.../>. */
static struct stanza *make_presence(const struct user *user, const char *type, const char *to)
{
    struct stanza *presence = stanza_new(user->core->memory, "presence", NS_CLIENT);
    if (presence == NULL)
        return NULL;
    element_set(presence, presence->root, "type", type);
    element_set(presence, presence->root, "from", user->bare_jid);
    element_set(presence, presence->root, "to", to);
    if (!stanza_failed(presence))
        return presence;
    stanza_free(presence);
    return NULL;
}

static const struct user_work_kind incoming;

/* Passes a stanza on to its contact.  A session that waits for this work then waits for the contact's. */
static void pass_on(struct core *core, struct stanza *presence, const struct jid *to,
                    enum subscription_stanza kind, struct session *session)
{
    if (!host_is_local(core, to)) {
        s2s_send(core, presence);
        stanza_free(presence);
        return;
    }
    struct user *contact =
        to->local != NULL ? user_get(core, to->local, host_find(core, to->domain)->name) : NULL;
    if (contact == NULL)
        stanza_free(presence);
    bool begun = contact != NULL && work_begin(contact, &incoming, session, presence, NULL, subject_of(kind));
    /* The client would take the stanza for delivered. */
    if (!begun && to->local != NULL && session != NULL)
        session_disconnect(session);
}

/* ---- Inbound: a contact's stanza changes the user's roster ---- */

/* Sends the user's presence to a remote contact after `subscribed` (3.1.5).  A local contact is sent it
 * when its roster is saved. */
static void show_remote(struct user *user, const struct jid *contact)
{
    if (!host_is_local(user->core, contact))
        (void)announce_available(user, contact->bare);
}

/* Sends the user the presence of a local contact that has approved the request (3.1.6); unless it has cancelled that
 * since, while the user's roster was being saved (3.2.2). */
static void show_contact(struct user *user, const struct jid *contact)
{
    struct user *approver = user_find(user->core, contact->bare);
    if (approver != NULL && approver->roster != NULL && standing_in(approver, user->bare_jid).state.from)
        announce_available(approver, user->bare_jid);
}

/* The contact is already subscribed: the server answers for the user (3.1.3). */
static void answer_subscribed(struct user *user, struct user_work *work, const struct jid *contact)
{
    struct stanza *answer = make_presence(user, "subscribed", contact->bare);
    if (answer != NULL)
        pass_on(user->core, answer, contact, SUBSCRIBED, work->session);
    show_remote(user, contact);
}

/* Acknowledges that a request was received; the contact does not see the user.  A request to a missing
 * account is ignored (8.5.1), so this reveals that the account exists. */
static void acknowledge(struct user *user, const struct jid *contact)
{
    struct stanza *answer =
        user->core->settings.tell_strangers ? make_presence(user, "unavailable", contact->bare) : NULL;
    if (answer != NULL)
        announce_route(user->core, answer, contact);
}

/* Confirms the end of a subscription to a server that had it as active (A.3.2, note 1). */
static void confirm_unsubscribe(struct user *user, struct user_work *work, const struct jid *contact)
{
    struct stanza *answer = make_presence(user, "unsubscribed", contact->bare);
    if (answer != NULL)
        pass_on(user->core, answer, contact, UNSUBSCRIBED, work->session);
}

/* The standing after an inbound stanza.  A pre-approved request is granted, and the approval is used up
 * (3.4); otherwise Appendix A.3 applies. */
static struct standing after_incoming(enum subscription_stanza kind, struct standing old)
{
    struct standing new = old;
    if (kind == SUBSCRIBE && old.approved && !old.state.from) {
        new.approved = false;
        new.state.from = true;
        new.state.pending_in = false;
    } else {
        new.state = subscription_rule(SUBSCRIPTION_IN, kind, old.state).state;
    }
    return new;
}

/* Answers a stanza that changes nothing. */
static void answer_incoming(struct user *user, struct user_work *work, const struct jid *contact,
                            struct subscription_state state)
{
    enum subscription_stanza kind = kind_of(work);
    if (kind == SUBSCRIBE && state.from)
        answer_subscribed(user, work, contact);
    else if (kind == SUBSCRIBE)
        acknowledge(user, contact);
    /* The contact's server repeats that the user is subscribed: the user receives the contact's presence
     * again. */
    else if (kind == SUBSCRIBED && state.to)
        show_contact(user, contact);
}

static void begin_incoming(struct user *user, struct user_work *work)
{
    struct jid contact;
    read_address(work, "from", &contact);
    struct standing old = standing_in(user, contact.bare);
    struct standing new = after_incoming(kind_of(work), old);
    if (!same_standing(new, old)) {
        keep_old_standing(work, old);
        change_item(user, work, contact.bare, new);
        return;
    }
    answer_incoming(user, work, &contact, old.state);
    work_finish(user, work);
}

/* A request is saved, or granted because it was pre-approved; in the latter case the user is not asked. */
static void saved_request(struct user *user, struct user_work *work, const struct jid *contact)
{
    if (standing_in(user, contact->bare).state.from) {
        push_item(user, work, contact->bare);
        answer_subscribed(user, work, contact);
        return;
    }
    acknowledge(user, contact);
    user_send_to_available(user, work->stanza);
}

static void saved_incoming(struct user *user, struct user_work *work)
{
    enum subscription_stanza kind = kind_of(work);
    struct jid contact;
    read_address(work, "from", &contact);
    if (kind == SUBSCRIBE) {
        saved_request(user, work, &contact);
        return;
    }
    user_send_to_interested(user, work->stanza);
    push_item(user, work, contact.bare);
    if (kind == UNSUBSCRIBE && old_standing_of(work).state.from)
        announce_unavailable(user, &contact); /* 3.3.3 */
    if (kind == UNSUBSCRIBE)
        confirm_unsubscribe(user, work, &contact);
    if (kind == SUBSCRIBED)
        show_contact(user, &contact);
}

static const struct user_work_kind incoming = { .name = "incoming subscription stanza",
                                                .needs = USER_ROSTER | USER_BLOCKLIST,
                                                .from_outside = true,
                                                .begin = begin_incoming,
                                                .saved = saved_incoming,
                                                .failed = failed,
                                                .describe = describe };

/* ---- Outbound: a client's stanza changes its own roster, and is passed on ---- */

/* Passes the stanza on to the contact, after the user's roster. */
static void send_on(struct user *user, struct user_work *work, enum subscription_stanza kind,
                    const struct jid *contact)
{
    struct stanza *presence = work->stanza;
    work->stanza = NULL;
    pass_on(user->core, presence, contact, kind, work->session);
}

/* The standing after an outbound stanza.  `subscribed` without a request approves the next request, and
 * `unsubscribed` takes that back (3.4); otherwise Appendix A.2 applies. */
static struct standing after_outgoing(enum subscription_stanza kind, struct standing old)
{
    struct standing new = old;
    new.state = subscription_rule(SUBSCRIPTION_OUT, kind, old.state).state;
    if (kind == SUBSCRIBED)
        new.approved = old.approved || !new.state.from;
    if (kind == UNSUBSCRIBED)
        new.approved = false;
    return new;
}

static void begin_outgoing(struct user *user, struct user_work *work)
{
    enum subscription_stanza kind = kind_of(work);
    struct jid contact;
    read_address(work, "to", &contact);
    struct standing old = standing_in(user, contact.bare);
    struct standing new = after_outgoing(kind, old);
    if (!same_standing(new, old)) {
        keep_old_standing(work, old);
        change_item(user, work, contact.bare, new);
        return;
    }
    if (subscription_rule(SUBSCRIPTION_OUT, kind, old.state).pass)
        send_on(user, work, kind, &contact);
    work_finish(user, work);
}

/* When a user approves the request of a contact to which it is subscribed, the contact is probed again, as
 * in Prosody: its presence may have been lost. */
static void saved_outgoing(struct user *user, struct user_work *work)
{
    enum subscription_stanza kind = kind_of(work);
    struct jid contact;
    read_address(work, "to", &contact);
    push_item(user, work, contact.bare);
    struct subscription_state old = old_standing_of(work).state;
    /* The contact receives unavailable presence before `unsubscribed` (3.2.2). */
    if (kind == UNSUBSCRIBED && old.from)
        announce_unavailable(user, &contact);
    if (!subscription_rule(SUBSCRIPTION_OUT, kind, old).pass)
        return;
    send_on(user, work, kind, &contact);
    if (kind == SUBSCRIBED)
        show_remote(user, &contact);
    if (kind == SUBSCRIBED && old.to)
        (void)probe_send(user->core, user->bare_jid, &contact, NULL);
}

static const struct user_work_kind outgoing = { .name = "outgoing subscription stanza",
                                                .needs = USER_ROSTER,
                                                .begin = begin_outgoing,
                                                .saved = saved_outgoing,
                                                .failed = failed,
                                                .describe = describe };

void subscription_receive(struct session *session, struct stanza *presence, const struct jid *to)
{
    struct user *user = session->user;
    /* An account cannot be its own contact: the stanza is ignored, as in Prosody. */
    if (strcmp(to->bare, user->bare_jid) == 0) {
        stanza_free(presence);
        return;
    }
    /* Subscriptions are between accounts: both addresses are bare (3.1.2). */
    element_set(presence, presence->root, "to", to->bare);
    element_set(presence, presence->root, "from", user->bare_jid);
    enum subscription_stanza kind = subscription_stanza_of(element_get(presence->root, "type"));
    if (stanza_failed(presence)) {
        stanza_free(presence);
        session_disconnect(session);
    } else if (!work_begin(user, &outgoing, session, presence, NULL, subject_of(kind))) {
        session_disconnect(session);
    }
}

void subscription_ask_again(struct session *session)
{
    struct core *core = session->core;
    const struct user *user = session->user;
    const bool may_ask = core->ports.route != NULL && !session->asked_again;
    for (size_t i = 0; i < user->roster->count && may_ask; i++) {
        const struct roster_item *item = user->roster->items[i];
        if (!item->state.pending_out || !s2s_has(core, item->jid) || user_blocks(user, item->jid))
            continue;
        struct stanza *request = make_presence(user, "subscribe", item->jid);
        session->asked_again = true;
        if (request != NULL)
            s2s_send(core, request);
        stanza_free(request);
    }
}

/* Of the stanzas to a resource that is not connected only a request counts: it is for the account
 * (8.5.3.2.2). */
static bool is_for_nobody(const struct core *core, enum subscription_stanza kind, const struct jid *to)
{
    return kind != SUBSCRIBE && to->resource != NULL && session_find(core, to->full) == NULL;
}

void subscription_arrived(struct core *core, struct stanza *presence, const struct jid *to)
{
    enum subscription_stanza kind = subscription_stanza_of(element_get(presence->root, "type"));
    if (is_for_nobody(core, kind, to)) {
        stanza_free(presence);
        return;
    }
    struct jid from;
    jid_parse_known(&from, element_get(presence->root, "from"));
    element_set(presence, presence->root, "to", to->bare);
    element_set(presence, presence->root, "from", from.bare);
    if (stanza_failed(presence))
        stanza_free(presence);
    else
        pass_on(core, presence, to, kind, NULL);
}

void subscription_cancel(struct user *user, const struct jid *contact, struct subscription_state state,
                         struct session *session)
{
    if (user_blocks(user, contact->bare))
        return; /* a blocked contact receives nothing */
    if (state.from)
        announce_unavailable(user, contact);
    if (state.from || state.pending_in) {
        struct stanza *presence = make_presence(user, "unsubscribed", contact->bare);
        if (presence != NULL)
            pass_on(user->core, presence, contact, UNSUBSCRIBED, session);
    }
    if (state.to || state.pending_out) {
        struct stanza *presence = make_presence(user, "unsubscribe", contact->bare);
        if (presence != NULL)
            pass_on(user->core, presence, contact, UNSUBSCRIBE, session);
    }
}

void subscription_cancel_all(struct user *user)
{
    for (size_t i = 0; i < user->roster->count; i++) {
        const struct roster_item *item = user->roster->items[i];
        struct jid contact;
        jid_parse_known(&contact, item->jid);
        subscription_cancel(user, &contact, item->state, NULL);
    }
}

void subscription_deny(struct user *user, const char *to, const char *id)
{
    struct jid jid;
    jid_parse_known(&jid, to);
    struct stanza *denial = make_presence(user, "unsubscribed", jid.bare);
    if (denial == NULL)
        return;
    element_set(denial, denial->root, "id", id);
    if (stanza_failed(denial))
        stanza_free(denial);
    else
        pass_on(user->core, denial, &jid, UNSUBSCRIBED, NULL);
}
