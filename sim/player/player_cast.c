#include "player_private.h"

#include "../must.h"

#include <stdlib.h>
#include <string.h>

/* ---- The cast ---- */

static void on_received(void *host, struct client *client, const struct xml *element)
{
    const struct run *run = host;
    const struct player_observer *observer = run->options->observer;
    observer->received(observer->host, world_now(run->world), client, element, NULL);
}

static void on_ended(void *host, struct client *client, enum received_kind how)
{
    const struct run *run = host;
    const struct player_observer *observer = run->options->observer;
    const char *end = how == RECEIVED_STREAM_END       ? "the stream ends"
                      : how == RECEIVED_CONNECTION_END ? "the connection ends"
                                                       : "what came is not XML";
    observer->received(observer->host, world_now(run->world), client, NULL, end);
}

static void enter(struct run *run, struct actor *actor, const struct character *character)
{
    actor->character = character;
    actor->server = run_server(run, character->jid);
    actor->identity = (struct client_identity){
        .name = character->name,
        .local = character->local != NULL ? character->local : "",
        .domain = character->domain,
        .resource = character->resource,
        .password = character->password,
        .mechanism = character->mechanism,
        .tls = character->tls_always  ? CLIENT_TLS_ALWAYS
               : character->tls_never ? CLIENT_TLS_NEVER
                                      : CLIENT_TLS_IF_OFFERED,
        .certificate = character->certificate,
        .binding = character->binding,
    };
    actor->client =
        client_new(&actor->identity, net_transport_init(&actor->transport, server_net(actor->server),
                                                        world_choices(run->world), character->name));
    actor->transport.certificate = character->certificate;
    checks_add_client(run->checks, actor->client, &actor->transport);
    if (run->options->observer != NULL)
        client_observe(actor->client,
                       (struct client_observer){ .host = run, .received = on_received, .ended = on_ended });
    HASH_ADD_KEYPTR(hh, run->actors_by_name, character->name, strlen(character->name), actor);
}

void cast_enter(struct run *run)
{
    size_t count = run->scenario->cast_count;
    run->actors = must(calloc(count + 1, sizeof *run->actors));
    for (size_t i = 0; i < count; i++)
        enter(run, &run->actors[i], &run->scenario->cast[i]);
}

void cast_leave(struct run *run)
{
    for (size_t i = 0; i < run->scenario->cast_count; i++) {
        client_free(run->actors[i].client);
        net_transport_free(&run->actors[i].transport);
        free(run->actors[i].full_jid);
    }
    HASH_CLEAR(hh, run->actors_by_name);
    free(run->actors);
    run->actors = NULL;
}

/* ---- Variables ---- */

char *run_substitute(struct run *run, const char *text)
{
    char unknown[128];
    char *result = match_substitute(text, run_lookup, run, unknown, sizeof unknown);
    if (result == NULL && !run->checks_only)
        run_fail(run, "the variable ${%s} is not defined here", unknown);
    return result;
}

/* ---- Sending ---- */

static bool has_variables(const struct xml *element)
{
    if (element->text != NULL)
        return strstr(element->text, "${") != NULL;
    for (const struct xml_attribute *a = element->attributes; a != NULL; a = a->next)
        if (strstr(a->value, "${") != NULL)
            return true;
    for (const struct xml *child = element->children; child != NULL; child = child->next)
        if (has_variables(child))
            return true;
    return false;
}

/* The results of replacing variables. */
struct replaced {
    struct run *run;
    char **values;
    size_t count;
    bool incomplete; /* an unknown variable was found */
};

static const char *replace_value(struct replaced *replaced, const char *value)
{
    if (strstr(value, "${") == NULL)
        return value;
    char *now = run_substitute(replaced->run, value);
    if (now == NULL) {
        replaced->incomplete = true;
        return value;
    }
    replaced->values = must(realloc(replaced->values, (replaced->count + 1) * sizeof(char *)));
    replaced->values[replaced->count++] = now;
    return now;
}

static void replace_variables(struct replaced *replaced, struct xml *element)
{
    if (element->text != NULL)
        element->text = replace_value(replaced, element->text);
    for (struct xml_attribute *a = element->attributes; a != NULL; a = a->next)
        a->value = replace_value(replaced, a->value);
    for (struct xml *child = element->children; child != NULL; child = child->next)
        replace_variables(replaced, child);
}

void cast_send(struct run *run, struct actor *actor, const struct xml *stanza)
{
    if (!has_variables(stanza)) {
        client_send(actor->client, stanza);
        return;
    }
    struct replaced replaced = { .run = run };
    struct xml *copy = xml_copy(stanza);
    replace_variables(&replaced, copy);
    if (!replaced.incomplete)
        client_send(actor->client, copy);
    xml_free(copy);
    for (size_t i = 0; i < replaced.count; i++)
        free(replaced.values[i]);
    free(replaced.values);
}
