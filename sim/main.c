#include "shrink/shrink.h"
#include "sweep/merge.h"
#include "sweep/sweep.h"
#include "tool/machine.h"
#include "tool/options.h"
#include "verbs/explore.h"
#include "verbs/lint.h"
#include "verbs/list.h"
#include "verbs/replay.h"
#include "verbs/run.h"
#include "verbs/starve.h"

#include <string.h>

static const struct verb *const verbs[] = { &run_verb,   &replay_verb, &explore_verb, &lint_verb,  &list_verb,
                                            &sweep_verb, &merge_verb,  &shrink_verb,  &starve_verb };
enum { VERB_COUNT = sizeof verbs / sizeof verbs[0] };

static void print_usage(FILE *out)
{
    fputs("Rehearsal plays XMPP sessions in a simulated world and checks that they hold.\n\n"
          "Usage: rehearse VERB [ARGUMENT...]\n\n",
          out);
    for (size_t i = 0; i < VERB_COUNT; i++)
        fprintf(out, "  %-10s %s\n", verbs[i]->name, verbs[i]->summary);
    fputs("  help       Says this, or all about one: rehearse help VERB\n\n"
          "Exit status: 0 all held, 1 something failed, 2 it was asked wrongly.\n",
          out);
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
    fprintf(stderr, "rehearse: there is no verb '%s'; %s%s%s\n", name,
            meant != NULL ? "did you mean '" : "`rehearse help` lists them", meant != NULL ? meant : "",
            meant != NULL ? "'?" : "");
    return STATUS_WRONG;
}

static int help(const char *name)
{
    if (name == NULL) {
        print_usage(stdout);
        return STATUS_HELD;
    }
    const struct verb *verb = find_verb(name);
    if (verb == NULL)
        return unknown_verb(name);
    options_help(verb, stdout);
    return STATUS_HELD;
}

static int unknown_option(const char *name)
{
    static const char *const names[] = { "help", "version" };
    const char *meant =
        options_likeliest(name + strspn(name, "-"), strlen(name + strspn(name, "-")), names, 2);
    fprintf(stderr, "rehearse: unknown option %s; ", name);
    if (meant != NULL)
        fprintf(stderr, "did you mean --%s?\n", meant);
    else
        fputs("options stand behind a verb, and `rehearse help` lists those\n", stderr);
    return STATUS_WRONG;
}

/* --help is heard behind any verb, up to the "--" that ends the options. */
static bool asks_for_help(int count, char **arguments)
{
    for (int i = 0; i < count && strcmp(arguments[i], "--") != 0; i++)
        if (strcmp(arguments[i], "--help") == 0)
            return true;
    return false;
}

int main(int count, char **arguments)
{
    machine_hold_standard_files();
    if (count < 2) {
        print_usage(stderr);
        return STATUS_WRONG;
    }
    const char *name = arguments[1];
    if (strcmp(name, "--version") == 0) {
        puts("rehearse " RELEASE);
        return STATUS_HELD;
    }
    if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0)
        return help(count > 2 ? arguments[2] : NULL);
    if (name[0] == '-')
        return unknown_option(name);
    const struct verb *verb = find_verb(name);
    if (verb == NULL)
        return unknown_verb(name);
    if (asks_for_help(count - 2, arguments + 2))
        return help(name);
    return verb->act(arguments[0], count - 2, arguments + 2);
}
