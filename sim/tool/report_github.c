/* GitHub Actions workflow commands: an ::error for each failure, which is shown at its line of its file.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands */
#include "report_writer.h"

#include "../printable.h"

#include <string.h>

static void github_begin(struct report *report)
{
    (void)report;
}

/* A command is one line: '%' and line ends are escaped, and in a property also the separators of
 * properties. */
static void print_escaped(FILE *out, const char *text, const char *escaped)
{
    while (*text != '\0') {
        const size_t length = printable_character(text);
        const size_t taken = length > 0 ? length : 1;
        if (strchr(escaped, *text) != NULL)
            fprintf(out, "%%%02X", (unsigned)(unsigned char)*text);
        else if (*text == '\t')
            fputc(*text, out);
        else
            printable_write(out, text, taken);
        text += taken;
    }
}

static void print_property(FILE *out, const char *name, const char *value)
{
    fputs(name, out);
    print_escaped(out, value, "%\r\n:,");
}

static void print_message(FILE *out, const char *text)
{
    print_escaped(out, text, "%\r\n");
}

static void github_add(struct report *report, const struct report_case *result)
{
    FILE *out = report->out;
    const struct player_result *outcome = result->result;
    if (outcome == NULL || outcome->passed)
        return;
    print_property(out, "::error file=", result->path);
    if (outcome->line > 0)
        fprintf(out, ",line=%d", outcome->line);
    print_property(out, ",title=", result->title);
    fputs("::", out);
    print_message(out, outcome->summary);
    if (outcome->explanation != NULL) {
        print_message(out, "\n\n");
        print_message(out, outcome->explanation);
    }
    fputc('\n', out);
    fflush(out);
}

static void github_end(struct report *report, const struct report_totals *totals)
{
    report_counts(report->out, totals);
}

const struct report_writer report_github = { "github", github_begin, github_add, github_end };
