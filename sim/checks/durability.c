#include "durability.h"

#include "../client/scram.h"
#include "../must.h"
#include "../text.h"
#include "../world/describe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define uthash_fatal(message) abort()
#include <uthash.h>

#define NS_ROSTER   "jabber:iq:roster"
#define NS_BLOCKING "urn:xmpp:blocking"
#define NS_REGISTER "jabber:iq:register"

enum kind { OF_ITEM, OF_BLOCK, OF_PASSWORD, OF_ACCOUNT, KINDS };

struct confirmed {
    const char *local, *domain; /* of the account; stored after the key */
    enum kind kind;
    const char *about; /* the JID of an item or a block; in the key */
    char *value;       /* the item or the password; NULL when removed */
    bool made;
    bool doubtful;    /* several requests about it were pending at the same time */
    bool unsettled;   /* a subscription, or a request about all JIDs, was pending at the same time */
    bool hopeless;    /* or a request that is held up: it is unknown which is the last */
    unsigned pending; /* pending requests about it */
    uint64_t asked;   /* disk changes when it was last found in storage */
    UT_hash_handle hh;
    char key[]; /* "local@domain KIND ABOUT", then "local" and "domain" */
};

/* One change that a request makes; a request may make several. */
struct request {
    struct request *next;
    const struct client *client;
    unsigned endings; /* connections of the client that had ended when it made the request */
    char *id;
    struct confirmed *confirmed;
    char *value;
};

bool account_name(struct account_name *name, const char *jid)
{
    const size_t bare = strcspn(jid, "/");
    const char *at = memchr(jid, '@', bare);
    const size_t local = at != NULL ? (size_t)(at - jid) : 0;
    if (local == 0 || local >= sizeof name->local || bare - local - 1 >= sizeof name->domain)
        return false;
    memcpy(name->local, jid, local);
    name->local[local] = '\0';
    memcpy(name->domain, at + 1, bare - local - 1);
    name->domain[bare - local - 1] = '\0';
    return true;
}

/* ---- Promises ---- */

static struct confirmed *find_or_add(struct durability *durability, const struct account_name *account,
                                     enum kind kind, const char *about)
{
    struct text text = { 0 };
    const char digit[] = { (char)('0' + kind), '\0' };
    text_string(&text, account->local);
    text_string(&text, "@");
    text_string(&text, account->domain);
    text_string(&text, " ");
    text_string(&text, digit);
    text_string(&text, " ");
    const size_t prefix = text.length;
    text_string(&text, about);
    struct confirmed *confirmed = NULL;
    HASH_FIND_STR(durability->first, text.bytes, confirmed);
    if (confirmed == NULL) {
        const size_t local = strlen(account->local) + 1, domain = strlen(account->domain) + 1;
        confirmed = must(calloc(1, sizeof *confirmed + text.length + 1 + local + domain));
        confirmed->kind = kind;
        memcpy(confirmed->key, text.bytes, text.length + 1);
        confirmed->about = confirmed->key + prefix;
        confirmed->local = memcpy(confirmed->key + text.length + 1, account->local, local);
        confirmed->domain = memcpy(confirmed->key + text.length + 1 + local, account->domain, domain);
        HASH_ADD_STR(durability->first, key, confirmed);
    }
    text_free(&text);
    return confirmed;
}

static char *copy_or_null(const char *string)
{
    return string != NULL ? must(strdup(string)) : NULL;
}

static void request_for(struct durability *durability, struct confirmed *confirmed,
                        const struct client *client, const char *id, const char *value)
{
    confirmed->made = false;
    confirmed->doubtful = confirmed->pending > 0;
    confirmed->pending++;
    struct request *request = must(calloc(1, sizeof *request));
    *request = (struct request){ durability->requests, client,    client_endings(client),
                                 must(strdup(id)),     confirmed, copy_or_null(value) };
    durability->requests = request;
}

static void request_free(struct request *request)
{
    free(request->id);
    free(request->value);
    free(request);
}

/* Removes a requested change from the list and frees it; if it was granted, it becomes a confirmed change. */
static void end_request(struct request **at, bool granted)
{
    struct request *request = *at;
    struct confirmed *confirmed = request->confirmed;
    *at = request->next;
    confirmed->pending--;
    if (granted && !confirmed->doubtful && !confirmed->unsettled && !confirmed->hopeless) {
        confirmed->made = true;
        confirmed->asked = 0;
        free(confirmed->value);
        confirmed->value = request->value;
        request->value = NULL;
    }
    request_free(request);
}

void durability_free(struct durability *durability)
{
    while (durability->requests != NULL)
        end_request(&durability->requests, false);
    struct confirmed *confirmed = durability->first;
    HASH_CLEAR(hh, durability->first);
    while (confirmed != NULL) {
        struct confirmed *next = confirmed->hh.next;
        free(confirmed->value);
        free(confirmed);
        confirmed = next;
    }
}

/* ---- What clients ask for ---- */

struct asking {
    struct durability *durability;
    const struct client *client;
    const char *id;
    struct account_name account;
    bool held_up;
};

/* The form in which an address is stored, as far as that is known without preparing it (RFC 7622, 3.2 and 3.3): in small
 * letters, and without a dot at its end.  The caller frees it; NULL for another address, and one with a resource. */
static char *stored_form(const char *jid)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789.-@";
    size_t length = jid != NULL ? strlen(jid) : 0;
    length -= length > 1 && jid[length - 1] == '.';
    char *form = length > 0 ? must(strndup(jid, length)) : NULL;
    for (size_t i = 0; i < length; i++)
        form[i] = text_small(form[i]);
    if (form != NULL && strspn(form, plain) == length)
        return form;
    free(form);
    return NULL;
}

static void ask_about(const struct asking *asking, enum kind kind, const char *about, const char *value)
{
    struct confirmed *confirmed = find_or_add(asking->durability, &asking->account, kind, about);
    request_for(asking->durability, confirmed, asking->client, asking->id, value);
    confirmed->unsettled = confirmed->unsettled || (kind == OF_BLOCK && asking->durability->unblocking);
}

/* An item of the account is changed to something that is not known. */
static void change_item(struct durability *durability, const struct account_name *account, const char *about,
                        bool held_up)
{
    struct confirmed *confirmed = find_or_add(durability, account, OF_ITEM, about);
    confirmed->made = false;
    confirmed->unsettled = true;
    confirmed->doubtful = confirmed->doubtful || confirmed->pending > 0;
    confirmed->hopeless = confirmed->hopeless || held_up;
}

/* The value has the address as it was written. */
static void ask_item(const struct asking *asking, const struct xml *query)
{
    const struct xml *item = xml_first_element(query);
    char *about = item != NULL && xml_next_element(item) == NULL ? stored_form(xml_get(item, "jid")) : NULL;
    if (about == NULL)
        return;
    const char *subscription = xml_get(item, "subscription");
    bool removes = subscription != NULL && strcmp(subscription, "remove") == 0;
    char *value = removes ? NULL : xml_print(item, XML_NS_CLIENT);
    if (strcmp(about, xml_get(item, "jid")) == 0)
        ask_about(asking, OF_ITEM, about, value);
    else
        change_item(asking->durability, &asking->account, about, asking->held_up);
    free(value);
    free(about);
}

static bool is_of(const struct confirmed *confirmed, const struct account_name *account)
{
    return strcmp(confirmed->local, account->local) == 0 && strcmp(confirmed->domain, account->domain) == 0;
}

/* While an unblock of all JIDs is pending, the final state of every JID is unknown, including JIDs that were
 * not blocked when it was requested. */
static const char everybody[] = "";

static void ask_block(const struct asking *asking, const struct xml *block)
{
    const struct confirmed *all = find_or_add(asking->durability, &asking->account, OF_BLOCK, everybody);
    for (const struct xml *item = xml_first_element(block); item != NULL; item = xml_next_element(item)) {
        char *about = stored_form(xml_get(item, "jid"));
        if (about == NULL)
            continue;
        ask_about(asking, OF_BLOCK, about, "blocked");
        struct confirmed *confirmed = find_or_add(asking->durability, &asking->account, OF_BLOCK, about);
        confirmed->doubtful = confirmed->doubtful || all->pending > 0;
        free(about);
    }
}

/* Without an item, it applies to all JIDs (XEP-0191, 3.5). */
static void ask_unblock(const struct asking *asking, const struct xml *unblock)
{
    const struct xml *item = xml_first_element(unblock);
    if (item == NULL)
        (void)find_or_add(asking->durability, &asking->account, OF_BLOCK, everybody);
    for (struct confirmed *p = item == NULL ? asking->durability->first : NULL; p != NULL; p = p->hh.next)
        if (p->kind == OF_BLOCK && is_of(p, &asking->account))
            request_for(asking->durability, p, asking->client, asking->id, NULL);
    asking->durability->unblocking = asking->durability->unblocking || item == NULL;
    for (; item != NULL; item = xml_next_element(item)) {
        char *about = stored_form(xml_get(item, "jid"));
        if (about != NULL)
            ask_about(asking, OF_BLOCK, about, NULL);
        free(about);
    }
}

static void ask_registration(const struct asking *asking, const struct xml *query)
{
    char text[1024];
    const struct xml *password = xml_child(query, "password", NS_REGISTER);
    if (password != NULL)
        ask_about(asking, OF_PASSWORD, "", xml_text(password, text, sizeof text));
    if (xml_child(query, "remove", NS_REGISTER) == NULL)
        return;
    /* Removing an account ends all confirmed changes of it. */
    for (struct confirmed *p = asking->durability->first; p != NULL; p = p->hh.next)
        if (is_of(p, &asking->account))
            request_for(asking->durability, p, asking->client, asking->id, NULL);
    ask_about(asking, OF_ACCOUNT, "", NULL);
}

static const struct request_kind {
    const char *name, *ns;
    void (*ask)(const struct asking *asking, const struct xml *child);
} request_kinds[] = {
    { "query", NS_ROSTER, ask_item },
    { "block", NS_BLOCKING, ask_block },
    { "unblock", NS_BLOCKING, ask_unblock },
    { "query", NS_REGISTER, ask_registration },
};

/* Whether an address is that of the account or of its server, or is absent. */
static bool is_own(const struct account_name *account, const char *jid)
{
    struct account_name name;
    if (jid == NULL || strcmp(jid, account->domain) == 0)
        return true;
    return strchr(jid, '/') == NULL && account_name(&name, jid) && strcmp(name.local, account->local) == 0 &&
           strcmp(name.domain, account->domain) == 0;
}

static bool is_type(const struct xml *stanza, const char *type)
{
    const char *actual = xml_get(stanza, "type");
    return actual != NULL && strcmp(actual, type) == 0;
}

/* A subscription creates or changes a roster item (RFC 6121, A.2): an earlier confirmed change of it no
 * longer holds. */
static void subscribed(struct durability *durability, const char *full_jid, const char *to, bool held_up)
{
    struct account_name account;
    char *bare = to != NULL ? must(strndup(to, strcspn(to, "/"))) : NULL;
    char *about = stored_form(bare);
    if (full_jid != NULL && about != NULL && account_name(&account, full_jid))
        change_item(durability, &account, about, held_up);
    free(about);
    free(bare);
}

/* The account of a client.  Requests sent before the client received its full JID are carried out too: it may
 * be bound without having read so. */
static bool account_of(struct account_name *account, const struct client *client)
{
    char bare[sizeof *account];
    const char *full_jid = client_full_jid(client);
    if (full_jid != NULL)
        return account_name(account, full_jid);
    client_account(client, bare, sizeof bare);
    return account_name(account, bare);
}

void durability_sent(struct durability *durability, const struct client *client, const struct xml *stanza,
                     bool held_up)
{
    const char *full_jid = client_full_jid(client);
    if (xml_is(stanza, "presence", XML_NS_CLIENT) && xml_get(stanza, "to") != NULL)
        subscribed(durability, full_jid, xml_get(stanza, "to"), held_up);
    struct asking asking = {
        .durability = durability, .client = client, .id = xml_get(stanza, "id"), .held_up = held_up
    };
    const struct xml *child = xml_first_element(stanza);
    if (!xml_is(stanza, "iq", XML_NS_CLIENT) || !is_type(stanza, "set") || asking.id == NULL ||
        child == NULL || !account_of(&asking.account, client) ||
        !is_own(&asking.account, xml_get(stanza, "to")))
        return;
    for (size_t i = 0; i < sizeof request_kinds / sizeof request_kinds[0]; i++)
        if (xml_is(child, request_kinds[i].name, request_kinds[i].ns))
            request_kinds[i].ask(&asking, child);
}

void durability_received(struct durability *durability, const struct client *client, const struct xml *stanza)
{
    struct account_name account;
    if (durability->requests == NULL || !xml_is(stanza, "iq", XML_NS_CLIENT))
        return;
    const char *full_jid = client_full_jid(client);
    const char *id = xml_get(stanza, "id");
    bool granted = is_type(stanza, "result");
    if (!(granted || is_type(stanza, "error")) || id == NULL || full_jid == NULL ||
        !account_name(&account, full_jid) || !is_own(&account, xml_get(stanza, "from")))
        return;
    for (struct request **at = &durability->requests; *at != NULL;) {
        if ((*at)->client == client && strcmp((*at)->id, id) == 0)
            end_request(at, granted);
        else
            at = &(*at)->next;
    }
}

void durability_quiet(struct durability *durability)
{
    for (struct request **at = &durability->requests; *at != NULL;) {
        const struct client *client = (*at)->client;
        if (client_endings(client) != (*at)->endings && client_state(client) == CLIENT_BOUND &&
            !client_counts(client).resumed)
            end_request(at, false);
        else
            at = &(*at)->next;
    }
    for (struct confirmed *confirmed = durability->first; confirmed != NULL; confirmed = confirmed->hh.next)
        confirmed->unsettled = false;
    durability->unblocking = false;
}

/* ---- What storage has ---- */

static const char *stored(const struct confirmed *confirmed, const struct disk *disk, enum core_store store,
                          const char *key)
{
    return disk_get(disk, confirmed->local, confirmed->domain, store, key);
}

static struct xml *parse(const char *xml)
{
    const char *problem;
    int line;
    return xml != NULL ? xml_fragment(xml, strlen(xml), &problem, &line) : NULL;
}

static bool has_group(const struct xml *item, const char *name)
{
    char text[4096];
    for (const struct xml *x = xml_first_element(item); x != NULL; x = xml_next_element(x))
        if (xml_is(x, "group", NS_ROSTER) && strcmp(xml_text(x, text, sizeof text), name) == 0)
            return true;
    return false;
}

/* Whether a stored item has the expected name and groups. */
static bool is_as_requested(const struct xml *wished, const struct xml *found)
{
    char text[4096];
    const char *name = xml_get(wished, "name");
    const char *found_name = xml_get(found, "name");
    if (name != NULL && *name != '\0' && (found_name == NULL || strcmp(name, found_name) != 0))
        return false;
    for (const struct xml *x = xml_first_element(wished); x != NULL; x = xml_next_element(x))
        if (xml_is(x, "group", NS_ROSTER) && !has_group(found, xml_text(x, text, sizeof text)))
            return false;
    return true;
}

static bool item_is_kept(const struct confirmed *confirmed, const struct disk *disk)
{
    struct xml *found = parse(stored(confirmed, disk, CORE_STORE_ROSTER, confirmed->about));
    struct xml *wished = parse(confirmed->value);
    bool there = found != NULL && xml_get(found, "hidden") == NULL;
    bool kept = wished != NULL ? there && is_as_requested(wished, found) : !there;
    xml_free(found);
    xml_free(wished);
    return kept;
}

static bool block_is_kept(const struct confirmed *confirmed, const struct disk *disk)
{
    return (stored(confirmed, disk, CORE_STORE_BLOCKLIST, confirmed->about) != NULL) ==
           (confirmed->value != NULL);
}

static bool password_is_kept(const struct confirmed *confirmed, const struct disk *disk)
{
    static const char mechanism[] = "SCRAM-SHA-256";
    const char *secret = stored(confirmed, disk, CORE_STORE_ACCOUNT, mechanism);
    return confirmed->value == NULL ||
           (secret != NULL && scram_is_secret_of(secret, mechanism, confirmed->value));
}

static size_t count_secrets(const struct confirmed *confirmed, const struct disk *disk)
{
    return disk_count(disk, confirmed->local, confirmed->domain, CORE_STORE_ACCOUNT);
}

static bool removal_is_kept(const struct confirmed *confirmed, const struct disk *disk)
{
    return count_secrets(confirmed, disk) == 0;
}

static const struct {
    const char *name;
    bool (*is_kept)(const struct confirmed *confirmed, const struct disk *disk);
} kinds[KINDS] = {
    [OF_ITEM] = { "roster item", item_is_kept },
    [OF_BLOCK] = { "block of", block_is_kept },
    [OF_PASSWORD] = { "password", password_is_kept },
    [OF_ACCOUNT] = { "account", removal_is_kept },
};

/* Nothing is stored for an account that does not exist, such as an anonymous user's. */
static bool is_kept(const struct confirmed *confirmed, const struct disk *disk)
{
    if (!confirmed->made || (confirmed->kind != OF_ACCOUNT && count_secrets(confirmed, disk) == 0))
        return true;
    return kinds[confirmed->kind].is_kept(confirmed, disk);
}

/* A number that grows with each change of the stores that confirmed changes are about. */
static uint64_t changes_so_far(const struct disk *disk)
{
    return 1 + disk_changes(disk, CORE_STORE_ROSTER) + disk_changes(disk, CORE_STORE_BLOCKLIST) +
           disk_changes(disk, CORE_STORE_ACCOUNT);
}

bool durability_kept(struct durability *durability, const struct disk *disk, durability_here is_here,
                     const void *host, char *detail, size_t size)
{
    const uint64_t changes = changes_so_far(disk);
    for (struct confirmed *p = durability->first; p != NULL; p = p->hh.next) {
        if (p->asked == changes || !is_here(host, p->domain))
            continue;
        p->asked = changes;
        if (is_kept(p, disk))
            continue;
        (void)snprintf(detail, size,
                       "the server confirmed to %s@%s that the %s%s%s is %s, but storage differs", p->local,
                       p->domain, kinds[p->kind].name, *p->about != '\0' ? " " : "", p->about,
                       p->value != NULL ? "saved" : "gone");
        return false;
    }
    return true;
}

/* ---- Described ---- */

void durability_describe(struct description *description, const struct durability *durability)
{
    for (const struct confirmed *confirmed = durability->first; confirmed != NULL;
         confirmed = confirmed->hh.next) {
        describe_named(description, "confirmed change", confirmed->key);
        describe_string(description, "value", confirmed->value);
        describe_word(description, confirmed->made, "made");
        describe_word(description, confirmed->doubtful, "doubtful");
        describe_word(description, confirmed->unsettled, "unsettled");
        describe_word(description, confirmed->hopeless, "hopeless");
        describe_count(description, "pending", confirmed->pending);
    }
    for (const struct request *request = durability->requests; request != NULL; request = request->next) {
        describe_named(description, "requested change", request->confirmed->key);
        describe_string(description, "of", client_name(request->client));
        describe_string(description, "request id", request->id);
        describe_string(description, "value", request->value);
        describe_count(description, "endings", request->endings);
    }
}
