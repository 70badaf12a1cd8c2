#include "shrinker.h"

#include "../language/scenario_print.h"
#include "../must.h"
#include "reductions.h"
#include "renaming.h"

#include <assert.h>
#include <string.h>

/* A text, and the reduction that is being applied to it. */
struct work {
    const struct shrinker *shrinker;
    char *text;
    const struct reduction *reduction;
};

static struct scenario *parse(const struct shrinker *shrinker, const char *text)
{
    struct complaints complaints = { 0 };
    return scenario_parse(shrinker->path, text, strlen(text), NULL, NULL, &complaints);
}

static bool text_holds(const struct shrinker *shrinker, const char *text)
{
    struct scenario *scenario = parse(shrinker, text);
    bool holds = scenario != NULL && shrinker->holds(shrinker->host, scenario);
    if (scenario != NULL)
        scenario_free(scenario);
    return holds;
}

static bool is_late(const struct shrinker *shrinker)
{
    return shrinker->late != NULL && shrinker->late(shrinker->host);
}

static size_t count_pieces(void *host)
{
    const struct work *work = host;
    struct removal removal = { .pieces = { 0, 0, PIECE_NONE } };
    struct scenario *scenario = parse(work->shrinker, work->text);
    assert(scenario != NULL);
    work->reduction->walk(scenario, &removal);
    scenario_free(scenario);
    return removal.seen;
}

static char *without_pieces(const struct work *work, const struct pieces *pieces)
{
    struct removal removal = { .pieces = *pieces };
    struct scenario *scenario = parse(work->shrinker, work->text);
    assert(scenario != NULL);
    work->reduction->walk(scenario, &removal);
    char *text = scenario_print(scenario);
    scenario_free(scenario);
    return text;
}

static size_t count_lines(const char *text)
{
    size_t lines = 0;
    for (; *text != '\0'; text += strcspn(text, "\n"), text += *text == '\n')
        lines += *text != '\n';
    return lines;
}

/* Removing a host line may not help: the JID of a client implies the host again, in another order, which
 * takes a line. */
static bool is_smaller(const char *candidate, const char *text)
{
    return strcmp(candidate, text) != 0 && count_lines(candidate) <= count_lines(text);
}

static bool try_without(void *host, const struct pieces *pieces)
{
    struct work *work = host;
    if (is_late(work->shrinker))
        return false;
    char *candidate = without_pieces(work, pieces);
    bool holds = is_smaller(candidate, work->text) && text_holds(work->shrinker, candidate);
    if (holds) {
        char *old = work->text;
        work->text = candidate;
        candidate = old;
    }
    free(candidate);
    return holds;
}

char *shrinker_reduce(const struct shrinker *shrinker, const char *text)
{
    struct work work = { .shrinker = shrinker, .text = must(strdup(text)) };
    const struct delta_debugging search = { count_pieces, try_without, &work };
    bool more = true;
    while (more) {
        more = false;
        for (size_t i = 0; i < reduction_count && !is_late(shrinker); i++) {
            work.reduction = &reductions[i];
            more = delta_debug(&search) || more;
        }
    }
    return work.text;
}

char *shrinker_rename(const struct shrinker *shrinker, const char *text)
{
    struct scenario *scenario = parse(shrinker, text);
    assert(scenario != NULL);
    char *candidate = renaming_usual(scenario, text);
    scenario_free(scenario);
    if (text_holds(shrinker, candidate))
        return candidate;
    free(candidate);
    return must(strdup(text));
}
