/*
 * plot_writer.h - shared by the files of the plot; no other file includes it.
 *
 *      plot_writer.c   draws a value and writes a line
 *      plot_actions.c  the table of actions, and how each is written
 *      plot.c          the head, the mix, and which action comes next
 */
#ifndef SIM_PLOT_WRITER_H
#define SIM_PLOT_WRITER_H

#include "../text.h"
#include "plot.h"

/* A client, and its assumed state; faults can make the assumption wrong. */
struct plot_client {
    char name[48];
    char jid[64]; /* bare */
    char full_jid[80];
    bool in;                         /* it connected, and did not leave */
    bool managed;                    /* it enabled stream management */
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
    unsigned accounts;  /* the first clients have one each; the others share one of these */
    unsigned servers;   /* 1 or 2 */
    bool down;          /* the server crashed, and was not started again */
    unsigned messages;  /* makes each message different */
    const char *indent; /* the indentation of a line */
};

/* ---- plot_writer.c ---- */

/* A number below `n`; true with probability 1/n. */
uint32_t plot_draw(struct plot *plot, uint32_t n);
bool plot_chance(struct plot *plot, uint32_t n);

/* A client, drawn uniformly. */
struct plot_client *plot_anybody(struct plot *plot);

/* Writes a line of the plot at the current indentation, and its line end.  The format may contain only %s and
 * %u. */
__attribute__((format(printf, 2, 3))) void plot_line(struct plot *plot, const char *format, ...);

/* ---- plot_actions.c ---- */

/* An action, a row of the table. */
struct action {
    const char *name;
    unsigned faults; /* used if the options have one of these bits; 0 for actions of clients */
    enum { BY_CLIENT, BY_WORLD, BY_WORLD_ALONE } by; /* ALONE: never at the same time as others */
    enum { FOR_ALL, FOR_IN, FOR_OUT } who;           /* for whom it makes sense; others do it sometimes */
    unsigned weight;                                 /* relative frequency, if the mix includes the action */
    void (*write)(struct plot *plot, struct plot_client *client);
};

extern const struct action plot_actions[];
extern const size_t plot_action_count;

#endif
