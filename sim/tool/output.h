/*
 * output.h - a file that the tool writes completely or not at all.
 *
 * The output is written to a temporary file beside the target, which replaces the target when complete.  So
 * an interrupted run leaves the earlier file unchanged, and a reader never sees a partial file.  The
 * temporary file has no name where the file system supports that (Linux, O_TMPFILE), so that a killed process
 * leaves nothing; elsewhere its name is NAME.XXXXXX, and a killed process leaves it.  A device or a pipe is
 * written directly.  A trace is not written this way, because it may be read while it is written
 * (machine_open).
 */
#ifndef SIM_OUTPUT_H
#define SIM_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct output;

/* Opens `path` for output, so that an unwritable path is detected before any work is done.  Returns NULL
 * after an error message to standard error.  End it with output_commit or output_abandon. */
struct output *output_open(const char *path);

/* The stream to write to; owned by the output. */
FILE *output_file(const struct output *output);

/* Replaces the target with the complete file, and frees the output.  Returns false, after an error message to
 * standard error, when not everything could be written; the earlier file is then unchanged.  NULL has no
 * effect. */
bool output_commit(struct output *output);

/* Leaves the earlier file unchanged, and frees the output.  NULL has no effect. */
void output_abandon(struct output *output);

/* The first of `others` that names the same regular file as `path`, existing or not; NULL when there is
 * none.  NULL and "-" are ignored. */
const char *output_clash(const char *path, const char *const *others, size_t count);

#endif
