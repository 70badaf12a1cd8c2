/*
 * plot_writer.h - shared by the files of the plot; no other file includes it.
 *
 *      plot_writer.c    draws a value and writes a line; draws addresses
 *      plot_head.c      the head: the cast, the servers with their settings, rosters and block lists
 *      plot_steps.c     steps that several actions consist of
 *      plot_login.c     actions: coming in and leaving, logins in every form, passwords, resumption
 *      plot_stanzas.c   actions: presence, rosters, messages, requests, block lists, carbons
 *      plot_faults.c    actions: time, and what goes wrong
 *      plot_actions.c   the table of all actions
 *      plot.c           the themes, the mix, and which action comes next
 */
#ifndef SIM_PLOT_WRITER_H
#define SIM_PLOT_WRITER_H

#include "../text.h"
#include "../world/capability.h"
#include "plot.h"

/* What a plot is about, as bits: a plot has one or a few of them, and only actions of its themes (plot_theme_name). */
enum plot_themes {
    MESSAGES = 1,
    OFFLINE = 2,
    PRESENCE = 4,
    SUBSCRIPTIONS = 8,
    ROSTERS = 16,
    BLOCKING = 32,
    CARBONS = 64,
    CLIENT_STATE = 128,
    RESUMPTION = 256,
    LOGINS = 512,
    PASSWORDS = 1024,
    REQUESTS = 2048,
    LIMITS = 4096,
    SERVERS = 8192, /* two servers */
    THEMES = 14,
};

/* What the clients of a plot usually do as soon as they are in, as bits. */
enum plot_habits {
    IS_THERE = 1, /* sends presence */
    ASKS_ROSTER = 2,
    MANAGES = 4, /* enables stream management */
    WANTS_COPIES = 8,
};

/* A client, and its assumed state; faults can make the assumption wrong. */
struct plot_client {
    char name[48];
    char jid[64]; /* bare; a variable if it is anonymous, as is the full one */
    char full_jid[80];
    char resource[16];
    struct plot_client *owner;       /* the first client of its account, or itself */
    const char *password;            /* of the account, if this is its first client */
    bool anonymous;                  /* on the anonymous host */
    bool in;                         /* it connected, and did not leave */
    bool dead;                       /* its link is dead or not read */
    const struct plot_client *asker; /* the client that last requested a subscription to it, or NULL */
};

/* A plot being written. */
struct plot {
    const struct plot_options *options;
    struct choices *choices;
    struct text text;
    struct plot_client *clients;
    unsigned count;     /* of the clients */
    unsigned accounts;  /* the first clients have one each; others share one of these */
    unsigned guests;    /* the last clients, which are anonymous */
    unsigned servers;   /* 1 or 2 */
    unsigned themes;    /* bits */
    unsigned habits;    /* bits */
    bool down;          /* the server crashed, and was not started again */
    bool piled_up;      /* more than one piece of messages was kept, which takes long */
    bool filled_up;     /* what was kept was more than a link holds, which takes many bytes */
    unsigned messages;  /* makes each message different */
    const char *indent; /* the indentation of a line */
    const struct plot_client *away,
        *focus; /* the client that last left, or NULL; one that many actions concern */
};

/* ---- plot_writer.c ---- */

/* A number below `n`; true with probability 1/n. */
uint32_t plot_draw(struct plot *plot, uint32_t n);
bool plot_chance(struct plot *plot, uint32_t n);

/* Whether the server that the plot is for has what something needs. */
bool plot_server_has(const struct plot *plot, enum capability needs);

/* One of `count` words, drawn uniformly. */
const char *plot_pick(struct plot *plot, const char *const *words, size_t count);
#define PLOT_COUNT(list)      (sizeof(list) / sizeof(list)[0])
#define PLOT_PICK(plot, list) plot_pick(plot, list, PLOT_COUNT(list))

/* A client, drawn uniformly; or more often the one in the focus, or the one that just left. */
struct plot_client *plot_anybody(struct plot *plot);
const struct plot_client *plot_somebody(struct plot *plot);

/* Another client of the same account, NULL if it has none; and a client of another account, preferably one that is in:
 * itself if there is none. */
struct plot_client *plot_sibling(struct plot *plot, const struct plot_client *client);
const struct plot_client *plot_stranger(struct plot *plot, const struct plot_client *client);

/* An address: mostly that of a client, bare or full; sometimes that of a host, one without an account, or one that is
 * not prepared (RFC 7622, 3).  And a contact: mostly the bare JID of a client. */
const char *plot_address(struct plot *plot);
const char *plot_contact(struct plot *plot);

/* An address that may stand in raw bytes: no variable. */
const char *plot_raw_address(struct plot *plot);

/* Writes a line of the plot at the current indentation, and its line end.  The format may contain only %s and
 * %u. */
__attribute__((format(printf, 2, 3))) void plot_line(struct plot *plot, const char *format, ...);

/* The same for an element below a step, indented once more, with double quotes for each single one outside variables. */
__attribute__((format(printf, 2, 3))) void plot_stanza(struct plot *plot, const char *format, ...);

/* Writes a step of a client that is one line. */
void plot_says(struct plot *plot, const struct plot_client *client, const char *what);

/* Writes a step of a client that sends one element, whose format follows. */
#define PLOT_SENDS(plot, client, ...)                                                                        \
    do {                                                                                                     \
        plot_line(plot, "%s sends:", (client)->name);                                                        \
        plot_stanza(plot, __VA_ARGS__);                                                                      \
    } while (0)

/* ---- plot_head.c ---- */

/* Draws the cast, and writes the head with its rule.  The caller frees `clients`. */
void plot_write_head(struct plot *plot);

/* ---- The actions ---- */

/* An action, a row of a table. */
struct action {
    const char *name;
    unsigned faults; /* used if the plot has one of these bits; 0 for what is no fault */
    unsigned themes; /* used if the plot has one of these bits; 0 in each */
    enum {
        BY_CLIENT,
        BY_CLIENT_ALONE,
        BY_WORLD,
        BY_WORLD_ALONE
    } by;                                  /* ALONE: never at the same time as others */
    enum { FOR_ALL, FOR_IN, FOR_OUT } who; /* for whom it makes sense; others do it sometimes */
    enum { STAYS, LEAVES } then;           /* whether clients leave by it */
    unsigned weight;                       /* relative frequency, if the mix includes the action */
    void (*write)(struct plot *plot, struct plot_client *client);
    enum capability needs; /* of the server; without it the action is not played */
};

/* The rows of one file.  The first row of PLOT_LOGIN lets a client in that is not connected; the first of PLOT_FAULTS
 * starts a server that is down. */
struct action_family {
    const struct action *rows;
    size_t count;
};
extern const struct action_family plot_login_actions, plot_stanza_actions, plot_fault_actions;

/* ---- plot_actions.c ---- */

/* All families in one list; NULL after the last. */
const struct action *plot_action(size_t index);

/* The indices of these two rows. */
size_t plot_comes_in(void);
size_t plot_starts_again(void);

/* ---- plot_steps.c ---- */

/* Notes that a client came in; that it left. */
void plot_came(struct plot_client *client);
void plot_left(struct plot *plot, struct plot_client *client);

/* The client comes in: in parts, with a password; in one step, unless another password must be used; the same, and it
 * follows the plot's habits, which can be done alone. */
void plot_logs_in_with(struct plot *plot, struct plot_client *client, const char *password);
void plot_connects(struct plot *plot, struct plot_client *client);
void plot_comes_back(struct plot *plot, struct plot_client *client);
void plot_follows_habits(struct plot *plot, const struct plot_client *client);

/* It drops its connection; it resumes. */
void plot_drops(struct plot *plot, struct plot_client *client);
void plot_resumes(struct plot *plot, struct plot_client *client);

/* The client sends a chat message to an address; so many; so many of `bytes` each. */
void plot_writes_to(struct plot *plot, const struct plot_client *client, const char *to);
void plot_writes_several(struct plot *plot, const struct plot_client *client, const char *to, unsigned count);
void plot_writes_long(struct plot *plot, const struct plot_client *client, const char *to, unsigned count,
                      unsigned bytes);

/* The client sends a message in raw bytes with many attributes of a long namespace. */
void plot_writes_in_a_namespace(struct plot *plot, const struct plot_client *client, const char *to);

/* Another server sends several messages to the client, which sets a roster item at the same time.  The client is one of
 * the first server and has an account. */
void plot_is_written_to_from_afar(struct plot *plot, const struct plot_client *client);

/* Children for a message, or nothing. */
const char *plot_payload(struct plot *plot);

/* The client blocks an address. */
void plot_blocks(struct plot *plot, const struct plot_client *client, const char *jid);

/* ---- plot_stanzas.c ---- */

/* The client comes to what was kept for its account and takes only some of it: it does not read, or it acknowledges
 * nothing.  What becomes of the rest differs. */
void plot_takes_only_some(struct plot *plot, struct plot_client *client, bool does_not_read);

#endif
