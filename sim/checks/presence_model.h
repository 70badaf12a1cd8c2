/*
 * presence_model.h - which client may see the presence of which, from the server's rosters and the actions of
 * clients.
 *
 * A subscription is read from the contact's roster in the server (from or both) whenever that roster has
 * changed.  Directed presence (RFC 6121, 4.6) is a separate right, until the sender revokes it or becomes
 * unavailable.
 *
 * Presence may be under way while the right to it ends; so a right that ended since the last quiescence still
 * counts.
 */
#ifndef SIM_PRESENCE_MODEL_H
#define SIM_PRESENCE_MODEL_H

#include "inspect.h"

struct disk;
struct seen;

/* Zeroed is empty. */
struct presence_model {
    struct seen *first; /* hashed by the JID that is seen */
    uint64_t epoch;     /* how often the world was quiescent */
};

void presence_model_free(struct presence_model *model);

/* Reads the roster of a session, if it has changed since it was last read. */
void presence_model_learn(struct presence_model *model, const struct session_view *session);

/* Whether the roster of the account of `jid` was ever read.  It was not if the only session ended in the
 * event in which the roster was loaded. */
bool presence_model_know(const struct presence_model *model, const char *jid);

/* Reads what is stored of the roster of an account (a bare JID) that has no session: one may have ended in the event in
 * which its roster was saved.  The roster of its next session is read again. */
void presence_model_learn_stored(struct presence_model *model, const char *account, const struct disk *disk);

/* The world is quiescent: rights that ended before are over, and so are rights from directed presence of
 * resources that are no longer bound. */
typedef bool (*presence_model_bound)(const void *host, const char *full_jid);
void presence_model_quiet(struct presence_model *model, presence_model_bound is_bound, const void *host);

/* `from` (a full JID) directed available or unavailable presence to `to`. */
void presence_model_direct(struct presence_model *model, const char *from, const char *to, bool available);

/* `from` (a full JID) wrote presence to `to`, which may not arrive: `to` may or may not see it.  The same
 * holds when `to` probes. */
void presence_model_doubt(struct presence_model *model, const char *from, const char *to);

/* `from` (a full JID) broadcast unavailable presence, which ends its directed presence (RFC 6121, 4.6.3). */
void presence_model_leave(struct presence_model *model, const char *from);

/* Whether `to` became subscribed to `from` only since the last quiescence. */
bool presence_model_are_new(const struct presence_model *model, const char *from, const char *to);

/* Whether `from` ever directed presence to `to` (full JIDs); it may not have arrived, or not have stayed
 * valid. */
bool presence_model_ever_directed(const struct presence_model *model, const char *from, const char *to);

/* Whether `by` (a full JID) ever probed `from`.  No later presence corrects the answer to a probe. */
bool presence_model_asked(const struct presence_model *model, const char *from, const char *by);

/* `by` (a full JID) saw `from` (a full JID), and was told that no resource of that account is available: the answer to a
 * probe of its server.  Until the next quiescence it may be told so of `from` as well, once. */
void presence_model_gone(struct presence_model *model, const char *from, const char *by);
bool presence_model_is_gone(const struct presence_model *model, const char *from, const char *by);
void presence_model_told(struct presence_model *model, const char *from, const char *by);

/* `from` (a full JID) broadcast available presence: every client that may see it does, whatever was directed
 * before. */
void presence_model_broadcast(struct presence_model *model, const char *from);

/* The server of `from` (a full JID) refused presence that `from` directed to `by`; it reached no client. */
void presence_model_refuse(struct presence_model *model, const char *from, const char *by);

/* Whether `by` need not see `from` although it may: presence that `from` directed to it was refused, and
 * `from` was not unavailable since; or `from` directed unavailable presence to it, without a broadcast since
 * (4.6.3). */
bool presence_model_unseen(const struct presence_model *model, const char *from, const char *by);

/* `by` (a full JID) probes `from`: the answer may say that no resource is available, whatever `by` has seen.
 */
void presence_model_ask(struct presence_model *model, const char *from, const char *by);

/* Whether `to` (a full JID) may receive the presence of `from` (a full JID): it is of the same account, its
 * account is subscribed, or the presence was directed to it. */
bool presence_model_allow(const struct presence_model *model, const char *from, const char *to);

/* Whether presence_model_allow was true at any time. */
bool presence_model_ever(const struct presence_model *model, const char *from, const char *to);

/* Whether the account `viewer` is subscribed to the account `contact`, by the roster of the contact as last
 * read. */
bool presence_model_may_see(const struct presence_model *model, const char *contact, const char *viewer);

/* Whether `from` has directed available presence to `to` and not revoked it. */
bool presence_model_directed(const struct presence_model *model, const char *from, const char *to);

/* Whether `from` ever directed unavailable presence to `to`, or was probed by it: such presence may arrive
 * late. */
bool presence_model_took_leave(const struct presence_model *model, const char *from, const char *to);

/* Describes the rights and rosters, as a set of lines, to distinguish states in which the checks may decide
 * differently. */
struct description;
void presence_model_describe(struct description *description, const struct presence_model *model);

#endif
