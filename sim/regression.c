#include "regression.h"

#include "must.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A file on its way: what of it the line at hand is in. */
struct passage {
    bool head;
    bool table;  /* below [Table] */
    size_t rows; /* of it that have come, the line of columns among them */
};

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

/* Whether a line begins so, behind blanks. */
static bool begins(const char *line, const char *words)
{
    while (*line == ' ' || *line == '\t')
        line++;
    return strncmp(line, words, strlen(words)) == 0;
}

static bool is_empty(const char *line, size_t length)
{
    while (length > 0 && is_blank(line[length - 1]))
        length--;
    return length == 0;
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

/* ---- What stays ---- */

static bool is_other_row(struct passage *passage, const char *line, size_t length, size_t row)
{
    if (is_empty(line, length) || begins(line, "#"))
        return false;
    if (*line != ' ' && *line != '\t')
        passage->table = false;
    if (begins(line, "[Table]")) {
        passage->table = true;
        return false;
    }
    return passage->table && passage->rows++ > 0 && passage->rows != row + 1;
}

static bool stays(struct passage *passage, const char *line, size_t length, size_t row)
{
    if (strncmp(line, "---", 3) == 0)
        passage->head = false;
    if (!passage->head)
        return true;
    if (is_tag(line, "seed") || is_tag(line, "choices"))
        return false;
    return !is_other_row(passage, line, length, row);
}

static void append_tags(struct text *out, uint64_t seed, const struct recording *choices)
{
    char word[48];
    char *printed = recording_print(choices);
    (void)snprintf(word, sizeof word, "## seed: %" PRIu64 "\n", seed);
    if (seed != 0)
        text_string(out, word);
    text_string(out, "## choices: ");
    text_string(out, printed);
    text_string(out, "\n");
    free(printed);
}

char *regression_write(const char *text, size_t row, uint64_t seed, const struct recording *choices)
{
    struct text out = { 0 };
    struct passage passage = { .head = true };
    bool titled = text[0] == '#' && text[1] != '#';
    if (!titled)
        append_tags(&out, seed, choices);
    for (const char *line = text; *line != '\0'; line += line_length(line)) {
        size_t length = line_length(line);
        if (stays(&passage, line, length, row))
            text_append(&out, line, length);
        if (line == text && titled)
            append_tags(&out, seed, choices);
    }
    return text_take(&out);
}
