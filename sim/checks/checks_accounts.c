#include "checks_accounts.h"

#include "../text.h"

#include "../must.h"

#include <stdlib.h>
#include <string.h>

#define uthash_fatal(message) abort()
#include <uthash.h>

struct watched_account {
    struct watched *first;
    UT_hash_handle hh;
    char bare_jid[];
};

/* The JID may be in upper case. */
struct watched *accounts_first(const struct checks *checks, const char *jid)
{
    char key[BARE_JID_SIZE];
    size_t length = 0;
    for (; jid[length] != '\0' && jid[length] != '/'; length++) {
        if (length == sizeof key)
            return NULL;
        key[length] = text_small(jid[length]);
    }
    const struct watched_account *account;
    HASH_FIND(hh, checks->accounts, key, length, account);
    const char *domain = memchr(key, '@', length);
    if (account == NULL && domain != NULL) /* the server names anonymous users; here they have no name */
        HASH_FIND(hh, checks->accounts, domain, length - (size_t)(domain - key), account);
    return account != NULL ? account->first : NULL;
}

void accounts_add(struct checks *checks, struct watched *watched)
{
    char key[BARE_JID_SIZE];
    client_account(watched->client, key, sizeof key);
    struct watched_account *account;
    HASH_FIND_STR(checks->accounts, key, account);
    if (account == NULL) {
        size_t size = strlen(key) + 1;
        account = must(calloc(1, sizeof *account + size));
        memcpy(account->bare_jid, key, size);
        HASH_ADD_STR(checks->accounts, bare_jid, account);
    }
    watched->same_account = account->first;
    account->first = watched;
}

void accounts_free(struct checks *checks)
{
    struct watched_account *account = checks->accounts;
    HASH_CLEAR(hh, checks->accounts);
    while (account != NULL) {
        struct watched_account *next = account->hh.next;
        free(account);
        account = next;
    }
}

/* ---- Questions about an account, for messages ---- */

bool accounts_somebody_held(const struct checks *checks)
{
    size_t bound = 0;
    size_t attended = 0;
    for (size_t i = 0; i < checks->server_count; i++) {
        const struct core *core = server_inspect(checks->servers[i]);
        bound += core != NULL ? inspect_counts(core).full_jids : 0;
    }
    for (size_t i = 0; i < checks->client_count; i++) {
        const struct watched *w = checks->clients[i];
        const struct session *session = watched_session(w);
        if (!net_transport_flows(w->transport) || net_transport_half_alive(w->transport) > 0)
            return true;
        attended += session != NULL && session_is_connected(session);
    }
    return bound != attended;
}

unsigned accounts_endings(void *host, const char *bare_jid)
{
    unsigned count = 0;
    for (const struct watched *w = accounts_first(host, bare_jid); w != NULL; w = w->same_account)
        count += watched_endings(w);
    return count;
}

unsigned accounts_endings_before(void *host, const char *bare_jid)
{
    unsigned count = 0;
    for (const struct watched *w = accounts_first(host, bare_jid); w != NULL; w = w->same_account)
        count += w->endings;
    return count;
}

/* Whether a client of the account is at the other end of a session's connection; false when that client is
 * gone. */
static bool is_watched(const struct checks *checks, const struct session *session, const char *bare_jid)
{
    const struct watched *w = accounts_first(checks, bare_jid);
    while (w != NULL && watched_session(w) != session)
        w = w->same_account;
    return w != NULL;
}

/* The sessions of the account, if the server supports inspection; NULL for none. */
static const struct session *first_session_of(const struct checks *checks, const char *bare_jid)
{
    const struct server *server = server_of(checks, bare_jid);
    const struct core *core = server != NULL ? server_inspect(server) : NULL;
    return core != NULL ? inspect_first_resource(core, bare_jid) : NULL;
}

bool accounts_held(void *host, const char *bare_jid)
{
    const struct checks *checks = host;
    if (!checks->somebody_is_held)
        return false;
    const struct session *s = first_session_of(checks, bare_jid);
    for (; s != NULL; s = inspect_next_resource(s))
        if (!is_watched(checks, s, bare_jid))
            return true;
    for (const struct watched *w = accounts_first(checks, bare_jid); w != NULL; w = w->same_account)
        if (!net_transport_flows(w->transport) || net_transport_half_alive(w->transport) > 0)
            return true;
    return false;
}

bool accounts_haunted(void *host, const char *bare_jid)
{
    const struct checks *checks = host;
    if (!checks->somebody_is_held)
        return false;
    const struct session *s = first_session_of(checks, bare_jid);
    for (; s != NULL; s = inspect_next_resource(s)) {
        struct session_view view = session_look(s);
        if (!view.managed && !view.hibernating && !is_watched(checks, s, bare_jid))
            return true;
    }
    return false;
}

bool accounts_apart(void *host, const char *one, const char *other)
{
    const struct checks *checks = host;
    return blocks_ever(&checks->blocks, one, other) || blocks_ever(&checks->blocks, other, one);
}

bool accounts_hushed(void *host, const char *jid)
{
    const struct server *server = server_of(host, jid);
    const struct core *core = server != NULL ? server_inspect(server) : NULL;
    return core != NULL && !inspect_settings(core)->tell_strangers;
}

bool accounts_lost(void *host, const char *jid, const char *other)
{
    const struct server *a = server_of(host, jid);
    const struct server *b = server_of(host, other);
    return a != NULL && a != b && server_lost_touch(a, b);
}

bool accounts_present(void *host, const char *bare_jid)
{
    for (const struct watched *w = accounts_first(host, bare_jid); w != NULL; w = w->same_account)
        if (w->transport->link != NULL)
            return true;
    return false;
}

uint64_t accounts_stirs(void *host)
{
    return ((const struct checks *)host)->stirs;
}

bool accounts_forgotten(void *host)
{
    return memory_ran_out(host);
}
