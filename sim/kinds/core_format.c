#include "core_format.h"

#include "../client/scram.h"
#include "../text.h"
#include "../xml/xml.h"

#include <stdlib.h>
#include <string.h>

static void put_account(const struct provision *account, unsigned iterations, core_format_put put, void *host)
{
    static const char *const mechanisms[] = { "SCRAM-SHA-256", "SCRAM-SHA-1" };
    for (size_t i = 0; i < sizeof mechanisms / sizeof mechanisms[0]; i++) {
        char *secret = scram_secret(mechanisms[i], account->password, account->username, iterations);
        put(host, account->username, account->domain, CORE_STORE_ACCOUNT, mechanisms[i], secret);
        free(secret);
    }
    if (account->status != NULL)
        put(host, account->username, account->domain, CORE_STORE_ACCOUNT, "status", account->status);
}

static void append_attribute(struct text *text, const char *name, const char *value)
{
    char *escaped = xml_escape(value);
    text_string(text, " ");
    text_string(text, name);
    text_string(text, "='");
    text_string(text, escaped);
    text_string(text, "'");
    free(escaped);
}

static void append_groups(struct text *text, const struct provision *contact)
{
    for (size_t i = 0; i < contact->group_count; i++) {
        char *group = xml_escape(contact->groups[i]);
        text_string(text, "<group>");
        text_string(text, group);
        text_string(text, "</group>");
        free(group);
    }
}

/* The request of a contact, which is not answered yet. */
static void append_request(struct text *text, const struct provision *contact)
{
    struct text owner = { 0 };
    text_string(&owner, contact->username);
    text_string(&owner, "@");
    text_string(&owner, contact->domain);
    text_string(text, "<presence xmlns='jabber:client' type='subscribe'");
    append_attribute(text, "from", contact->jid);
    append_attribute(text, "to", owner.bytes);
    text_string(text, "/>");
    text_free(&owner);
}

/* An item that exists only because of a request (RFC 6121, 3.1.3). */
static bool is_hidden(const struct provision *contact)
{
    return contact->pending && strcmp(contact->subscription, "none") == 0 && !contact->ask &&
           !contact->approved && contact->name == NULL && contact->group_count == 0;
}

static char *write_item(const struct provision *contact)
{
    struct text text = { 0 };
    text_string(&text, "<item xmlns='jabber:iq:roster'");
    append_attribute(&text, "jid", contact->jid);
    append_attribute(&text, "subscription", contact->subscription);
    if (contact->ask)
        append_attribute(&text, "ask", "subscribe");
    if (contact->approved)
        append_attribute(&text, "approved", "true");
    if (contact->name != NULL)
        append_attribute(&text, "name", contact->name);
    if (is_hidden(contact))
        append_attribute(&text, "hidden", "true");
    text_string(&text, ">");
    append_groups(&text, contact);
    if (contact->pending)
        append_request(&text, contact);
    text_string(&text, "</item>");
    return text_take(&text);
}

static void put_contact(const struct provision *contact, core_format_put put, void *host)
{
    char *item = write_item(contact);
    put(host, contact->username, contact->domain, CORE_STORE_ROSTER, contact->jid, item);
    free(item);
}

void core_format_provide(const struct provision *provision, unsigned iterations, core_format_put put,
                         void *host)
{
    switch (provision->what) {
    case PROVIDE_ACCOUNT:
        put_account(provision, iterations, put, host);
        break;
    case PROVIDE_CONTACT:
        put_contact(provision, put, host);
        break;
    case PROVIDE_BLOCKED:
        put(host, provision->username, provision->domain, CORE_STORE_BLOCKLIST, provision->jid,
            "<item xmlns='urn:xmpp:blocking'/>");
        break;
    }
}
