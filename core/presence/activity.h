/*
 * activity.h - when an account was last available, and its last status: RFC 6121, 4.3.2, and XEP-0012.
 *
 * It is saved whenever an available resource becomes unavailable, in CORE_STORE_ACTIVITY (core.h has the
 * form), and only where it can be queried: with tell_last_presence or CORE_LAST_ACTIVITY.  Saving is work
 * on the user that no session waits for: when it fails, the old value stays, and no error is sent.  Other
 * work loads the value as a part of its own: kind->begin calls work_load, and kind->loaded parses the
 * answer here.
 */
#ifndef CORE_ACTIVITY_H
#define CORE_ACTIVITY_H

#include "session/session.h"

struct user;

struct activity {
    bool known;         /* a value was saved and could be parsed */
    uint64_t time;      /* of the last unavailable presence: nanoseconds since 1970-01-01T00:00:00Z */
    const char *status; /* its status, or NULL */
};

/* An answer of storage, with its memory; to be freed with activity_free. */
struct activity_record {
    struct activity activity;
    struct stanza *stored;
};

/* Whether the settings of this core require it to be saved. */
bool activity_is_noted(const struct core *core);

/* Whether a value of the user is being saved, so that the stored one is not the latest. */
bool activity_is_underway(const struct user *user);

/* Saves this unavailable presence of a session that was available. */
void activity_note(const struct session *session, struct stanza *presence);

/* Parses the answer to a load of CORE_STORE_ACTIVITY. */
void activity_read(struct activity_record *record, struct core *core, const struct core_store_entry *entries,
                   size_t entry_count);
void activity_free(struct activity_record *record);

#endif
