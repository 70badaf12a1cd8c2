#include "../must.h"
#include "scenario_parser.h"

#include <stddef.h>

/* ---- Memory: a list of chunks; the newest is being filled ---- */

struct piece {
    struct piece *next;
    size_t size, used; /* of the bytes */
    max_align_t bytes[];
};

enum { PIECE_SIZE = 4096 };

static struct piece *new_piece(struct scenario *scenario, size_t size)
{
    struct piece *piece = must(calloc(1, sizeof *piece + size));
    piece->next = scenario->memory;
    piece->size = size;
    scenario->memory = piece;
    return piece;
}

void *keep(struct scenario *scenario, size_t size)
{
    size_t most = PIECE_SIZE - sizeof(struct piece);
    struct piece *piece = scenario->memory;
    size = (size + _Alignof(max_align_t) - 1) / _Alignof(max_align_t) * _Alignof(max_align_t);
    if (piece == NULL || piece->size - piece->used < size)
        piece = new_piece(scenario, size > most ? size : most);
    void *kept = (char *)piece->bytes + piece->used;
    piece->used += size;
    return kept;
}

const char *keep_text(struct scenario *scenario, struct slice text)
{
    char *copy = keep(scenario, text.length + 1);
    if (text.length > 0)
        memcpy(copy, text.text, text.length);
    return copy;
}

const char *copy_text(struct scenario *scenario, const char *text)
{
    return text != NULL ? keep_text(scenario, slice_of(text)) : NULL;
}

void free_stanzas(struct step *steps)
{
    for (struct step *step = steps; step != NULL; step = step->next) {
        for (struct xml *stanza = step->stanzas; stanza != NULL;) {
            struct xml *next = stanza->next;
            xml_free(stanza);
            stanza = next;
        }
        free_stanzas(step->steps);
    }
}

void scenario_free(struct scenario *scenario)
{
    if (scenario == NULL || --scenario->users > 0)
        return;
    scenario_free(scenario->common);
    free_stanzas(scenario->steps);
    for (struct piece *piece = scenario->memory; piece != NULL;) {
        struct piece *next = piece->next;
        free(piece);
        piece = next;
    }
    free(scenario);
}

/* ---- Questions ---- */

const char *scenario_tag(const struct scenario *scenario, const char *name)
{
    for (const struct tag *tag = scenario->tags; tag != NULL; tag = tag->next)
        if (strcmp(tag->name, name) == 0)
            return tag->value;
    return NULL;
}
