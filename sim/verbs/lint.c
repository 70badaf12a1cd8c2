#include "lint.h"

#include "../must.h"
#include "../tool/machine.h"
#include "../tool/suite.h"

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
        good = suite_load(&suite, paths, path_count, stderr) && tell_good(&suite);
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
        "Each error is printed as a line FILE:LINE: MESSAGE on standard error; the exit status is then 2.\n",
    .act = lint_act,
};
