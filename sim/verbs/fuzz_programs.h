/*
 * fuzz_programs.h - the fuzz targets that are built, and the programs of each.
 *
 * They are in folders beside the tool: the plain programs in fuzz/, those of libFuzzer in fuzz/libfuzzer/, those with
 * the sanitizers in asan/fuzz/ (Makefile).
 */
#ifndef SIM_FUZZ_PROGRAMS_H
#define SIM_FUZZ_PROGRAMS_H

#include "../tool/files.h"

/* The folder of the tool, as it was called; the caller frees. */
char *fuzz_programs_folder(const char *program);

/* Adds the names of all targets that have a program, each once, and those whose inputs the tool runs itself
 * (stored_input.h), in order. */
void fuzz_targets_find(struct file_list *targets, const char *folder);

/* Adds the paths of a target's programs, the quickest first. */
void fuzz_programs_find(struct file_list *programs, const char *folder, const char *target);

/* The target of an input by its path: the nearest folder above it that is called like one of the targets, or a name
 * such as "jid-crash-0123abcd".  NULL where the path does not say; else one of the list's names. */
const char *fuzz_target_of_path(const struct file_list *targets, const char *path);

#endif
