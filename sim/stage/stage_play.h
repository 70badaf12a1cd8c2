/*
 * stage_play.h - a play in progress: what the files of the stage share; nobody else includes it.
 *
 * Each file calls only those above it in this list:
 *
 *      stage_domains.c    which server has a domain
 *      stage_look.c       what a play looks like from outside, and one of its cast
 *      stage_variables.c  what variables stand for
 *      stage_failure.c    what is told when something is not so
 *      stage_tally.c      what has gone wrong, and how often checks were asked
 *      stage_state.c      where the play is, for whoever walks through all that may come of it
 *      stage_cast.c       who plays: clients and their accounts; and what they send
 *      stage_server.c     what a step does to servers: to the process, its disk, its memory and its clock
 *      stage_receive.c    what it wants clients to have received
 *      stage_acts.c       what it does
 *      stage_judge.c      what it wants to have come of it
 *      stage.c            the world of one scenario, and its steps one after the other
 *
 * A step acts, the world settles, the step is judged.  Steps that happen at the same time act in an order of
 * choice before the world settles once, and are judged in the order of the file.  In a world of any order,
 * what is under way happens in between as well.
 */
#ifndef SIM_STAGE_PLAY_H
#define SIM_STAGE_PLAY_H

#include "../checks/checks.h"
#include "../client/client.h"
#include "../client/net_transport.h"
#include "../language/match.h"
#include "../world/server.h"
#include "scene.h"
#include "stage.h"

#include "inspect.h"

#include <stdlib.h>

#define uthash_fatal(message) abort()
#include <uthash.h>

/* No step of a scenario needs as many events; one that takes them goes on for ever. */
enum { STAGE_EVENTS_BOUND = 1000000 };

/* One of the cast. */
struct actor {
    UT_hash_handle hh; /* by the character's name */
    const struct character *character;
    struct server *server; /* that serves its domain */
    struct client_identity identity;
    struct net_transport transport;
    struct client *client;
    char *full_jid;                 /* as it was last bound; NULL before */
    uint64_t seen;                  /* client_received when the last step that acted began */
    const struct step *ignores[16]; /* whose stanzas are dropped whenever they come */
    size_t ignore_count;
    bool ignores_vary; /* a variable is in them: what they mean may change */
};

/* How far the scenario has come, where `step` does not tell. */
struct progress {
    const struct step *step; /* that of the file; a block is one; NULL before the first and after the last */
    size_t round;            /* of those that happen at the same time */
    const struct step **waiting; /* those of this round that have not acted yet */
    size_t waiting_count;
    bool overlaps;  /* steps do */
    size_t written; /* bytes, by a step that writes them one piece after the other */
};

struct play {
    const struct scenario *scenario;
    const struct stage_options *options;
    struct stage_result *result;
    struct trace *trace;
    struct world *world;
    struct federation *federation;
    struct server *server;   /* the first; what is said of the disk is said of its */
    struct server **servers; /* all of them, the first among them */
    size_t server_count;
    struct domain *domains; /* of all servers, hashed */
    struct checks *checks;
    struct actor *actors;         /* in the order of the cast */
    struct actor *actors_by_name; /* hashed */
    struct bindings captures;
    sim_time went_back; /* how far clocks did, all together */
    struct progress progress;
    const struct step *step; /* at hand; NULL before the first and after the last */
    bool strict;
    bool checks_only;       /* steps act and are not judged: only the checks are */
    uint64_t heap_failures; /* that there had been before it */
    bool failed;
    char looked_up[4096]; /* what play_lookup returned last */
};

/* ---- stage_domains.c ---- */

/* A domain and the server that has it. */
struct domain {
    const char *name;
    struct server *server;
    uint64_t iterations; /* of the keys of its accounts */
    UT_hash_handle hh;
};

/* That of a JID; NULL when no server has it. */
const struct domain *play_domain(const struct play *play, const char *jid);

/* The server of a JID's domain; the first when no server has that. */
struct server *play_server(const struct play *play, const char *jid);

void domains_add(struct play *play, struct server *server, const struct core_settings *settings);
void domains_free(struct play *play);

/* ---- stage_look.c ---- */

/* Whether it has neither failed nor been stopped. */
bool play_goes_on(const struct play *play);

/* What the world holds; to be freed with scene_free. */
struct scene play_scene(const struct play *play);
void scene_free(struct scene *scene);

/* Keeps what the world looks like, if somebody wants to know and does not yet. */
void play_describe(struct play *play);

/* The one that a step is about, which has one. */
struct actor *cast_actor(struct play *play, const struct step *step);

/* The session at the server's end of an actor's connection, or the one that hibernates with the full JID that
 * it had last; NULL when there is none. */
const struct session *cast_session(const struct play *play, const struct actor *actor);

/* What came, in words: "another stanza", "the end of the stream"; of NULL, "nothing".  Static. */
const char *received_name(const struct received *received);

/* ---- stage_variables.c ---- */

/* Remembers the full JIDs of those that are bound, for when they no longer are. */
void cast_note_full_jids(struct play *play);

/* A match_lookup; `host` is the play. */
const char *play_lookup(void *host, const char *name);

/* ---- stage_failure.c ---- */

/* The first failure is the one that counts; later ones are not heard. */
__attribute__((format(printf, 2, 3))) void play_fail(struct play *play, const char *format, ...);

/* The same, with what was expected (NULL: nothing) beside what came (NULL: nothing). */
__attribute__((format(printf, 4, 5))) void play_fail_with(struct play *play, const struct xml *expected,
                                                          const struct xml *received, const char *format,
                                                          ...);

/* Fails when a check was violated. */
void play_look_at_checks(struct play *play);

/* Whether the world lasts for so long; fails the step otherwise. */
bool play_has_time(struct play *play, sim_time span);

/* ---- stage_tally.c ---- */

/* Add to the tally, where there is one, what has gone wrong so far, and how often the checks were asked. */
void stage_count_faults(const struct play *play);
void stage_count_checks(const struct play *play);

/* ---- stage_state.c ---- */

/* Whether it is worth going on from here, where a choice is to be made: among the events that are under way,
 * or also among the steps that wait. */
bool state_is_new(struct play *play, enum choice_concern concern);

/* ---- stage_cast.c ---- */

void cast_enter(struct play *play);
void cast_leave(struct play *play);

/* A text with its variables replaced; the caller frees.  Returns NULL when there is none of that name, and
 * fails the step, where steps are judged. */
char *play_substitute(struct play *play, const char *text);

/* Sends a stanza of the scenario with its variables replaced. */
void cast_send(struct play *play, struct actor *actor, const struct xml *stanza);

/* ---- stage_server.c ---- */

void act_server_shuts_down(struct play *play, struct actor *actor, const struct step *step);
void act_server_crashes(struct play *play, struct actor *actor, const struct step *step);
void act_server_will_crash(struct play *play, struct actor *actor, const struct step *step);
void act_server_starts(struct play *play, struct actor *actor, const struct step *step);
void act_next_fails(struct play *play, struct actor *actor, const struct step *step);
void act_nth_fails(struct play *play, struct actor *actor, const struct step *step);
void act_takes(struct play *play, struct actor *actor, const struct step *step);
void act_allocation_fails(struct play *play, struct actor *actor, const struct step *step);
void act_clock_jumps(struct play *play, struct actor *actor, const struct step *step);

/* ---- stage_receive.c ---- */

void judge_receives(struct play *play, struct actor *actor, const struct step *step);
void judge_receives_any_order(struct play *play, struct actor *actor, const struct step *step);
void judge_receives_nothing(struct play *play, struct actor *actor, const struct step *step);
void judge_stream_error(struct play *play, struct actor *actor, const struct step *step);
void judge_end(struct play *play, struct actor *actor, const struct step *step);
void judge_not_received(struct play *play, struct actor *actor, const struct step *step);
void judge_connection(struct play *play, struct actor *actor, const struct step *step);

/* Drops what the actors ignore; adds to what one of them does, for which there must be room. */
void receive_ignored(struct play *play);
void receive_more_ignored(struct play *play, struct actor *actor, const struct step *step);

/* Fails when somebody received what is no XML; and, when the scenario has ended, when somebody holds what no
 * step consumed: in a strict scenario anything, in another a stream error. */
void judge_garbage(struct play *play);
void judge_leftovers(struct play *play);

/* Fails when the actor holds something; before it is thrown away. */
void judge_nothing_left(struct play *play, struct actor *actor);

/* ---- stage_acts.c ---- */

void stage_act(struct play *play, const struct step *step);

/* Whether the step makes something happen, rather than ask what has happened or say how it will. */
bool stage_acts(enum step_verb verb);

/* ---- stage_judge.c ---- */

void stage_judge(struct play *play, const struct step *step);

#endif
