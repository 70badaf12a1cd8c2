#include "expectations.h"

#include "../must.h"
#include "../player/verdict.h"
#include "../text.h"
#include "files.h"

#include <string.h>
#include <unistd.h>

struct expected {
    const char *name, *words, *level, *reason; /* in the text of the file */
};

struct expectations {
    char *path, *text;
    struct expected *list; /* sorted by name */
    size_t count;
};

/* ---- Reading ---- */

/* Ends the field at " | " and returns what follows; NULL where there is no other. */
static char *end_field(char *field)
{
    char *bar = strstr(field, " | ");
    if (bar == NULL)
        return NULL;
    *bar = '\0';
    return bar + 3;
}

static bool read_line(char *line, struct expected *expected)
{
    char *words = end_field(line);
    char *level = words != NULL ? end_field(words) : NULL;
    char *reason = level != NULL ? end_field(level) : NULL;
    if (reason == NULL || *line == '\0' || *words == '\0' || *level == '\0' || *reason == '\0')
        return false;
    *expected = (struct expected){ line, words, level, reason };
    return true;
}

static int by_name(const void *one, const void *other)
{
    return strcmp(((const struct expected *)one)->name, ((const struct expected *)other)->name);
}

static bool are_different(const struct expectations *expectations, FILE *errors)
{
    for (size_t i = 1; i < expectations->count; i++) {
        if (by_name(&expectations->list[i - 1], &expectations->list[i]) == 0) {
            fprintf(errors, "%s: %s stands there twice\n", expectations->path, expectations->list[i].name);
            return false;
        }
    }
    return true;
}

static bool read_lines(struct expectations *expectations, FILE *errors)
{
    int number = 0;
    char *rest = NULL;
    for (char *line = expectations->text; line != NULL && *line != '\0'; line = rest) {
        char *end = strchr(line, '\n');
        rest = end != NULL ? end + 1 : NULL;
        if (end != NULL)
            *end = '\0';
        number++;
        if (*line == '\0' || *line == '#')
            continue;
        expectations->list =
            must(realloc(expectations->list, (expectations->count + 1) * sizeof *expectations->list));
        if (!read_line(line, &expectations->list[expectations->count])) {
            fprintf(errors, "%s:%d: expected CASE | WORDS | LEVEL | REASON\n", expectations->path, number);
            return false;
        }
        expectations->count++;
    }
    if (expectations->count > 0)
        qsort(expectations->list, expectations->count, sizeof *expectations->list, by_name);
    return are_different(expectations, errors);
}

struct expectations *expectations_load(const char *path, FILE *errors)
{
    size_t length;
    struct expectations *expectations = must(calloc(1, sizeof *expectations));
    expectations->path = must(strdup(path));
    expectations->text = file_read(path, &length);
    if (expectations->text == NULL)
        (void)file_cannot_read(path, errors);
    if (expectations->text != NULL && read_lines(expectations, errors))
        return expectations;
    expectations_free(expectations);
    return NULL;
}

bool expectations_of(const struct server_kind *kind, struct expectations **read, FILE *errors)
{
    struct text path = { 0 };
    *read = NULL;
    if (kind == NULL || kind->software == NULL || strchr(kind->software, '/') != NULL)
        return true;
    text_string(&path, EXPECTATIONS_FOLDER "/");
    text_string(&path, kind->software);
    const bool exists = access(path.bytes, F_OK) == 0;
    if (exists)
        *read = expectations_load(path.bytes, errors);
    text_free(&path);
    return !exists || *read != NULL;
}

void expectations_free(struct expectations *expectations)
{
    if (expectations == NULL)
        return;
    free(expectations->path);
    free(expectations->text);
    free(expectations->list);
    free(expectations);
}

const char *expectations_path(const struct expectations *expectations)
{
    return expectations->path;
}

/* ---- Judging ---- */

static void fail(struct player_result *result, const char *before, const struct expected *expected)
{
    char *summary = NULL;
    size_t length = 0;
    FILE *out = must(open_memstream(&summary, &length));
    fprintf(out, "%s \"%s\" (%s; %s)", before, expected->words, expected->level, expected->reason);
    fclose(out);
    verdict_fail(result, must(summary));
}

enum expectation expectations_apply(const struct expectations *expectations, const char *name,
                                    struct player_result *result)
{
    const struct expected key = { .name = name };
    if (expectations == NULL || expectations->count == 0 || result->skipped[0] != '\0')
        return EXPECTATION_NONE;
    const struct expected *expected =
        bsearch(&key, expectations->list, expectations->count, sizeof key, by_name);
    if (expected == NULL)
        return EXPECTATION_NONE;
    if (result->passed) {
        fail(result, "passed, but is expected to fail with", expected);
        return EXPECTATION_PASSED;
    }
    if (verdict_says(result, expected->words)) {
        verdict_pass(result);
        return EXPECTATION_MET;
    }
    fail(result, "failed, but is expected to fail with", expected);
    return EXPECTATION_OTHERWISE;
}
