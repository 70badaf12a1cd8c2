/*
 * output.h - a file that the tool writes completely or not at all.
 *
 * What is written goes into a file beside the one that was named, which takes its place when it is complete.
 * So an interrupted run leaves the earlier file as it was, and a reader never sees half of one.  Until then
 * it has no name, where the system and the file system can do that (Linux, O_TMPFILE), so that a process that
 * is killed leaves nothing; elsewhere it is called NAME.XXXXXX, and one that is killed leaves that.  What is
 * no regular file, a device or a pipe, is written directly.  A trace is no output in this sense: it is read
 * while it is written (machine_open).
 */
#ifndef SIM_OUTPUT_H
#define SIM_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct output;

/* Opens `path`, so that a folder, or one that cannot be written to, is noticed before any work is done.
 * Returns NULL after an error message to standard error.  To be ended by one of the two functions below. */
struct output *output_open(const char *path);

/* Where to write; it is the output's. */
FILE *output_file(const struct output *output);

/* Puts the file in its place, and frees.  False after a sentence to standard error when not all could be
 * written; then the earlier file is as it was.  NULL is nothing. */
bool output_commit(struct output *output);

/* Leaves the earlier file as it was, and frees.  NULL is nothing. */
void output_abandon(struct output *output);

/* The first of `others` that is the same regular file as `path`, by whatever name, whether it is there yet or
 * not; NULL when none is.  NULLs among them, and "-", are passed over. */
const char *output_clash(const char *path, const char *const *others, size_t count);

#endif
