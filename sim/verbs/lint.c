#include "lint.h"

#include "../must.h"
#include "../printable.h"
#include "../tool/machine.h"
#include "../tool/suite.h"

#include <string.h>

/* Each case states its level, unless it judges no expectations.  A tag of the head is that of all rows.  Returns
 * false after printing an error for each file without one. */
static bool have_levels(const struct suite *suite)
{
    bool good = true;
    for (size_t i = 0; i < suite->count; i++) {
        const struct scenario *scenario = suite->scenarios[i];
        if (scenario->level != LEVEL_UNSTATED || scenario->checks_only ||
            (i > 0 && strcmp(scenario->path, suite->scenarios[i - 1]->path) == 0))
            continue;
        good = false;
        printable_string(stderr, scenario->path);
        fputs(":1: no level; expected a tag \"## level: must\", should, may or ours\n", stderr);
    }
    return good;
}

/* Returns false after printing an error. */
static bool tell_good(const struct suite *suite)
{
    printf("%zu file%s", suite->file_count, suite->file_count == 1 ? "" : "s");
    if (suite->count != suite->file_count)
        printf(" with %zu cases", suite->count);
    puts(", no complaints");
    return machine_close(stdout, "standard output");
}

static int lint_act(const char *program, int count, char **arguments)
{
    struct suite suite = { 0 };
    size_t path_count = 0;
    (void)program;
    const char **paths = must(calloc((size_t)count + 1, sizeof *paths));
    bool good = options_parse(&lint_verb, NULL, count, arguments, paths, &path_count, stderr);
    if (good && path_count == 0) {
        fputs("rehearse lint: no PATH was given; see `rehearse help lint`\n", stderr);
        good = false;
    }
    if (good) {
        good = suite_load(&suite, paths, path_count, stderr) && have_levels(&suite) && tell_good(&suite);
        suite_free(&suite);
    }
    free(paths);
    return good ? STATUS_HELD : STATUS_WRONG;
}

const struct verb lint_verb = {
    .name = "lint",
    .arguments = "PATH...",
    .summary = "Parses scenario files and prints the errors in them; runs nothing.",
    .about =
        "A PATH is a file or a folder; a folder means every *.scs file below it.  - is standard input.\n"
        "Each error is printed as a line FILE:LINE: MESSAGE on standard error; the exit status is then 2.\n"
        "A file whose expectations are judged must state their level: ## level: must, should, may or ours.\n",
    .act = lint_act,
};
