/*
 * transcript.h - the bytes transferred during a workload, to be parsed by expat only.
 *
 * They are taken from the trace: pass transcript_note to bench_init as its sink.  Each piece is stored with
 * its direction.  The client does not matter, because pieces are whole stanzas in streams that declare the
 * same namespaces.
 */
#ifndef SIM_BENCH_TRANSCRIPT_H
#define SIM_BENCH_TRANSCRIPT_H

#include "bare.h"

#include <stdbool.h>

struct piece;

/* Zeroed is empty, and ignores the trace. */
struct transcript {
    struct piece *first, *last;
    bool listens;
};

/* A trace_sink; `host` is the transcript. */
void transcript_note(void *host, uint64_t number, const char *line, size_t length);
void transcript_free(struct transcript *transcript);

/* Parses everything, with one parser for each direction. */
void transcript_parse(const struct transcript *transcript, struct bare *const sides[2]);

#endif
