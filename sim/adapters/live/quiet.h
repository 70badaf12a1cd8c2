/*
 * quiet.h - whether a server does nothing: all threads of its processes sleep.
 *
 * A process is watched through /proc: the state of each thread, and how long and how often it has run
 * (schedstat).  When two looks in a row find all asleep, with the same sums, nothing has run between them; so a
 * process that hands work on to another one is not missed.  Bytes between processes of one server may be under way
 * while all sleep (Nagle's algorithm holds them back until others are acknowledged): so the sockets of a port that they use
 * among themselves must be empty as well.  What woke a process up is seen at once, because the
 * system makes it runnable before the call returns that sends the bytes.
 */
#ifndef LIVE_QUIET_H
#define LIVE_QUIET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { QUIET_PROCESSES = 8 };

struct quiet {
    pid_t processes[QUIET_PROCESSES];
    unsigned port; /* that they use among themselves; 0 for none */
    size_t count;  /* 0: nothing can be seen, the server is on another machine */
};

/* Whether nothing ran during the call.  True when there is nothing to see. */
bool quiet_look(const struct quiet *quiet);

/* Adds the processes that listen on a port of this machine, as far as they can be seen. */
void quiet_find(struct quiet *quiet, unsigned port);

/* Waits until it is quiet; returns false when it is not within so many milliseconds. */
bool quiet_await(const struct quiet *quiet, unsigned milliseconds);

#endif
