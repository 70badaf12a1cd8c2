#include "black_box.h"

#include "../printable.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_SHOWN = 12 };

/* ---- While it runs ---- */

static void put(char place[BLACK_BOX_TEXT], const char *text)
{
    size_t length = strlen(text);
    if (length > BLACK_BOX_TEXT - 1)
        length = BLACK_BOX_TEXT - 1;
    memcpy(place, text, length);
    place[length] = '\0';
}

struct trace_tail *black_box_begin(struct black_box *box, const char *path, const char *replay)
{
    const size_t length = replay != NULL ? strlen(replay) : 0;
    black_box_clear(box);
    put(box->path, path);
    put(box->step, "before the first step");
    if (length > 0 && length < sizeof box->replay)
        memcpy(box->replay, replay, length + 1);
    return &box->tail;
}

void black_box_step(struct black_box *box, const struct step *step)
{
    box->line = step != NULL ? step->line : 0;
    put(box->step, step != NULL ? step->source : "at the end");
}

void black_box_end(struct black_box *box)
{
    box->begun++;
    if (box->stop == BLACK_BOX_LATE)
        box->stop = BLACK_BOX_GOES_ON;
}

void black_box_clear(struct black_box *box)
{
    black_box_end(box);
    box->tail.count = 0;
    box->path[0] = box->replay[0] = box->step[0] = '\0';
    box->line = 0;
}

/* ---- Behind it ---- */

struct last_line {
    const char *text;
    size_t length;
};

static void take_line(void *host, uint64_t number, const char *line, size_t length)
{
    (void)number;
    *(struct last_line *)host =
        (struct last_line){ line, length < TRACE_LINE_KEPT ? length : TRACE_LINE_KEPT };
}

/* The position after the next space, or the end. */
static const char *next_word(const char *at, const char *end)
{
    const char *space = memchr(at, ' ', (size_t)(end - at));
    return space != NULL ? space + 1 : end;
}

/* A line is "TIME WHO WHAT BYTES\n"; the kind includes the name of an element in BYTES. */
void black_box_last_kind(const struct black_box *box, char kind[BLACK_BOX_KIND])
{
    struct last_line last = { "", 0 };
    trace_tail_last(&box->tail, 1, take_line, &last);
    const char *const end = last.text + last.length;
    const char *const who = next_word(last.text, end);
    const char *const what = next_word(who, end);
    const bool step = end - who > 5 && memcmp(who, "step ", 5) == 0;
    const bool moves = end - what > 3 && (*what == '<' || *what == '>') && *next_word(what, end) == '<';
    const char *const from = step ? who : what;
    const char *to = moves ? next_word(what, end) : from;
    while (to < end && strchr(moves ? " />\n" : " \n", *to) == NULL)
        to++;
    const size_t length = to - from < BLACK_BOX_KIND ? (size_t)(to - from) : BLACK_BOX_KIND - 1;
    memcpy(kind, from, length);
    kind[length] = '\0';
}

static void write_line(void *host, uint64_t number, const char *line, size_t length)
{
    FILE *out = host;
    if (length > TRACE_LINE_KEPT)
        length = TRACE_LINE_KEPT;
    char *shown = printable_copy(line, length > 0 ? length - 1 : 0);
    fputs("  ", out);
    trace_write(out, number, shown, strlen(shown));
    fputc('\n', out);
    free(shown);
}

/* Whether the text is terminated and not empty. */
static bool is_text(const char *text, size_t size)
{
    return text[0] != '\0' && memchr(text, '\0', size) != NULL;
}

static void write_place(FILE *out, const struct black_box *box)
{
    if (!is_text(box->path, sizeof box->path) || !is_text(box->step, sizeof box->step))
        return;
    printable_string(out, box->path);
    if (box->line > 0)
        fprintf(out, ":%d", box->line);
    fputs(": ", out);
    printable_string(out, box->step);
    fputc('\n', out);
}

void black_box_explain(FILE *out, const struct black_box *box, const char *sentence)
{
    write_place(out, box);
    fputs("  ", out);
    printable_string(out, sentence);
    fputc('\n', out);
    if (box->tail.count == 0)
        return;
    fprintf(out, "\n  the last lines of the trace (of %" PRIu64 "):\n", box->tail.count);
    trace_tail_last(&box->tail, LINES_SHOWN, write_line, out);
}

void black_box_explain_replay(FILE *out, const struct black_box *box)
{
    if (!is_text(box->replay, sizeof box->replay))
        return;
    fputs("\n  to reproduce:\n    ", out);
    printable_string(out, box->replay);
    fputc('\n', out);
}
