/*
 * scenario.c - the scenario language: what is parsed, printed and parsed again is the same scenario.
 *
 * The bytes are a .scs file; behind a byte 0x1e, what each file that its head names holds.
 */
#include "../language/scenario.h"
#include "../language/scenario_print.h"
#include "../language/scenario_same.h"
#include "../must.h"
#include "../printable.h"
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

enum { SEPARATOR = 0x1e, ROWS_TRIED = 4 };

const struct fuzz_target fuzz_target = {
    .name = "scenario",
    .what = "a scenario file and, behind a byte 0x1e, the content of the files that it names",
    .longest = 8192,
    .seconds = 5,
    .megabytes = 1024,
    .dictionary = "scenario.dict",
};

/* ---- Reading ---- */

/* The named files, which all have the same content. */
struct named {
    const char *text; /* NULL: they cannot be read */
    size_t length;
};

static char *read_named(void *host, const char *path, size_t *length)
{
    const struct named *named = host;
    fuzz_check(*path != '\0', "a file without a name is read");
    if (named->text == NULL)
        return NULL;
    char *copy = must(malloc(named->length + 1));
    memcpy(copy, named->text, named->length);
    copy[named->length] = '\0';
    *length = named->length;
    return copy;
}

/* ---- Complaints ---- */

static size_t count_lines(const char *text, size_t length)
{
    size_t lines = 1;
    for (size_t i = 0; i < length; i++)
        lines += text[i] == '\n';
    return lines;
}

static void check_complaint(const struct complaint *complaint, size_t lines)
{
    const char *message = complaint->message;
    fuzz_check(memchr(message, '\0', sizeof complaint->message) != NULL, "a message without an end");
    fuzz_check(*message != '\0', "an empty message");
    fuzz_check(complaint->line >= 0 && (size_t)complaint->line <= lines, "line %d of %zu", complaint->line,
               lines);
    char *printable = printable_copy(message, strlen(message));
    fuzz_check(strcmp(printable, message) == 0, "a message that is not printable: %s", printable);
    free(printable);
}

/* There is a scenario where there is no complaint, and none where there is one. */
static void check_complaints(const struct complaints *complaints, const struct scenario *scenario,
                             size_t lines)
{
    fuzz_check((complaints->count == 0) == (scenario != NULL), "%zu complaints and %s scenario",
               complaints->count, scenario != NULL ? "a" : "no");
    for (size_t i = 0; i < complaints->count && i < COMPLAINTS_MAX; i++)
        check_complaint(&complaints->list[i], lines);
}

/* ---- Printing ---- */

static void check_print(const struct scenario *scenario)
{
    struct complaints complaints = { 0 };
    struct scenario_difference difference;
    char *printed = scenario_print(scenario);
    struct scenario *again =
        scenario_parse(scenario->path, printed, strlen(printed), NULL, NULL, &complaints);
    fuzz_check(again != NULL, "line %d of what was printed: %s\n%s", complaints.list[0].line,
               complaints.list[0].message, printed);
    fuzz_check(scenario_compare(scenario, again, &difference), "%s, line %d, is not what was printed:\n%s",
               difference.what, difference.line, printed);
    char *twice = scenario_print(again);
    fuzz_check(strcmp(printed, twice) == 0, "printed twice, it differs:\n%s\n%s", printed, twice);
    free(twice);
    scenario_free(again);
    free(printed);
}

/* Returns how many rows there are. */
static size_t try_row(struct scenario_file *file, size_t row, size_t lines)
{
    struct complaints complaints = { 0 };
    struct scenario *scenario = scenario_file_row(file, row, &complaints);
    check_complaints(&complaints, scenario, lines);
    if (scenario == NULL)
        return 0;
    const size_t rows = scenario->rows;
    fuzz_check(scenario->row <= rows, "row %zu of %zu", scenario->row, rows);
    check_print(scenario);
    scenario_free(scenario);
    return rows;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct fuzz_input input = { bytes, size };
    struct named named = { 0 };
    size_t length;
    const char *text = fuzz_until(&input, SEPARATOR, &length);
    if (length < size)
        named = (struct named){ (const char *)input.at, input.left };
    const size_t lines = count_lines(text, length);
    /* Of exactly its size, so that a sanitizer sees a read behind its end. */
    char *copy = must(malloc(length > 0 ? length : 1));
    if (length > 0)
        memcpy(copy, text, length);
    struct scenario_file *file = scenario_file_new("the input", copy, length, read_named, &named);
    const size_t rows = try_row(file, 1, lines);
    for (size_t row = 2; row <= rows && row <= ROWS_TRIED; row++)
        (void)try_row(file, row, lines);
    scenario_file_free(file);
    free(copy);
    fuzz_forget();
    return 0;
}
