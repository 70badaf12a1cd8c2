/*
 * shortage.h - a life of clients is played again and again, and each time another allocation of it fails
 * (core.h: "An alloc or realloc that returns NULL closes the session it struck, and nothing else").
 */
#ifndef CORE_TESTS_SHORTAGE_H
#define CORE_TESTS_SHORTAGE_H

#include "rig.h"

/* What the tables say agrees, whatever happened before (core_state.h). */
static inline void shortage_assert_tables_agree(void)
{
    struct inspect_counts counts = inspect_counts(rig.core);
    size_t sessions = 0, bound = 0, opened = 0;
    for (const struct session *s = inspect_first_session(rig.core); s != NULL; s = inspect_next_session(s)) {
        struct session_view view = session_look(s);
        sessions++;
        opened += view.host != NULL;
        assert_int_equal(view.full_jid != NULL, view.resource != NULL);
        assert_int_equal(view.full_jid != NULL, view.roster != NULL);
        assert_int_equal(view.full_jid != NULL, view.type == SESSION_C2S);
        assert_int_equal(view.username != NULL, view.type != SESSION_C2S_UNAUTHED);
        if (view.full_jid == NULL)
            continue;
        bound++;
        assert_ptr_equal(inspect_full_jid(rig.core, view.full_jid), s);
    }
    assert_int_equal(counts.sessions, sessions);
    assert_int_equal(counts.full_jids, bound);
    assert_int_equal(counts.resources, bound);
    assert_int_equal(counts.host_sessions, opened);
    assert_int_equal(counts.storage_requests, rig_pending_count());
    assert_int_equal(counts.hosts, rig.settings.host_count + rig.settings.anonymous_host_count);
}

static inline void shortage_say(const struct rig_link *link, const char *xml)
{
    rig_say(link, xml);
    shortage_assert_tables_agree();
}

/* An iq is answered once, unless its session was closed (RFC 6120, 8.2.3). */
static inline void shortage_assert_answered(const struct rig_link *link, const char *id)
{
    char attribute[32];
    snprintf(attribute, sizeof attribute, " id='%s'", id);
    if (link->conn != NULL)
        if (rig_count(link->sent, attribute) != 1)
            fail_msg("%s has no answer, at %zu: %s", id, rig_fail_at, link->sent);
}

/* Plays the life, which `begin` makes a core for, until none of its allocations has failed; returns how many
 * those are. */
static inline size_t shortage_play(void (*begin)(void), void (*live)(void))
{
    size_t nth = 0, needed = 0;
    do {
        begin();
        rig_allocations = 0;
        rig_fail_at = ++nth;
        live();
        needed = rig_allocations;
        rig_fail_at = 0;
        shortage_assert_tables_agree();
        rig_end();
    } while (nth <= needed);
    return needed;
}

#endif
