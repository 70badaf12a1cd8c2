#include "scenario_edit.h"

#include "scenario_head.h"

/* ---- The head ---- */

const char *scenario_keep(struct scenario *scenario, const char *text)
{
    return copy_text(scenario, text);
}

void scenario_set_title(struct scenario *scenario, const char *title)
{
    scenario->title = scenario->heading = copy_text(scenario, title);
}

void scenario_add_tag(struct scenario *scenario, const char *name, const char *value)
{
    struct tag **end = &scenario->tags;
    while (*end != NULL)
        end = &(*end)->next;
    *end = keep(scenario, sizeof **end);
    (*end)->name = copy_text(scenario, name);
    (*end)->value = copy_text(scenario, value);
    apply_tag(scenario, *end);
}

void scenario_drop_tag(struct scenario *scenario, const char *name)
{
    struct tag **link = &scenario->tags;
    while (*link != NULL) {
        if (strcmp((*link)->name, name) == 0)
            *link = (*link)->next;
        else
            link = &(*link)->next;
    }
}

/* ---- Steps ---- */

static void unlink_step(struct step **link)
{
    struct step *step = *link;
    *link = step->next;
    step->next = NULL;
    free_stanzas(step);
}

/* Returns false when the step is not in the list or in a block of it. */
static bool take_out(struct step **link, const struct step *wanted)
{
    for (; *link != NULL; link = &(*link)->next) {
        struct step *step = *link;
        bool below = step != wanted && take_out(&step->steps, wanted);
        if (step != wanted && !below)
            continue;
        if (step == wanted || step->steps == NULL)
            unlink_step(link);
        return true;
    }
    return false;
}

void scenario_remove_step(struct scenario *scenario, struct step *step)
{
    bool found = take_out(&scenario->steps, step);
    assert(found);
}

/* ---- Leaving the cast ---- */

/* A reference to a character by name, and its replacement. */
enum { SPOKEN = 2 };
struct spoken {
    const char *variables[SPOKEN];
    const char *addresses[SPOKEN];
};

static const char *join(struct scenario *scenario, const char *const *parts, size_t count)
{
    struct text joined = { 0 };
    for (size_t i = 0; i < count; i++)
        text_string(&joined, parts[i]);
    const char *kept = keep_text(scenario, (struct slice){ joined.bytes, joined.length });
    text_free(&joined);
    return kept;
}

static struct spoken spoken_of(struct scenario *scenario, const struct character *character)
{
    const char *const bare[] = { "${", character->name, "'s JID}" };
    const char *const full[] = { "${", character->name, "'s full JID}" };
    const char *const address[] = { character->jid, "/", character->resource };
    return (struct spoken){
        .variables = { join(scenario, bare, 3), join(scenario, full, 3) },
        .addresses = { character->jid, join(scenario, address, character->resource != NULL ? 3 : 1) },
    };
}

/* Appends the beginning of the text, replaced where needed, and returns its length in the text. */
static size_t spell_out_piece(struct text *out, const struct spoken *spoken, struct slice text)
{
    for (size_t i = 0; i < SPOKEN; i++) {
        if (!slice_begins(text, spoken->variables[i]))
            continue;
        text_string(out, spoken->addresses[i]);
        return strlen(spoken->variables[i]);
    }
    text_append(out, text.text, 1);
    return 1;
}

static struct slice spell_out(struct scenario *scenario, const struct spoken *spoken, struct slice text)
{
    if (slice_find(text, spoken->variables[0]) == text.length &&
        slice_find(text, spoken->variables[1]) == text.length)
        return text;
    struct text out = { 0 };
    while (text.length > 0)
        text = slice_from(text, spell_out_piece(&out, spoken, text));
    struct slice spelt = { keep_text(scenario, (struct slice){ out.bytes, out.length }), out.length };
    text_free(&out);
    return spelt;
}

static const char *spell_out_text(struct scenario *scenario, const struct spoken *spoken, const char *text)
{
    return text != NULL ? spell_out(scenario, spoken, slice_of(text)).text : NULL;
}

static void spell_out_node(struct scenario *scenario, const struct spoken *spoken, struct xml *node)
{
    node->text = spell_out_text(scenario, spoken, node->text);
    for (struct xml_attribute *a = node->attributes; a != NULL; a = a->next)
        a->value = spell_out_text(scenario, spoken, a->value);
    for (struct xml *child = node->children; child != NULL; child = child->next)
        spell_out_node(scenario, spoken, child);
}

static void spell_out_step(struct scenario *scenario, const struct spoken *spoken, struct step *step)
{
    if (step->text != NULL) {
        struct slice text = spell_out(scenario, spoken, (struct slice){ step->text, step->length });
        step->text = text.text;
        step->length = text.length;
    }
    for (struct property *property = step->properties; property != NULL; property = property->next)
        property->value = spell_out_text(scenario, spoken, property->value);
    for (struct xml *stanza = step->stanzas; stanza != NULL; stanza = stanza->next)
        spell_out_node(scenario, spoken, stanza);
}

static void remove_actor(struct scenario *scenario, struct step **link, int actor,
                         const struct spoken *spoken)
{
    while (*link != NULL) {
        struct step *step = *link;
        bool had_steps = step->steps != NULL;
        remove_actor(scenario, &step->steps, actor, spoken);
        if (step->actor == actor || (had_steps && step->steps == NULL)) {
            unlink_step(link);
            continue;
        }
        if (step->actor > actor)
            step->actor--;
        spell_out_step(scenario, spoken, step);
        link = &step->next;
    }
}

void scenario_forget_lists(struct scenario *scenario, const char *owner)
{
    struct roster_head **roster = &scenario->rosters;
    while (*roster != NULL && strcmp((*roster)->jid, owner) != 0)
        roster = &(*roster)->next;
    if (*roster != NULL)
        *roster = (*roster)->next;
    struct blocklist_head **list = &scenario->blocklists;
    while (*list != NULL && strcmp((*list)->jid, owner) != 0)
        list = &(*list)->next;
    if (*list != NULL)
        *list = (*list)->next;
}

void scenario_take_turns(struct scenario *scenario)
{
    for (struct step **link = &scenario->steps; *link != NULL; link = &(*link)->next) {
        struct step *block = *link;
        if (block->verb != STEP_AT_THE_SAME_TIME || block->steps == NULL)
            continue;
        struct step *last = block->steps;
        while (last->next != NULL)
            last = last->next;
        last->next = block->next;
        *link = block->steps;
        block->steps = block->next = NULL;
    }
}

/* Removes from the head the entries of an account that no character has any more. */
static void remove_owner(struct scenario *scenario, const char *jid)
{
    struct account **account = &scenario->accounts;
    while (*account != NULL && strcmp((*account)->jid, jid) != 0)
        account = &(*account)->next;
    if (*account != NULL)
        *account = (*account)->next;
    scenario_forget_lists(scenario, jid);
}

void scenario_remove_character(struct scenario *scenario, size_t index)
{
    assert(index < scenario->cast_count);
    struct character gone = scenario->cast[index];
    struct spoken spoken = spoken_of(scenario, &gone);
    remove_actor(scenario, &scenario->steps, (int)index, &spoken);
    for (size_t i = index + 1; i < scenario->cast_count; i++)
        scenario->cast[i - 1] = scenario->cast[i];
    scenario->cast_count--;
    for (size_t i = 0; i < scenario->cast_count; i++)
        if (strcmp(scenario->cast[i].jid, gone.jid) == 0)
            return;
    remove_owner(scenario, gone.jid);
}
