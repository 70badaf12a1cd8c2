#include "client_private.h"

#include "../world/describe.h"
#include "../xml/xml_print.h"

static void describe_broadcasts(struct description *d, const struct client_broadcasts *broadcasts,
                                const char *announced, const char *leaves)
{
    describe_word(d, broadcasts->is_available, announced);
    describe_count(d, leaves, broadcasts->leaves);
}

static void describe_progress(struct description *d, const struct client *client)
{
    static const char *const connections[] = {
        [UNCONNECTED] = NULL, [CONNECTING] = "connecting", [CONNECTED] = "connected"
    };
    describe_word(d, true, client_state_name(client->state));
    describe_word(d, client->connection != UNCONNECTED, connections[client->connection]);
    describe_string(d, "full JID", client->full_jid);
    describe_word(d, client->secured, "encrypted");
    describe_word(d, client->authenticated, "authenticated");
    describe_word(d, client->features_due, "waits for features");
    describe_word(d, client->starting_tls, "starts TLS");
    describe_word(d, client->authenticating, "in a negotiation");
    describe_word(d, client->holds, "holds challenges");
    describe_word(d, client->corked, "corked");
    describe_count(d, "waits for the answer to binding", client->bind_waits);
    describe_word(d, client->leaving, "leaving");
    describe_word(d, client->mute, "mute");
    describe_broadcasts(d, &client->broadcasts, "announced", "unavailable presence to be confirmed");
    describe_broadcasts(d, &client->since_dial, "announced here",
                        "unavailable presence to be confirmed here");
    describe_word(d, client->was_inactive, "was inactive");
}

static void describe_action(struct description *d, const struct client_action *action)
{
    static const char *const goals[] = { [GOAL_NONE] = "none",
                                         [GOAL_TLS] = "TLS",
                                         [GOAL_CHALLENGE] = "challenge",
                                         [GOAL_AUTHENTICATION] = "authentication",
                                         [GOAL_BINDING] = "binding",
                                         [GOAL_LOGIN] = "login",
                                         [GOAL_MANAGEMENT] = "stream management",
                                         [GOAL_RESUMPTION] = "resumption" };
    static const char *const outcomes[] = { [OUTCOME_NONE] = "none",
                                            [OUTCOME_PENDING] = "pending",
                                            [OUTCOME_DONE] = "done",
                                            [OUTCOME_REFUSED] = "refused" };
    describe_line(d, "goal");
    describe_word(d, action->goal != GOAL_NONE, goals[action->goal]);
    describe_word(d, action->pipelined, "pipelined");
    describe_word(d, true, outcomes[action->outcome.state]);
    describe_string(d, "condition", action->outcome.condition);
    describe_string(d, "during", action->outcome.during);
}

static void describe_stream(struct description *d, const struct client *client)
{
    if (client->header != NULL || client->features != NULL) {
        describe_line(d, "the server said");
        xml_describe(d, "header", client->header);
        xml_describe(d, "features", client->features);
    }
    if (client->stream != NULL)
        xml_stream_describe(d, client->stream);
    if (client->sasl != NULL)
        sasl_client_describe(d, client->sasl);
    if (client->challenge != NULL)
        describe_line(d, "held");
    xml_describe(d, "challenge", client->challenge);
    if (client->unsent.length > 0) {
        describe_line(d, "waits to be sent");
        describe_bytes(d, "bytes", client->unsent.bytes, client->unsent.length);
    }
}

static void describe_counters(struct description *d, const struct client *client)
{
    if (client->received + client->endings + client->nonces + client->binds + client->stanzas == 0)
        return;
    describe_line(d, "counted");
    describe_count(d, "received", client->received);
    describe_count(d, "endings", client->endings);
    describe_count(d, "nonces", client->nonces);
    describe_count(d, "bindings", client->binds);
    describe_count(d, "stanzas", client->stanzas);
}

static void describe_inbox(struct description *d, const struct client *client)
{
    static const char *const kinds[] = { [RECEIVED_ELEMENT] = NULL,
                                         [RECEIVED_STREAM_END] = "the end of the stream",
                                         [RECEIVED_CONNECTION_END] = "the end of the connection",
                                         [RECEIVED_GARBAGE] = "no XML" };
    for (const struct received *r = client->inbox; r != NULL; r = r->next) {
        describe_line(d, "in the inbox");
        describe_word(d, r->kind != RECEIVED_ELEMENT, kinds[r->kind]);
        xml_describe(d, "XML", r->element);
        describe_string(d, "problem", r->problem);
    }
}

static void describe_managed(struct description *d, const struct client_managed *managed)
{
    static const char *const states[] = { [MANAGED_OFF] = "off",
                                          [MANAGED_ASKED] = "asked for",
                                          [MANAGED_ON] = "on",
                                          [MANAGED_AWAY] = "away",
                                          [MANAGED_RESUMING] = "resuming" };
    if (managed->state == MANAGED_OFF && managed->id == NULL)
        return;
    describe_line(d, "stream management");
    describe_word(d, true, states[managed->state]);
    describe_string(d, "identifier", managed->id);
    describe_string(d, "full JID", managed->full_jid);
    describe_word(d, managed->resumed, "resumed");
    describe_word(d, managed->inexact, "inexact");
    describe_count(d, "received", managed->received);
    describe_count(d, "sent", managed->sent);
    describe_count(d, "said to be received", managed->claimed);
    describe_count(d, "and never came", managed->forgone);
    describe_count(d, "sent after a request to resume", managed->behind);
    describe_word(d, managed->enables, "asked for a new one behind it");
    describe_count(d, "of them before that", managed->between);
    describe_in(d);
    for (const struct client_unacked *unacked = managed->first; unacked != NULL; unacked = unacked->next) {
        describe_line(d, "not acknowledged");
        describe_string(d, "XML", unacked->xml);
    }
    describe_out(d);
}

static void describe_roster(struct description *d, const struct client_view *view)
{
    if (!view->asked && !view->has_roster && view->version == NULL && view->roster == NULL)
        return;
    describe_line(d, "roster");
    describe_word(d, view->asked, "asked for");
    describe_word(d, view->has_roster, "received");
    describe_string(d, "version", view->version);
    describe_string(d, "asked with", view->get_id);
    describe_string(d, "with the version", view->get_version);
    describe_in(d);
    for (const struct client_contact *contact = view->roster; contact != NULL; contact = contact->next) {
        describe_named(d, "contact", contact->jid);
        xml_describe(d, "item", contact->item);
    }
    describe_out(d);
}

static void describe_view(struct description *d, const struct client_view *view)
{
    describe_roster(d, view);
    for (const struct client_online *online = view->online; online != NULL; online = online->next)
        describe_named(d, "sees", online->jid);
}

void client_describe(struct description *d, const struct client *client)
{
    describe_progress(d, client);
    describe_in(d);
    for (size_t i = 0; i < client->action_count; i++)
        describe_action(d, &client->actions[i]);
    describe_stream(d, client);
    describe_managed(d, &client->managed);
    describe_view(d, &client->view);
    describe_inbox(d, client);
    describe_counters(d, client);
    describe_out(d);
}
