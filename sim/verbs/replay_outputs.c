#include "replay_outputs.h"

#include "../printable.h"
#include "../tool/machine.h"
#include "../tool/output.h"
#include "regression.h"

#include <stdlib.h>
#include <string.h>

/* A file that is written, and the option that says so. */
struct written {
    const char *option, *path;
};
enum { WRITTEN_MOST = REPORTS_MOST + 2 };

static size_t list_written(const struct replay_settings *settings, struct written list[WRITTEN_MOST])
{
    size_t count = 0;
    list[count++] = (struct written){ "trace", settings->trace };
    list[count++] = (struct written){ "record", settings->record };
    for (size_t i = 0; i < settings->reports.count; i++)
        list[count++] = (struct written){ settings->reports.list[i].option, settings->reports.list[i].path };
    return count;
}

/* Whether two outputs are the same file. */
static bool outputs_meet(const struct written *list, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (output_clash(list[i].path, &list[j].path, 1) == NULL)
                continue;
            fprintf(stderr, "rehearse replay: --%s and --%s would write the same file\n", list[j].option,
                    list[i].option);
            return true;
        }
    }
    return false;
}

bool replay_outputs_clash(const struct replay_settings *settings, const struct replay_source *source)
{
    struct written list[WRITTEN_MOST];
    const size_t count = list_written(settings, list);
    for (size_t i = 0; i < count; i++) {
        const char *clash = output_clash(list[i].path, &settings->bytes, 1);
        if (clash == NULL)
            clash = output_clash(list[i].path, (const char *const *)source->read.names, source->read.count);
        if (clash == NULL)
            continue;
        fprintf(stderr, "rehearse replay: --%s would overwrite ", list[i].option);
        printable_string(stderr, clash);
        fputs(", which is an input of the run\n", stderr);
        return true;
    }
    return outputs_meet(list, count);
}

static bool reports_open(struct replay_outputs *outputs, const struct replay_settings *settings)
{
    if (settings->reports.count > 0)
        outputs->reports = run_reports_open(&settings->reports, stdout);
    return settings->reports.count == 0 || outputs->reports != NULL;
}

bool replay_outputs_open(struct replay_outputs *outputs, const struct replay_settings *settings)
{
    *outputs = (struct replay_outputs){ .trace = NULL };
    if (settings->record != NULL) {
        struct output *output = output_open(settings->record);
        if (output == NULL)
            return false;
        output_abandon(output); /* a signal that ends the run leaves no file */
        outputs->record = settings->record;
    }
    if (!reports_open(outputs, settings))
        return false;
    if (settings->trace == NULL)
        return true;
    outputs->trace = strcmp(settings->trace, "-") == 0 ? stdout : machine_open(settings->trace);
    if (outputs->trace == NULL)
        run_reports_abandon(outputs->reports);
    return outputs->trace != NULL;
}

/* Writes the scenario that replays this run. */
static bool record(const char *path, const struct replay_source *source, const struct recording *choices)
{
    struct output *output = output_open(path);
    if (output == NULL)
        return false;
    char *text = regression_write(source->text, source->scenario->row, source->options.seed, choices);
    fputs(text, output_file(output));
    free(text);
    return output_commit(output);
}

bool replay_outputs_close(const struct replay_outputs *outputs, const struct replay_settings *settings,
                          const struct replay_source *source, const struct recording *choices)
{
    bool written = outputs->record == NULL || record(outputs->record, source, choices);
    if (outputs->trace != stdout)
        written = machine_close(outputs->trace, settings->trace) && written;
    return written;
}

bool replay_outputs_take_standard(const struct replay_settings *settings)
{
    for (size_t i = 0; i < settings->reports.count; i++)
        if (settings->reports.list[i].path == NULL)
            return true;
    return false;
}

struct event_kept replay_outputs_kept(const struct replay_outputs *outputs, uint64_t number)
{
    return outputs->reports != NULL ? run_reports_kept(outputs->reports, number) : (struct event_kept){ 0 };
}
