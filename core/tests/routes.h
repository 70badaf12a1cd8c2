/*
 * routes.h - the rig with a way out: what is sent to other servers is kept, what comes from them is told.
 */
#ifndef CORE_TESTS_ROUTES_H
#define CORE_TESTS_ROUTES_H

#include "rig.h"

enum { ROUTES = 64 };

static struct routed {
    char from[64], to[64];
    char stanza[2048];
} routed[ROUTES];
static size_t routed_count;

static inline void routes_keep(void *host, const char *from_domain, const char *to_domain, const char *stanza,
                               size_t length)
{
    assert_ptr_equal(host, &rig);
    assert_true(routed_count < ROUTES && length < sizeof routed->stanza);
    struct routed *kept = &routed[routed_count++];
    snprintf(kept->from, sizeof kept->from, "%s", from_domain);
    snprintf(kept->to, sizeof kept->to, "%s", to_domain);
    memcpy(kept->stanza, stanza, length);
    kept->stanza[length] = '\0';
}

static inline void routes_begin_with(const struct core_settings *settings)
{
    struct core_ports ports = rig_ports;
    rig_begin_with(settings);
    core_free(rig.core);
    ports.route = routes_keep;
    routed_count = 0;
    rig.core = core_new(&ports, &rig.settings);
    assert_non_null(rig.core);
}

static inline void routes_begin(void)
{
    struct core_settings settings = rig_settings();
    routes_begin_with(&settings);
}

/* A stanza has come from another server. */
static inline void routes_arrive(const char *from_domain, const char *xml)
{
    core_arrived(rig.core, from_domain, xml, strlen(xml));
    if (rig.prompt)
        rig_answer_all();
}

#endif
