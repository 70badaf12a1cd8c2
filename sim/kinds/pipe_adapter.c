#include "pipe_adapter.h"

#include "../must.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOG_SHOWN = 4000 };

const char *pipe_trouble_name(enum pipe_trouble trouble)
{
    static const char *const names[] = { [PIPE_MESSAGE] = PIPE_BABBLES,
                                         [PIPE_LATE] = PIPE_HANGS,
                                         [PIPE_OVER] = PIPE_DIED,
                                         [PIPE_NONSENSE] = PIPE_BABBLES };
    return names[trouble];
}

/* ---- How a process ended ---- */

static void tell_status(struct text *details, int status)
{
    char line[80];
    if (WIFEXITED(status))
        snprintf(line, sizeof line, "it ended with status %d\n", WEXITSTATUS(status));
    else
        snprintf(line, sizeof line, "it was killed by signal %d\n", WTERMSIG(status));
    text_string(details, line);
}

static void tell_log(struct text *details, const struct pipe_process *process)
{
    struct text log = { 0 };
    pipe_process_read_log(process, LOG_SHOWN, &log);
    if (log.length > 0) {
        text_string(details, "its standard error:\n");
        text_append(details, log.bytes, log.length);
    }
    text_free(&log);
}

/* Ends a process, and says how it ended if it did so by itself. */
static void abandon(struct pipe_process *process, bool is_ending, struct text *details)
{
    const int status = pipe_process_kill(process, is_ending);
    if (is_ending && process->ended)
        tell_status(details, status);
    else if (is_ending)
        text_string(details, "it had not ended half a second after that, and was killed then\n");
    tell_log(details, process);
    pipe_process_free(process);
}

/* ---- What it says of itself ---- */

static bool read_life(const char *word, enum pipe_life *life)
{
    static const char *const lives[] = { [PIPE_ONCE] = "once", [PIPE_AGAIN] = "again", [PIPE_FORK] = "fork" };
    for (unsigned i = 0; i < sizeof lives / sizeof lives[0]; i++) {
        if (strcmp(lives[i], word) == 0) {
            *life = (enum pipe_life)i;
            return true;
        }
    }
    return false;
}

/* Reads a line; returns false when it is no capability that a server in another process can have. */
static bool read_capability(const char *line, size_t length, struct capabilities *has, struct text *details)
{
    const struct capabilities outside = CAPABILITIES_OUTSIDE;
    char name[80] = "";
    if (length < sizeof name)
        memcpy(name, line, length);
    const enum capability capability = capability_named(name);
    if (capability != CAPABILITY_NONE && capabilities_have(outside, capability)) {
        capabilities_add(has, capability);
        return true;
    }
    text_string(details, "it says that it has a capability that it cannot have, or that does not exist: ");
    text_append(details, line, length < sizeof name ? length : sizeof name);
    text_string(details, "\n");
    return false;
}

static bool read_capabilities(const struct pipe_message *message, struct capabilities *has,
                              struct text *details)
{
    const char *at = message->payload;
    size_t left = message->length;
    *has = (struct capabilities){ 0 };
    while (left > 0) {
        const char *end = memchr(at, '\n', left);
        const size_t length = end != NULL ? (size_t)(end - at) : left;
        if (!read_capability(at, length, has, details))
            return false;
        at += length + (end != NULL);
        left -= length + (end != NULL);
    }
    return true;
}

/* The first message of a process.  Once the adapter is open, each process must say the same.  Returns NULL, or
 * what the adapter does instead. */
static const char *hear_hello(struct pipe_adapter *adapter, struct pipe_process *process,
                              enum pipe_trouble *trouble, struct text *details)
{
    struct pipe_message message;
    enum pipe_life life = PIPE_ONCE;
    struct capabilities has;
    process->wire.until = pipe_wire_now() + adapter->hello_patience;
    *trouble = pipe_wire_get(&process->wire, &message);
    if (*trouble != PIPE_MESSAGE) {
        text_string(details, "its first message, \"hello\", was awaited\n");
        pipe_wire_explain(&process->wire, *trouble, details);
        if (process->wire.in.length == 0)
            text_string(details, "nothing came on descriptor 3; standard output is not read\n");
        return pipe_trouble_name(*trouble);
    }
    if (message.word_count < 3 || strcmp(message.words[0], "hello") != 0 ||
        !read_life(message.words[1], &life)) {
        text_string(details, "its first message is not \"hello once|again|fork NAME\": ");
        text_append(details, message.header, strnlen(message.header, 200));
        text_string(details, "\n");
        return PIPE_BABBLES;
    }
    if (!read_capabilities(&message, &has, details))
        return PIPE_BABBLES;
    if (adapter->is_open && (life != adapter->life || has.bits != adapter->has.bits)) {
        text_string(details, "it says something else of itself than before\n");
        return PIPE_BABBLES;
    }
    if (adapter->software == NULL)
        adapter->software = must(strdup(message.words[2]));
    adapter->life = life;
    adapter->has = has;
    return NULL;
}

/* ---- Processes ---- */

static const char *start(struct pipe_adapter *adapter, struct pipe_process **process, struct text *details)
{
    enum pipe_trouble trouble = PIPE_MESSAGE;
    *process = pipe_process_start(adapter->command);
    if (*process == NULL) {
        text_string(details, "it cannot be started: ");
        text_string(details, strerror(errno));
        text_string(details, "\n");
        return PIPE_DIED;
    }
    const char *what = hear_hello(adapter, *process, &trouble, details);
    if (what == NULL)
        return NULL;
    abandon(*process, trouble == PIPE_OVER, details);
    *process = NULL;
    return what;
}

bool pipe_adapter_open(struct pipe_adapter *adapter, struct text *problem)
{
    struct pipe_process *process;
    struct text details = { 0 };
    const char *what = start(adapter, &process, &details);
    adapter->is_open = what == NULL;
    if (what == NULL) {
        pipe_process_free(process);
    } else {
        text_string(problem, what);
        text_string(problem, "\n");
        text_string(problem, details.bytes);
    }
    text_free(&details);
    return what == NULL;
}

void pipe_adapter_close(struct pipe_adapter *adapter)
{
    while (adapter->idle_count > 0)
        pipe_process_free(adapter->idle[--adapter->idle_count]);
    free(adapter->software);
    adapter->software = NULL;
}

/* A kept process; NULL when there is none of this process. */
static struct pipe_process *take_kept(struct pipe_adapter *adapter)
{
    while (adapter->idle_count > 0) {
        struct pipe_process *process = adapter->idle[--adapter->idle_count];
        if (pipe_process_is_own(process))
            return process;
        pipe_process_free(process);
    }
    return NULL;
}

static void keep(struct pipe_adapter *adapter, struct pipe_process *process)
{
    if (adapter->idle_count < PIPE_IDLE_MOST)
        adapter->idle[adapter->idle_count++] = process;
    else
        pipe_process_free(process);
}

/* Sends one end of a new pair to the process, which forks. */
static const char *fork_off(struct pipe_adapter *adapter, struct pipe_seat *seat, struct text *details)
{
    int pair[2];
    struct pipe_wire *wire = &seat->process->wire;
    if (!pipe_process_pair(pair)) {
        text_string(details, "there is no socket for it\n");
        abandon(seat->process, false, details);
        return PIPE_DIED;
    }
    wire->until = pipe_wire_now() + adapter->patience;
    pipe_wire_put(wire, "fork", NULL, 0);
    const enum pipe_trouble trouble = pipe_wire_pass(wire, pair[1]);
    close(pair[1]);
    if (trouble == PIPE_MESSAGE) {
        pipe_wire_open(&seat->of_fork, pair[0]);
        seat->wire = &seat->of_fork;
        return NULL;
    }
    close(pair[0]);
    text_string(details, "it was to fork\n");
    abandon(seat->process, trouble == PIPE_OVER, details);
    return pipe_trouble_name(trouble);
}

const char *pipe_adapter_take(struct pipe_adapter *adapter, struct pipe_seat *seat, struct text *details)
{
    const char *what = NULL;
    seat->process = take_kept(adapter);
    if (seat->process != NULL)
        pipe_process_clear_log(seat->process);
    else
        what = start(adapter, &seat->process, details);
    if (what != NULL)
        return what;
    seat->wire = &seat->process->wire;
    return adapter->life == PIPE_FORK ? fork_off(adapter, seat, details) : NULL;
}

void pipe_adapter_leave(struct pipe_adapter *adapter, struct pipe_seat *seat)
{
    if (adapter->life == PIPE_FORK)
        pipe_wire_close(&seat->of_fork);
    if (adapter->life == PIPE_ONCE)
        pipe_process_free(seat->process);
    else
        keep(adapter, seat->process);
    seat->process = NULL;
}

void pipe_adapter_abandon(struct pipe_adapter *adapter, struct pipe_seat *seat, bool is_ending,
                          struct text *details)
{
    const bool is_fork = adapter->life == PIPE_FORK;
    if (is_fork)
        pipe_wire_close(&seat->of_fork);
    abandon(seat->process, is_ending && !is_fork, details);
    seat->process = NULL;
}
