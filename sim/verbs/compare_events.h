/*
 * compare_events.h - the cases in which the answers of servers part, with their events (event_reports.h),
 * each run of one server beside that of another.
 */
#ifndef SIM_COMPARE_EVENTS_H
#define SIM_COMPARE_EVENTS_H

#include "../tool/event_reports.h"
#include "../tool/server_list.h"

/* A case in which answers part. */
struct parting {
    struct scenario *scenario;        /* freed by the caller */
    const char *name, *source;        /* borrowed */
    enum choice_policy policy;        /* scripted or seeded */
    uint64_t seed;                    /* of the choices */
    size_t servers[SERVER_LIST_MOST]; /* those that are shown (compare_shown), as indexes */
    size_t count;
    char *commands[SERVER_LIST_MOST]; /* that repeat the run on each of them; freed by the caller */
};

/* Runs a case on these servers, each run as a case of the report, and behind all but the first a line
 * "beside" (sim/viewer/FORMAT.md) of the answers of both. */
void compare_events_add(struct event_reports *reports, const struct server_list *servers,
                        const struct parting *parting, uint64_t time_limit);

#endif
