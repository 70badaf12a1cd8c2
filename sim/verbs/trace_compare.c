#include "trace_compare.h"

#include <string.h>

enum { COMMON_SHOWN = 4, OTHERS_SHOWN = 6 };

static const char *bytes_of(const struct text *text)
{
    return text->length > 0 ? text->bytes : "";
}

static size_t line_length(const char *line)
{
    const char *end = strchr(line, '\n');
    return end != NULL ? (size_t)(end - line) + 1 : strlen(line);
}

static void print_lines(FILE *out, const char *mark, const char *lines, size_t most)
{
    if (*lines == '\0')
        fprintf(out, "%s(it ends here)\n", mark);
    for (; *lines != '\0' && most > 0; most--) {
        size_t length = line_length(lines);
        fprintf(out, "%s%.*s", mark, (int)length, lines);
        lines += length;
    }
}

/* The beginning of the line that is so many before `line`, or of the first. */
static const char *lines_back(const char *text, const char *line, size_t count)
{
    while (line > text && count > 0) {
        line--;
        while (line > text && line[-1] != '\n')
            line--;
        count--;
    }
    return line;
}

static void print_common(FILE *out, const char *text, const char *end)
{
    for (const char *line = lines_back(text, end, COMMON_SHOWN); line < end; line += line_length(line))
        fprintf(out, "  %.*s", (int)line_length(line), line);
}

bool trace_compare(FILE *out, const struct text *one, const struct text *other)
{
    const char *a = bytes_of(one);
    const char *b = bytes_of(other);
    size_t number = 1;
    while (*a != '\0' && line_length(a) == line_length(b) && memcmp(a, b, line_length(a)) == 0) {
        size_t length = line_length(a);
        a += length;
        b += length;
        number++;
    }
    if (*a == '\0' && *b == '\0')
        return true;
    fprintf(out, "the runs part at line %zu of the trace:\n\n", number);
    print_common(out, bytes_of(one), a);
    print_lines(out, "- ", a, OTHERS_SHOWN);
    print_lines(out, "+ ", b, OTHERS_SHOWN);
    return false;
}
