#include "player_private.h"

#include "../must.h"
#include "../printable.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

enum { TRACE_SHOWN = 12 };

/* The default width of an explanation, and the columns that are not available to its table: the prefixes that
 * a report and this file put before each line. */
enum { COLUMNS_USUAL = 100, COLUMNS_BEFORE_TABLE = 6 + 2 };

/* ---- The position, and the last events ---- */

static void write_place(FILE *out, const struct run *run)
{
    const struct step *step = run->step;
    printable_string(out, run->scenario->path);
    if (step != NULL) {
        (void)fprintf(out, ":%d: ", step->line);
        printable_string(out, step->source);
        (void)fputc('\n', out);
    } else {
        (void)fputs(run->result->begun == 0 ? ": before the first step\n" : ": at the end\n", out);
    }
}

static void write_trace_line(void *host, uint64_t number, const char *line, size_t length)
{
    FILE *out = host;
    char *shown = printable_copy(line, length - 1); /* without its line end */
    (void)fputs("  ", out);
    trace_write(out, number, shown, strlen(shown));
    (void)fputc('\n', out);
    free(shown);
}

static void write_trace(FILE *out, const struct run *run)
{
    (void)fprintf(out, "\n  the last lines of the trace (of %" PRIu64 "):\n", trace_count(run->trace));
    trace_last(run->trace, TRACE_SHOWN, write_trace_line, out);
}

/* ---- Who is where ---- */

static void write_session(FILE *out, const struct session *session)
{
    struct session_view view = session_look(session);
    (void)fprintf(out, "; session %s%s", session_type_name(view.type),
                  view.hibernating ? ", hibernating" : "");
    if (view.full_jid != NULL) {
        (void)fputc(' ', out);
        printable_string(out, view.full_jid);
    } else if (view.username != NULL) {
        (void)fputs(" of ", out);
        printable_string(out, view.username);
        (void)fputc('@', out);
        printable_string(out, view.host);
    }
    if (view.presence != NULL)
        (void)fprintf(out, ", available, priority %d", view.priority);
    (void)fprintf(out, "%s%s", view.interested ? ", interested" : "", view.waiting ? ", waiting" : "");
}

static void write_inbox(FILE *out, const struct client *client)
{
    size_t size = client_inbox_size(client);
    if (size == 0)
        return;
    (void)fprintf(out, "; %zu not consumed:\n", size);
    for (const struct received *r = client_inbox(client); r != NULL; r = r->next) {
        char *printed = r->element != NULL ? xml_print(r->element, XML_NS_CLIENT) : NULL;
        (void)fputs("        ", out);
        printable_string(out, printed != NULL ? printed : received_name(r));
        (void)fputs(r->next != NULL ? "\n" : "", out);
        free(printed);
    }
}

static void write_actor(FILE *out, const struct run *run, const struct actor *actor)
{
    (void)fputs("    ", out);
    printable_string(out, actor->character->name);
    (void)fprintf(out, ": %s", client_state_name(client_state(actor->client)));
    const struct session *session = cast_session(run, actor);
    if (session != NULL)
        write_session(out, session);
    write_inbox(out, actor->client);
    (void)fprintf(out, "\n");
}

static void write_clients(FILE *out, const struct run *run)
{
    (void)fprintf(out, "\n  the clients:\n");
    for (size_t i = 0; i < run->scenario->cast_count; i++)
        write_actor(out, run, &run->actors[i]);
}

static void write_replay(FILE *out, const struct run *run)
{
    if (run->options->replay == NULL)
        return;
    (void)fputs("\n  to reproduce:\n    ", out);
    printable_string(out, run->options->replay);
    (void)fputc('\n', out);
}

/* ---- All of it ---- */

/* The part between the sentence and the trace. */
struct difference {
    bool shown;
    const struct xml *expected, *received;
    const char *details; /* lines; NULL for none */
};

/* The explanation of a scenario that must fail is searched for the words of its tag, so it does not depend on
 * the options for colour and width. */
static void write_table(FILE *page, struct run *run, const struct difference *difference)
{
    bool fixed = run->scenario->fails != NULL;
    unsigned columns = fixed || run->options->columns == 0 ? COLUMNS_USUAL : run->options->columns;
    match_explain(page, difference->expected, difference->received, run_lookup, run,
                  columns > COLUMNS_BEFORE_TABLE ? columns - COLUMNS_BEFORE_TABLE : 1,
                  run->options->colour && !fixed);
}

/* Writes the expected and the received element side by side, indented. */
static void write_difference(FILE *out, struct run *run, const struct difference *difference)
{
    char *table = NULL;
    size_t size = 0;
    FILE *page = must(open_memstream(&table, &size));
    write_table(page, run, difference);
    (void)fclose(page);
    (void)fputc('\n', out);
    for (const char *line = must(table); *line != '\0';) {
        const char *end = strchr(line, '\n');
        size_t length = end != NULL ? (size_t)(end - line) + 1 : strlen(line);
        (void)fprintf(out, "  %.*s", (int)length, line);
        line += length;
    }
    free(table);
}

/* Each line indented. */
static void write_details(FILE *out, const char *details)
{
    while (details != NULL && *details != '\0') {
        const size_t length = strcspn(details, "\n");
        (void)fputs("    ", out);
        printable_write(out, details, length);
        (void)fputc('\n', out);
        details += length + (details[length] == '\n');
    }
}

/* Not where the explanation is searched for words: what a server says of itself is no failure. */
static void write_logs(FILE *out, const struct run *run)
{
    for (size_t i = 0; i < run->server_count && run->scenario->fails == NULL; i++) {
        char *log = server_log(run->servers[i]);
        if (log == NULL)
            continue;
        (void)fputs("\n  the server's standard error:\n", out);
        write_details(out, log);
        free(log);
    }
}

static void explain(struct run *run, const struct difference *difference)
{
    size_t size;
    FILE *out = must(open_memstream(&run->result->explanation, &size));
    write_place(out, run);
    (void)fprintf(out, "  %s\n", run->result->summary);
    if (difference->shown)
        write_difference(out, run, difference);
    write_details(out, difference->details);
    write_trace(out, run);
    if (run->actors != NULL)
        write_clients(out, run);
    write_logs(out, run);
    write_replay(out, run);
    (void)fclose(out);
}

static char *format_sentence(const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *sentence = must(malloc((size_t)length + 1));
    (void)vsnprintf(sentence, (size_t)length + 1, format, arguments);
    for (char *c = sentence; *c != '\0'; c++)
        if (*c == '\n')
            *c = ' ';
    char *shown = printable_copy(sentence, (size_t)length);
    free(sentence);
    return shown;
}

static void fail(struct run *run, const struct difference *difference, const char *format, va_list arguments)
{
    if (run->failed)
        return;
    run->failed = true;
    run->result->passed = false;
    run_describe(run);
    run->result->line = run->step != NULL ? run->step->line : 0;
    run->result->summary = format_sentence(format, arguments);
    explain(run, difference);
    events_failed(run, difference->expected, difference->received);
}

void run_fail(struct run *run, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fail(run, &(struct difference){ .shown = false }, format, arguments);
    va_end(arguments);
}

void run_fail_with(struct run *run, const struct xml *expected, const struct xml *received,
                   const char *format, ...)
{
    bool shown = expected != NULL || received != NULL;
    va_list arguments;
    va_start(arguments, format);
    fail(run, &(struct difference){ .shown = shown, .expected = expected, .received = received }, format,
         arguments);
    va_end(arguments);
}

void run_fail_in_full(struct run *run, const char *details, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fail(run, &(struct difference){ .details = details }, format, arguments);
    va_end(arguments);
}

void run_look_at_checks(struct run *run)
{
    const struct check_violation *violation = checks_violation(run->checks);
    if (violation == NULL || run->failed)
        return;
    run->result->check = violation->name;
    run_fail(run,
             "the check %s does not hold: %s. The rule (%s): %s. Seen at line %" PRIu64
             " of the trace, %" PRIu64 ".%09" PRIu64 " s",
             violation->name, violation->detail, violation->source, violation->sentence, violation->line,
             violation->time / SIM_SECOND, violation->time % SIM_SECOND);
}

/* Leaves enough time before the maximum that no action begun before it overflows. */
static const sim_time LAST_TIME = UINT64_MAX / 4;

bool run_has_time(struct run *run, sim_time span)
{
    bool has = span <= LAST_TIME - world_now(run->world);
    if (!has)
        run_fail(run, "the time is too long: virtual time ends after 146 years");
    return has;
}
