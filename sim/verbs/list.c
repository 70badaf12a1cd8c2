#include "list.h"

#include "../must.h"
#include "../printable.h"
#include "../tool/machine.h"
#include "../tool/selection.h"

#include <string.h>

/* The cases of a file are adjacent in a suite. */
static size_t end_of_file(const struct suite *suite, size_t first)
{
    size_t end = first + 1;
    while (end < suite->count && strcmp(suite->scenarios[end]->path, suite->scenarios[first]->path) == 0)
        end++;
    return end;
}

/* ---- Everything ---- */

static bool carries(const struct scenario *scenario, const struct tag *sought)
{
    for (const struct tag *tag = scenario->tags; tag != NULL; tag = tag->next)
        if (strcmp(tag->name, sought->name) == 0 && strcmp(tag->value, sought->value) == 0)
            return true;
    return false;
}

static bool all_carry(const struct suite *suite, size_t first, size_t end, const struct tag *tag)
{
    for (size_t i = first; i < end; i++)
        if (!carries(suite->scenarios[i], tag))
            return false;
    return true;
}

/* Lists the tags of a scenario that all cases in [first, end) have, or those that not all have. */
static void print_tags(FILE *out, const struct suite *suite, size_t first, size_t end,
                       const struct scenario *scenario, bool common)
{
    const char *before = "  [";
    for (const struct tag *tag = scenario->tags; tag != NULL; tag = tag->next) {
        if (all_carry(suite, first, end, tag) != common)
            continue;
        fputs(before, out);
        printable_string(out, tag->name);
        fputs(tag->value[0] != '\0' ? ": " : "", out);
        printable_string(out, tag->value);
        before = ", ";
    }
    fputs(before[0] == ',' ? "]\n" : "\n", out);
}

static void print_name_and_title(FILE *out, const char *name, const char *title)
{
    printable_string(out, name);
    fputs("  ", out);
    printable_string(out, title);
}

static void print_file(FILE *out, const struct suite *suite, size_t first, size_t end)
{
    const struct scenario *file = suite->scenarios[first];
    print_name_and_title(out, file->path, file->heading);
    print_tags(out, suite, first, end, file, true);
    for (size_t i = first; i < end && file->rows > 0; i++) {
        const struct scenario *scenario = suite->scenarios[i];
        fputs("  ", out);
        print_name_and_title(out, scenario->name, scenario->title);
        print_tags(out, suite, first, end, scenario, false);
    }
}

void list_scenarios(FILE *out, const struct suite *suite)
{
    for (size_t first = 0; first < suite->count; first = end_of_file(suite, first))
        print_file(out, suite, first, end_of_file(suite, first));
    fprintf(out, "%zu file%s, %zu case%s\n", suite->file_count, suite->file_count == 1 ? "" : "s",
            suite->count, suite->count == 1 ? "" : "s");
}

/* ---- By tag ---- */

/* One scenario that carries the tag with this value. */
struct mention {
    const char *value;
    size_t index; /* index of the scenario in the suite */
    const struct suite *suite;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The length of the number at the beginning; `text` moves past its leading zeros. */
static size_t number_length(const char **text)
{
    size_t length = 0;
    while (**text == '0' && is_digit((*text)[1]))
        (*text)++;
    while (is_digit((*text)[length]))
        length++;
    return length;
}

/* Like strcmp, except that runs of digits are compared as numbers. */
static int compare_values(const char *a, const char *b)
{
    while (*a != '\0' && *b != '\0') {
        size_t length_a = number_length(&a);
        size_t length_b = number_length(&b);
        if (length_a != length_b && length_a > 0 && length_b > 0)
            return length_a < length_b ? -1 : 1;
        if (*a != *b)
            return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
        a++;
        b++;
    }
    return (*a != '\0') - (*b != '\0');
}

static int compare_mentions(const void *left, const void *right)
{
    const struct mention *a = left;
    const struct mention *b = right;
    int order = compare_values(a->value, b->value);
    if (order == 0)
        order = strcmp(a->value, b->value);
    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

struct mentions {
    struct mention *list;
    size_t count;
};

static bool is_known(const struct mentions *mentions, const struct mention *mention)
{
    for (size_t i = mentions->count; i > 0 && mentions->list[i - 1].index == mention->index; i--)
        if (strcmp(mentions->list[i - 1].value, mention->value) == 0)
            return true;
    return false;
}

static struct mentions find_mentions(const struct suite *suite, const char *name)
{
    struct mentions mentions = { 0 };
    size_t room = 0;
    for (size_t i = 0; i < suite->count; i++) {
        for (const struct tag *tag = suite->scenarios[i]->tags; tag != NULL; tag = tag->next) {
            struct mention mention = { tag->value, i, suite };
            if (strcmp(tag->name, name) != 0 || is_known(&mentions, &mention))
                continue;
            if (mentions.count == room) {
                room = room == 0 ? 256 : room * 2;
                mentions.list = must(realloc(mentions.list, room * sizeof *mentions.list));
            }
            mentions.list[mentions.count++] = mention;
        }
    }
    if (mentions.count > 0)
        qsort(mentions.list, mentions.count, sizeof *mentions.list, compare_mentions);
    return mentions;
}

static const struct scenario *scenario_of(const struct mention *mention)
{
    return mention->suite->scenarios[mention->index];
}

/* "#1-9,12": the rows of one file's cases. */
static void print_rows(FILE *out, const struct mention *mentions, size_t count)
{
    char before = '#';
    for (size_t first = 0; first < count;) {
        size_t last = first;
        while (last + 1 < count && mentions[last + 1].index == mentions[last].index + 1)
            last++;
        fprintf(out, "%c%zu", before, scenario_of(&mentions[first])->row);
        if (last > first)
            fprintf(out, "-%zu", scenario_of(&mentions[last])->row);
        before = ',';
        first = last + 1;
    }
}

/* The cases that have one value. */
static void print_value(FILE *out, const struct mention *mentions, size_t count)
{
    printable_string(out, mentions[0].value[0] != '\0' ? mentions[0].value : "(no value)");
    fprintf(out, "  %zu case%s\n", count, count == 1 ? "" : "s");
    for (size_t first = 0; first < count;) {
        const struct scenario *file = scenario_of(&mentions[first]);
        size_t end = first + 1;
        while (end < count && strcmp(scenario_of(&mentions[end])->path, file->path) == 0)
            end++;
        fputs("  ", out);
        printable_string(out, file->path);
        if (file->rows > 0)
            print_rows(out, mentions + first, end - first);
        fputs("  ", out);
        printable_string(out, file->heading);
        fputc('\n', out);
        first = end;
    }
}

static size_t count_carriers(const struct suite *suite, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < suite->count; i++)
        count += scenario_tag(suite->scenarios[i], name) != NULL;
    return count;
}

void list_by_tag(FILE *out, const struct suite *suite, const char *tag)
{
    struct mentions mentions = find_mentions(suite, tag);
    size_t values = 0;
    for (size_t first = 0; first < mentions.count; values++) {
        size_t end = first + 1;
        while (end < mentions.count && strcmp(mentions.list[end].value, mentions.list[first].value) == 0)
            end++;
        print_value(out, mentions.list + first, end - first);
        first = end;
    }
    free(mentions.list);
    fprintf(out, "%zu value%s of the tag ", values, values == 1 ? "" : "s");
    printable_string(out, tag);
    fprintf(out, ", carried by %zu of %zu cases\n", count_carriers(suite, tag), suite->count);
}

/* ---- The verb ---- */

struct settings {
    struct selection selection; /* must be the first member: the shared options expect it there */
    const char *by_tag;         /* NULL for everything */
};

static const char *take_by_tag(void *settings, const char *value)
{
    ((struct settings *)settings)->by_tag = value;
    return *value != '\0' ? NULL : "the name of a tag";
}

/* Returns false after printing an error. */
static bool list_suite(const struct settings *settings, struct suite *suite)
{
    if (!selection_apply(&settings->selection, suite, stderr))
        return false;
    selection_narrow(&settings->selection, suite);
    if (settings->by_tag != NULL && !selection_knows(suite, settings->by_tag, stderr))
        return false;
    if (settings->by_tag != NULL)
        list_by_tag(stdout, suite, settings->by_tag);
    else
        list_scenarios(stdout, suite);
    return machine_close(stdout, "standard output");
}

static int list_act(const char *program, int count, char **arguments)
{
    struct settings settings = { .by_tag = NULL };
    struct suite suite = { 0 };
    size_t path_count = 0;
    (void)program;
    const char **paths = must(calloc((size_t)count + 1, sizeof *paths));
    bool good = options_parse(&list_verb, &settings, count, arguments, paths, &path_count, stderr);
    if (good) {
        if (path_count == 0)
            paths[path_count++] = "scenarios";
        good = suite_load(&suite, paths, path_count, stderr) && list_suite(&settings, &suite);
        suite_free(&suite);
    }
    selection_free(&settings.selection);
    free(paths);
    return good ? STATUS_HELD : STATUS_WRONG;
}

static const struct option list_options[] = {
    { "by-tag", "NAME", "list the cases by the values of this tag: --by-tag rfc lists them by clause",
      take_by_tag },
    SELECTION_OPTIONS,
};

const struct verb list_verb = {
    .name = "list",
    .arguments = "[OPTION...] [PATH...]",
    .summary = "Lists scenarios with their titles, tags and cases; runs nothing.",
    .about =
        "A PATH is a file, a folder, FILE#3, FILE:33 or -, as for `rehearse run`.  The default PATH is\n"
        "scenarios/.\n"
        "Each line is PATH  TITLE  [TAGS].  With --by-tag NAME, each value of the tag is followed by the\n"
        "files and cases that have it; numbers in the values are sorted numerically.\n",
    .options = list_options,
    .option_count = sizeof list_options / sizeof *list_options,
    .act = list_act,
};
