#include "renaming.h"

#include "../must.h"
#include "../text.h"

#include <stdio.h>
#include <string.h>

static const char *const names[] = { "Romeo",  "Juliet", "Mercutio", "Benvolio",
                                     "Tybalt", "Nurse",  "Paris",    "Rosaline" };
enum { NAMES = sizeof names / sizeof names[0] };

static const char *const devices[] = { "", "'s phone", "'s tablet", "'s laptop" };
enum { DEVICES = sizeof devices / sizeof devices[0] };

/* A word and what it becomes; all words change at once. */
struct replacement {
    const char *old;
    char new[48];
};

struct renaming {
    struct replacement *list;
    size_t count;
};

static void replace(struct renaming *renaming, const char *old, const char *new, const char *behind)
{
    struct replacement *added = &renaming->list[renaming->count++];
    added->old = old;
    (void)snprintf(added->new, sizeof added->new, "%s%s", new, behind);
}

static void lower(char *word)
{
    for (; *word != '\0'; word++)
        if (*word >= 'A' && *word <= 'Z')
            *word = (char)(*word - 'A' + 'a');
}

static size_t first_client(const struct scenario *scenario, const char *jid)
{
    size_t first = 0;
    while (strcmp(scenario->cast[first].jid, jid) != 0)
        first++;
    return first;
}

/* The number of accounts before that of a character; the number of clients of its account before it. */
static size_t count_accounts(const struct scenario *scenario, size_t index)
{
    size_t count = 0;
    size_t end = first_client(scenario, scenario->cast[index].jid);
    for (size_t i = 0; i < end; i++)
        count += first_client(scenario, scenario->cast[i].jid) == i;
    return count;
}

static size_t count_clients(const struct scenario *scenario, size_t index)
{
    size_t count = 0;
    for (size_t i = 0; i < index; i++)
        count += strcmp(scenario->cast[i].jid, scenario->cast[index].jid) == 0;
    return count;
}

static void rename_character(struct renaming *renaming, const struct scenario *scenario, size_t index)
{
    const struct character *character = &scenario->cast[index];
    size_t account = count_accounts(scenario, index);
    size_t clients = count_clients(scenario, index);
    if (account >= NAMES || clients >= DEVICES)
        return;
    replace(renaming, character->name, names[account], devices[clients]);
    if (clients > 0 || character->local == NULL)
        return;
    replace(renaming, character->local, names[account], "");
    lower(renaming->list[renaming->count - 1].new);
}

static void rename_domain(struct renaming *renaming, const struct scenario *scenario)
{
    if (scenario->cast_count == 0 || scenario->servers != NULL)
        return;
    const char *domain = scenario->cast[0].domain;
    for (size_t i = 1; i < scenario->cast_count; i++)
        if (strcmp(scenario->cast[i].domain, domain) != 0)
            return;
    replace(renaming, domain, "localhost", "");
}

/* ---- Words in a text ---- */

static bool is_of_a_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           (unsigned char)c >= 0x80;
}

/* The longest replacement whose word is at this position, or NULL. */
static const struct replacement *find(const struct renaming *renaming, const char *at)
{
    const struct replacement *found = NULL;
    size_t longest = 0;
    for (size_t i = 0; i < renaming->count; i++) {
        size_t length = strlen(renaming->list[i].old);
        if (length <= longest || strncmp(at, renaming->list[i].old, length) != 0 || is_of_a_word(at[length]))
            continue;
        found = &renaming->list[i];
        longest = length;
    }
    return found;
}

static char *apply(const struct renaming *renaming, const char *text)
{
    struct text out = { 0 };
    for (const char *at = text; *at != '\0';) {
        bool begins = at == text || !is_of_a_word(at[-1]);
        const struct replacement *found = begins ? find(renaming, at) : NULL;
        if (found == NULL) {
            text_append(&out, at++, 1);
            continue;
        }
        text_string(&out, found->new);
        at += strlen(found->old);
    }
    return text_take(&out);
}

char *renaming_usual(const struct scenario *scenario, const char *text)
{
    struct renaming renaming = { 0 };
    renaming.list = must(calloc(2 * scenario->cast_count + 1, sizeof *renaming.list));
    for (size_t i = 0; i < scenario->cast_count; i++)
        rename_character(&renaming, scenario, i);
    rename_domain(&renaming, scenario);
    char *renamed = apply(&renaming, text);
    free(renaming.list);
    return renamed;
}
