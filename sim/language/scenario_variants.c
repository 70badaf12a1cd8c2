#include "../client/scram_final.h"
#include "scenario_steps.h"

/* The text of so many words, as written; *words becomes smaller when there are fewer. */
static struct slice text_of_words(const struct token *token, size_t *words)
{
    struct slice text = { token->text.text, 0 };
    size_t taken = 0;
    for (; taken < *words && token->kind == TOKEN_WORD; token++, taken++)
        text.length = (size_t)(token->text.text - text.text) + token->text.length;
    *words = taken;
    return text;
}

/* Whether the words are those of the name, with any number of blanks between. */
static bool are_words_of(const struct token *token, const char *name, size_t *words)
{
    struct slice rest = slice_of(name), word;
    *words = 0;
    for (bool more = true; more; token++, (*words)++) {
        more = slice_cut(&rest, " ", &word);
        if (token->kind != TOKEN_WORD || !slice_same(token->text, word))
            return false;
    }
    return true;
}

static size_t count_words(const char *name)
{
    size_t words = 1;
    for (; *name != '\0'; name++)
        words += *name == ' ';
    return words;
}

const char *find_variant(const struct token *token, size_t *words)
{
    const struct scram_variant *variant;
    const char *found = NULL;
    for (size_t i = 0; (variant = scram_variant_at(i)) != NULL; i++) {
        size_t length;
        if (!are_words_of(token, variant->name, &length) || (found != NULL && length <= *words))
            continue;
        found = variant->name;
        *words = length;
    }
    return found;
}

const char *find_similar_variant(const struct token *token, size_t *words)
{
    const struct scram_variant *variant;
    const char *found = NULL;
    size_t least = 0;
    for (size_t i = 0; (variant = scram_variant_at(i)) != NULL; i++) {
        const struct slice name = slice_of(variant->name);
        size_t length = count_words(variant->name);
        const size_t d = edit_distance(text_of_words(token, &length), name);
        if (length == 0 || d > name.length / 4 || (found != NULL && d >= least))
            continue;
        found = variant->name;
        *words = length;
        least = d;
    }
    return found;
}
