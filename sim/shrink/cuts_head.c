#include "cuts.h"

#include "../language/scenario_edit.h"

#include <string.h>

/* ---- The cast ---- */

void cut_characters(struct scenario *scenario, struct cutter *cutter)
{
    for (size_t i = 0; i < scenario->cast_count;) {
        if (cut_here(cutter))
            scenario_remove_character(scenario, i);
        else
            i++;
    }
}

static void cut_line(const char **value, struct cutter *cutter)
{
    if (*value != NULL && cut_here(cutter))
        *value = NULL;
}

static void cut_switch(bool *value, struct cutter *cutter)
{
    if (*value && cut_here(cutter))
        *value = false;
}

static bool is_first_client(const struct scenario *scenario, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(scenario->cast[i].jid, scenario->cast[index].jid) == 0)
            return false;
    return true;
}

/* That of an account goes for all of its clients at once. */
static void cut_password(struct scenario *scenario, size_t index, struct cutter *cutter)
{
    const char *jid = scenario->cast[index].jid;
    bool given = scenario->cast[index].password[0] != '\0';
    if (!given || !is_first_client(scenario, index) || !cut_here(cutter))
        return;
    for (size_t i = index; i < scenario->cast_count; i++)
        if (strcmp(scenario->cast[i].jid, jid) == 0)
            scenario->cast[i].password = "";
    for (struct account *account = scenario->accounts; account != NULL; account = account->next)
        if (strcmp(account->jid, jid) == 0)
            account->password = "";
}

void cut_character_lines(struct scenario *scenario, struct cutter *cutter)
{
    for (size_t i = 0; i < scenario->cast_count; i++) {
        struct character *character = &scenario->cast[i];
        cut_password(scenario, i, cutter);
        cut_line(&character->mechanism, cutter);
        cut_line(&character->certificate, cutter);
        cut_line(&character->binding, cutter);
        cut_line(&character->resource, cutter);
        cut_switch(&character->no_account, cutter);
        cut_switch(&character->tls_always, cutter);
        cut_switch(&character->tls_never, cutter);
    }
}

/* ---- Servers ---- */

/* The second one takes its place. */
static void cut_first_server(struct scenario *scenario, struct cutter *cutter)
{
    struct server_head *next = scenario->servers;
    if (next == NULL || !cut_here(cutter))
        return;
    scenario->settings = next->settings;
    scenario->server_name = next->name;
    scenario->servers = next->next;
}

void cut_servers(struct scenario *scenario, struct cutter *cutter)
{
    cut_first_server(scenario, cutter);
    struct server_head **link = &scenario->servers;
    while (*link != NULL) {
        if (cut_here(cutter))
            *link = (*link)->next;
        else
            link = &(*link)->next;
    }
    if (scenario->servers == NULL)
        cut_line(&scenario->server_name, cutter);
}

/* A scenario's lists of hosts are its own, and can be written to. */
static void cut_list(const char *const *hosts, size_t *count, struct cutter *cutter)
{
    const char **list = (const char **)hosts;
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++)
        if (!cut_here(cutter))
            list[kept++] = list[i];
    *count = kept;
}

static void cut_hosts_of(struct core_settings *settings, struct cutter *cutter)
{
    cut_list(settings->hosts, &settings->host_count, cutter);
    cut_list(settings->anonymous_hosts, &settings->anonymous_host_count, cutter);
}

void cut_hosts(struct scenario *scenario, struct cutter *cutter)
{
    cut_hosts_of(&scenario->settings, cutter);
    for (struct server_head *server = scenario->servers; server != NULL; server = server->next)
        cut_hosts_of(&server->settings, cutter);
}

static void cut_settings_of(struct core_settings *settings, struct cutter *cutter)
{
    for (size_t i = 0; i < scenario_setting_count(); i++)
        if (!scenario_setting_is_usual(i, settings) && cut_here(cutter))
            scenario_setting_reset(i, settings);
}

void cut_settings(struct scenario *scenario, struct cutter *cutter)
{
    cut_settings_of(&scenario->settings, cutter);
    for (struct server_head *server = scenario->servers; server != NULL; server = server->next)
        cut_settings_of(&server->settings, cutter);
}

/* ---- Accounts ---- */

static bool is_of_the_cast(const struct scenario *scenario, const char *jid)
{
    for (size_t i = 0; i < scenario->cast_count; i++)
        if (strcmp(scenario->cast[i].jid, jid) == 0)
            return true;
    return false;
}

/* Of the cast's the status goes, which is all that stands there. */
void cut_accounts(struct scenario *scenario, struct cutter *cutter)
{
    struct account **link = &scenario->accounts;
    while (*link != NULL) {
        struct account *account = *link;
        if (cut_here(cutter)) {
            *link = account->next;
            if (!is_of_the_cast(scenario, account->jid))
                scenario_forget_lists(scenario, account->jid);
            continue;
        }
        link = &account->next;
    }
}

/* ---- Rosters and block lists ---- */

static void cut_items(struct roster_head *roster, struct cutter *cutter)
{
    struct roster_line **link = &roster->items;
    while (*link != NULL) {
        if (cut_here(cutter))
            *link = (*link)->next;
        else
            link = &(*link)->next;
    }
}

void cut_rosters(struct scenario *scenario, struct cutter *cutter)
{
    struct roster_head **link = &scenario->rosters;
    while (*link != NULL) {
        cut_items(*link, cutter);
        if ((*link)->items == NULL)
            *link = (*link)->next;
        else
            link = &(*link)->next;
    }
}

static void cut_item_details(struct roster_line *item, struct cutter *cutter)
{
    cut_switch(&item->ask, cutter);
    cut_switch(&item->pending, cutter);
    cut_switch(&item->approved, cutter);
    cut_line(&item->name, cutter);
    if (item->group_count > 0 && cut_here(cutter))
        item->group_count = 0;
}

void cut_roster_details(struct scenario *scenario, struct cutter *cutter)
{
    for (struct roster_head *roster = scenario->rosters; roster != NULL; roster = roster->next)
        for (struct roster_line *item = roster->items; item != NULL; item = item->next)
            cut_item_details(item, cutter);
}

static void cut_blocked(struct blocklist_head *list, struct cutter *cutter)
{
    struct blocked_line **link = &list->blocked;
    while (*link != NULL) {
        if (cut_here(cutter))
            *link = (*link)->next;
        else
            link = &(*link)->next;
    }
}

void cut_blocklists(struct scenario *scenario, struct cutter *cutter)
{
    struct blocklist_head **link = &scenario->blocklists;
    while (*link != NULL) {
        cut_blocked(*link, cutter);
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

void cut_tags(struct scenario *scenario, struct cutter *cutter)
{
    struct tag **link = &scenario->tags;
    while (*link != NULL) {
        if (is_tag(*link, "checks only") || !cut_here(cutter)) {
            link = &(*link)->next;
            continue;
        }
        *link = (*link)->next;
    }
    if (scenario_tag(scenario, "strict") == NULL)
        scenario->strict = false;
    if (scenario_tag(scenario, "fails") == NULL)
        scenario->fails = NULL;
}
