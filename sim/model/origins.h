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

/* Of an entry whose message was kept and left, and may leave to others, because the one that got it has gone. */
#define KEPT_BY_NOBODY UINT32_MAX

/* What came in at a server; zeroed is empty. */
struct origins {
    struct origin_entry {
        uint64_t key;    /* 0: there is none */
        uint64_t place;  /* of the last one with that key, among all stanzas that came in */
        uint32_t times;  /* how many there were */
        uint32_t length; /* of the longest, with the header of its stream */
        bool is_delayed;
        bool is_directed; /* one of them had a `to` */
        uint32_t kept_by; /* the connection on which it left, having been kept for the account; 0 for none; or
                             KEPT_BY_NOBODY */
    } * entries;
    size_t size, count; /* size is 0 or a power of two */
    uint64_t sum;       /* of all keys, each as often as it came in, in any order */
    bool has_forgotten;
    uint64_t doubted; /* the place of the last one that may be kept although it has left */
};

void origins_free(struct origins *origins);

/* The key of a stanza.  `sender` is the hash of the `from` with which it leaves (span_hash), or SENDER_UNNAMED where the
 * session that sent it had no name yet. */
enum { SENDER_UNNAMED = 1 };
uint64_t origins_key(uint64_t sender, uint64_t lang, uint64_t content);

/* It came in.  Returns its entry, valid until the next one is added. */
struct origin_entry *origins_add(struct origins *origins, uint64_t key, uint64_t place);

/* What came in with a key; NULL when nothing did, as far as it is remembered. */
const struct origin_entry *origins_find(const struct origins *origins, uint64_t key);

/* ---- Of what came in, and of what leaves ---- */

struct connection;
struct watched_server;
struct departure;
struct session_facts;
struct border_record;

/* Before the first connection of a server: what was provided for its accounts, requests for a subscription that are not
 * answered, came in before. */
void origins_provided(struct watched_server *server);

/* A stanza came in on a connection. */
void origins_arrived(struct connection *connection, const struct scanned *scanned);

/* Presence without `to` came in from a session with a name: it is the last one of that session from now on.  What came
 * in on a session may not be done: which presence is its last is not known. */
void origins_presence_arrived(const struct connection *connection);
void origins_presence_doubted(struct watched_server *server, const struct session_facts *session);

/* What is kept may stay so although it has left: storage or memory has failed. */
void origins_kept_doubted(struct watched_server *server);

/* A stanza came from another server. */
void origins_arrived_from_server(struct watched_server *server, const struct border_record *record);

/* Finds what leaves among what came in, and notes it in the departure. */
void origins_departed(struct connection *connection, struct departure *departure);

#endif
