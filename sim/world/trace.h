/*
 * trace.h - what happened in a world: one line for each event, and a hash over all lines.
 *
 * A line is "SECONDS.NANOSECONDS WHO WHAT BYTES\n": the virtual time, whom it concerns, what it was, and
 * the bytes that moved, if any, with everything outside printable ASCII and UTF-8 escaped: "\n", "\t",
 * "\\" for the backslash, and "\xNN" for every other byte of a control character (U+0080 to U+009F among
 * them) or of what is not UTF-8, such as a character cut in two.
 *
 * Lines have numbers, from 1, by which everything that is shown names them.  The number is not part of the
 * line: it stands before it where it is written (trace_write).  The hash is XXH3 (64 bits) of the lines
 * alone. Two runs are the same run when their hashes are.
 */
#ifndef SIM_TRACE_H
#define SIM_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct trace;

/* Where the lines go besides the hash: called once a line, which ends in '\n', with its number. */
typedef void (*trace_sink)(void *host, uint64_t number, const char *line, size_t length);

/* A sink that writes the line behind its number, "   45  0.031000000 Romeo > <presence/>", printably
 * (printable.h); `host` is a FILE *. */
void trace_write(void *host, uint64_t number, const char *line, size_t length);

/* `sink` may be NULL.  Aborts when there is no memory, as everything of the simulator's own does. */
struct trace *trace_new(trace_sink sink, void *host);
void trace_free(struct trace *trace);

/* Adds a line.  `who` and `what` are printed as they are; `bytes` may be NULL. */
void trace_line(struct trace *trace, uint64_t now, const char *who, const char *what, const char *bytes,
                size_t length);

/* The hash of all lines so far, and how many there were: the number of the last. */
uint64_t trace_hash(struct trace *trace);
uint64_t trace_count(const struct trace *trace);

/* The last lines of a trace.  They may lie in memory that another process reads, so they hold no pointer and
 * every line counts only once it is whole. */
enum { TRACE_KEPT = 32, TRACE_LINE_KEPT = 512 };
struct trace_tail {
    uint64_t count; /* of all lines; line n lies in slot n % TRACE_KEPT */
    struct trace_kept {
        uint32_t length; /* with the '\n' */
        char text[TRACE_LINE_KEPT];
    } kept[TRACE_KEPT];
};

/* Keeps the last lines in `tail`, which begins empty, from here on and for as long as there is the trace. */
void trace_keep_in(struct trace *trace, struct trace_tail *tail);

/* The last lines, at most `lines`, oldest first, handed to `sink` one by one; the trace keeps TRACE_KEPT
 * of them, and of each no more than TRACE_LINE_KEPT bytes, the '\n' included: a longer line is cut. */
void trace_last(const struct trace *trace, size_t lines, trace_sink sink, void *host);
void trace_tail_last(const struct trace_tail *tail, size_t lines, trace_sink sink, void *host);

#endif
