/*
 * server_pipe.h - a kind of server that runs in another process, in lock-step over a pipe.
 *
 * The program at the other end, an adapter, is told what happens and acts until its turn is over.  It speaks the
 * protocol of sim/adapters/README.md.  Between two turns it must not do anything, so a run is determined by the
 * scenario and the seed as with any other kind, if the adapter is.
 *
 *      server -> kind: bytes    "data 3 ..."  ->   adapter        the turn begins
 *      ports.send               <-   "send 3 ..."                 any number of messages
 *      kind: deadline           <-   "idle monotonic 5000000"     the turn is over
 *
 * An adapter that dies, does not end its turn in time or breaks the protocol fails the run (ports.fail): with the
 * last messages, how its process ended, and its standard error.  It never does more harm than that, and its
 * processes are ended.
 */
#ifndef SIM_SERVER_PIPE_H
#define SIM_SERVER_PIPE_H

#include "../world/server.h"

/* Makes a kind for a command of the shell, which is copied; server_pipe_free frees it when it has no server. */
struct server_kind *server_pipe_new(const char *command);

/* The same under a name of its own, which is copied, instead of "pipe:COMMAND". */
struct server_kind *server_pipe_new_named(const char *name, const char *command);
void server_pipe_free(struct server_kind *kind);

/* Starts the adapter and learns what it says of itself.  Returns false, with the reason in `problem`, which the
 * caller frees, when it does not say that. */
bool server_pipe_open(struct server_kind *kind, char **problem);

/* The adapter runs a real server: runs vary, and a turn and the first message may take a minute. */
void server_pipe_set_live(struct server_kind *kind);

/* Changes how long a turn may take, from 10 seconds, to so many nanoseconds of real time. */
void server_pipe_set_patience(const struct server_kind *kind, uint64_t nanoseconds);

#endif
