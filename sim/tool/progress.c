#include "progress.h"

#include "../must.h"
#include "../world/world.h"
#include "machine.h"
#include "width.h"

#include <inttypes.h>
#include <string.h>

enum { BAR_WIDTH = 30, REDRAWN_MILLISECONDS = 200 };

/* Erase in line (ECMA-48, 8.3.41). */
#define ERASE_LINE "\r\033[K"

/* No bar if the terminal is narrower than twice its width. */
static void write_bar(FILE *out, uint64_t done, uint64_t total, unsigned columns)
{
    char bar[BAR_WIDTH + 1];
    const size_t filled = (size_t)((double)BAR_WIDTH * (double)done / (double)total);
    memset(bar, '.', BAR_WIDTH);
    memset(bar, '#', filled < BAR_WIDTH ? filled : BAR_WIDTH);
    bar[BAR_WIDTH] = '\0';
    if (columns == 0 || columns >= 2 * BAR_WIDTH)
        fprintf(out, "[%s] ", bar);
    fprintf(out, "%" PRIu64 "/%" PRIu64, done, total);
}

static void write_left(FILE *out, uint64_t nanoseconds)
{
    const uint64_t seconds = (nanoseconds + SIM_SECOND - 1) / SIM_SECOND;
    if (seconds < 60)
        fprintf(out, "%" PRIu64 " s left", seconds);
    else if (seconds < 3600)
        fprintf(out, "%" PRIu64 " min %" PRIu64 " s left", seconds / 60, seconds % 60);
    else
        fprintf(out, "%" PRIu64 " h %" PRIu64 " min left", seconds / 3600, seconds / 60 % 60);
}

/* The remaining time, estimated from the progress so far, and at most `left`. */
static uint64_t estimate(uint64_t done, uint64_t total, uint64_t elapsed, uint64_t left)
{
    if (done == 0 || total <= done || elapsed < SIM_SECOND)
        return left;
    const double pace = (double)elapsed / (double)done * (double)(total - done);
    return left > 0 && (double)left < pace ? left : (uint64_t)pace;
}

/* The last column stays empty, because some terminals wrap after it.  Frees the line. */
static char *cut(char *line, unsigned columns)
{
    char *shown = NULL;
    size_t length = 0;
    FILE *out = must(open_memstream(&shown, &length));
    if (columns != 1)
        width_write(out, line, columns > 0 ? columns - 1 : 0);
    fclose(out);
    free(line);
    return must(shown);
}

char *progress_line(uint64_t done, uint64_t total, uint64_t elapsed, uint64_t left, const char *note,
                    unsigned columns)
{
    char *line = NULL;
    size_t length = 0;
    FILE *out = must(open_memstream(&line, &length));
    const uint64_t estimated = estimate(done, total, elapsed, left);
    if (total > 0)
        write_bar(out, done, total, columns);
    if (estimated > 0) {
        fputs(total > 0 ? ", " : "", out);
        write_left(out, estimated);
    }
    if (*note != '\0')
        fprintf(out, "%s%s", total > 0 || estimated > 0 ? ", " : "", note);
    fclose(out);
    return cut(must(line), columns);
}

struct progress_bar progress_begin(FILE *out, uint64_t span)
{
    const uint64_t now = machine_now();
    return (struct progress_bar){ .out = out,
                                  .terminal = machine_is_terminal(out),
                                  .began = now,
                                  .drawn_at = now,
                                  .redrawn = REDRAWN_MILLISECONDS * SIM_MILLISECOND,
                                  .ends = span > 0 ? now + span : 0 };
}

struct progress_bar progress_begin_on(FILE *out, bool terminal, unsigned columns)
{
    return (
        struct progress_bar){ .out = out, .terminal = terminal, .columns = columns, .began = machine_now() };
}

void progress_update(struct progress_bar *bar, uint64_t done, uint64_t total, const char *note)
{
    const uint64_t now = machine_now();
    if (!bar->terminal || now - bar->drawn_at < bar->redrawn)
        return;
    bar->drawn_at = now;
    bar->drawn = true;
    const uint64_t left = bar->ends > now ? bar->ends - now : 0;
    const unsigned columns = bar->columns > 0 ? bar->columns : machine_columns(bar->out);
    char *line = progress_line(done, total, now - bar->began, left, note, columns);
    fprintf(bar->out, ERASE_LINE "%s", line);
    fflush(bar->out);
    free(line);
}

void progress_erase(struct progress_bar *bar)
{
    if (!bar->drawn)
        return;
    fputs(ERASE_LINE, bar->out);
    fflush(bar->out);
    bar->drawn = false;
}
