/*
 * transcript.h - the bytes that travelled during a workload, to be parsed by expat alone.
 *
 * They are read off the trace: bench_init takes transcript_note for its sink.  Each piece is remembered with
 * its direction; whose it was does not matter, for pieces are whole stanzas in streams that declare the same
 * namespaces.
 */
#ifndef SIM_BENCH_TRANSCRIPT_H
#define SIM_BENCH_TRANSCRIPT_H

#include "bare.h"

#include <stdbool.h>

struct piece;

/* Zeroed is empty, and listens to nothing. */
struct transcript {
    struct piece *first, *last;
    bool listens;
};

/* A trace_sink; `host` is the transcript. */
void transcript_note(void *host, uint64_t number, const char *line, size_t length);
void transcript_free(struct transcript *transcript);

/* Parses all of it, with a parser for each direction. */
void transcript_parse(const struct transcript *transcript, struct bare *const sides[2]);

#endif
