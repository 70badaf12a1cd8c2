#include "client_private.h"

#include <string.h>

#define NS_SASL_CB "urn:xmpp:sasl-cb:0"

/* ---- STARTTLS (RFC 6120, 5) ---- */

bool client_offered_tls(const struct client *client)
{
    return !client->secured && client->features != NULL &&
           xml_child(client->features, "starttls", XML_NS_TLS) != NULL;
}

void client_begin_tls(struct client *client)
{
    struct text starttls = { 0 };
    text_string(&starttls, "<starttls xmlns='" XML_NS_TLS "'/>");
    client_write_text(client, &starttls);
    client->starting_tls = true;
    client_enter(client, CLIENT_SECURING);
}

/* <proceed/> begins the handshake, even if a step of the scenario requested it.  Bytes in the clear after it
 * are discarded. */
static void proceed(struct client *client)
{
    client_enter(client, CLIENT_SECURING);
    xml_stream_discard(client->stream);
    client->transport.start_tls(client->transport.self);
}

bool client_tls_came(struct client *client, const struct xml *element)
{
    bool ours = client->starting_tls;
    if (strcmp(element->name, "proceed") == 0) {
        proceed(client);
    } else if (strcmp(element->name, "failure") == 0) {
        client->starting_tls = false;
        client_enter(client, CLIENT_OPEN);
        client_refused(client, "failure", client_during_tls);
    }
    return ours;
}

/* ---- What SASL is bound to ---- */

static bool announces(const struct client *client, const char *type)
{
    const struct xml *types =
        client->features == NULL ? NULL : xml_child(client->features, "sasl-channel-binding", NS_SASL_CB);
    const struct xml *announced = types == NULL ? NULL : xml_first_element(types);
    for (; announced != NULL; announced = xml_next_element(announced)) {
        const char *name = xml_get(announced, "type");
        if (name != NULL && strcmp(name, type) == 0)
            return true;
    }
    return false;
}

/* The channel binding type: the one of the identity, else the better of those announced (XEP-0440, 4); NULL
 * for no binding. */
static const char *binding_type(const struct client *client)
{
    static const char *const by_preference[] = { "tls-exporter", "tls-server-end-point" };
    const char *wanted = client->identity->binding;
    if (!client->secured || (wanted != NULL && strcmp(wanted, "none") == 0))
        return NULL;
    if (wanted != NULL)
        return wanted;
    for (size_t i = 0; i < sizeof by_preference / sizeof by_preference[0]; i++)
        if (announces(client, by_preference[i]))
            return by_preference[i];
    return NULL;
}

bool client_offered_mechanism(const struct client *client, const char *mechanism)
{
    const struct xml *mechanisms =
        client->features == NULL ? NULL : xml_child(client->features, "mechanisms", XML_NS_SASL);
    if (mechanisms == NULL)
        return false;
    char name[CLIENT_TEXT_MOST];
    for (const struct xml *offered = xml_first_element(mechanisms); offered != NULL;
         offered = xml_next_element(offered))
        if (xml_is(offered, "mechanism", XML_NS_SASL) &&
            strcmp(xml_text(offered, name, sizeof name), mechanism) == 0)
            return true;
    return false;
}

static bool is_plus(const char *mechanism)
{
    size_t length = strlen(mechanism);
    return length > 5 && strcmp(mechanism + length - 5, "-PLUS") == 0;
}

static bool is_plus_offered(const struct client *client)
{
    const char *const *mechanism = sasl_client_mechanisms;
    while (*mechanism != NULL && !(is_plus(*mechanism) && client_offered_mechanism(client, *mechanism)))
        mechanism++;
    return *mechanism != NULL;
}

/* RFC 5802, 6: "y" means that the client supports channel binding, but thinks that the server does not. */
struct sasl_binding client_binding(const struct client *client, const char *mechanism)
{
    const char *wanted = client->identity->binding;
    bool able = client->secured && (wanted == NULL || strcmp(wanted, "none") != 0);
    struct sasl_binding binding = { .flag = able && !is_plus_offered(client) ? 'y' : 'n' };
    const char *type = binding_type(client);
    if (!is_plus(mechanism) || type == NULL)
        return binding;
    bool exporter = strcmp(type, "tls-server-end-point") != 0;
    return (struct sasl_binding){
        .flag = 'p',
        .type = type,
        .data = exporter ? client->exporter : client->server_end_point,
        .length = CLIENT_CHANNEL,
    };
}

/* ---- Mechanisms ---- */

bool client_can_use(const struct client *client, const char *mechanism)
{
    const struct client_identity *identity = client->identity;
    if (is_plus(mechanism))
        return binding_type(client) != NULL;
    if (strcmp(mechanism, "EXTERNAL") == 0)
        return client->secured && identity->certificate != NULL;
    return (strcmp(mechanism, "ANONYMOUS") == 0) == (identity->local[0] == '\0');
}

/* XEP-0178: only a certificate with several addresses needs an authorization identity. */
bool client_needs_authzid(const struct client *client)
{
    const char *certificate = client->identity->certificate;
    return certificate != NULL && strchr(certificate, ',') != NULL;
}
