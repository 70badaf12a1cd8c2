#include "shortage.h"

void shortage_assert_tables_agree(void)
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

void shortage_say(const struct host_link *link, const char *xml)
{
    rig_say(link, xml);
    shortage_assert_tables_agree();
}

void shortage_assert_answered(const struct host_link *link, const char *id)
{
    char attribute[32];
    snprintf(attribute, sizeof attribute, " id='%s'", id);
    if (link->conn != NULL)
        if (rig_count(link->sent, attribute) != 1)
            fail_msg("%s has no answer, at %zu: %s", id, rig.memory.fail_at, link->sent);
}

size_t shortage_play(void (*begin)(void), void (*live)(void))
{
    size_t nth = 0, needed = 0;
    do {
        begin();
        rig.memory.allocations = 0;
        rig.memory.fail_at = ++nth;
        live();
        needed = rig.memory.allocations;
        rig.memory.fail_at = 0;
        shortage_assert_tables_agree();
        rig_end();
    } while (nth <= needed);
    return needed;
}
