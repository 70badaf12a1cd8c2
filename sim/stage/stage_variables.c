#include "stage_play.h"

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

void cast_note_full_jids(struct play *play)
{
    for (size_t i = 0; i < play->scenario->cast_count; i++)
        note_full_jid(&play->actors[i]);
}

/* The full JID last bound; before that, the one that the cast requests. */
static const char *full_jid_of(struct play *play, struct actor *actor)
{
    note_full_jid(actor);
    if (actor->full_jid != NULL)
        return actor->full_jid;
    if (actor->character->resource == NULL)
        return NULL;
    (void)snprintf(play->looked_up, sizeof play->looked_up, "%s/%s", actor->character->jid,
                   actor->character->resource);
    return play->looked_up;
}

/* The bare JID of an actor whose name the server assigns; NULL before. */
static const char *guest_jid_of(struct play *play, struct actor *actor)
{
    const char *full_jid = full_jid_of(play, actor);
    if (full_jid == NULL)
        return NULL;
    (void)snprintf(play->looked_up, sizeof play->looked_up, "%.*s", (int)strcspn(full_jid, "/"), full_jid);
    return play->looked_up;
}

/* The actor of a variable whose name has a given ending; else NULL. */
static struct actor *owner_of(const struct play *play, const char *name, const char *ending)
{
    size_t length = strlen(name), behind = strlen(ending);
    if (length < behind || strcmp(name + length - behind, ending) != 0)
        return NULL;
    struct actor *actor;
    HASH_FIND(hh, play->actors_by_name, name, length - behind, actor); /* LCOV_EXCL_BR_LINE: in uthash */
    return actor;
}

const char *play_lookup(void *host, const char *name)
{
    struct play *play = host;
    struct actor *actor = owner_of(play, name, "'s JID");
    if (actor != NULL)
        return actor->character->local != NULL ? actor->character->jid : guest_jid_of(play, actor);
    actor = owner_of(play, name, "'s full JID");
    if (actor != NULL)
        return full_jid_of(play, actor);
    return bindings_get(&play->captures, name);
}
