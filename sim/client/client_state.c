#include "../must.h"
#include "client_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const char client_during_the_stream[] = "the stream";
const char client_during_tls[] = "starting TLS";
const char client_during_authentication[] = "authentication";
const char client_during_binding[] = "binding";

/* ---- Where it is ---- */

const char *client_state_name(enum client_state state)
{
    static const char *const names[] = {
        [CLIENT_AWAY] = "away",
        [CLIENT_DIALLING] = "dialling",
        [CLIENT_CONNECTED] = "connected",
        [CLIENT_SECURING] = "securing",
        [CLIENT_OPENING] = "opening",
        [CLIENT_OPEN] = "open",
        [CLIENT_AUTHENTICATING] = "authenticating",
        [CLIENT_AUTHENTICATED] = "authenticated",
        [CLIENT_BINDING] = "binding",
        [CLIENT_BOUND] = "bound",
        [CLIENT_CLOSING] = "closing",
        [CLIENT_ENDED] = "ended",
    };
    assert(state <= CLIENT_ENDED);
    return names[state];
}

void client_enter(struct client *client, enum client_state state)
{
    if (client->state != CLIENT_CLOSING)
        client->state = state;
}

void client_forget_full_jid(struct client *client)
{
    free(client->full_jid);
    client->full_jid = NULL;
}

/* ---- The outcomes of actions ---- */

void client_forget_actions(struct client *client)
{
    for (size_t i = 0; i < client->action_count; i++)
        free(client->actions[i].condition);
    client->action_count = 0;
}

void client_pursue(struct client *client, enum client_goal goal)
{
    if (!client->corked)
        client_forget_actions(client);
    if (client->action_count == client->action_room) {
        client->action_room = client->action_room == 0 ? 1 : 2 * client->action_room;
        client->actions = must(realloc(client->actions, client->action_room * sizeof *client->actions));
    }
    client->actions[client->action_count++] =
        (struct client_action){ .goal = goal, .pipelined = client->corked, .outcome.state = OUTCOME_PENDING };
}

/* The first pending action, with that goal or, for GOAL_NONE, with any; NULL when there is none. */
static struct client_action *first_pending(const struct client *client, enum client_goal goal)
{
    for (size_t i = 0; i < client->action_count; i++) {
        struct client_action *action = &client->actions[i];
        if (action->goal != GOAL_NONE && (goal == GOAL_NONE || action->goal == goal))
            return action;
    }
    return NULL;
}

bool client_pursues(const struct client *client, enum client_goal goal)
{
    return first_pending(client, goal) != NULL;
}

bool client_drives(const struct client *client)
{
    const struct client_action *login = first_pending(client, GOAL_LOGIN);
    const struct client_action *action = login != NULL ? login : first_pending(client, GOAL_RESUMPTION);
    return action != NULL && !action->pipelined;
}

void client_reached(struct client *client, enum client_goal goal)
{
    struct client_action *action = first_pending(client, goal);
    if (action == NULL)
        return;
    action->goal = GOAL_NONE;
    action->outcome = (struct client_outcome){ .state = OUTCOME_DONE };
}

static void refuse(struct client_action *action, const char *condition, const char *during)
{
    action->goal = GOAL_NONE;
    action->condition = must(strdup(condition));
    action->outcome = (struct client_outcome){ OUTCOME_REFUSED, action->condition, during };
}

void client_refused(struct client *client, const char *condition, const char *during)
{
    struct client_action *action = first_pending(client, GOAL_NONE);
    if (action != NULL)
        refuse(action, condition, during);
}

void client_refused_all(struct client *client, const char *condition, const char *during)
{
    while (client_pursues(client, GOAL_NONE))
        client_refused(client, condition, during);
}

size_t client_actions(const struct client *client)
{
    return client->action_count;
}

struct client_outcome client_outcome_of(const struct client *client, size_t action)
{
    assert(action < client->action_count);
    return client->actions[action].outcome;
}

struct client_outcome client_outcome(const struct client *client)
{
    if (client->action_count == 0)
        return (struct client_outcome){ .state = OUTCOME_NONE };
    return client->actions[client->action_count - 1].outcome;
}

/* The condition is the first child; a <text/> follows it (RFC 6120, 4.9.2, 6.5 and 8.3.2). */
const char *client_condition_of(const struct xml *error)
{
    const struct xml *condition = error == NULL ? NULL : xml_first_element(error);
    return condition == NULL ? "undefined-condition" : condition->name;
}

void client_begin_another_session(struct client *client)
{
    client->broadcasts = client->since_dial;
    client_view_clear(&client->view);
}
