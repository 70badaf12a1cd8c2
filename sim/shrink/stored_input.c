#define _XOPEN_SOURCE 700 /* for realpath */

#include "stored_input.h"

#include "../must.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

const struct plot_options stored_plots = { .cast = 3, .steps = 16, .faults = PLOT_ALL };

/* ---- Where inputs are ---- */

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text);
    const size_t size = strlen(end);
    return length > size && strcmp(text + length - size, end) == 0;
}

/* Takes the last component off a path, and returns it; NULL where there is none. */
static const char *take_last(char *path)
{
    char *slash = strrchr(path, '/');
    if (slash == NULL)
        return NULL;
    *slash = '\0';
    return slash + 1;
}

char *stored_input_target(const char *path)
{
    char *target = NULL;
    struct stat status;
    char *real = realpath(path, NULL);
    if (real != NULL && stat(real, &status) == 0 && S_ISREG(status.st_mode)) {
        const char *name = take_last(real);
        const char *folder = take_last(real);
        const char *above = folder != NULL ? take_last(real) : NULL;
        if (above != NULL && strcmp(above, "inputs") == 0 && name[0] != '.' && !ends_with(name, ".txt"))
            target = must(strdup(folder));
    }
    free(real);
    return target;
}

static char *join(const char *folder, const char *name)
{
    const size_t size = strlen(folder) + strlen(name) + 2;
    char *path = must(malloc(size));
    (void)snprintf(path, size, "%s%s%s", folder, ends_with(folder, "/") ? "" : "/", name);
    return path;
}

/* Links to folders are not followed (files.h).  Takes the path. */
static bool find_entry(struct file_list *inputs, struct file_list *scenarios, char *path, FILE *errors)
{
    struct stat status;
    bool good = true;
    char *target = stored_input_target(path);
    if (target != NULL)
        files_add(inputs, path);
    else if (ends_with(path, ".scs") && stat(path, &status) == 0 && S_ISREG(status.st_mode))
        files_add(scenarios, path);
    else {
        if (lstat(path, &status) == 0 && S_ISDIR(status.st_mode))
            good = stored_inputs_find(inputs, scenarios, path, errors);
        free(path);
    }
    free(target);
    return good;
}

bool stored_inputs_find(struct file_list *inputs, struct file_list *scenarios, const char *folder,
                        FILE *errors)
{
    bool good = true;
    DIR *entries = opendir(folder);
    if (entries == NULL)
        return file_cannot_read(folder, errors);
    for (const struct dirent *entry; (entry = readdir(entries)) != NULL;)
        if (entry->d_name[0] != '.')
            good = find_entry(inputs, scenarios, join(folder, entry->d_name), errors) && good;
    closedir(entries);
    return good;
}

/* ---- What is run ---- */

bool stored_input_is_run_here(const char *target)
{
    return strcmp(target, "plot") == 0 || strcmp(target, "run") == 0;
}

static void load_plot(struct stored_input *input, const char *name, const unsigned char *bytes, size_t length)
{
    const struct plot_run plot = plot_of_bytes(&stored_plots, name, bytes, length, NULL);
    input->scenario = plot.scenario;
    input->options = (struct player_options){ .policy = CHOICE_FUZZED,
                                              .bytes = plot.bytes,
                                              .byte_count = plot.byte_count };
    free(plot.text);
}

static void load_text(struct stored_input *input, const char *name, const unsigned char *bytes, size_t length)
{
    struct complaints complaints = { 0 };
    const unsigned char *end = length > 0 ? memchr(bytes, STORED_SEPARATOR, length) : NULL;
    const size_t text = end != NULL ? (size_t)(end - bytes) : length;
    input->scenario = scenario_parse(name, (const char *)bytes, text, NULL, NULL, &complaints);
    input->options = (struct player_options){ .policy = CHOICE_SCRIPTED,
                                              .most_events = STORED_EVENTS_MOST,
                                              .most_iterations = STORED_ITERATIONS_MOST,
                                              .checks_only = true };
    if (end == NULL)
        return;
    input->options.policy = CHOICE_FUZZED;
    input->options.bytes = end + 1;
    input->options.byte_count = length - text - 1;
}

void stored_input_load(struct stored_input *input, const char *target, const char *name,
                       const unsigned char *bytes, size_t length)
{
    assert(stored_input_is_run_here(target));
    if (strcmp(target, "plot") == 0)
        load_plot(input, name, bytes, length);
    else
        load_text(input, name, bytes, length);
}

void stored_input_free(struct stored_input *input)
{
    scenario_free(input->scenario);
    *input = (struct stored_input){ 0 };
}

bool stored_input_fails(const struct stored_input *input, const struct player_result *result)
{
    const bool at_the_end = result->line == 0 && result->events > 0 && !result->drifted;
    return !result->passed && (!input->options.checks_only || result->check != NULL || at_the_end);
}
