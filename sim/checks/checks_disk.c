#include "checks_rows.h"

#include <stdlib.h>
#include <string.h>

/* ---- Roster versions ----
 * A roster is stored together with its version (core.h), so what a client has under the version that is
 * stored is what is stored; and no client has a later one. */

static struct xml *parse(const char *xml)
{
    const char *problem;
    int line;
    return xml_fragment(xml, strlen(xml), &problem, &line);
}

/* Without a version, every item counts as one change. */
static uint64_t stored_version(const struct disk *disk, const char *local, const char *domain)
{
    const char *entry = disk_get(disk, local, domain, CORE_STORE_ROSTER, "");
    struct xml *query = entry != NULL ? parse(entry) : NULL;
    const char *version = query != NULL ? xml_get(query, "ver") : NULL;
    uint64_t number =
        version != NULL ? strtoull(version, NULL, 10) : disk_count(disk, local, domain, CORE_STORE_ROSTER);
    xml_free(query);
    return number;
}

static bool says(const struct xml *item, const char *attribute, const char *value)
{
    const char *actual = xml_get(item, attribute);
    return actual != NULL && strcmp(actual, value) == 0;
}

static bool same_contact(const struct client_contact *contact, const struct xml *item)
{
    const char *subscription = xml_get(item, "subscription");
    return strcmp(contact->subscription, subscription != NULL ? subscription : "none") == 0 &&
           contact->ask == says(item, "ask", "subscribe") &&
           contact->approved == says(item, "approved", "true") &&
           same_string(contact->name, xml_get(item, "name"));
}

static bool contact_is_stored(const struct finding *f, const struct client *client,
                              const struct client_contact *contact, const char *entry)
{
    struct xml *item = entry != NULL ? parse(entry) : NULL;
    bool same = item != NULL && same_contact(contact, item);
    xml_free(item);
    if (same)
        return true;
    return found(f, "%s has version %s of its roster, with %s as '%s'%s; so it is not in storage",
                 client_name(client), client_roster_version(client), contact->jid, contact->subscription,
                 contact->ask ? ", ask" : "");
}

/* A number that grows with each change of the client's roster, or of any account's stored roster on this
 * server. */
static uint64_t changes_so_far(const struct watched *w)
{
    const struct disk *disk = server_disk(w->server);
    return 1 + client_roster_changes(w->client) + disk_changes(disk, CORE_STORE_ROSTER) +
           disk_changes(disk, CORE_STORE_ACCOUNT);
}

static bool roster_is_stored(const struct finding *f, const struct client *client)
{
    struct account_name account;
    const char *full_jid = client_full_jid(client);
    const struct disk *disk = server_disk(f->checks->server);
    const char *version = client_roster_version(client);
    if (full_jid == NULL || !client_has_roster(client) || version == NULL ||
        !account_name(&account, full_jid) ||
        disk_count(disk, account.local, account.domain, CORE_STORE_ACCOUNT) == 0)
        return true;
    const uint64_t had = strtoull(version, NULL, 10),
                   stored = stored_version(disk, account.local, account.domain);
    if (had > stored)
        return found(f, "%s has version %s of its roster, but storage has version %llu", client_name(client),
                     version, (unsigned long long)stored);
    const struct client_contact *contact = had == stored ? client_roster(client) : NULL;
    for (; contact != NULL; contact = contact->next)
        if (!contact_is_stored(
                f, client, contact,
                disk_get(disk, account.local, account.domain, CORE_STORE_ROSTER, contact->jid)))
            return false;
    return true;
}

/* ---- The cache ---- */

static bool account_is_stored(const struct finding *f, const struct inspect_cached *cached)
{
    const struct disk *disk = server_disk(f->checks->server);
    if (disk_count(disk, cached->username, cached->host, CORE_STORE_ACCOUNT) == 0)
        return found(f, "%s@%s is in the cache, but there is no such account", cached->username,
                     cached->host);
    if (cached->roster == NULL)
        return true;
    const uint64_t has = inspect_roster_revision(cached->roster),
                   stored = stored_version(disk, cached->username, cached->host);
    if (has == stored)
        return true;
    return found(f, "the cache has version %llu of the roster of %s@%s, but storage has version %llu",
                 (unsigned long long)has, cached->username, cached->host, (unsigned long long)stored);
}

bool the_cache_is_what_is_stored(const struct finding *f)
{
    const struct core *core = server_inspect(f->checks->server);
    if (core == NULL)
        return true;
    const struct core_limits *limits = &inspect_settings(core)->limits;
    const struct inspect_counts counts = inspect_counts(core);
    if (counts.cached_accounts > limits->cached_accounts || counts.cached_bytes > limits->cached_bytes)
        return found(f, "%zu accounts of %zu bytes are in the cache", counts.cached_accounts,
                     counts.cached_bytes);
    for (const struct user *user = inspect_first_cached(core); user != NULL;
         user = inspect_next_cached(user)) {
        const struct inspect_cached cached = inspect_cached(user);
        if (!account_is_stored(f, &cached))
            return false;
    }
    return true;
}

/* ---- Confirmed changes ---- */

static bool is_here(const void *host, const char *domain)
{
    return server_serves(host, domain);
}

bool what_was_told_is_stored(const struct finding *f)
{
    struct checks *checks = f->checks;
    for (size_t i = 0; i < checks->client_count; i++) {
        struct watched *w = checks->clients[i];
        if (w->server != checks->server)
            continue;
        const uint64_t changes = changes_so_far(w);
        if (w->roster_asked == changes)
            continue;
        if (!roster_is_stored(f, w->client))
            return false;
        w->roster_asked = changes;
    }
    return durability_kept(&checks->durability, server_disk(checks->server), is_here, checks->server,
                           f->detail, f->size);
}
