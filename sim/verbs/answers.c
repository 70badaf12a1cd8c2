#include "answers.h"

#include "../client/client.h"
#include "../language/scenario_print.h"
#include "../must.h"
#include "../text.h"
#include "answer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One line below the current step. */
struct heard {
    char *client, *sender;
    size_t number; /* in the order in which they came */
    char *line;
};

struct answers {
    struct player_observer observer;
    struct answer_names names;
    struct text text;
    struct heard *heard;
    size_t count, room;
};

/* ---- The lines of a step ---- */

static int compare_heard(const void *one, const void *other)
{
    const struct heard *a = one, *b = other;
    int order = strcmp(a->client, b->client);
    if (order == 0)
        order = strcmp(a->sender, b->sender);
    return order != 0 ? order : (a->number > b->number) - (a->number < b->number);
}

static void end_step(struct answers *answers)
{
    if (answers->count > 1)
        qsort(answers->heard, answers->count, sizeof *answers->heard, compare_heard);
    for (size_t i = 0; i < answers->count; i++) {
        text_string(&answers->text, answers->heard[i].line);
        free(answers->heard[i].client);
        free(answers->heard[i].sender);
        free(answers->heard[i].line);
    }
    answers->count = 0;
}

static char *line_of(sim_time now, const char *who, const char *does, const char *what)
{
    char time[48];
    struct text line = { 0 };
    (void)snprintf(time, sizeof time, "%" PRIu64 ".%09" PRIu64 " ", now / SIM_SECOND, now % SIM_SECOND);
    text_string(&line, time);
    text_string(&line, who);
    text_string(&line, does);
    text_string(&line, what);
    text_string(&line, "\n");
    return text_take(&line);
}

/* Takes over the strings of the line, but for its number. */
static void add(struct answers *answers, struct heard heard)
{
    if (answers->count == answers->room) {
        answers->room = answers->room * 2 + 16;
        answers->heard = must(realloc(answers->heard, answers->room * sizeof *answers->heard));
    }
    heard.number = answers->count;
    answers->heard[answers->count++] = heard;
}

/* ---- Observing ---- */

static void on_step(void *host, sim_time now, const struct step *step)
{
    struct answers *answers = host;
    end_step(answers);
    char *line = line_of(now, "step", " ", step->source);
    text_string(&answers->text, line);
    free(line);
}

/* The end of a stream comes after all that came on it. */
static void on_end(struct answers *answers, sim_time now, const char *client, const char *end)
{
    add(answers, (struct heard){ .client = must(strdup(client)),
                                 .sender = must(strdup("\xff")),
                                 .line = line_of(now, client, ": ", end) });
}

static void on_received(void *host, sim_time now, const struct client *client, const struct xml *element,
                        const char *end)
{
    struct answers *answers = host;
    char account[4096];
    const char *name = client_name(client);
    if (element == NULL) {
        on_end(answers, now, name, end);
        return;
    }
    client_account(client, account, sizeof account);
    const struct xml *header = client_stream_header(client);
    const struct answered answered = { .account = account,
                                       .full_jid = client_full_jid(client),
                                       .lang = header != NULL ? xml_get(header, "xml:lang") : NULL };
    struct answer answer = answer_of(&answers->names, element, &answered);
    if (answer.text != NULL)
        add(answers, (struct heard){ .client = must(strdup(name)),
                                     .sender = answer.sender,
                                     .line = line_of(now, name, " receives ", answer.text) });
    free(answer.text);
}

/* ---- All of it ---- */

struct answers *answers_new(const struct scenario *scenario)
{
    struct answers *answers = must(calloc(1, sizeof *answers));
    answers->names = answer_names_new(scenario_print(scenario));
    answers->observer = (struct player_observer){ answers, on_step, on_received };
    return answers;
}

const struct player_observer *answers_observer(const struct answers *answers)
{
    return &answers->observer;
}

char *answers_take(struct answers *answers)
{
    end_step(answers);
    char *text = text_take(&answers->text);
    answer_names_free(&answers->names);
    free(answers->heard);
    free(answers);
    return text;
}
