/*
 * interrupt.h - SIGINT, SIGTERM and SIGHUP: what is under way ends early, and what came of it so far is told.
 *
 * The first of them is noted, and what takes long looks for it; another, half a second later or more, ends
 * the process at once.
 */
#ifndef SIM_INTERRUPT_H
#define SIM_INTERRUPT_H

/* From here on signals are noted; one that was ignored when the tool was started stays so. */
void interrupt_watch(void);

/* From here on none of them is heard: in a process that ends when the one that started it does. */
void interrupt_ignore(void);

/* The signal that came, or 0. */
int interrupt_signal(void);

/* The exit status: `status`, or, after a signal, 128 and its number, as shells have it: 130, 143, 129. */
int interrupt_status(int status);

#endif
