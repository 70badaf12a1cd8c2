/*
 * model.h - what a server's clients may expect of it, judged at its border; needs no look inside, so it judges any
 * server.
 *
 * The simulator owns the border of a server (border.h): it knows in which event each stanza came in, and in which
 * each left.  The model follows from these records alone what is possible of each session (session_facts.h), and asks its
 * questions (questions.h) of each stanza in the moment in which it leaves.  What the links do with it afterwards
 * excuses nothing.
 *
 *      border record -> stream_scan -> a stanza came in:  arrivals.c    moves facts
 *                                      a stanza left:     departures.c  is judged by the questions, and moves facts
 *
 * How certain an answer is, is counted: a question that one possibility decides is judged with one; where several are
 * left, with several; and one that the model cannot decide is not judged.
 */
#ifndef SIM_MODEL_H
#define SIM_MODEL_H

#include "../world/server.h"

struct model;

/* Creates the model of a world.  The world is borrowed. */
struct model *model_new(struct world *world);
void model_free(struct model *model);

/* Watches a server, from before its first connection. */
void model_add_server(struct model *model, struct server *server);

/* An event is over, whose records have come. */
void model_event_over(struct model *model);

/* The world is quiescent. */
void model_quiet(struct model *model);

/* The first violation, or NULL. */
struct model_violation {
    size_t question;
    char detail[600]; /* what left or should have, to whom, and why that is wrong */
    sim_time time;
    uint64_t line; /* the last line of the trace at that time */
};
const struct model_violation *model_violation(const struct model *model);

/* ---- Accounting ---- */

/* How often a question was asked, by how it was judged. */
struct model_counts {
    uint64_t single, several, not_judged;
};

/* Question `index` of the table.  Returns false when there is none. */
bool model_describe_question(size_t index, const char **name, const char **sentence, const char **source);
/* How many questions are not asked of a server, because it lacks the capability that they need. */
size_t model_unasked(struct capabilities has);
struct model_counts model_counts(const struct model *model, size_t index);

/* ---- What is possible ---- */

/* What the model holds possible of a session, from what came in and what left. */
struct model_view {
    /* Whether its presence may be unavailable; available with a negative priority; or with another. */
    bool presence[3];
    bool interested[2], carbons[2]; /* whether it may not be so; and whether it may */
    size_t unanswered;              /* requests whose answer has not left */
    size_t kept;                    /* messages to its account that are kept for certain */
    size_t under_way;               /* and those of which it is not known what became */
    const char *must_end;           /* why it must have ended; NULL where it need not */
};

/* Looks at the session of a full JID on a server.  Returns false when the model knows none. */
bool model_look(const struct model *model, const struct server *server, const char *full_jid,
                struct model_view *view);

/* Describes what the model knows and that can still matter, as lines. */
struct description;
void model_describe(struct description *description, const struct model *model);

#endif
