/*
 * server_kinds.h - the kinds of servers that can be tested, by the names of the command line.
 *
 *      core           our core, in this process (server_core.c)
 *      core:outside   the same, without a look inside: what can be known of it from outside of its process
 *      prosody        Debian's Prosody, by the adapter that `make servers` builds beside this program
 *      live:NAME      Debian's prosody, ejabberd or jabberd2 as they are, over TCP, by another adapter
 *      tcp:HOST:PORT  a server that runs already, by the same; an IPv6 address stands in brackets
 *      pipe:COMMAND   a server in another process, in lock-step over a pipe (server_pipe.h)
 */
#ifndef SIM_SERVER_KINDS_H
#define SIM_SERVER_KINDS_H

#include "../world/server.h"

extern const struct server_kind server_core;
extern const struct server_kind server_core_outside;

/* What an option of the command line expects. */
#define SERVER_KINDS "core, core:outside, prosody, live:NAME, tcp:HOST:PORT or pipe:COMMAND"

/* The kind that a text names; NULL when it names none.  A COMMAND has no control characters.  The kind lives as long as the process.  Of a COMMAND
 * nothing is run before server_kind_open. */
const struct server_kind *server_kind_named(const char *text);

/* Learns what servers of the kind can, which for another process means that it is started and asked.  To be
 * called once, before a server of the kind is made.  Returns false when it cannot be started, with a sentence
 * and perhaps more lines in `problem`, which the caller frees. */
bool server_kind_open(const struct server_kind *kind, char **problem);

#endif
