#include "matrix.h"

#include "../must.h"
#include "../text.h"
#include "../tool/interrupt.h"
#include "../tool/machine.h"
#include "../tool/output.h"
#include "../tool/selection.h"
#include "../tool/suite.h"
#include "../tool/worker_pool.h"
#include "matrix_counts.h"

#include <string.h>

enum { JOBS_MAX = 256 };

struct settings {
    struct selection selection; /* must be the first member: the shared options expect it there */
    struct server_list servers;
    void (*write)(FILE *out, const struct matrix *matrix);
    const char *output; /* NULL for standard output */
    uint64_t jobs;
    uint64_t time_limit; /* of each run */
};

struct matrix_run {
    const struct settings *settings;
    const struct suite *suite;
    const char *const *paths;
    size_t path_count;
    struct matrix matrix;
};

/* ---- Options ---- */

static const char *take_server(void *settings, const char *value)
{
    return server_list_take(&((struct settings *)settings)->servers, value);
}

static const char *take_format(void *settings, const char *value)
{
    static const struct {
        const char *name;
        void (*write)(FILE *out, const struct matrix *matrix);
    } formats[] = { { "text", matrix_write_text },
                    { "json", matrix_write_json },
                    { "svg", matrix_write_svg } };
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (strcmp(value, formats[i].name) == 0) {
            ((struct settings *)settings)->write = formats[i].write;
            return NULL;
        }
    return "text, json or svg";
}

static const char *take_output(void *settings, const char *value)
{
    ((struct settings *)settings)->output = value;
    return *value != '\0' ? NULL : "a file";
}

static const char *take_jobs(void *settings, const char *value)
{
    uint64_t *jobs = &((struct settings *)settings)->jobs;
    return text_read_number(value, JOBS_MAX, jobs) ? NULL : "a number from 0 to 256";
}

static const char *take_time_limit(void *settings, const char *value)
{
    return options_span(value, &((struct settings *)settings)->time_limit) ? NULL : OPTIONS_SPAN;
}

/* ---- Running ---- */

static struct scenario *scenario_at(void *host, size_t index, uint64_t *seed)
{
    const struct matrix_run *run = host;
    *seed = 0;
    return run->suite->scenarios[index];
}

static bool tell(void *host, size_t index, const struct several_result *results)
{
    struct matrix_run *run = host;
    const struct scenario *scenario = run->suite->scenarios[index];
    char *topic = matrix_topic_of(scenario->path, run->paths, run->path_count);
    matrix_count(&run->matrix, topic, scenario->level, results);
    free(topic);
    return true;
}

/* The runs on all servers. */
struct sums {
    size_t passed, failed, skipped;
};

static struct sums sum_up(const struct matrix *matrix)
{
    struct sums sums = { 0 };
    for (size_t i = 0; i < matrix->servers->count; i++) {
        sums.passed += matrix_sum(matrix->all[i].passed);
        sums.failed += matrix_sum(matrix->all[i].failed);
        sums.skipped += matrix_sum(matrix->all[i].skipped);
    }
    return sums;
}

static void print_sums(struct sums sums)
{
    printf("%zu passed, %zu failed", sums.passed, sums.failed);
    if (sums.skipped > 0)
        printf(", %zu skipped", sums.skipped);
    putchar('\n');
}

/* Closes the output.  Other formats than the table take all of standard output. */
static bool write_matrix(const struct matrix_run *run, struct output *output)
{
    const bool is_table = run->settings->write == matrix_write_text;
    run->settings->write(output != NULL ? output_file(output) : stdout, &run->matrix);
    if (output != NULL && !output_commit(output))
        return false;
    if (output == NULL && is_table)
        putchar('\n');
    if (output != NULL || is_table)
        print_sums(sum_up(&run->matrix));
    return machine_close(stdout, "standard output");
}

static int run_suite(struct matrix_run *run, struct output *output)
{
    const struct settings *settings = run->settings;
    interrupt_watch();
    several_run(&(struct several){ .servers = &settings->servers,
                                   .count = run->suite->count,
                                   .jobs = (size_t)settings->jobs,
                                   .time_limit = settings->time_limit,
                                   .policy = CHOICE_SCRIPTED,
                                   .scenario = scenario_at,
                                   .tell = tell,
                                   .host = run });
    if (interrupt_signal() != 0) {
        fputs("rehearse: interrupted: the matrix is not written\n", stderr);
        output_abandon(output);
        return interrupt_status(STATUS_FAILED);
    }
    if (!write_matrix(run, output))
        return STATUS_WRONG;
    return sum_up(&run->matrix).failed == 0 ? STATUS_HELD : STATUS_FAILED;
}

static int run_paths(const struct settings *settings, const char *const *paths, size_t path_count)
{
    struct matrix_run run = { .settings = settings,
                              .paths = paths,
                              .path_count = path_count,
                              .matrix = matrix_new(&settings->servers) };
    struct output *output = settings->output != NULL ? output_open(settings->output) : NULL;
    struct suite suite = { 0 };
    int status = STATUS_WRONG;
    if (settings->output != NULL && output == NULL)
        return STATUS_WRONG;
    run.suite = &suite;
    if (suite_load(&suite, paths, path_count, stderr) &&
        selection_apply(&settings->selection, &suite, stderr) &&
        (output == NULL || suite_is_apart(&suite, "matrix", "--output ", settings->output, stderr))) {
        selection_narrow(&settings->selection, &suite);
        status = run_suite(&run, output);
    } else {
        output_abandon(output);
    }
    matrix_free(&run.matrix);
    suite_free(&suite);
    return status;
}

static int matrix_act(const char *program, int count, char **arguments)
{
    static const char *const usual_paths[] = { "scenarios" };
    struct settings settings = { .write = matrix_write_text, .jobs = 1, .time_limit = WORKER_POOL_LIMIT };
    size_t path_count = 0;
    int status = STATUS_WRONG;
    (void)program;
    const char **paths = must(calloc((size_t)count + 1, sizeof *paths));
    if (options_parse(&matrix_verb, &settings, count, arguments, paths, &path_count, stderr) &&
        server_list_open("matrix", &settings.servers, 1, stderr))
        status =
            path_count > 0 ? run_paths(&settings, paths, path_count) : run_paths(&settings, usual_paths, 1);
    selection_free(&settings.selection);
    free(paths);
    return status;
}

static const struct option matrix_options[] = {
    SERVERS_OPTION(take_server),
    { "format", "FORMAT", "text (default), json, or svg, a picture for light and dark pages", take_format },
    { "output", "FILE", "write the matrix to FILE; standard output gets only the counts", take_output },
    SELECTION_OPTIONS,
    { "jobs", "N", "run in N worker processes (1), or in this process (0), for a debugger", take_jobs },
    { "time-limit", "SPAN", "a run that takes longer in real time fails; SPAN is such as 1s (60s)",
      take_time_limit },
};

const struct verb matrix_verb = {
    .name = "matrix",
    .arguments = "[OPTION...] [PATH...]",
    .summary = "Runs scenarios on several servers, and counts the results by topic and level.",
    .about =
        "--server is given for each server.  Each scenario is run on each in the default schedule.  The\n"
        "matrix has a row for each topic and a column for each server, with the numbers of cases that "
        "passed,\n"
        "failed, and were skipped because the server lacks something.  The topic of a scenario is the first\n"
        "folder below the PATH by which it was found; of a file that is directly in the PATH, its folder.\n"
        "The default PATH is scenarios/.  Cases are counted by their level, too: must, should, may and "
        "ours.\n"
        "\n"
        "With --format text, and with --output, the last line is \"N passed, N failed\", followed by\n"
        "\", N skipped\" if any were: the runs on all servers.  Exit status: 0 when all passed, 1 when one\n"
        "failed, 2 for a usage error or a file that cannot be read or written, 130 or 143 after SIGINT or\n"
        "SIGTERM; no matrix is written then.\n",
    .options = matrix_options,
    .option_count = sizeof matrix_options / sizeof *matrix_options,
    .act = matrix_act,
};
