#include "beside.h"

#include "../must.h"
#include "../tool/json.h"
#include "trace_compare.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { BESIDE_MOST = 4 << 20 };

struct writing {
    FILE *out;
    const char *between;
    size_t written; /* bytes of lines */
    bool cut;
};

/* The time of a line, "0.031000000", in nanoseconds. */
static uint64_t time_of(const char *line)
{
    char *end = NULL;
    const uint64_t seconds = strtoull(line, &end, 10);
    return *end == '.' ? seconds * 1000000000u + strtoull(end + 1, NULL, 10) : 0;
}

/* A side of a row: null, or its number, time and text without the time. */
static void print_side(FILE *out, const struct trace_row *row, int side)
{
    const char *line = row->lines[side];
    const size_t length = row->lengths[side];
    json_key(out, side == 0 ? "one" : "other");
    if (line == NULL) {
        fputs("null", out);
        return;
    }
    const char *blank = memchr(line, ' ', length);
    const char *text = blank != NULL ? blank + 1 : line;
    fprintf(out, "{\"side\":%d", side + 1);
    json_number(out, "line", row->numbers[side]);
    json_number(out, "time_ns", time_of(line));
    json_bytes(out, "text", text, length - (size_t)(text - line));
    fputc('}', out);
}

static void print_row(void *host, const struct trace_row *row)
{
    struct writing *writing = host;
    writing->written += row->lengths[0] + row->lengths[1];
    writing->cut = writing->cut || writing->written > BESIDE_MOST;
    if (writing->cut)
        return;
    fprintf(writing->out, "%s{\"similar\":%s", writing->between, row->similar ? "true" : "false");
    print_side(writing->out, row, 0);
    print_side(writing->out, row, 1);
    fputc('}', writing->out);
    writing->between = ",";
}

char *beside_line(const struct beside *beside)
{
    char *text = NULL;
    size_t length = 0;
    struct writing writing = { .out = must(open_memstream(&text, &length)), .between = "" };
    FILE *out = writing.out;
    fputs("{\"type\":\"beside\"", out);
    json_key(out, "cases");
    fprintf(out, "[%" PRIu64 ",%" PRIu64 "]", beside->cases[0], beside->cases[1]);
    json_key(out, "names");
    fputc('[', out);
    json_quote(out, beside->names[0]);
    fputc(',', out);
    json_quote(out, beside->names[1]);
    fputc(']', out);
    json_string(out, "of", beside->of_trace ? "trace" : "answers");
    json_key(out, "rows");
    fputc('[', out);
    trace_align(beside->texts[0], beside->texts[1], beside->exactly, print_row, &writing);
    fputc(']', out);
    json_bool(out, "cut", writing.cut);
    fputs("}\n", out);
    (void)fclose(out);
    return must(text);
}
