#include "player_private.h"

#include "../must.h"

#include <assert.h>

/* ---- The play ---- */

bool play_goes_on(const struct play *play)
{
    return !play->failed && !world_is_halted(play->world);
}

struct scene play_scene(const struct play *play)
{
    size_t count = play->actors != NULL ? play->scenario->cast_count : 0;
    struct described_client *clients = must(calloc(count + 1, sizeof *clients));
    for (size_t i = 0; i < count; i++)
        clients[i] = (struct described_client){ play->actors[i].client, &play->actors[i].transport };
    return (struct scene){ .world = play->world,
                           .servers = play->servers,
                           .server_count = play->server_count,
                           .federation = play->federation,
                           .clients = clients,
                           .client_count = count };
}

void scene_free(struct scene *scene)
{
    free((struct described_client *)scene->clients);
}

void play_describe(struct play *play)
{
    if (play->result->lines == 0)
        play->result->lines = trace_count(play->trace);
    if (play->options->until.what == PLAYER_TO_THE_END || play->result->description != NULL)
        return;
    struct scene scene = play_scene(play);
    play->result->description = scene_describe(&scene);
    scene_free(&scene);
}

/* ---- One of the cast ---- */

struct actor *cast_actor(struct play *play, const struct step *step)
{
    assert(step->actor >= 0);
    return &play->actors[step->actor];
}

const struct session *cast_session(const struct play *play, const struct actor *actor)
{
    (void)play;
    const struct core *core = server_inspect(actor->server);
    const struct link *link = actor->transport.link;
    if (core == NULL)
        return NULL;
    const struct conn *conn = link != NULL ? server_conn_of(actor->server, link) : NULL;
    if (conn != NULL)
        return inspect_conn(conn);
    const struct session *last = actor->full_jid != NULL ? inspect_full_jid(core, actor->full_jid) : NULL;
    return last != NULL && session_look(last).hibernating ? last : NULL;
}

const char *received_name(const struct received *received)
{
    static const char *const names[] = {
        [RECEIVED_ELEMENT] = "another stanza",
        [RECEIVED_STREAM_END] = "the end of the stream",
        [RECEIVED_CONNECTION_END] = "the end of the connection",
        [RECEIVED_GARBAGE] = "data that is not XML",
    };
    return received == NULL ? "nothing" : names[received->kind];
}
