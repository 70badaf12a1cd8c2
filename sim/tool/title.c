#include "title.h"

#include "../must.h"
#include "../printable.h"
#include "options.h"

#include <string.h>

/* ---- Words ---- */

static const char blanks[] = " \t\n";

/* Takes the next word from `*at`; empty at the end. */
static size_t next_word(const char **at, const char **word)
{
    *word = *at + strspn(*at, blanks);
    const size_t length = strcspn(*word, blanks);
    *at = *word + length;
    return length;
}

static char lower(char letter)
{
    if (letter >= 'A' && letter <= 'Z')
        return (char)(letter - 'A' + 'a');
    return letter;
}

static bool begins(const char *text, const char *word, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] == '\0' || lower(text[i]) != lower(word[i]))
            return false;
    return true;
}

static bool contains(const char *text, const char *word, size_t length)
{
    for (; *text != '\0'; text++)
        if (begins(text, word, length))
            return true;
    return false;
}

static bool has_word(const struct scenario *scenario, const char *word, size_t length)
{
    return contains(scenario->title, word, length) || contains(scenario->name, word, length);
}

bool title_add(char **words, const char *more)
{
    if (strspn(more, blanks) == strlen(more))
        return false;
    const size_t before = *words != NULL ? strlen(*words) : 0;
    char *joined = must(malloc(before + strlen(more) + 2));
    snprintf(joined, before + strlen(more) + 2, "%s%s%s", before > 0 ? *words : "", before > 0 ? " " : "",
             more);
    free(*words);
    *words = joined;
    return true;
}

bool title_has(const struct scenario *scenario, const char *words)
{
    const char *word;
    for (size_t length = next_word(&words, &word); length > 0; length = next_word(&words, &word))
        if (!has_word(scenario, word, length))
            return false;
    return true;
}

/* ---- The nearest ---- */

enum { NEAREST_MOST = 3, SIMILAR_LEAST = 4 };

/* Whether the word may be a misspelling of a word of the title.  Short words are not compared, because all
 * are similar. */
static bool has_similar(const char *title, const char *word, size_t length)
{
    const char *other;
    bool found = false;
    if (length < SIMILAR_LEAST)
        return false;
    char *sought = must(strndup(word, length));
    for (size_t i = 0; i < length; i++)
        sought[i] = lower(sought[i]);
    for (size_t size = next_word(&title, &other); size > 0 && !found; size = next_word(&title, &other)) {
        char *name = must(strndup(other, size));
        for (size_t i = 0; i < size; i++)
            name[i] = lower(name[i]);
        found = options_likeliest(sought, length, (const char *const[]){ name }, 1) != NULL;
        free(name);
    }
    free(sought);
    return found;
}

/* Two points for each word that the scenario has, one for each similar word. */
static unsigned score(const struct scenario *scenario, const char *words)
{
    const char *word;
    unsigned points = 0;
    for (size_t length = next_word(&words, &word); length > 0; length = next_word(&words, &word)) {
        if (has_word(scenario, word, length))
            points += 2;
        else
            points += has_similar(scenario->title, word, length);
    }
    return points;
}

static void print_nearest(const char *words, const struct suite *suite, FILE *errors)
{
    unsigned best = 0;
    size_t printed = 0;
    unsigned *scores = must(calloc(suite->count + 1, sizeof *scores));
    for (size_t i = 0; i < suite->count; i++) {
        scores[i] = score(suite->scenarios[i], words);
        best = scores[i] > best ? scores[i] : best;
    }
    fputs(best > 0 ? "; the nearest:\n" : "\n", errors);
    for (size_t i = 0; i < suite->count && best > 0 && printed < NEAREST_MOST; i++) {
        if (scores[i] != best)
            continue;
        fputs("  ", errors);
        printable_string(errors, suite->scenarios[i]->title);
        fputs("  ", errors);
        printable_string(errors, suite->scenarios[i]->name);
        fputc('\n', errors);
        printed++;
    }
    free(scores);
}

/* ---- Choosing ---- */

static bool keeps(const void *words, const struct scenario *scenario)
{
    return title_has(scenario, words);
}

bool title_apply(const char *words, struct suite *suite, FILE *errors)
{
    bool any = suite->count == 0;
    for (size_t i = 0; i < suite->count && !any; i++)
        any = title_has(suite->scenarios[i], words);
    if (any) {
        suite_narrow(suite, keeps, words);
        return true;
    }
    fputs("rehearse: no title or path has \"", errors);
    printable_string(errors, words);
    fputc('"', errors);
    print_nearest(words, suite, errors);
    return false;
}
