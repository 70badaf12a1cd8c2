#include "../must.h"
#include "model_private.h"

#include <stdlib.h>

void list_add(struct connection *connection, enum connection_list_kind kind)
{
    struct connection_list *list = &connection->server->lists[kind];
    if (connection->is_listed[kind])
        return;
    connection->is_listed[kind] = true;
    if (list->count == list->capacity) {
        list->capacity = list->capacity == 0 ? 16 : list->capacity * 2;
        list->items = must(realloc(list->items, list->capacity * sizeof(struct connection *)));
    }
    list->items[list->count++] = connection;
}

void list_clear(struct watched_server *server, enum connection_list_kind kind)
{
    struct connection_list *list = &server->lists[kind];
    for (size_t i = 0; i < list->count; i++)
        list->items[i]->is_listed[kind] = false;
    list->count = 0;
}

/* The order within a list has no meaning. */
void lists_remove(struct connection *connection)
{
    for (size_t kind = 0; kind < CONNECTION_LISTS; kind++) {
        struct connection_list *list = &connection->server->lists[kind];
        for (size_t i = 0; connection->is_listed[kind] && i < list->count; i++)
            if (list->items[i] == connection) {
                list->items[i] = list->items[--list->count];
                connection->is_listed[kind] = false;
            }
    }
}
