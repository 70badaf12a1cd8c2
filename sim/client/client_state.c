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

/* ---- The outcome of an action ---- */

void client_pursue(struct client *client, enum client_goal goal)
{
    client->goal = goal;
    client->outcome = (struct client_outcome){ .state = OUTCOME_PENDING };
}

void client_reached(struct client *client, enum client_goal goal)
{
    if (client->goal != goal)
        return;
    client->goal = GOAL_NONE;
    client->outcome = (struct client_outcome){ .state = OUTCOME_DONE };
}

void client_refused(struct client *client, const char *condition, const char *during)
{
    if (client->goal == GOAL_NONE)
        return;
    client->goal = GOAL_NONE;
    free(client->condition);
    client->condition = must(strdup(condition));
    client->outcome = (struct client_outcome){ OUTCOME_REFUSED, client->condition, during };
}

struct client_outcome client_outcome(const struct client *client)
{
    return client->outcome;
}

/* The condition is the first child; a <text/> follows it (RFC 6120, 4.9.2, 6.5 and 8.3.2). */
const char *client_condition_of(const struct xml *error)
{
    const struct xml *condition = error == NULL ? NULL : xml_first_element(error);
    return condition == NULL ? "undefined-condition" : condition->name;
}
