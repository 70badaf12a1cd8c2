#include "hall.h"

#include "measure.h"

#include "../checks/checks.h"
#include "../must.h"

#include <stdio.h>
#include <string.h>

/* More events than any of the steps here brings about. */
enum { EVENTS_MOST = 10000000 };

static void add_guest(struct hall *hall, struct guest *guest)
{
    guest->identity = (struct client_identity){
        .name = guest->person.name,
        .local = guest->person.name,
        .domain = PEOPLE_HOST,
        .resource = guest->person.resource,
        .password = PEOPLE_PASSWORD,
        .mechanism = PEOPLE_MECHANISM,
    };
    struct disk *disk = server_disk(hall->server);
    disk_add_account(disk, guest->person.name, PEOPLE_HOST);
    disk_put(disk, guest->person.name, PEOPLE_HOST, CORE_STORE_ACCOUNT, PEOPLE_MECHANISM, people_secret());
    const struct transport transport = net_transport_init(&guest->transport, server_net(hall->server),
                                                          world_choices(hall->world), guest->person.name);
    guest->client = client_new(&guest->identity, transport);
    checks_add_client(hall->checks, guest->client, &guest->transport);
}

/* Nobody is in it. */
static void build(struct hall *hall, size_t count, trace_sink sink, void *sink_host)
{
    static const char *const hosts[] = { PEOPLE_HOST };
    struct core_settings settings = core_settings_default();
    settings.tls = CORE_TLS_NONE;
    settings.plain_without_tls = true;
    settings.hosts = hosts;
    settings.host_count = 1;
    hall->trace = trace_new(sink, sink_host);
    hall->world = world_new(CHOICE_SCRIPTED, 1, hall->trace);
    hall->server = must(server_new(hall->world, &server_core, &settings));
    hall->checks = checks_new(hall->world, hall->server);
    hall->guests = must(calloc(count, sizeof *hall->guests));
    hall->count = count;
}

void hall_init(struct hall *hall, size_t count, trace_sink sink, void *sink_host)
{
    build(hall, count, sink, sink_host);
    for (size_t i = 0; i < count; i++) {
        person_init(&hall->guests[i].person, i);
        add_guest(hall, &hall->guests[i]);
    }
}

void hall_init_resources(struct hall *hall, size_t count, trace_sink sink, void *sink_host)
{
    build(hall, count, sink, sink_host);
    for (size_t i = 0; i < count; i++) {
        person_init_at(&hall->guests[i].person, i > 0, i);
        add_guest(hall, &hall->guests[i]);
    }
}

void hall_free(struct hall *hall)
{
    for (size_t i = 0; i < hall->count; i++) {
        client_free(hall->guests[i].client);
        net_transport_free(&hall->guests[i].transport);
    }
    free(hall->guests);
    checks_free(hall->checks);
    server_free(hall->server);
    world_free(hall->world);
    trace_free(hall->trace);
}

void hall_settle(struct hall *hall)
{
    if (!world_settle(hall->world, EVENTS_MOST))
        measure_fail("the world does not settle");
    const struct check_violation *violation = checks_violation(hall->checks);
    if (violation != NULL)
        measure_fail(violation->detail);
}

void hall_log_in(struct hall *hall, size_t first, size_t count, size_t at_once)
{
    for (size_t begun = 0; begun < count; begun += at_once) {
        const size_t group = count - begun < at_once ? count - begun : at_once;
        struct guest *guests = &hall->guests[first + begun];
        for (size_t i = 0; i < group; i++)
            client_login(guests[i].client);
        hall_settle(hall);
        for (size_t i = 0; i < group; i++)
            if (client_state(guests[i].client) != CLIENT_BOUND)
                measure_fail("somebody could not log in");
    }
}

struct xml *hall_stanza(const char *text)
{
    const char *problem = NULL;
    int line = 0;
    return must(xml_fragment(text, strlen(text), &problem, &line));
}

void hall_become_available(struct hall *hall, struct guest *guest)
{
    struct xml *presence = hall_stanza("<presence/>");
    client_send(guest->client, presence);
    hall_settle(hall);
    xml_free(presence);
}

void hall_say(struct hall *hall, struct guest *guest, const char *to, size_t count)
{
    char text[512];
    (void)snprintf(text, sizeof text,
                   "<message to='%s' type='chat' id='c0ffee'><body>But, soft! what light through yonder "
                   "window breaks? It is the east, and Juliet is the sun.</body></message>",
                   to);
    struct xml *message = hall_stanza(text);
    for (size_t i = 0; i < count; i++)
        client_send(guest->client, message);
    hall_settle(hall);
    xml_free(message);
}

static bool is_stanza(const struct received *received, const char *name, const char *from)
{
    if (received == NULL || received->kind != RECEIVED_ELEMENT)
        return false;
    const char *actual = xml_get(received->element, "from");
    return xml_is(received->element, name, XML_NS_CLIENT) && actual != NULL && strcmp(actual, from) == 0;
}

void hall_take(struct guest *guest, const char *name, const char *from)
{
    const struct received *received = client_inbox(guest->client);
    if (!is_stanza(received, name, from))
        measure_fail("what was sent did not arrive");
    client_take(guest->client, received);
}

void hall_expect(struct guest *guest, const char *name, const char *from)
{
    hall_expect_all(guest, name, from, 1);
}

void hall_expect_all(struct guest *guest, const char *name, const char *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        hall_take(guest, name, from);
    if (client_inbox(guest->client) != NULL)
        measure_fail("more arrived than was sent");
}

void hall_forget_inbox(struct guest *guest)
{
    while (client_inbox(guest->client) != NULL)
        client_take(guest->client, client_inbox(guest->client));
}
