/*
 * simulator.h - messages to and from the simulator (sim/adapters/README.md is the protocol).
 */
#ifndef LIVE_SIMULATOR_H
#define LIVE_SIMULATOR_H

#include "../../kinds/pipe_wire.h"

/* Begins, with the descriptor that an adapter finds.  `tell` writes more to the standard error when this program
 * gives up; `leave` ends what it has started. */
void simulator_begin(void (*tell)(void), void (*leave)(void));

/* Waits for a message.  Ends the program when the simulator has gone. */
void simulator_get(struct pipe_message *message);

/* The number that a word is; gives up when it is none. */
uint64_t simulator_number(const struct pipe_message *message, size_t word);

/* Sends a message, with a payload unless that is NULL, together with the next ones. */
__attribute__((format(printf, 3, 4))) void simulator_put(const char *payload, size_t length,
                                                         const char *format, ...);

/* The same at once. */
void simulator_flush(void);

/* Refuses a setting, or what exists before the first step, for a reason. */
void simulator_refuse(const char *setting, const char *reason);

/* The adapter cannot go on: says why on the standard error, and ends. */
_Noreturn void simulator_give_up(const char *why, const char *more);

#endif
