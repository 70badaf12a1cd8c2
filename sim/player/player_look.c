#include "player_private.h"

#include "../must.h"

#include <assert.h>

/* ---- The run ---- */

bool run_goes_on(const struct run *run)
{
    return !run->failed && !world_is_halted(run->world);
}

struct scene run_scene(const struct run *run)
{
    size_t count = run->actors != NULL ? run->scenario->cast_count : 0;
    struct described_client *clients = must(calloc(count + 1, sizeof *clients));
    for (size_t i = 0; i < count; i++)
        clients[i] = (struct described_client){ run->actors[i].client, &run->actors[i].transport };
    return (struct scene){ .world = run->world,
                           .servers = run->servers,
                           .server_count = run->server_count,
                           .federation = run->federation,
                           .clients = clients,
                           .client_count = count };
}

void scene_free(struct scene *scene)
{
    free((struct described_client *)scene->clients);
}

void run_describe(struct run *run)
{
    if (run->result->lines == 0)
        run->result->lines = trace_count(run->trace);
    if (run->options->until.what == PLAYER_TO_THE_END || run->result->description != NULL)
        return;
    struct scene scene = run_scene(run);
    run->result->description = scene_describe(&scene);
    scene_free(&scene);
}

/* ---- One of the cast ---- */

struct actor *cast_actor(struct run *run, const struct step *step)
{
    assert(step->actor >= 0);
    return &run->actors[step->actor];
}

const struct session *cast_session(const struct run *run, const struct actor *actor)
{
    (void)run;
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
