/*
 * server_list.h - the option --server of verbs that test several servers: it is given once for each.
 */
#ifndef SIM_SERVER_LIST_H
#define SIM_SERVER_LIST_H

#include "server_option.h"

enum { SERVER_LIST_MOST = 16 };

/* In the order of the command line.  Zeroed is empty. */
struct server_list {
    const struct server_kind *kinds[SERVER_LIST_MOST];
    size_t count;
};

/* The row of the option; `take` passes its value to server_list_take. */
#define SERVERS_OPTION(take)                                                                                 \
    {                                                                                                        \
        "server", "KIND", "a server to test, once for each: " SERVER_KINDS, take                             \
    }

/* Adds the kind that a value names.  Returns NULL, or what is expected instead. */
const char *server_list_take(struct server_list *list, const char *value);

/* Makes sure that there are at least `least` servers, and that each can be started.  Returns false after an
 * error message that names the verb. */
bool server_list_open(const char *verb, const struct server_list *list, size_t least, FILE *errors);

#endif
