#include "compare_settings.h"

#include "../language/scenario_edit.h"
#include "../printable.h"
#include "../shrink/shrink_input.h"
#include "../shrink/shrinking.h"
#include "../text.h"
#include "../tool/interrupt.h"
#include "../tool/machine.h"
#include "../tool/output.h"

#include <stdlib.h>

static void complain(const struct compare_settings *settings, const char *what)
{
    fprintf(stderr, "rehearse compare: the %s does not pass on ", what);
    printable_string(stderr, settings->servers.kinds[0]->name);
    fputs(" and fail on ", stderr);
    printable_string(stderr, settings->servers.kinds[1]->name);
    fputs("; there is nothing to shrink\n", stderr);
}

/* "passes on core, fails on pipe:./other"; the caller frees. */
static char *origin_of(const struct compare_settings *settings)
{
    struct text origin = { 0 };
    text_string(&origin, "passes on ");
    text_string(&origin, settings->servers.kinds[0]->name);
    text_string(&origin, ", fails on ");
    text_string(&origin, settings->servers.kinds[1]->name);
    return text_take(&origin);
}

/* Closes the output. */
static bool write_file(struct output *output, const char *file)
{
    fputs(file, output != NULL ? output_file(output) : stdout);
    return output != NULL ? output_commit(output) : machine_close(stdout, "standard output");
}

/* A plot is run as it is compared: steps take turns, in the default schedule. */
static struct chance chance_of(const struct compare_settings *settings, struct shrink_input *input)
{
    uint64_t seed;
    if (!text_read_number(settings->shrink, UINT64_MAX, &seed))
        return shrink_input_chance(input);
    scenario_take_turns(input->scenario);
    return (struct chance){ .policy = CHOICE_SCRIPTED };
}

/* Closes the output. */
static int shrink_loaded(const struct compare_settings *settings, struct shrink_input *input,
                         struct output *output)
{
    char *origin = origin_of(settings);
    const struct shrinking shrinking = { .kind = settings->servers.kinds[1],
                                         .other = settings->servers.kinds[0],
                                         .verb = "compare",
                                         .path = settings->output != NULL ? settings->output : "shrunk.scs",
                                         .finding = { .what = input->what, .origin = origin },
                                         .time = settings->time,
                                         .time_limit = settings->time_limit };
    struct shrunk shrunk;
    bool written = false;
    const enum shrinking_end end =
        shrinking_run(&shrinking, input->scenario, chance_of(settings, input), &shrunk);
    if (end == SHRINKING_DONE)
        written = write_file(output, shrunk.file);
    else
        output_abandon(output);
    if (end == SHRINKING_PASSES)
        complain(settings, input->what);
    shrunk_free(&shrunk);
    free(origin);
    return written ? interrupt_status(STATUS_HELD) : STATUS_WRONG;
}

int compare_shrink(const struct compare_settings *settings)
{
    const char *path = settings->output;
    struct output *output = path != NULL ? output_open(path) : NULL;
    if (path != NULL && output == NULL)
        return STATUS_WRONG;
    const struct shrink_asked asked = { .verb = "compare",
                                        .plots = &settings->plots,
                                        .seed = settings->seeded ? &settings->seed : NULL };
    struct shrink_input input;
    int status = STATUS_WRONG;
    interrupt_watch();
    if (shrink_input_load(&input, &asked, settings->shrink, stderr) &&
        (path == NULL || suite_is_apart(&input.suite, "compare", "--output ", path, stderr)))
        status = shrink_loaded(settings, &input, output);
    else
        output_abandon(output);
    shrink_input_free(&input);
    return status;
}
