#include "bench_world.h"

#include "measure.h"

#include "../checks/checks.h"
#include "../must.h"

#include <stdio.h>
#include <string.h>

/* More events than any step of the benchmark causes. */
enum { EVENTS_MOST = 10000000 };

static void add_user(struct bench_world *bench, struct bench_client *user)
{
    user->identity = (struct client_identity){
        .name = user->person.name,
        .local = user->person.name,
        .domain = PEOPLE_HOST,
        .resource = user->person.resource,
        .password = PEOPLE_PASSWORD,
        .mechanism = PEOPLE_MECHANISM,
    };
    struct disk *disk = server_disk(bench->server);
    disk_add_account(disk, user->person.name, PEOPLE_HOST);
    disk_put(disk, user->person.name, PEOPLE_HOST, CORE_STORE_ACCOUNT, PEOPLE_MECHANISM, people_secret());
    const struct transport transport = net_transport_init(&user->transport, server_net(bench->server),
                                                          world_choices(bench->world), user->person.name);
    user->client = client_new(&user->identity, transport);
    checks_add_client(bench->checks, user->client, &user->transport);
}

/* Creates the world, without clients. */
static void build(struct bench_world *bench, size_t count, trace_sink sink, void *sink_host)
{
    static const char *const hosts[] = { PEOPLE_HOST };
    struct core_settings settings = core_settings_default();
    settings.tls = CORE_TLS_NONE;
    settings.plain_without_tls = true;
    settings.hosts = hosts;
    settings.host_count = 1;
    bench->trace = trace_new(sink, sink_host);
    bench->world = world_new(CHOICE_SCRIPTED, 1, bench->trace);
    bench->server = must(server_new(bench->world, &server_core, &settings));
    bench->checks = checks_new(bench->world, bench->server);
    bench->users = must(calloc(count, sizeof *bench->users));
    bench->count = count;
}

void bench_init(struct bench_world *bench, size_t count, trace_sink sink, void *sink_host)
{
    build(bench, count, sink, sink_host);
    for (size_t i = 0; i < count; i++) {
        person_init(&bench->users[i].person, i);
        add_user(bench, &bench->users[i]);
    }
}

void bench_init_resources(struct bench_world *bench, size_t count, trace_sink sink, void *sink_host)
{
    build(bench, count, sink, sink_host);
    for (size_t i = 0; i < count; i++) {
        person_init_at(&bench->users[i].person, i > 0, i);
        add_user(bench, &bench->users[i]);
    }
}

void bench_free(struct bench_world *bench)
{
    for (size_t i = 0; i < bench->count; i++) {
        client_free(bench->users[i].client);
        net_transport_free(&bench->users[i].transport);
    }
    free(bench->users);
    checks_free(bench->checks);
    server_free(bench->server);
    world_free(bench->world);
    trace_free(bench->trace);
}

void bench_settle(struct bench_world *bench)
{
    if (!world_settle(bench->world, EVENTS_MOST))
        measure_fail("the world does not settle");
    const struct check_violation *violation = checks_violation(bench->checks);
    if (violation != NULL)
        measure_fail(violation->detail);
}

void bench_log_in(struct bench_world *bench, size_t first, size_t count, size_t at_once)
{
    for (size_t begun = 0; begun < count; begun += at_once) {
        const size_t group = count - begun < at_once ? count - begun : at_once;
        struct bench_client *users = &bench->users[first + begun];
        for (size_t i = 0; i < group; i++)
            client_login(users[i].client);
        bench_settle(bench);
        for (size_t i = 0; i < group; i++)
            if (client_state(users[i].client) != CLIENT_BOUND)
                measure_fail("a client could not log in");
    }
}

struct xml *bench_stanza(const char *text)
{
    const char *problem = NULL;
    int line = 0;
    return must(xml_fragment(text, strlen(text), &problem, &line));
}

void bench_become_available(struct bench_world *bench, struct bench_client *user)
{
    struct xml *presence = bench_stanza("<presence/>");
    client_send(user->client, presence);
    bench_settle(bench);
    xml_free(presence);
}

void bench_say(struct bench_world *bench, struct bench_client *user, const char *to, size_t count)
{
    char text[512];
    (void)snprintf(text, sizeof text,
                   "<message to='%s' type='chat' id='c0ffee'><body>But, soft! what light through yonder "
                   "window breaks? It is the east, and Juliet is the sun.</body></message>",
                   to);
    struct xml *message = bench_stanza(text);
    for (size_t i = 0; i < count; i++)
        client_send(user->client, message);
    bench_settle(bench);
    xml_free(message);
}

static bool is_stanza(const struct received *received, const char *name, const char *from)
{
    if (received == NULL || received->kind != RECEIVED_ELEMENT)
        return false;
    const char *actual = xml_get(received->element, "from");
    return xml_is(received->element, name, XML_NS_CLIENT) && actual != NULL && strcmp(actual, from) == 0;
}

void bench_take(struct bench_client *user, const char *name, const char *from)
{
    const struct received *received = client_inbox(user->client);
    if (!is_stanza(received, name, from))
        measure_fail("what was sent did not arrive");
    client_take(user->client, received);
}

void bench_expect(struct bench_client *user, const char *name, const char *from)
{
    bench_expect_all(user, name, from, 1);
}

void bench_expect_all(struct bench_client *user, const char *name, const char *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        bench_take(user, name, from);
    if (client_inbox(user->client) != NULL)
        measure_fail("more arrived than was sent");
}

void bench_forget_inbox(struct bench_client *user)
{
    while (client_inbox(user->client) != NULL)
        client_take(user->client, client_inbox(user->client));
}
