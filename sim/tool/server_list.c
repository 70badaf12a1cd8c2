#include "server_list.h"

const char *server_list_take(struct server_list *list, const char *value)
{
    const struct server_kind *kind = server_kind_named(value);
    if (kind == NULL)
        return SERVER_KINDS;
    for (size_t i = 0; i < list->count; i++)
        if (list->kinds[i] == kind)
            return "each server once";
    if (list->count == SERVER_LIST_MOST)
        return "at most 16 servers";
    list->kinds[list->count++] = kind;
    return NULL;
}

bool server_list_open(const char *verb, const struct server_list *list, size_t least, FILE *errors)
{
    if (list->count < least) {
        fprintf(errors, "rehearse %s: expected --server KIND %s; see `rehearse help %s`\n", verb,
                least == 1 ? "at least once" : "at least twice", verb);
        return false;
    }
    for (size_t i = 0; i < list->count; i++)
        if (!server_option_open(verb, list->kinds[i], errors))
            return false;
    return true;
}
