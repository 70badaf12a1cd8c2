/*
 * program.h - a ready-made server: Debian's package, run as an ordinary process.
 *
 * It listens on a free port of 127.0.0.1, and has a temporary folder with its configuration, data and log.  Its processes
 * end with the adapter, however that ends: they are in its process group, and the system kills them when it dies.  A
 * process of its own, which waits for the end of the adapter, removes the folder.
 */
#ifndef LIVE_PROGRAM_H
#define LIVE_PROGRAM_H

#include "quiet.h"
#include "tcp.h"
#include "wanted.h"

enum { PROGRAM_WORDS = 48, PROGRAM_COMMANDS = 4 };

/* What is known of a server.  In files and words, "@DIR@" stands for the folder, "@PORT@" for the port, "@OTHER@"
 * for another free port, and "@HERE@" for the folder of this program. */
struct ready_made {
    const char *name;
    const char *prefix; /* of NAME-VERSION in `hello`, where another adapter says that already; else "" */
    const char
        *capabilities; /* lines: what it has beside that which its streams and answers show (probe.h) */
    const char *lacks; /* lines: what is not claimed, although they show it */

    /* Appends the options for a setting.  Returns NULL, or why the server cannot have it. */
    const char *(*set)(struct text *options, const char *name, const char *value);

    /* Returns why the server cannot have what the common settings want, and sets the name of that one; NULL when it can.
     * NULL for a server that can have all. */
    const char *(*refuse)(const struct wanted *wanted, const char **setting);

    /* Appends the configuration: files, each after a line "@FILE NAME". */
    void (*configure)(struct text *files, const struct wanted *wanted, const char *options);

    /* The commands, each of words up to NULL; one for each process. */
    const char *const (*commands)[PROGRAM_WORDS];
    size_t command_count;
};

extern const struct ready_made ready_made_prosody, ready_made_ejabberd, ready_made_jabberd2;

struct program {
    const struct ready_made *kind;
    char *files; /* what it runs with; NULL while it does not run */
    char folder[32];
    unsigned port, other_port;
    struct tcp_address address;
    struct quiet quiet; /* its processes */
    int leash;          /* the folder is removed when this is closed */
};

/* Appends the configuration for the settings of a scenario.  Returns false, with the setting and a reason, when the
 * server cannot have one. */
bool program_configure(const struct ready_made *kind, const struct wanted *wanted, struct text *files,
                       const char **setting, const char **reason);

/* Runs it with this configuration, which was made of these settings; again if it is another one than before.  Returns
 * false, with a sentence, when it does not listen. */
bool program_run(struct program *program, const struct wanted *wanted, const char *files, char why[256]);

/* Ends its processes and removes its data; again has no effect. */
void program_stop(struct program *program);

/* Tells it to end in an orderly way, and waits until it has; its folder stays. */
void program_shut_down(struct program *program);

/* Whether all its processes live. */
bool program_lives(const struct program *program);

/* Writes the end of its log to the standard error. */
void program_tell_log(const struct program *program);

#endif
