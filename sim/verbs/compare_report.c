#include "compare_report.h"

#include "../must.h"
#include "../printable.h"
#include "../text.h"
#include "trace_compare.h"

#include <string.h>

/* ---- Comparing ---- */

static bool took_part(const struct several_result *result)
{
    return result->verdict != RESULT_SKIPPED;
}

static bool is_step(const char *line)
{
    static const char step[] = " step ";
    return strncmp(line + strcspn(line, " \n"), step, sizeof step - 1) == 0;
}

static size_t count_steps(const char *answers)
{
    size_t count = 0;
    for (const char *line = answers; *line != '\0'; line = strchr(line, '\n') + 1)
        count += is_step(line);
    return count;
}

/* The first steps, and what came of them. */
static struct text first_steps(const char *answers, size_t steps)
{
    struct text text = { 0 };
    const char *line = answers;
    size_t count = 0;
    for (; *line != '\0'; line = strchr(line, '\n') + 1) {
        count += is_step(line);
        if (count > steps)
            break;
    }
    text_append(&text, answers, (size_t)(line - answers));
    return text;
}

/* How many steps of two runs are compared: a failure ended the shorter one. */
static size_t common_steps(const struct several_result *one, const struct several_result *other)
{
    size_t steps = SIZE_MAX;
    if (one->verdict == RESULT_FAILED)
        steps = count_steps(one->answers);
    const size_t others = other->verdict == RESULT_FAILED ? count_steps(other->answers) : SIZE_MAX;
    return others < steps ? others : steps;
}

static bool same_verdict(const struct several_result *one, const struct several_result *other)
{
    return one->verdict == other->verdict &&
           (one->verdict != RESULT_FAILED || strcmp(one->cause, other->cause) == 0);
}

/* Writes how the answers part; nothing when they do not.  Returns whether they do. */
static bool print_difference(FILE *out, const struct several_result *one, const struct several_result *other)
{
    const size_t steps = common_steps(one, other);
    struct text first = first_steps(one->answers, steps), second = first_steps(other->answers, steps);
    char *said = NULL;
    size_t size = 0;
    FILE *difference = must(open_memstream(&said, &size));
    const bool part = trace_compare(difference, &first, &second, false) == TRACES_DIFFERENT;
    fclose(difference);
    text_free(&first);
    text_free(&second);
    if (part && out != NULL)
        fputs(must(said), out);
    free(said);
    return part;
}

static bool agree(const struct several_result *one, const struct several_result *other)
{
    return same_verdict(one, other) && !print_difference(NULL, one, other);
}

/* The first server that took part, or the count. */
static size_t first_of(const struct server_list *servers, const struct several_result *results)
{
    size_t first = 0;
    while (first < servers->count && !took_part(&results[first]))
        first++;
    return first;
}

enum agreement compare_results(const struct server_list *servers, const struct several_result *results)
{
    const size_t first = first_of(servers, results);
    size_t others = 0;
    for (size_t i = first + 1; i < servers->count; i++) {
        if (!took_part(&results[i]))
            continue;
        others++;
        if (!agree(&results[first], &results[i]))
            return SOME_PART;
    }
    return others > 0 ? ALL_AGREE : TOO_FEW;
}

/* ---- Saying it ---- */

static void print_result(FILE *out, const struct several_result *result)
{
    if (result->verdict == RESULT_PASSED)
        fputs("passed", out);
    else if (result->verdict == RESULT_SKIPPED)
        fputs("skipped, lacks ", out);
    else if (result->check != NULL)
        fputs("failed, objected to by the check ", out);
    else
        fputs("failed: ", out);
    if (result->verdict == RESULT_SKIPPED)
        printable_string(out, result->skipped);
    if (result->check != NULL)
        fprintf(out, "%s: ", result->check);
    if (result->summary != NULL)
        printable_string(out, result->summary);
    fputc('\n', out);
}

static void print_results(FILE *out, const struct compared_case *compared)
{
    for (size_t i = 0; i < compared->servers->count; i++) {
        fputs("  ", out);
        printable_string(out, compared->servers->kinds[i]->name);
        fputs(": ", out);
        print_result(out, &compared->results[i]);
    }
}

static void print_sides(FILE *out, const struct compared_case *compared, size_t first, size_t other)
{
    fputs("\n- ", out);
    printable_string(out, compared->servers->kinds[first]->name);
    fputs("\n+ ", out);
    printable_string(out, compared->servers->kinds[other]->name);
    fputs("\n", out);
}

/* A server before this one that parts from the first as this one does, or this one. */
static size_t like(const struct several_result *results, size_t first, size_t other)
{
    for (size_t i = first + 1; i < other; i++)
        if (took_part(&results[i]) && agree(&results[i], &results[other]))
            return i;
    return other;
}

size_t compare_shown(const struct server_list *servers, const struct several_result *results,
                     size_t shown[SERVER_LIST_MOST])
{
    const size_t first = first_of(servers, results);
    size_t count = 0;
    for (size_t i = first; i < servers->count; i++) {
        const bool parts = took_part(&results[i]) && !agree(&results[first], &results[i]);
        if (i == first || (parts && like(results, first, i) == i))
            shown[count++] = i;
    }
    return count;
}

static void print_parting(FILE *out, const struct compared_case *compared, size_t first, size_t other)
{
    const size_t same = like(compared->results, first, other);
    if (same != other) {
        printable_string(out, compared->servers->kinds[other]->name);
        fputs(" agrees with ", out);
        printable_string(out, compared->servers->kinds[same]->name);
        fputc('\n', out);
        return;
    }
    print_sides(out, compared, first, other);
    if (!print_difference(out, &compared->results[first], &compared->results[other]))
        fputs("clients received the same up to there\n", out);
}

void compare_report(FILE *out, const struct compared_case *compared)
{
    const size_t first = first_of(compared->servers, compared->results);
    fputs("answers part: ", out);
    printable_string(out, compared->name);
    if (compared->title != NULL) {
        fputs(": ", out);
        printable_string(out, compared->title);
    }
    fputc('\n', out);
    print_results(out, compared);
    for (size_t i = first + 1; i < compared->servers->count; i++)
        if (took_part(&compared->results[i]) && !agree(&compared->results[first], &compared->results[i]))
            print_parting(out, compared, first, i);
    compared->print_commands(out, compared->host, compared->results);
    fputc('\n', out);
}
