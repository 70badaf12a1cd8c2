/*
 * fates.h - the fate of every message that a client sent: delivered, stored or bounced, exactly one of them.
 *
 * A message is tracked if it has an id.  Messages of one sender with one id to one address are told apart by
 * their type and content (content.h); those that are alike in this as well are counted together.  An error
 * has no content of the message that it is about, so of several it may be about any.  An error of another
 * client with that id is told apart by its own content, unless that is the same as the server's.
 *
 * A message that may be dropped silently (headline: RFC 6121, 8.5) need not have a fate, but has no two; so
 * one that may not be stored, where strangers receive no error about absent accounts (core.h, tell_strangers).
 * Messages of type error are not tracked, and neither are copies (XEP-0280), which have no id of their own.
 * A message that may have been lost with a connection is excused, unless it was stored while its recipient
 * was away.  When memory ran out, the loss of a message held for a recipient that could not read it is excused
 * too.
 */
#ifndef SIM_FATES_H
#define SIM_FATES_H

#include "../client/client.h"
#include "../world/disk.h"
#include "bundles.h"

/* The number of connections of an account's clients that have ended so far, by bare JID.  A connection that
 * the client ends is counted then, and again when the server sees the end. */
typedef unsigned (*fates_endings)(void *host, const char *bare_jid);

/* Whether data for an account may stay under way without limit: one of its sessions hibernates, one of its
 * clients does not read, or the server writes to a connection whose client is gone. */
typedef bool (*fates_held)(void *host, const char *bare_jid);

/* Whether data for an account may be lost because a session without stream management has a connection whose
 * client is gone. */
typedef bool (*fates_haunted)(void *host, const char *bare_jid);

/* Whether any stanza between the servers of two addresses has been lost. */
typedef bool (*fates_lost)(void *host, const char *jid, const char *other);

/* Whether one of two addresses has ever blocked the other; stored messages between them are then dropped
 * (XEP-0191, 3.3). */
typedef bool (*fates_apart)(void *host, const char *jid, const char *other);

/* Whether the server of an address silently drops messages that may not be stored. */
typedef bool (*fates_hushed)(void *host, const char *jid);

/* Whether a client of an account has a connection. */
typedef bool (*fates_present)(void *host, const char *bare_jid);

/* A number that has grown since the previous quiescence if the answer of `endings` may have changed for any
 * account, or if `held` or `haunted` may be true for any account. */
typedef uint64_t (*fates_stirs)(void *host);

/* Whether any allocation has failed. */
typedef bool (*fates_forgotten)(void *host);

/* Zeroed except for the functions and `host`, which the owner sets. */
struct fates {
    fates_apart apart;
    fates_hushed hushed;
    fates_endings endings_before; /* `endings` at the last quiescence */
    fates_endings endings;
    fates_held held;
    fates_haunted haunted;
    fates_lost lost;
    fates_present present;
    fates_forgotten forgotten;
    fates_stirs stirs;
    void *host;
    struct bundles bundles;
    struct bundle *open; /* those that must still be checked: see fates.c */
    uint64_t asked;      /* disk_changes of all disks at the last check */
    uint64_t stirred;    /* `stirs` at the last quiescence */
};

void fates_free(struct fates *fates);

/* Called for every stanza that a client sends, and for every stanza that it receives. */
void fates_sent(struct fates *fates, const struct client *client, const struct xml *stanza);
void fates_received(struct fates *fates, const struct client *client, const struct xml *stanza);

/* Called when a client writes what is no whole stanza (client_unclear): it may have sent more messages than are known,
 * and those that it sends from now on may be something else to the server. */
void fates_unclear(struct fates *fates, const struct client *client);

/* Describes the tracked messages, as a set of lines. */
struct description;
void fates_describe(struct description *description, const struct fates *fates);

/* The world is quiescent; `disks` are those of all its servers.  Returns false, with a description in
 * `detail`, when a message has no fate or more than one. */
bool fates_quiet(struct fates *fates, struct disk *const *disks, size_t disk_count, char *detail,
                 size_t size);

#endif
