#include "checks_requests.h"

#include "../world/describe.h"

static void describe_watched(struct description *description, const struct watched *watched)
{
    describe_named(description, "client", client_name(watched->client));
    describe_count(description, "connections ended before the last quiescence", watched->endings);
    describe_word(description, watched->lagged, "lagged");
    describe_word(description, watched->announced, "announced");
    describe_word(description, watched->unclear, "wrote what is no whole stanza");
    describe_word(description, watched->spoke_unnamed, "sent presence before binding");
    describe_in(description);
    requests_describe(description, watched);
    describe_out(description);
}

/* All other data is read again for each check. (The marks of connections only avoid reading unchanged data.)
 */
void checks_describe_memory(struct description *description, const struct checks *checks)
{
    describe_line(description, "checks");
    describe_word(description, checks->judges, "judge");
    describe_word(description, checks->violated, "violated");
    describe_in(description);
    const size_t begun = describe_begin_set(description);
    for (size_t i = 0; i < checks->client_count; i++)
        describe_watched(description, checks->clients[i]);
    presence_model_describe(description, &checks->presence);
    blocks_describe(description, &checks->blocks);
    fates_describe(description, &checks->fates);
    durability_describe(description, &checks->durability);
    describe_end_set(description, begun);
    model_describe(description, checks->model);
    describe_out(description);
}
