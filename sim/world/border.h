/*
 * border.h - what passes between a server and its world, as it passes.
 *
 * The simulator hands a server everything that it gets, and takes everything that it gives.  A watcher is told both,
 * in their order: an input before the server acts upon it, an output when it was taken.  It needs no look inside of
 * the server, so it can watch any kind.
 *
 * A connection is named by a number, from 1, which the same server never uses again.  Bytes are plaintext, as they
 * are within TLS.  Pointers are borrowed for the call.
 */
#ifndef SIM_BORDER_H
#define SIM_BORDER_H

#include "core.h"

#include <stdint.h>

enum border_kind {
    /* What the server is told. */
    BORDER_OPENED,     /* `conn` */
    BORDER_CAME,       /* `conn`, `bytes` */
    BORDER_SECURED,    /* `conn`: bytes before and after are two streams of bytes */
    BORDER_WRITABLE,   /* `conn` */
    BORDER_ENDED,      /* `conn`: the connection ended, and what did not come in yet never will */
    BORDER_LATE,       /* a deadline has passed */
    BORDER_STORED,     /* `request`, `status` */
    BORDER_ARRIVED,    /* `bytes`, from the server of `domain` */
    BORDER_UNROUTABLE, /* `bytes`, `why`: it was routed and comes back */
    BORDER_SHUT_DOWN,  /* in an orderly way */
    BORDER_CRASHED,    /* all connections are over, without a record of each */
    BORDER_STARTED,    /* again; also at first, before anything else */
    BORDER_PROVIDED,   /* `provision`: what exists before the first step */

    /* What it does. */
    BORDER_SENT,   /* `conn`, `bytes`: of what it offered, those that were taken */
    BORDER_CLOSED, /* `conn`: it closes the connection, or refuses it */
    BORDER_ASKED,  /* `request`: of storage */
    BORDER_ROUTED, /* `bytes`, to the server of `domain` */
};

struct provision;

struct border_record {
    enum border_kind kind;
    uint32_t conn; /* 0 for none */
    const char *bytes;
    size_t length;
    size_t offered; /* of a BORDER_SENT: with what was not taken */
    const char *domain;
    const struct core_store_request *request; /* of a BORDER_STORED without the entries that it saves */
    enum core_store_status status;
    const struct provision *provision; /* server.h */
    enum core_route_failure why;
};

struct border_watcher {
    void *host;
    void (*record)(void *host, const struct border_record *record); /* NULL: nobody watches */
};

#endif
