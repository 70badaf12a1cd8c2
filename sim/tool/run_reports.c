#include "run_reports.h"

#include "../must.h"
#include "../printable.h"
#include "machine.h"
#include "output.h"

#include <assert.h>
#include <string.h>

enum { EXPLANATION_LEAST = 20 };

/* One report.  `output` is NULL for standard output. */
struct destination {
    enum report_format format;
    struct output *output;
    FILE *file;
    bool colour, terminal;
    struct report *report; /* between begin and end */
};

struct run_reports {
    struct destination list[REPORTS_MOST];
    size_t count;
    bool verbose;
    bool all_events;
};

/* ---- Requested reports ---- */

static const char *file_of(const char *path)
{
    return strcmp(path, "-") != 0 ? path : NULL;
}

static const char TOO_MANY[] = "at most 16 reports";

const char *report_wishes_add_beside(struct report_wishes *wishes, enum report_format format,
                                     const char *path)
{
    if (*path == '\0')
        return "a file, or - for standard output";
    if (wishes->count == REPORTS_MOST)
        return TOO_MANY;
    wishes->list[wishes->count++] = (struct report_wish){ format, file_of(path), report_format_name(format) };
    wishes->beside++;
    return NULL;
}

const char *report_wishes_add_file(struct report_wishes *wishes, enum report_format format, const char *path)
{
    return file_of(path) != NULL ? report_wishes_add_beside(wishes, format, path) : "a file";
}

const char *report_wishes_take_format(struct report_wishes *wishes, const char *value)
{
    if (strcmp(value, "pretty") == 0)
        return NULL;
    if (strcmp(value, "events") != 0 && strcmp(value, "json") != 0)
        return "pretty or events";
    if (wishes->data != NULL)
        return NULL;
    wishes->data = machine_part_output();
    return wishes->data != NULL ? report_wishes_add_beside(wishes, REPORT_EVENTS, "-")
                                : "one descriptor more than there is";
}

bool report_wishes_have(const struct report_wishes *wishes, enum report_format format)
{
    for (size_t i = 0; i < wishes->count; i++)
        if (wishes->list[i].format == format)
            return true;
    return false;
}

const char *report_wishes_add(struct report_wishes *wishes, const char *value)
{
    const size_t length = strcspn(value, ":");
    const char *path = value[length] == ':' ? value + length + 1 : NULL;
    for (int format = 0; format < REPORT_FORMATS; format++) {
        const char *name = report_format_name((enum report_format)format);
        if (strlen(name) != length || memcmp(name, value, length) != 0)
            continue;
        if (path != NULL && *path == '\0')
            return "a file after the colon";
        if (wishes->count == REPORTS_MOST)
            return TOO_MANY;
        wishes->list[wishes->count++] =
            (struct report_wish){ (enum report_format)format, path != NULL ? file_of(path) : NULL, NULL };
        return NULL;
    }
    return "pretty, tap, junit, json, github, events, html, mermaid or dot, followed by :FILE to write it to "
           "a "
           "file";
}

/* The first report without a file, or NULL; `second` is the next one, or NULL. */
static struct report_wish *without_file(struct report_wishes *wishes, const struct report_wish **second)
{
    struct report_wish *first = NULL;
    *second = NULL;
    for (size_t i = wishes->count; i-- > 0;) {
        if (wishes->list[i].path == NULL) {
            *second = first;
            first = &wishes->list[i];
        }
    }
    return first;
}

bool report_wishes_settle(struct report_wishes *wishes, FILE *errors)
{
    const struct report_wish *second = NULL;
    if (wishes->count == wishes->beside && without_file(wishes, &second) == NULL &&
        wishes->count < REPORTS_MOST)
        wishes->list[wishes->count++] = (struct report_wish){ REPORT_PRETTY, NULL, NULL };
    struct report_wish *first = without_file(wishes, &second);
    if (second != NULL) {
        const char *name = report_format_name(second->format);
        fprintf(errors,
                "rehearse run: --format %s and --format %s both write to %s: give one a file, as in "
                "--format %s:FILE\n",
                report_format_name(first->format), name,
                wishes->output != NULL ? "the file of --output" : "standard output", name);
        return false;
    }
    if (wishes->output != NULL && first == NULL) {
        fputs("rehearse run: --output has no report to write: every --format has its own file\n", errors);
        return false;
    }
    if (wishes->output != NULL)
        first->path = file_of(wishes->output);
    return true;
}

/* ---- Distinct files ---- */

/* A file that is written, and the option that says so. */
struct written {
    char option[32];
    const char *path;
};

static size_t list_written(const struct report_wishes *wishes, struct report_other other,
                           struct written list[REPORTS_MOST + 1])
{
    size_t count = 0;
    if (other.path != NULL) {
        list[count].path = other.path;
        snprintf(list[count++].option, sizeof list->option, "--%s ", other.option);
    }
    for (size_t i = 0; i < wishes->count; i++) {
        const struct report_wish *wish = &wishes->list[i];
        if (wish->path == NULL)
            continue;
        struct written *written = &list[count++];
        written->path = wish->path;
        if (wish->option != NULL)
            snprintf(written->option, sizeof written->option, "--%s ", wish->option);
        else if (wish->path == wishes->output)
            snprintf(written->option, sizeof written->option, "--output ");
        else
            snprintf(written->option, sizeof written->option,
                     "--format %s:", report_format_name(wish->format));
    }
    return count;
}

static void print_written(FILE *errors, const struct written *written)
{
    fputs(written->option, errors);
    printable_string(errors, written->path);
}

static bool parts_from_written(const struct written *list, size_t index, const char *verb, FILE *errors)
{
    for (size_t i = 0; i < index; i++) {
        if (output_clash(list[index].path, &list[i].path, 1) == NULL)
            continue;
        fprintf(errors, "rehearse %s: ", verb);
        print_written(errors, &list[i]);
        fputs(" and ", errors);
        print_written(errors, &list[index]);
        fputs(" are the same file; expected two different files\n", errors);
        return false;
    }
    return true;
}

bool report_wishes_part(const struct report_wishes *wishes, const char *verb, struct report_other other,
                        const struct suite *suite, FILE *errors)
{
    struct written list[REPORTS_MOST + 1];
    const size_t count = list_written(wishes, other, list);
    bool good = true;
    for (size_t i = 0; i < count && good; i++)
        good = parts_from_written(list, i, verb, errors) &&
               (suite == NULL || suite_is_apart(suite, verb, list[i].option, list[i].path, errors));
    return good;
}

/* ---- Opening ---- */

struct run_reports *run_reports_open(const struct report_wishes *wishes, FILE *standard)
{
    struct run_reports *reports = must(calloc(1, sizeof *reports));
    reports->verbose = wishes->verbose;
    reports->all_events = wishes->all_events;
    for (size_t i = 0; i < wishes->count; i++) {
        const struct report_wish *wish = &wishes->list[i];
        struct destination *to = &reports->list[i];
        to->format = wish->format;
        to->output = wish->path != NULL ? output_open(wish->path) : NULL;
        if (wish->path != NULL && to->output == NULL) {
            run_reports_abandon(reports);
            return NULL;
        }
        reports->count++;
        to->file = to->output != NULL     ? output_file(to->output)
                   : wishes->data != NULL ? wishes->data
                                          : standard;
        to->terminal = machine_is_terminal(to->file);
        to->colour = colour_on(wishes->colour, to->file) && wish->format == REPORT_PRETTY;
    }
    return reports;
}

bool run_reports_colour(const struct run_reports *reports)
{
    for (size_t i = 0; i < reports->count; i++)
        if (reports->list[i].colour)
            return true;
    return false;
}

/* The explanation is indented below its case. */
unsigned run_reports_columns(const struct run_reports *reports)
{
    for (size_t i = 0; i < reports->count; i++) {
        const unsigned columns = machine_columns(reports->list[i].file);
        if (reports->list[i].format == REPORT_PRETTY && columns > 0)
            return columns > EXPLANATION_LEAST + REPORT_INDENT ? columns - REPORT_INDENT : EXPLANATION_LEAST;
    }
    return 0;
}

struct event_kept run_reports_kept(const struct run_reports *reports, uint64_t number)
{
    struct event_kept kept = { 0 };
    for (size_t i = 0; i < reports->count; i++) {
        const enum report_format format = reports->list[i].format;
        if (format == REPORT_EVENTS || format == REPORT_HTML)
            kept.number = number;
        kept.mermaid = kept.mermaid || format == REPORT_MERMAID;
        kept.dot = kept.dot || format == REPORT_DOT;
    }
    return kept;
}

bool run_reports_in_files(const struct run_reports *reports)
{
    for (size_t i = 0; i < reports->count; i++)
        if (reports->list[i].output == NULL)
            return false;
    return true;
}

/* ---- Reporting ---- */

void run_reports_begin(struct run_reports *reports, const struct report_options *options)
{
    for (size_t i = 0; i < reports->count; i++) {
        struct destination *to = &reports->list[i];
        struct report_options own = *options;
        own.verbose = reports->verbose;
        own.all_events = reports->all_events;
        own.terminal = to->terminal;
        own.colour = to->colour;
        own.columns = to->terminal ? machine_columns(to->file) : 0;
        to->report = report_begin(to->format, to->file, &own);
    }
}

void run_reports_add(struct run_reports *reports, const struct report_case *result)
{
    for (size_t i = 0; i < reports->count; i++)
        report_add(reports->list[i].report, result);
}

void run_reports_end(struct run_reports *reports, const struct report_totals *totals)
{
    for (size_t i = 0; i < reports->count; i++) {
        report_end(reports->list[i].report, totals);
        reports->list[i].report = NULL;
    }
}

void run_reports_abandon(struct run_reports *reports)
{
    for (size_t i = 0; reports != NULL && i < reports->count; i++)
        output_abandon(reports->list[i].output);
    free(reports);
}

bool run_reports_close(struct run_reports *reports)
{
    bool good = true;
    for (size_t i = 0; reports != NULL && i < reports->count; i++) {
        struct destination *to = &reports->list[i];
        assert(to->report == NULL);
        const bool written =
            to->output != NULL ? output_commit(to->output) : machine_close(to->file, "the report");
        good = written && good;
    }
    free(reports);
    return good;
}
