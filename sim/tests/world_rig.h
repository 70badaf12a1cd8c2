/*
 * world_rig.h - a world with a server in it, of some kind, and clients on the simulated wire: for tests of
 * the modules between them.
 *
 * Every client's account is on the disk before anything happens.  `world_rig_settle` runs the world to
 * quiescence.
 */
#ifndef SIM_TESTS_WORLD_RIG_H
#define SIM_TESTS_WORLD_RIG_H

#include "../client/net_transport.h"
#include "../client/scram.h"
#include "../kinds/server_kinds.h"
#include "../must.h"
#include "../world/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { CLIENTS = 3 };

struct rig_client {
    struct client_identity identity;
    struct net_transport transport;
    struct client *client;
};

struct world_rig {
    struct trace *trace;
    struct world *world;
    struct server *server;
    struct rig_client clients[CLIENTS];
};

static const char *const world_rig_hosts[] = { "localhost" };

static inline struct core_settings world_rig_settings(void)
{
    struct core_settings settings = core_settings_default();
    settings.tls = CORE_TLS_NONE;
    settings.plain_without_tls = true;
    settings.hosts = world_rig_hosts;
    settings.host_count = 1;
    return settings;
}

static inline void world_rig_account(struct world_rig *rig, const char *local, const char *password)
{
    struct disk *disk = server_disk(rig->server);
    char *secret = scram_secret("SCRAM-SHA-256", password, local, 4096);
    disk_add_account(disk, local, world_rig_hosts[0]);
    disk_put(disk, local, world_rig_hosts[0], CORE_STORE_ACCOUNT, "SCRAM-SHA-256", secret);
    free(secret);
}

static inline void world_rig_add(struct world_rig *rig, size_t index, const char *name, const char *local,
                                 const char *resource)
{
    struct rig_client *client = &rig->clients[index];
    client->identity = (struct client_identity){
        .name = name, .local = local, .domain = world_rig_hosts[0], .resource = resource, .password = "secret"
    };
    client->client =
        client_new(&client->identity, net_transport_init(&client->transport, server_net(rig->server),
                                                         world_choices(rig->world), name));
    world_rig_account(rig, local, "secret");
}

/* Romeo, and Juliet with two resources. */
static inline struct world_rig *world_rig_open(const struct server_kind *kind)
{
    struct world_rig *rig = must(calloc(1, sizeof *rig));
    const struct core_settings settings = world_rig_settings();
    rig->trace = trace_new(NULL, NULL);
    rig->world = world_new(CHOICE_SCRIPTED, 0, rig->trace);
    rig->server = server_new(rig->world, kind, &settings);
    assert_non_null(rig->server);
    world_rig_add(rig, 0, "Romeo", "romeo", "orchard");
    world_rig_add(rig, 1, "Juliet", "juliet", "balcony");
    world_rig_add(rig, 2, "Juliet's phone", "juliet", "phone");
    return rig;
}

static inline void world_rig_close(struct world_rig *rig)
{
    for (size_t i = 0; i < CLIENTS; i++) {
        client_free(rig->clients[i].client);
        net_transport_free(&rig->clients[i].transport);
    }
    server_free(rig->server);
    world_free(rig->world);
    trace_free(rig->trace);
    free(rig);
}

static inline void world_rig_settle(struct world_rig *rig)
{
    assert_true(world_settle(rig->world, 100000));
}

static inline struct client *world_rig_client(const struct world_rig *rig, size_t index)
{
    return rig->clients[index].client;
}

static inline void world_rig_login(struct world_rig *rig, size_t index)
{
    client_login(world_rig_client(rig, index));
    world_rig_settle(rig);
    assert_int_equal(client_state(world_rig_client(rig, index)), CLIENT_BOUND);
}

static inline void world_rig_send(struct world_rig *rig, size_t index, const char *xml)
{
    const char *problem = NULL;
    int line = 0;
    struct xml *stanza = xml_fragment(xml, strlen(xml), &problem, &line);
    assert_non_null(stanza);
    client_send(world_rig_client(rig, index), stanza);
    xml_free(stanza);
    world_rig_settle(rig);
}

/* The session at the other end; NULL when there is none. */
static inline const struct conn *world_rig_conn(const struct world_rig *rig, size_t index)
{
    const struct link *link = rig->clients[index].transport.link;
    return link != NULL ? server_conn_of(rig->server, link) : NULL;
}

#endif
