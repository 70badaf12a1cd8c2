/*
 * interrupt.h - SIGINT, SIGTERM and SIGHUP: the current work ends early, and its results so far are reported.
 *
 * The first signal is recorded, and long operations check for it; another one, half a second later or
 * more, ends the process at once.
 */
#ifndef SIM_INTERRUPT_H
#define SIM_INTERRUPT_H

/* Starts recording signals; a signal that was ignored when the tool was started stays ignored. */
void interrupt_watch(void);

/* Ignores the signals from here on, in a process that ends together with its parent. */
void interrupt_ignore(void);

/* The received signal, or 0. */
int interrupt_signal(void);

/* The exit status: `status`, or, after a signal, 128 plus its number, as in shells: 130, 143, 129. */
int interrupt_status(int status);

#endif
