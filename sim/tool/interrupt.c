#include "interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t came;

static void note(int number)
{
    came = number;
    (void)signal(SIGINT, SIG_DFL);
    (void)signal(SIGTERM, SIG_DFL);
}

/* What is being written goes on; only waiting is cut short. */
static void watch_one(int number)
{
    struct sigaction action = { .sa_handler = note, .sa_flags = SA_RESTART };
    struct sigaction before;
    sigemptyset(&action.sa_mask);
    if (sigaction(number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        (void)sigaction(number, &action, NULL);
}

void interrupt_watch(void)
{
    watch_one(SIGINT);
    watch_one(SIGTERM);
}

void interrupt_ignore(void)
{
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
