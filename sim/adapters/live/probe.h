/*
 * probe.h - what a server can, learnt from what it offers and answers to an account that is made for this.
 */
#ifndef LIVE_PROBE_H
#define LIVE_PROBE_H

#include "tcp.h"

struct probe {
    struct text capabilities; /* lines, as in `hello`; owned */
    char software[128];       /* NAME-VERSION as it says (XEP-0092), in small letters; else "unknown" */
};

/* Returns false, with a sentence, when no stream is opened or no account can be registered. */
bool probe_server(const struct tcp_address *address, const char *domain, struct probe *probe, char why[256]);
void probe_free(struct probe *probe);

#endif
