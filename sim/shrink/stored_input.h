/*
 * stored_input.h - stored inputs of fuzz targets, and those that the tool runs itself.
 *
 * An input is a file .../inputs/TARGET/NAME.  NAME.txt beside it, which says what was wrong, is none, nor is README.
 * The tool runs the inputs of two targets (sim/fuzz), as these do:
 *
 *      plot    the bytes choose a plot, and then every choice of its run
 *      run     a scenario and, behind a byte 0x1e, the choices of its run; only the checks are judged
 */
#ifndef SIM_STORED_INPUT_H
#define SIM_STORED_INPUT_H

#include "../player/player.h"
#include "../sweep/plot.h"
#include "../tool/files.h"

/* What the targets have in common with the tool.  A run halts after so many events, and a key is made in so many
 * iterations, because an input may ask for any number. */
enum { STORED_SEPARATOR = 0x1e, STORED_EVENTS_MOST = 5000, STORED_ITERATIONS_MOST = 2 };
extern const struct plot_options stored_plots;

/* The target of a file, by its folders; NULL when it is no stored input.  The caller frees. */
char *stored_input_target(const char *path);

/* Adds the stored inputs and the scenarios (*.scs) of a folder and the folders below it.  Returns false after a
 * sentence when one of these cannot be read. */
bool stored_inputs_find(struct file_list *inputs, struct file_list *scenarios, const char *folder,
                        FILE *errors);

/* Whether the tool runs the inputs of a target. */
bool stored_input_is_run_here(const char *target);

struct stored_input {
    struct scenario *scenario; /* NULL for a text that is none: nothing is run, and the input passes */
    struct player_options options;
};

/* Makes what is run of the bytes, which are borrowed.  The target is one of those.  stored_input_free frees. */
void stored_input_load(struct stored_input *input, const char *target, const char *name,
                       const unsigned char *bytes, size_t length);
void stored_input_free(struct stored_input *input);

/* Whether the target counts the result of such a run as failed: of a text, steps that cannot be made do not, and neither
 * does a recording of another run. */
bool stored_input_fails(const struct stored_input *input, const struct player_result *result);

#endif
