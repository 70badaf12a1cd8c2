/*
 * files.c - the other files that the tool reads: what is read and written again is the same.
 *
 * The first byte chooses the kind of file; the rest is its content.
 */
#include "../language/scenario.h"
#include "../must.h"
#include "../sweep/sweep_result.h"
#include "../tool/last_failed.h"
#include "../world/choice.h"
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

const struct fuzz_target fuzz_target = {
    .name = "files",
    .what =
        "a byte for the kind: results of a sweep, two of them to join, recorded choices, a roster, tags, a "
        "record of failed cases; then the file",
    .longest = 4096,
    .seconds = 5,
    .megabytes = 1024,
    .dictionary = "files.dict",
};

/* A string of exactly its size; the caller frees. */
static char *string_of(const char *bytes, size_t length)
{
    char *string = must(malloc(length + 1));
    if (length > 0)
        memcpy(string, bytes, length);
    string[length] = '\0';
    return string;
}

static char *take_rest(struct fuzz_input *input)
{
    char *string = string_of((const char *)input->at, input->left);
    input->left = 0;
    return string;
}

/* ---- Results of sweeps ---- */

static bool read_result(const char *text, struct sweep_result *result)
{
    int line = -1;
    if (sweep_parse(text, result, &line))
        return true;
    fuzz_check(line >= 1, "a malformed result without a line: %d", line);
    fuzz_check(result->failures == NULL && result->gaps.list == NULL, "a refused result is not empty");
    return false;
}

static void check_result(const struct sweep_result *result)
{
    struct sweep_result again;
    int line = 0;
    char *printed = sweep_print(result);
    fuzz_check(sweep_parse(printed, &again, &line), "line %d of a printed result is refused:\n%s", line,
               printed);
    char *twice = sweep_print(&again);
    fuzz_check(strcmp(printed, twice) == 0, "a result changes:\n%s\n%s", printed, twice);
    free(twice);
    sweep_result_free(&again);
    free(printed);
}

static void try_result(struct fuzz_input *input)
{
    struct sweep_result result;
    char *text = take_rest(input);
    if (read_result(text, &result)) {
        check_result(&result);
        free(sweep_share_missing(&result.share));
        free(sweep_gaps_missing(&result.gaps));
        sweep_result_free(&result);
    }
    free(text);
}

/* As merge.c does. */
static void join(struct sweep_result *into, const struct sweep_result *from)
{
    uint64_t part;
    if (!sweep_share_is_of_same_sweep(&into->share, &from->share) ||
        sweep_share_overlaps(&into->share, &from->share, &part))
        return;
    sweep_join(into, from);
    sweep_share_join(&into->share, &from->share);
    sweep_gaps_join(&into->gaps, &from->gaps);
    check_result(into);
}

static void try_results(struct fuzz_input *input)
{
    struct sweep_result one;
    struct sweep_result other;
    size_t length;
    const char *first = fuzz_until(input, 0x1e, &length);
    char *text = string_of(first, length);
    char *second = take_rest(input);
    if (read_result(text, &one)) {
        if (read_result(second, &other)) {
            join(&one, &other);
            sweep_result_free(&other);
        }
        sweep_result_free(&one);
    }
    free(text);
    free(second);
}

/* ---- Recorded choices ---- */

static void check_recording(const struct recording *recording)
{
    struct recording again = { 0 };
    char *printed = recording_print(recording);
    fuzz_check(recording_parse(printed, &again), "a printed recording is refused: %s", printed);
    char *twice = recording_print(&again);
    fuzz_check(strcmp(printed, twice) == 0, "a recording changes: %s, %s", printed, twice);
    free(twice);
    free(printed);
    recording_free(&again);
}

static void try_recording(struct fuzz_input *input)
{
    struct recording recording = { 0 };
    char *text = take_rest(input);
    if (recording_parse(text, &recording))
        check_recording(&recording);
    else
        fuzz_check(recording.count == 0, "a refused recording is not empty");
    recording_free(&recording);
    free(text);
}

/* ---- A roster that a scenario names, and the tags of one ---- */

static char *read_rest(void *host, const char *path, size_t *length)
{
    const struct fuzz_input *input = host;
    (void)path;
    *length = input->left;
    return string_of((const char *)input->at, input->left);
}

static void parse(const char *text, size_t length, struct fuzz_input *files)
{
    struct complaints complaints = { 0 };
    struct scenario *scenario = scenario_parse("the input", text, length, read_rest, files, &complaints);
    fuzz_check((scenario == NULL) == (complaints.count > 0), "%zu complaints", complaints.count);
    scenario_free(scenario);
}

static void try_roster(struct fuzz_input *input)
{
    static const char text[] = "[Client] Romeo\n\tjid: romeo@montague.lit\n"
                               "[Roster] romeo@montague.lit\n\tfrom: a.roster\n---\nRomeo connects\n";
    parse(text, sizeof text - 1, input);
}

/* Each line of the input becomes a tag. */
static void try_tags(struct fuzz_input *input)
{
    static const char rest[] = "\n[Client] Romeo\n\tjid: romeo@montague.lit\n---\nRomeo connects\n";
    struct text text = { 0 };
    text_string(&text, "# A title");
    while (input->left > 0) {
        size_t length;
        const char *line = fuzz_until(input, '\n', &length);
        text_string(&text, "\n## ");
        text_append(&text, line, length);
    }
    text_string(&text, rest);
    parse(text.bytes, text.length, input);
    text_free(&text);
}

/* ---- The record of failed cases ---- */

static void try_failed(struct fuzz_input *input)
{
    struct file_list names = { 0 };
    size_t length;
    const char *directory = fuzz_until(input, '\n', &length);
    char *folder = string_of(directory, length);
    char *record = string_of((const char *)input->at, input->left);
    if (last_failed_parse(record, input->left, folder, &names))
        for (size_t i = 0; i < names.count; i++)
            fuzz_check(files_have(&names, names.names[i]), "a name is not found: %s", names.names[i]);
    else
        fuzz_check(names.count == 0, "a refused record has names");
    files_free(&names);
    free(record);
    free(folder);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static void (*const kinds[])(struct fuzz_input *) = { try_result, try_results, try_recording,
                                                          try_roster, try_tags,    try_failed };
    struct fuzz_input input = { bytes, size };
    kinds[fuzz_below(&input, sizeof kinds / sizeof kinds[0])](&input);
    fuzz_forget();
    return 0;
}
