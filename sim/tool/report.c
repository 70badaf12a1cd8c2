#include "report_writer.h"

#include "../must.h"
#include "../printable.h"
#include "files.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>
#include <xxhash.h>

static const struct report_writer *const writers[REPORT_FORMATS] = {
    [REPORT_PRETTY] = &report_pretty, [REPORT_TAP] = &report_tap,         [REPORT_JUNIT] = &report_junit,
    [REPORT_JSON] = &report_json,     [REPORT_GITHUB] = &report_github,   [REPORT_EVENTS] = &report_events,
    [REPORT_HTML] = &report_html,     [REPORT_MERMAID] = &report_mermaid, [REPORT_DOT] = &report_dot,
};

const char *report_format_name(enum report_format format)
{
    return writers[format]->name;
}

struct report *report_begin(enum report_format format, FILE *out, const struct report_options *options)
{
    struct report *report = must(malloc(sizeof *report));
    *report = (struct report){ .writer = writers[format], .out = out, .options = *options };
    report->options.colour = options->colour && format == REPORT_PRETTY;
    report->writer->begin(report);
    return report;
}

size_t report_colour_length(const char *text)
{
    if (text[0] != '\033' || text[1] != '[')
        return 0;
    const size_t length = 2 + strspn(text + 2, "0123456789;");
    return text[length] == 'm' ? length + 1 : 0;
}

/* The text without colours, to be freed; NULL stays NULL. */
static char *without_colours(const char *text)
{
    if (text == NULL)
        return NULL;
    char *plain = must(malloc(strlen(text) + 1));
    char *end = plain;
    while (*text != '\0') {
        const size_t length = report_colour_length(text);
        if (length > 0)
            text += length;
        else
            *end++ = *text++;
    }
    *end = '\0';
    return plain;
}

static void add_without_colours(struct report *report, const struct report_case *result)
{
    struct report_case plain = *result;
    struct player_result outcome = *result->result;
    outcome.explanation = without_colours(outcome.explanation);
    plain.result = &outcome;
    report->writer->add(report, &plain);
    free(outcome.explanation);
}

/* Adds a case that was not run because the server lacks something. */
static void add_lacking(struct report *report, const struct report_case *result)
{
    char why[384];
    struct report_case skipped = *result;
    (void)snprintf(why, sizeof why, "%s: %s", result->result->skipped, result->result->skipped_why);
    skipped.skipped = why;
    skipped.result = NULL;
    report->writer->add(report, &skipped);
}

void report_add(struct report *report, const struct report_case *result)
{
    assert((result->skipped == NULL) == (result->result != NULL));
    assert(report->told < report->options.expected);
    report->told++;
    if (result->result != NULL && result->result->skipped[0] != '\0')
        add_lacking(report, result);
    else if (result->result != NULL && !report->options.colour)
        add_without_colours(report, result);
    else
        report->writer->add(report, result);
}

void report_end(struct report *report, const struct report_totals *totals)
{
    assert(totals->passed + totals->failed + totals->skipped == report->told);
    report->writer->end(report, totals);
    free(report->folder);
    free(report->path);
    free(report);
}

/* Adds the hash of one scenario, as bytes in the same order on every machine. */
static uint64_t fold_hash(uint64_t hash, uint64_t next, bool first)
{
    unsigned char bytes[16];
    if (first)
        return next;
    for (unsigned i = 0; i < 8; i++) {
        bytes[i] = (unsigned char)(hash >> (8 * i));
        bytes[8 + i] = (unsigned char)(next >> (8 * i));
    }
    return XXH3_64bits(bytes, sizeof bytes);
}

static void count_lack(struct report_totals *totals, const char *name)
{
    size_t i = 0;
    totals->skipped++;
    while (i < totals->lack_count && strcmp(totals->lacks[i].name, name) != 0)
        i++;
    if (i == REPORT_LACKS_MOST)
        return;
    if (i == totals->lack_count) {
        totals->lack_count++;
        (void)snprintf(totals->lacks[i].name, sizeof totals->lacks[i].name, "%s", name);
    }
    totals->lacks[i].count++;
}

void report_lacks(FILE *out, const struct report_totals *totals)
{
    for (size_t i = 0; i < totals->lack_count; i++) {
        fprintf(out, "%s%zu ", i == 0 ? "skipped: " : ", ", totals->lacks[i].count);
        printable_string(out, totals->lacks[i].name);
    }
    fputs(totals->lack_count > 0 ? "\n" : "", out);
}

void report_expected(FILE *out, const struct report_totals *totals)
{
    if (totals->expectations == NULL)
        return;
    fprintf(out, "of these %zu failed as expected, %zu passed unexpectedly: ", totals->expected,
            totals->unexpected);
    printable_string(out, totals->expectations);
    fputc('\n', out);
}

void report_repeated(FILE *out, const struct report_totals *totals)
{
    if (totals->kind != NULL && totals->kind->varies)
        fprintf(out, "runs of this server vary: a failure is repeated before it counts; %zu passed then\n",
                totals->repeated);
}

void report_count(struct report_totals *totals, const struct player_result *result)
{
    if (result->skipped[0] != '\0') {
        count_lack(totals, result->skipped);
        return;
    }
    const bool first = totals->passed + totals->failed == 0;
    if (!result->varies)
        totals->trace_hash = fold_hash(totals->trace_hash, result->trace_hash, first);
    totals->passed += result->passed;
    totals->failed += !result->passed;
    totals->repeated += result->repeated;
    totals->virtual_time += result->virtual_time;
    totals->events += result->events;
}

void report_counts(FILE *out, const struct report_totals *totals)
{
    fprintf(out, "%zu passed, %zu failed", totals->passed, totals->failed);
    if (totals->skipped > 0)
        fprintf(out, ", %zu skipped", totals->skipped);
    fputc('\n', out);
}

bool report_enters_folder(struct report *report, const char *path)
{
    size_t length = file_folder(path);
    const char *folder = length > 0 ? path : path[0] == '/' ? "/" : ".";
    if (length == 0)
        length = 1;
    if (report->folder != NULL && strlen(report->folder) == length &&
        memcmp(report->folder, folder, length) == 0)
        return false;
    free(report->folder);
    report->folder = must(strndup(folder, length));
    return true;
}

bool report_enters_file(struct report *report, const char *path)
{
    if (report->path != NULL && strcmp(report->path, path) == 0)
        return false;
    free(report->path);
    report->path = must(strdup(path));
    return true;
}

bool report_is_row(const struct report_case *result)
{
    const size_t length = strlen(result->path);
    return strncmp(result->name, result->path, length) == 0 && result->name[length] == '#';
}

const char *report_explanation(const struct player_result *result)
{
    return result->explanation != NULL ? result->explanation : result->summary;
}

/* Prints a line of an explanation.  Returns the text after it. */
static const char *print_explained(FILE *out, const char *text)
{
    while (*text != '\0' && *text != '\n') {
        size_t length = *text == '\t' ? 1 : report_colour_length(text);
        if (length > 0) {
            fwrite(text, 1, length, out);
        } else {
            length = 1 + strcspn(text + 1, "\033\t\n");
            printable_write(out, text, length);
        }
        text += length;
    }
    return text;
}

void report_explain(FILE *out, const char *explanation, int indent)
{
    while (explanation != NULL && *explanation != '\0') {
        fprintf(out, "%*s", *explanation != '\n' ? indent : 0, "");
        explanation = print_explained(out, explanation);
        fputc('\n', out);
        explanation += *explanation == '\n';
    }
}

/* Three digits of a number of thousandths: "1.23", "12.3", "123". */
static void print_three_digits(uint64_t thousandths, const char *unit, char text[REPORT_SPAN_SIZE])
{
    uint64_t whole = thousandths / 1000;
    uint64_t rest = thousandths % 1000;
    if (whole < 10)
        snprintf(text, REPORT_SPAN_SIZE, "%" PRIu64 ".%02" PRIu64 " %s", whole, rest / 10, unit);
    else if (whole < 100)
        snprintf(text, REPORT_SPAN_SIZE, "%" PRIu64 ".%" PRIu64 " %s", whole, rest / 100, unit);
    else
        snprintf(text, REPORT_SPAN_SIZE, "%" PRIu64 " %s", whole, unit);
}

static void print_two_units(uint64_t large, const char *large_unit, uint64_t small, const char *small_unit,
                            char text[REPORT_SPAN_SIZE])
{
    if (small == 0)
        snprintf(text, REPORT_SPAN_SIZE, "%" PRIu64 " %s", large, large_unit);
    else
        snprintf(text, REPORT_SPAN_SIZE, "%" PRIu64 " %s %" PRIu64 " %s", large, large_unit, small,
                 small_unit);
}

const char *report_span(uint64_t nanoseconds, char text[REPORT_SPAN_SIZE])
{
    uint64_t seconds = nanoseconds / SIM_SECOND;
    if (nanoseconds == 0)
        snprintf(text, REPORT_SPAN_SIZE, "0 s");
    else if (nanoseconds < SIM_MICROSECOND)
        snprintf(text, REPORT_SPAN_SIZE, "%" PRIu64 " ns", nanoseconds);
    else if (nanoseconds < SIM_MILLISECOND)
        print_three_digits(nanoseconds, "µs", text);
    else if (nanoseconds < SIM_SECOND)
        print_three_digits(nanoseconds / SIM_MICROSECOND, "ms", text);
    else if (seconds < 60)
        print_three_digits(nanoseconds / SIM_MILLISECOND, "s", text);
    else if (seconds < 3600)
        print_two_units(seconds / 60, "min", seconds % 60, "s", text);
    else
        print_two_units(seconds / 3600, "h", seconds / 60 % 60, "min", text);
    return text;
}

void report_summary_line(FILE *out, const struct report_totals *totals)
{
    char real[REPORT_SPAN_SIZE];
    char virtual[REPORT_SPAN_SIZE];
    size_t cases = totals->passed + totals->failed;
    fprintf(out, "%zu scenario%s in %s, %s virtual, %" PRIu64 " events", cases, cases == 1 ? "" : "s",
            report_span(totals->real_time, real), report_span(totals->virtual_time, virtual), totals->events);
    if (totals->kind == NULL || !totals->kind->varies)
        fprintf(out, ", trace hash %016" PRIx64, totals->trace_hash);
    if (totals->seed != NULL)
        fprintf(out, ", seed %" PRIu64, *totals->seed);
}
