#include "scenario_edit.h"

#include "../must.h"
#include "scenario_parser.h"
#include "scenario_print.h"

#include <assert.h>
#include <string.h>

/* ---- A new one ---- */

struct scenario *scenario_new(const char *path)
{
    struct scenario *scenario = new_scenario(path);
    scenario->name = scenario->title = scenario->heading = scenario->path;
    return scenario;
}

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
    const struct tag tag = { .name = name, .value = value };
    *end = copy_tags(scenario, &tag);
    if (strcmp(name, "strict") == 0)
        scenario->strict = true;
    if (strcmp(name, "checks only") == 0)
        scenario->checks_only = true;
    if (strcmp(name, "fails") == 0)
        scenario->fails = (*end)->value;
}

/* ---- Adding to the head ---- */

void scenario_add_host(struct scenario *scenario, const char *host)
{
    struct core_settings *settings = &scenario->settings;
    for (size_t i = 0; i < settings->host_count; i++)
        if (strcmp(settings->hosts[i], host) == 0)
            return;
    const char **hosts = keep(scenario, (settings->host_count + 1) * sizeof *hosts);
    for (size_t i = 0; i < settings->host_count; i++)
        hosts[i] = settings->hosts[i];
    hosts[settings->host_count++] = copy_text(scenario, host);
    settings->hosts = hosts;
}

/* The parts of a bare JID, and its host among those of a server. */
static void take_address(struct scenario *scenario, const char *jid, const char **local, const char **domain)
{
    struct slice text = slice_of(jid);
    size_t at = slice_find(text, "@");
    assert(slice_find(text, "/") == text.length);
    bool has_local = at < text.length;
    *local = has_local ? keep_text(scenario, (struct slice){ jid, at }) : NULL;
    *domain = has_local ? keep_text(scenario, slice_from(text, at + 1)) : copy_text(scenario, jid);
}

static void serve(struct scenario *scenario, const char *domain)
{
    if (!is_served_elsewhere(scenario, domain))
        scenario_add_host(scenario, domain);
}

static bool has_character(const struct scenario *scenario, const char *name)
{
    for (size_t i = 0; i < scenario->cast_count; i++)
        if (strcmp(scenario->cast[i].name, name) == 0)
            return true;
    return false;
}

int scenario_add_character(struct scenario *scenario, const struct character *character)
{
    assert(!has_character(scenario, character->name));
    size_t count = scenario->cast_count;
    struct character *cast = keep(scenario, (count + 1) * sizeof *cast);
    for (size_t i = 0; i < count; i++)
        cast[i] = scenario->cast[i];
    cast[count] = copy_character(scenario, character);
    if (cast[count].password == NULL)
        cast[count].password = "";
    take_address(scenario, character->jid, &cast[count].local, &cast[count].domain);
    serve(scenario, cast[count].domain);
    scenario->cast = cast;
    scenario->cast_count++;
    return (int)count;
}

/* That of the cast, where the JID is one of them. */
static const char *password_of(const struct scenario *scenario, const char *jid)
{
    for (size_t i = 0; i < scenario->cast_count; i++)
        if (strcmp(scenario->cast[i].jid, jid) == 0)
            return scenario->cast[i].password;
    return "";
}

struct account *scenario_add_account(struct scenario *scenario, const struct account *account)
{
    struct account **end = &scenario->accounts;
    for (; *end != NULL; end = &(*end)->next)
        assert(strcmp((*end)->jid, account->jid) != 0);
    struct account *added = *end = copy_account(scenario, account);
    if (added->password == NULL)
        added->password = password_of(scenario, account->jid);
    take_address(scenario, account->jid, &added->local, &added->domain);
    serve(scenario, added->domain);
    return added;
}

static struct roster_head *roster_of(struct scenario *scenario, const char *owner)
{
    struct roster_head **end = &scenario->rosters;
    while (*end != NULL && strcmp((*end)->jid, owner) != 0)
        end = &(*end)->next;
    if (*end == NULL) {
        *end = keep(scenario, sizeof **end);
        (*end)->jid = copy_text(scenario, owner);
        take_address(scenario, owner, &(*end)->local, &(*end)->domain);
    }
    return *end;
}

struct roster_line *scenario_add_roster_line(struct scenario *scenario, const char *owner,
                                             const struct roster_line *item)
{
    struct roster_line **end = &roster_of(scenario, owner)->items;
    for (; *end != NULL; end = &(*end)->next)
        assert(strcmp((*end)->jid, item->jid) != 0);
    return *end = copy_item(scenario, item);
}

static struct blocklist_head *blocklist_of(struct scenario *scenario, const char *owner)
{
    struct blocklist_head **end = &scenario->blocklists;
    while (*end != NULL && strcmp((*end)->jid, owner) != 0)
        end = &(*end)->next;
    if (*end == NULL) {
        *end = keep(scenario, sizeof **end);
        (*end)->jid = copy_text(scenario, owner);
        take_address(scenario, owner, &(*end)->local, &(*end)->domain);
    }
    return *end;
}

struct blocked_line *scenario_add_blocked(struct scenario *scenario, const char *owner, const char *jid)
{
    struct blocked_line **end = &blocklist_of(scenario, owner)->blocked;
    for (; *end != NULL; end = &(*end)->next)
        assert(strcmp((*end)->jid, jid) != 0);
    const struct blocked_line blocked = { .jid = jid };
    return *end = copy_blocked(scenario, &blocked);
}

/* ---- Steps ---- */

static void add_source(struct scenario *scenario, struct step *step)
{
    for (struct step *inner = step->steps; inner != NULL; inner = inner->next)
        add_source(scenario, inner);
    if (step->source != NULL)
        return;
    char *line = scenario_print_step(scenario, step);
    step->source = copy_text(scenario, line);
    free(line);
}

struct step *scenario_insert_step(struct scenario *scenario, struct step **link, const struct step *step)
{
    struct step *added = copy_step(scenario, step);
    add_source(scenario, added);
    added->next = *link;
    *link = added;
    return added;
}

struct step *scenario_append_step(struct scenario *scenario, struct step **list, const struct step *step)
{
    while (*list != NULL)
        list = &(*list)->next;
    return scenario_insert_step(scenario, list, step);
}

bool scenario_add_stanzas(struct step *step, const char *xml)
{
    const char *problem = NULL;
    int line = 0;
    struct xml **end = &step->stanzas;
    while (*end != NULL)
        end = &(*end)->next;
    *end = xml_fragment(xml, strlen(xml), &problem, &line);
    return *end != NULL;
}

static void unlink_step(struct step **link)
{
    struct step *step = *link;
    *link = step->next;
    step->next = NULL;
    free_stanzas(step);
}

/* False when the step is not in the list or below it. */
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

/* How somebody is spoken of by name, and what is said instead. */
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

/* Appends what stands at the beginning of the text, and returns how many bytes of it that is. */
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

/* What the head says of an account that nobody has any more. */
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
