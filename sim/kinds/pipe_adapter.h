/*
 * pipe_adapter.h - an adapter: a program that is started for servers of one kind, and what it has said of itself.
 *
 * Its first message says how it lives:
 *
 *      once     a process is one server
 *      again    a process is one server after another: after "stop" it takes "start"
 *      fork     a process forks for each server: it gets a socket with "fork", and the child serves that one
 *
 * Processes that can be used again are kept.  None is shared with a process that this program has forked.
 */
#ifndef SIM_PIPE_ADAPTER_H
#define SIM_PIPE_ADAPTER_H

#include "../world/capability.h"
#include "pipe_process.h"

enum pipe_life { PIPE_ONCE, PIPE_AGAIN, PIPE_FORK };

enum { PIPE_IDLE_MOST = 8 }; /* processes that are kept */

struct pipe_adapter {
    char *command;
    bool is_open;
    enum pipe_life life;
    struct capabilities has;
    char *software;          /* the NAME that it says */
    uint64_t patience;       /* real nanoseconds for a turn */
    uint64_t hello_patience; /* the same for the first message of a process */
    struct pipe_process *idle[PIPE_IDLE_MOST];
    size_t idle_count;
};

/* How long a turn may take unless it is changed: ten seconds. */
#define PIPE_PATIENCE UINT64_C(10000000000)

/* What a server does when it cannot go on; static. */
#define PIPE_DIED    "the server died"
#define PIPE_HANGS   "the server hangs"
#define PIPE_BABBLES "the server talks nonsense"

/* The sentence for trouble that is not PIPE_MESSAGE. */
const char *pipe_trouble_name(enum pipe_trouble trouble);

/* Starts a process and learns what it says of itself.  Returns false, with the reason appended, when it does not
 * say that. */
bool pipe_adapter_open(struct pipe_adapter *adapter, struct text *problem);

/* Ends the kept processes, and forgets the name. */
void pipe_adapter_close(struct pipe_adapter *adapter);

/* The process and the wire of one server. */
struct pipe_seat {
    struct pipe_process *process;
    struct pipe_wire *wire; /* the process's; or, of a fork, its own */
    struct pipe_wire of_fork;
};

/* Takes a process for a server.  Returns NULL, or what the adapter does instead, with details appended; then there
 * is nothing to leave. */
const char *pipe_adapter_take(struct pipe_adapter *adapter, struct pipe_seat *seat, struct text *details);

/* The server was told to stop and is as new, or its process is to end. */
void pipe_adapter_leave(struct pipe_adapter *adapter, struct pipe_seat *seat);

/* The server has failed: ends its process, with all that it has forked, and appends how it ended, and its log. */
void pipe_adapter_abandon(struct pipe_adapter *adapter, struct pipe_seat *seat, bool is_ending,
                          struct text *details);

#endif
