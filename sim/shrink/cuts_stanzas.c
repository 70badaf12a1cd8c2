#include "cuts.h"

#include "../language/scenario_edit.h"
#include "../must.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of a text that is short enough. */
enum { TEXT_SHORT = 4 };

/* Applied to every element and text of every step. */
typedef void (*on_node)(struct scenario *scenario, struct xml *node, struct cutter *cutter);

static void walk_nodes(struct scenario *scenario, struct xml *node, struct cutter *cutter, on_node visit)
{
    for (; node != NULL; node = node->next) {
        visit(scenario, node, cutter);
        walk_nodes(scenario, node->children, cutter, visit);
    }
}

static void walk_steps(struct scenario *scenario, struct step *step, struct cutter *cutter, on_node visit)
{
    for (; step != NULL; step = step->next) {
        walk_nodes(scenario, step->stanzas, cutter, visit);
        walk_steps(scenario, step->steps, cutter, visit);
    }
}

/* ---- Stanzas ---- */

static void cut_stanzas_of(struct step *step, struct cutter *cutter)
{
    struct xml **link = &step->stanzas;
    if (*link == NULL || (*link)->next == NULL)
        return;
    while (*link != NULL) {
        struct xml *stanza = *link;
        if (cut_here(cutter)) {
            *link = stanza->next;
            xml_free(stanza);
        } else {
            link = &stanza->next;
        }
    }
}

static void cut_stanzas_below(struct step *step, struct cutter *cutter)
{
    for (; step != NULL; step = step->next) {
        cut_stanzas_of(step, cutter);
        cut_stanzas_below(step->steps, cutter);
    }
}

void cut_stanzas(struct scenario *scenario, struct cutter *cutter)
{
    cut_stanzas_below(scenario->steps, cutter);
}

/* ---- Attributes and children ---- */

static void cut_node(struct scenario *scenario, struct xml *node, struct cutter *cutter)
{
    (void)scenario;
    struct xml_attribute **attribute = &node->attributes;
    while (*attribute != NULL) {
        if (cut_here(cutter))
            *attribute = (*attribute)->next;
        else
            attribute = &(*attribute)->next;
    }
    struct xml **child = &node->children;
    while (*child != NULL) {
        if (cut_here(cutter))
            *child = (*child)->next;
        else
            child = &(*child)->next;
    }
}

void cut_content(struct scenario *scenario, struct cutter *cutter)
{
    walk_steps(scenario, scenario->steps, cutter, cut_node);
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

static void cut_resource(struct scenario *scenario, struct xml *node, struct cutter *cutter)
{
    for (struct xml_attribute *a = node->attributes; a != NULL; a = a->next) {
        size_t length = bare_length(a->value);
        if (length > 0 && cut_here(cutter))
            a->value = keep_part(scenario, a->value, length);
    }
}

void cut_resources(struct scenario *scenario, struct cutter *cutter)
{
    walk_steps(scenario, scenario->steps, cutter, cut_resource);
}

/* ---- Texts ---- */

/* Half of the bytes, no character cut in two. */
static size_t half(const char *text, size_t length)
{
    size_t part = length / 2;
    while (part > 0 && ((unsigned char)text[part] & 0xC0) == 0x80)
        part--;
    return part;
}

static void cut_text(struct scenario *scenario, struct xml *node, struct cutter *cutter)
{
    size_t length = node->text != NULL ? strlen(node->text) : 0;
    if (length > TEXT_SHORT && cut_here(cutter))
        node->text = keep_part(scenario, node->text, half(node->text, length));
}

static void cut_raw(struct step *step, struct cutter *cutter)
{
    for (; step != NULL; step = step->next) {
        cut_raw(step->steps, cutter);
        if (step->verb == STEP_SENDS_RAW && step->length > TEXT_SHORT && cut_here(cutter))
            step->length = half(step->text, step->length);
    }
}

void cut_texts(struct scenario *scenario, struct cutter *cutter)
{
    walk_steps(scenario, scenario->steps, cutter, cut_text);
    cut_raw(scenario->steps, cutter);
}
