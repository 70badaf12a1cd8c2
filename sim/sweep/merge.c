#include "merge.h"

#include "../must.h"
#include "../printable.h"
#include "../text.h"
#include "../tool/files.h"
#include "../tool/output.h"
#include "sweep_summary.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

struct settings {
    const char *output;
};

static const char *take_output(void *settings, const char *value)
{
    ((struct settings *)settings)->output = value;
    return *value != '\0' ? NULL : "a file";
}

/* Reports what is wrong with a line of a file.  The message contains the name of another file, unless that is
 * NULL. */
static void complain_of(const char *path, int line, const char *before, const char *other, const char *behind)
{
    printable_string(stderr, path);
    fprintf(stderr, ":%d: %s", line, before);
    if (other != NULL)
        printable_string(stderr, other);
    fprintf(stderr, "%s\n", behind);
}

/* A file and its result. */
struct part {
    const char *path;
    struct sweep_result result;
};

static bool read_part(const char *path, struct part *part)
{
    size_t length = 0;
    int line = 0;
    char *text = file_read(path, &length);
    part->path = path;
    if (text == NULL) {
        return file_cannot_read(path, stderr);
    }
    const bool good = strlen(text) == length && sweep_parse(text, &part->result, &line);
    if (!good)
        complain_of(path, line,
                    "this is not the result of a sweep; expected a file that `rehearse sweep --output` wrote",
                    NULL, "");
    free(text);
    return good;
}

/* ---- Whether they belong together ---- */

static bool same_plots(const struct plot_options *a, const struct plot_options *b)
{
    return a->cast == b->cast && a->steps == b->steps && a->faults == b->faults && a->kind == b->kind;
}

static void complain_of_overlap(const struct part *one, const struct part *other, uint64_t part)
{
    char words[80] = "these seeds are in ";
    if (part > 0)
        (void)snprintf(words, sizeof words, "part %" PRIu64 " of %" PRIu64 " is in ", part,
                       one->result.share.shards);
    complain_of(other->path, 3, words, one->path, " too; expected each part once");
}

static bool go_together(const struct part *one, const struct part *other)
{
    uint64_t part;
    if (!same_plots(&one->result.options, &other->result.options)) {
        complain_of(other->path, 2, "these plots differ from those of ", one->path,
                    "; expected the same cast, steps and faults");
        return false;
    }
    if (!sweep_share_is_of_same_sweep(&one->result.share, &other->result.share)) {
        complain_of(other->path, 3, "this is a part of a different sweep than ", one->path,
                    "; expected the same seeds in the same number of parts");
        return false;
    }
    if (!sweep_share_overlaps(&one->result.share, &other->result.share, &part))
        return true;
    complain_of_overlap(one, other, part);
    return false;
}

static bool all_go_together(const struct part *parts, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (!go_together(&parts[j], &parts[i]))
                return false;
    return true;
}

/* ---- Joined ---- */

/* Names each part that stopped early, with its missing seeds. */
static void note_early_end(struct text *notes, const struct part *part)
{
    const uint64_t seeds = sweep_share_seeds(&part->result.share);
    if (part->result.gaps.count == 0)
        return;
    char *path = printable_copy(part->path, strlen(part->path));
    text_string(notes, path);
    free(path);
    text_string(notes, " stopped early: ");
    text_number(notes, part->result.runs);
    text_string(notes, " seeds of ");
    text_number(notes, seeds);
    text_string(notes, " were run; ");
    char *missing = sweep_gaps_missing(&part->result.gaps);
    text_string(notes, missing);
    free(missing);
    text_string(notes, "\n");
}

/* The first becomes the sum of all.  A sweep with missing seeds has not passed; failures in the seeds that
 * were run still count. */
static int join(const char *program, struct part *parts, size_t count, struct output *output)
{
    struct text notes = { 0 };
    struct sweep_result *all = &parts[0].result;
    for (size_t i = 0; i < count; i++)
        note_early_end(&notes, &parts[i]);
    for (size_t i = 1; i < count; i++) {
        sweep_join(all, &parts[i].result);
        sweep_share_join(&all->share, &parts[i].result.share);
        sweep_gaps_join(&all->gaps, &parts[i].result.gaps);
    }
    char *missing = sweep_share_missing(&all->share);
    if (missing != NULL) {
        text_string(&notes, missing);
        text_string(&notes, "\n");
    }
    char *said = text_take(&notes);
    const uint64_t seeds = all->share.last - all->share.first + 1;
    const bool incomplete = missing != NULL || all->gaps.count > 0;
    const int status = sweep_conclude(program, all, seeds, said, output);
    free(missing);
    free(said);
    return status == STATUS_HELD && incomplete ? STATUS_WRONG : status;
}

static int merge_files(const char *program, const char *const *paths, size_t count, const char *output)
{
    struct part *parts = must(calloc(count, sizeof *parts));
    size_t read = 0;
    while (read < count && read_part(paths[read], &parts[read]))
        read++;
    const bool good = read == count && all_go_together(parts, count);
    struct output *const file = good && output != NULL ? output_open(output) : NULL;
    const bool opened = good && (file != NULL || output == NULL);
    const int status = opened ? join(program, parts, count, file) : STATUS_WRONG;
    while (read > 0)
        sweep_result_free(&parts[--read].result);
    free(parts);
    return status;
}

static int merge_act(const char *program, int count, char **arguments)
{
    struct settings settings = { NULL };
    size_t path_count = 0;
    const char **paths = must(calloc((size_t)count + 1, sizeof *paths));
    bool good = options_parse(&merge_verb, &settings, count, arguments, paths, &path_count, stderr);
    if (good && path_count == 0) {
        fputs("rehearse merge: expected the files that `rehearse sweep --output` wrote\n", stderr);
        good = false;
    }
    const int status = good ? merge_files(program, paths, path_count, settings.output) : STATUS_WRONG;
    free(paths);
    return status;
}

static const struct option merge_options[] = {
    { "output", "FILE", "write the joined result to FILE", take_output },
};

const struct verb merge_verb = {
    .name = "merge",
    .arguments = "[OPTION...] FILE...",
    .summary = "Joins the result files of the parts of a sweep.",
    .about = "Each FILE was written by `rehearse sweep --shard K/N --output FILE`.  The output and the exit "
             "status\n"
             "are those of the whole sweep.  Missing parts are named, and the missing seeds of parts that "
             "stopped\n"
             "early.  The exit status is then 1 when a seed failed, else 2, and no sum of the traces is "
             "printed.\n"
             "Parts of different sweeps, and a part that is given twice, are rejected.\n",
    .options = merge_options,
    .option_count = sizeof merge_options / sizeof *merge_options,
    .act = merge_act,
};
