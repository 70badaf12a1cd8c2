#include "session/timers.h"

#include <utlist.h>

/* The duration of a kind of timer in nanoseconds; 0 is no limit. */
static uint64_t span_of(const struct core *core, enum timer_kind kind)
{
    const struct core_settings *settings = &core->settings;
    const uint64_t spans[TIMER_KINDS] = {
        [TIMER_LOGIN] = settings->limits.login_time,
        [TIMER_IDLE] = settings->keepalive == CORE_KEEPALIVE_NONE ? 0 : settings->idle_time,
        [TIMER_ANSWER] = settings->ping_time,
        [TIMER_RESUME] = settings->resume_time,
    };
    return spans[kind];
}

void timers_clear(struct session *session)
{
    if (session->timer.kind != TIMER_NONE)
        DL_DELETE2(session->core->timers[session->timer.kind], session, timer.prev, timer.next);
    session->timer.kind = TIMER_NONE;
}

/* Inserts a timer after those that are not due later: at the end, unless the clock has gone back. */
static void put_in_order(struct session **timers, struct session *session)
{
    struct session *before = *timers != NULL ? (*timers)->timer.prev : NULL; /* the last */
    while (before != NULL && before->timer.due > session->timer.due)
        before = before != *timers ? before->timer.prev : NULL;
    if (before == NULL)
        DL_PREPEND2(*timers, session, timer.prev, timer.next);
    else
        DL_APPEND_ELEM2(*timers, before, session, timer.prev, timer.next);
}

void timers_set(struct session *session, enum timer_kind kind)
{
    struct core *core = session->core;
    uint64_t span = span_of(core, kind);
    uint64_t now = core->ports.now(core->ports.host);
    uint64_t due = span < UINT64_MAX - now ? now + span : UINT64_MAX; /* never */
    if (session->timer.kind == kind && session->timer.due == due)
        return;
    timers_clear(session);
    if (span == 0)
        return;
    session->timer.kind = kind;
    session->timer.due = due;
    put_in_order(&core->timers[kind], session);
}

static bool has_connection(const struct session *session)
{
    return session->conn != NULL && !session->doomed;
}

void timers_heard(struct session *session)
{
    if (session->type == SESSION_C2S && has_connection(session))
        timers_set(session, TIMER_IDLE);
}

void timers_asked(struct session *session)
{
    bool bounded = session->core->settings.ping_time > 0;
    if (has_connection(session) && session->timer.kind != TIMER_ANSWER)
        timers_set(session, bounded ? TIMER_ANSWER : TIMER_IDLE);
}

/* An action may only set the session's timer for a later time. */
void timers_fire(struct core *core, void (*const actions[TIMER_KINDS])(struct session *))
{
    uint64_t now = core->ports.now(core->ports.host);
    for (int kind = TIMER_NONE + 1; kind < TIMER_KINDS; kind++) {
        while (core->timers[kind] != NULL && core->timers[kind]->timer.due <= now) {
            struct session *session = core->timers[kind];
            timers_clear(session);
            actions[kind](session);
        }
    }
}

uint64_t timers_deadline(const struct core *core)
{
    uint64_t deadline = UINT64_MAX;
    for (int kind = TIMER_NONE + 1; kind < TIMER_KINDS; kind++)
        if (core->timers[kind] != NULL && core->timers[kind]->timer.due < deadline)
            deadline = core->timers[kind]->timer.due;
    return deadline;
}
