/*
 * activity.h - when an account was last there, and what it said as it went: RFC 6121, 4.3.2, and XEP-0012.
 *
 * It is noted whenever an available resource becomes unavailable, in CORE_STORE_ACTIVITY (core.h has the
 * form), and only where somebody may ask for it: with tell_last_presence
 * or CORE_LAST_ACTIVITY.  Noting is work of the user's that nobody waits for: when it
 * fails, what was noted before stays, and nobody is told.
 *
 * Whoever wants it loads it as a part of work of his own: kind->begin calls work_load, and kind->loaded reads
 * the answer here.
 */
#ifndef CORE_ACTIVITY_H
#define CORE_ACTIVITY_H

#include "session/session.h"

struct user;

struct activity {
    bool known;         /* something was noted once, and could be read */
    uint64_t time;      /* of the last unavailable presence: nanoseconds since 1970-01-01T00:00:00Z */
    const char *status; /* what it said, or NULL */
};

/* What storage answered, and the memory that it is in. */
struct activity_record {
    struct activity activity;
    struct stanza *stored;
};

/* Whether any setting of this core wants it noted. */
bool activity_is_noted(const struct core *core);

/* Whether something is being noted of the user, so that what storage has is not the latest. */
bool activity_is_underway(const struct user *user);

/* Notes that the session said this (type='unavailable') while it was available. */
void activity_note(const struct session *session, struct stanza *presence);

/* Reads what a load of CORE_STORE_ACTIVITY brought. */
void activity_read(struct activity_record *record, struct core *core, const struct core_store_entry *entries,
                   size_t entry_count);
void activity_free(struct activity_record *record);

#endif
