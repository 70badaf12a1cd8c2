/*
 * inside.h - additions to the rig for tests of inner modules: sessions that they may change, and stanzas.
 *
 * The rig tests a core from outside.  A test that calls a module directly acts as if inside an event of the
 * core: objects that the call ends are freed with the next event (inside_settle).
 */
#ifndef CORE_TESTS_INSIDE_H
#define CORE_TESTS_INSIDE_H

#include "rig.h"
#include "session/conn.h"
#include "session/session.h"
#include "session/tables.h"

/* The session of a link, which has one. */
static inline struct session *inside_session(const struct host_link *link)
{
    assert_non_null(link->conn);
    return link->conn->session;
}

/* The bound session with a full JID, also where it hibernates. */
static inline struct session *inside_bound(const char *full_jid)
{
    struct session *session = session_find(rig.core, full_jid);
    assert_non_null(session);
    return session;
}

/* Parses a stanza, as sent by a client; the caller frees it with stanza_free. */
static inline struct stanza *inside_stanza(const char *xml)
{
    const struct core_store_entry entry = { "", xml };
    struct stanza *read = parser_read_stored(&rig.core->parsers, &entry, 1);
    assert_non_null(read);
    struct stanza *stanza = stanza_copy(&rig_memory, element_first_child(read->root));
    assert_non_null(stanza);
    stanza_free(read);
    return stanza;
}

/* An empty event, in which the core frees ended objects. */
static inline void inside_settle(void)
{
    core_tick(rig.core);
    if (rig.prompt)
        rig_answer_all();
}

#endif
