#include "selection.h"

#include "../must.h"
#include "../printable.h"
#include "suggestion.h"
#include "title.h"

#include <string.h>

/* ---- Lists of tags ---- */

/* Finds the next word of a list, without surrounding blanks.  Returns the position after the word and its
 * comma, or NULL at the end of the list. */
static const char *next_word(const char *list, const char **word, size_t *length)
{
    *word = list + strspn(list, " ");
    size_t end = strcspn(*word, ",");
    *length = end;
    while (*length > 0 && (*word)[*length - 1] == ' ')
        (*length)--;
    return (*word)[end] == ',' ? *word + end + 1 : NULL;
}

static bool names_tag(const char *word, size_t length, const struct tag *tag)
{
    size_t name = strlen(tag->name);
    if (length < name || memcmp(word, tag->name, name) != 0)
        return false;
    if (length == name)
        return true;
    if (word[name] != ':')
        return false;
    size_t value = name + 1 + strspn(word + name + 1, " ");
    return length >= value && strlen(tag->value) == length - value &&
           memcmp(word + value, tag->value, length - value) == 0;
}

static bool carries(const struct scenario *scenario, const char *word, size_t length)
{
    for (const struct tag *tag = scenario->tags; tag != NULL; tag = tag->next)
        if (names_tag(word, length, tag))
            return true;
    return false;
}

static bool carries_one(const struct scenario *scenario, const char *list)
{
    const char *word = NULL;
    size_t length = 0;
    while (list != NULL) {
        list = next_word(list, &word, &length);
        if (carries(scenario, word, length))
            return true;
    }
    return false;
}

bool selection_add(char **list, const char *words)
{
    if (strspn(words, " ,") == strlen(words))
        return false;
    size_t size = strlen(words) + 2 + (*list != NULL ? strlen(*list) : 0);
    char *joined = must(malloc(size));
    snprintf(joined, size, "%s%s%s", *list != NULL ? *list : "", *list != NULL ? "," : "", words);
    free(*list);
    *list = joined;
    return true;
}

const char *selection_take_only(void *settings, const char *value)
{
    return selection_add(&((struct selection *)settings)->only, value) ? NULL : "tags";
}

const char *selection_take_skip(void *settings, const char *value)
{
    return selection_add(&((struct selection *)settings)->skip, value) ? NULL : "tags";
}

/* A value with an unknown level, or with none, changes nothing. */
const char *selection_take_level(void *settings, const char *value)
{
    unsigned levels = 0;
    const char *word = NULL;
    size_t length = 0;
    while (value != NULL) {
        value = next_word(value, &word, &length);
        const enum scenario_level level = scenario_level_named(word, length);
        if (level == LEVEL_UNSTATED)
            return SCENARIO_LEVELS ", or several with commas";
        levels |= 1U << level;
    }
    ((struct selection *)settings)->levels |= levels;
    return NULL;
}

const char *selection_take_title(void *settings, const char *value)
{
    return title_add(&((struct selection *)settings)->title, value) ? NULL : "words";
}

void selection_free(struct selection *selection)
{
    free(selection->only);
    free(selection->skip);
    free(selection->title);
    *selection = (struct selection){ 0 };
}

static bool is_of_levels(const struct scenario *scenario, unsigned levels)
{
    const enum scenario_level level = scenario->level != LEVEL_UNSTATED ? scenario->level : LEVEL_OURS;
    return (levels & 1U << level) != 0;
}

const char *selection_skips(const struct selection *selection, const struct scenario *scenario)
{
    if (selection->only != NULL && !carries_one(scenario, selection->only))
        return "has none of --only-tags";
    if (selection->skip != NULL && carries_one(scenario, selection->skip))
        return "has one of --skip-tags";
    if (selection->levels != 0 && !is_of_levels(scenario, selection->levels))
        return "is of no --level";
    return NULL;
}

/* ---- Words that are no scenario's ---- */

static bool suite_carries(const struct suite *suite, const char *word, size_t length)
{
    for (size_t i = 0; i < suite->count; i++)
        if (carries(suite->scenarios[i], word, length))
            return true;
    return false;
}

static char *name_and_value(const struct tag *tag)
{
    const size_t size = strlen(tag->name) + strlen(tag->value) + 3;
    char *both = must(malloc(size));
    snprintf(both, size, "%s: %s", tag->name, tag->value);
    return both;
}

/* All tags that a word could have meant, in order. */
static struct file_list collect_tags(const struct suite *suite)
{
    struct file_list tags = { 0 };
    for (size_t i = 0; i < suite->count; i++) {
        for (const struct tag *tag = suite->scenarios[i]->tags; tag != NULL; tag = tag->next) {
            files_add(&tags, must(strdup(tag->name)));
            if (tag->value[0] != '\0')
                files_add(&tags, name_and_value(tag));
        }
    }
    files_sort(&tags);
    return tags;
}

static bool knows(const struct suite *suite, const char *word, size_t length, FILE *errors)
{
    if (suite_carries(suite, word, length))
        return true;
    struct file_list tags = collect_tags(suite);
    fputs("rehearse: no scenario has the tag ", errors);
    printable_write(errors, word, length);
    suggestion_name(errors, word, length, (const char *const *)tags.names, tags.count);
    fputc('\n', errors);
    files_free(&tags);
    return false;
}

bool selection_knows(const struct suite *suite, const char *word, FILE *errors)
{
    return knows(suite, word, strlen(word), errors);
}

/* The number of words of a list that are a tag of some scenario. */
static size_t count_known(const struct suite *suite, const char *list, FILE *errors)
{
    const char *word = NULL;
    size_t length = 0;
    size_t known = 0;
    while (list != NULL) {
        list = next_word(list, &word, &length);
        known += length > 0 && knows(suite, word, length, errors);
    }
    return known;
}

/* ---- What is left ---- */

static bool leaves(const void *host, const struct scenario *scenario)
{
    return selection_skips(host, scenario) == NULL;
}

static size_t count_left(const struct selection *selection, const struct suite *suite)
{
    size_t left = 0;
    for (size_t i = 0; i < suite->count; i++)
        left += leaves(selection, suite->scenarios[i]);
    return left;
}

static void complain_nothing(const struct selection *selection, const struct suite *suite, FILE *errors)
{
    const char *const options[] = { selection->only != NULL ? "--only-tags" : NULL,
                                    selection->skip != NULL ? "--skip-tags" : NULL,
                                    selection->levels != 0 ? "--level" : NULL };
    const size_t count = sizeof options / sizeof *options;
    size_t left = 0;
    for (size_t i = 0; i < count; i++)
        left += options[i] != NULL;
    const char *verb = left > 1 ? "exclude" : "excludes";
    fputs("rehearse: nothing is left to run: ", errors);
    for (size_t i = 0; i < count; i++)
        if (options[i] != NULL)
            fprintf(errors, "%s%s", options[i], --left > 1 ? ", " : left == 1 ? " and " : " ");
    fprintf(errors, "%s %zu of %zu cases\n", verb, suite->count, suite->count);
}

bool selection_apply(const struct selection *selection, struct suite *suite, FILE *errors)
{
    const size_t known = count_known(suite, selection->only, errors);
    (void)count_known(suite, selection->skip, errors);
    if (selection->title != NULL && !title_apply(selection->title, suite, errors))
        return false;
    if (suite->count == 0 || count_left(selection, suite) > 0)
        return true;
    if (selection->only == NULL || known > 0)
        complain_nothing(selection, suite, errors);
    return false;
}

static bool selects(const void *host, const struct scenario *scenario)
{
    const struct selection *selection = host;
    return leaves(selection, scenario) && (selection->title == NULL || title_has(scenario, selection->title));
}

void selection_narrow(const struct selection *selection, struct suite *suite)
{
    suite_narrow(suite, selects, selection);
}
