#include "printable.h"
#include "shrink/shrink.h"
#include "sweep/merge.h"
#include "sweep/sweep.h"
#include "tool/completion.h"
#include "tool/help.h"
#include "tool/machine.h"
#include "tool/manual.h"
#include "tool/options.h"
#include "tool/version.h"
#include "verbs/adopt.h"
#include "verbs/compare.h"
#include "verbs/conformance.h"
#include "verbs/explore.h"
#include "verbs/fmt.h"
#include "verbs/lint.h"
#include "verbs/list.h"
#include "verbs/matrix.h"
#include "verbs/record.h"
#include "verbs/replay.h"
#include "verbs/run.h"
#include "verbs/starve.h"

#include <string.h>

static const struct verb *const verbs[] = { &run_verb,     &replay_verb, &explore_verb,    &lint_verb,
                                            &fmt_verb,     &list_verb,   &sweep_verb,      &merge_verb,
                                            &shrink_verb,  &adopt_verb,  &starve_verb,     &record_verb,
                                            &compare_verb, &matrix_verb, &conformance_verb };
enum { VERB_COUNT = sizeof verbs / sizeof verbs[0], VERB_WIDTH = 15 };

static const char about[] = "Rehearsal runs XMPP sessions in a simulated world and checks them.";
static const char general[] =
    "-h or --help after a verb prints its help; -V or --version prints the release.\n\n"
    "Exit status: 0 everything passed, 1 something failed, 2 usage error.\n";

static void print_usage(FILE *out)
{
    const unsigned columns = help_columns(out);
    help_text(out, about, columns);
    help_text(out, "\nUsage: rehearse VERB [ARGUMENT...]\n\n", columns);
    for (size_t i = 0; i < VERB_COUNT; i++)
        help_item(out, verbs[i]->name, verbs[i]->summary, VERB_WIDTH, columns);
    help_item(out, "help", "Prints this summary, or the help of one verb: rehearse help VERB", VERB_WIDTH,
              columns);
    help_text(out, "\n", columns);
    help_text(out, general, columns);
}

static const struct verb *find_verb(const char *name)
{
    for (size_t i = 0; i < VERB_COUNT; i++)
        if (strcmp(verbs[i]->name, name) == 0)
            return verbs[i];
    return NULL;
}

static int unknown_verb(const char *name)
{
    const char *names[VERB_COUNT + 1] = { "help" };
    for (size_t i = 0; i < VERB_COUNT; i++)
        names[i + 1] = verbs[i]->name;
    const char *meant = options_likeliest(name, strlen(name), names, VERB_COUNT + 1);
    fputs("rehearse: there is no verb '", stderr);
    printable_string(stderr, name);
    fprintf(stderr, "'; %s%s%s\n", meant != NULL ? "did you mean '" : "`rehearse help` lists them",
            meant != NULL ? meant : "", meant != NULL ? "'?" : "");
    return STATUS_WRONG;
}

/* Reports an output error if standard output could not be written completely. */
static int told(void)
{
    return machine_close(stdout, "standard output") ? STATUS_HELD : STATUS_WRONG;
}

static int help(const char *name)
{
    if (name != NULL && (strcmp(name, "help") == 0 || name[0] == '-'))
        name = NULL;
    const struct verb *verb = name != NULL ? find_verb(name) : NULL;
    if (name != NULL && verb == NULL)
        return unknown_verb(name);
    if (verb != NULL)
        options_help(verb, stdout, help_columns(stdout));
    else
        print_usage(stdout);
    return told();
}

/* For the Makefile, which installs it: "help --man", "help --man VERB", "help --completion SHELL".  Returns false
 * for anything else. */
static bool print_for_installation(const char *form, const char *name)
{
    const struct manual manual = { verbs, VERB_COUNT, about, general };
    const struct verb *verb = name != NULL ? find_verb(name) : NULL;
    if (strcmp(form, "--completion") == 0)
        return name != NULL && completion_print(stdout, name, verbs, VERB_COUNT);
    if (strcmp(form, "--man") != 0 || (name != NULL && verb == NULL))
        return false;
    if (verb != NULL)
        manual_verb(stdout, &manual, verb);
    else
        manual_tool(stdout, &manual);
    return true;
}

static int version(void)
{
    printf("rehearse %s\n", tool_version());
    return told();
}

static int unknown_option(const char *name)
{
    static const char *const names[] = { "help", "version" };
    const char *meant =
        options_likeliest(name + strspn(name, "-"), strlen(name + strspn(name, "-")), names, 2);
    fputs("rehearse: unknown option ", stderr);
    printable_string(stderr, name);
    fputs("; ", stderr);
    if (meant != NULL)
        fprintf(stderr, "did you mean --%s?\n", meant);
    else
        fputs("options follow a verb; `rehearse help` lists the verbs\n", stderr);
    return STATUS_WRONG;
}

static bool is_help(const char *argument)
{
    return strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0;
}

/* Help is recognised after any verb, up to the "--" that ends the options. */
static bool asks_for_help(int count, char **arguments)
{
    for (int i = 0; i < count && strcmp(arguments[i], "--") != 0; i++)
        if (is_help(arguments[i]))
            return true;
    return false;
}

int main(int count, char **arguments)
{
    machine_begin();
    if (count < 2) {
        print_usage(stderr);
        return STATUS_WRONG;
    }
    const char *name = arguments[1];
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0)
        return version();
    if (strcmp(name, "help") == 0 || is_help(name))
        return count > 2 && print_for_installation(arguments[2], count > 3 ? arguments[3] : NULL)
                   ? told()
                   : help(count > 2 ? arguments[2] : NULL);
    if (name[0] == '-')
        return unknown_option(name);
    const struct verb *verb = find_verb(name);
    if (verb == NULL)
        return unknown_verb(name);
    if (asks_for_help(count - 2, arguments + 2))
        return help(name);
    return verb->act(arguments[0], count - 2, arguments + 2);
}
