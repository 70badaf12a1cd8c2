#include "accounts.h"

#include "../../must.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#define NS_REGISTER "jabber:iq:register"
#define NS_ROSTER   "jabber:iq:roster"
#define NS_BLOCKING "urn:xmpp:blocking"

enum { REST_MS = 3000, SILENCE_MS = 100 };

/* ---- What is told ---- */

/* The fields of one message; borrowed. */
struct fields {
    const char *username, *host, *password, *status, *jid, *subscription, *name;
    bool ask, pending, approved;
    struct text groups; /* as elements; owned */
};

static void add_escaped(struct text *out, const char *before, const char *value, const char *after)
{
    char *escaped = xml_escape(value);
    text_string(out, before);
    text_string(out, escaped);
    text_string(out, after);
    free(escaped);
}

static void take_field(struct fields *fields, const char *name, const char *value)
{
    const struct {
        const char *name;
        const char **field;
    } strings[] = { { "username", &fields->username }, { "host", &fields->host },
                    { "password", &fields->password }, { "status", &fields->status },
                    { "jid", &fields->jid },           { "subscription", &fields->subscription },
                    { "name", &fields->name } };
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++)
        if (strcmp(strings[i].name, name) == 0)
            *strings[i].field = value;
    fields->ask = fields->ask || strcmp(name, "ask") == 0;
    fields->pending = fields->pending || strcmp(name, "pending") == 0;
    fields->approved = fields->approved || strcmp(name, "approved") == 0;
    if (strcmp(name, "group") == 0)
        add_escaped(&fields->groups, "<group>", value, "</group>");
}

/* Cuts the lines, which are changed. */
static bool read_fields(char *lines, struct fields *fields)
{
    *fields = (struct fields){ .password = "" };
    while (*lines != '\0') {
        char *tab = strchr(lines, '\t');
        char *end = strchr(lines, '\n');
        if (tab == NULL || end == NULL || tab > end)
            return false;
        *tab = *end = '\0';
        take_field(fields, lines, tab + 1);
        lines = end + 1;
    }
    return fields->username != NULL && fields->host != NULL;
}

static struct account *account_of(struct accounts *accounts, const char *username, const char *host)
{
    struct account **at = &accounts->first;
    while (*at != NULL && (strcmp((*at)->username, username) != 0 || strcmp((*at)->host, host) != 0))
        at = &(*at)->next;
    if (*at == NULL) {
        *at = must(calloc(1, sizeof **at));
        (*at)->username = must(strdup(username));
        (*at)->host = must(strdup(host));
    }
    return *at;
}

static void take_account(struct account *account, const struct fields *fields)
{
    free(account->password);
    account->password = must(strdup(fields->password));
    account->has_status = account->has_status || fields->status != NULL;
}

static unsigned directions_of(const char *subscription)
{
    const bool both = strcmp(subscription, "both") == 0;
    return (both || strcmp(subscription, "to") == 0 ? ACCOUNT_TO : 0) |
           (both || strcmp(subscription, "from") == 0 ? ACCOUNT_FROM : 0);
}

static void take_contact(struct account *account, const struct fields *fields)
{
    struct account_contact **at = &account->contacts;
    struct text item = { 0 };
    while (*at != NULL)
        at = &(*at)->next;
    add_escaped(&item, "<item jid='", fields->jid, "'");
    if (fields->name != NULL)
        add_escaped(&item, " name='", fields->name, "'");
    text_string(&item, ">");
    text_append(&item, fields->groups.bytes, fields->groups.length);
    text_string(&item, "</item>");
    *at = must(calloc(1, sizeof **at));
    **at = (struct account_contact){ .jid = must(strdup(fields->jid)),
                                     .subscription = directions_of(fields->subscription),
                                     .ask = fields->ask,
                                     .pending = fields->pending,
                                     .approved = fields->approved,
                                     .is_plain = fields->name == NULL && fields->groups.length == 0,
                                     .item = text_take(&item) };
}

static void take_blocked(struct account *account, const struct fields *fields)
{
    struct account_blocked **at = &account->blocked;
    while (*at != NULL)
        at = &(*at)->next;
    *at = must(calloc(1, sizeof **at));
    (*at)->jid = must(strdup(fields->jid));
}

bool accounts_take(struct accounts *accounts, const char *word, const char *lines, size_t length)
{
    struct fields fields;
    char *copy = must(strndup(lines, length));
    const bool is_account = strcmp(word, "account") == 0;
    const bool is_contact = strcmp(word, "contact") == 0;
    const bool good = read_fields(copy, &fields) && (is_account || fields.jid != NULL) &&
                      (!is_contact || fields.subscription != NULL);
    struct account *account = good ? account_of(accounts, fields.username, fields.host) : NULL;
    if (good && is_account)
        take_account(account, &fields);
    else if (good && is_contact)
        take_contact(account, &fields);
    else if (good)
        take_blocked(account, &fields);
    text_free(&fields.groups);
    free(copy);
    return good;
}

/* ---- Whether it can be ---- */

static bool is_of(const struct account *account, const char *jid)
{
    const size_t length = strlen(account->username);
    return strncmp(jid, account->username, length) == 0 && jid[length] == '@' &&
           strcmp(jid + length + 1, account->host) == 0;
}

static struct account *account_with(const struct accounts *accounts, const char *jid)
{
    struct account *account = accounts->first;
    while (account != NULL && !is_of(account, jid))
        account = account->next;
    return account;
}

static const struct account_contact *contact_of(const struct account *account, const struct account *other)
{
    const struct account_contact *contact = account->contacts;
    while (contact != NULL && !is_of(other, contact->jid))
        contact = contact->next;
    return contact;
}

static unsigned mirrored(unsigned subscription)
{
    return ((subscription & ACCOUNT_TO) != 0 ? ACCOUNT_FROM : 0) |
           ((subscription & ACCOUNT_FROM) != 0 ? ACCOUNT_TO : 0);
}

static bool is_mirrored(const struct account_contact *one, const struct account_contact *other)
{
    const struct account_contact none = { 0 };
    if (other == NULL)
        other = &none;
    return one->subscription == mirrored(other->subscription) && one->ask == other->pending &&
           one->pending == other->ask;
}

static bool contact_can_be(const struct accounts *accounts, const struct account *account,
                           const struct account_contact *contact, char why[256])
{
    const struct account *other = account_with(accounts, contact->jid);
    if (contact->subscription == 0 && !contact->ask && !contact->pending)
        return true;
    if (other == account || other == NULL || other->password == NULL) {
        (void)snprintf(why, 256, "only accounts of the scenario can have a subscription, or ask for one");
        return false;
    }
    if (!is_mirrored(contact, contact_of(other, account))) {
        (void)snprintf(why, 256, "the rosters do not agree, as those that clients make do");
        return false;
    }
    return true;
}

bool accounts_can_be(const struct accounts *accounts, char why[256])
{
    for (const struct account *account = accounts->first; account != NULL; account = account->next) {
        const bool has_data = account->contacts != NULL || account->blocked != NULL;
        if (account->has_status || (account->password == NULL && has_data)) {
            (void)snprintf(why, 256, "there must be an account, and it must be neither disabled nor expired");
            return false;
        }
        for (const struct account_contact *c = account->contacts; c != NULL; c = c->next)
            if (!contact_can_be(accounts, account, c, why))
                return false;
    }
    return true;
}

/* ---- Making it ---- */

static bool register_account(struct account *account, const struct tcp_address *address, char why[256])
{
    struct session *session = session_open(address, account->host, why);
    struct text query = { 0 };
    add_escaped(&query, "<query xmlns='" NS_REGISTER "'><username>", account->username, "</username>");
    add_escaped(&query, "<password>", account->password, "</password></query>");
    account->is_made = session != NULL && session_do(session, "set", "", query.bytes, why);
    session_close(session);
    text_free(&query);
    return account->is_made;
}

static bool log_in(struct account *account, const struct tcp_address *address, char why[256])
{
    account->session = session_open(address, account->host, why);
    return account->session != NULL &&
           session_login(account->session, account->username, account->password, why);
}

static bool needs_session(const struct account *account)
{
    return account->contacts != NULL || account->blocked != NULL;
}

/* An item that is only a subscription comes about with it. */
static bool set_roster(struct account *account, char why[256])
{
    for (const struct account_contact *contact = account->contacts; contact != NULL;
         contact = contact->next) {
        struct text query = { 0 };
        const bool comes_about = contact->is_plain && (contact->subscription != 0 || contact->ask ||
                                                       contact->pending || contact->approved);
        text_string(&query, "<query xmlns='" NS_ROSTER "'>");
        text_string(&query, contact->item);
        text_string(&query, "</query>");
        const bool done = comes_about || session_do(account->session, "set", "", query.bytes, why);
        text_free(&query);
        if (!done)
            return false;
    }
    return true;
}

static bool set_blocked(struct account *account, char why[256])
{
    struct text block = { 0 };
    if (account->blocked == NULL)
        return true;
    text_string(&block, "<block xmlns='" NS_BLOCKING "'>");
    for (const struct account_blocked *blocked = account->blocked; blocked != NULL; blocked = blocked->next)
        add_escaped(&block, "<item jid='", blocked->jid, "'/>");
    text_string(&block, "</block>");
    const bool done = session_do(account->session, "set", "", block.bytes, why);
    text_free(&block);
    return done;
}

/* Waits until the server has done what was sent: until it sleeps, or for a while where that cannot be seen. */
static void let_rest(const struct quiet *quiet)
{
    if (quiet->count == 0)
        (void)poll(NULL, 0, SILENCE_MS);
    else
        (void)quiet_await(quiet, REST_MS);
}

static void send_presence(const struct account *account, const char *type, const char *to)
{
    struct text presence = { 0 };
    text_string(&presence, "<presence type='");
    text_string(&presence, type);
    add_escaped(&presence, "' to='", to, "'/>");
    session_send(account->session, presence.bytes);
    text_free(&presence);
}

/* What the account sends to a contact, of one kind at a time: first all that is asked for, then what is granted. */
enum stage { ASKS, GRANTS, APPROVES, STAGES };

static bool is_due(const struct account_contact *contact, enum stage stage)
{
    switch (stage) {
    case ASKS:
        return (contact->subscription & ACCOUNT_TO) != 0 || contact->ask;
    case GRANTS:
        return (contact->subscription & ACCOUNT_FROM) != 0;
    case APPROVES:
        return contact->approved;
    default:
        return false;
    }
}

static void subscribe(const struct accounts *accounts, const struct quiet *quiet, enum stage stage)
{
    for (const struct account *account = accounts->first; account != NULL; account = account->next) {
        for (const struct account_contact *contact = account->contacts; contact != NULL;
             contact = contact->next) {
            if (!is_due(contact, stage))
                continue;
            send_presence(account, stage == ASKS ? "subscribe" : "subscribed", contact->jid);
            let_rest(quiet);
        }
    }
}

static bool provide(struct accounts *accounts, const struct tcp_address *address, const struct quiet *quiet,
                    char why[256])
{
    for (struct account *account = accounts->first; account != NULL; account = account->next)
        if (account->password != NULL && !register_account(account, address, why))
            return false;
    for (struct account *account = accounts->first; account != NULL; account = account->next)
        if (needs_session(account) && !(log_in(account, address, why) && set_roster(account, why)))
            return false;
    for (enum stage stage = ASKS; stage < STAGES; stage++)
        subscribe(accounts, quiet, stage);
    for (struct account *account = accounts->first; account != NULL; account = account->next)
        if (!set_blocked(account, why))
            return false;
    return true;
}

bool accounts_make(struct accounts *accounts, const struct tcp_address *address, const struct quiet *quiet,
                   char why[256])
{
    const bool made = provide(accounts, address, quiet, why);
    for (struct account *account = accounts->first; account != NULL; account = account->next) {
        session_close(account->session);
        account->session = NULL;
    }
    return made;
}

/* ---- The end ---- */

static bool unregister(struct account *account, const struct tcp_address *address, char why[256])
{
    struct session *session = session_open(address, account->host, why);
    const bool done = session != NULL && session_login(session, account->username, account->password, why) &&
                      session_do(session, "set", "", "<query xmlns='" NS_REGISTER "'><remove/></query>", why);
    session_close(session);
    account->is_made = account->is_made && !done;
    return done;
}

/* Where the login fails, the account may be gone: then it can be made again, and be removed. */
static bool is_removed(struct account *account, const struct tcp_address *address, char why[256])
{
    char other[256];
    return unregister(account, address, why) ||
           (register_account(account, address, other) && unregister(account, address, why));
}

bool accounts_remove(struct accounts *accounts, const struct tcp_address *address, char why[256])
{
    bool done = true;
    for (struct account *account = accounts->first; account != NULL; account = account->next)
        if (account->is_made)
            done = is_removed(account, address, why) && done;
    return done;
}

static void free_account(struct account *account)
{
    for (struct account_contact *contact = account->contacts, *next; contact != NULL; contact = next) {
        next = contact->next;
        free(contact->jid);
        free(contact->item);
        free(contact);
    }
    for (struct account_blocked *blocked = account->blocked, *next; blocked != NULL; blocked = next) {
        next = blocked->next;
        free(blocked->jid);
        free(blocked);
    }
    free(account->username);
    free(account->host);
    free(account->password);
    free(account);
}

void accounts_free(struct accounts *accounts)
{
    while (accounts->first != NULL) {
        struct account *account = accounts->first;
        accounts->first = account->next;
        free_account(account);
    }
}
