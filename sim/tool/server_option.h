/*
 * server_option.h - the option --server: which kind of server the verbs test.
 */
#ifndef SIM_SERVER_OPTION_H
#define SIM_SERVER_OPTION_H

#include "../kinds/server_kinds.h"
#include "options.h"

/* The row of the option; `take` passes its value to server_option_take. */
#define SERVER_OPTION(take)                                                                                  \
    {                                                                                                        \
        "server", "KIND", "the server under test: " SERVER_KINDS " (core)", take                             \
    }

/* Stores the kind that a value names.  Returns NULL, or what is expected instead. */
const char *server_option_take(const struct server_kind **kind, const char *value);

/* Makes sure that servers of the kind can be started; NULL is our core.  Returns false after an error message that
 * names the verb. */
bool server_option_open(const char *verb, const struct server_kind *kind, FILE *errors);

/* Prints " --server KIND" for a command that repeats a run; nothing for NULL. */
void server_option_print(FILE *out, const struct server_kind *kind);

/* Prints the checks that are not asked of a kind that lacks something, in one line; nothing if all are asked. */
void server_option_print_unasked(FILE *out, const struct server_kind *kind);

#endif
