#include "explore_events.h"

#include "../must.h"
#include "../text.h"
#include "../tool/event_log.h"
#include "../tool/event_run.h"
#include "../tool/json.h"

#include <inttypes.h>
#include <stdlib.h>

/* ---- The last run ---- */

/* The line of the scenario, and the events of the run that failed. */
static char *last_run(struct exploration *exploration, uint64_t number)
{
    struct player_result again = { 0 };
    if (exploration->end != EXPLORATION_FAILED)
        return event_log_take(event_log_new(exploration->scenario, number, EVENT_LOG_MOST));
    const struct player_options options = exploration_last_run(exploration);
    event_run(exploration->scenario, &options, &(struct event_kept){ .number = number }, &again);
    char *log = again.log;
    again.log = NULL;
    player_result_free(&again);
    return must(log);
}

/* ---- The tree ---- */

struct writing {
    FILE *out;
    uint64_t number; /* of the case */
    size_t nodes;    /* so far */
    const struct recording *path;
};

static void print_branch(FILE *out, const struct exploration_branch *branch, size_t next)
{
    static const char *const names[] = {
        [RUN_PASSED] = "passed", [RUN_KNOWN] = "known", [RUN_FAILED] = "failed"
    };
    for (int i = 0; i < RUN_ENDS; i++)
        fprintf(out, "%s\"%s\":%" PRIu64, i == 0 ? "{" : ",", names[i], branch->runs[i]);
    if (next > 0)
        json_number(out, "next", next);
    else
        json_string(out, "next", NULL);
    fputc('}', out);
}

/* Writes the nodes below this one, and then itself; returns its number, 0 for NULL.  `depth` is its place
 * on the path of the last run, if it is on that. */
static size_t print_node(struct writing *writing, const struct exploration_node *node, size_t depth,
                         bool on_path)
{
    if (node == NULL)
        return 0;
    FILE *out = writing->out;
    size_t *next = must(calloc(node->possibilities, sizeof *next));
    const uint32_t taken = on_path ? writing->path->list[depth].answer : 0;
    for (uint32_t i = 0; i < node->possibilities; i++)
        next[i] = print_node(writing, node->branches[i].next, depth + 1, on_path && i == taken);
    const size_t own = ++writing->nodes;
    fputs("{\"type\":\"decision\"", out);
    json_number(out, "case", writing->number);
    json_number(out, "node", own);
    json_string(out, "concern", choice_concern_name(node->concern));
    if (on_path)
        json_number(out, "taken", taken);
    else
        json_string(out, "taken", NULL);
    json_key(out, "branches");
    for (uint32_t i = 0; i < node->possibilities; i++) {
        fputc(i == 0 ? '[' : ',', out);
        print_branch(out, &node->branches[i], next[i]);
    }
    fputs("]}\n", out);
    free(next);
    return own;
}

static void print_sums(FILE *out, const struct exploration *exploration, uint64_t number, size_t root)
{
    static const char *const ends[] = { [EXPLORATION_FINISHED] = "finished",
                                        [EXPLORATION_FAILED] = "failed",
                                        [EXPLORATION_GAVE_UP] = "gave up" };
    fputs("{\"type\":\"explored\"", out);
    json_number(out, "case", number);
    json_string(out, "end", ends[exploration->end]);
    json_number(out, "runs", exploration->runs);
    json_number(out, "states", exploration->states);
    json_number(out, "events", exploration->events);
    if (root > 0)
        json_number(out, "root", root);
    else
        json_string(out, "root", NULL);
    fputs("}\n", out);
}

/* An exploration that finished has a path that is empty: its tree has no decision that was taken last. */
char *explore_events(struct exploration *exploration, uint64_t number)
{
    struct text lines = { 0 };
    char *log = last_run(exploration, number);
    char *tree = NULL;
    size_t length = 0;
    FILE *out = must(open_memstream(&tree, &length));
    struct writing writing = { out, number, 0, &exploration->path };
    const bool failed = exploration->end == EXPLORATION_FAILED;
    const size_t root = print_node(&writing, exploration->tree->root, 0, failed);
    print_sums(out, exploration, number, root);
    (void)fclose(out);
    text_string(&lines, log);
    text_string(&lines, must(tree));
    free(log);
    free(tree);
    return text_take(&lines);
}
