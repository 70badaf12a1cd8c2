#include "sweep_result.h"

#include "../kinds/server_kinds.h"
#include "../must.h"
#include "sweep_line.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Faults by name ---- */

static const struct {
    const char *name;
    unsigned bits;
} fault_names[] = {
    { "none", 0 },           { "network", PLOT_NETWORK }, { "disk", PLOT_DISK }, { "memory", PLOT_MEMORY },
    { "clock", PLOT_CLOCK }, { "all", PLOT_ALL },
};
enum { FAULT_NAMES = sizeof fault_names / sizeof fault_names[0] };

char *sweep_faults_print(unsigned faults)
{
    struct text text = { 0 };
    for (size_t i = 0; i < FAULT_NAMES; i++) {
        unsigned bits = fault_names[i].bits;
        bool whole = bits == faults;
        if (whole) {
            text.length = 0;
            text_string(&text, fault_names[i].name);
            break;
        }
        if (bits == 0 || bits == PLOT_ALL || (faults & bits) == 0)
            continue;
        if (text.length > 0)
            text_string(&text, ",");
        text_string(&text, fault_names[i].name);
    }
    return text_take(&text);
}

bool sweep_faults_parse(const char *text, unsigned *faults)
{
    *faults = 0;
    for (;;) {
        size_t length = strcspn(text, ",");
        size_t i = 0;
        while (i < FAULT_NAMES &&
               (strlen(fault_names[i].name) != length || memcmp(fault_names[i].name, text, length) != 0))
            i++;
        if (i == FAULT_NAMES)
            return false;
        *faults |= fault_names[i].bits;
        if (text[length] == '\0')
            return true;
        text += length + 1;
    }
}

/* ---- Counting ---- */

/* The index of a name in the tallies, or the index where it must be inserted. */
static size_t place_of(const struct sweep_tallies *tallies, const char *name)
{
    size_t place = 0;
    while (place < tallies->count && strcmp(tallies->list[place].name, name) < 0)
        place++;
    return place;
}

static bool is_at(const struct sweep_tallies *tallies, size_t place, const char *name)
{
    return place < tallies->count && strcmp(tallies->list[place].name, name) == 0;
}

void sweep_count(struct sweep_tallies *tallies, const char *name, uint64_t count)
{
    const size_t place = place_of(tallies, name);
    if (count == 0)
        return;
    if (is_at(tallies, place, name)) {
        tallies->list[place].count += count;
        return;
    }
    tallies->list = must(realloc(tallies->list, (tallies->count + 1) * sizeof *tallies->list));
    struct sweep_tally *added = &tallies->list[place];
    memmove(added + 1, added, (tallies->count - place) * sizeof *added);
    *added = (struct sweep_tally){ must(strdup(name)), count };
    tallies->count++;
}

uint64_t sweep_counted(const struct sweep_tallies *tallies, const char *name)
{
    const size_t place = place_of(tallies, name);
    return is_at(tallies, place, name) ? tallies->list[place].count : 0;
}

/* The sentence without the parts that differ between runs of the same mistake: numbers, and words that
 * contain an address or a quotation. */
static char *without_particulars(const char *summary)
{
    struct text cause = { 0 };
    while (*summary != '\0') {
        size_t length = strcspn(summary, " ");
        bool own = strcspn(summary, "@/\"'0123456789<$") < length;
        if (cause.length > 0)
            text_string(&cause, " ");
        if (own)
            text_string(&cause, "...");
        else
            text_append(&cause, summary, length);
        summary += length;
        summary += strspn(summary, " ");
    }
    return text_take(&cause);
}

/* The message for a lost process (worker_pool.h) is the same for equal causes. */
static char *cause_of_loss(const char *summary)
{
    static const char crash[] = "crash: ";
    static const char limit[] = "time limit";
    if (strncmp(summary, crash, sizeof crash - 1) == 0)
        return must(strdup(summary));
    return strncmp(summary, limit, sizeof limit - 1) == 0 ? must(strdup(limit)) : NULL;
}

char *sweep_cause(const char *check, const char *summary)
{
    char *loss = check == NULL ? cause_of_loss(summary) : NULL;
    if (loss != NULL)
        return loss;
    return check != NULL ? must(strdup(check)) : without_particulars(summary);
}

static struct sweep_failure *find_failure(struct sweep_result *result, const char *cause)
{
    struct sweep_failure *failure = result->failures;
    while (failure != NULL && strcmp(failure->cause, cause) != 0)
        failure = failure->next;
    return failure;
}

static void put_in_order(struct sweep_result *result, struct sweep_failure *failure)
{
    struct sweep_failure **at = &result->failures;
    while (*at != NULL && (*at)->seed < failure->seed)
        at = &(*at)->next;
    failure->next = *at;
    *at = failure;
}

static void take_out(struct sweep_result *result, struct sweep_failure *failure)
{
    struct sweep_failure **at = &result->failures;
    while (*at != failure)
        at = &(*at)->next;
    *at = failure->next;
}

static void add_failure(struct sweep_result *result, const struct sweep_failure *added)
{
    struct sweep_failure *failure = find_failure(result, added->cause);
    if (failure == NULL) {
        failure = must(calloc(1, sizeof *failure));
        *failure = (struct sweep_failure){ .cause = must(strdup(added->cause)),
                                           .summary = must(strdup(added->summary)),
                                           .seed = added->seed };
        put_in_order(result, failure);
    } else if (added->seed < failure->seed) {
        take_out(result, failure);
        free(failure->summary);
        failure->summary = must(strdup(added->summary));
        failure->seed = added->seed;
        put_in_order(result, failure);
    }
    failure->count += added->count;
}

void sweep_fail(struct sweep_result *result, uint64_t seed, const char *check, const char *summary)
{
    char *sentence = must(strndup(summary, strcspn(summary, "\n")));
    char *cause = sweep_cause(check, sentence);
    assert(*sentence != '\0');
    result->failed++;
    add_failure(result, &(struct sweep_failure){ NULL, cause, sentence, seed, 1 });
    free(cause);
    free(sentence);
}

static void join_tallies(struct sweep_tallies *into, const struct sweep_tallies *from)
{
    for (size_t i = 0; i < from->count; i++)
        sweep_count(into, from->list[i].name, from->list[i].count);
}

void sweep_join(struct sweep_result *into, const struct sweep_result *from)
{
    into->runs += from->runs;
    into->failed += from->failed;
    into->events += from->events;
    into->trace_sum += from->trace_sum;
    join_tallies(&into->actions, &from->actions);
    join_tallies(&into->faults, &from->faults);
    join_tallies(&into->fired, &from->fired);
    join_tallies(&into->checks, &from->checks);
    join_tallies(&into->several, &from->several);
    join_tallies(&into->not_judged, &from->not_judged);
    join_tallies(&into->skipped, &from->skipped);
    join_tallies(&into->left_out, &from->left_out);
    for (const struct sweep_failure *failure = from->failures; failure != NULL; failure = failure->next)
        add_failure(into, failure);
}

static void free_tallies(struct sweep_tallies *tallies)
{
    for (size_t i = 0; i < tallies->count; i++)
        free(tallies->list[i].name);
    free(tallies->list);
}

void sweep_result_free(struct sweep_result *result)
{
    sweep_share_free(&result->share);
    sweep_gaps_free(&result->gaps);
    free_tallies(&result->actions);
    free_tallies(&result->faults);
    free_tallies(&result->fired);
    free_tallies(&result->checks);
    free_tallies(&result->several);
    free_tallies(&result->not_judged);
    free_tallies(&result->skipped);
    free_tallies(&result->left_out);
    while (result->failures != NULL) {
        struct sweep_failure *failure = result->failures;
        result->failures = failure->next;
        free(failure->cause);
        free(failure->summary);
        free(failure);
    }
    *result = (struct sweep_result){ 0 };
}

/* ---- As text ---- */

static const char *const first_line = "rehearse sweep 4";

static void print_tallies(FILE *out, const char *what, const struct sweep_tallies *tallies)
{
    for (size_t i = 0; i < tallies->count; i++)
        fprintf(out, "%s %" PRIu64 " %s\n", what, tallies->list[i].count, tallies->list[i].name);
}

char *sweep_print(const struct sweep_result *result)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = must(open_memstream(&text, &length));
    char *faults = sweep_faults_print(result->options.faults);
    char *share = sweep_share_print(&result->share);
    fprintf(out, "%s\n", first_line);
    fprintf(out, "plots cast %u steps %u faults %s", result->options.cast, result->options.steps, faults);
    if (result->options.kind != NULL)
        fprintf(out, " server %s", result->options.kind->name);
    fputc('\n', out);
    fprintf(out, "%s\n", share);
    fprintf(out, "played %" PRIu64 " failed %" PRIu64 " events %" PRIu64 " trace %016" PRIx64 "\n",
            result->runs, result->failed, result->events, result->trace_sum);
    sweep_gaps_print(out, &result->gaps);
    print_tallies(out, "action", &result->actions);
    print_tallies(out, "fault", &result->faults);
    print_tallies(out, "fired", &result->fired);
    print_tallies(out, "check", &result->checks);
    print_tallies(out, "several", &result->several);
    print_tallies(out, "unjudged", &result->not_judged);
    print_tallies(out, "skipped", &result->skipped);
    print_tallies(out, "leftout", &result->left_out);
    for (const struct sweep_failure *failure = result->failures; failure != NULL; failure = failure->next)
        fprintf(out, "failure %" PRIu64 " seed %" PRIu64 " cause %s\n\t%s\n", failure->count, failure->seed,
                failure->cause, failure->summary);
    free(share);
    free(faults);
    fclose(out);
    return must(text);
}

/* ---- Reading it ---- */

struct reader {
    const char *at;
    int line;
};

/* The next line without its line end; the caller frees; NULL after the last. */
static char *next_line(struct reader *reader)
{
    if (*reader->at == '\0')
        return NULL;
    size_t length = strcspn(reader->at, "\n");
    char *line = must(strndup(reader->at, length));
    reader->at += length + (reader->at[length] == '\n');
    reader->line++;
    return line;
}

/* The server stands there unless it is our core. */
static bool read_faults_and_server(const char *line, struct plot_options *options)
{
    static const char between[] = " server ";
    const char *server = strstr(line, between);
    char *faults = must(strndup(line, server != NULL ? (size_t)(server - line) : strlen(line)));
    const bool good = sweep_faults_parse(faults, &options->faults);
    free(faults);
    options->kind = server != NULL ? server_kind_named(server + sizeof between - 1) : NULL;
    return good && (server == NULL || options->kind != NULL);
}

static bool read_options(const char *line, struct plot_options *options)
{
    uint64_t cast;
    uint64_t steps;
    if (!line_take_number(&line, "plots cast ", 10, PLOT_CAST_MOST, &cast) ||
        !line_take_number(&line, " steps ", 10, PLOT_STEPS_MOST, &steps) || !line_take(&line, " faults "))
        return false;
    options->cast = (unsigned)cast;
    options->steps = (unsigned)steps;
    return cast > 0 && steps > 0 && read_faults_and_server(line, options);
}

static bool read_sums(const char *line, struct sweep_result *result)
{
    return line_take_number(&line, "played ", 10, UINT64_MAX, &result->runs) &&
           line_take_number(&line, " failed ", 10, result->runs, &result->failed) &&
           line_take_number(&line, " events ", 10, UINT64_MAX, &result->events) &&
           line_take_number(&line, " trace ", 16, UINT64_MAX, &result->trace_sum) && *line == '\0';
}

static bool read_tally(const char *line, struct sweep_result *result)
{
    const struct {
        const char *word;
        struct sweep_tallies *tallies;
    } kinds[] = { { "action ", &result->actions },  { "fault ", &result->faults },
                  { "fired ", &result->fired },     { "check ", &result->checks },
                  { "several ", &result->several }, { "unjudged ", &result->not_judged },
                  { "skipped ", &result->skipped }, { "leftout ", &result->left_out } };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const char *at = line;
        uint64_t count;
        if (!line_take(&at, kinds[i].word))
            continue;
        if (!line_take_number(&at, "", 10, UINT64_MAX, &count) || count == 0 || !line_take(&at, " ") ||
            *at == '\0')
            return false;
        sweep_count(kinds[i].tallies, at, count);
        return true;
    }
    return false;
}

static bool read_failure(const char *line, struct reader *reader, struct sweep_result *result)
{
    struct sweep_failure failure = { 0 };
    if (!line_take_number(&line, "failure ", 10, result->failed, &failure.count) ||
        !line_take_number(&line, " seed ", 10, UINT64_MAX, &failure.seed) || !line_take(&line, " cause ") ||
        failure.count == 0 || *line == '\0')
        return false;
    char *summary = next_line(reader);
    char *cause = must(strdup(line));
    const bool good = summary != NULL && summary[0] == '\t';
    if (good) {
        failure.cause = cause;
        failure.summary = summary + 1;
        add_failure(result, &failure);
    }
    free(cause);
    free(summary);
    return good;
}

static bool read_line(const char *line, struct reader *reader, struct sweep_result *result)
{
    switch (reader->line) {
    case 1:
        return strcmp(line, first_line) == 0;
    case 2:
        return read_options(line, &result->options);
    case 3:
        return sweep_share_parse(line, &result->share);
    case 4:
        return read_sums(line, result);
    default:
        return read_tally(line, result) || read_failure(line, reader, result) ||
               sweep_gaps_parse(line, &result->share, &result->gaps);
    }
}

static uint64_t count_failures(const struct sweep_result *result)
{
    uint64_t count = 0;
    for (const struct sweep_failure *failure = result->failures; failure != NULL; failure = failure->next)
        count += failure->count;
    return count;
}

/* Whether no line is missing, so that a truncated file is detected. */
static bool adds_up(const struct sweep_result *result)
{
    const uint64_t seeds = sweep_share_seeds(&result->share);
    const uint64_t unplayed = sweep_gaps_seeds(&result->gaps);
    return count_failures(result) == result->failed && unplayed <= seeds && result->runs == seeds - unplayed;
}

bool sweep_parse(const char *text, struct sweep_result *result, int *line_number)
{
    struct reader reader = { text, 0 };
    char *line;
    bool good = true;
    *result = (struct sweep_result){ 0 };
    while (good && (line = next_line(&reader)) != NULL) {
        good = read_line(line, &reader, result);
        free(line);
    }
    if (good && reader.line >= 4 && adds_up(result))
        return true;
    *line_number = good ? reader.line + 1 : reader.line;
    sweep_result_free(result);
    return false;
}
