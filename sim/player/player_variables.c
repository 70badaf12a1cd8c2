#include "player_private.h"

#include "../must.h"

#include <stdio.h>
#include <string.h>

static void note_full_jid(struct actor *actor)
{
    const char *bound = client_full_jid(actor->client);
    if (bound == NULL || (actor->full_jid != NULL && strcmp(bound, actor->full_jid) == 0))
        return;
    free(actor->full_jid);
    actor->full_jid = must(strdup(bound));
}

void cast_note_full_jids(struct run *run)
{
    for (size_t i = 0; i < run->scenario->cast_count; i++)
        note_full_jid(&run->actors[i]);
}

/* The full JID last bound; before that, the one that the cast requests. */
static const char *full_jid_of(struct run *run, struct actor *actor)
{
    note_full_jid(actor);
    if (actor->full_jid != NULL)
        return actor->full_jid;
    if (actor->character->resource == NULL)
        return NULL;
    (void)snprintf(run->looked_up, sizeof run->looked_up, "%s/%s", actor->character->jid,
                   actor->character->resource);
    return run->looked_up;
}

/* The bare JID of an actor whose name the server assigns; NULL before. */
static const char *anonymous_jid_of(struct run *run, struct actor *actor)
{
    const char *full_jid = full_jid_of(run, actor);
    if (full_jid == NULL)
        return NULL;
    (void)snprintf(run->looked_up, sizeof run->looked_up, "%.*s", (int)strcspn(full_jid, "/"), full_jid);
    return run->looked_up;
}

/* The actor of a variable whose name has a given ending; else NULL. */
static struct actor *owner_of(const struct run *run, const char *name, const char *ending)
{
    size_t length = strlen(name), behind = strlen(ending);
    if (length < behind || strcmp(name + length - behind, ending) != 0)
        return NULL;
    struct actor *actor;
    HASH_FIND(hh, run->actors_by_name, name, length - behind, actor);
    return actor;
}

const char *run_lookup(void *host, const char *name)
{
    struct run *run = host;
    struct actor *actor = owner_of(run, name, "'s JID");
    if (actor != NULL)
        return actor->character->local != NULL ? actor->character->jid : anonymous_jid_of(run, actor);
    actor = owner_of(run, name, "'s full JID");
    if (actor != NULL)
        return full_jid_of(run, actor);
    return bindings_get(&run->captures, name);
}
