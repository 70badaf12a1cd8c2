#include "record_private.h"

#include <stdlib.h>

/* ---- Hosts ---- */

static bool is_host(const struct scenario *scenario, const char *domain)
{
    for (size_t i = 0; i < scenario->settings.host_count; i++)
        if (strcmp(scenario->settings.hosts[i], domain) == 0)
            return true;
    return false;
}

/* As the parser adds them: those of the cast, in its order.  Other accounts are on the same. */
static void fill_hosts(struct record *record, struct scenario *scenario)
{
    const char **hosts = record_keep(record, (scenario->cast_count + 1) * sizeof *hosts);
    scenario->settings.hosts = hosts;
    scenario->settings.host_count = 0;
    for (size_t i = 0; i < scenario->cast_count; i++)
        if (!is_host(scenario, scenario->cast[i].domain))
            hosts[scenario->settings.host_count++] = scenario->cast[i].domain;
}

/* ---- Looking up ---- */

static struct roster_head *find_roster(struct scenario *scenario, const char *jid)
{
    struct roster_head *roster = scenario->rosters;
    while (roster != NULL && strcmp(roster->jid, jid) != 0)
        roster = roster->next;
    return roster;
}

static bool has_account(const struct scenario *scenario, const char *jid)
{
    for (size_t i = 0; i < scenario->cast_count; i++)
        if (strcmp(scenario->cast[i].jid, jid) == 0)
            return true;
    const struct account *account = scenario->accounts;
    while (account != NULL && strcmp(account->jid, jid) != 0)
        account = account->next;
    return account != NULL;
}

/* Whether the head can have it as a bare JID. */
static bool is_bare_jid(struct record *record, const char *jid)
{
    const char *at = strchr(jid, '@');
    const char *local = at != NULL ? record_bytes(record, jid, (size_t)(at - jid)) : NULL;
    return is_part_of_jid(at != NULL ? at + 1 : jid) && (local == NULL || is_part_of_jid(local));
}

/* "local@domain" with a host of the server; false for any other address. */
static bool split(struct record *record, const struct scenario *scenario, const char *jid, const char **local,
                  const char **domain)
{
    const char *at = strchr(jid, '@');
    if (at == NULL || at == jid || strchr(jid, '/') != NULL || !is_host(scenario, at + 1))
        return false;
    *local = record_bytes(record, jid, (size_t)(at - jid));
    *domain = record_string(record, at + 1);
    return true;
}

/* ---- Rosters ---- */

static struct roster_head *add_roster(struct record *record, struct scenario *scenario, const char *jid,
                                      const char *local, const char *domain)
{
    struct roster_head *roster = record_keep(record, sizeof *roster), **tail = &scenario->rosters;
    while (*tail != NULL)
        tail = &(*tail)->next;
    *roster = (struct roster_head){ .jid = jid, .local = local, .domain = domain };
    *tail = roster;
    return roster;
}

static struct roster_line *add_line(struct record *record, struct roster_head *roster, const char *jid,
                                    const char *subscription)
{
    struct roster_line *line = record_keep(record, sizeof *line), **tail = &roster->items;
    while (*tail != NULL)
        tail = &(*tail)->next;
    *line = (struct roster_line){ .jid = jid, .subscription = subscription };
    *tail = line;
    return line;
}

static const char *subscription_of(const struct xml *item)
{
    static const char *const known[] = { "none", "to", "from", "both" };
    const char *subscription = xml_get(item, "subscription");
    for (size_t i = 0; subscription != NULL && i < sizeof known / sizeof known[0]; i++)
        if (strcmp(subscription, known[i]) == 0)
            return known[i];
    return subscription == NULL ? "none" : NULL;
}

static void add_groups(struct record *record, struct roster_line *line, const struct xml *item)
{
    enum { MOST = sizeof line->groups / sizeof line->groups[0] };
    for (const struct xml *group = xml_first_element(item); group != NULL; group = xml_next_element(group))
        if (line->group_count < MOST && group->children != NULL && group->children->text != NULL)
            line->groups[line->group_count++] = record_string(record, group->children->text);
}

static void add_item(struct record *record, struct roster_head *roster, const struct xml *item)
{
    const char *jid = xml_get(item, "jid"), *subscription = subscription_of(item);
    const char *ask = xml_get(item, "ask"), *approved = xml_get(item, "approved"),
               *name = xml_get(item, "name");
    if (jid == NULL || subscription == NULL || !is_bare_jid(record, jid))
        return;
    struct roster_line *line = add_line(record, roster, record_string(record, jid), subscription);
    line->ask = ask != NULL && strcmp(ask, "subscribe") == 0;
    line->approved = approved != NULL && strcmp(approved, "true") == 0;
    line->name = name != NULL && name[0] != '\0' ? record_string(record, name) : NULL;
    add_groups(record, line, item);
}

/* The roster in a passage, or NULL: the answer to a request for it (RFC 6121, 2.1.4). */
static const struct xml *roster_in(const struct passage *passage)
{
    if (passage->kind != PASSAGE_ELEMENT || passage->by_client ||
        !xml_is(passage->element, "iq", XML_NS_CLIENT))
        return NULL;
    const char *type = xml_get(passage->element, "type");
    return type != NULL && strcmp(type, "result") == 0 ? xml_child(passage->element, "query", NS_ROSTER)
                                                       : NULL;
}

/* The first roster that each account got. */
static void add_seen(struct record *record, struct scenario *scenario)
{
    for (size_t i = 0; i < record->count; i++) {
        const struct passage *passage = &record->passages[i];
        const struct xml *query = roster_in(passage);
        const struct character *owner = &scenario->cast[record->connections[passage->connection]->role];
        if (query == NULL || find_roster(scenario, owner->jid) != NULL)
            continue;
        struct roster_head *roster = add_roster(record, scenario, owner->jid, owner->local, owner->domain);
        for (const struct xml *item = xml_first_element(query); item != NULL; item = xml_next_element(item))
            add_item(record, roster, item);
    }
}

/* ---- The other side of a subscription ---- */

static const char *seen_from_there(const char *subscription)
{
    if (strcmp(subscription, "to") == 0)
        return "from";
    return strcmp(subscription, "from") == 0 ? "to" : subscription;
}

static void add_account(struct record *record, struct scenario *scenario, const struct roster_head *of)
{
    struct account *account = record_keep(record, sizeof *account), **tail = &scenario->accounts;
    while (*tail != NULL)
        tail = &(*tail)->next;
    *account = (struct account){ .jid = of->jid, .local = of->local, .domain = of->domain, .password = "" };
    *tail = account;
}

/* Whether one of the first rosters is the account's: those that were seen. */
static bool was_seen(const struct scenario *scenario, const char *jid, size_t seen)
{
    const struct roster_head *roster = scenario->rosters;
    for (size_t i = 0; i < seen; i++, roster = roster->next)
        if (strcmp(roster->jid, jid) == 0)
            return true;
    return false;
}

/* A contact on the same server has an account, and a roster that agrees, if its own was not seen. */
static void mirror(struct record *record, struct scenario *scenario, const struct roster_head *owner,
                   const struct roster_line *line, size_t seen)
{
    struct roster_head contact = { .jid = line->jid };
    if (!split(record, scenario, line->jid, &contact.local, &contact.domain))
        return;
    if (!has_account(scenario, line->jid))
        add_account(record, scenario, &contact);
    const bool is_nothing = strcmp(line->subscription, "none") == 0 && !line->ask;
    if (was_seen(scenario, line->jid, seen) || is_nothing)
        return;
    struct roster_head *roster = find_roster(scenario, line->jid);
    if (roster == NULL)
        roster = add_roster(record, scenario, line->jid, contact.local, contact.domain);
    add_line(record, roster, owner->jid, seen_from_there(line->subscription))->pending = line->ask;
}

static void add_mirrored(struct record *record, struct scenario *scenario)
{
    size_t seen = 0;
    for (const struct roster_head *roster = scenario->rosters; roster != NULL; roster = roster->next)
        seen++;
    const struct roster_head *owner = scenario->rosters;
    for (size_t i = 0; i < seen; i++, owner = owner->next)
        for (const struct roster_line *line = owner->items; line != NULL; line = line->next)
            mirror(record, scenario, owner, line, seen);
}

/* An empty roster needs no section. */
static void drop_empty(struct scenario *scenario)
{
    for (struct roster_head **at = &scenario->rosters; *at != NULL;)
        if ((*at)->items == NULL)
            *at = (*at)->next;
        else
            at = &(*at)->next;
}

void rosters_fill(struct record *record, struct scenario *scenario)
{
    fill_hosts(record, scenario);
    add_seen(record, scenario);
    add_mirrored(record, scenario);
    drop_empty(scenario);
}
