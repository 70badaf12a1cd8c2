/* JSON Lines, for programs: an object for the run, one for each case when it is over, one for the totals.
 * Every object has all its members; absent values are null.  The table of members is in sim/README.md. */
#include "report_writer.h"

#include "event_log.h"
#include "json.h"

#include <inttypes.h>
#include <string.h>

static void print_string(FILE *out, const char *key, const char *text)
{
    json_string(out, key, text);
}

static void print_number(FILE *out, const char *key, uint64_t number)
{
    json_number(out, key, number);
}

static void print_null(FILE *out, const char *key)
{
    print_string(out, key, NULL);
}

static void print_hash(FILE *out, uint64_t hash)
{
    char digits[17];
    snprintf(digits, sizeof digits, "%016" PRIx64, hash);
    print_string(out, "trace_hash", digits);
}

static void print_type(FILE *out, const char *type)
{
    fprintf(out, "{\"type\":\"%s\"", type);
}

static void print_end(FILE *out)
{
    fputs("}\n", out);
    fflush(out);
}

static void print_run_line(const struct report *report)
{
    FILE *out = report->out;
    const uint64_t *seed = report->options.seed;
    print_type(out, "run");
    print_number(out, "format", 1);
    if (seed != NULL)
        print_number(out, "seed", *seed);
    else
        print_null(out, "seed");
    print_number(out, "cases", report->options.expected);
}

static void json_begin(struct report *report)
{
    print_run_line(report);
    print_end(report->out);
}

static void print_run(FILE *out, const struct report_case *result)
{
    const struct player_result *outcome = result->result;
    print_number(out, "real_ns", result->real_time);
    print_number(out, "virtual_ns", outcome->virtual_time);
    print_number(out, "events", outcome->events);
    if (outcome->varies)
        print_null(out, "trace_hash");
    else
        print_hash(out, outcome->trace_hash);
    if (outcome->line > 0)
        print_number(out, "line", (uint64_t)outcome->line);
    else
        print_null(out, "line");
    print_string(out, "check", outcome->check);
    print_string(out, "summary", outcome->summary);
    print_string(out, "explanation", outcome->explanation);
}

static void print_not_run(FILE *out)
{
    static const char *const keys[] = { "real_ns", "virtual_ns", "events",  "trace_hash",
                                        "line",    "check",      "summary", "explanation" };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        print_null(out, keys[i]);
}

static const char *status_of(const struct report_case *result)
{
    if (result->result == NULL)
        return "skipped";
    return result->result->passed ? "passed" : "failed";
}

static void json_add(struct report *report, const struct report_case *result)
{
    FILE *out = report->out;
    print_type(out, "case");
    print_string(out, "path", result->path);
    print_string(out, "name", result->name);
    print_string(out, "title", result->title);
    print_string(out, "status", status_of(result));
    print_string(out, "reason", result->skipped);
    if (result->result != NULL)
        print_run(out, result);
    else
        print_not_run(out);
    print_string(out, "replay", result->replay);
    print_end(out);
}

static void json_end(struct report *report, const struct report_totals *totals)
{
    FILE *out = report->out;
    print_type(out, "totals");
    print_number(out, "passed", totals->passed);
    print_number(out, "failed", totals->failed);
    print_number(out, "skipped", totals->skipped);
    print_number(out, "real_ns", totals->real_time);
    print_number(out, "virtual_ns", totals->virtual_time);
    print_number(out, "events", totals->events);
    if (totals->kind != NULL && totals->kind->varies)
        print_null(out, "trace_hash");
    else
        print_hash(out, totals->trace_hash);
    print_end(out);
}

/* ---- With events ---- */

/* The first line says which format the events have. */
static void events_begin(struct report *report)
{
    print_run_line(report);
    print_number(report->out, "events_format", EVENT_LOG_FORMAT);
    print_end(report->out);
}

static void print_source(FILE *out, const struct report_case *result)
{
    print_type(out, "source");
    print_string(out, "path", result->path);
    json_bytes(out, "text", result->source, strlen(result->source));
    print_end(out);
}

/* The source of a file comes before its first case, the events of a case before its result. */
static void events_add(struct report *report, const struct report_case *result)
{
    if (result->source != NULL && report_enters_file(report, result->path))
        print_source(report->out, result);
    if (result->result != NULL && result->result->log != NULL)
        fputs(result->result->log, report->out);
    json_add(report, result);
    if (result->more != NULL)
        fputs(result->more, report->out);
}

const struct report_writer report_events = { "events", events_begin, events_add, json_end };

const struct report_writer report_json = { "json", json_begin, json_add, json_end };
