#include "message.h"

#include "../must.h"

#include <stdlib.h>
#include <string.h>

struct message *message_find(const struct message_table *table, struct message_name name)
{
    struct message *message;
    HASH_FIND(hh, table->first, &name, sizeof name, message);
    return message;
}

struct message *message_came(struct message_list *list, struct message_name name)
{
    struct message *message = message_find(list->table, name);
    if (message != NULL) {
        message_over(message);
        return NULL;
    }
    message = must(calloc(1, sizeof *message));
    message->name = name;
    message->list = list;
    message->next = list->first;
    list->first = message;
    HASH_ADD(hh, list->table->first, name, sizeof name, message);
    return message;
}

void message_over(struct message *message)
{
    if (message->is_over)
        return;
    message->is_over = true;
    HASH_DEL(message->list->table->first, message);
}

void message_hold(struct message *message)
{
    message->was_held = true;
    message->holders++;
}

/* One that is over and not held is freed when its list is swept. */
void message_acknowledged(struct message *message)
{
    message_over(message);
    message->holders--;
}

void message_let_go(struct message *message)
{
    message->holders--;
    message->is_kept = message->is_unrefused = false;
}

void message_list_sweep(struct message_list *list)
{
    struct message **at = &list->first;
    while (*at != NULL) {
        struct message *message = *at;
        if (!message->is_over || message->holders > 0) {
            at = &message->next;
            continue;
        }
        *at = message->next;
        free(message->from);
        free(message->tag);
        free(message);
    }
}
