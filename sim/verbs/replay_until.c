#include "replay_until.h"
#include "../text.h"

#include "../printable.h"
#include "../tool/options.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

/* ---- Times ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A number without a decimal point needs a unit; otherwise it is a line number. */
static sim_time find_unit(const char *unit, bool has_point)
{
    static const struct {
        const char *name;
        sim_time span;
    } units[] = {
        { "ms", SIM_MILLISECOND }, { "s", SIM_SECOND }, { "m", 60 * SIM_SECOND }, { "h", 3600 * SIM_SECOND }
    };
    if (*unit == '\0')
        return has_point ? SIM_SECOND : 0;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(units[i].name, unit) == 0)
            return units[i].span;
    return 0;
}

/* "SECONDS.FRACTION", or a number with or without a fraction and a unit. */
static bool parse_time(const char *text, sim_time *time)
{
    enum { DIGITS_MOST = 15 };
    char whole[DIGITS_MOST + 1] = "";
    uint64_t number = 0;
    const size_t digits = strspn(text, "0123456789");
    const bool has_point = text[digits] == '.';
    const char *fraction = text + digits + has_point;
    const size_t fraction_digits = has_point ? strspn(fraction, "0123456789") : 0;
    sim_time unit = find_unit(fraction + fraction_digits, has_point);
    if (digits > DIGITS_MOST || unit == 0 || (has_point && fraction_digits == 0))
        return false;
    memcpy(whole, text, digits);
    if (!text_read_number(whole, UINT64_MAX / 2 / unit, &number))
        return false;
    *time = number * unit;
    for (; is_digit(*fraction); fraction++) {
        unit /= 10;
        *time += (sim_time)(*fraction - '0') * unit;
    }
    return true;
}

/* ---- All forms ---- */

static bool parse_step(struct replay_until *until, const char *text)
{
    const char *colon = strrchr(text, ':');
    if (colon == NULL || !text_read_number(colon + 1, INT_MAX, &until->moment.number))
        return false;
    until->moment.what = PLAYER_UNTIL_STEP;
    until->file = colon > text ? text : NULL;
    return until->moment.number > 0;
}

bool replay_until_parse(struct replay_until *until, const char *text)
{
    *until = (struct replay_until){ .moment = { .what = PLAYER_UNTIL_LINE } };
    if (text_read_number(text, UINT64_MAX, &until->moment.number))
        return until->moment.number > 0;
    until->moment.what = PLAYER_UNTIL_TIME;
    return parse_time(text, &until->moment.number) || parse_step(until, text);
}

/* ---- The step ---- */

/* The line of the last step that begins at `line` or before it; 0 when there is none. */
static int last_step_by(const struct step *step, int line)
{
    int last = 0;
    for (; step != NULL && step->line <= line; step = step->next) {
        const int inside = last_step_by(step->steps, line);
        last = inside > 0 ? inside : step->line;
    }
    return last;
}

bool replay_until_fits(const struct replay_until *until, const struct scenario *scenario, FILE *errors)
{
    const int line = (int)until->moment.number;
    if (until->moment.what != PLAYER_UNTIL_STEP)
        return true;
    const size_t length = until->file != NULL ? (size_t)(strrchr(until->file, ':') - until->file) : 0;
    if (until->file != NULL &&
        (strlen(scenario->path) != length || memcmp(scenario->path, until->file, length) != 0)) {
        fputs("rehearse replay: --until names ", errors);
        printable_write(errors, until->file, length);
        fputs(", and ", errors);
        printable_string(errors, scenario->path);
        fputs(" is run\n", errors);
        return false;
    }
    const int last = last_step_by(scenario->steps, line);
    if (last == line)
        return true;
    fprintf(errors, "rehearse replay: no step begins in line %d of ", line);
    printable_string(errors, scenario->name);
    if (last > 0)
        fprintf(errors, "; the last before it is in line %d", last);
    fputc('\n', errors);
    return false;
}

/* ---- A moment that was not reached ---- */

static void print_time(FILE *out, sim_time time)
{
    fprintf(out, "%" PRIu64 ".%09" PRIu64 " s", time / SIM_SECOND, time % SIM_SECOND);
}

void replay_until_tell(FILE *out, const struct replay_until *until, const struct player_result *result)
{
    if (until->moment.what == PLAYER_TO_THE_END || result->halted)
        return;
    fprintf(out, "the run %s before ", result->passed ? "ended" : "failed");
    switch (until->moment.what) {
    case PLAYER_UNTIL_STEP:
        fprintf(out, "the step in line %" PRIu64 " began", until->moment.number);
        fprintf(out, result->begun > 0 ? ": the last that began is in line %d\n" : ": none did\n",
                result->begun);
        return;
    case PLAYER_UNTIL_TIME:
        print_time(out, until->moment.number);
        break;
    default:
        fprintf(out, "line %" PRIu64 " of its trace", until->moment.number);
        break;
    }
    fprintf(out, ": the last is line %" PRIu64 ", and its time ", result->lines);
    print_time(out, result->virtual_time);
    fputc('\n', out);
}
