/*
 * pipe_rig.h - scenarios against servers in other processes.  Each adapter is a script (pipe_script.h): the first line
 * is its hello, the others are its messages, a turn after the other.
 */
#ifndef SIM_TESTS_PIPE_RIG_H
#define SIM_TESTS_PIPE_RIG_H

#include "../kinds/server_pipe.h"

#include "../kinds/pipe_adapter.h"
#include "../kinds/server_kinds.h"
#include "pipe_script.h"
#include "player_rig.h"

#define ONCE    "hello once script\nplain\ncrash\n"
#define NEVER   "idle never"
#define ONE     "[Client] Romeo\n\tjid: romeo@localhost\n\tpassword: secret\n---\n"
#define OPENS   ONE "Romeo opens a connection\n"
#define STREAMS OPENS "Romeo opens a stream\n"
#define STARTED ONCE, NEVER, NEVER
#define DISK    "hello once script\nplain\ncrash\ndisk\n"
#define ASKS    "store 1 load account romeo localhost"

#define FRAMES(...)                                                                                          \
    (const char *const[])                                                                                    \
    {                                                                                                        \
        __VA_ARGS__, NULL                                                                                    \
    }

/* Runs a scenario against a command. */
static inline struct player_result run_on(const char *command, const char *scenario, uint64_t patience)
{
    char *problem = NULL;
    struct server_kind *kind = server_pipe_new(command);
    assert_true(server_pipe_open(kind, &problem));
    server_pipe_set_patience(kind, patience);
    struct player_result result = run_as(scenario, &(struct player_options){ .kind = kind });
    server_pipe_free(kind);
    return result;
}

static inline bool tells(const struct player_result *result, const char *words)
{
    const bool found = result->explanation != NULL && strstr(result->explanation, words) != NULL;
    if (!found)
        print_error("not said: %s\n%s\n", words, result->explanation);
    return found;
}

static inline void fails_in(const char *scenario, struct text *script, const char *after, const char *what,
                            const char *words)
{
    char *command = script_turns(script, after);
    struct player_result result = run_on(command, scenario, PIPE_PATIENCE);
    assert_false(result.passed);
    assert_non_null(result.check);
    assert_string_equal(result.check, what);
    assert_true(tells(&result, words));
    player_result_free(&result);
    free(command);
}

static inline void fails_by(struct text *script, const char *after, const char *what, const char *words)
{
    fails_in(OPENS, script, after, what, words);
}

/* The frames, then silence: what is wrong with them is said. */
static inline void babbles_in(const char *scenario, const char *const *frames, const char *words)
{
    struct text script = { 0 };
    script_frames(&script, frames);
    fails_in(scenario, &script, SCRIPT_WAITS, PIPE_BABBLES, words);
}

static inline void babbles(const char *const *frames, const char *words)
{
    babbles_in(OPENS, frames, words);
}

static inline void passes_with(const char *const *frames, const char *scenario)
{
    struct text script = { 0 };
    script_frames(&script, frames);
    char *command = script_turns(&script, SCRIPT_WAITS);
    struct player_result result = run_on(command, scenario, PIPE_PATIENCE);
    if (!result.passed)
        print_error("%s", result.explanation);
    assert_true(result.passed);
    player_result_free(&result);
    free(command);
}

#endif
