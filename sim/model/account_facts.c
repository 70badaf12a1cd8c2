#include "account_facts.h"

#include "../must.h"
#include "../text.h"

#include <stdlib.h>
#include <string.h>

uint64_t account_hash(const struct address *address)
{
    const struct span parts[] = { address->local, address->domain };
    uint64_t hash = UINT64_C(14695981039346656037);
    if (address->local.length == 0)
        return 0;
    for (size_t part = 0; part < 2; part++)
        for (size_t i = 0; i <= parts[part].length; i++) {
            unsigned char c = '@';
            if (i < parts[part].length)
                c = (unsigned char)text_small(parts[part].bytes[i]);
            if (c >= 0x80 || c == '&')
                return 0;
            hash = (hash ^ c) * UINT64_C(1099511628211);
        }
    return hash != 0 ? hash : 1;
}

static struct account_facts *look_up(const struct accounts *accounts, uint64_t hash)
{
    struct account_facts *account;
    HASH_FIND(hh, accounts->first, &hash, sizeof hash, account);
    return account;
}

struct account_facts *account_find(const struct accounts *accounts, uint64_t hash)
{
    struct account_facts *account = look_up(accounts, hash);
    return account != NULL && account->is_known ? account : NULL;
}

/* ---- Sessions ---- */

bool account_has_session(const struct accounts *accounts, uint64_t hash)
{
    const struct account_facts *account = look_up(accounts, hash);
    return account != NULL && account->session_count > 0;
}

static struct account_facts *add(struct accounts *accounts, uint64_t hash)
{
    struct account_facts *account = must(calloc(1, sizeof *account));
    account->jid = hash;
    account->messages.table = &accounts->messages;
    account->messages.account = account;
    HASH_ADD(hh, accounts->first, jid, sizeof account->jid, account);
    return account;
}

struct account_facts *account_named(struct accounts *accounts, struct session_facts *session)
{
    const struct address name = address_split((struct span){ session->full_jid, session->jid_length });
    const uint64_t hash = account_hash(&name);
    if (hash == 0)
        return NULL;
    struct account_facts *account = look_up(accounts, hash);
    if (account == NULL)
        account = add(accounts, hash);
    if (account->session_count == account->session_capacity) {
        account->session_capacity = account->session_capacity == 0 ? 4 : account->session_capacity * 2;
        account->sessions =
            must(realloc(account->sessions, account->session_capacity * sizeof(struct session_facts *)));
    }
    account->sessions[account->session_count++] = session;
    account->is_known = true;
    session->account = account;
    return account;
}

void account_ended(struct session_facts *session)
{
    struct account_facts *account = session->account;
    if (account == NULL)
        return;
    size_t i = 0;
    while (account->sessions[i] != session)
        i++;
    account->sessions[i] = account->sessions[--account->session_count];
    session->account = NULL;
}

/* ---- Blocking ---- */

void account_blocks(struct account_facts *account, const char *jid)
{
    if (account->blocked_count == account->blocked_capacity) {
        account->blocked_capacity = account->blocked_capacity == 0 ? 4 : account->blocked_capacity * 2;
        account->blocked = must(realloc(account->blocked, account->blocked_capacity * sizeof(char *)));
    }
    account->blocked[account->blocked_count++] = must(strdup(jid));
}

void account_provided(struct accounts *accounts, uint64_t hash, const char *jid)
{
    struct account_facts *account = look_up(accounts, hash);
    if (hash == 0)
        return;
    if (account == NULL)
        account = add(accounts, hash);
    account_blocks(account, jid);
}

void account_blocks_none(struct account_facts *account)
{
    while (account->blocked_count > 0)
        free(account->blocked[--account->blocked_count]);
}

bool address_may_match(const char *item, const struct address *jid)
{
    const struct address blocked = address_split((struct span){ item, strlen(item) });
    struct address compared = *jid;
    if (blocked.local.bytes == NULL)
        compared.local = blocked.local;
    if (blocked.resource.bytes == NULL)
        compared.resource = blocked.resource;
    return address_same(&blocked, &compared) != ALIKE_NO;
}

bool account_may_block(const struct account_facts *account, const struct address *jid)
{
    size_t i = 0;
    while (i < account->blocked_count && !address_may_match(account->blocked[i], jid))
        i++;
    return i < account->blocked_count;
}

/* ---- Messages ---- */

void account_list(struct accounts *accounts, struct account_facts *account)
{
    if (account->is_listed)
        return;
    account->is_listed = true;
    account->next_listed = accounts->listed;
    accounts->listed = account;
}

static void account_free(struct account_facts *account)
{
    for (struct message *message = account->messages.first; message != NULL; message = message->next)
        message_over(message);
    message_list_sweep(&account->messages);
    account_blocks_none(account);
    free(account->blocked);
    free(account->sessions);
    free(account);
}

void accounts_forget(struct accounts *accounts)
{
    struct account_facts *account = accounts->first;
    HASH_CLEAR(hh, accounts->first);
    while (account != NULL) {
        struct account_facts *next = account->hh.next;
        account_free(account);
        account = next;
    }
    *accounts = (struct accounts){ 0 };
}
