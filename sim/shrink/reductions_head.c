#include "reductions.h"

#include "../language/scenario_edit.h"

#include <string.h>

/* ---- The cast ---- */

void reduce_characters(struct scenario *scenario, struct removal *removal)
{
    for (size_t i = 0; i < scenario->cast_count;) {
        if (removal_here(removal))
            scenario_remove_character(scenario, i);
        else
            i++;
    }
}

static void reduce_line(const char **value, struct removal *removal)
{
    if (*value != NULL && removal_here(removal))
        *value = NULL;
}

static void reduce_switch(bool *value, struct removal *removal)
{
    if (*value && removal_here(removal))
        *value = false;
}

static bool is_first_client(const struct scenario *scenario, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(scenario->cast[i].jid, scenario->cast[index].jid) == 0)
            return false;
    return true;
}

/* Removes the password of an account, from all its clients at once. */
static void reduce_password(struct scenario *scenario, size_t index, struct removal *removal)
{
    const char *jid = scenario->cast[index].jid;
    bool given = scenario->cast[index].password[0] != '\0';
    if (!given || !is_first_client(scenario, index) || !removal_here(removal))
        return;
    for (size_t i = index; i < scenario->cast_count; i++)
        if (strcmp(scenario->cast[i].jid, jid) == 0)
            scenario->cast[i].password = "";
    for (struct account *account = scenario->accounts; account != NULL; account = account->next)
        if (strcmp(account->jid, jid) == 0)
            account->password = "";
}

void reduce_character_lines(struct scenario *scenario, struct removal *removal)
{
    for (size_t i = 0; i < scenario->cast_count; i++) {
        struct character *character = &scenario->cast[i];
        reduce_password(scenario, i, removal);
        reduce_line(&character->mechanism, removal);
        reduce_line(&character->certificate, removal);
        reduce_line(&character->binding, removal);
        reduce_line(&character->resource, removal);
        reduce_switch(&character->no_account, removal);
        reduce_switch(&character->tls_always, removal);
        reduce_switch(&character->tls_never, removal);
    }
}

/* ---- Servers ---- */

/* The second server takes its place. */
static void reduce_first_server(struct scenario *scenario, struct removal *removal)
{
    struct server_head *next = scenario->servers;
    if (next == NULL || !removal_here(removal))
        return;
    scenario->settings = next->settings;
    scenario->server_name = next->name;
    scenario->servers = next->next;
}

void reduce_servers(struct scenario *scenario, struct removal *removal)
{
    reduce_first_server(scenario, removal);
    struct server_head **link = &scenario->servers;
    while (*link != NULL) {
        if (removal_here(removal))
            *link = (*link)->next;
        else
            link = &(*link)->next;
    }
    if (scenario->servers == NULL)
        reduce_line(&scenario->server_name, removal);
}

/* The lists of hosts belong to the scenario, so they may be changed. */
static void reduce_list(const char *const *hosts, size_t *count, struct removal *removal)
{
    const char **list = (const char **)hosts;
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++)
        if (!removal_here(removal))
            list[kept++] = list[i];
    *count = kept;
}

static void reduce_hosts_of(struct core_settings *settings, struct removal *removal)
{
    reduce_list(settings->hosts, &settings->host_count, removal);
    reduce_list(settings->anonymous_hosts, &settings->anonymous_host_count, removal);
}

void reduce_hosts(struct scenario *scenario, struct removal *removal)
{
    reduce_hosts_of(&scenario->settings, removal);
    for (struct server_head *server = scenario->servers; server != NULL; server = server->next)
        reduce_hosts_of(&server->settings, removal);
}

static void reduce_settings_of(struct core_settings *settings, struct removal *removal)
{
    for (size_t i = 0; i < scenario_setting_count(); i++)
        if (!scenario_setting_is_usual(i, settings) && removal_here(removal))
            scenario_setting_reset(i, settings);
}

void reduce_settings(struct scenario *scenario, struct removal *removal)
{
    reduce_settings_of(&scenario->settings, removal);
    for (struct server_head *server = scenario->servers; server != NULL; server = server->next)
        reduce_settings_of(&server->settings, removal);
}

/* ---- Accounts ---- */

static bool is_of_the_cast(const struct scenario *scenario, const char *jid)
{
    for (size_t i = 0; i < scenario->cast_count; i++)
        if (strcmp(scenario->cast[i].jid, jid) == 0)
            return true;
    return false;
}

/* For an account of the cast, only the status is removed, because nothing else is stored there. */
void reduce_accounts(struct scenario *scenario, struct removal *removal)
{
    struct account **link = &scenario->accounts;
    while (*link != NULL) {
        struct account *account = *link;
        if (removal_here(removal)) {
            *link = account->next;
            if (!is_of_the_cast(scenario, account->jid))
                scenario_forget_lists(scenario, account->jid);
            continue;
        }
        link = &account->next;
    }
}

/* ---- Rosters and block lists ---- */

static void reduce_items(struct roster_head *roster, struct removal *removal)
{
    struct roster_line **link = &roster->items;
    while (*link != NULL) {
        if (removal_here(removal))
            *link = (*link)->next;
        else
            link = &(*link)->next;
    }
}

void reduce_rosters(struct scenario *scenario, struct removal *removal)
{
    struct roster_head **link = &scenario->rosters;
    while (*link != NULL) {
        reduce_items(*link, removal);
        if ((*link)->items == NULL)
            *link = (*link)->next;
        else
            link = &(*link)->next;
    }
}

static void reduce_item_details(struct roster_line *item, struct removal *removal)
{
    reduce_switch(&item->ask, removal);
    reduce_switch(&item->pending, removal);
    reduce_switch(&item->approved, removal);
    reduce_line(&item->name, removal);
    if (item->group_count > 0 && removal_here(removal))
        item->group_count = 0;
}

void reduce_roster_details(struct scenario *scenario, struct removal *removal)
{
    for (struct roster_head *roster = scenario->rosters; roster != NULL; roster = roster->next)
        for (struct roster_line *item = roster->items; item != NULL; item = item->next)
            reduce_item_details(item, removal);
}

static void reduce_blocked(struct blocklist_head *list, struct removal *removal)
{
    struct blocked_line **link = &list->blocked;
    while (*link != NULL) {
        if (removal_here(removal))
            *link = (*link)->next;
        else
            link = &(*link)->next;
    }
}

void reduce_blocklists(struct scenario *scenario, struct removal *removal)
{
    struct blocklist_head **link = &scenario->blocklists;
    while (*link != NULL) {
        reduce_blocked(*link, removal);
        if ((*link)->blocked == NULL)
            *link = (*link)->next;
        else
            link = &(*link)->next;
    }
}

/* ---- Tags ---- */

static bool is_tag(const struct tag *tag, const char *name)
{
    return strcmp(tag->name, name) == 0;
}

void reduce_tags(struct scenario *scenario, struct removal *removal)
{
    struct tag **link = &scenario->tags;
    while (*link != NULL) {
        if (is_tag(*link, "checks only") || !removal_here(removal)) {
            link = &(*link)->next;
            continue;
        }
        *link = (*link)->next;
    }
    if (scenario_tag(scenario, "strict") == NULL)
        scenario->strict = false;
    if (scenario_tag(scenario, "fails") == NULL)
        scenario->fails = NULL;
    if (scenario_tag(scenario, "level") == NULL)
        scenario->level = LEVEL_UNSTATED;
}
