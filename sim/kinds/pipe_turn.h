/*
 * pipe_turn.h - a server in another process: its connections, and its turns.  Only the files of the kind use it.
 *
 *      pipe_turn.c      what a server is told, and what it does in its turn
 *      server_pipe.c    the kind's table of functions
 */
#ifndef SIM_PIPE_TURN_H
#define SIM_PIPE_TURN_H

#include "../world/server.h"
#include "pipe_adapter.h"

/* A connection, by the number that the adapter knows it by. */
struct pipe_conn {
    struct pipe_conn *next;
    uint64_t number;
    void *link;
    size_t room;    /* that the adapter may use, as it was told and has used it */
    size_t rest;    /* of an offer: what was not taken, and must be offered again */
    bool handshake; /* TLS has begun */
    bool is_new;    /* it opens in this turn */
};

/* The phases of its life, as bits. */
enum pipe_phase {
    PIPE_STARTS = 1, /* "start" was sent; settings may be refused */
    PIPE_READY = 2,  /* "ready" was sent */
    PIPE_LIVES = 4,
    PIPE_STOPS = 8,
};

enum { PIPE_TOLD = 16, PIPE_TOLD_SIZE = 160 };

struct pipe_server {
    struct pipe_adapter *adapter;
    struct pipe_seat seat;
    struct server_ports ports;
    const struct core_settings *settings; /* borrowed */
    bool has_disk;
    uint64_t unanswered; /* storage requests */
    bool is_waiting;     /* in the middle of its turn, for the answer to one */
    bool acts;           /* it is its turn */
    const char *over_by; /* the message that ended its last turn; NULL before the first */
    struct server_deadline deadline;
    struct pipe_conn *conns; /* open, the last one first */
    uint64_t opened;         /* how many there were */
    enum pipe_phase phase;
    struct server_refusal *refusal;       /* while it starts, and while it becomes ready */
    bool is_over;                         /* it has failed, and its process has ended */
    char told[PIPE_TOLD][PIPE_TOLD_SIZE]; /* the last messages, a ring */
    uint64_t told_count;
};

/* Sends a message without a turn.  The header begins with the two times, then `format`.  The server fails instead
 * when it has sent anything since its last turn was over: the next turn would take that for its own. */
__attribute__((format(printf, 4, 5))) void pipe_tell(struct pipe_server *server, const char *payload,
                                                     size_t length, const char *format, ...);

/* Tells how much room there is on connections, where the adapter must know. */
void pipe_tell_rooms(struct pipe_server *server);

/* Lets the adapter act upon what it was told, until its turn is over, or it waits for storage. */
void pipe_turn(struct pipe_server *server);

/* Fails when the server has sent anything since its last turn was over. */
void pipe_check_silence(struct pipe_server *server);

/* The same for one whose process is not used again: it is told the end, and what it sends before it ends, within a
 * second of real time, is not missed. */
void pipe_check_end(struct pipe_server *server);

/* Fails: ends the process, and reports.  `what` is one of pipe_adapter.h. */
void pipe_fail(struct pipe_server *server, const char *what, bool is_ending, struct text *details);

/* Forgets a connection. */
void pipe_forget(struct pipe_server *server, struct pipe_conn *conn);

#endif
