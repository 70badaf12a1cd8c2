/*
 * roster_saves.h - asks of each save of a roster whether one stanza can have made the change of each side: RFC 6121, Appendix A
 * (sides.h).
 *
 * A save is compared with the roster on the disk, so the second one of an account that is under way is not judged.
 */
#ifndef SIM_MODEL_ROSTER_SAVES_H
#define SIM_MODEL_ROSTER_SAVES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct watched_server;
struct core_store_request;
struct description;

/* The saves of rosters that are under way at a server.  Zeroed is none. */
enum { ROSTER_SAVES_MOST = 32 };
struct roster_saves {
    uint64_t accounts[ROSTER_SAVES_MOST];
    size_t count;
    bool has_more; /* than these: no save is judged until a crash */
};

/* A roster is saved; it was saved, or not. */
void roster_saves_begin(struct watched_server *server, const struct core_store_request *request);
void roster_saves_end(struct watched_server *server, const struct core_store_request *request);

/* The server has crashed. */
void roster_saves_forget(struct watched_server *server);

/* Describes what is under way, as lines. */
void roster_saves_describe(struct description *description, const struct roster_saves *saves);

#endif
