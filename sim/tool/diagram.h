/*
 * diagram.h - the sequence diagram of one run, for documentation: in the language of Mermaid, or of
 * Graphviz.
 *
 * It is made of the events of the run (events.h).  Clients, servers, disks that are used and the other
 * servers are its participants.  Stanzas, stream errors and requests to disks are arrows between them, at
 * the moment of their arrival; steps, faults, crashes, the passing of time and the failure are notes.
 * Streams, logins, acknowledgements and states are left out, and so is how the clients leave when the steps
 * are over. A label is "message chat to juliet@localhost", of at most DIAGRAM_LABEL_MOST characters.
 *
 * The texts are ASCII: whatever a scenario has, in names, titles and stanzas, is escaped so that it is a
 * label only.
 */
#ifndef SIM_TOOL_DIAGRAM_H
#define SIM_TOOL_DIAGRAM_H

#include "../player/player.h"

enum { DIAGRAM_LABEL_MOST = 80 };

struct diagram;

/* Begins the diagram of a run of the scenario, which must outlive it. */
struct diagram *diagram_new(const struct scenario *scenario);

/* A run_event_sink: adds what is shown of an event. */
void diagram_add(void *host, const struct run_event *event);

/* The text in each language; the caller frees it.  A Graphviz graph has a column for each participant, and
 * time goes down. */
char *diagram_mermaid(const struct diagram *diagram);
char *diagram_dot(const struct diagram *diagram);

/* NULL has no effect. */
void diagram_free(struct diagram *diagram);

#endif
