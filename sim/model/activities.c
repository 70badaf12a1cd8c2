#include "activities.h"

#include "model_private.h"
#include "rights.h"

#include "../must.h"

#include <stdlib.h>
#include <string.h>

void activities_forget(struct activities *activities)
{
    while (activities->count > 0)
        free(activities->open[--activities->count].full_jid);
}

uint64_t activities_sum(const struct activities *activities)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < activities->count; i++)
        sum += activities->open[i].account;
    return sum;
}

static bool is_told(const struct core_settings *settings)
{
    enum { ROOM_FOR_WORK = 100 };
    return (settings->tell_last_presence || (settings->features & CORE_LAST_ACTIVITY) != 0) &&
           settings->limits.account_work >= ROOM_FOR_WORK;
}

/* What ends a session may be seen later in the event than what that has led to. */
static bool is_saved_now(const struct activities *activities, uint64_t account)
{
    for (size_t i = 0; i < activities->saved_count; i++)
        if (activities->saved[i] == account)
            return true;
    return false;
}

void activities_left(struct watched_server *server, const struct session_facts *session)
{
    struct activities *activities = &server->activities;
    if (session->account == NULL || server->is_ending || session->is_at_work ||
        activities->count == ACTIVITIES_MOST ||
        (session_facts_possible(session, FACT_PRESENCE) & PRESENCE_NONE) != 0 || !is_told(server->settings))
        return;
    const struct address account = address_split(session_facts_jid(session));
    if (server->disk == NULL || !rights_has_account(server, &account))
        return;
    if (is_saved_now(activities, session->account->jid))
        (void)model_judge(server->model, QUESTION_OF_ACTIVITIES, HOLDS);
    else
        activities->open[activities->count++] =
            (struct activity){ session->account->jid, must(strdup(session->full_jid)) };
}

void activities_ended(struct watched_server *server, struct session_facts *session)
{
    if (!session->has_left)
        activities_left(server, session);
    session->has_left = true;
}

void activities_saved(struct watched_server *server, const struct core_store_request *request)
{
    struct activities *activities = &server->activities;
    const struct address name = { .local = { request->username, strlen(request->username) },
                                  .domain = { request->host, strlen(request->host) } };
    const uint64_t account = account_hash(&name);
    if (activities->saved_count == ACTIVITIES_MOST)
        activities->saved_count--;
    activities->saved[activities->saved_count++] = account;
    for (size_t i = 0; i < activities->count;)
        if (activities->open[i].account == account) {
            free(activities->open[i].full_jid);
            activities->open[i] = activities->open[--activities->count];
            (void)model_judge(server->model, QUESTION_OF_ACTIVITIES, HOLDS);
        } else {
            i++;
        }
}

void activities_event_over(struct watched_server *server)
{
    server->activities.saved_count = 0;
}

void activities_done(struct watched_server *server)
{
    struct activities *activities = &server->activities;
    if (activities->count > 0 && model_judge(server->model, QUESTION_OF_ACTIVITIES, VIOLATED)) {
        struct text why = { 0 };
        text_string(&why, activities->open[0].full_jid);
        text_string(&why, " has left, and nothing was saved of when its account was last there");
        model_violate(server->model, QUESTION_OF_ACTIVITIES, why.bytes);
        text_free(&why);
    }
    activities_forget(activities);
}
