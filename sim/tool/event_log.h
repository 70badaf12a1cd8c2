/*
 * event_log.h - the events of a run (events.h) as JSON Lines, in the format of sim/viewer/FORMAT.md.
 */
#ifndef SIM_TOOL_EVENT_LOG_H
#define SIM_TOOL_EVENT_LOG_H

#include "../player/player.h"

/* The version of the format; increased when a member is removed or changes its meaning. */
enum { EVENT_LOG_FORMAT = 1 };

struct event_log;

/* Begins a log with the line of the type "scenario".  `number` is that of the case in its report, from 1.  Once the log
 * has `most` bytes, a line of the type "cut" follows, and later events are left out, except for the failure.  The scenario is borrowed for the call. */
#define EVENT_LOG_MOST ((size_t)64 << 20)
struct event_log *event_log_new(const struct scenario *scenario, uint64_t number, size_t most);

/* A run_event_sink: adds a line. */
void event_log_add(void *host, const struct run_event *event);

/* Ends the log, and returns its lines; the caller frees them. */
char *event_log_take(struct event_log *log);

/* The names of the first server of a scenario, and of that which has a domain: borrowed from the scenario. */
const char *event_log_first_server(const struct scenario *scenario);
const char *event_log_server_of(const struct scenario *scenario, const char *domain);

/* "message", "presence" or "iq"; "other" for what is no stanza (RFC 6120, 8), and for NULL. */
const char *event_log_kind(const struct xml *element);

#endif
