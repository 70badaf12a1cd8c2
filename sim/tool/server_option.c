#include "server_option.h"

#include "../checks/checks.h"
#include "../printable.h"
#include "machine.h"

#include <stdlib.h>

const char *server_option_take(const struct server_kind **kind, const char *value)
{
    *kind = server_kind_named(value);
    return *kind != NULL ? NULL : SERVER_KINDS;
}

bool server_option_open(const char *verb, const struct server_kind *kind, FILE *errors)
{
    char *problem;
    if (kind == NULL || server_kind_open(kind, &problem))
        return true;
    fprintf(errors, "rehearse %s: --server ", verb);
    printable_string(errors, kind->name);
    fputs(": ", errors);
    printable_lines(errors, problem);
    free(problem);
    return false;
}

void server_option_print(FILE *out, const struct server_kind *kind)
{
    if (kind == NULL)
        return;
    fputs(" --server ", out);
    machine_print_word(out, kind->name);
}

void server_option_print_unasked(FILE *out, const struct server_kind *kind)
{
    const size_t unasked = kind != NULL ? checks_unasked(kind->has) : 0;
    if (unasked == 0)
        return;
    const char *name;
    const char *sentence;
    const char *source;
    size_t count = 0;
    while (checks_describe(count, &name, &sentence, &source))
        count++;
    fprintf(out, "%zu of %zu checks are not asked of this server, which lacks what they look at\n", unasked,
            count);
}
