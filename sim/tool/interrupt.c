#include "interrupt.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* A process may receive two signals when its group is ended.  Signals within this interval count as one. */
enum { ONE_MILLISECONDS = 500 };

static volatile sig_atomic_t came;
static struct timespec came_at;

static bool is_soon(const struct timespec *now)
{
    const long long second = 1000000000;
    const long long since = (now->tv_sec - came_at.tv_sec) * second + now->tv_nsec - came_at.tv_nsec;
    return since < ONE_MILLISECONDS * (second / 1000);
}

static void note(int number)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    if (came == 0) {
        came_at = now;
        came = number;
    } else if (!is_soon(&now)) {
        (void)signal(number, SIG_DFL);
        (void)raise(number);
    }
}

/* Writes continue; only waits are interrupted. */
static void watch_one(int number)
{
    struct sigaction action = { .sa_handler = note, .sa_flags = SA_RESTART };
    struct sigaction before;
    sigemptyset(&action.sa_mask);
    sigaddset(&action.sa_mask, SIGHUP);
    sigaddset(&action.sa_mask, SIGINT);
    sigaddset(&action.sa_mask, SIGTERM);
    if (sigaction(number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        (void)sigaction(number, &action, NULL);
}

void interrupt_watch(void)
{
    watch_one(SIGHUP);
    watch_one(SIGINT);
    watch_one(SIGTERM);
}

void interrupt_ignore(void)
{
    (void)signal(SIGHUP, SIG_IGN);
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGTERM, SIG_IGN);
    came = 0;
}

int interrupt_signal(void)
{
    return came;
}

int interrupt_status(int status)
{
    return came != 0 ? 128 + came : status;
}
