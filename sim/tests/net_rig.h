/*
 * net_rig.h - one link between two parties, each of which records its callbacks.
 *
 * A party may be set to act inside a callback; the trace of the net is in the rig's page.
 */
#ifndef SIM_TESTS_NET_RIG_H
#define SIM_TESTS_NET_RIG_H

#include "../text.h"
#include "../world/net.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint64_t ENOUGH = 10000000;

/* An action of an end inside a callback. */
enum deed {
    NOTHING,
    CLOSE,
    BREAK,
    HALF_CLOSE,
    CLOSE_OTHER,
    BREAK_OTHER,
    HALF_CLOSE_OTHER,
    FAIL,
    ECHO,
    FEED,
    DIAL
};

/* One end of a link, and its callbacks. */
struct party {
    struct net_rig *rig;
    enum net_side side;
    struct link *link;
    unsigned opened, pieces, writable, ended;
    size_t largest;
    sim_time opened_at, ended_at, heard_at;
    struct text heard;
    enum deed when_opened, when_bytes, when_writable, when_ended;
    const char *text; /* the rest to write */
    size_t text_length;
};

struct net_rig {
    struct trace *trace;
    struct world *world;
    struct net *net;
    struct party client, server, passer_by; /* the last dials from inside callbacks */
    char page[65536];
    size_t page_length;
};

static inline struct net_end end_of(struct party *party);

static inline enum net_side opposite(enum net_side side)
{
    return side == NET_CLIENT ? NET_SERVER : NET_CLIENT;
}

/* Writes the rest, as much as is taken. */
static inline void write_on(struct party *party)
{
    const size_t taken = link_write(party->link, party->side, party->text, party->text_length);
    party->text += taken;
    party->text_length -= taken;
}

/* Writes many bytes, once, from the side that those in hand came from. */
static inline void feed(const struct party *party, struct link *link)
{
    static char more[5000];
    memset(more, 'm', sizeof more);
    if (party->pieces == 1)
        link_write(link, opposite(party->side), more, sizeof more);
}

static inline void act(const struct party *party, enum deed deed, struct link *link, const char *bytes,
                       size_t length)
{
    switch (deed) {
    case NOTHING:
        break;
    case CLOSE:
        link_close(link, party->side);
        break;
    case BREAK:
        link_break(link, party->side);
        break;
    case CLOSE_OTHER:
        link_close(link, opposite(party->side));
        break;
    case BREAK_OTHER:
        link_break(link, opposite(party->side));
        break;
    case HALF_CLOSE:
        link_half_close(link, party->side);
        break;
    case HALF_CLOSE_OTHER:
        link_half_close(link, opposite(party->side));
        break;
    case FAIL:
        link_fail(link);
        break;
    case ECHO:
        link_write(link, party->side, bytes, length);
        break;
    case FEED:
        feed(party, link);
        break;
    case DIAL:
        net_dial(party->rig->net, "Nurse", end_of(&party->rig->passer_by));
        break;
    }
}

static inline void told_opened(void *who, struct link *link)
{
    struct party *party = who;
    if (link_end(link, NET_CLIENT)->who == &party->rig->passer_by)
        return;
    party->link = link;
    party->opened++;
    party->opened_at = world_now(party->rig->world);
    act(party, party->when_opened, link, NULL, 0);
}

static inline void told_bytes(void *who, struct link *link, const char *bytes, size_t length)
{
    struct party *party = who;
    assert_ptr_equal(party->link, link);
    assert_int_equal(party->ended, 0);
    assert_true(length > 0);
    party->pieces++;
    party->heard_at = world_now(party->rig->world);
    party->largest = length > party->largest ? length : party->largest;
    act(party, party->when_bytes, link, bytes, length);
    /* After the deed, because the bytes must still be there. */
    text_append(&party->heard, bytes, length);
}

static inline void told_writable(void *who, struct link *link)
{
    struct party *party = who;
    assert_ptr_equal(party->link, link);
    assert_int_equal(party->ended, 0);
    party->writable++;
    act(party, party->when_writable, link, NULL, 0);
    if (party->text_length > 0)
        write_on(party);
}

static inline void told_ended(void *who, struct link *link)
{
    struct party *party = who;
    party->ended++;
    party->ended_at = world_now(party->rig->world);
    act(party, party->when_ended, link, NULL, 0);
}

static inline struct net_end end_of(struct party *party)
{
    return (struct net_end){ told_opened, told_bytes, told_writable, told_ended, party };
}

static inline void onto_page(void *host, uint64_t number, const char *line, size_t length)
{
    (void)number;
    struct net_rig *rig = host;
    if (rig->page_length + length < sizeof rig->page) {
        memcpy(rig->page + rig->page_length, line, length);
        rig->page_length += length;
    }
}

static inline struct net_rig *net_rig_open(enum choice_policy policy, uint64_t seed,
                                           struct net_options options)
{
    struct net_rig *rig = calloc(1, sizeof *rig);
    assert_non_null(rig);
    rig->trace = trace_new(onto_page, rig);
    rig->world = world_new(policy, seed, rig->trace);
    rig->client = (struct party){ .rig = rig, .side = NET_CLIENT };
    rig->server = (struct party){ .rig = rig, .side = NET_SERVER };
    rig->passer_by = (struct party){ .rig = rig, .side = NET_CLIENT };
    rig->net = net_new(rig->world, options, end_of(&rig->server));
    return rig;
}

static inline void net_rig_close(struct net_rig *rig)
{
    net_free(rig->net);
    world_free(rig->world);
    trace_free(rig->trace);
    text_free(&rig->client.heard);
    text_free(&rig->server.heard);
    free(rig);
}

static inline void dial(struct net_rig *rig)
{
    rig->client.link = net_dial(rig->net, "Romeo", end_of(&rig->client));
}

static inline void settle(struct net_rig *rig)
{
    assert_true(world_settle(rig->world, ENOUGH));
}

/* A rig with an open link and nothing under way. */
static inline struct net_rig *connected(enum choice_policy policy, uint64_t seed, struct net_options options)
{
    struct net_rig *rig = net_rig_open(policy, seed, options);
    dial(rig);
    settle(rig);
    assert_int_equal(rig->client.opened, 1);
    assert_int_equal(rig->server.opened, 1);
    return rig;
}

/* A rig in the default schedule. */
static inline struct net_rig *quiet(void)
{
    return connected(CHOICE_SCRIPTED, 1, net_options_default());
}

static inline size_t says(struct party *party, const char *text)
{
    return link_write(party->link, party->side, text, strlen(text));
}

static inline void expect_heard(const struct party *party, const char *text)
{
    assert_int_equal(party->heard.length, strlen(text));
    if (party->heard.length > 0)
        assert_memory_equal(party->heard.bytes, text, party->heard.length);
}

static inline char *verses(size_t length)
{
    char *text = malloc(length);
    assert_non_null(text);
    for (size_t i = 0; i < length; i++)
        text[i] = (char)(i * 2654435761u >> 24);
    return text;
}

static inline void say_much(struct party *party, size_t length)
{
    char *text = verses(length);
    assert_int_equal(link_write(party->link, party->side, text, length), length);
    free(text);
}

#endif
