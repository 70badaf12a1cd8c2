/*
 * completion.h - scripts that complete the tool's command lines in shells.
 *
 * A script is written from the tables of the verbs: it completes verbs, their options, and paths, also as the
 * values of options that are FILE, FOLDER or PROGRAM.
 */
#ifndef SIM_COMPLETION_H
#define SIM_COMPLETION_H

#include "options.h"

/* Writes the script for a shell, "bash", "zsh" or "fish".  Returns false, with nothing written, for any
 * other. */
bool completion_print(FILE *out, const char *shell, const struct verb *const *verbs, size_t count);

#endif
