/*
 * pipe_process.h - the process of an adapter: started, watched, and never left running.
 *
 * The command runs in a process group of its own, with a fixed environment, standard input and output at
 * /dev/null, its end of a socket at file descriptor 3, and its standard error in a file, which is its log.
 * Another process in the same group, the keeper, waits for the end of this one, however that comes about, and
 * then kills the group.  So nothing is left when this program is interrupted or killed.
 *
 * A process belongs to the one that started it: after a fork the child must not use it (pipe_process_is_own).
 */
#ifndef SIM_PIPE_PROCESS_H
#define SIM_PIPE_PROCESS_H

#include "pipe_wire.h"

#include <sys/types.h>

struct pipe_process {
    struct pipe_process *next; /* of all that this program has started */
    struct pipe_wire wire;
    pid_t owner;          /* who started it */
    pid_t leader, keeper; /* 0 once they were killed */
    bool ended;           /* by itself, before it was killed */
    int leash;            /* the keeper's group dies when this is closed */
    int log;              /* the file of its standard error */
};

/* Starts a command of the shell.  Returns NULL, with errno set, when the system cannot start it; a command that
 * does not exist ends at once instead. */
struct pipe_process *pipe_process_start(const char *command);

/* Whether this process may use it: it has not been forked since. */
bool pipe_process_is_own(const struct pipe_process *process);

/* The file descriptor at which an adapter finds its socket. */
enum { PIPE_ADAPTER_FD = 3 };

/* Makes a pair of sockets: the first does not block, and neither is inherited by programs.  Returns false, with
 * errno set, when there is none. */
bool pipe_process_pair(int pair[2]);

/* Empties the log; and appends its end to a text, at most so many bytes, each line indented by two blanks. */
void pipe_process_clear_log(const struct pipe_process *process);
void pipe_process_read_log(const struct pipe_process *process, size_t most, struct text *out);

/* Kills the whole group.  Returns how the command ended, as waitpid has it: by itself before, or by the signal.
 * When it `is_ending`, because it has closed its end of the socket, it is given half a second to end by itself.
 * A process that is not own is not killed, and the status is 0.  Only the log is of use afterwards. */
int pipe_process_kill(struct pipe_process *process, bool is_ending);

/* Frees the process, and kills it if that was not done. */
void pipe_process_free(struct pipe_process *process);

#endif
