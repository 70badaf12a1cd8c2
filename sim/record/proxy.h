/*
 * proxy.h - carries the bytes between clients and a server over TCP, and reports them to the recorder (record.h).
 *
 * It listens on a loopback address, and connects to a loopback address for each client.  Bytes go on as soon as they
 * came, in both directions, and as they are, but for what record_server leaves out.  A side that does not read slows down
 * the other one, as it would without a proxy.
 *
 * This is the one place of the simulator with sockets and real time.
 */
#ifndef SIM_RECORD_PROXY_H
#define SIM_RECORD_PROXY_H

#include "record.h"

#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

struct proxy_address {
    struct sockaddr_storage socket;
    socklen_t length;
};

/* Reads "127.0.0.1:5222", "[::1]:5222", "localhost:5222" or ":5222".  Returns NULL, or what was expected: an address of
 * this machine only (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3).  Port 0 is allowed only where `any_port`. */
const char *proxy_read_address(const char *text, bool any_port, struct proxy_address *address);

struct proxy_options {
    struct proxy_address listen, to;
    const char *name_of_to; /* as the user gave it */
    uint64_t time;          /* nanoseconds after which it ends; 0 for no end */
    uint64_t connections;   /* ends when so many are over, and accepts no more; 0 for no end */
    FILE *messages;         /* one line for each thing to know */
};

struct proxy;

/* Listens.  Returns NULL after a message; then the options are at fault, or another program has the port. */
struct proxy *proxy_new(const struct proxy_options *options);
void proxy_free(struct proxy *proxy);

/* Carries bytes until the end of the options, or a signal (interrupt.h). */
void proxy_run(struct proxy *proxy, struct record *record);

#endif
