#include "answer.h"

#include "../must.h"
#include "../text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_BIND    "urn:ietf:params:xml:ns:xmpp-bind"
#define NS_SASL    "urn:ietf:params:xml:ns:xmpp-sasl"
#define NS_SM      "urn:xmpp:sm:3"
#define NS_VERSION "jabber:iq:version"

/* ---- Names ---- */

struct answer_names answer_names_new(char *scenario)
{
    return (struct answer_names){ .scenario = scenario };
}

void answer_names_free(struct answer_names *names)
{
    for (size_t i = 0; i < names->assigned_count; i++)
        free(names->assigned[i]);
    free(names->assigned);
    free(names->scenario);
    *names = (struct answer_names){ 0 };
}

static bool is_word_letter(char c)
{
    return (c >= '0' && c <= '9') || (text_small(c) >= 'a' && text_small(c) <= 'z') || c == '-' || c == '_';
}

/* Whether the scenario has the value, not as a part of a longer word. */
static bool is_named(const struct answer_names *names, const char *value)
{
    const size_t length = strlen(value);
    if (length == 0)
        return true;
    for (const char *at = strstr(names->scenario, value); at != NULL; at = strstr(at + 1, value))
        if ((at == names->scenario || !is_word_letter(at[-1])) && !is_word_letter(at[length]))
            return true;
    return false;
}

/* A part of a JID: a localpart or a resource. */
struct part {
    const char *bytes;
    size_t length;
};

/* The parts of "local@domain/resource"; one that is missing has no length. */
static struct part local_of(const char *jid)
{
    const size_t length = strcspn(jid, "@/");
    return (struct part){ jid, jid[length] == '@' ? length : 0 };
}

static struct part resource_of(const char *jid)
{
    const char *slash = strchr(jid, '/');
    const char *begin = slash != NULL ? slash + 1 : jid + strlen(jid);
    return (struct part){ begin, strlen(begin) };
}

/* The position of a part among those that were assigned, or their count. */
static size_t find_assigned(const struct answer_names *names, struct part part)
{
    size_t i = 0;
    while (i < names->assigned_count && (strlen(names->assigned[i]) != part.length ||
                                         memcmp(names->assigned[i], part.bytes, part.length) != 0))
        i++;
    return i;
}

static void learn(struct answer_names *names, struct part part)
{
    char *copy = must(strndup(part.bytes, part.length));
    if (is_named(names, copy) || find_assigned(names, part) < names->assigned_count) {
        free(copy);
        return;
    }
    names->assigned = must(realloc(names->assigned, (names->assigned_count + 1) * sizeof(char *)));
    names->assigned[names->assigned_count++] = copy;
}

/* Learns from the answer to a request to bind a resource (RFC 6120, 7.6). */
static void learn_bound(struct answer_names *names, const struct xml *element)
{
    char jid[4096];
    const struct xml *bind = xml_child(element, "bind", NS_BIND);
    const struct xml *bound = bind != NULL ? xml_child(bind, "jid", NS_BIND) : NULL;
    if (bound == NULL)
        return;
    (void)xml_text(bound, jid, sizeof jid);
    learn(names, resource_of(jid));
    learn(names, local_of(jid));
}

/* ---- Values ---- */

/* The strings that replace values of the copy; they live until it is printed. */
struct form {
    const struct answer_names *names;
    char **strings;
    size_t count;
};

static void form_free(struct form *form)
{
    for (size_t i = 0; i < form->count; i++)
        free(form->strings[i]);
    free(form->strings);
}

/* Appends the part, or its number if it was assigned. */
static void append_part(struct text *text, const struct answer_names *names, struct part part)
{
    const size_t which = find_assigned(names, part);
    if (which == names->assigned_count) {
        text_append(text, part.bytes, part.length);
        return;
    }
    text_string(text, "*");
    text_number(text, which + 1);
}

/* The value; if it is a JID, with numbers in place of parts that were assigned. */
static const char *without_assigned(struct form *form, const char *value)
{
    const struct answer_names *names = form->names;
    const struct part local = local_of(value), resource = resource_of(value);
    if (find_assigned(names, local) == names->assigned_count &&
        find_assigned(names, resource) == names->assigned_count)
        return value;
    struct text replaced = { 0 };
    append_part(&replaced, names, local);
    text_append(&replaced, value + local.length, (size_t)(resource.bytes - value) - local.length);
    append_part(&replaced, names, resource);
    form->strings = must(realloc(form->strings, (form->count + 1) * sizeof(char *)));
    form->strings[form->count++] = text_take(&replaced);
    return form->strings[form->count - 1];
}

static bool is_generated(const struct form *form, const struct xml_attribute *attribute)
{
    static const char *const generated[] = { "id", "ver", "stamp", "previd", "location" };
    for (size_t i = 0; i < sizeof generated / sizeof generated[0]; i++)
        if (strcmp(attribute->name, generated[i]) == 0)
            return !is_named(form->names, attribute->value);
    return false;
}

/* ---- Attributes ---- */

static void drop_attribute(struct xml *element, const char *name)
{
    struct xml_attribute **at = &element->attributes;
    while (*at != NULL && strcmp((*at)->name, name) != 0)
        at = &(*at)->next;
    if (*at != NULL)
        *at = (*at)->next;
}

static void sort_attributes(struct xml *element)
{
    struct xml_attribute *sorted = NULL;
    struct xml_attribute *next;
    for (struct xml_attribute *a = element->attributes; a != NULL; a = next) {
        struct xml_attribute **at = &sorted;
        next = a->next;
        while (*at != NULL && strcmp((*at)->name, a->name) <= 0)
            at = &(*at)->next;
        a->next = *at;
        *at = a;
    }
    element->attributes = sorted;
}

static void drop_if(struct xml *stanza, const char *name, const char *value)
{
    const char *has = xml_get(stanza, name);
    if (has != NULL && value != NULL && strcmp(has, value) == 0)
        drop_attribute(stanza, name);
}

/* What means the same when it is left out. */
static void drop_defaults(struct xml *stanza, const struct answered *client)
{
    drop_if(stanza, "to", client->full_jid);
    drop_if(stanza, "from", client->account);
    drop_if(stanza, "xml:lang", client->lang);
    if (strcmp(stanza->name, "message") == 0)
        drop_if(stanza, "type", "normal");
}

/* ---- Children ---- */

static bool is_text_of_error(const struct xml *child)
{
    static const char *const spaces[] = { "urn:ietf:params:xml:ns:xmpp-stanzas",
                                          "urn:ietf:params:xml:ns:xmpp-streams", NS_SASL };
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++)
        if (xml_is(child, "text", spaces[i]))
            return true;
    return false;
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

/* Whether a child says nothing that is compared.  Blanks between elements are none of it. */
static bool is_left_out(const struct xml *parent, const struct xml *child)
{
    if (child->text != NULL)
        return xml_is(parent, "success", NS_SASL) || strcmp(parent->ns, NS_VERSION) == 0 ||
               (xml_first_element(parent) != NULL && is_blank(child->text));
    return is_text_of_error(child);
}

static void leave_out(struct xml *parent)
{
    struct xml **at = &parent->children;
    while (*at != NULL)
        if (is_left_out(parent, *at))
            *at = (*at)->next;
        else
            at = &(*at)->next;
}

/* What is left of a stanza that was refused says why. */
static void drop_refused(struct xml *stanza)
{
    const char *type = xml_get(stanza, "type");
    struct xml *error = xml_child(stanza, "error", XML_NS_CLIENT);
    if (type == NULL || strcmp(type, "error") != 0 || error == NULL)
        return;
    stanza->children = error;
    error->next = NULL;
    drop_attribute(error, "by");
}

static bool is_set(const struct xml *element)
{
    static const char *const sets[][2] = { { "query", "jabber:iq:roster" },
                                           { "blocklist", "urn:xmpp:blocking" },
                                           { "query", "http://jabber.org/protocol/disco#info" },
                                           { "query", "http://jabber.org/protocol/disco#items" } };
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++)
        if (xml_is(element, sets[i][0], sets[i][1]))
            return true;
    return false;
}

struct member {
    struct xml *child;
    char *text;
};

static int compare_members(const void *a, const void *b)
{
    return strcmp(((const struct member *)a)->text, ((const struct member *)b)->text);
}

static size_t count_children(const struct xml *element)
{
    size_t count = 0;
    for (const struct xml *child = element->children; child != NULL; child = child->next)
        count++;
    return count;
}

/* Sorts the children, which have their forms and are elements alone. */
static void sort_children(struct xml *set)
{
    const size_t count = count_children(set);
    struct member *members = must(calloc(count + 1, sizeof *members));
    struct xml **end = &set->children;
    size_t at = 0;
    for (struct xml *child = set->children; child != NULL; child = child->next)
        members[at++] = (struct member){ child, child->text != NULL ? must(strdup(child->text))
                                                                    : xml_print(child, set->ns) };
    qsort(members, count, sizeof *members, compare_members);
    for (size_t i = 0; i < count; i++) {
        *end = members[i].child;
        end = &members[i].child->next;
        free(members[i].text);
    }
    *end = NULL;
    free(members);
}

static void take_form(struct form *form, struct xml *element)
{
    if (element->text != NULL) {
        element->text = without_assigned(form, element->text);
        return;
    }
    for (struct xml_attribute *a = element->attributes; a != NULL; a = a->next)
        a->value = is_generated(form, a) ? "*" : without_assigned(form, a->value);
    sort_attributes(element);
    leave_out(element);
    for (struct xml *child = element->children; child != NULL; child = child->next)
        take_form(form, child);
    if (is_set(element))
        sort_children(element);
}

/* ---- Elements ---- */

static bool is_compared(const struct xml *element)
{
    return !xml_is(element, "features", XML_NS_STREAMS) && !xml_is(element, "challenge", NS_SASL) &&
           !xml_is(element, "r", NS_SM) && !xml_is(element, "a", NS_SM);
}

struct answer answer_of(struct answer_names *names, const struct xml *element, const struct answered *client)
{
    struct form form = { .names = names };
    if (!is_compared(element))
        return (struct answer){ NULL, NULL };
    learn_bound(names, element);
    struct xml *copy = xml_copy(element);
    if (strcmp(copy->ns, XML_NS_CLIENT) == 0) {
        drop_defaults(copy, client);
        drop_refused(copy);
    }
    take_form(&form, copy);
    const char *from = xml_get(copy, "from");
    const struct answer answer = { xml_print(copy, XML_NS_CLIENT), must(strdup(from != NULL ? from : "")) };
    xml_free(copy);
    form_free(&form);
    return answer;
}
