#include "compare_events.h"

#include "../must.h"
#include "../text.h"
#include "answers.h"
#include "beside.h"

/* The answers come back as the description. */
static void play(const struct retold *retold, const struct player_options *options,
                 const struct event_kept *kept, struct player_result *result)
{
    struct answers *answers = answers_new(retold->scenario);
    struct player_options own = *options;
    own.observer = answers_observer(answers);
    event_run(retold->scenario, &own, kept, result);
    free(result->description);
    result->description = answers_take(answers);
}

static struct text answers_of(const struct worker_outcome *outcome)
{
    struct text text = { 0 };
    text_string(&text, outcome->result.description != NULL ? outcome->result.description : "");
    return text;
}

static char *name_on(const struct parting *parting, const struct server_kind *kind)
{
    struct text name = { 0 };
    text_string(&name, parting->name);
    text_string(&name, " on ");
    text_string(&name, kind->name);
    return text_take(&name);
}

/* The line that sets the latest case beside the one that was first; NULL if that is this one. */
static char *beside_first(const struct event_reports *reports, const struct server_list *servers,
                          const struct parting *parting, size_t at, const struct text answers[2])
{
    const uint64_t number = event_reports_number(reports);
    if (at == 0)
        return NULL;
    return beside_line(&(struct beside){
        .cases = { number - at, number },
        .names = { servers->kinds[parting->servers[0]]->name, servers->kinds[parting->servers[at]]->name },
        .texts = { &answers[0], &answers[1] } });
}

void compare_events_add(struct event_reports *reports, const struct server_list *servers,
                        const struct parting *parting, uint64_t time_limit)
{
    struct text answers[2] = { { 0 } };
    for (size_t i = 0; i < parting->count; i++) {
        struct worker_outcome outcome;
        const struct server_kind *kind = servers->kinds[parting->servers[i]];
        char *name = name_on(parting, kind);
        const struct retold retold = {
            .scenario = parting->scenario,
            .name = name,
            .source = parting->source,
            .replay = parting->commands[i],
            .options = { .kind = kind, .policy = parting->policy, .seed = parting->seed },
            .time_limit = time_limit,
            .play = play,
        };
        (void)event_reports_run(reports, &retold, &outcome);
        answers[i > 0] = answers_of(&outcome);
        char *beside = beside_first(reports, servers, parting, i, answers);
        event_reports_tell(reports, &retold, &outcome, beside);
        if (i > 0)
            text_free(&answers[1]);
        free(beside);
        free(name);
        player_result_free(&outcome.result);
    }
    text_free(&answers[0]);
}
