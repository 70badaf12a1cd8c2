/*
 * answers.h - what all clients received in a run, as a text in which two servers can be compared.
 *
 * The text has a line for each step that acts, and below it a line for each element that clients received during the step
 * (answer.h), with its virtual time in front, as in a trace:
 *
 *      0.041000000 step Romeo sends:
 *      0.043000000 Juliet receives <message from="romeo@localhost/orchard"><body>hear</body></message>
 *
 * So it is for trace_compare, for which times are no difference.  Below a step the lines are in the order of the
 * clients' names, and for one client in that of the senders; only for one sender are they in the order in which
 * they came, since a server keeps the order of what one client sends (RFC 6120, 10.1), and has to keep no other.
 */
#ifndef SIM_ANSWERS_H
#define SIM_ANSWERS_H

#include "../player/player.h"

struct answers;

/* Collects the answers of one run of the scenario. */
struct answers *answers_new(const struct scenario *scenario);

/* For player_options; lives as long as the answers. */
const struct player_observer *answers_observer(const struct answers *answers);

/* Returns the text, which the caller frees, and frees the answers. */
char *answers_take(struct answers *answers);

#endif
