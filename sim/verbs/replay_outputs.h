/*
 * replay_outputs.h - the files that a replay writes: the trace, the recorded scenario, reports.
 */
#ifndef SIM_REPLAY_OUTPUTS_H
#define SIM_REPLAY_OUTPUTS_H

#include "replay_source.h"

struct replay_outputs {
    FILE *trace; /* NULL for none */
    const char *record;
    struct run_reports *reports; /* NULL for none */
};

/* Whether an output file is also an input of the run, or two outputs are the same file.  Then an error was
 * printed. */
bool replay_outputs_clash(const struct replay_settings *settings, const struct replay_source *source);

/* Whether a report goes to standard output. */
bool replay_outputs_take_standard(const struct replay_settings *settings);

/* Returns false after printing an error; then there is nothing to close. */
bool replay_outputs_open(struct replay_outputs *outputs, const struct replay_settings *settings);

/* What the reports have of the events of a run, whose case has this number. */
struct event_kept replay_outputs_kept(const struct replay_outputs *outputs, uint64_t number);

/* Writes the recorded scenario, and closes the trace; the reports are not touched.  Returns false after
 * printing an error when not everything could be written.  Standard output is checked at the end. */
bool replay_outputs_close(const struct replay_outputs *outputs, const struct replay_settings *settings,
                          const struct replay_source *source, const struct recording *choices);

#endif
