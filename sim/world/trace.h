/*
 * trace.h - a log of a world: one line for each event, and a hash over all lines.
 *
 * A line is "SECONDS.NANOSECONDS WHO WHAT BYTES\n": the virtual time, the object that the event concerns, the
 * event, and the bytes that moved, if any.  Bytes outside printable ASCII and UTF-8 are escaped: "\n", "\t",
 * "\\" for the backslash, and "\xNN" for every other byte of a control character (including U+0080 to U+009F)
 * and every byte that is not UTF-8, such as part of a character.
 *
 * Lines are numbered from 1; all output refers to them by number.  The number is not part of the line:
 * trace_write adds it in front.  The hash is XXH3 (64 bits) of the lines alone.  Two runs are the same if
 * their hashes are equal.
 */
#ifndef SIM_TRACE_H
#define SIM_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct trace;

/* Called once for each line, which ends in '\n', with its number.  The line is borrowed for the call. */
typedef void (*trace_sink)(void *host, uint64_t number, const char *line, size_t length);

/* A sink that writes the line behind its number, "   45  0.031000000 Romeo > <presence/>", printably
 * (printable.h); `host` is a FILE *. */
void trace_write(void *host, uint64_t number, const char *line, size_t length);

/* Creates a trace.  `sink` may be NULL.  Aborts when memory runs out. */
struct trace *trace_new(trace_sink sink, void *host);
void trace_free(struct trace *trace);

/* Adds a line.  `who` and `what` are printed as they are; `bytes` may be NULL. */
void trace_line(struct trace *trace, uint64_t now, const char *who, const char *what, const char *bytes,
                size_t length);

/* What a line is made of: the same values as those of trace_line, borrowed for the call. */
struct trace_record {
    uint64_t number; /* of the line, from 1 */
    uint64_t now;
    const char *who, *what;
    const char *bytes; /* as they moved, not escaped; NULL for none */
    size_t length;
};

/* Sets who is told each line as a record, after the sink; NULL for nobody.  A watcher must not add lines. */
typedef void (*trace_watcher)(void *host, const struct trace_record *record);
void trace_watch(struct trace *trace, trace_watcher watcher, void *host);

/* WHO of the lines of steps and of disks.  A client may have such a name too, so a watcher compares the addresses. */
extern const char trace_of_step[], trace_of_disk[];

/* The hash of all lines so far, and their count, which is the number of the last line. */
uint64_t trace_hash(struct trace *trace);
uint64_t trace_count(const struct trace *trace);

/* The last lines of a trace.  They may be in memory shared with another process; so they contain no pointers,
 * and a line counts only once it is complete. */
enum { TRACE_KEPT = 32, TRACE_LINE_KEPT = 512 };
struct trace_tail {
    uint64_t count; /* of all lines; line n lies in slot n % TRACE_KEPT */
    struct trace_kept {
        uint32_t length; /* with the '\n' */
        char text[TRACE_LINE_KEPT];
    } kept[TRACE_KEPT];
};

/* Keeps the last lines in `tail` from here on.  `tail` is zeroed, borrowed, and must live as long as the
 * trace. */
void trace_keep_in(struct trace *trace, struct trace_tail *tail);

/* Passes the last lines, at most `lines`, to `sink`, oldest first.  The trace keeps TRACE_KEPT lines, and at
 * most TRACE_LINE_KEPT bytes of each, including the '\n'; longer lines are cut. */
void trace_last(const struct trace *trace, size_t lines, trace_sink sink, void *host);
void trace_tail_last(const struct trace_tail *tail, size_t lines, trace_sink sink, void *host);

#endif
