#include "server_private.h"

#include "../must.h"
#include "heap.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* ---- From other servers ---- */

/* A whole stanza is passed to the kind. */
static void begin_stanza(struct server *server, const char *stanza, size_t length)
{
    char last = '\0';
    size_t run = 0;
    costs_names(&server->costs, &run, stanza, length);
    costs_begin(&server->costs, length, costs_elements(&last, stanza, length));
}

static void take_arrived(struct server *server, const struct input *input)
{
    if (server->self == NULL || server->kind->arrived == NULL)
        return;
    begin_stanza(server, input->bytes, input->length);
    server_record(server, &(struct border_record){ .kind = BORDER_ARRIVED,
                                                   .bytes = input->bytes,
                                                   .length = input->length,
                                                   .domain = input->domain });
    server->kind->arrived(server->self, input->domain, input->bytes, input->length);
    costs_end(&server->costs);
}

static void stanza_arrived(void *who, const char *from_domain, const char *stanza, size_t length)
{
    server_input(who, &(struct input){
                          .take = take_arrived, .bytes = stanza, .length = length, .domain = from_domain });
}

static void take_unroutable(struct server *server, const struct input *input)
{
    if (server->self == NULL || server->kind->unroutable == NULL)
        return;
    begin_stanza(server, input->bytes, input->length);
    server_record(server, &(struct border_record){ .kind = BORDER_UNROUTABLE,
                                                   .bytes = input->bytes,
                                                   .length = input->length,
                                                   .why = input->why });
    server->kind->unroutable(server->self, input->bytes, input->length, input->why);
    costs_end(&server->costs);
}

static void stanza_unroutable(void *who, const char *stanza, size_t length, enum core_route_failure why)
{
    server_input(who,
                 &(struct input){ .take = take_unroutable, .bytes = stanza, .length = length, .why = why });
}

/* ---- Storage and time ---- */

static void note_account(struct server *server, const struct core_store_request *request)
{
    struct text *jid = &server->stored_for;
    jid->length = 0;
    text_string(jid, request->username);
    text_string(jid, "@");
    text_string(jid, request->host);
}

static void on_stored(void *host, const struct core_store_request *request, enum core_store_status status,
                      const struct core_store_entry *entries, size_t entry_count)
{
    struct server *server = host;
    if (status == CORE_STORED && request->op != CORE_REMOVE)
        note_account(server, request);
    if (server->self == NULL)
        return;
    costs_begin_stored(&server->costs, entries, entry_count);
    server_record(server,
                  &(struct border_record){ .kind = BORDER_STORED, .request = request, .status = status });
    server->kind->stored(server->self, request->id, status, entries, entry_count);
    costs_end(&server->costs);
    server_take_inputs(server);
}

/* The world time of its deadline: where that is a time of day, when its clock shows it, past or future. */
static sim_time timer_due(void *subject)
{
    struct server *server = subject;
    if (server->self == NULL || server_waits(server))
        return UINT64_MAX;
    const struct server_deadline deadline = server->kind->deadline(server->self);
    if (deadline.at == UINT64_MAX || !deadline.of_day)
        return deadline.at;
    const sim_time now = world_now(server->world);
    const uint64_t clock = server_clock(server);
    if (deadline.at > clock)
        return deadline.at - clock < UINT64_MAX - now ? now + (deadline.at - clock) : UINT64_MAX;
    return clock - deadline.at < now ? now - (clock - deadline.at) : 0;
}

static void timer_fire(void *subject)
{
    struct server *server = subject;
    costs_begin(&server->costs, 0, 0);
    server_record(server, &(struct border_record){ .kind = BORDER_LATE });
    server->kind->late(server->self);
    costs_end(&server->costs);
}

/* ---- A server's own life ---- */

struct server *server_new(struct world *world, const struct server_kind *kind,
                          const struct core_settings *settings)
{
    struct server *server = server_new_federated(world, kind, settings, NULL, NULL, NULL);
    if (server != NULL)
        server_ready(server);
    return server;
}

static void join(struct server *server, const char *name)
{
    if (server->federation != NULL)
        federation_join(server->federation, name, server->settings.hosts, server->settings.host_count,
                        (struct federation_end){ stanza_arrived, stanza_unroutable, server });
}

static bool start(struct server *server, struct server_refusal *refusal)
{
    const struct server_ports ports = server_ports(server);
    server->costs = (struct costs){ .excess = server->costs.excess };
    server->self = server->kind->start(server->kind, &ports, &server->settings, refusal);
    server->started = world_now(server->world);
    server->has_shut_down = false;
    server_record(server, &(struct border_record){ .kind = BORDER_STARTED });
    return server->self != NULL;
}

struct server *server_new_federated(struct world *world, const struct server_kind *kind,
                                    const struct core_settings *settings, struct federation *federation,
                                    const char *name, struct server_refusal *refusal)
{
    struct server_refusal untold = { "", "" };
    struct server *server = must(calloc(1, sizeof *server));
    server->world = world;
    server->kind = kind;
    server->federation = federation;
    server->name = name != NULL ? name : "server";
    server->settings = *settings;
    server->crash_at = SERVER_NEVER_CRASHES;
    server->heap_failures = heap_failures();
    server->net = net_new(world, net_options_default(), server_net_end(server));
    if (capabilities_have(kind->has, CAPABILITY_DISK))
        server->disk = disk_new(world, on_stored, server);
    if (!start(server, refusal != NULL ? refusal : &untold)) {
        server_free(server);
        return NULL;
    }
    join(server, name);
    world_timer(world, (struct world_timer){ timer_due, timer_fire, server });
    return server;
}

struct capabilities server_capabilities(const struct server *server)
{
    return server->kind->has;
}

void server_provide(struct server *server, const struct provision *provision)
{
    const struct server_ports ports = server_ports(server);
    server_record(server, &(struct border_record){ .kind = BORDER_PROVIDED, .provision = provision });
    if (server->self != NULL && server->kind->provide != NULL)
        server->kind->provide(server->self, &ports, provision);
}

void server_ready(struct server *server)
{
    if (server->self != NULL && server->kind->ready != NULL)
        server->kind->ready(server->self, &server->refusal);
}

const struct server_refusal *server_refused(const struct server *server)
{
    return &server->refusal;
}

const struct server_failure *server_failure(const struct server *server)
{
    return &server->failure;
}

char *server_log(const struct server *server)
{
    return server->self != NULL && server->kind->log != NULL ? server->kind->log(server->self) : NULL;
}

void server_watch(struct server *server, struct border_watcher watcher)
{
    server->watcher = watcher;
    server_record(server, &(struct border_record){ .kind = BORDER_STARTED });
}

static void take_shut_down(struct server *server, const struct input *input)
{
    (void)input;
    costs_begin(&server->costs, 0, 0);
    server_record(server, &(struct border_record){ .kind = BORDER_SHUT_DOWN });
    server->kind->shut_down(server->self);
    costs_end(&server->costs);
    server->has_shut_down = true;
}

void server_shut_down(struct server *server)
{
    if (server->self != NULL)
        server_input(server, &(struct input){ .take = take_shut_down });
}

void server_stop(struct server *server)
{
    if (server->self != NULL)
        server->kind->stop(server->self);
    server->self = NULL;
    server_forget_inputs(server);
}

/* ---- Crashes, and clocks ---- */

static void tell_trace(const struct server *server, const char *what)
{
    trace_line(world_trace(server->world), world_now(server->world), server->name, what, NULL, 0);
}

/* Output of the kind in `stop` is under way when the connections break, and is lost. */
void server_crash(struct server *server, enum disk_writes writes)
{
    server->writes_to_crash = 0;
    if (server->self == NULL)
        return;
    tell_trace(server, "crashes");
    server->faults.crashes++;
    server_record(server, &(struct border_record){ .kind = BORDER_CRASHED });
    server_stop(server);
    while (server->wires != NULL) {
        struct wire *wire = server->wires;
        if (wire->link != NULL)
            link_break(wire->link, NET_SERVER);
        wire_end(wire);
    }
    if (server->disk != NULL)
        disk_crash(server->disk, writes);
    if (server->federation != NULL)
        federation_down(server->federation, server, true);
}

static void crash_now(void *subject)
{
    struct server *server = subject;
    server_crash(server, server->writes);
}

/* A later call may have replaced the time. */
static void crash_in_time(void *subject)
{
    struct server *server = subject;
    server->crash_events--;
    if (server->crash_at > world_now(server->world))
        return;
    server->crash_at = SERVER_NEVER_CRASHES;
    crash_now(server);
}

void server_begins_write(struct server *server)
{
    if (server->writes_to_crash > 0 && --server->writes_to_crash == 0)
        world_next(server->world, crash_now, server);
}

void server_crash_in(struct server *server, sim_time span, enum disk_writes writes)
{
    server->writes = writes;
    server->crash_at = world_after(server->world, span);
    server->crash_events++;
    world_event(server->world, server->crash_at, crash_in_time, server);
}

void server_crash_at_write(struct server *server, uint64_t nth, enum disk_writes writes)
{
    assert(nth > 0);
    server->writes = writes;
    server->writes_to_crash = nth;
}

/* A server that has shut down is stopped in an orderly way: its storage requests complete first. */
bool server_start_again(struct server *server)
{
    if (server->self != NULL && !server->has_shut_down)
        return false;
    struct server_refusal refusal = { "", "" };
    server_stop(server);
    if (!start(server, &refusal))
        return false;
    server_ready(server);
    tell_trace(server, "starts");
    server->faults.starts++;
    if (server->federation != NULL)
        federation_down(server->federation, server, false);
    return true;
}

bool server_is_down(const struct server *server)
{
    return server->self == NULL;
}

sim_time server_started(const struct server *server)
{
    return server->started;
}

bool server_clock_jump(struct server *server, int64_t span)
{
    const uint64_t now = server_clock(server);
    const uint64_t least = span < 0 ? (uint64_t)0 - (uint64_t)span : 0;
    if (now < least || (span > 0 && now > (uint64_t)INT64_MAX - (uint64_t)span))
        return false;
    server->clock_offset += span;
    server->faults.jumps += span != 0;
    return true;
}

void server_free(struct server *server)
{
    server_stop(server);
    wires_free(server->wires);
    wires_free(server->ended);
    free(server->touched);
    text_free(&server->stored_for);
    free(server->failure.details);
    if (server->disk != NULL)
        disk_free(server->disk);
    net_free(server->net);
    free(server);
}

/* Letters of ASCII have no case in a domainpart (RFC 7622, 3.2). */
static bool same_domain(const char *one, const char *other, size_t length)
{
    size_t i = 0;
    while (i < length && text_small(one[i]) == text_small(other[i]))
        i++;
    return i == length;
}

bool server_serves(const struct server *server, const char *jid)
{
    size_t bare = strcspn(jid, "/");
    const char *at = memchr(jid, '@', bare);
    const char *domain = at != NULL ? at + 1 : jid;
    size_t length = bare - (size_t)(domain - jid);
    const struct core_settings *settings = &server->settings;
    for (size_t i = 0; i < settings->host_count; i++)
        if (strlen(settings->hosts[i]) == length && same_domain(settings->hosts[i], domain, length))
            return true;
    return false;
}

struct server_faults server_faults(const struct server *server)
{
    return server->faults;
}

/* Whether the server may have lost state: it has crashed, or an allocation failed. */
static bool has_forgotten(const struct server *server)
{
    return server->faults.crashes > 0 || heap_failures() != server->heap_failures;
}

bool server_lost_touch(const struct server *server, const struct server *other)
{
    if (server->federation == NULL || server == other)
        return false;
    return has_forgotten(server) || (other != NULL && federation_lost(server->federation, server, other));
}

struct net *server_net(struct server *server)
{
    return server->net;
}

struct disk *server_disk(const struct server *server)
{
    return server->disk;
}

const struct core_settings *server_settings(const struct server *server)
{
    return &server->settings;
}

const struct core *server_inspect(const struct server *server)
{
    return server->self != NULL && server->kind->inspect != NULL ? server->kind->inspect(server->self) : NULL;
}

bool server_lets_look(const struct server *server)
{
    return server->kind->inspect != NULL;
}

/* ---- For the checks ---- */

size_t server_touched(const struct server *server)
{
    return server->touched_count;
}

const struct conn *server_touched_conn(const struct server *server, size_t index)
{
    assert(index < server->touched_count);
    return wire_look(server->touched[index]);
}

uint64_t *server_touched_mark(struct server *server, size_t index)
{
    assert(index < server->touched_count);
    return &server->touched[index]->mark;
}

uint64_t server_sent_after_close(const struct server *server)
{
    return server->sent_after_close;
}

const struct costs *server_costs(const struct server *server)
{
    return &server->costs;
}

uint64_t server_sent_while_securing(const struct server *server)
{
    return server->sent_while_securing;
}

void server_forget_touched(struct server *server)
{
    for (size_t i = 0; i < server->touched_count; i++)
        server->touched[i]->touched = false;
    server->touched_count = 0;
    server->stored_for.length = 0;
}

const char *server_stored_for(const struct server *server)
{
    return server->stored_for.length > 0 ? server->stored_for.bytes : NULL;
}

/* The server's side of a link.  Until the connection is open, `who` of the server end is the server itself. */
static const struct wire *wire_of(const struct server *server, const struct link *link)
{
    const void *who = link_end(link, NET_SERVER)->who;
    return who != server ? who : NULL;
}

const struct conn *server_conn_of(const struct server *server, const struct link *link)
{
    const struct wire *wire = wire_of(server, link);
    return wire != NULL && wire->link == link ? wire_look(wire) : NULL;
}

uint32_t server_conn_number(const struct server *server, const struct link *link)
{
    const struct wire *wire = wire_of(server, link);
    return wire != NULL ? wire->number : 0;
}
