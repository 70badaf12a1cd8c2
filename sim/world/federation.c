#include "federation.h"

#include "../must.h"
#include "describe.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A stanza under way to the other end, or returned to its sender. */
struct parcel {
    struct parcel *next;
    sim_time at; /* when it is due */
    char *from_domain;
    char *bytes;
    size_t length;
    bool returned;
    bool stray; /* the server that it returns to has been down since */
    enum core_route_failure why;
};

/* A queue from one member to another, or, for returned stanzas and for the outside world, to itself.  The
 * first parcel has an event; when it has run, the next parcel gets one.  So the order is kept. */
struct wire {
    struct wire *next;
    struct federation *federation;
    struct member *from; /* NULL: the outside world */
    struct member *to;
    struct parcel *first, **last;
    bool scheduled;   /* it has an event */
    sim_time last_at; /* when the last parcel is due */
    bool lost;        /* a stanza has been lost */
};

struct member {
    struct member *next;
    const char *name;
    const char *const *domains;
    size_t domain_count;
    struct federation_end end;
    bool down;
    bool has_been_down;
};

struct federation {
    struct world *world;
    struct member *members;
    struct wire *wires;
    struct federation_watcher watcher;
    bool parted;
    uint64_t lost;
};

static const sim_time LATENCY = 5 * SIM_MILLISECOND;
static const sim_time JITTER = 8 * SIM_MILLISECOND;
enum { JITTER_STEPS = 16 };

/* ---- Members and wires ---- */

static struct member *member_of(const struct federation *federation, const char *domain)
{
    for (struct member *member = federation->members; member != NULL; member = member->next)
        for (size_t i = 0; i < member->domain_count; i++)
            if (strcmp(member->domains[i], domain) == 0)
                return member;
    return NULL;
}

static struct member *member_called(const struct federation *federation, const void *who)
{
    struct member *member = federation->members;
    while (member != NULL && member->end.who != who)
        member = member->next;
    return member;
}

static struct wire *find_wire(const struct federation *federation, const struct member *from,
                              const struct member *to)
{
    struct wire *wire = federation->wires;
    while (wire != NULL && (wire->from != from || wire->to != to))
        wire = wire->next;
    return wire;
}

static struct wire *wire_between(struct federation *federation, struct member *from, struct member *to)
{
    struct wire *wire = find_wire(federation, from, to);
    if (wire != NULL)
        return wire;
    wire = must(calloc(1, sizeof *wire));
    wire->federation = federation;
    wire->from = from;
    wire->to = to;
    wire->last = &wire->first;
    wire->next = federation->wires;
    federation->wires = wire;
    return wire;
}

/* ---- Parcels ---- */

static void parcel_free(struct parcel *parcel)
{
    free(parcel->from_domain);
    free(parcel->bytes);
    free(parcel);
}

static void tell_trace(const struct wire *wire, const struct parcel *parcel)
{
    struct world *world = wire->federation->world;
    char what[256];
    if (!parcel->returned)
        (void)snprintf(what, sizeof what, "=> %s", wire->to->name);
    else
        (void)snprintf(what, sizeof what, "<= %s", parcel->why == CORE_NO_SERVER ? "not found" : "timed out");
    trace_line(world_trace(world), world_now(world), wire->from != NULL ? wire->from->name : "outside", what,
               parcel->bytes, parcel->length);
}

static void arrive(const struct wire *wire, const struct parcel *parcel)
{
    const struct federation_end *end = &wire->to->end;
    tell_trace(wire, parcel);
    if (parcel->returned)
        end->unroutable(end->who, parcel->bytes, parcel->length, parcel->why);
    else
        end->arrived(end->who, parcel->from_domain, parcel->bytes, parcel->length);
}

static char *copy_bytes(const char *bytes, size_t length)
{
    char *copy = must(malloc(length + 1));
    memcpy(copy, bytes, length);
    copy[length] = '\0';
    return copy;
}

static void deliver(void *subject);

static void schedule(struct wire *wire)
{
    struct world *world = wire->federation->world;
    const sim_time now = world_now(world);
    if (wire->scheduled || wire->first == NULL)
        return;
    wire->scheduled = true;
    world_event(world, wire->first->at > now ? wire->first->at : now, deliver, wire);
}

static sim_time arrival_time(const struct wire *wire)
{
    struct world *world = wire->federation->world;
    if (world_is_any_order(world))
        return world_now(world);
    sim_time at = world_now(world) + LATENCY +
                  JITTER / JITTER_STEPS * choose(world_choices(world), CHOICE_LATENCY, JITTER_STEPS);
    return at > wire->last_at ? at : wire->last_at;
}

static void put_on(struct wire *wire, struct parcel parcel, const char *from_domain, const char *bytes,
                   size_t length)
{
    struct parcel *kept = must(malloc(sizeof *kept));
    *kept = parcel;
    kept->from_domain = copy_bytes(from_domain, strlen(from_domain));
    kept->bytes = copy_bytes(bytes, length);
    kept->length = length;
    *wire->last = kept;
    wire->last = &kept->next;
    kept->at = wire->last_at = arrival_time(wire);
    schedule(wire);
}

/* Returns a stanza to its sender, if that is a server of this world. */
static void send_back(struct federation *federation, struct member *sender, enum core_route_failure why,
                      const char *from_domain, const char *bytes, size_t length)
{
    if (sender != NULL)
        put_on(wire_between(federation, sender, sender), (struct parcel){ .returned = true, .why = why },
               from_domain, bytes, length);
}

static void deliver(void *subject)
{
    struct wire *wire = subject;
    struct parcel *parcel = wire->first;
    assert(parcel != NULL);
    wire->scheduled = false;
    wire->first = parcel->next;
    if (wire->first == NULL)
        wire->last = &wire->first;
    if (!wire->to->down && !parcel->stray)
        arrive(wire, parcel);
    else if (!parcel->returned)
        send_back(wire->federation, wire->from, CORE_SERVER_TIMEOUT, parcel->from_domain, parcel->bytes,
                  parcel->length);
    parcel_free(parcel);
    schedule(wire);
}

/* ---- Sending ---- */

void federation_send(struct federation *federation, const void *who, const char *from_domain,
                     const char *to_domain, const char *stanza, size_t length)
{
    struct member *from = member_called(federation, who);
    struct member *to = member_of(federation, to_domain);
    assert(from != NULL && from == member_of(federation, from_domain) && from != to);
    if (federation->watcher.routed != NULL)
        federation->watcher.routed(federation->watcher.host, who, to_domain, stanza, length);
    if (to != NULL && !federation->parted) {
        put_on(wire_between(federation, from, to), (struct parcel){ 0 }, from_domain, stanza, length);
        return;
    }
    enum core_route_failure why = to == NULL ? CORE_NO_SERVER : CORE_SERVER_TIMEOUT;
    if (to != NULL) {
        wire_between(federation, from, to)->lost = true;
        federation->lost++;
    }
    send_back(federation, from, why, from_domain, stanza, length);
}

bool federation_inject(struct federation *federation, const char *from_domain, const char *to_domain,
                       const char *bytes, size_t length)
{
    struct member *to = member_of(federation, to_domain);
    if (to == NULL)
        return false;
    put_on(wire_between(federation, NULL, to), (struct parcel){ 0 }, from_domain, bytes, length);
    return true;
}

void federation_part(struct federation *federation, bool parted)
{
    federation->parted = parted;
}

void federation_down(struct federation *federation, const void *who, bool down)
{
    struct member *member = member_called(federation, who);
    struct wire *returning = find_wire(federation, member, member);
    member->down = down;
    member->has_been_down = true;
    for (struct parcel *parcel = returning != NULL ? returning->first : NULL; parcel != NULL;
         parcel = parcel->next)
        parcel->stray = true;
}

static bool has_lost(const struct federation *federation, const struct member *from, const struct member *to)
{
    const struct wire *wire = find_wire(federation, from, to);
    return wire != NULL && wire->lost;
}

bool federation_serves(const struct federation *federation, const void *who, const char *domain)
{
    const struct member *member = member_called(federation, who);
    return member != NULL && member == member_of(federation, domain);
}

bool federation_lost(const struct federation *federation, const void *who, const void *other)
{
    const struct member *one = member_called(federation, who);
    const struct member *two = member_called(federation, other);
    return one->has_been_down || two->has_been_down || has_lost(federation, one, two) ||
           has_lost(federation, two, one);
}

uint64_t federation_lost_count(const struct federation *federation)
{
    return federation->lost;
}

/* ---- A federation's own life ---- */

struct federation *federation_new(struct world *world)
{
    struct federation *federation = must(calloc(1, sizeof *federation));
    federation->world = world;
    return federation;
}

void federation_watch(struct federation *federation, struct federation_watcher watcher)
{
    federation->watcher = watcher;
}

void federation_join(struct federation *federation, const char *name, const char *const *domains,
                     size_t domain_count, struct federation_end end)
{
    assert(end.arrived != NULL && end.unroutable != NULL && member_called(federation, end.who) == NULL);
    for (size_t i = 0; i < domain_count; i++)
        assert(member_of(federation, domains[i]) == NULL);
    struct member *member = must(calloc(1, sizeof *member));
    member->name = name;
    member->domains = domains;
    member->domain_count = domain_count;
    member->end = end;
    member->next = federation->members;
    federation->members = member;
}

static void wire_free(struct wire *wire)
{
    while (wire->first != NULL) {
        struct parcel *parcel = wire->first;
        wire->first = parcel->next;
        parcel_free(parcel);
    }
    free(wire);
}

void federation_free(struct federation *federation)
{
    if (federation == NULL)
        return;
    while (federation->wires != NULL) {
        struct wire *wire = federation->wires;
        federation->wires = wire->next;
        wire_free(wire);
    }
    while (federation->members != NULL) {
        struct member *member = federation->members;
        federation->members = member->next;
        free(member);
    }
    free(federation);
}

/* ---- Described ---- */

static void describe_wire(struct description *description, const struct wire *wire)
{
    if (wire->first == NULL && !wire->lost)
        return;
    describe_line(description, "wire");
    describe_string(description, "from", wire->from != NULL ? wire->from->name : NULL);
    describe_string(description, "to", wire->to->name);
    describe_word(description, wire->lost, "a stanza was lost");
    describe_in(description);
    for (const struct parcel *parcel = wire->first; parcel != NULL; parcel = parcel->next) {
        describe_line(description, "under way");
        describe_time(description, "arrives", parcel->at);
        describe_word(description, parcel->stray, "the receiving server has been down since");
        describe_word(description, parcel->returned,
                      parcel->why == CORE_NO_SERVER ? "not found" : "timed out");
        describe_string(description, "domain", parcel->from_domain);
        describe_bytes(description, "stanza", parcel->bytes, parcel->length);
    }
    describe_out(description);
}

static void describe_member(struct description *description, const struct member *member)
{
    if (!member->has_been_down)
        return;
    describe_named(description, "server", member->name);
    describe_word(description, member->down, "down");
    describe_word(description, member->has_been_down, "has been down");
}

void federation_describe(struct description *description, const struct federation *federation)
{
    describe_line(description, "federation");
    describe_word(description, federation->parted, "parted");
    describe_in(description);
    for (const struct member *member = federation->members; member != NULL; member = member->next)
        describe_member(description, member);
    for (const struct wire *wire = federation->wires; wire != NULL; wire = wire->next)
        describe_wire(description, wire);
    describe_out(description);
}
