#include "conformance.h"

#include "../must.h"
#include "../player/verdict.h"
#include "../text.h"
#include "../tool/help.h"
#include "../tool/interrupt.h"
#include "../tool/machine.h"
#include "../tool/worker_pool.h"
#include "conformance_report.h"

#include <string.h>

enum { JOBS_MAX = 256 };

struct settings {
    const char *table; /* the folder of the two tables */
    bool json, verbose;
    uint64_t jobs;
    uint64_t seed;
    enum choice_policy policy;
};

/* `chosen` lists the cases of the suite that show some feature; the pool's indexes refer to this list. */
struct showing {
    const struct settings *settings;
    const struct suite *suite;
    size_t *chosen;
    size_t chosen_count;
    bool *passed;
    char **summaries;
};

static const char *take_table(void *settings, const char *value)
{
    ((struct settings *)settings)->table = value;
    return *value != '\0' ? NULL : "a folder";
}

static const char *take_format(void *settings, const char *value)
{
    struct settings *conformance = settings;
    conformance->json = strcmp(value, "json") == 0;
    return conformance->json || strcmp(value, "text") == 0 ? NULL : "text or json";
}

static const char *take_verbose(void *settings, const char *value)
{
    (void)value;
    ((struct settings *)settings)->verbose = true;
    return NULL;
}

static const char *take_jobs(void *settings, const char *value)
{
    return text_read_number(value, JOBS_MAX, &((struct settings *)settings)->jobs) ? NULL
                                                                                   : "a number from 0 to 256";
}

static const char *take_seed(void *settings, const char *value)
{
    struct settings *conformance = settings;
    conformance->policy = CHOICE_SEEDED;
    return text_read_number(value, UINT64_MAX, &conformance->seed) ? NULL : "a number below 2^64";
}

/* ---- Running ---- */

static void choose_cases(struct showing *showing, const struct conformance *conformance)
{
    showing->chosen = must(calloc(showing->suite->count + 1, sizeof *showing->chosen));
    for (size_t i = 0; i < showing->suite->count; i++) {
        bool shows = false;
        for (size_t j = 0; j < conformance->count && !shows; j++)
            shows = conformance->features[j].shown_by[i];
        if (shows)
            showing->chosen[showing->chosen_count++] = i;
    }
}

static void run_one(void *host, size_t index, struct worker_outcome *outcome)
{
    const struct showing *showing = host;
    const struct scenario *scenario = showing->suite->scenarios[showing->chosen[index]];
    const struct player_options options = { .policy = showing->settings->policy,
                                            .seed = showing->settings->seed,
                                            .box = outcome->box };
    player_run(scenario, &options, &outcome->result);
    verdict_apply(scenario, &outcome->result);
}

static bool tell_one(void *host, size_t index, struct worker_outcome *outcome)
{
    struct showing *showing = host;
    const size_t place = showing->chosen[index];
    showing->passed[place] = outcome->result.passed;
    if (outcome->result.summary != NULL)
        showing->summaries[place] = must(strdup(outcome->result.summary));
    return true;
}

static int report(const struct settings *settings, const struct conformance_results *results)
{
    if (settings->json)
        conformance_print_json(stdout, results);
    else
        conformance_print(stdout, results, help_columns(stdout), settings->verbose);
    if (!machine_close(stdout, "the report"))
        return STATUS_WRONG;
    return conformance_count(results).of[VERDICT_FAILED] == 0 ? STATUS_HELD : STATUS_FAILED;
}

/* After an interruption there is no report, because it would state that cases failed. */
static int run_and_report(const struct settings *settings, const struct conformance *conformance,
                          const struct suite *suite)
{
    int status = STATUS_WRONG;
    struct showing showing = { .settings = settings,
                               .suite = suite,
                               .passed = must(calloc(suite->count + 1, sizeof(bool))),
                               .summaries = must(calloc(suite->count + 1, sizeof(char *))) };
    choose_cases(&showing, conformance);
    interrupt_watch();
    worker_pool_run(&(struct worker_pool){ .count = showing.chosen_count,
                                           .jobs = (size_t)settings->jobs,
                                           .limit = WORKER_POOL_LIMIT,
                                           .run = run_one,
                                           .tell = tell_one,
                                           .host = &showing });
    if (interrupt_signal() != 0)
        fputs("rehearse: interrupted: there is no report\n", stderr);
    else
        status = report(settings, &(struct conformance_results){ .conformance = conformance,
                                                                 .suite = suite,
                                                                 .passed = showing.passed,
                                                                 .summaries = showing.summaries });
    for (size_t i = 0; i < suite->count; i++)
        free(showing.summaries[i]);
    free(showing.chosen);
    free(showing.passed);
    free(showing.summaries);
    return interrupt_status(status);
}

/* ---- The verb ---- */

static int act_on(const struct settings *settings, const char *folder)
{
    struct conformance conformance;
    struct suite suite = { 0 };
    int status = STATUS_WRONG;
    if (conformance_read(&conformance, settings->table, stderr) && suite_load(&suite, &folder, 1, stderr) &&
        conformance_match(&conformance, &suite, folder, stderr))
        status = run_and_report(settings, &conformance, &suite);
    conformance_free(&conformance);
    suite_free(&suite);
    return status;
}

static int conformance_act(const char *program, int count, char **arguments)
{
    struct settings settings = { .table = "fixtures/conformance", .jobs = 1, .policy = CHOICE_SCRIPTED };
    size_t folder_count = 0;
    int status = STATUS_WRONG;
    (void)program;
    const char **folders = must(calloc((size_t)count + 1, sizeof *folders));
    if (options_parse(&conformance_verb, &settings, count, arguments, folders, &folder_count, stderr)) {
        if (folder_count > 1)
            fputs("rehearse conformance: expected one PATH at most; see `rehearse help conformance`\n",
                  stderr);
        else
            status = act_on(&settings, folder_count == 1 ? folders[0] : "scenarios");
    }
    free(folders);
    return status;
}

static const struct option conformance_options[] = {
    { "table", "FOLDER", "the folder with features.tsv and evidence.tsv (fixtures/conformance)", take_table },
    { "format", "FORMAT", "text (default), or json: an object in a line for each feature", take_format },
    { "verbose", NULL, "with text, also list the files that show each feature", take_verbose },
    { "seed", "N", "run the scenarios under seed N instead of the default schedule", take_seed },
    { "jobs", "N", "run in N worker processes (1), or in this process (0), for a debugger", take_jobs },
};

const struct verb conformance_verb = {
    .name = "conformance",
    .arguments = "[OPTION...] [PATH]",
    .summary = "Reports which features of the RFCs the server supports, as scenarios show.",
    .about =
        "The features are those that RFC 6120 (section 15), RFC 6121 (section 13) and RFC 7622 (section 8)\n"
        "list for implementation reports.  PATH has the scenarios; the default is scenarios/.\n"
        "\n"
        "A feature is shown by the scenarios whose tags `## rfc: DOCUMENT SECTION` cite its section or one\n"
        "below it, or by those that the table of evidence names for it.  These scenarios are run, and the\n"
        "feature is supported if all of them pass, failed if one fails, and not shown if there is none.\n"
        "Features of other roles, such as those of a client, are not applicable; the reason is stated.\n"
        "\n"
        "Exit status: 0 when no feature failed, 1 when one failed, 2 for a usage error, or for tables or\n"
        "scenarios that cannot be read.\n",
    .options = conformance_options,
    .option_count = sizeof conformance_options / sizeof *conformance_options,
    .act = conformance_act,
};
