/*
 * wanted.h - the settings of a scenario, as the configuration of a real server needs them.
 */
#ifndef LIVE_WANTED_H
#define LIVE_WANTED_H

#include <stdbool.h>
#include <stddef.h>

enum { WANTED_MOST = 64 };

struct wanted_setting {
    const char *name, *value;
};

struct wanted {
    char *lines; /* owned; the strings below are in it */
    const char *hosts[WANTED_MOST];
    size_t host_count;
    const char *anonymous[WANTED_MOST]; /* hosts without accounts, which are not among the others */
    size_t anonymous_count;
    bool has_tls, needs_tls, plain_without_tls;
    const char *mechanisms; /* with "," between; NULL for all */
    bool offline, carbons, blocking, last_activity, sm, csi;
    struct wanted_setting others[WANTED_MOST];
    size_t other_count;
};

/* Reads the payload of `start`.  Returns false when it is malformed, or too much; wanted_free is due in any case. */
bool wanted_read(struct wanted *wanted, const char *payload, size_t length);
void wanted_free(struct wanted *wanted);

/* Whether a mechanism is to be offered. */
bool wanted_mechanism(const struct wanted *wanted, const char *mechanism);

/* Whether there is a host of this name, with accounts or without. */
bool wanted_host(const struct wanted *wanted, const char *host);

#endif
