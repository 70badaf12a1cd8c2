/* The Test Anything Protocol, version 13: https://testanything.org/tap-version-13-specification.html */
#include "report_writer.h"

#include "../printable.h"

#include <inttypes.h>
#include <string.h>

static void tap_begin(struct report *report)
{
    fprintf(report->out, "TAP version 13\n1..%zu\n", report->expected);
}

/* A description ends at an unescaped '#', where a directive begins, and at the end of the line. */
static void print_description(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '#' || *text == '\\')
            fputc('\\', out);
        fputc((unsigned char)*text < 0x20 ? ' ' : *text, out);
    }
}

/* What may not stand in a document becomes \xNN. */
static size_t print_character(FILE *out, const char *at)
{
    size_t length = printable_character(at);
    if (length > 0 && *at != '\r')
        fwrite(at, 1, length, out);
    else
        fprintf(out, "\\x%02x", (unsigned)(unsigned char)*at);
    return length > 0 ? length : 1;
}

/* A YAML string between double quotes (YAML 1.2, 7.3.1). */
static void print_string(FILE *out, const char *key, const char *text)
{
    fprintf(out, "  %s: \"", key);
    while (*text != '\0') {
        if (*text == '"' || *text == '\\')
            fputc('\\', out);
        if (*text == '\n') {
            fputs("\\n", out);
            text++;
        } else {
            text += print_character(out, text);
        }
    }
    fputs("\"\n", out);
}

/* A YAML literal block; the 2 says how far it is indented, whatever its first line begins with (8.1.1.1). */
static void print_block(FILE *out, const char *key, const char *text)
{
    fprintf(out, "  %s: |2\n", key);
    while (*text != '\0') {
        if (*text != '\n')
            fputs("    ", out);
        while (*text != '\0' && *text != '\n')
            text += print_character(out, text);
        fputc('\n', out);
        text += *text == '\n';
    }
}

static void print_failure(FILE *out, const char *path, const struct stage_result *result)
{
    fputs("  ---\n", out);
    print_string(out, "message", result->summary);
    fputs("  severity: fail\n", out);
    print_string(out, "file", path);
    if (result->line > 0)
        fprintf(out, "  line: %d\n", result->line);
    if (result->check != NULL)
        print_string(out, "check", result->check);
    if (result->explanation != NULL)
        print_block(out, "explanation", result->explanation);
    fputs("  ...\n", out);
}

static void tap_add(struct report *report, const struct report_case *result)
{
    FILE *out = report->out;
    bool failed = result->result != NULL && !result->result->passed;
    fprintf(out, "%s %zu - ", failed ? "not ok" : "ok", report->told);
    print_description(out, result->title);
    fputs(" (", out);
    print_description(out, result->name);
    fputc(')', out);
    if (result->skipped != NULL)
        fprintf(out, " # SKIP %s", result->skipped);
    fputc('\n', out);
    if (failed)
        print_failure(out, result->path, result->result);
}

static void tap_end(struct report *report, const struct report_totals *totals)
{
    fputs("# ", report->out);
    report_summary_line(report->out, totals);
    fputs("\n# ", report->out);
    report_counts(report->out, totals);
}

const struct report_writer report_tap = { tap_begin, tap_add, tap_end };
