#include "message/offline.h"

#include "base/datetime.h"
#include "iq/blocking.h"
#include "presence/owed.h"
#include "routing/router.h"
#include "session/conn.h"
#include "xml/parser.h"

#include <assert.h>
#include <string.h>

#define NS_CHAT_STATES "http://jabber.org/protocol/chatstates"

/* ---- Which messages ---- */

static bool has_hint(const struct stanza *message, const char *name)
{
    return element_child(message->root, name, NS_HINTS) != NULL;
}

/* What says how or when a message is sent, and nothing to whom it is for. */
static bool is_envelope(const struct element *child)
{
    return strcmp(child->ns, NS_HINTS) == 0 || element_is(child, "thread", NS_CLIENT) ||
           element_is(child, "delay", NS_DELAY);
}

/* Whether a message holds nothing but that its sender is typing, or the like. */
static bool is_chat_state_alone(const struct stanza *message)
{
    bool is_state = false;
    for (const struct element *e = element_first_child(message->root); e != NULL;
         e = element_next_sibling(e)) {
        if (is_envelope(e))
            continue;
        if (strcmp(e->ns, NS_CHAT_STATES) != 0)
            return false;
        is_state = true;
    }
    return is_state;
}

/* Of chat messages only those stay out that hold nothing but chat states (XEP-0160, 3), unless they ask for
 * it (XEP-0334, 4.4).  <no-permanent-store/> is about archives: this is no permanent store. */
bool offline_is_storable(const struct core *core, const struct stanza *message)
{
    if (!(core->settings.features & CORE_OFFLINE) || has_hint(message, "no-store"))
        return false;
    const char *type = element_get(message->root, "type");
    bool is_chat = type != NULL && strcmp(type, "chat") == 0;
    return !is_chat || !is_chat_state_alone(message) || has_hint(message, "store");
}

/* ---- Keys: a counter in decimal, so that their order as text is their order ---- */

enum { KEY_DIGITS = 20, KEY_SIZE = KEY_DIGITS + 1 };

static void write_key(char key[KEY_SIZE], uint64_t number)
{
    for (int i = KEY_DIGITS - 1; i >= 0; i--) {
        key[i] = (char)('0' + number % 10);
        number /= 10;
    }
    key[KEY_DIGITS] = '\0';
}

static uint64_t read_key(const char *key)
{
    uint64_t number = 0;
    for (; *key >= '0' && *key <= '9'; key++)
        number = number * 10 + (uint64_t)(*key - '0');
    return number;
}

static void learn_index(struct user *user, const struct core_store_entry *entries, size_t entry_count)
{
    user->offline.known = true;
    user->offline.count = entry_count;
    for (size_t i = 0; i < entry_count; i++)
        if (read_key(entries[i].key) > user->offline.last_key)
            user->offline.last_key = read_key(entries[i].key);
}

/* ---- Keeping ---- */

/* The message as it will be delivered: with the time at which the host received it (XEP-0203).  The message
 * itself stays as it is. */
static void write_delayed(struct buffer *xml, const struct user *user, const struct user_work *work)
{
    struct element *root = work->stanza->root;
    if (work->detail == OFFLINE_DELAYED) {
        element_write(xml, root, "");
        buffer_append(xml, "", 1);
        return;
    }
    struct element *last = root->last;
    char stamp[DATETIME_SIZE];
    datetime_write(stamp, work->since);
    struct element *delay = element_add(work->stanza, root, "delay", NS_DELAY);
    element_set(work->stanza, delay, "from", user->host);
    element_set(work->stanza, delay, "stamp", stamp);
    element_write(xml, root, "");
    buffer_append(xml, "", 1);
    root->last = last;
    if (last != NULL)
        last->next = NULL;
    else
        root->first = NULL;
}

static void save(struct user *user, struct user_work *work)
{
    if (user->offline.count >= user->core->settings.limits.offline_messages) {
        router_bounce(user->core, work->stanza,
                      (struct stanza_error){ "cancel", "service-unavailable", NULL });
        user_finish(user, work);
        return;
    }
    struct buffer xml;
    buffer_init(&xml, user->core->memory);
    write_delayed(&xml, user, work);
    bool written = !xml.failed && !stanza_failed(work->stanza);
    if (written) {
        char key[KEY_SIZE];
        write_key(key, user->offline.last_key + 1);
        struct core_store_entry entry = { key, xml.bytes };
        user_store(user, work, CORE_STORE_OFFLINE, &entry, 1);
    }
    buffer_free(&xml);
    if (written)
        return;
    router_bounce(user->core, work->stanza, (struct stanza_error){ "wait", "resource-constraint", NULL });
    user_finish(user, work);
}

void offline_keep(struct user *user, struct user_work *work)
{
    if (user->offline.known)
        save(user, work);
    else
        user_load(user, work, CORE_STORE_OFFLINE);
}

void offline_index_loaded(struct user *user, struct user_work *work, const struct core_store_entry *entries,
                          size_t entry_count)
{
    learn_index(user, entries, entry_count);
    save(user, work);
}

void offline_kept(struct user *user)
{
    user->offline.count++;
    user->offline.last_key++;
}

/* ---- Delivering ---- */

/* One that was kept; NULL when it cannot be read. */
static struct stanza *read_message(struct core *core, const struct core_store_entry *entry)
{
    struct stanza *stored = parser_read_stored(&core->parsers, entry, 1);
    if (stored == NULL)
        return NULL;
    struct element *message = element_first_child(stored->root);
    if (message != NULL && element_get(message, "from") != NULL) {
        stored->root = message;
        return stored;
    }
    stanza_free(stored);
    return NULL;
}

/* Whether the message was dealt with.  One from somebody who was blocked meanwhile is not delivered
 * (XEP-0191, 3.3), and does not come back either: it was accepted, and an error now would tell that the user
 * has come. */
static bool hand_over(const struct user *user, struct session *session, const struct core_store_entry *entry)
{
    struct stanza *message = read_message(user->core, entry);
    if (message == NULL)
        return false;
    if (!blocking_forbids(user, element_get(message->root, "from")))
        session_send(session, message);
    stanza_free(message);
    return true;
}

/* Whether what the session was sent is still here and goes with its connection: it acknowledges nothing. */
static bool is_on_its_way(const struct session *session)
{
    return session->managed == NULL && session->conn != NULL && conn_unsent(session->conn) > 0;
}

/* What the link has taken meanwhile, of what was handed over before; returns how many entries those are. */
static size_t count_taken(const struct user *user, const struct session *session,
                          const struct core_store_entry *entries, size_t entry_count)
{
    size_t count = 0;
    if (user->offline.taker != session || user->offline.handed == 0)
        return 0;
    while (count < entry_count && read_key(entries[count].key) <= user->offline.handed)
        count++;
    return count;
}

/* Whether what was handed over was one that can be read; the others stay. */
static bool was_handed_over(struct core *core, const struct core_store_entry *entry)
{
    struct stanza *message = read_message(core, entry);
    stanza_free(message);
    return message != NULL;
}

/* Hands over what there is, and lists what is to be removed in `removed`; returns how many those are.  When
 * the session broke down over it nothing counts as handed over, unless it acknowledges what it gets: then
 * what it has not comes back from there.  Nor does what its link has not taken yet: that is removed when it
 * has, and the session goes on. */
static size_t hand_over_all(struct user *user, struct session *session,
                            const struct core_store_entry *entries, size_t entry_count,
                            struct core_store_entry *removed)
{
    if (user->offline.taker == session && user->offline.handed > 0 && !user->offline.taken)
        return 0; /* it asked once more, and goes on when its link has taken what there is */
    size_t taken = count_taken(user, session, entries, entry_count), count = 0, i = taken;
    for (size_t j = 0; j < taken; j++)
        if (was_handed_over(user->core, &entries[j]))
            removed[count++] = (struct core_store_entry){ entries[j].key, NULL };
    size_t before = count;
    for (; i < entry_count && !session->doomed && !owed_is_congested(session); i++)
        if (hand_over(user, session, &entries[i]) && !session->doomed)
            removed[count++] = (struct core_store_entry){ entries[i].key, NULL };
    bool is_unread = is_on_its_way(session);
    user->offline.taker = i < entry_count || is_unread ? session : NULL;
    user->offline.handed = is_unread && i > 0 ? read_key(entries[i - 1].key) : 0;
    user->offline.taken = false;
    if (session->doomed)
        return session->managed == NULL ? before : count;
    return is_unread ? before : count;
}

static bool is_taking(const struct session *session)
{
    return session != NULL && user_session_takes_messages(session);
}

/* Whom the work delivers to: the session that waits for it, or the one that goes on. */
static struct session *taker_of(const struct user *user, const struct user_work *work)
{
    struct session *taker = work->session != NULL ? work->session : user->offline.taker;
    return is_taking(taker) ? taker : NULL;
}

static void begin(struct user *user, struct user_work *work)
{
    if (taker_of(user, work) != NULL)
        user_load(user, work, CORE_STORE_OFFLINE);
    else
        user_finish(user, work);
}

static void loaded(struct user *user, struct user_work *work, const struct core_store_entry *entries,
                   size_t entry_count)
{
    const struct core_memory *memory = user->core->memory;
    struct session *taker = taker_of(user, work);
    learn_index(user, entries, entry_count);
    if (entry_count == 0 || taker == NULL) {
        user_finish(user, work);
        return;
    }
    struct core_store_entry *removed = memory_new(memory, entry_count * sizeof *removed);
    size_t count = 0;
    if (removed != NULL)
        count = hand_over_all(user, taker, entries, entry_count, removed);
    else
        session_disconnect(taker);
    work->detail = (int)count;
    if (count > 0)
        user_store(user, work, CORE_STORE_OFFLINE, removed, count);
    else
        user_finish(user, work);
    memory_free(memory, removed);
}

static void deliver_more(struct user *user, const struct user_work *ahead);

/* A link that has taken all meanwhile has said so, and does not say so twice. */
static void removed_from_storage(struct user *user, struct user_work *work)
{
    user->offline.count -= (size_t)work->detail;
    if (user->offline.taken && is_taking(user->offline.taker))
        deliver_more(user, work->next);
}

/* What could not be loaded or removed is tried again with the next presence. */
static void failed(struct user *user, struct user_work *work, enum user_failure why)
{
    (void)work;
    (void)why;
    user->offline.known = false;
}

static const struct user_work_kind delivering = { .name = "deliver what was kept",
                                                  .needs = USER_BLOCKLIST,
                                                  .carries_messages = true,
                                                  .begin = begin,
                                                  .loaded = loaded,
                                                  .saved = removed_from_storage,
                                                  .failed = failed };

void offline_deliver(struct session *session)
{
    struct user *user = session->user;
    bool is_empty = user->offline.known && user->offline.count == 0 && !user_carries_messages(user);
    if (is_empty || !(session->core->settings.features & CORE_OFFLINE))
        return;
    if (!user_begin_work(user, &delivering, session, NULL, NULL, 0))
        session_disconnect(session);
}

void offline_claim(struct session *session)
{
    struct user *user = session->user;
    bool may_be_some = (session->core->settings.features & CORE_OFFLINE) &&
                       !(user->offline.known && user->offline.count == 0);
    if (may_be_some && is_taking(session) && !is_taking(user->offline.taker))
        user->offline.taker = session;
}

/* Begins to deliver to the taker, unless that is among the work ahead. */
static void deliver_more(struct user *user, const struct user_work *ahead)
{
    struct session *taker = user->offline.taker;
    while (ahead != NULL && ahead->kind != &delivering)
        ahead = ahead->next;
    if (ahead == NULL && !user_begin_work(user, &delivering, NULL, NULL, NULL, 0))
        session_disconnect(taker);
}

void offline_go_on(struct session *session)
{
    struct user *user = session->user;
    if (user == NULL || user->offline.taker != session || !owed_has_room(session))
        return;
    user->offline.taken = true;
    deliver_more(user, user->work);
}

bool offline_is_delivering(const struct user *user)
{
    return is_taking(user->offline.taker);
}

void offline_leave(const struct session *session)
{
    if (session->user->offline.taker == session)
        session->user->offline.taker = NULL;
}
