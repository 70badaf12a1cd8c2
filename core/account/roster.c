#include "account/roster.h"

#include "base/description.h"
#include "base/jid.h"

#include <assert.h>
#include <string.h>

/* ---- Items ---- */

/* FNV-1a, to compare most JIDs by a number only. */
static uint32_t hash_jid(const char *jid)
{
    uint32_t hash = 2166136261u;
    for (; *jid != '\0'; jid++)
        hash = (hash ^ (unsigned char)*jid) * 16777619u;
    return hash;
}

static void free_groups(const struct core_memory *memory, struct roster_item *item)
{
    for (size_t i = 0; i < item->group_count; i++)
        memory_free(memory, item->groups[i]);
    memory_free(memory, item->groups);
    item->groups = NULL;
    item->group_count = 0;
}

static void item_free(const struct core_memory *memory, struct roster_item *item)
{
    if (item == NULL)
        return;
    free_groups(memory, item);
    memory_free(memory, item->jid);
    memory_free(memory, item->name);
    memory_free(memory, item->request);
    memory_free(memory, item);
}

static struct roster_item *item_new(const struct core_memory *memory, const char *jid)
{
    struct roster_item *item = memory_new(memory, sizeof *item);
    if (item == NULL)
        return NULL;
    item->jid = memory_copy_string(memory, jid);
    if (item->jid == NULL) {
        item_free(memory, item);
        return NULL;
    }
    item->hash = hash_jid(jid);
    item->hidden = true;
    return item;
}

static bool set_groups(const struct core_memory *memory, struct roster_item *item, const char *const *groups,
                       size_t count)
{
    free_groups(memory, item);
    if (count == 0)
        return true;
    item->groups = memory_new(memory, count * sizeof *item->groups);
    if (item->groups == NULL)
        return false;
    for (; item->group_count < count; item->group_count++) {
        char *copy = memory_copy_string(memory, groups[item->group_count]);
        if (copy == NULL)
            return false;
        item->groups[item->group_count] = copy;
    }
    return true;
}

static bool set_string(const struct core_memory *memory, char **string, const char *value)
{
    memory_free(memory, *string);
    *string = memory_copy_string(memory, value);
    return value == NULL || *string != NULL;
}

static struct roster_item *item_copy(const struct core_memory *memory, const struct roster_item *original)
{
    struct roster_item *copy = item_new(memory, original->jid);
    if (copy == NULL)
        return NULL;
    copy->hidden = original->hidden;
    copy->approved = original->approved;
    copy->state = original->state;
    if (set_string(memory, &copy->name, original->name) &&
        set_string(memory, &copy->request, original->request) &&
        set_groups(memory, copy, (const char *const *)original->groups, original->group_count))
        return copy;
    item_free(memory, copy);
    return NULL;
}

const struct roster_item *roster_after(const struct roster *roster, uint64_t number)
{
    size_t low = 0, high = roster->count; /* items before `low` have a lower or equal number, items from
                                             `high` on a higher */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (roster->items[middle]->number > number)
            high = middle;
        else
            low = middle + 1;
    }
    return low < roster->count ? roster->items[low] : NULL;
}

const char *roster_subscription(const struct roster_item *item)
{
    if (item->state.to)
        return item->state.from ? "both" : "to";
    return item->state.from ? "from" : "none";
}

/* ---- Rosters ---- */

struct roster *roster_new(const struct core_memory *memory)
{
    struct roster *roster = memory_new(memory, sizeof *roster);
    if (roster != NULL)
        roster->memory = memory;
    return roster;
}

void roster_free(struct roster *roster)
{
    if (roster == NULL)
        return;
    for (size_t i = 0; i < roster->count; i++)
        item_free(roster->memory, roster->items[i]);
    memory_free(roster->memory, roster->items);
    memory_free(roster->memory, roster);
}

/* ---- Sizes ---- */

/* The most bytes that a text takes, as an attribute value or as character data. */
static size_t written_length(const char *text)
{
    enum { LONGEST_ESCAPE = sizeof "&apos;" - 1 };
    size_t length = 0;
    for (; text != NULL && *text != '\0'; text++)
        length += strchr("&<>'\t\n\r", *text) != NULL ? LONGEST_ESCAPE : 1;
    return length;
}

static size_t memory_of(const struct roster_item *item)
{
    enum { ITEM = 128, GROUP = 32 }; /* with what the allocator needs for each block */
    if (item == NULL)
        return 0;
    size_t bytes = ITEM + strlen(item->jid);
    bytes += item->name != NULL ? strlen(item->name) : 0;
    bytes += item->request != NULL ? strlen(item->request) : 0;
    for (size_t i = 0; i < item->group_count; i++)
        bytes += GROUP + strlen(item->groups[i]);
    return bytes;
}

/* A hidden item has no bytes in what clients receive. */
static struct roster_weight weigh(const struct roster_item *item)
{
    enum {
        ITEM = sizeof "<item jid='' subscription='none' ask='subscribe' approved='true' name=''></item>" - 1,
        GROUP = sizeof "<group></group>" - 1
    };
    struct roster_weight weight = { .memory = memory_of(item) };
    if (item != NULL && item->request != NULL)
        weight.requests = strlen(item->request);
    if (item == NULL || item->hidden)
        return weight;
    weight.shown = ITEM + written_length(item->jid) + written_length(item->name);
    for (size_t i = 0; i < item->group_count; i++)
        weight.shown += GROUP + written_length(item->groups[i]);
    return weight;
}

static void add_weight(struct roster *roster, const struct roster_item *item)
{
    struct roster_weight weight = weigh(item);
    roster->weight.shown += weight.shown;
    roster->weight.requests += weight.requests;
    roster->weight.memory += weight.memory;
}

static void take_weight(struct roster *roster, const struct roster_item *item)
{
    struct roster_weight weight = weigh(item);
    roster->weight.shown -= weight.shown;
    roster->weight.requests -= weight.requests;
    roster->weight.memory -= weight.memory;
}

/* The index of the contact's item, or the count when there is none. */
static size_t find_index(const struct roster *roster, const char *jid)
{
    uint32_t hash = hash_jid(jid);
    size_t i = 0;
    while (i < roster->count && (roster->items[i]->hash != hash || strcmp(roster->items[i]->jid, jid) != 0))
        i++;
    return i;
}

struct roster_item *roster_find(const struct roster *roster, const char *jid)
{
    size_t index = find_index(roster, jid);
    return index < roster->count ? roster->items[index] : NULL;
}

/* Makes room for one more item. */
static bool reserve(struct roster *roster)
{
    if (roster->count < roster->capacity)
        return true;
    size_t capacity = roster->capacity == 0 ? 4 : roster->capacity * 2;
    struct roster_item **items =
        roster->memory->realloc(roster->items, capacity * sizeof(struct roster_item *));
    if (items == NULL)
        return false;
    roster->items = items;
    roster->capacity = capacity;
    return true;
}

/* ---- Reading and writing ---- */

static bool equals(const char *value, const char *expected)
{
    return value != NULL && strcmp(value, expected) == 0;
}

static bool read_groups(const struct core_memory *memory, struct roster_item *item, struct stanza *stored,
                        const struct element *element)
{
    size_t count = 0;
    for (struct element *c = element_first_child(element); c != NULL; c = element_next_sibling(c))
        count += strcmp(c->name, "group") == 0;
    if (count == 0)
        return true;
    const char **groups = arena_alloc(&stored->arena, count * sizeof *groups);
    if (groups == NULL)
        return false;
    size_t at = 0;
    for (struct element *c = element_first_child(element); c != NULL; c = element_next_sibling(c))
        if (strcmp(c->name, "group") == 0 && (groups[at++] = element_text(stored, c)) == NULL)
            return false;
    return set_groups(memory, item, groups, count);
}

static bool read_request(const struct core_memory *memory, struct roster_item *item,
                         const struct element *element)
{
    const struct element *presence = element_child(element, "presence", NS_CLIENT);
    if (presence == NULL || item->state.from)
        return true;
    struct buffer xml;
    buffer_init(&xml, memory);
    element_write(&xml, presence, "");
    if (!xml.failed)
        item->request = memory_copy(memory, xml.bytes, xml.length);
    buffer_free(&xml);
    item->state.pending_in = item->request != NULL;
    return item->request != NULL;
}

/* Whether a text is a contact's JID: a prepared bare JID. */
static bool is_contact(const char *text)
{
    struct jid jid;
    return jid_parse_string(&jid, text) && strcmp(jid.bare, text) == 0;
}

static void append(struct roster *roster, struct roster_item *item)
{
    assert(roster->count < roster->capacity);
    item->number = ++roster->last_number;
    roster->items[roster->count++] = item;
}

static bool read_item(struct roster *roster, struct stanza *stored, const struct element *element)
{
    const char *jid = element_get(element, "jid");
    if (jid == NULL)
        return false;
    if (!is_contact(jid))
        return true; /* ignored: nothing could be sent to it */
    if (!reserve(roster))
        return false;
    struct roster_item *item = item_new(roster->memory, jid);
    if (item == NULL)
        return false;
    append(roster, item);
    const char *subscription = element_get(element, "subscription");
    item->state.to = equals(subscription, "to") || equals(subscription, "both");
    item->state.from = equals(subscription, "from") || equals(subscription, "both");
    /* A granted subscription is no longer pending: Appendix A.1 has no such state. */
    item->state.pending_out = !item->state.to && equals(element_get(element, "ask"), "subscribe");
    item->hidden = equals(element_get(element, "hidden"), "true");
    item->approved = equals(element_get(element, "approved"), "true");
    return set_string(roster->memory, &item->name, element_get(element, "name")) &&
           read_groups(roster->memory, item, stored, element) && read_request(roster->memory, item, element);
}

/* Reads a decimal number; false when it is not one, or is too large. */
static bool read_version(uint64_t *version, const char *text)
{
    if (text == NULL || *text == '\0')
        return false;
    *version = 0;
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9')
            return false;
        uint64_t digit = (uint64_t)(*text - '0');
        if (*version > (UINT64_MAX - digit) / 10)
            return false;
        *version = *version * 10 + digit;
    }
    return true;
}

bool roster_read(struct roster *roster, struct stanza *stored)
{
    if (stored == NULL)
        return true;
    const struct element *version = element_child(stored->root, "query", NS_ROSTER);
    uint64_t items = 0;
    for (struct element *e = element_first_child(stored->root); e != NULL; e = element_next_sibling(e)) {
        if (e == version)
            continue;
        if (!element_is(e, "item", NS_ROSTER) || !read_item(roster, stored, e))
            return false;
        items++;
    }
    for (size_t i = 0; i < roster->count; i++)
        add_weight(roster, roster->items[i]);
    roster->revision = items; /* also those that are ignored: the version does not depend on what a JID is */
    return version == NULL || read_version(&roster->revision, element_get(version, "ver"));
}

const char *roster_version(char out[ROSTER_VERSION_SIZE], const struct roster *roster)
{
    char *at = out + ROSTER_VERSION_SIZE - 1;
    uint64_t rest = roster->revision;
    *at = '\0';
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    return at;
}

void roster_add_item(struct stanza *stanza, struct element *query, const struct roster_item *item)
{
    struct element *element = element_add(stanza, query, "item", NS_ROSTER);
    element_set(stanza, element, "jid", item->jid);
    element_set(stanza, element, "subscription", roster_subscription(item));
    if (item->state.pending_out)
        element_set(stanza, element, "ask", "subscribe");
    if (item->approved)
        element_set(stanza, element, "approved", "true");
    element_set(stanza, element, "name", item->name);
    for (size_t i = 0; i < item->group_count; i++) {
        struct element *group = element_add(stanza, element, "group", NS_ROSTER);
        element_add_text(stanza, group, item->groups[i], strlen(item->groups[i]));
    }
}

void roster_write(struct buffer *out, const struct roster *roster, const struct roster_item *item)
{
    struct stanza *stanza = stanza_new(roster->memory, "stored", NS_ROSTER);
    if (stanza == NULL) {
        out->failed = true;
        return;
    }
    roster_add_item(stanza, stanza->root, item);
    struct element *element = stanza->root->first;
    if (item->hidden)
        element_set(stanza, element, "hidden", "true");
    if (item->request != NULL)
        element_add_written(stanza, element, item->request, strlen(item->request));
    if (stanza_failed(stanza))
        out->failed = true;
    else
        element_write(out, element, "");
    stanza_free(stanza);
}

void roster_write_next_version(struct buffer *out, const struct roster *roster)
{
    buffer_string(out, "<query xmlns='" NS_ROSTER "' ver='");
    buffer_number(out, roster->revision + 1);
    buffer_string(out, "'/>");
}

/* Whether there is room for one more visible item, or one more hidden item. */
static bool number_fits(const struct roster *roster, const struct roster_item *old,
                        const struct roster_item *new, const struct core_limits *limits)
{
    if (new == NULL || (old != NULL && old->hidden == new->hidden))
        return true;
    size_t alike = 0;
    for (size_t i = 0; i < roster->count; i++)
        alike += roster->items[i]->hidden == new->hidden;
    return alike < (new->hidden ? limits->requests : limits->roster_items);
}

bool roster_change_fits(const struct roster *roster, const struct roster_change *change,
                        const struct core_limits *limits)
{
    const struct roster_item *item = roster_find(roster, change->jid);
    struct roster_weight old = weigh(item), new = weigh(change->item);
    bool shown_fits =
        new.shown <= old.shown || roster->weight.shown - old.shown + new.shown <= limits->roster_bytes;
    bool request_fits = new.requests <= old.requests ||
                        roster->weight.requests - old.requests + new.requests <= limits->request_bytes;
    return shown_fits && request_fits && number_fits(roster, item, change->item, limits);
}

/* ---- Changes ---- */

static void take_out(struct roster *roster, size_t index)
{
    roster->count--;
    memmove(roster->items + index, roster->items + index + 1,
            (roster->count - index) * sizeof(struct roster_item *));
}

void roster_disown(struct roster *roster, const char *owner)
{
    size_t index = find_index(roster, owner);
    if (index == roster->count)
        return;
    take_weight(roster, roster->items[index]);
    item_free(roster->memory, roster->items[index]);
    take_out(roster, index);
}

bool roster_change_begin(struct roster *roster, struct roster_change *change, const char *jid)
{
    *change = (struct roster_change){ 0 };
    const struct roster_item *item = roster_find(roster, jid);
    if (item == NULL && !reserve(roster))
        return false;
    change->jid = memory_copy_string(roster->memory, jid);
    change->item = item != NULL ? item_copy(roster->memory, item) : item_new(roster->memory, jid);
    if (change->jid != NULL && change->item != NULL)
        return true;
    roster_change_drop(roster->memory, change);
    return false;
}

bool roster_change_remove(struct roster *roster, struct roster_change *change, const char *jid)
{
    *change = (struct roster_change){ .jid = memory_copy_string(roster->memory, jid) };
    return change->jid != NULL;
}

bool roster_change_set_name(struct roster *roster, struct roster_change *change, const char *name)
{
    return set_string(roster->memory, &change->item->name, name);
}

bool roster_change_set_groups(struct roster *roster, struct roster_change *change, const char *const *groups,
                              size_t count)
{
    return set_groups(roster->memory, change->item, groups, count);
}

bool roster_change_set_request(struct roster *roster, struct roster_change *change, const char *xml,
                               size_t length)
{
    struct roster_item *item = change->item;
    memory_free(roster->memory, item->request);
    item->request = xml == NULL ? NULL : memory_copy(roster->memory, xml, length);
    item->state.pending_in = item->request != NULL;
    return xml == NULL || item->request != NULL;
}

void roster_apply(struct roster *roster, struct roster_change *change)
{
    size_t index = find_index(roster, change->jid);
    roster->revision++;
    add_weight(roster, change->item);
    if (index < roster->count) {
        take_weight(roster, roster->items[index]);
        if (change->item != NULL)
            change->item->number = roster->items[index]->number;
        item_free(roster->memory, roster->items[index]);
        if (change->item != NULL)
            roster->items[index] = change->item;
        else
            take_out(roster, index);
    } else {
        assert(change->item != NULL &&
               roster->count < roster->capacity); /* reserved by roster_change_begin */
        append(roster, change->item);
    }
    change->item = NULL;
    roster_change_drop(roster->memory, change);
}

void roster_change_drop(const struct core_memory *memory, struct roster_change *change)
{
    memory_free(memory, change->jid);
    item_free(memory, change->item);
    *change = (struct roster_change){ 0 };
}

void roster_state_describe(struct description *description, struct subscription_state state)
{
    description_word(description, state.to, "to");
    description_word(description, state.from, "from");
    description_word(description, state.pending_out, "pending out");
    description_word(description, state.pending_in, "pending in");
}
