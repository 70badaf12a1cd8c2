#include "bundles.h"

#include "../model/address.h"
#include "../must.h"
#include "../text.h"
#include "content.h"

#include <string.h>

/* Returns the key; the caller frees it. */
static char *make_key(const char *from, const char *id)
{
    struct text key = { 0 };
    text_string(&key, from);
    text_string(&key, "\n");
    text_string(&key, id);
    return text_take(&key);
}

static char *copy_bare(const char *jid)
{
    return must(strndup(jid, strcspn(jid, "/")));
}

/* A copy of a JID, with its account prepared as far as ASCII goes (RFC 7622, 3.2 and 3.3). */
static char *copy_prepared(const char *jid)
{
    char *copy = must(strdup(jid));
    size_t bare = strcspn(copy, "/");
    for (size_t i = 0; i < bare; i++)
        copy[i] = text_small(copy[i]);
    if (bare > 0 && copy[bare - 1] == '.')
        memmove(copy + bare - 1, copy + bare, strlen(copy + bare) + 1);
    return copy;
}

/* Whether two addresses may be the same, however they are written. */
static bool are_alike(const char *one, const char *other)
{
    const struct address a = address_split((struct span){ one, strlen(one) });
    const struct address b = address_split((struct span){ other, strlen(other) });
    return address_same(&a, &b) != ALIKE_NO;
}

/* ---- Messages ---- */

struct bundle *bundles_find(const struct bundles *bundles, const char *from, const char *id)
{
    struct bundle *bundle = NULL;
    if (bundles->table == NULL || from == NULL || id == NULL)
        return NULL;
    char *key = make_key(from, id);
    HASH_FIND_STR(bundles->table, key, bundle);
    free(key);
    return bundle;
}

struct bundle *bundle_to(struct bundle *first, const char *address)
{
    while (first != NULL && !are_alike(first->address, address))
        first = first->other;
    return first;
}

static void link_bundle(struct bundles *bundles, struct bundle *first, struct bundle *bundle)
{
    if (first == NULL) {
        HASH_ADD_STR(bundles->table, key, bundle);
    } else {
        bundle->other = first->other;
        first->other = bundle;
    }
    if (bundles->last == NULL)
        bundles->first = bundle;
    else
        bundles->last->next = bundle;
    bundles->last = bundle;
}

static struct bundle *bundle_new(const char *from, const char *address, const char *id)
{
    char *key = make_key(from, id);
    size_t size = strlen(key) + 1;
    struct bundle *bundle = must(calloc(1, sizeof *bundle + size));
    memcpy(bundle->key, key, size);
    free(key);
    bundle->from = must(strdup(from));
    bundle->sender = copy_bare(from);
    bundle->address = copy_prepared(address);
    bundle->to = copy_bare(bundle->address);
    return bundle;
}

/* Without `to` a message is for the sender's own account (RFC 6120, 10.3.1). */
struct bundle *bundles_get(struct bundles *bundles, const char *from, const struct xml *stanza)
{
    const char *id = xml_get(stanza, "id"), *to = xml_get(stanza, "to");
    char *own = copy_bare(from);
    const char *address = to != NULL ? to : own;
    struct bundle *first = bundles_find(bundles, from, id), *bundle = bundle_to(first, address);
    if (bundle == NULL) {
        bundle = bundle_new(from, address, id);
        link_bundle(bundles, first, bundle);
    }
    free(own);
    return bundle;
}

static struct fate *find_fate(const struct bundle *bundle, uint64_t content)
{
    struct fate *fate = bundle->fates;
    while (fate != NULL && fate->content != content)
        fate = fate->next;
    return fate;
}

struct fate *bundle_fate(struct bundle *bundle, const struct xml *stanza)
{
    const uint64_t content = content_hash(stanza);
    struct fate *fate = find_fate(bundle, content), **end = &bundle->fates;
    if (fate != NULL)
        return fate;
    fate = must(calloc(1, sizeof *fate));
    fate->content = content;
    while (*end != NULL)
        end = &(*end)->next;
    *end = fate;
    return fate;
}

struct fate *bundles_passed_on(const struct bundles *bundles, const struct xml *stanza,
                               struct bundle **bundle)
{
    const char *to = xml_get(stanza, "to");
    struct bundle *at = bundles_find(bundles, xml_get(stanza, "from"), xml_get(stanza, "id"));
    const uint64_t content = at != NULL ? content_hash(stanza) : 0;
    struct fate *found = NULL;
    for (; at != NULL; at = at->other) {
        struct fate *fate = find_fate(at, content);
        const bool is_certain = fate != NULL && to != NULL && are_alike(at->address, to);
        if (fate == NULL || (found != NULL && !is_certain))
            continue;
        found = fate;
        *bundle = at;
        if (is_certain)
            break;
    }
    return found;
}

/* ---- Errors of clients ---- */

static struct client_error *find_errors(const struct bundles *bundles, const char *from, const char *id)
{
    struct client_error *error = NULL;
    if (bundles->errors == NULL || from == NULL || id == NULL)
        return NULL;
    char *key = make_key(from, id);
    HASH_FIND_STR(bundles->errors, key, error);
    free(key);
    return error;
}

static struct client_error *find_error(struct client_error *first, const char *to, uint64_t content)
{
    while (first != NULL && (first->content != content || !are_alike(first->to, to)))
        first = first->other;
    return first;
}

static struct client_error *error_new(const char *from, const char *to, const char *id, uint64_t content)
{
    char *key = make_key(from, id);
    size_t size = strlen(key) + 1;
    struct client_error *error = must(calloc(1, sizeof *error + size));
    memcpy(error->key, key, size);
    free(key);
    error->to = must(strdup(to));
    error->content = content;
    return error;
}

static void link_error(struct bundles *bundles, struct client_error *first, struct client_error *error)
{
    if (first == NULL) {
        HASH_ADD_STR(bundles->errors, key, error);
    } else {
        error->other = first->other;
        first->other = error;
    }
}

void bundles_error_sent(struct bundles *bundles, const char *from, const struct xml *stanza)
{
    const char *id = xml_get(stanza, "id"), *to = xml_get(stanza, "to");
    const uint64_t content = content_hash(stanza);
    if (id == NULL || to == NULL)
        return;
    struct client_error *first = find_errors(bundles, from, id), *error = find_error(first, to, content);
    if (error == NULL) {
        error = error_new(from, to, id, content);
        link_error(bundles, first, error);
    }
    error->sent++;
}

bool bundles_error_received(struct bundles *bundles, const char *to, const struct xml *stanza)
{
    struct client_error *error = find_errors(bundles, xml_get(stanza, "from"), xml_get(stanza, "id"));
    error = error != NULL ? find_error(error, to, content_hash(stanza)) : NULL;
    return error != NULL && ++error->received <= error->sent;
}

/* ---- Clients whose messages are not known ---- */

void bundles_lose_sight(struct bundles *bundles, const char *full_jid)
{
    if (bundles_is_unclear(bundles, full_jid))
        return;
    const size_t size = strlen(full_jid) + 1;
    struct unclear *unclear = must(malloc(sizeof *unclear + size));
    memcpy(unclear->jid, full_jid, size);
    unclear->next = bundles->unclear;
    bundles->unclear = unclear;
}

bool bundles_is_unclear(const struct bundles *bundles, const char *full_jid)
{
    const struct unclear *unclear = bundles->unclear;
    while (unclear != NULL && strcmp(unclear->jid, full_jid) != 0)
        unclear = unclear->next;
    return unclear != NULL;
}

/* ---- Freed ---- */

static void bundle_free(struct bundle *bundle)
{
    while (bundle->fates != NULL) {
        struct fate *next = bundle->fates->next;
        free(bundle->fates);
        bundle->fates = next;
    }
    free(bundle->from);
    free(bundle->address);
    free(bundle->sender);
    free(bundle->to);
    free(bundle);
}

static void errors_free(struct client_error *first)
{
    while (first != NULL) {
        struct client_error *other = first->other;
        free(first->to);
        free(first);
        first = other;
    }
}

void bundles_free(struct bundles *bundles)
{
    struct client_error *error = bundles->errors;
    HASH_CLEAR(hh, bundles->table);
    HASH_CLEAR(hh, bundles->errors);
    while (bundles->first != NULL) {
        struct bundle *next = bundles->first->next;
        bundle_free(bundles->first);
        bundles->first = next;
    }
    while (error != NULL) {
        struct client_error *next = error->hh.next;
        errors_free(error);
        error = next;
    }
    while (bundles->unclear != NULL) {
        struct unclear *next = bundles->unclear->next;
        free(bundles->unclear);
        bundles->unclear = next;
    }
}
