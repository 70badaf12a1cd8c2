/*
 * presence_model.h - who may see whose presence, as the server's rosters and the clients' own doings have it.
 *
 * A subscription is read off the contact's roster in the server (from or both) whenever that roster has
 * changed.  Directed presence (RFC 6121, 4.6) gives a right of its own until the sender takes it back or
 * goes.
 *
 * Presence may be on its way while the right to it ends, so a right that ended since the world was last quiet
 * still counts.
 */
#ifndef SIM_PRESENCE_MODEL_H
#define SIM_PRESENCE_MODEL_H

#include "inspect.h"

struct seen;

/* Zeroed is empty. */
struct presence_model {
    struct seen *first; /* hashed by who is seen */
    uint64_t epoch;     /* how often the world was quiet */
};

void presence_model_free(struct presence_model *model);

/* Reads a session's roster, if it has changed since it was last read. */
void presence_model_learn(struct presence_model *model, const struct session_view *session);

/* Whether the roster of the account of `jid` was ever read: a session that dies in the event in which its
 * roster is loaded takes it along. */
bool presence_model_know(const struct presence_model *model, const char *jid);

/* The roster of an account (a bare JID) was saved, perhaps, while none of its sessions was there to read it
 * from: the next that is there is read. */
void presence_model_forget_roster(struct presence_model *model, const char *account);

/* The world is quiet: what ended before has ended, and what those directed who are no longer bound. */
typedef bool (*presence_model_bound)(const void *host, const char *full_jid);
void presence_model_quiet(struct presence_model *model, presence_model_bound is_bound, const void *host);

/* `from` (a full JID) directed presence at `to`: available, or unavailable. */
void presence_model_direct(struct presence_model *model, const char *from, const char *to, bool available);

/* `from` (a full JID) wrote presence of some kind to `to`, and nobody knows whether it arrives: it may be
 * seen there, and it may not; so it is when `to` probes. */
void presence_model_doubt(struct presence_model *model, const char *from, const char *to);

/* `from` (a full JID) became unavailable to all: what it directed ends with that (RFC 6121, 4.6.3). */
void presence_model_leave(struct presence_model *model, const char *from);

/* Whether `to` was subscribed to `from` only since the world was last quiet. */
bool presence_model_are_new(const struct presence_model *model, const char *from, const char *to);

/* Whether `from` ever directed presence at `to` (full JIDs): it may not have been there, or not have believed
 * it for long. */
bool presence_model_ever_directed(const struct presence_model *model, const char *from, const char *to);

/* Whether `by` (a full JID) ever probed `from` itself.  Nobody tells it when the answer is no longer true. */
bool presence_model_asked(const struct presence_model *model, const char *from, const char *by);

/* `from` (a full JID) broadcast presence: all who may see it do, whatever was directed at them before. */
void presence_model_broadcast(struct presence_model *model, const char *from);

/* The server of `from` (a full JID) refused what that directed at `by`: it has gone to nobody. */
void presence_model_refuse(struct presence_model *model, const char *from, const char *by);

/* Whether `by` need not see `from` although it may: what `from` directed at it was refused and `from` was not
 * unavailable since, or it was sent unavailable presence directly, and no broadcast since (4.6.3). */
bool presence_model_unseen(const struct presence_model *model, const char *from, const char *by);

/* `by` (a full JID) probes `from`: it may be told that nobody is there, whatever it has seen. */
void presence_model_ask(struct presence_model *model, const char *from, const char *by);

/* Whether `to` (a full JID) may be sent the presence of `from` (a full JID): it is of the same account, or
 * its account is subscribed, or the presence was directed at it. */
bool presence_model_allow(const struct presence_model *model, const char *from, const char *to);

/* Whether that was so at any time. */
bool presence_model_ever(const struct presence_model *model, const char *from, const char *to);

/* Whether the account `viewer` is subscribed to the account `contact` by the contact's roster, as far as that
 * was ever seen. */
bool presence_model_may_see(const struct presence_model *model, const char *contact, const char *viewer);

/* Whether `from` has directed available presence at `to` and not taken it back. */
bool presence_model_directed(const struct presence_model *model, const char *from, const char *to);

/* Whether `from` directed unavailable presence at `to`, or was probed by it, ever: what it said may come
 * late. */
bool presence_model_took_leave(const struct presence_model *model, const char *from, const char *to);

/* What they remember, as a set of lines: to tell whether they may judge differently from here on. */
struct description;
void presence_model_describe(struct description *description, const struct presence_model *model);

#endif
