#include "client_private.h"
#include "scram.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_BIND "urn:ietf:params:xml:ns:xmpp-bind"

static char *copy(const char *text)
{
    char *copied = strdup(text);
    if (copied == NULL)
        abort();
    return copied;
}

/* ---- Getting in ---- */

static const char *best_mechanism(const struct client *client)
{
    const char *const *mechanism = sasl_client_mechanisms;
    while (*mechanism != NULL &&
           !(client_offered_mechanism(client, *mechanism) && client_can_use(client, *mechanism)))
        mechanism++;
    return *mechanism;
}

/* Writes <auth/>, with the initial response for a mechanism that the client supports, unless it `waits` for a
 * challenge first. */
static void send_auth(struct client *client, const char *mechanism, bool waits)
{
    struct text auth = { 0 };
    text_string(&auth, "<auth xmlns='" XML_NS_SASL "'");
    client_append_attribute(&auth, "mechanism", mechanism);
    text_string(&auth, ">");
    if (client->sasl != NULL && waits)
        sasl_client_wait_for_challenge(client->sasl);
    else if (client->sasl != NULL)
        text_string(&auth, sasl_client_initial(client->sasl));
    text_string(&auth, "</auth>");
    client_write_text(client, &auth);
}

static struct sasl_client *new_negotiation(const struct client *client, const char *mechanism,
                                           const char *user, const char *password, const char *nonce)
{
    const struct client_identity *identity = client->identity;
    struct sasl_binding binding = client_binding(client, mechanism);
    char address[CLIENT_TEXT_MOST];
    if (strcmp(mechanism, "EXTERNAL") == 0) {
        snprintf(address, sizeof address, "%s@%s", identity->local, identity->domain);
        if (user == NULL)
            user = client_needs_authzid(client) ? address : "";
    }
    return sasl_client_bound(mechanism, user != NULL ? user : identity->local,
                             password != NULL ? password : identity->password, nonce, &binding);
}

/* Which parts of an exchange the client leaves to later actions. */
enum halt { HALT_NOWHERE, HALT_AT_CHALLENGES, HALT_BEFORE_INITIAL };

/* NULL for those of the identity. */
struct credentials {
    const char *mechanism, *user, *password;
};

static void begin_authentication(struct client *client, const struct credentials *credentials, enum halt halt)
{
    const char *mechanism = credentials->mechanism;
    if (mechanism == NULL)
        mechanism = client->identity->mechanism;
    if (mechanism == NULL)
        mechanism = best_mechanism(client);
    if (mechanism == NULL) {
        client_refused(client, "mechanism-not-offered", client_during_authentication);
        return;
    }
    char nonce[24];
    snprintf(nonce, sizeof nonce, "nonce-%u", ++client->nonces);
    client_stop_authenticating(client);
    client->sasl = new_negotiation(client, mechanism, credentials->user, credentials->password, nonce);
    client->authenticating = true;
    client->holds = halt != HALT_NOWHERE;
    client_enter(client, CLIENT_AUTHENTICATING);
    send_auth(client, mechanism, halt == HALT_BEFORE_INITIAL);
}

/* The id of a request by its number. */
struct bind_id {
    char text[24];
};

static struct bind_id bind_id_of(unsigned number)
{
    struct bind_id id;
    snprintf(id.text, sizeof id.text, "bind-%u", number);
    return id;
}

/* The answer to an earlier request is awaited only if the requests are pipelined. */
static void begin_binding(struct client *client, const char *resource)
{
    const unsigned number = ++client->binds;
    if (!client->corked || client->bind_waits == 0)
        client->bind_waits = number;
    client_enter(client, CLIENT_BINDING);
    struct text iq = { 0 };
    text_string(&iq, "<iq type='set'");
    client_append_attribute(&iq, "id", bind_id_of(number).text);
    text_string(&iq, "><bind xmlns='" NS_BIND "'>");
    if (resource != NULL) {
        text_string(&iq, "<resource>");
        client_append_escaped(&iq, resource);
        text_string(&iq, "</resource>");
    }
    text_string(&iq, "</bind></iq>");
    client_write_stanza(client, &iq);
}

/* ---- Challenges ---- */

/* Sends <abort/> when the challenge is not what the mechanism lets a server send. */
static void answer_challenge(struct client *client, const struct xml *challenge)
{
    char text[CLIENT_TEXT_MOST];
    xml_text(challenge, text, sizeof text);
    const char *response = client->sasl == NULL ? NULL : sasl_client_respond(client->sasl, text);
    struct text answer = { 0 };
    if (response == NULL) {
        text_string(&answer, "<abort xmlns='" XML_NS_SASL "'/>");
    } else {
        text_string(&answer, "<response xmlns='" XML_NS_SASL "'>");
        text_string(&answer, response);
        text_string(&answer, "</response>");
    }
    client_write_text(client, &answer);
}

/* Answers the one that is held. */
static void answer_held(struct client *client)
{
    struct xml *challenge = client->challenge;
    client->challenge = NULL;
    answer_challenge(client, challenge);
    xml_free(challenge);
}

/* The same, and holds no later one. */
static void answer_all(struct client *client)
{
    client->holds = false;
    if (client->challenge != NULL)
        answer_held(client);
}

/* ---- A login ---- */

static void go_on_from_features(struct client *client)
{
    enum client_tls tls = client->identity->tls;
    if (tls != CLIENT_TLS_NEVER && client_offered_tls(client))
        client_begin_tls(client);
    else if (tls == CLIENT_TLS_ALWAYS && !client->secured)
        client_refused(client, "tls-not-offered", client_during_tls);
    else if (!client->authenticated)
        begin_authentication(client, &(struct credentials){ 0 }, HALT_NOWHERE);
    else if (client_pursues(client, GOAL_RESUMPTION))
        client_managed_request(client);
    else if (client->features != NULL && xml_child(client->features, "bind", NS_BIND) != NULL)
        begin_binding(client, client->identity->resource);
    else
        client_refused(client, "bind-not-offered", client_during_binding);
}

void client_go_on_with_login(struct client *client)
{
    if (!client_drives(client))
        return;
    struct client_header header = client_header_usual(client);
    switch (client->state) {
    case CLIENT_AWAY:
    case CLIENT_ENDED:
        client_dial(client);
        return;
    case CLIENT_CONNECTED:
    case CLIENT_AUTHENTICATED:
        client_open_stream(client, &header);
        return;
    case CLIENT_OPEN:
        go_on_from_features(client);
        return;
    case CLIENT_AUTHENTICATING:
        answer_all(client);
        return;
    case CLIENT_BOUND:
        client_reached(client, GOAL_LOGIN);
        return;
    default:
        return;
    }
}

/* ---- What the server answers ---- */

static void challenged(struct client *client, const struct xml *challenge)
{
    if (!client->holds) {
        answer_challenge(client, challenge);
        return;
    }
    xml_free(client->challenge);
    client->challenge = xml_copy(challenge);
    client_reached(client, GOAL_CHALLENGE);
}

/* A server that does not prove that it knows the password is not trusted (RFC 5802, 3). */
static bool is_proven(struct client *client, const struct xml *success)
{
    char text[CLIENT_TEXT_MOST];
    if (client->sasl == NULL || sasl_client_accept(client->sasl, xml_text(success, text, sizeof text)))
        return true;
    client_refused(client, "unproven-success", client_during_authentication);
    client->transport.break_off(client->transport.self);
    client_unconnected(client, CLIENT_ENDED);
    return false;
}

static void succeeded(struct client *client, const struct xml *success)
{
    if (client->authenticating && !is_proven(client, success))
        return;
    client_stop_authenticating(client);
    client->authenticated = true;
    xml_stream_restart(client->stream);
    client_enter(client, CLIENT_AUTHENTICATED);
    client_reached(client, GOAL_AUTHENTICATION);
    client_go_on_with_login(client);
}

/* Another exchange may have been pipelined behind the one that failed. */
static void failed(struct client *client, const struct xml *failure)
{
    client_enter(client, CLIENT_OPEN);
    client_refused(client, client_condition_of(failure), client_during_authentication);
    if (!client_pursues(client, GOAL_AUTHENTICATION))
        client_stop_authenticating(client);
}

bool client_sasl_came(struct client *client, const struct xml *element)
{
    bool ours = client->authenticating;
    if (strcmp(element->name, "success") == 0)
        succeeded(client, element);
    else if (ours && strcmp(element->name, "challenge") == 0)
        challenged(client, element);
    else if (ours && strcmp(element->name, "failure") == 0)
        failed(client, element);
    else
        return false;
    return ours;
}

/* Copies the full JID from a bind result to `out`; false when there is none. */
static bool read_bound_jid(const struct xml *iq, char *out, size_t size)
{
    const struct xml *bind = xml_child(iq, "bind", NS_BIND);
    const struct xml *jid = bind == NULL ? NULL : xml_child(bind, "jid", NS_BIND);
    return jid != NULL && xml_text(jid, out, size)[0] != '\0';
}

static void bound(struct client *client, const char *full_jid)
{
    client_managed_bound(client);
    client_forget_full_jid(client);
    client->full_jid = copy(full_jid);
    client_enter(client, CLIENT_BOUND);
    client_reached(client, GOAL_BINDING);
    client_reached(client, GOAL_LOGIN);
}

static void not_bound(struct client *client, const struct xml *error)
{
    client_enter(client, client->full_jid != NULL ? CLIENT_BOUND : CLIENT_OPEN);
    client_refused(client, client_condition_of(error), client_during_binding);
}

/* The number of the awaited request with that id; 0 when there is none. */
static unsigned awaited_bind(const struct client *client, const char *id)
{
    unsigned number = client->bind_waits;
    if (number == 0 || id == NULL)
        return 0;
    while (number <= client->binds && strcmp(id, bind_id_of(number).text) != 0)
        number++;
    return number <= client->binds ? number : 0;
}

/* The request was a stanza that the client was told to send. */
static void bound_by_a_stanza(struct client *client, const struct xml *iq)
{
    char jid[CLIENT_TEXT_MOST];
    if (client->full_jid == NULL && read_bound_jid(iq, jid, sizeof jid))
        bound(client, jid);
}

bool client_bind_answered(struct client *client, const struct xml *iq, const char *type)
{
    const unsigned number = awaited_bind(client, xml_get(iq, "id"));
    bool is_result = strcmp(type, "result") == 0;
    if (number == 0 && is_result)
        bound_by_a_stanza(client, iq);
    if (number == 0 || (!is_result && strcmp(type, "error") != 0))
        return false;
    client->bind_waits = number < client->binds ? number + 1 : 0;
    char jid[CLIENT_TEXT_MOST];
    if (is_result && read_bound_jid(iq, jid, sizeof jid))
        bound(client, jid);
    else
        not_bound(client, xml_child(iq, "error", NULL));
    return true;
}

void client_tls_reached(struct client *client)
{
    client_reached(client, GOAL_TLS);
    client_go_on_with_login(client);
}

/* ---- Directing it ---- */

void client_start_tls(struct client *client)
{
    client_pursue(client, GOAL_TLS);
    if (client->connection == UNCONNECTED)
        client_refused(client, "connection-ended", client_during_tls);
    else
        client_begin_tls(client);
}

static void begin(struct client *client, const struct credentials *credentials, enum client_goal goal,
                  enum halt halt)
{
    client_pursue(client, goal);
    if (client->connection == UNCONNECTED)
        client_refused(client, "connection-ended", client_during_authentication);
    else
        begin_authentication(client, credentials, halt);
}

void client_authenticate(struct client *client, const char *mechanism, const char *user, const char *password)
{
    begin(client, &(struct credentials){ mechanism, user, password }, GOAL_AUTHENTICATION, HALT_NOWHERE);
}

void client_begin_to_authenticate(struct client *client, const char *mechanism, const char *user,
                                  const char *password)
{
    begin(client, &(struct credentials){ mechanism, user, password }, GOAL_CHALLENGE, HALT_AT_CHALLENGES);
}

void client_begin_without_initial_response(struct client *client, const char *mechanism, const char *user,
                                           const char *password)
{
    begin(client, &(struct credentials){ mechanism, user, password }, GOAL_CHALLENGE, HALT_BEFORE_INITIAL);
}

void client_answer_challenge(struct client *client)
{
    client_pursue(client, GOAL_CHALLENGE);
    if (client->challenge == NULL)
        client_refused(client, "no-challenge", client_during_authentication);
    else
        answer_held(client);
}

void client_finish_authenticating(struct client *client, const struct scram_variant *variant)
{
    client_pursue(client, GOAL_AUTHENTICATION);
    if (client->challenge == NULL) {
        client_refused(client, "no-challenge", client_during_authentication);
    } else if (variant != NULL && (client->sasl == NULL || !sasl_client_vary(client->sasl, variant))) {
        client_refused(client, "not-scram", client_during_authentication);
    } else {
        answer_all(client);
    }
}

void client_abort_authentication(struct client *client)
{
    client_pursue(client, GOAL_AUTHENTICATION);
    if (client->connection == UNCONNECTED) {
        client_refused(client, "connection-ended", client_during_authentication);
        return;
    }
    client_stop_authenticating(client);
    client->authenticating = true;
    client_enter(client, CLIENT_AUTHENTICATING);
    client_write_string(client, "<abort xmlns='" XML_NS_SASL "'/>");
}

void client_bind(struct client *client, const char *resource)
{
    client_pursue(client, GOAL_BINDING);
    if (client->connection == UNCONNECTED)
        client_refused(client, "connection-ended", client_during_binding);
    else
        begin_binding(client, resource);
}

void client_login(struct client *client)
{
    client_pursue(client, GOAL_LOGIN);
    client_go_on_with_login(client);
}

void client_resume(struct client *client)
{
    if (client->state >= CLIENT_BOUND && !client->corked)
        client_drop(client);
    client_pursue(client, GOAL_RESUMPTION);
    if (!client_managed_may_resume(client))
        client_refused(client, "nothing-to-resume", "resumption");
    else if (!client->corked)
        client_go_on_with_login(client);
    else if (client->connection == UNCONNECTED)
        client_refused(client, "connection-ended", "resumption");
    else
        client_managed_request(client);
}
