#include "verdict.h"

#include "../must.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static bool is_white(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\t';
}

/* Whether a text begins with the words, any white space being equal. */
static bool begins_with(const char *text, const char *words)
{
    while (*words != '\0') {
        if (is_white(*words) && is_white(*text)) {
            while (is_white(*words))
                words++;
            while (is_white(*text))
                text++;
        } else if (*text++ != *words++) {
            return false;
        }
    }
    return true;
}

/* A sentence may be wrapped where the tag has a blank. */
static bool says(const char *text, const char *words)
{
    for (; text != NULL && *text != '\0'; text++)
        if (begins_with(text, words))
            return true;
    return false;
}

static char *sentence(const char *before, const char *words, const char *after)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = must(open_memstream(&text, &length));
    fprintf(out, "%s \"%s\"%s", before, words, after);
    fclose(out);
    return must(text);
}

/* The sentence, followed by the previous explanation. */
static char *explanation(const char *summary, const char *before)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = must(open_memstream(&text, &length));
    fprintf(out, "%s\n%s", summary, before != NULL ? before : "");
    fclose(out);
    return must(text);
}

void verdict_fail(struct player_result *result, char *summary)
{
    char *before = result->explanation;
    free(result->summary);
    result->passed = false;
    result->summary = summary;
    result->explanation = explanation(summary, before);
    free(before);
}

void verdict_pass(struct player_result *result)
{
    free(result->summary);
    free(result->explanation);
    result->passed = true;
    result->line = 0;
    result->check = NULL;
    result->summary = NULL;
    result->explanation = NULL;
}

bool verdict_says(const struct player_result *result, const char *words)
{
    return says(result->summary, words) || says(result->explanation, words);
}

void verdict_apply(const struct scenario *scenario, struct player_result *result)
{
    const char *words = scenario->fails;
    assert(result->passed == (result->summary == NULL));
    if (words == NULL || result->skipped[0] != '\0')
        return;
    if (result->passed)
        verdict_fail(result, sentence("passed, but its tag says that it must fail with", words, ""));
    else if (verdict_says(result, words))
        verdict_pass(result);
    else
        verdict_fail(result,
                     sentence("failed, but the failure does not contain", words, ", which its tag requires"));
}
