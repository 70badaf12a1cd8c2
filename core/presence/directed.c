#include "presence/directed.h"

#include <assert.h>
#include <string.h>

struct directed **directed_find(struct session *session, const char *jid)
{
    struct directed **list = &session->directed;
    while (*list != NULL && strcmp((*list)->jid, jid) != 0)
        list = &(*list)->next;
    return list;
}

bool directed_is_of(const struct directed *entity, const char *bare_jid)
{
    size_t length = strlen(bare_jid);
    return strncmp(entity->jid, bare_jid, length) == 0 &&
           (entity->jid[length] == '\0' || entity->jid[length] == '/');
}

bool directed_to_account(const struct session *session, const char *bare_jid)
{
    const struct directed *entity = session->directed;
    while (entity != NULL && !directed_is_of(entity, bare_jid))
        entity = entity->next;
    return entity != NULL;
}

void directed_jid(const struct directed *entity, struct jid *jid)
{
    jid_parse_known(jid, entity->jid);
}

void directed_remove(const struct session *session, struct directed **at)
{
    struct directed *gone = *at;
    if (gone == NULL)
        return;
    *at = gone->next;
    memory_free(session->core->memory, gone);
}

struct stanza_error directed_add(struct session *session, const char *jid)
{
    struct directed **list = &session->directed;
    size_t count = 0;
    for (; *list != NULL; list = &(*list)->next, count++)
        if (strcmp((*list)->jid, jid) == 0)
            return STANZA_OK;
    if (count >= session->core->settings.limits.directed)
        return (struct stanza_error){ "wait", "resource-constraint",
                                      "directed presence was sent to too many addresses" };
    size_t size = strlen(jid) + 1;
    struct directed *entity = memory_new(session->core->memory, sizeof *entity + size);
    if (entity == NULL)
        return (struct stanza_error){ "wait", "resource-constraint", NULL };
    memcpy(entity->jid, jid, size);
    *list = entity;
    return STANZA_OK;
}
