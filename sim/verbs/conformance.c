#include "conformance.h"

#include "../must.h"
#include "../player/verdict.h"
#include "../text.h"
#include "../tool/help.h"
#include "../tool/interrupt.h"
#include "../tool/machine.h"
#include "../tool/output.h"
#include "../tool/server_list.h"
#include "../tool/worker_pool.h"
#include "conformance_page.h"

#include <string.h>

enum { JOBS_MAX = 256 };

struct settings {
    const char *table; /* the folder of the two tables */
    bool json, verbose;
    uint64_t jobs;
    uint64_t seed;
    enum choice_policy policy;
    struct server_list servers; /* empty for our core */
    const char *html;           /* a file, or NULL */
};

/* The runs on one server.  `chosen` lists the cases of the suite that show some feature; the pool's indexes
 * refer to this list. */
struct showing {
    const struct settings *settings;
    const struct suite *suite;
    const struct server_kind *server; /* NULL for our core */
    size_t *chosen;
    size_t chosen_count;
    enum case_outcome *outcomes;
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

static const char *take_server(void *settings, const char *value)
{
    return server_list_take(&((struct settings *)settings)->servers, value);
}

static const char *take_html(void *settings, const char *value)
{
    ((struct settings *)settings)->html = value;
    return *value != '\0' && strcmp(value, "-") != 0 ? NULL : "a file";
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
    const struct player_options options = { .kind = showing->server,
                                            .policy = showing->settings->policy,
                                            .seed = showing->settings->seed,
                                            .box = outcome->box };
    player_run(scenario, &options, &outcome->result);
    verdict_apply(scenario, &outcome->result);
}

static bool tell_one(void *host, size_t index, struct worker_outcome *outcome)
{
    struct showing *showing = host;
    const size_t place = showing->chosen[index];
    const struct player_result *result = &outcome->result;
    const bool lacks = result->skipped[0] != '\0';
    showing->outcomes[place] = lacks ? CASE_NOT_RUN : result->passed ? CASE_PASSED : CASE_FAILED;
    if (lacks) {
        struct text why = { 0 };
        text_string(&why, "the server lacks ");
        text_string(&why, result->skipped);
        showing->summaries[place] = text_take(&why);
    } else if (result->summary != NULL) {
        showing->summaries[place] = must(strdup(result->summary));
    }
    return true;
}

static void run_on(struct showing *showing, const struct conformance *conformance)
{
    const size_t size = showing->suite->count + 1;
    showing->outcomes = must(calloc(size, sizeof *showing->outcomes));
    showing->summaries = must(calloc(size, sizeof(char *)));
    choose_cases(showing, conformance);
    worker_pool_run(&(struct worker_pool){ .count = showing->chosen_count,
                                           .jobs = (size_t)showing->settings->jobs,
                                           .limit = WORKER_POOL_LIMIT,
                                           .run = run_one,
                                           .tell = tell_one,
                                           .host = showing });
}

static void showing_free(struct showing *showing)
{
    for (size_t i = 0; i < showing->suite->count; i++)
        free(showing->summaries[i]);
    free(showing->chosen);
    free(showing->outcomes);
    free(showing->summaries);
}

static int report(const struct settings *settings, const struct conformance_results *results, size_t servers)
{
    bool failed = false;
    for (size_t i = 0; i < servers; i++) {
        if (servers > 1)
            printf("%sThe server %s\n\n", i > 0 ? "\n" : "", conformance_server(&results[i]));
        if (settings->json)
            conformance_print_json(stdout, &results[i]);
        else
            conformance_print(stdout, &results[i], help_columns(stdout), settings->verbose);
        failed = failed || conformance_count(&results[i]).of[VERDICT_FAILED] > 0;
    }
    if (!machine_close(stdout, "the report"))
        return STATUS_WRONG;
    return failed ? STATUS_FAILED : STATUS_HELD;
}

/* Closes the page.  After an interruption there is no report, because it would state that cases failed. */
static int conclude(const struct settings *settings, const struct conformance_results *results,
                    size_t servers, struct output *page)
{
    if (interrupt_signal() != 0) {
        fputs("rehearse: interrupted: there is no report\n", stderr);
        output_abandon(page);
        return STATUS_WRONG;
    }
    const int status = report(settings, results, servers);
    if (page != NULL)
        conformance_page(output_file(page), results, servers);
    return output_commit(page) ? status : STATUS_WRONG;
}

static int run_and_report(const struct settings *settings, const struct conformance *conformance,
                          const struct suite *suite)
{
    struct showing showing[SERVER_LIST_MOST];
    struct conformance_results results[SERVER_LIST_MOST];
    const size_t servers = settings->servers.count > 0 ? settings->servers.count : 1;
    if (settings->html != NULL && !suite_is_apart(suite, "conformance", "--html ", settings->html, stderr))
        return STATUS_WRONG;
    struct output *page = settings->html != NULL ? output_open(settings->html) : NULL;
    if (settings->html != NULL && page == NULL)
        return STATUS_WRONG;
    interrupt_watch();
    for (size_t i = 0; i < servers; i++) {
        showing[i] =
            (struct showing){ .settings = settings, .suite = suite, .server = settings->servers.kinds[i] };
        run_on(&showing[i], conformance);
        results[i] = (struct conformance_results){ conformance, suite, showing[i].server, showing[i].outcomes,
                                                   showing[i].summaries };
    }
    const int status = conclude(settings, results, servers, page);
    for (size_t i = 0; i < servers; i++)
        showing_free(&showing[i]);
    return interrupt_status(status);
}

/* Whether the options go together. */
static bool options_agree(const struct settings *settings)
{
    if (!settings->json || settings->servers.count <= 1)
        return server_list_open("conformance", &settings->servers, 0, stderr);
    fputs("rehearse conformance: --format json is of one server; the page of --html has several\n", stderr);
    return false;
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
        else if (options_agree(&settings))
            status = act_on(&settings, folder_count == 1 ? folders[0] : "scenarios");
    }
    free(folders);
    return status;
}

static const struct option conformance_options[] = {
    { "table", "FOLDER", "the folder with features.tsv and evidence.tsv (fixtures/conformance)", take_table },
    { "format", "FORMAT", "text (default), or json: an object in a line for each feature", take_format },
    { "html", "FILE", "also write the report to FILE as a page, for a browser", take_html },
    SERVERS_OPTION(take_server),
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
        "Without --server it is our core that is tested.  Of several servers the text has a report each; the "
        "page\n"
        "of --html shows their verdicts side by side.  A scenario that needs what a server lacks is not run, "
        "and\n"
        "shows nothing of that server.\n"
        "\n"
        "Exit status: 0 when no feature failed, 1 when one failed, 2 for a usage error, or for tables or\n"
        "scenarios that cannot be read.\n",
    .options = conformance_options,
    .option_count = sizeof conformance_options / sizeof *conformance_options,
    .act = conformance_act,
};
