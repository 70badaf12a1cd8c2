#include "reductions.h"

#include "../language/scenario_edit.h"
#include "../must.h"

#include <stdlib.h>
#include <string.h>

/* Texts of at most this many bytes are not shortened. */
enum { TEXT_SHORT = 4 };

/* Applied to every element and text of every step. */
typedef void (*on_node)(struct scenario *scenario, struct xml *node, struct removal *removal);

static void walk_nodes(struct scenario *scenario, struct xml *node, struct removal *removal, on_node visit)
{
    for (; node != NULL; node = node->next) {
        visit(scenario, node, removal);
        walk_nodes(scenario, node->children, removal, visit);
    }
}

static void walk_steps(struct scenario *scenario, struct step *step, struct removal *removal, on_node visit)
{
    for (; step != NULL; step = step->next) {
        walk_nodes(scenario, step->stanzas, removal, visit);
        walk_steps(scenario, step->steps, removal, visit);
    }
}

/* ---- Stanzas ---- */

static void reduce_stanzas_of(struct step *step, struct removal *removal)
{
    struct xml **link = &step->stanzas;
    if (*link == NULL || (*link)->next == NULL)
        return;
    while (*link != NULL) {
        struct xml *stanza = *link;
        if (removal_here(removal)) {
            *link = stanza->next;
            xml_free(stanza);
        } else {
            link = &stanza->next;
        }
    }
}

static void reduce_stanzas_below(struct step *step, struct removal *removal)
{
    for (; step != NULL; step = step->next) {
        reduce_stanzas_of(step, removal);
        reduce_stanzas_below(step->steps, removal);
    }
}

void reduce_stanzas(struct scenario *scenario, struct removal *removal)
{
    reduce_stanzas_below(scenario->steps, removal);
}

/* ---- Attributes and children ---- */

static void reduce_node(struct scenario *scenario, struct xml *node, struct removal *removal)
{
    (void)scenario;
    struct xml_attribute **attribute = &node->attributes;
    while (*attribute != NULL) {
        if (removal_here(removal))
            *attribute = (*attribute)->next;
        else
            attribute = &(*attribute)->next;
    }
    struct xml **child = &node->children;
    while (*child != NULL) {
        if (removal_here(removal))
            *child = (*child)->next;
        else
            child = &(*child)->next;
    }
}

void reduce_content(struct scenario *scenario, struct removal *removal)
{
    walk_steps(scenario, scenario->steps, removal, reduce_node);
}

/* ---- Full JIDs ---- */

static const char *keep_part(struct scenario *scenario, const char *text, size_t length)
{
    char *part = must(strndup(text, length));
    const char *kept = scenario_keep(scenario, part);
    free(part);
    return kept;
}

/* The length of an address before the slash of its resource; 0 when it has no resource. */
static size_t bare_length(const char *text)
{
    size_t length = strcspn(text, "/");
    bool address = text[length] == '/' && strcspn(text, "@") < length && strcspn(text, " :") == strlen(text);
    return address ? length : 0;
}

static void reduce_resource(struct scenario *scenario, struct xml *node, struct removal *removal)
{
    for (struct xml_attribute *a = node->attributes; a != NULL; a = a->next) {
        size_t length = bare_length(a->value);
        if (length > 0 && removal_here(removal))
            a->value = keep_part(scenario, a->value, length);
    }
}

void reduce_resources(struct scenario *scenario, struct removal *removal)
{
    walk_steps(scenario, scenario->steps, removal, reduce_resource);
}

/* ---- Texts ---- */

/* Half of the bytes, without cutting a character. */
static size_t half(const char *text, size_t length)
{
    size_t part = length / 2;
    while (part > 0 && ((unsigned char)text[part] & 0xC0) == 0x80)
        part--;
    return part;
}

static void reduce_text(struct scenario *scenario, struct xml *node, struct removal *removal)
{
    size_t length = node->text != NULL ? strlen(node->text) : 0;
    if (length > TEXT_SHORT && removal_here(removal))
        node->text = keep_part(scenario, node->text, half(node->text, length));
}

static void reduce_raw(struct step *step, struct removal *removal)
{
    for (; step != NULL; step = step->next) {
        reduce_raw(step->steps, removal);
        const bool raw = step->verb == STEP_SENDS_RAW || step->verb == STEP_SERVER_RECEIVES;
        if (raw && step->length > TEXT_SHORT && removal_here(removal))
            step->length = half(step->text, step->length);
    }
}

void reduce_texts(struct scenario *scenario, struct removal *removal)
{
    walk_steps(scenario, scenario->steps, removal, reduce_text);
    reduce_raw(scenario->steps, removal);
}
