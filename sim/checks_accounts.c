#include "checks_rows.h"

#include "must.h"

#include <stdlib.h>
#include <string.h>

#define uthash_fatal(message) abort()
#include <uthash.h>

enum { BARE_JID_SIZE = 2048 };

struct watched_account {
    struct watched *first;
    UT_hash_handle hh;
    char bare_jid[];
};

/* The first client of an account, whose bare JID may be written in capitals; NULL when it has none. */
static const struct watched *clients_of(const struct checks *checks, const char *bare_jid)
{
    char key[BARE_JID_SIZE] = "";
    size_t length = 0;
    for (; bare_jid[length] != '\0' && length + 1 < sizeof key; length++) {
        char c = bare_jid[length];
        key[length] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    key[length] = '\0';
    const struct watched_account *account;
    HASH_FIND_STR(checks->accounts, key, account);
    return account != NULL ? account->first : NULL;
}

void accounts_add(struct checks *checks, struct watched *watched)
{
    char key[BARE_JID_SIZE] = "";
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

/* ---- Who is held ---- */

static bool somebody_hibernates(const struct core *core)
{
    const struct session *s = core != NULL ? inspect_first_session(core) : NULL;
    while (s != NULL && !session_look(s).hibernating)
        s = inspect_next_session(s);
    return s != NULL;
}

bool accounts_somebody_held(const struct checks *checks)
{
    for (size_t i = 0; i < checks->server_count; i++)
        if (somebody_hibernates(server_inspect(checks->servers[i])))
            return true;
    for (size_t i = 0; i < checks->client_count; i++)
        if (!net_transport_flows(checks->clients[i]->transport))
            return true;
    return false;
}

unsigned accounts_endings(void *host, const char *bare_jid)
{
    unsigned count = 0;
    for (const struct watched *w = clients_of(host, bare_jid); w != NULL; w = w->same_account)
        count += client_endings(w->client);
    return count;
}

bool accounts_held(void *host, const char *bare_jid)
{
    const struct checks *checks = host;
    if (!checks->somebody_is_held)
        return false;
    const struct server *server = server_of(checks, bare_jid);
    const struct core *core = server != NULL ? server_inspect(server) : NULL;
    const struct session *s = core != NULL ? inspect_first_resource(core, bare_jid) : NULL;
    for (; s != NULL; s = inspect_next_resource(s))
        if (session_look(s).hibernating)
            return true;
    for (const struct watched *w = clients_of(checks, bare_jid); w != NULL; w = w->same_account)
        if (!net_transport_flows(w->transport))
            return true;
    return false;
}
