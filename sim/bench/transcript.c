#include "transcript.h"

#include "../must.h"

#include <stdlib.h>
#include <string.h>

struct piece {
    struct piece *next;
    bool to_server;
    size_t length;
    char bytes[];
};

/* A line of the trace about bytes is "TIME WHO > BYTES" or "TIME WHO < BYTES"; the workloads contain nothing
 * that the trace escapes. */
void transcript_note(void *host, uint64_t number, const char *line, size_t length)
{
    (void)number;
    struct transcript *transcript = host;
    const char *who = (const char *)memchr(line, ' ', length) + 1;
    const char *what = (const char *)memchr(who, ' ', length - (size_t)(who - line)) + 1;
    if (!transcript->listens || (what[0] != '>' && what[0] != '<') || what[1] != ' ')
        return;
    const size_t bytes = length - (size_t)(what + 2 - line) - 1;
    struct piece *piece = must(malloc(sizeof *piece + bytes));
    *piece = (struct piece){ .to_server = what[0] == '>', .length = bytes };
    memcpy(piece->bytes, what + 2, bytes);
    if (transcript->last != NULL)
        transcript->last->next = piece;
    else
        transcript->first = piece;
    transcript->last = piece;
}

void transcript_free(struct transcript *transcript)
{
    while (transcript->first != NULL) {
        struct piece *piece = transcript->first;
        transcript->first = piece->next;
        free(piece);
    }
}

static bool begins_stream(const struct piece *piece)
{
    return piece->length > 5 && strncmp(piece->bytes, "<?xml", 5) == 0;
}

void transcript_parse(const struct transcript *transcript, struct bare *const sides[2])
{
    for (const struct piece *piece = transcript->first; piece != NULL; piece = piece->next) {
        if (begins_stream(piece))
            bare_reset(sides[piece->to_server]);
        bare_parse(sides[piece->to_server], piece->bytes, piece->length);
    }
}
