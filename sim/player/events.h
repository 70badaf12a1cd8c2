/*
 * events.h - a run as a list of events, for programs.
 *
 * Whoever asks for events (player_options.event) is told in their order: which steps begin, what arrives at each end of
 * each connection, what the servers ask of their disks and what these answer, faults, choices, the passing of time, how
 * each client and each session is, and what the model holds possible of it, whenever that has changed, and the failure.
 * The events are made of the lines of the trace, of the elements in the bytes, and of looks at the world after each of
 * its events.  Asking changes nothing in the run: its trace and its hash are the same.
 *
 * In JSON they are described in sim/viewer/FORMAT.md.
 */
#ifndef SIM_PLAYER_EVENTS_H
#define SIM_PLAYER_EVENTS_H

#include "../checks/checks.h"
#include "../model/model.h"
#include "read_elements.h"

#include "inspect.h"

enum run_event_kind {
    EVENT_STEP,   /* a step begins */
    EVENT_TIME,   /* a second or more of virtual time has passed since the previous event */
    EVENT_CHOICE, /* a decision that was not the first possibility; or any (player_options.every_choice) */
    EVENT_CONNECTION, /* of a client: it begins, opens, ends */
    EVENT_BYTES,      /* a piece arrived */
    EVENT_ELEMENT,    /* an element of a stream is complete in what arrived */
    EVENT_FAULT,      /* of a link */
    EVENT_STORAGE,    /* a request to a disk, or its answer */
    EVENT_ROUTE,      /* a stanza from one server arrived at another, or came back */
    EVENT_SERVER,     /* it crashes or starts */
    EVENT_CLIENT,     /* how a client is, if that has changed */
    EVENT_SESSION,    /* how the session of a client is, if that has changed */
    EVENT_POSSIBLE,   /* what the model holds possible of the session of a client, if that has changed */
    EVENT_FAILURE,    /* the first failure */
    EVENT_KINDS
};

/* A line of the comparison of expected and received (match.h). */
struct run_difference {
    char *expected, *received;
    bool differs;
};

struct run_failure {
    const char *summary;
    const struct check_violation *violation; /* NULL if the failure is no invariant's */
    const struct run_difference *lines;
    size_t line_count;
    const char *sentences; /* about the differences, each with its line end; "" for none */
};

/* Borrowed for the call, with all that it points to.  A member that a kind does not name is 0 or NULL. */
struct run_event {
    enum run_event_kind kind;
    sim_time time;
    uint64_t line;    /* of the trace: which it is, or behind which it comes; 0 before the first */
    const char *who;  /* the client; ROUTE, SERVER: the server, "outside" for none of this world */
    const char *what; /* STEP: as written. CHOICE: its concern. CONNECTION, FAULT, SERVER: as in the trace.
                         STORAGE: "load", "loaded", as in the trace. ROUTE: why it came back, or NULL.
                         ELEMENT: the name as written */
    int step;         /* STEP, FAILURE: the line of the step; 0 behind the last */
    bool to_server;   /* BYTES, ELEMENT */
    sim_time sent;    /* BYTES, ELEMENT: when the last byte was written */
    const char *
        bytes; /* BYTES, ELEMENT, ROUTE: plaintext, NULL for BYTES that are encrypted; STORAGE: the entries */
    size_t length;                      /* of `bytes`, or of the encrypted ones */
    enum read_part part;                /* ELEMENT */
    const struct xml *element;          /* ELEMENT, ROUTE: parsed; NULL for what is no whole element */
    const char *server;                 /* STORAGE: of the disk; ROUTE: which it arrives at */
    const char *store;                  /* STORAGE: "roster" */
    const char *account;                /* STORAGE: its bare JID */
    sim_time span;                      /* TIME */
    uint32_t answer, possibilities;     /* CHOICE */
    const struct client *client;        /* CLIENT */
    const struct session_view *session; /* SESSION: NULL when it has ended, or cannot be inspected */
    const struct model_view *possible;  /* POSSIBLE: NULL when the model knows no session */
    const struct run_failure *failure;  /* FAILURE */
};

typedef void (*run_event_sink)(void *host, const struct run_event *event);

#endif
