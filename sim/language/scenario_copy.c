#include "scenario_edit.h"

#include "../must.h"
#include "scenario_parser.h"

#include <string.h>

/* ---- Strings and values ---- */

const char *copy_text(struct scenario *to, const char *text)
{
    return text != NULL ? keep_text(to, slice_of(text)) : NULL;
}

static void *copy_value(struct scenario *to, const void *value, size_t size)
{
    return memcpy(keep(to, size), value, size);
}

static const char *const *copy_hosts(struct scenario *to, const char *const *hosts, size_t count)
{
    const char **copies = keep(to, (count + 1) * sizeof *copies);
    for (size_t i = 0; i < count; i++)
        copies[i] = copy_text(to, hosts[i]);
    return copies;
}

static struct core_settings copy_settings(struct scenario *to, const struct core_settings *settings)
{
    struct core_settings copy = *settings;
    copy.hosts = copy_hosts(to, settings->hosts, settings->host_count);
    copy.anonymous_hosts = copy_hosts(to, settings->anonymous_hosts, settings->anonymous_host_count);
    copy.software = copy_text(to, settings->software);
    copy.software_version = copy_text(to, settings->software_version);
    return copy;
}

/* ---- The head ---- */

struct tag *copy_tags(struct scenario *to, const struct tag *tags)
{
    struct tag *first = NULL, **end = &first;
    for (; tags != NULL; tags = tags->next) {
        struct tag *tag = *end = keep(to, sizeof *tag);
        tag->name = copy_text(to, tags->name);
        tag->value = copy_text(to, tags->value);
        end = &tag->next;
    }
    return first;
}

struct character copy_character(struct scenario *to, const struct character *original)
{
    struct character copy = *original;
    copy.name = copy_text(to, original->name);
    copy.jid = copy_text(to, original->jid);
    copy.local = copy_text(to, original->local);
    copy.domain = copy_text(to, original->domain);
    copy.resource = copy_text(to, original->resource);
    copy.password = copy_text(to, original->password);
    copy.mechanism = copy_text(to, original->mechanism);
    copy.certificate = copy_text(to, original->certificate);
    copy.binding = copy_text(to, original->binding);
    return copy;
}

struct roster_line *copy_item(struct scenario *to, const struct roster_line *original)
{
    struct roster_line *copy = copy_value(to, original, sizeof *copy);
    copy->next = NULL;
    copy->jid = copy_text(to, original->jid);
    copy->subscription = copy_text(to, original->subscription);
    copy->name = copy_text(to, original->name);
    for (size_t i = 0; i < original->group_count; i++)
        copy->groups[i] = copy_text(to, original->groups[i]);
    return copy;
}

static struct roster_line *copy_items(struct scenario *to, const struct roster_line *items)
{
    struct roster_line *first = NULL, **end = &first;
    for (; items != NULL; items = items->next, end = &(*end)->next)
        *end = copy_item(to, items);
    return first;
}

struct blocked_line *copy_blocked(struct scenario *to, const struct blocked_line *blocked)
{
    struct blocked_line *first = NULL, **end = &first;
    for (; blocked != NULL; blocked = blocked->next, end = &(*end)->next) {
        *end = copy_value(to, blocked, sizeof **end);
        (*end)->jid = copy_text(to, blocked->jid);
    }
    return first;
}

struct account *copy_account(struct scenario *to, const struct account *original)
{
    struct account *copy = copy_value(to, original, sizeof *copy);
    copy->next = NULL;
    copy->jid = copy_text(to, original->jid);
    copy->local = copy_text(to, original->local);
    copy->domain = copy_text(to, original->domain);
    copy->password = copy_text(to, original->password);
    copy->status = copy_text(to, original->status);
    return copy;
}

static struct account *copy_accounts(struct scenario *to, const struct account *accounts)
{
    struct account *first = NULL, **end = &first;
    for (; accounts != NULL; accounts = accounts->next, end = &(*end)->next)
        *end = copy_account(to, accounts);
    return first;
}

static struct roster_head *copy_rosters(struct scenario *to, const struct roster_head *rosters)
{
    struct roster_head *first = NULL, **end = &first;
    for (; rosters != NULL; rosters = rosters->next, end = &(*end)->next) {
        struct roster_head *copy = *end = copy_value(to, rosters, sizeof *copy);
        copy->jid = copy_text(to, rosters->jid);
        copy->local = copy_text(to, rosters->local);
        copy->domain = copy_text(to, rosters->domain);
        copy->items = copy_items(to, rosters->items);
    }
    return first;
}

static struct blocklist_head *copy_blocklists(struct scenario *to, const struct blocklist_head *lists)
{
    struct blocklist_head *first = NULL, **end = &first;
    for (; lists != NULL; lists = lists->next, end = &(*end)->next) {
        struct blocklist_head *copy = *end = copy_value(to, lists, sizeof *copy);
        copy->jid = copy_text(to, lists->jid);
        copy->local = copy_text(to, lists->local);
        copy->domain = copy_text(to, lists->domain);
        copy->blocked = copy_blocked(to, lists->blocked);
    }
    return first;
}

static struct server_head *copy_servers(struct scenario *to, const struct server_head *servers)
{
    struct server_head *first = NULL, **end = &first;
    for (; servers != NULL; servers = servers->next, end = &(*end)->next) {
        struct server_head *copy = *end = copy_value(to, servers, sizeof *copy);
        copy->name = copy_text(to, servers->name);
        copy->settings = copy_settings(to, &servers->settings);
    }
    return first;
}

/* ---- Steps ---- */

static struct xml *copy_stanzas(const struct xml *stanzas)
{
    struct xml *first = NULL, **end = &first;
    for (; stanzas != NULL; stanzas = stanzas->next, end = &(*end)->next)
        *end = xml_copy(stanzas);
    return first;
}

static struct property *copy_properties(struct scenario *to, const struct property *properties)
{
    struct property *first = NULL, **end = &first;
    for (; properties != NULL; properties = properties->next, end = &(*end)->next) {
        *end = copy_value(to, properties, sizeof **end);
        (*end)->name = copy_text(to, properties->name);
        (*end)->value = copy_text(to, properties->value);
    }
    return first;
}

static struct step *copy_steps(struct scenario *to, const struct step *steps);

struct step *copy_step(struct scenario *to, const struct step *original)
{
    struct step *copy = copy_value(to, original, sizeof *copy);
    copy->next = NULL;
    copy->source = copy_text(to, original->source);
    copy->stanzas = copy_stanzas(original->stanzas);
    if (original->text != NULL && original->length == 0)
        copy->length = strlen(original->text);
    if (original->text != NULL)
        copy->text = keep_text(to, (struct slice){ original->text, copy->length });
    copy->property = copy_text(to, original->property);
    copy->mechanism = copy_text(to, original->mechanism);
    copy->user = copy_text(to, original->user);
    copy->password = copy_text(to, original->password);
    copy->condition = copy_text(to, original->condition);
    copy->properties = copy_properties(to, original->properties);
    copy->roster = copy_items(to, original->roster);
    copy->blocked = copy_blocked(to, original->blocked);
    copy->steps = copy_steps(to, original->steps);
    return copy;
}

static struct step *copy_steps(struct scenario *to, const struct step *steps)
{
    struct step *first = NULL, **end = &first;
    for (; steps != NULL; steps = steps->next, end = &(*end)->next)
        *end = copy_step(to, steps);
    return first;
}

/* ---- The whole ---- */

struct scenario *scenario_copy(const struct scenario *original)
{
    struct scenario *copy = must(calloc(1, sizeof *copy));
    *copy = *original;
    copy->memory = NULL;
    copy->path = copy_text(copy, original->path);
    copy->name = copy_text(copy, original->name);
    copy->title = copy_text(copy, original->title);
    copy->heading = copy_text(copy, original->heading);
    copy->tags = copy_tags(copy, original->tags);
    copy->cast = keep(copy, (original->cast_count + 1) * sizeof *copy->cast);
    for (size_t i = 0; i < original->cast_count; i++)
        copy->cast[i] = copy_character(copy, &original->cast[i]);
    copy->accounts = copy_accounts(copy, original->accounts);
    copy->rosters = copy_rosters(copy, original->rosters);
    copy->blocklists = copy_blocklists(copy, original->blocklists);
    copy->settings = copy_settings(copy, &original->settings);
    copy->server_name = copy_text(copy, original->server_name);
    copy->servers = copy_servers(copy, original->servers);
    copy->fails = copy_text(copy, original->fails);
    copy->steps = copy_steps(copy, original->steps);
    return copy;
}
