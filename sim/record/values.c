#include "record_private.h"

#include <stdio.h>
#include <stdlib.h>

#define uthash_fatal(message) abort()
#include <uthash.h>

/* ---- What was said ---- */

struct value {
    char *text;
    char *now;   /* of an identifier: what stands for it */
    bool spoken; /* of an identifier: the stanza that had it last was sent with a language */
    UT_hash_handle hh;
};

struct values {
    struct value *sent;        /* values and texts that clients have sent */
    struct value *identifiers; /* of clients, by what they were */
    struct value
        *requests; /* that a client got: identifiers that are captured, by sender and what they were */
    unsigned messages, presences, queries, captures;
};

struct values *values_new(void)
{
    return must(calloc(1, sizeof(struct values)));
}

static void set_free(struct value **set)
{
    struct value *value = *set;
    HASH_CLEAR(hh, *set);
    while (value != NULL) {
        struct value *next = value->hh.next;
        free(value->text);
        free(value->now);
        free(value);
        value = next;
    }
}

void values_free(struct values *values)
{
    if (values == NULL)
        return;
    set_free(&values->sent);
    set_free(&values->identifiers);
    set_free(&values->requests);
    free(values);
}

static struct value *find(struct value *const *set, const char *text)
{
    struct value *found;
    HASH_FIND_STR(*set, text, found);
    return found;
}

/* What a text stood for before is replaced. */
static void add(struct value **set, const char *text, const char *now)
{
    struct value *value = find(set, text);
    if (value == NULL) {
        value = must(calloc(1, sizeof *value));
        value->text = must(strdup(text));
        HASH_ADD_KEYPTR(hh, *set, value->text, strlen(value->text), value);
    }
    free(value->now);
    value->now = now != NULL ? must(strdup(now)) : NULL;
}

bool values_are_special(const char *text)
{
    return strstr(text, "${") != NULL || strstr(text, "{scansion:") != NULL;
}

/* ---- Values that a server makes up ---- */

/* An attribute, or the text of an element for NULL. */
struct made_up {
    const char *ns, *element, *attribute;
};

static const struct made_up made_up[] = {
    { "urn:xmpp:delay", "delay", "stamp" },            /* XEP-0203 */
    { "jabber:x:delay", "x", "stamp" },                /* XEP-0091 */
    { "http://jabber.org/protocol/caps", "c", "ver" }, /* XEP-0115 */
    { NS_ROSTER, "query", "ver" },                     /* RFC 6121, 2.6 */
    { "jabber:iq:last", "query", "seconds" },          /* XEP-0012 */
    { "jabber:iq:version", "name", NULL },             /* XEP-0092 */
    { "jabber:iq:version", "version", NULL },
    { "jabber:iq:version", "os", NULL },
    { "urn:xmpp:time", "utc", NULL }, /* XEP-0202 */
    { "urn:xmpp:time", "tzo", NULL },
    { "urn:xmpp:sid:0", "stanza-id", "id" }, /* XEP-0359 */
    { "urn:xmpp:mam:2", "result", "id" },    /* XEP-0313 */
    { NS_SM, "a", "h" },                     /* XEP-0198 */
    { NS_SM, "enabled", "id" },
    { NS_SM, "enabled", "max" },
    { NS_SM, "enabled", "location" },
    { NS_SM, "resumed", "h" },
    { NS_SASL, "challenge", NULL }, /* RFC 6120, 6.4 */
    { NS_SASL, "success", NULL },
};

static bool is_made_up(const struct xml *element, const char *attribute)
{
    for (size_t i = 0; i < sizeof made_up / sizeof made_up[0]; i++) {
        const struct made_up *row = &made_up[i];
        if (!xml_is(element, row->element, row->ns))
            continue;
        if (attribute == NULL ? row->attribute == NULL
                              : row->attribute != NULL && strcmp(attribute, row->attribute) == 0)
            return true;
    }
    return false;
}

/* ---- JIDs of the cast ---- */

static bool is_bare_jid_of(const struct role *role, const char *text)
{
    const size_t local = strlen(role->local);
    return strncmp(text, role->local, local) == 0 && text[local] == '@' &&
           strcmp(text + local + 1, role->domain) == 0;
}

static const char *variable(struct record *record, const char *name, const char *what)
{
    struct text text = { 0 };
    text_string(&text, "${");
    text_string(&text, name);
    text_string(&text, what);
    const char *kept = record_string(record, text.bytes);
    text_free(&text);
    return kept;
}

/* The variable for a JID; NULL when it is not of the cast.  A full JID has a variable only while it is bound. */
static const char *jid_variable(struct record *record, const char *text)
{
    if (strchr(text, '@') == NULL)
        return NULL;
    for (size_t i = 0; i < record->role_count; i++)
        if (record->roles[i].authenticated && is_bare_jid_of(&record->roles[i], text))
            return variable(record, record->roles[i].name, "'s JID}");
    for (size_t i = 0; i < record->role_count; i++) {
        const struct role *role = &record->roles[i];
        const char *full = record->connections[role->last]->full_jid;
        if (role->bound && full != NULL && strcmp(full, text) == 0)
            return variable(record, role->name, "'s full JID}");
    }
    return NULL;
}

/* ---- One value ---- */

struct place {
    struct record *record;
    bool received;
};

static const char *value_in(const struct place *place, const struct xml *element, const char *attribute,
                            const char *text)
{
    struct values *values = place->record->values;
    const struct value *identifier =
        attribute != NULL && strcmp(attribute, "id") == 0 ? find(&values->identifiers, text) : NULL;
    if (identifier != NULL)
        return identifier->now;
    const char *jid = jid_variable(place->record, text);
    if (jid != NULL)
        return jid;
    if (!place->received) {
        add(&values->sent, text, NULL);
        return text;
    }
    const bool is_new = is_made_up(element, attribute) && find(&values->sent, text) == NULL;
    return is_new || values_are_special(text) ? "{scansion:any}" : text;
}

/* Texts of errors are for people, and each server has its own (RFC 6120, 8.3.2). */
static bool is_left_out(const struct place *place, const struct xml *child)
{
    return place->received && xml_is(child, "text", NS_STANZA_ERRORS);
}

static bool has_one_text(const struct xml *element)
{
    return element->children != NULL && element->children->text != NULL && element->children->next == NULL;
}

static void replace(const struct place *place, struct xml *element)
{
    for (struct xml_attribute *a = element->attributes; a != NULL; a = a->next)
        a->value = value_in(place, element, a->name, a->value);
    if (has_one_text(element)) {
        element->children->text = value_in(place, element, NULL, element->children->text);
        return;
    }
    for (struct xml **child = &element->children; *child != NULL;) {
        if ((*child)->text == NULL && is_left_out(place, *child)) {
            *child = (*child)->next;
            continue;
        }
        if ((*child)->text == NULL)
            replace(place, *child);
        child = &(*child)->next;
    }
}

/* ---- Identifiers ---- */

/* The short name of the next identifier; false for what is no stanza. */
static bool make_name(struct values *values, const struct xml *stanza, char *name, size_t size)
{
    const struct {
        const char *stanza, *prefix;
        unsigned *count;
    } kinds[] = { { "message", "m", &values->messages },
                  { "presence", "p", &values->presences },
                  { "iq", "q", &values->queries } };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (xml_is(stanza, kinds[i].stanza, XML_NS_CLIENT)) {
            (void)snprintf(name, size, "%s%u", kinds[i].prefix, ++*kinds[i].count);
            return true;
        }
    return false;
}

static void name_identifier(struct values *values, const struct xml *stanza)
{
    const char *id = xml_get(stanza, "id");
    char name[24];
    if (id == NULL)
        return;
    if (find(&values->identifiers, id) == NULL && make_name(values, stanza, name, sizeof name))
        add(&values->identifiers, id, name);
    struct value *identifier = find(&values->identifiers, id);
    if (identifier != NULL)
        identifier->spoken = xml_get(stanza, "xml:lang") != NULL;
}

static void drop_attribute(struct xml *element, const char *name)
{
    struct xml_attribute **at = &element->attributes;
    while (*at != NULL && strcmp((*at)->name, name) != 0)
        at = &(*at)->next;
    if (*at != NULL)
        *at = (*at)->next;
}

/* Whether a client sent the stanza with its language; else the server added that of the stream (RFC 6120, 8.1.5). */
static bool has_own_language(const struct values *values, const struct xml *element, const char *language)
{
    const char *id = xml_get(element, "id");
    const struct value *identifier = id != NULL ? find(&values->identifiers, id) : NULL;
    return identifier != NULL ? identifier->spoken : find(&values->sent, language) != NULL;
}

/* The language that a server adds is not the stanza's.  The count in a refusal of stream management
 * is there only if the server knows the session (XEP-0198, 5). */
static void leave_out_made_up(const struct values *values, struct xml *element)
{
    const char *language = xml_get(element, "xml:lang");
    if (language != NULL && !has_own_language(values, element, language))
        drop_attribute(element, "xml:lang");
    if (xml_is(element, "failed", NS_SM))
        drop_attribute(element, "h");
}

static void set_id(struct record *record, struct xml *element, const char *value)
{
    for (struct xml_attribute *a = element->attributes; a != NULL; a = a->next)
        if (strcmp(a->name, "id") == 0)
            a->value = record_string(record, value);
}

/* The name of a request among those that a client got: an identifier means something together with its sender (RFC 6120,
 * 8.1.3). */
static char *request_name(const struct xml *stanza, const char *sender)
{
    struct text name = { 0 };
    text_string(&name, xml_get(stanza, sender) != NULL ? xml_get(stanza, sender) : "");
    text_string(&name, "\n");
    text_string(&name, xml_get(stanza, "id"));
    return text_take(&name);
}

static bool is_request(const struct xml *stanza)
{
    const char *type = xml_get(stanza, "type");
    return xml_is(stanza, "iq", XML_NS_CLIENT) && type != NULL &&
           (strcmp(type, "get") == 0 || strcmp(type, "set") == 0);
}

/* An identifier that no client has made up: captured where the client answers, else left out. */
static void receive_identifier(struct record *record, const struct passage *passage, struct xml *copy)
{
    struct values *values = record->values;
    char now[32], captured[48];
    if (!passage->is_answered || !is_request(passage->element)) {
        drop_attribute(copy, "id");
        return;
    }
    (void)snprintf(now, sizeof now, "${id%u}", ++values->captures);
    (void)snprintf(captured, sizeof captured, "{scansion:capture:id%u}", values->captures);
    char *name = request_name(passage->element, "from");
    add(&values->requests, name, now);
    free(name);
    set_id(record, copy, captured);
}

/* Whether the stanza answers a request whose identifier was captured; it gets that. */
static bool answer_identifier(struct record *record, const struct xml *element, struct xml *copy)
{
    if (xml_get(element, "id") == NULL || !xml_is(element, "iq", XML_NS_CLIENT) || is_request(element))
        return false;
    char *name = request_name(element, "to");
    const struct value *request = find(&record->values->requests, name);
    free(name);
    if (request != NULL)
        set_id(record, copy, request->now);
    return request != NULL;
}

/* ---- Stanzas ---- */

struct xml *values_sent(struct record *record, const struct xml *element)
{
    const struct place place = { record, false };
    struct xml *copy = xml_copy(element);
    if (!answer_identifier(record, element, copy))
        name_identifier(record->values, element);
    replace(&place, copy);
    return copy;
}

struct xml *values_foreign(struct record *record, const struct xml *element)
{
    const struct place place = { record, false };
    struct xml *copy = xml_copy(element);
    replace(&place, copy);
    return copy;
}

struct xml *values_received(struct record *record, size_t passage)
{
    const struct place place = { record, true };
    const struct xml *element = record->passages[passage].element;
    const char *id = strcmp(element->ns, XML_NS_CLIENT) == 0 ? xml_get(element, "id") : NULL;
    const bool is_new = id != NULL && find(&record->values->identifiers, id) == NULL;
    struct xml *copy = xml_copy(element);
    leave_out_made_up(record->values, copy);
    replace(&place, copy);
    if (is_new)
        receive_identifier(record, &record->passages[passage], copy);
    return copy;
}
