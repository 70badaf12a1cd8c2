#include "selection.h"

#include "../must.h"

#include <stdio.h>
#include <string.h>

/* Trims blanks off both ends of the next word of a list.  Returns what follows the word and its comma, or
 * NULL at the list's end. */
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

static bool carries_one(const struct scenario *scenario, const char *list)
{
    const char *word = NULL;
    size_t length = 0;
    while (list != NULL) {
        list = next_word(list, &word, &length);
        for (const struct tag *tag = scenario->tags; tag != NULL; tag = tag->next)
            if (names_tag(word, length, tag))
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

void selection_free(struct selection *selection)
{
    free(selection->only);
    free(selection->skip);
    *selection = (struct selection){ 0 };
}

const char *selection_skips(const struct selection *selection, const struct scenario *scenario)
{
    if (selection->only != NULL && !carries_one(scenario, selection->only))
        return "carries none of --only-tags";
    if (selection->skip != NULL && carries_one(scenario, selection->skip))
        return "carries one of --skip-tags";
    return NULL;
}
