/* JUnit XML as CI servers read it: <testsuites>, a <testsuite> a folder, a <testcase> a scenario.  Elements
 * and attributes are those of the schema junit-10.xsd of Jenkins' xUnit plugin, which other readers accept
 * too.  A case therefore has no attributes for its file and line; they are in its classname and in the
 * failure.  The totals of a suite precede its cases, so the cases are kept in memory. */
#include "report_writer.h"

#include "../must.h"
#include "../printable.h"

#include <inttypes.h>
#include <string.h>

struct buffer {
    FILE *out;
    char *text;
    size_t length;
};

struct junit {
    struct buffer suites; /* those that are complete */
    struct buffer cases;  /* of the current suite */
    char *folder;         /* of that suite; NULL when none is open */
    struct report_totals totals;
};

static void buffer_open(struct buffer *buffer)
{
    *buffer = (struct buffer){ 0 };
    buffer->out = must(open_memstream(&buffer->text, &buffer->length));
}

static void buffer_move(struct buffer *buffer, FILE *out)
{
    fclose(buffer->out);
    fwrite(must(buffer->text), 1, buffer->length, out);
    free(buffer->text);
}

static bool is_reference(const char *character, bool attribute)
{
    if (*character == '\n' || *character == '\t')
        return attribute;
    return printable_is_control(character);
}

/* Characters that XML 1.0 does not allow become \xNN, and so do the bytes of a format character, because
 * readers show the document to a person.  White space in an attribute and a carriage return anywhere would be
 * normalised (XML 1.0, 2.11 and 3.3.3), so they are character references, and so are control characters. */
static void print_escaped(FILE *out, const char *text, bool attribute)
{
    for (size_t length = 0; *text != '\0'; text += length > 0 ? length : 1) {
        length = printable_character(text);
        if (length == 0)
            fprintf(out, "\\x%02x", (unsigned)(unsigned char)*text);
        else if (*text == '&')
            fputs("&amp;", out);
        else if (*text == '<')
            fputs("&lt;", out);
        else if (*text == '>')
            fputs("&gt;", out);
        else if (*text == '"')
            fputs("&quot;", out);
        else if (is_reference(text, attribute))
            fprintf(out, "&#%" PRIu32 ";", printable_code_point(text, length));
        else if (printable_is_format(text))
            printable_write(out, text, length);
        else
            fwrite(text, 1, length, out);
    }
}

static void print_attribute(FILE *out, const char *name, const char *value)
{
    fprintf(out, " %s=\"", name);
    print_escaped(out, value, true);
    fputc('"', out);
}

static void print_time(FILE *out, uint64_t nanoseconds)
{
    fprintf(out, " time=\"%" PRIu64 ".%03" PRIu64 "\"", nanoseconds / SIM_SECOND,
            nanoseconds % SIM_SECOND / SIM_MILLISECOND);
}

static void print_counts(FILE *out, const struct report_totals *totals)
{
    fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"0\"",
            totals->passed + totals->failed + totals->skipped, totals->failed);
}

static void junit_begin(struct report *report)
{
    struct junit *junit = must(calloc(1, sizeof *junit));
    buffer_open(&junit->suites);
    report->state = junit;
}

static void close_suite(struct junit *junit)
{
    FILE *out = junit->suites.out;
    if (junit->folder == NULL)
        return;
    fputs("  <testsuite", out);
    print_attribute(out, "name", junit->folder);
    print_counts(out, &junit->totals);
    fprintf(out, " skipped=\"%zu\"", junit->totals.skipped);
    print_time(out, junit->totals.real_time);
    fputs(">\n", out);
    buffer_move(&junit->cases, out);
    fputs("  </testsuite>\n", out);
    free(junit->folder);
    junit->folder = NULL;
}

static void open_suite(struct junit *junit, const char *folder)
{
    junit->folder = must(strdup(folder));
    junit->totals = (struct report_totals){ 0 };
    buffer_open(&junit->cases);
}

static void count_case(struct report_totals *totals, const struct report_case *result)
{
    totals->skipped += result->skipped != NULL;
    totals->passed += result->result != NULL && result->result->passed;
    totals->failed += result->result != NULL && !result->result->passed;
    totals->real_time += result->real_time;
}

static void print_skipped(FILE *out, const char *reason)
{
    fputs("      <skipped", out);
    print_attribute(out, "message", reason);
    fputs("/>\n", out);
}

/* The type is the name of the failed check, or says that a step failed. */
static void print_failure(FILE *out, const struct player_result *result)
{
    fputs("      <failure", out);
    print_attribute(out, "message", result->summary);
    print_attribute(out, "type", result->check != NULL ? result->check : "step");
    fputc('>', out);
    print_escaped(out, report_explanation(result), false);
    fputs("</failure>\n", out);
}

/* The name of the case without the ending ".scs", because readers split a class name at its last dot. */
static void print_class(FILE *out, const char *name)
{
    static const char ending[] = ".scs";
    const char *mark = strrchr(name, '#');
    const size_t length = mark != NULL ? (size_t)(mark - name) : strlen(name);
    const size_t cut = length > strlen(ending) ? length - strlen(ending) : 0;
    char *class = must(strdup(name));
    if (cut > 0 && memcmp(name + cut, ending, strlen(ending)) == 0)
        memmove(class + cut, name + length, strlen(name + length) + 1);
    print_attribute(out, "classname", class);
    free(class);
}

static void junit_add(struct report *report, const struct report_case *result)
{
    struct junit *junit = report->state;
    if (report_enters_folder(report, result->path)) {
        close_suite(junit);
        open_suite(junit, report->folder);
    }
    FILE *out = junit->cases.out;
    const struct player_result *outcome = result->result;
    count_case(&junit->totals, result);
    fputs("    <testcase", out);
    print_attribute(out, "name", result->title);
    print_class(out, result->name);
    print_time(out, result->real_time);
    fputs(">\n", out);
    if (outcome == NULL)
        print_skipped(out, result->skipped);
    else if (!outcome->passed)
        print_failure(out, outcome);
    fputs("    </testcase>\n", out);
}

static void junit_end(struct report *report, const struct report_totals *totals)
{
    struct junit *junit = report->state;
    close_suite(junit);
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"rehearse\"", report->out);
    print_counts(report->out, totals);
    print_time(report->out, totals->real_time);
    fputs(">\n", report->out);
    buffer_move(&junit->suites, report->out);
    fputs("</testsuites>\n", report->out);
    free(junit);
}

const struct report_writer report_junit = { "junit", junit_begin, junit_add, junit_end };
