/*
 * player_private.h - a run in progress, shared by the files of the player, which alone include it.
 *
 * Each file calls only those above it in this list:
 *
 *      player_domains.c    which server serves a domain
 *      player_look.c       inspection of a run and of its actors
 *      player_variables.c  values of variables
 *      player_events.c     the events of a run, for programs
 *      player_failure.c    failures and their explanations
 *      player_tally.c      counts of faults and checks
 *      player_cast.c       the cast: clients, their accounts, and what they send
 *      player_server.c     acts on servers: process, disk, memory and clock
 *      player_routes.c     stanzas that servers route to others, and judging of them
 *      player_state.c      the state of a run, for exploration
 *      player_receive.c    judging of received stanzas
 *      player_acts.c       the other acts
 *      player_judge.c      the other judging
 *      player.c            the world of one scenario, and its steps in order
 *
 * A step acts, the world settles, the step is judged.  Concurrent steps act in an order of choice, then the
 * world settles once, and they are judged in the order of the file.  In a world of any order, events may run
 * between them.
 */
#ifndef SIM_PLAYER_PRIVATE_H
#define SIM_PLAYER_PRIVATE_H

#include "../checks/checks.h"
#include "../client/client.h"
#include "../client/net_transport.h"
#include "../language/match.h"
#include "../world/server.h"
#include "player.h"
#include "scene.h"

#include "inspect.h"

#include <stdlib.h>

#define uthash_fatal(message) abort()
#include <uthash.h>

/* More events than any step needs: a step that runs so many does not reach quiescence. */
enum { PLAYER_EVENTS_BOUND = 1000000 };

/* A client of the cast. */
struct actor {
    UT_hash_handle hh; /* by the character's name */
    const struct character *character;
    struct server *server; /* the server of its domain */
    struct client_identity identity;
    struct net_transport transport;
    struct client *client;
    char *full_jid; /* as last bound; NULL before */
    uint64_t seen;  /* client_received at the begin of the last step that acted */
    size_t action; /* of the client, from 1, which the judged step began: a pipelined one; 0 for the latest */
    const struct step *ignores[16]; /* steps whose stanzas are dropped on receipt */
    size_t ignore_count;
    bool ignores_vary; /* they contain a variable, so their meaning may change */
};

/* The position in the scenario. */
struct progress {
    const struct step
        *step;    /* of the file, a block counting as one; NULL before the first and after the last */
    size_t round; /* of the concurrent steps */
    const struct step **waiting; /* the steps of this round that have not acted yet */
    size_t waiting_count;
    bool overlaps;  /* whether steps are concurrent */
    size_t written; /* bytes, by a step that writes piece by piece */
};

struct run {
    const struct scenario *scenario;
    const struct player_options *options;
    struct player_result *result;
    struct trace *trace;
    struct world *world;
    struct federation *federation;
    struct server *server;   /* the first; steps about the disk mean its disk */
    struct server **servers; /* all of them, the first among them */
    size_t server_count;
    struct domain *domains; /* of all servers, hashed */
    struct routed *routed;  /* since the begin of the last step that acted; none, unless a step asks */
    struct checks *checks;
    struct actor *actors;         /* in the order of the cast */
    struct actor *actors_by_name; /* hashed */
    struct bindings captures;
    sim_time went_back; /* how far clocks were moved back, in total */
    struct progress progress;
    const struct step *step; /* the current step; NULL before the first and after the last */
    bool strict;
    bool checks_only;          /* steps act, but are not judged: only the checks are */
    struct run_events *events; /* NULL when nobody asks for events */
    uint64_t heap_failures;    /* heap_failures when the run began */
    bool failed;
    char looked_up[4096]; /* the last result of run_lookup */
};

/* ---- player_domains.c ---- */

/* A domain and the server that serves it. */
struct domain {
    const char *name;
    struct server *server;
    UT_hash_handle hh;
};

/* The domain of a JID; NULL when no server serves it. */
const struct domain *run_domain(const struct run *run, const char *jid);

/* The server of the domain of a JID; the first server when none serves it. */
struct server *run_server(const struct run *run, const char *jid);

/* Adds the domains of a server, which `settings` lists; frees all of them. */
void domains_add(struct run *run, struct server *server, const struct core_settings *settings);
void domains_free(struct run *run);

/* ---- player_look.c ---- */

/* Whether the run has neither failed nor been stopped. */
bool run_goes_on(const struct run *run);

/* The objects of the world, for a description; scene_free frees it. */
struct scene run_scene(const struct run *run);
void scene_free(struct scene *scene);

/* Stores the description of the world in the result, if it was requested and is not there yet. */
void run_describe(struct run *run);

/* The actor of a step, which must have one. */
struct actor *cast_actor(struct run *run, const struct step *step);

/* The session of an actor's connection, or the hibernating session with its last full JID; NULL when there is
 * none. */
const struct session *cast_session(const struct run *run, const struct actor *actor);

/* The kind of a received item: "another stanza", "the end of the stream"; "nothing" for NULL.  Static. */
const char *received_name(const struct received *received);

/* ---- player_variables.c ---- */

/* Stores the full JIDs of the bound actors, for use after their sessions end. */
void cast_note_full_jids(struct run *run);

/* A match_lookup; `host` is the run. */
const char *run_lookup(void *host, const char *name);

/* ---- player_events.c ----
 *
 * None has an effect when nobody asks for events. */

/* events_begin begins with the first line of the trace; events_enter, when the clients exist, also looks at them, until
 * events_leave.  events_end frees. */
void events_begin(struct run *run);
void events_enter(struct run *run);
void events_leave(struct run *run);
void events_end(struct run *run);

/* Tells how clients and sessions are, as far as that has changed; outside of calls of the servers only. */
void events_look(struct run *run);

/* Tells the failure that the result holds; either element may be NULL. */
void events_failed(struct run *run, const struct xml *expected, const struct xml *received);

/* Tells that the steps are over, as one more step. */
void events_everybody_leaves(struct run *run);

/* ---- player_failure.c ---- */

/* Fails the run with a sentence.  Only the first failure is kept. */
__attribute__((format(printf, 2, 3))) void run_fail(struct run *run, const char *format, ...);

/* The same, with the expected and the received element side by side; NULL for none. */
__attribute__((format(printf, 4, 5))) void run_fail_with(struct run *run, const struct xml *expected,
                                                         const struct xml *received, const char *format, ...);

/* The same, with lines of details below the sentence. */
__attribute__((format(printf, 3, 4))) void run_fail_in_full(struct run *run, const char *details,
                                                            const char *format, ...);

/* Fails the run when a check was violated. */
void run_look_at_checks(struct run *run);

/* Whether virtual time does not overflow within `span`; fails the step otherwise. */
bool run_has_time(struct run *run, sim_time span);

/* ---- player_tally.c ---- */

/* Add the faults so far, and how often each row was checked, to the tally, if there is one. */
void player_count_faults(const struct run *run);
void player_count_checks(const struct run *run);

/* ---- player_provide.c ---- */

/* Provides what the head names before the first step: accounts, rosters and block lists.  Returns the first server that
 * refuses it, or NULL. */
const struct server *player_provide_all(const struct run *run);

/* ---- player_steps.c ---- */

/* Runs all steps; then, if the run has not failed, judges what was not expected, and lets every client leave. */
void player_run_all(struct run *run);

/* Whether the supervising process requested a stop. */
bool player_is_told_to_stop(const struct run *run);

/* ---- player_cast.c ---- */

/* Creates the clients of the cast and their accounts; and ends and frees them. */
void cast_enter(struct run *run);
void cast_leave(struct run *run);

/* Returns a text with its variables replaced; the caller frees it.  Returns NULL for an unknown variable, and
 * fails the step if steps are judged. */
char *run_substitute(struct run *run, const char *text);

/* Sends a stanza of the scenario with its variables replaced. */
void cast_send(struct run *run, struct actor *actor, const struct xml *stanza);

/* ---- player_server.c ---- */

/* The server of a step: the first, or that of the domain that the step names.  Fails the step and returns
 * NULL when no server serves it. */
struct server *server_of_step(struct run *run, const struct step *step);

/* The value of a property of a step; NULL when it does not have it. */
const char *property_of_step(const struct step *step, const char *name);

/* Each does the step of its name. */
void act_server_shuts_down(struct run *run, struct actor *actor, const struct step *step);
void act_server_crashes(struct run *run, struct actor *actor, const struct step *step);
void act_server_will_crash(struct run *run, struct actor *actor, const struct step *step);
void act_server_starts(struct run *run, struct actor *actor, const struct step *step);
void act_next_fails(struct run *run, struct actor *actor, const struct step *step);
void act_nth_fails(struct run *run, struct actor *actor, const struct step *step);
void act_takes(struct run *run, struct actor *actor, const struct step *step);
void act_allocation_fails(struct run *run, struct actor *actor, const struct step *step);
void act_clock_jumps(struct run *run, struct actor *actor, const struct step *step);

/* ---- player_routes.c ---- */

/* routes_watch begins to collect the stanzas that servers route, if the scenario has a step about them; routes_forget
 * drops those collected so far; routes_describe describes them. */
void routes_watch(struct run *run);
void routes_forget(struct run *run);
void routes_describe(struct description *description, const struct run *run);

/* Each judges the step of its name. */
void judge_routes(struct run *run, struct actor *actor, const struct step *step);
void judge_routes_nothing(struct run *run, struct actor *actor, const struct step *step);

/* ---- player_state.c ---- */

/* Whether the run must continue at a choice of `concern` (among pending events, or also among waiting
 * steps), because no earlier run made a choice in this state. */
bool state_is_new(struct run *run, enum choice_concern concern);

/* ---- player_receive.c ---- */

/* Each judges the step of its name, and fails the run when the expectation is not met. */
void judge_receives(struct run *run, struct actor *actor, const struct step *step);
void judge_receives_any_order(struct run *run, struct actor *actor, const struct step *step);
void judge_receives_nothing(struct run *run, struct actor *actor, const struct step *step);
void judge_stream_error(struct run *run, struct actor *actor, const struct step *step);
void judge_end(struct run *run, struct actor *actor, const struct step *step);
void judge_not_received(struct run *run, struct actor *actor, const struct step *step);
void judge_connection(struct run *run, struct actor *actor, const struct step *step);

/* receive_ignored drops the stanzas that the actors ignore. receive_more_ignored adds to what an actor
 * ignores; fails when there is no room. */
void receive_ignored(struct run *run);
void receive_more_ignored(struct run *run, struct actor *actor, const struct step *step);

/* judge_garbage fails when a client received data that is not XML. judge_leftovers, at the end of the
 * scenario, fails when a client has received something that no step consumed: anything in a strict scenario,
 * a stream error in any other. */
void judge_garbage(struct run *run);
void judge_leftovers(struct run *run);

/* Fails when the inbox of an actor is not empty, before it is cleared. */
void judge_nothing_left(struct run *run, struct actor *actor);

/* ---- player_acts.c ---- */

/* Does what a step does. */
void player_act(struct run *run, const struct step *step);

/* Whether a step acts, rather than judging or setting how later steps behave. */
bool player_acts(enum step_verb verb);

/* ---- player_judge.c ---- */

/* Checks what a step expects, at quiescence; fails the run otherwise. */
void player_judge(struct run *run, const struct step *step);

#endif
