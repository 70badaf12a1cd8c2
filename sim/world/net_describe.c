#include "../must.h"
#include "describe.h"
#include "net_private.h"

#include <inttypes.h>
#include <string.h>

static bool goes_before(const struct link *a, const struct link *b)
{
    const int names = strcmp(a->name, b->name);
    return names != 0 ? names < 0 : a->index < b->index;
}

size_t link_place(const struct link *link)
{
    size_t place = 1;
    for (uint32_t i = 0; i < link->net->link_count; i++)
        place += goes_before(link->net->links[i], link);
    return place;
}

static int compare_links(const void *a, const void *b)
{
    const struct link *const *one = a;
    const struct link *const *other = b;
    return goes_before(*one, *other) ? -1 : goes_before(*other, *one);
}

struct link **net_links(const struct net *net, size_t *count)
{
    struct link **links = must(malloc((net->link_count + (size_t)1) * sizeof(struct link *)));
    *count = net->link_count;
    if (*count > 0)
        memcpy(links, net->links, *count * sizeof(struct link *));
    qsort(links, *count, sizeof(struct link *), compare_links);
    return links;
}

static void describe_parcels(struct description *description, const struct transit *transit, bool opaque)
{
    static const char *const words[] = {
        [PARCEL_OPENED] = "the connection", [PARCEL_BYTES] = "bytes", [PARCEL_ENDED] = "the end"
    };
    const char *bytes = transit->buffer != NULL ? transit->buffer->bytes + transit->buffer->start : NULL;
    for (const struct parcel *parcel = transit->first; parcel != NULL; parcel = parcel->next) {
        describe_line(description, "under way");
        describe_time(description, words[parcel->kind], parcel->at);
        if (opaque)
            describe_secret(description, "TLS", bytes, parcel->length);
        else
            describe_bytes(description, "bytes", bytes, parcel->length);
        bytes = parcel->length > 0 ? bytes + parcel->length : bytes;
    }
}

/* Describes the state of a side, and what is under way to it. */
static void describe_side(struct description *description, const struct link *link, enum net_side side)
{
    const struct end_state *state = &link->states[side];
    const struct transit *transit = link->to[side];
    describe_line(description, "%s", side == NET_SERVER ? "to the server" : "to the client");
    describe_word(description, state->done, "over");
    describe_word(description, state->stalled, "stalled");
    describe_word(description, state->opaque, "encrypted");
    describe_word(description, state->half_closed, "half-closed");
    describe_word(description, state->unwritten, "waits for room to write");
    if (transit == NULL)
        return;
    if (transit->scheduled)
        describe_time(description, "event", transit->event_at);
    describe_in(description);
    describe_parcels(description, transit, state->opaque);
    describe_out(description);
}

/* Describes a bound, if there is one; 0 is a bound too. */
static void describe_bound(struct description *description, const char *name, uint64_t bytes, uint64_t none)
{
    if (bytes != none)
        describe_property(description, "%s %" PRIu64, name, bytes);
}

static void describe_terms(struct description *description, const struct link_terms *terms)
{
    static const char *const ways[LINK_WAYS] = {
        [LINK_TO_CLIENT] = "bytes to the client until it breaks",
        [LINK_TO_SERVER] = "bytes to the server until it breaks",
        [LINK_EITHER_WAY] = "bytes until it breaks",
    };
    describe_line(description, "terms");
    describe_count(description, "latency in nanoseconds", terms->latency);
    describe_count(description, "bytes a second", terms->bandwidth);
    describe_bound(description, "largest piece", terms->largest_piece, UINT32_MAX);
    if (terms->held_until > 0)
        describe_time(description, "stalled until", terms->held_until);
    for (int side = 0; side < 2; side++)
        if (terms->free_at[side] > 0)
            describe_time(description, side == NET_SERVER ? "free to the server" : "free to the client",
                          terms->free_at[side]);
    for (int way = 0; way < LINK_WAYS; way++)
        describe_bound(description, ways[way], terms->left[way], UINT64_MAX);
}

void net_describe(struct description *description, const struct net *net)
{
    size_t count;
    struct link **links = net_links(net, &count);
    for (size_t i = 0; i < count; i++) {
        const struct link *link = links[i];
        describe_line(description, "link %zu", i + 1);
        describe_string(description, "of", link->name);
        describe_word(description, link->broken, "broken");
        describe_word(description, link->cuts_seldom, "seldom cuts");
        describe_word(description, link->cuts_mostly, "mostly cuts");
        describe_in(description);
        if (link->terms != NULL)
            describe_terms(description, link->terms);
        describe_side(description, link, NET_SERVER);
        describe_side(description, link, NET_CLIENT);
        describe_out(description);
    }
    free(links);
}
