#include "../must.h"
#include "client_private.h"

#include <stdlib.h>
#include <string.h>

static void set_string(char **string, const char *value)
{
    char *copy = value != NULL ? must(strdup(value)) : NULL;
    free(*string);
    *string = copy;
}

/* Whether both are not NULL and equal. */
static bool agree(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* ---- Roster ---- */

static void contact_free(struct client_contact *contact)
{
    xml_free(contact->item);
    free(contact);
}

static void roster_clear(struct client_view *view)
{
    while (view->roster != NULL) {
        struct client_contact *contact = view->roster;
        view->roster = contact->next;
        contact_free(contact);
    }
}

/* The next roster item of a query, from a child on; NULL when there is none. */
static const struct xml *find_item(const struct xml *child)
{
    while (child != NULL && (!xml_is(child, "item", XML_NS_ROSTER) || xml_get(child, "jid") == NULL))
        child = xml_next_element(child);
    return child;
}

static const struct xml *first_item(const struct xml *query)
{
    return find_item(xml_first_element(query));
}

static const struct xml *next_item(const struct xml *item)
{
    return find_item(xml_next_element(item));
}

/* Adds or replaces a contact, and takes ownership of the item.  Without a subscription it is "none" (RFC
 * 6121, 2.1.2.5). */
static void contact_fill(struct client_contact *contact, struct xml *item)
{
    const char *subscription = xml_get(item, "subscription");
    const char *ask = xml_get(item, "ask");
    xml_free(contact->item);
    contact->item = item;
    contact->jid = xml_get(item, "jid");
    contact->name = xml_get(item, "name");
    contact->subscription = subscription == NULL ? "none" : subscription;
    contact->ask = agree(ask, "subscribe");
    contact->approved = agree(xml_get(item, "approved"), "true");
}

static struct client_contact *contact_new(struct xml *item)
{
    struct client_contact *contact = must(calloc(1, sizeof *contact));
    contact_fill(contact, item);
    return contact;
}

void client_view_roster_result(struct client_view *view, const struct xml *query)
{
    roster_clear(view);
    view->roster_changes++;
    set_string(&view->version, xml_get(query, "ver"));
    view->asked = true;
    view->has_roster = true;
    struct client_contact **tail = &view->roster;
    for (const struct xml *item = first_item(query); item != NULL; item = next_item(item)) {
        *tail = contact_new(xml_copy(item));
        tail = &(*tail)->next;
    }
}

void client_view_roster_get(struct client_view *view, const char *id, const char *version)
{
    view->asked = true;
    set_string(&view->get_id, version != NULL ? id : NULL);
    set_string(&view->get_version, version);
}

void client_view_roster_unchanged(struct client_view *view, const char *id)
{
    if (!agree(view->get_id, id))
        return;
    if (agree(view->get_version, view->version))
        view->has_roster = true;
    view->roster_changes++;
    set_string(&view->get_id, NULL);
}

static void roster_change(struct client_view *view, const struct xml *item)
{
    struct client_contact **at = &view->roster;
    while (*at != NULL && strcmp((*at)->jid, xml_get(item, "jid")) != 0)
        at = &(*at)->next;
    struct client_contact *contact = *at;
    const char *subscription = xml_get(item, "subscription");
    if (subscription == NULL || strcmp(subscription, "remove") != 0) {
        if (contact == NULL)
            *at = contact_new(xml_copy(item));
        else
            contact_fill(contact, xml_copy(item));
        return;
    }
    if (contact == NULL)
        return;
    *at = contact->next;
    contact_free(contact);
}

void client_view_roster_push(struct client_view *view, const struct xml *query)
{
    if (!view->has_roster && view->version != NULL)
        return; /* the roster is that of the last session */
    if (view->has_roster)
        set_string(&view->version, xml_get(query, "ver"));
    view->roster_changes++;
    for (const struct xml *item = first_item(query); item != NULL; item = next_item(item))
        roster_change(view, item);
}

/* ---- Who is online ---- */

static void online_add(struct client_view *view, const char *full_jid)
{
    struct client_online **at = &view->online;
    while (*at != NULL && strcmp((*at)->jid, full_jid) != 0)
        at = &(*at)->next;
    if (*at != NULL)
        return;
    size_t size = strlen(full_jid) + 1;
    struct client_online *online = must(malloc(sizeof *online + size));
    online->next = NULL;
    online->jid = memcpy(online + 1, full_jid, size);
    *at = online;
}

/* Whether unavailable presence from `jid` applies to `full_jid`: a bare JID stands for all its resources. */
static bool speaks_for(const char *jid, const char *full_jid)
{
    size_t length = strlen(jid);
    if (strncmp(jid, full_jid, length) != 0)
        return false;
    return full_jid[length] == '\0' || (full_jid[length] == '/' && strchr(jid, '/') == NULL);
}

static void online_remove(struct client_view *view, const char *jid)
{
    struct client_online **at = &view->online;
    while (*at != NULL) {
        struct client_online *online = *at;
        if (!speaks_for(jid, online->jid)) {
            at = &online->next;
            continue;
        }
        *at = online->next;
        free(online);
    }
}

void client_view_presence(struct client_view *view, const struct xml *presence)
{
    const char *from = xml_get(presence, "from");
    const char *type = xml_get(presence, "type");
    if (from == NULL)
        return;
    if (type == NULL && strchr(from, '/') != NULL)
        online_add(view, from);
    if (type != NULL && strcmp(type, "unavailable") == 0)
        online_remove(view, from);
}

void client_view_forget_online(struct client_view *view)
{
    while (view->online != NULL) {
        struct client_online *online = view->online;
        view->online = online->next;
        free(online);
    }
}

/* A roster without a version is not kept for the next session. */
void client_view_clear(struct client_view *view)
{
    client_view_forget_online(view);
    if (!view->has_roster || view->version == NULL) {
        roster_clear(view);
        set_string(&view->version, NULL);
    }
    set_string(&view->get_id, NULL);
    set_string(&view->get_version, NULL);
    view->asked = false;
    view->has_roster = false;
}

void client_view_free(struct client_view *view)
{
    view->has_roster = false;
    client_view_clear(view);
}

/* ---- What is known ---- */

bool client_has_roster(const struct client *client)
{
    return client->view.has_roster;
}

bool client_asked_roster(const struct client *client)
{
    return client->view.asked;
}

const struct client_contact *client_roster(const struct client *client)
{
    return client->view.roster;
}

uint64_t client_roster_changes(const struct client *client)
{
    return client->view.roster_changes;
}

const char *client_roster_version(const struct client *client)
{
    return client->view.version;
}

const struct client_online *client_online(const struct client *client)
{
    return client->view.online;
}

bool client_sees(const struct client *client, const char *full_jid)
{
    const struct client_online *online = client->view.online;
    while (online != NULL && strcmp(online->jid, full_jid) != 0)
        online = online->next;
    return online != NULL;
}
