/*
 * links.h - the connections to the server: one for each link of the simulator, by its number.
 *
 * What the server sends is passed on as far as the simulator takes it; nothing more is read before it has taken all, so
 * that back-pressure reaches the server.  <proceed/> is passed on, and then TLS begins on both sides.
 */
#ifndef LIVE_LINKS_H
#define LIVE_LINKS_H

#include "tcp.h"

#include "../../kinds/pipe_wire.h"

/* What the simulator tells; each is given the message. */
void links_open(const struct pipe_message *message, const struct tcp_address *address, const char *domain);
void links_take(const struct pipe_message *message);   /* "data" */
void links_room(const struct pipe_message *message);   /* "room" and "window" */
void links_secure(const struct pipe_message *message); /* "secured" */
void links_end(const struct pipe_message *message);    /* "end" */

/* Closes all; the next link is the first one again. */
void links_close(void);

/* Moves what can be moved, both ways.  Returns whether anything was. */
bool links_exchange(void);

/* Waits until something can be moved, at most so many milliseconds. */
void links_await(int milliseconds);

/* Whether there are any. */
bool links_exist(void);

/* Whether the system has taken all that is for the server; and whether the server's system has acknowledged it. */
bool links_are_sent(void);
bool links_are_acknowledged(void);

/* Whether a connection is about to be over, because its stream has ended or failed.  Servers may wait a moment
 * before they close it, and sleep meanwhile. */
bool links_close_soon(void);

/* Real time (pipe_wire_now) at which something moved last. */
uint64_t links_moved(void);

#endif
