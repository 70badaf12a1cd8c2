/*
 * house.h - a world with a server in it, of some kind, and clients on the simulated wire: for tests of what
 * stands between them.
 *
 * Every client's account is on the disk before anything happens.  `house_settle` lets the world come to rest.
 */
#ifndef SIM_TESTS_HOUSE_H
#define SIM_TESTS_HOUSE_H

#include "../client/net_transport.h"
#include "../client/scram.h"
#include "../must.h"
#include "../world/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { GUESTS = 3 };

struct bench_client {
    struct client_identity identity;
    struct net_transport transport;
    struct client *client;
};

struct house {
    struct trace *trace;
    struct world *world;
    struct server *server;
    struct bench_client guests[GUESTS];
};

static const char *const house_hosts[] = { "localhost" };

static inline struct core_settings house_settings(void)
{
    struct core_settings settings = core_settings_default();
    settings.tls = CORE_TLS_NONE;
    settings.plain_without_tls = true;
    settings.hosts = house_hosts;
    settings.host_count = 1;
    return settings;
}

static inline void house_account(struct house *house, const char *local, const char *password)
{
    struct disk *disk = server_disk(house->server);
    char *secret = scram_secret("SCRAM-SHA-256", password, local, 4096);
    disk_add_account(disk, local, house_hosts[0]);
    disk_put(disk, local, house_hosts[0], CORE_STORE_ACCOUNT, "SCRAM-SHA-256", secret);
    free(secret);
}

static inline void house_guest(struct house *house, size_t index, const char *name, const char *local,
                               const char *resource)
{
    struct bench_client *guest = &house->guests[index];
    guest->identity = (struct client_identity){
        .name = name, .local = local, .domain = house_hosts[0], .resource = resource, .password = "secret"
    };
    guest->client =
        client_new(&guest->identity, net_transport_init(&guest->transport, server_net(house->server),
                                                        world_choices(house->world), name));
    house_account(house, local, "secret");
}

/* Romeo, and Juliet with two resources. */
static inline struct house *house_open(const struct server_kind *kind)
{
    struct house *house = must(calloc(1, sizeof *house));
    const struct core_settings settings = house_settings();
    house->trace = trace_new(NULL, NULL);
    house->world = world_new(CHOICE_SCRIPTED, 0, house->trace);
    house->server = server_new(house->world, kind, &settings);
    assert_non_null(house->server);
    house_guest(house, 0, "Romeo", "romeo", "orchard");
    house_guest(house, 1, "Juliet", "juliet", "balcony");
    house_guest(house, 2, "Juliet's phone", "juliet", "phone");
    return house;
}

static inline void house_close(struct house *house)
{
    for (size_t i = 0; i < GUESTS; i++) {
        client_free(house->guests[i].client);
        net_transport_free(&house->guests[i].transport);
    }
    server_free(house->server);
    world_free(house->world);
    trace_free(house->trace);
    free(house);
}

static inline void house_settle(struct house *house)
{
    assert_true(world_settle(house->world, 100000));
}

static inline struct client *house_client(const struct house *house, size_t index)
{
    return house->guests[index].client;
}

static inline void house_login(struct house *house, size_t index)
{
    client_login(house_client(house, index));
    house_settle(house);
    assert_int_equal(client_state(house_client(house, index)), CLIENT_BOUND);
}

static inline void house_send(struct house *house, size_t index, const char *xml)
{
    const char *problem = NULL;
    int line = 0;
    struct xml *stanza = xml_fragment(xml, strlen(xml), &problem, &line);
    assert_non_null(stanza);
    client_send(house_client(house, index), stanza);
    xml_free(stanza);
    house_settle(house);
}

/* The session at the other end; NULL when there is none. */
static inline const struct conn *house_conn(const struct house *house, size_t index)
{
    const struct link *link = house->guests[index].transport.link;
    return link != NULL ? server_conn_of(house->server, link) : NULL;
}

#endif
