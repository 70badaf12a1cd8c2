/*
 * origins.h - where what leaves came from: what clients and other servers sent, to find it again when it leaves.
 *
 * What a server delivers in the name of a client must have come in from a session with that very JID, with the same
 * content (RFC 6120, 8.1.2.1), and in the language of the sender's stream where it names none (8.1.5).  A client that
 * names no language for its stream either has the server's default, as the response header says it (4.7.4); the server
 * may write that down.  So all that came in is kept as hashes of sender, language and content.  The memory is bounded: of more than ORIGINS_MOST the older
 * half is forgotten, and from then on what is not found is not judged.
 */
#ifndef SIM_MODEL_ORIGINS_H
#define SIM_MODEL_ORIGINS_H

#include "canonical.h"
#include "stream_scan.h"

enum { ORIGINS_MOST = 8192 };

/* What came in at a server; zeroed is empty. */
struct origins {
    struct origin_entry {
        uint64_t key;   /* 0: there is none */
        uint64_t place; /* of the last one with that key, among all stanzas that came in */
        bool is_delayed;
    } * entries;
    size_t size, count; /* size is 0 or a power of two */
    uint64_t sum;       /* of all keys, in any order */
    bool has_forgotten;
};

void origins_free(struct origins *origins);

/* The key of a stanza.  `sender` is the hash of the `from` with which it leaves (span_hash), or SENDER_UNNAMED where the
 * session that sent it had no name yet. */
enum { SENDER_UNNAMED = 1 };
uint64_t origins_key(uint64_t sender, uint64_t lang, uint64_t content);

/* It came in; with a delay that says it is from a server, if `is_delayed`. */
void origins_add(struct origins *origins, uint64_t key, uint64_t place, bool is_delayed);

/* What came in with a key; NULL when nothing did, as far as it is remembered. */
const struct origin_entry *origins_find(const struct origins *origins, uint64_t key);

/* ---- Of what came in, and of what leaves ---- */

struct connection;
struct watched_server;
struct departure;
struct border_record;

/* Before the first connection of a server: what was provided for its accounts, requests for a subscription that are not
 * answered, came in before. */
void origins_provided(struct watched_server *server);

/* A stanza came in on a connection. */
void origins_arrived(struct connection *connection, const struct scanned *scanned);

/* A stanza came from another server. */
void origins_arrived_from_server(struct watched_server *server, const struct border_record *record);

/* Finds what leaves among what came in, and notes it in the departure. */
void origins_departed(struct connection *connection, struct departure *departure);

#endif
