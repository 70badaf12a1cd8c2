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
    const struct verb *verb = name != NULL ? find_verb(name) : NULL;
    if (name != NULL && strcmp(name, "help") != 0 && verb == NULL)
        return unknown_verb(name);
    if (verb != NULL)
        options_help(verb, stdout, help_columns(stdout));
    else
        print_usage(stdout);
    return told();
}

/* A manual page for the Makefile, which installs it: of the tool, or of a verb. */
static int man(const char *name)
{
    const struct manual manual = { verbs, VERB_COUNT, about, general };
    const struct verb *verb = name != NULL ? find_verb(name) : NULL;
    if (name != NULL && verb == NULL)
        return unknown_verb(name);
    if (verb != NULL)
        manual_verb(stdout, &manual, verb);
    else
        manual_tool(stdout, &manual);
    return told();
}

/* A completion for the Makefile, too. */
static int completion(const char *shell)
{
    if (shell != NULL && completion_print(stdout, shell, verbs, VERB_COUNT))
        return told();
    fputs("rehearse: `help --completion` takes the name of a shell: bash, zsh or fish\n", stderr);
    return STATUS_WRONG;
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

/* What comes after "help". */
static int help_asked(int count, char **arguments)
{
    const char *about_what = count > 0 ? arguments[0] : NULL, *name = count > 1 ? arguments[1] : NULL;
    if (about_what == NULL || is_help(about_what))
        return help(NULL);
    if (strcmp(about_what, "--man") == 0)
        return man(name);
    if (strcmp(about_what, "--completion") == 0)
        return completion(name);
    return about_what[0] == '-' ? unknown_option(about_what) : help(about_what);
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
        return help_asked(count - 2, arguments + 2);
    if (name[0] == '-')
        return unknown_option(name);
    const struct verb *verb = find_verb(name);
    if (verb == NULL)
        return unknown_verb(name);
    if (asks_for_help(count - 2, arguments + 2))
        return help(name);
    return verb->act(arguments[0], count - 2, arguments + 2);
}
