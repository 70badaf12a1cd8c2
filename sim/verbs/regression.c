#include "regression.h"

#include "../must.h"
#include "../text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- Lines ---- */

static size_t line_length(const char *line)
{
    const char *end = strchr(line, '\n');
    return end != NULL ? (size_t)(end - line) + 1 : strlen(line);
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* Whether the line begins with the text, after blanks. */
static bool begins(const char *line, const char *words)
{
    while (*line == ' ' || *line == '\t')
        line++;
    return strncmp(line, words, strlen(words)) == 0;
}

/* "## NAME: ..." or "## NAME" */
static bool is_tag(const char *line, const char *name)
{
    if (!begins(line, "##"))
        return false;
    line = strstr(line, "##") + 2;
    while (*line == ' ' || *line == '\t')
        line++;
    size_t length = strlen(name);
    return strncmp(line, name, length) == 0 && (line[length] == ':' || is_blank(line[length]));
}

static bool is_of_a_run(const char *line)
{
    return is_tag(line, "seed") || is_tag(line, "row") || is_tag(line, "choices");
}

/* ---- The file ---- */

static void append_number(struct text *out, const char *tag, uint64_t number)
{
    char line[48];
    (void)snprintf(line, sizeof line, "## %s: %" PRIu64 "\n", tag, number);
    if (number != 0)
        text_string(out, line);
}

static void append_tags(struct text *out, size_t row, uint64_t seed, const struct recording *choices)
{
    char *printed = recording_print(choices);
    append_number(out, "row", row);
    append_number(out, "seed", seed);
    text_string(out, "## choices: ");
    text_string(out, printed);
    text_string(out, "\n");
    free(printed);
}

char *regression_write(const char *text, size_t row, uint64_t seed, const struct recording *choices)
{
    struct text out = { 0 };
    bool head = true;
    bool titled = text[0] == '#' && text[1] != '#';
    if (!titled)
        append_tags(&out, row, seed, choices);
    for (const char *line = text; *line != '\0'; line += line_length(line)) {
        head = head && strncmp(line, "---", 3) != 0;
        if (!head || !is_of_a_run(line))
            text_append(&out, line, line_length(line));
        if (line == text && titled)
            append_tags(&out, row, seed, choices);
    }
    return text_take(&out);
}
