/*
 * disk_rig.h - a world with a disk and two accounts, and a record of the disk's answers.
 */
#ifndef SIM_TESTS_DISK_RIG_H
#define SIM_TESTS_DISK_RIG_H

#include "../world/disk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint64_t ENOUGH = 1000000;

struct answer {
    uint64_t request;
    enum core_store_status status;
    size_t entry_count;
    sim_time time;
    char entries[256]; /* "key=value;" for each */
};

/* A world with a disk, and its answers. */
struct room {
    struct trace *trace;
    struct world *world;
    struct disk *disk;
    struct answer answers[64];
    size_t answered;
    char page[8192];
    uint64_t next_id;
    bool asks_again; /* from inside the next answer */
};

static inline void load(struct room *room, const char *username, enum core_store store)
{
    const struct core_store_request request = {
        .id = room->next_id++, .op = CORE_LOAD, .store = store, .username = username, .host = "localhost"
    };
    disk_request(room->disk, &request);
}

/* Of the messages that wait. */
static inline void load_piece(struct room *room, const char *username, const char *from, size_t most,
                              size_t bytes)
{
    const struct core_store_request request = { .id = room->next_id++,
                                                .op = CORE_LOAD,
                                                .store = CORE_STORE_OFFLINE,
                                                .username = username,
                                                .host = "localhost",
                                                .piece = { from, most, bytes } };
    disk_request(room->disk, &request);
}

static inline void count(struct room *room, const char *username)
{
    const struct core_store_request request = { .id = room->next_id++,
                                                .op = CORE_COUNT,
                                                .store = CORE_STORE_OFFLINE,
                                                .username = username,
                                                .host = "localhost" };
    disk_request(room->disk, &request);
}

static inline void save_all(struct room *room, const char *username, const struct core_store_entry *entries,
                            size_t count)
{
    const struct core_store_request request = {
        .id = room->next_id++,
        .op = CORE_SAVE,
        .store = CORE_STORE_ROSTER,
        .username = username,
        .host = "localhost",
        .entries = entries,
        .entry_count = count,
    };
    disk_request(room->disk, &request);
}

static inline void save(struct room *room, const char *username, const char *key, const char *value)
{
    const struct core_store_entry entry = { key, value };
    save_all(room, username, &entry, 1);
}

static inline void note_answer(void *host, const struct core_store_request *request,
                               enum core_store_status status, const struct core_store_entry *entries,
                               size_t entry_count)
{
    struct room *room = host;
    assert_true(room->answered < sizeof room->answers / sizeof room->answers[0]);
    struct answer *answer = &room->answers[room->answered++];
    *answer = (struct answer){ request->id, status, entry_count, world_now(room->world), "" };
    for (size_t i = 0; i < entry_count; i++) {
        const size_t length = strlen(answer->entries);
        snprintf(answer->entries + length, sizeof answer->entries - length, "%s=%s;", entries[i].key,
                 entries[i].value);
    }
    if (room->asks_again) {
        room->asks_again = false;
        load(room, "romeo", CORE_STORE_ROSTER);
    }
}

static inline void onto_page(void *host, uint64_t number, const char *line, size_t length)
{
    (void)number;
    struct room *room = host;
    strncat(room->page, line, length);
}

static inline struct room *open_room(enum choice_policy policy, uint64_t seed)
{
    struct room *room = calloc(1, sizeof *room);
    assert_non_null(room);
    room->trace = trace_new(onto_page, room);
    room->world = world_new(policy, seed, room->trace);
    room->disk = disk_new(room->world, note_answer, room);
    disk_add_account(room->disk, "romeo", "localhost");
    disk_add_account(room->disk, "juliet", "localhost");
    return room;
}

static inline void close_room(struct room *room)
{
    disk_free(room->disk);
    world_free(room->world);
    trace_free(room->trace);
    free(room);
}

static const char *saved(const struct room *room, const char *username, const char *key)
{
    return disk_get(room->disk, username, "localhost", CORE_STORE_ROSTER, key);
}

static inline void remove_account(struct room *room, const char *username)
{
    const struct core_store_request request = { .id = room->next_id++,
                                                .op = CORE_REMOVE,
                                                .store = CORE_STORE_ACCOUNT,
                                                .username = username,
                                                .host = "localhost" };
    disk_request(room->disk, &request);
}

/* The answer to a request, which must exist. */
static inline enum core_store_status status_of(const struct room *room, uint64_t request)
{
    size_t i = 0;
    while (i < room->answered && room->answers[i].request != request)
        i++;
    assert_true(i < room->answered);
    return room->answers[i].status;
}

#endif
