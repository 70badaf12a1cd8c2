#include "alone.h"
#include "bare.h"
#include "bench_world.h"
#include "measure.h"
#include "workloads.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGES = 2000 };

struct chat {
    struct bench_world bench;
    struct alone *alone;
    struct bare *bare;
    struct xml *stanzas[2]; /* from each of the two clients to the other */
    char *texts[2];         /* the same as text */
};

static void begin(struct chat *chat)
{
    bench_init(&chat->bench, 2, NULL, NULL);
    bench_log_in(&chat->bench, 0, 2, 2);
    chat->alone = alone_new(2);
    chat->bare = bare_new();
    for (size_t i = 0; i < 2; i++) {
        char text[512];
        (void)snprintf(
            text, sizeof text,
            "<message to='%s' type='chat' id='c0ffee-%zu'><body>But, soft! what light through yonder "
            "window breaks? It is the east, and Juliet is the sun.</body></message>",
            chat->bench.users[1 - i].person.full_jid, i);
        chat->stanzas[i] = bench_stanza(text);
        chat->texts[i] = xml_print(chat->stanzas[i], XML_NS_CLIENT);
    }
}

static void end(struct chat *chat)
{
    for (size_t i = 0; i < 2; i++) {
        xml_free(chat->stanzas[i]);
        free(chat->texts[i]);
    }
    bare_free(chat->bare);
    alone_free(chat->alone);
    bench_free(&chat->bench);
}

static double measure_bare(const struct chat *chat)
{
    const uint64_t elements = bare_elements(chat->bare);
    const uint64_t begun = measure_now();
    for (size_t i = 0; i < MESSAGES; i++)
        bare_parse(chat->bare, chat->texts[i % 2], strlen(chat->texts[i % 2]));
    const uint64_t taken = measure_now() - begun;
    if (bare_elements(chat->bare) - elements != (uint64_t)2 * MESSAGES)
        measure_fail("the bare parser did not see every message");
    return (double)taken / MESSAGES;
}

static double measure_alone(const struct chat *chat)
{
    const uint64_t sent = alone_sent(chat->alone);
    const uint64_t begun = measure_now();
    for (size_t i = 0; i < MESSAGES; i++)
        alone_receive(chat->alone, i % 2, chat->texts[i % 2], strlen(chat->texts[i % 2]));
    const uint64_t taken = measure_now() - begun;
    if (alone_sent(chat->alone) - sent != MESSAGES)
        measure_fail("the core alone did not pass every message on");
    return (double)taken / MESSAGES;
}

static double measure_whole(struct chat *chat)
{
    struct bench_client *users = chat->bench.users;
    const uint64_t begun = measure_now();
    for (size_t i = 0; i < MESSAGES; i++) {
        client_send(users[i % 2].client, chat->stanzas[i % 2]);
        bench_settle(&chat->bench);
        bench_expect(&users[1 - i % 2], "message", users[i % 2].person.full_jid);
    }
    return (double)(measure_now() - begun) / MESSAGES;
}

void bench_chat(void)
{
    struct chat chat;
    struct series bare, alone, whole;
    begin(&chat);
    for (size_t round = 0; round < MEASURE_ROUNDS; round++) {
        bare.values[round] = measure_bare(&chat);
        alone.values[round] = measure_alone(&chat);
        whole.values[round] = measure_whole(&chat);
    }
    table_heading("A chat message between two sessions", "ns each", "ratio to bare");
    table_row("bare: expat parses it once", &bare, &bare);
    table_row("the core alone", &alone, &bare);
    table_goal("the whole simulation", &whole, &bare, 6);
    end(&chat);
}
