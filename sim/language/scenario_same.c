#include "scenario_same.h"

#include <string.h>

/* ---- Text and elements ---- */

/* Either may be NULL. */
static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool same_attributes(const struct xml_attribute *a, const struct xml_attribute *b)
{
    for (; a != NULL && b != NULL; a = a->next, b = b->next)
        if (!same_text(a->name, b->name) || !same_text(a->ns, b->ns) || !same_text(a->value, b->value))
            return false;
    return a == b;
}

/* The first node that is not white space beside elements, where that is ignored. */
static const struct xml *significant(const struct xml *parent, const struct xml *node, bool exact)
{
    while (!exact && node != NULL && node->text != NULL && xml_first_element(parent) != NULL &&
           node->text[strspn(node->text, " \t\r\n")] == '\0')
        node = node->next;
    return node;
}

static bool same_element(const struct xml *a, const struct xml *b, bool exact)
{
    if (!same_text(a->text, b->text))
        return false;
    if (a->text != NULL)
        return true;
    if (!same_text(a->name, b->name) || !same_text(a->ns, b->ns) ||
        !same_attributes(a->attributes, b->attributes))
        return false;
    const struct xml *x = significant(a, a->children, exact);
    const struct xml *y = significant(b, b->children, exact);
    while (x != NULL && y != NULL && same_element(x, y, exact)) {
        x = significant(a, x->next, exact);
        y = significant(b, y->next, exact);
    }
    return x == NULL && y == NULL;
}

static bool same_stanzas(const struct xml *a, const struct xml *b, bool exact)
{
    for (; a != NULL && b != NULL; a = a->next, b = b->next)
        if (!same_element(a, b, exact))
            return false;
    return a == b;
}

/* ---- Rosters and block lists ---- */

static bool same_item(const struct roster_line *a, const struct roster_line *b)
{
    if (!same_text(a->jid, b->jid) || !same_text(a->subscription, b->subscription) || a->ask != b->ask ||
        a->pending != b->pending || a->approved != b->approved || !same_text(a->name, b->name) ||
        a->group_count != b->group_count)
        return false;
    for (size_t i = 0; i < a->group_count; i++)
        if (!same_text(a->groups[i], b->groups[i]))
            return false;
    return true;
}

static bool same_items(const struct roster_line *a, const struct roster_line *b)
{
    for (; a != NULL && b != NULL; a = a->next, b = b->next)
        if (!same_item(a, b))
            return false;
    return a == b;
}

static bool same_jids(const struct blocked_line *a, const struct blocked_line *b)
{
    for (; a != NULL && b != NULL; a = a->next, b = b->next)
        if (!same_text(a->jid, b->jid))
            return false;
    return a == b;
}

static bool same_rosters(const struct roster_head *a, const struct roster_head *b)
{
    for (; a != NULL && b != NULL; a = a->next, b = b->next)
        if (!same_text(a->jid, b->jid) || !same_items(a->items, b->items))
            return false;
    return a == b;
}

static bool same_blocklists(const struct blocklist_head *a, const struct blocklist_head *b)
{
    for (; a != NULL && b != NULL; a = a->next, b = b->next)
        if (!same_text(a->jid, b->jid) || !same_jids(a->blocked, b->blocked))
            return false;
    return a == b;
}

/* ---- Steps ---- */

static bool same_properties(const struct property *a, const struct property *b)
{
    for (; a != NULL && b != NULL; a = a->next, b = b->next)
        if (!same_text(a->name, b->name) || !same_text(a->value, b->value))
            return false;
    return a == b;
}

/* The text may contain NULs. */
static bool same_bytes(const struct step *a, const struct step *b)
{
    if (a->text == NULL || b->text == NULL)
        return a->text == b->text && a->length == b->length;
    return a->length == b->length && memcmp(a->text, b->text, a->length + 1) == 0;
}

/* Without the steps below it. */
static bool same_step(const struct step *a, const struct step *b)
{
    return a->verb == b->verb && a->actor == b->actor && same_bytes(a, b) &&
           same_text(a->property, b->property) && same_text(a->mechanism, b->mechanism) &&
           same_text(a->user, b->user) && same_text(a->password, b->password) &&
           same_text(a->condition, b->condition) && a->span == b->span && a->number == b->number &&
           a->negated == b->negated && same_stanzas(a->stanzas, b->stanzas, a->verb == STEP_SENDS) &&
           same_properties(a->properties, b->properties) && same_items(a->roster, b->roster) &&
           same_jids(a->blocked, b->blocked);
}

static bool same_steps(const struct step *a, const struct step *b, int *line)
{
    for (; a != NULL && b != NULL; a = a->next, b = b->next) {
        *line = a->line;
        if (!same_step(a, b) || !same_steps(a->steps, b->steps, line))
            return false;
    }
    if (a != NULL)
        *line = a->line;
    return a == b;
}

/* ---- The head ---- */

static bool same_hosts(const char *const *a, size_t a_count, const char *const *b, size_t b_count)
{
    if (a_count != b_count)
        return false;
    for (size_t i = 0; i < a_count; i++)
        if (!same_text(a[i], b[i]))
            return false;
    return true;
}

static bool same_settings(const struct core_settings *a, const struct core_settings *b)
{
    return same_hosts(a->hosts, a->host_count, b->hosts, b->host_count) &&
           same_hosts(a->anonymous_hosts, a->anonymous_host_count, b->anonymous_hosts,
                      b->anonymous_host_count) &&
           a->conflict == b->conflict && a->delivery == b->delivery && a->mechanisms == b->mechanisms &&
           a->features == b->features && a->tls == b->tls && a->plain_without_tls == b->plain_without_tls &&
           a->iterations == b->iterations && a->salt_bytes == b->salt_bytes &&
           same_text(a->software, b->software) && same_text(a->software_version, b->software_version) &&
           a->tell_strangers == b->tell_strangers && a->iq_from_strangers == b->iq_from_strangers &&
           a->tell_last_presence == b->tell_last_presence &&
           memcmp(&a->limits, &b->limits, sizeof a->limits) == 0 && a->keepalive == b->keepalive &&
           a->idle_time == b->idle_time && a->ping_time == b->ping_time && a->resume_time == b->resume_time &&
           a->stream_management == b->stream_management && a->client_state == b->client_state &&
           a->ack_after == b->ack_after && a->ack_after_asleep == b->ack_after_asleep;
}

static bool same_servers(const struct scenario *a, const struct scenario *b)
{
    const struct server_head *x = a->servers;
    const struct server_head *y = b->servers;
    if (!same_text(a->server_name, b->server_name) || !same_settings(&a->settings, &b->settings))
        return false;
    for (; x != NULL && y != NULL; x = x->next, y = y->next)
        if (!same_text(x->name, y->name) || !same_settings(&x->settings, &y->settings))
            return false;
    return x == y;
}

static bool same_character(const struct character *a, const struct character *b)
{
    return same_text(a->name, b->name) && same_text(a->jid, b->jid) && same_text(a->local, b->local) &&
           same_text(a->domain, b->domain) && same_text(a->resource, b->resource) &&
           same_text(a->password, b->password) && same_text(a->mechanism, b->mechanism) &&
           a->no_account == b->no_account && a->tls_always == b->tls_always && a->tls_never == b->tls_never &&
           same_text(a->certificate, b->certificate) && same_text(a->binding, b->binding);
}

static bool same_cast(const struct scenario *a, const struct scenario *b, int *line)
{
    if (a->cast_count != b->cast_count)
        return false;
    for (size_t i = 0; i < a->cast_count; i++) {
        *line = a->cast[i].line;
        if (!same_character(&a->cast[i], &b->cast[i]))
            return false;
    }
    return true;
}

static bool same_accounts(const struct account *a, const struct account *b)
{
    for (; a != NULL && b != NULL; a = a->next, b = b->next)
        if (!same_text(a->jid, b->jid) || !same_text(a->local, b->local) ||
            !same_text(a->domain, b->domain) || !same_text(a->password, b->password) ||
            !same_text(a->status, b->status))
            return false;
    return a == b;
}

static bool same_tags(const struct scenario *a, const struct scenario *b)
{
    const struct tag *x = a->tags;
    const struct tag *y = b->tags;
    for (; x != NULL && y != NULL; x = x->next, y = y->next)
        if (!same_text(x->name, y->name) || !same_text(x->value, y->value))
            return false;
    return x == y && a->strict == b->strict && a->checks_only == b->checks_only && a->level == b->level &&
           same_text(a->fails, b->fails);
}

/* ---- All of it ---- */

static const char *first_difference(const struct scenario *a, const struct scenario *b, int *line)
{
    if (!same_text(a->title, b->title))
        return "the title";
    if (!same_tags(a, b))
        return "the tags";
    if (!same_servers(a, b))
        return "the settings of the servers";
    if (!same_cast(a, b, line))
        return "the cast";
    *line = 0;
    if (!same_accounts(a->accounts, b->accounts))
        return "the accounts";
    if (!same_rosters(a->rosters, b->rosters))
        return "the rosters";
    if (!same_blocklists(a->blocklists, b->blocklists))
        return "the block lists";
    return same_steps(a->steps, b->steps, line) ? NULL : "a step";
}

bool scenario_compare(const struct scenario *a, const struct scenario *b,
                      struct scenario_difference *difference)
{
    int line = 0;
    const char *what = first_difference(a, b, &line);
    if (what != NULL)
        *difference = (struct scenario_difference){ what, line };
    return what == NULL;
}

bool scenario_same(const struct scenario *a, const struct scenario *b)
{
    struct scenario_difference difference;
    return scenario_compare(a, b, &difference);
}

bool scenario_same_steps(const struct step *a, const struct step *b)
{
    int line;
    return same_steps(a, b, &line);
}
