/* The Test Anything Protocol: a test point for each file, and for a file with a table a subtest with a test
 * point for each row.  Subtests are those of version 14
 * (https://testanything.org/tap-version-14-specification.html), whose documents are also valid in version
 * 13.  The version line says 13, because perl's TAP::Parser up to 3.44 refuses any other; the YAML is limited
 * to what its YAMLish reader accepts. */
#include "report_writer.h"

#include "../must.h"
#include "../printable.h"

#include <inttypes.h>
#include <string.h>

struct tap {
    size_t points;                /* at the top level */
    char *table;                  /* the file whose subtest is open, or NULL */
    size_t rows, failed, skipped; /* of the open subtest so far */
};

static void tap_begin(struct report *report)
{
    report->state = must(calloc(1, sizeof(struct tap)));
    fprintf(report->out, "TAP version 13\n1..%zu\n", report->options.files);
}

/* ---- Text ---- */

/* Each byte as \xNN, with an escaped backslash. */
static void print_bytes(FILE *out, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        fprintf(out, "\\\\x%02x", (unsigned)(unsigned char)bytes[i]);
}

/* A description ends at an unescaped '#', where a directive begins, and at the end of the line. */
static void print_description(FILE *out, const char *text)
{
    while (*text != '\0') {
        const size_t length = printable_character(text);
        const size_t taken = length > 0 ? length : 1;
        if (strchr("\t\n\r", *text) != NULL)
            fputc(' ', out);
        else if (length == 0 || printable_is_control(text) || printable_is_format(text))
            print_bytes(out, text, taken);
        else
            fprintf(out, "%s%.*s", *text == '#' || *text == '\\' ? "\\" : "", (int)length, text);
        text += taken;
    }
}

/* Characters that YAML does not allow (YAML 1.2, 5.1), and format characters, become escapes: the number of
 * the character, or the byte if it is none (5.7).  The YAMLish reader decodes \xNN, and leaves longer escapes
 * unchanged. */
static size_t print_quoted(FILE *out, const char *at)
{
    const size_t length = printable_character(at);
    const size_t taken = length > 0 ? length : 1;
    const uint32_t point = length > 0 ? printable_code_point(at, length) : (unsigned char)*at;
    if (*at == '\t' || (length > 0 && !printable_is_control(at) && !printable_is_format(at)))
        fwrite(at, 1, taken, out);
    else if (point <= 0xff)
        fprintf(out, "\\x%02" PRIx32, point);
    else
        fprintf(out, point <= 0xffff ? "\\u%04" PRIx32 : "\\U%08" PRIx32, point);
    return taken;
}

/* A YAML string between double quotes (YAML 1.2, 7.3.1). */
static void print_string(FILE *out, int indent, const char *key, const char *text)
{
    fprintf(out, "%*s%s: \"", indent, "", key);
    while (*text != '\0') {
        if (*text == '"' || *text == '\\')
            fputc('\\', out);
        if (*text == '\n') {
            fputs("\\n", out);
            text++;
        } else {
            text += print_quoted(out, text);
        }
    }
    fputs("\"\n", out);
}

/* Prints up to the next tab or the end of the line; a tab is text in a block.  A block has no escapes, so
 * control characters are written in the form of printable.h. */
static size_t print_piece(FILE *out, const char *text)
{
    const size_t length = strcspn(text, "\t\n");
    printable_write(out, text, length);
    if (text[length] != '\t')
        return length;
    fputc('\t', out);
    return length + 1;
}

/* A YAML literal block (8.1.2).  Its first line sets the indentation; the YAMLish reader requires that
 * indentation of blank lines too. */
static void print_block(FILE *out, int indent, const char *key, const char *text)
{
    fprintf(out, "%*s%s: |\n", indent, "", key);
    while (*text != '\0') {
        fprintf(out, "%*s", indent + 2, "");
        while (*text != '\0' && *text != '\n')
            text += print_piece(out, text);
        fputc('\n', out);
        text += *text == '\n';
    }
}

/* A block cannot begin with a space of its text. */
static void print_lines(FILE *out, int indent, const char *key, const char *text)
{
    if (*text == '\0' || strchr(" \t\n", *text) != NULL)
        print_string(out, indent, key, text);
    else
        print_block(out, indent, key, text);
}

/* ---- Test points ---- */

static void print_failure(FILE *out, int indent, const char *path, const struct player_result *result)
{
    fprintf(out, "%*s---\n", indent, "");
    print_string(out, indent, "message", result->summary);
    fprintf(out, "%*sseverity: fail\n", indent, "");
    print_string(out, indent, "file", path);
    if (result->line > 0)
        fprintf(out, "%*sline: %d\n", indent, "", result->line);
    if (result->check != NULL)
        print_string(out, indent, "check", result->check);
    if (result->explanation != NULL)
        print_lines(out, indent, "explanation", result->explanation);
    fprintf(out, "%*s...\n", indent, "");
}

static void print_point(FILE *out, int indent, size_t number, const struct report_case *result)
{
    const bool failed = result->result != NULL && !result->result->passed;
    fprintf(out, "%*s%s %zu - ", indent, "", failed ? "not ok" : "ok", number);
    print_description(out, result->title);
    fputs(" (", out);
    print_description(out, result->name);
    fputc(')', out);
    if (result->skipped != NULL) {
        fputs(" # SKIP ", out);
        print_description(out, result->skipped);
    }
    fputc('\n', out);
    if (failed)
        print_failure(out, indent + 2, result->path, result->result);
}

/* ---- Subtests ---- */

static void open_table(FILE *out, struct tap *tap, const char *path)
{
    tap->table = must(strdup(path));
    tap->rows = tap->failed = tap->skipped = 0;
    fputs("# Subtest: ", out);
    print_description(out, path);
    fputc('\n', out);
}

/* The plan of a subtest may be at its end; its test point follows. */
static void close_table(FILE *out, struct tap *tap)
{
    if (tap->table == NULL)
        return;
    fprintf(out, "    1..%zu\n%s %zu - ", tap->rows, tap->failed > 0 ? "not ok" : "ok", ++tap->points);
    print_description(out, tap->table);
    fputs(tap->skipped == tap->rows ? " # SKIP all rows\n" : "\n", out);
    free(tap->table);
    tap->table = NULL;
}

static void tap_add(struct report *report, const struct report_case *result)
{
    FILE *out = report->out;
    struct tap *tap = report->state;
    if (tap->table != NULL && strcmp(tap->table, result->path) != 0)
        close_table(out, tap);
    if (!report_is_row(result)) {
        print_point(out, 0, ++tap->points, result);
        return;
    }
    if (tap->table == NULL)
        open_table(out, tap, result->path);
    tap->failed += result->result != NULL && !result->result->passed;
    tap->skipped += result->result == NULL;
    print_point(out, 4, ++tap->rows, result);
}

static void tap_end(struct report *report, const struct report_totals *totals)
{
    close_table(report->out, report->state);
    fputs("# ", report->out);
    report_summary_line(report->out, totals);
    fputs("\n# ", report->out);
    report_counts(report->out, totals);
    free(report->state);
}

const struct report_writer report_tap = { "tap", tap_begin, tap_add, tap_end };
