#include "message/offline.h"

#include "account/work.h"
#include "base/datatype.h"
#include "base/description.h"
#include "delivery/reply.h"
#include "session/acks.h"
#include "session/conn.h"
#include "session/send.h"
#include "xml/parser.h"

#include <assert.h>
#include <string.h>

#include <utlist.h>

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

/* The number that a key begins with. */
static uint64_t read_key(const char *key)
{
    uint64_t number = 0;
    for (; *key >= '0' && *key <= '9'; key++)
        number = number * 10 + (uint64_t)(*key - '0');
    return number;
}

/* Whether it is one that is written so. */
static bool is_key(const char *key)
{
    char written[KEY_SIZE];
    write_key(written, read_key(key));
    return strcmp(key, written) == 0;
}

static void learn_index(struct user *user, size_t count, uint64_t last_key)
{
    user->offline.known = true;
    user->offline.count = count;
    if (last_key > user->offline.last_key)
        user->offline.last_key = last_key;
}

/* ---- Keeping ---- */

/* The message as it will be delivered: with the time at which the host received it (XEP-0203).  The message
 * itself stays as it is. */
static void write_delayed(struct buffer *xml, const struct user *user, const struct user_work *work)
{
    struct element *root = work->stanza->root;
    if (work->subject.origin == OFFLINE_DELAYED) {
        element_write(xml, root, "");
        buffer_append(xml, "", 1);
        return;
    }
    struct element *last = root->last;
    stanza_add_delay(work->stanza, user->host, work->since);
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
        reply_error(user->core, work->stanza, (struct stanza_error){ "cancel", "service-unavailable", NULL });
        work_finish(user, work);
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
        work_store(user, work, CORE_STORE_OFFLINE, &entry, 1);
    }
    buffer_free(&xml);
    if (written)
        return;
    reply_error(user->core, work->stanza, (struct stanza_error){ "wait", "resource-constraint", NULL });
    work_finish(user, work);
}

void offline_keep(struct user *user, struct user_work *work)
{
    if (user->offline.known)
        save(user, work);
    else
        work_load_count(user, work, CORE_STORE_OFFLINE);
}

/* For an anonymous user nothing is stored, and nothing is loaded. */
void offline_index_loaded(struct user *user, struct user_work *work, const struct core_store_entry *entries,
                          size_t entry_count)
{
    int64_t count = 0;
    bool read = entry_count == 0 || datatype_integer(&count, entries[0].value);
    if (read && count >= 0) {
        learn_index(user, (size_t)count, entry_count > 0 ? read_key(entries[0].key) : 0);
        save(user, work);
        return;
    }
    reply_error(user->core, work->stanza, work_error(USER_STORAGE_FAILED, NULL));
    work_finish(user, work);
}

void offline_kept(struct user *user)
{
    user->offline.count++;
    user->offline.last_key++;
}

/* ---- What sessions were handed ---- */

static struct offline_handed *find_handed(const struct user *user, const struct session *session)
{
    struct offline_handed *handed = user->offline.handed;
    while (handed != NULL && handed->session != session)
        handed = handed->next;
    return handed;
}

/* Those that a link has taken go first come, first gone. */
static struct offline_handed *find_taken(const struct user *user)
{
    struct offline_handed *handed = user->offline.handed;
    while (handed != NULL && !handed->taken)
        handed = handed->next;
    return handed;
}

static struct offline_handed *find_leaving(const struct user *user)
{
    struct offline_handed *handed = user->offline.handed;
    while (handed != NULL && !handed->leaving)
        handed = handed->next;
    return handed;
}

/* Whether a message is some session's, which keeps it from the others. */
static bool is_handed(const struct user *user, uint64_t key)
{
    for (const struct offline_handed *handed = user->offline.handed; handed != NULL; handed = handed->next)
        for (size_t i = 0; i < handed->count; i++)
            if (handed->keys[i] == key)
                return true;
    return false;
}

static struct offline_handed *add_handed(struct user *user, struct session *session)
{
    struct offline_handed *handed =
        memory_new(user->core->memory, sizeof *handed + OFFLINE_PIECE * sizeof handed->keys[0]);
    if (handed == NULL)
        return NULL;
    handed->session = session;
    LL_APPEND(user->offline.handed, handed);
    return handed;
}

static void drop_handed(struct user *user, struct offline_handed *handed)
{
    LL_DELETE(user->offline.handed, handed);
    memory_free(user->core->memory, handed);
}

/* ---- Who is given what was kept ---- */

static bool is_taking(const struct session *session)
{
    return session != NULL && session_takes_messages(session);
}

/* The most available resource; the oldest of several.  NULL when there is none. */
static struct session *find_best(const struct user *user)
{
    struct session *best = NULL;
    for (struct session *s = user->resources; s != NULL; s = s->user_next)
        if (is_taking(s) && s->conn != NULL && (best == NULL || s->priority > best->priority))
            best = s;
    return best;
}

/* What was kept is looked through from its beginning; a piece that is under way is of no use any more. */
static void start_over(struct user *user, struct session *taker)
{
    user->offline.taker = taker;
    user->offline.reader = NULL;
    user->offline.next = 0;
}

/* The one that has come, or else the one there is, or else one that can. */
static void choose_taker(struct user *user, const struct user_work *work)
{
    struct session *chosen = work->session, *taker = user->offline.taker;
    if (!is_taking(chosen) && (!is_taking(taker) || taker->conn == NULL))
        chosen = find_best(user);
    if (is_taking(chosen) && chosen != taker)
        start_over(user, chosen);
}

/* ---- Handing over ---- */

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

/* How many stanzas the session has been sent that come back from it unless they are acknowledged. */
static uint32_t sent_for_good(const struct session *session)
{
    return session->managed != NULL ? session->managed->sent : 0;
}

/* Whether the message was dealt with.  One from a JID that was blocked meanwhile is not delivered (XEP-0191,
 * 3.3), and does not come back either: it was accepted, and an error now would tell that the user has
 * come.  One over which the session broke down stays in storage, unless it comes back from the session: then
 * it would be kept twice. */
static bool hand_over(const struct user *user, struct session *session, const struct core_store_entry *entry)
{
    struct stanza *message = is_key(entry->key) ? read_message(user->core, entry) : NULL;
    if (message == NULL)
        return false;
    uint32_t before = sent_for_good(session);
    if (!user_blocks(user, element_get(message->root, "from")))
        session_send_stored(session, message);
    stanza_free(message);
    return !session->doomed || sent_for_good(session) != before;
}

/* Whether what the session was sent is still here and goes with its connection: it acknowledges nothing. */
static bool is_on_its_way(const struct session *session)
{
    return session->managed == NULL && session->conn != NULL && conn_unsent(session->conn) > 0;
}

/* Hands over of a piece what there is room for, but for what is another session's already (XEP-0160, 2: it is
 * delivered to one resource), and returns how many entries were gone through. */
static size_t hand_over_piece(struct user *user, struct offline_handed *handed,
                              const struct core_store_entry *entries, size_t entry_count)
{
    struct session *session = handed->session;
    size_t i = 0;
    for (; i < entry_count && i < OFFLINE_PIECE && !session->doomed && !session_is_congested(session); i++) {
        uint64_t key = read_key(entries[i].key);
        if (!is_handed(user, key) && hand_over(user, session, &entries[i]))
            handed->keys[handed->count++] = key;
        if (key >= user->offline.next)
            user->offline.next = key + 1;
    }
    return i;
}

/* Whether a piece ends because the store does (core.h). */
static bool is_last_piece(const struct core_store_entry *entries, size_t entry_count)
{
    size_t bytes = 0;
    for (size_t i = 0; i < entry_count; i++)
        bytes += strlen(entries[i].key) + strlen(entries[i].value);
    return entry_count < OFFLINE_PIECE && bytes < OFFLINE_PIECE_BYTES;
}

/* When the session broke down over it nothing counts as handed over, unless it acknowledges what it gets:
 * then what it has not comes back from there.  What its link has not taken yet is removed when it has.  A
 * piece without a key that counts on would come again and again, and is the last. */
static void give_piece(struct user *user, const struct core_store_entry *entries, size_t entry_count,
                       bool is_last)
{
    struct session *taker = user->offline.taker;
    struct offline_handed *handed = add_handed(user, taker);
    if (handed == NULL) {
        session_disconnect(taker);
        return;
    }
    uint64_t before = user->offline.next;
    size_t through = hand_over_piece(user, handed, entries, entry_count);
    if (taker->doomed && taker->managed == NULL)
        handed->count = 0;
    handed->taken = !is_on_its_way(taker);
    if (handed->count == 0)
        drop_handed(user, handed);
    bool is_stuck = through > 0 && user->offline.next <= before;
    if (is_stuck || (is_last && through == entry_count))
        user->offline.taker = NULL;
}

/* ---- Delivering ---- */

static void load_piece(struct user *user, struct user_work *work)
{
    char from[KEY_SIZE];
    write_key(from, user->offline.next);
    user->offline.reader = user->offline.taker;
    work_load_piece(
        user, work, CORE_STORE_OFFLINE,
        &(struct core_store_piece){ user->offline.next > 0 ? from : "", OFFLINE_PIECE, OFFLINE_PIECE_BYTES });
}

static void remove_handed(struct user *user, struct user_work *work, struct offline_handed *handed)
{
    char keys[OFFLINE_PIECE][KEY_SIZE];
    struct core_store_entry removed[OFFLINE_PIECE];
    for (size_t i = 0; i < handed->count; i++) {
        write_key(keys[i], handed->keys[i]);
        removed[i] = (struct core_store_entry){ keys[i], NULL };
    }
    handed->leaving = true;
    work_store(user, work, CORE_STORE_OFFLINE, removed, handed->count);
}

/* Whether the taker can be given the next piece: otherwise that comes when its link has taken what there
 * is. */
static bool is_ready(const struct user *user)
{
    const struct session *taker = user->offline.taker;
    return is_taking(taker) && taker->conn != NULL && find_handed(user, taker) == NULL &&
           !session_is_congested(taker);
}

static void proceed(struct user *user, struct user_work *work)
{
    struct offline_handed *taken = find_taken(user);
    if (taken != NULL)
        remove_handed(user, work, taken);
    else if (is_ready(user))
        load_piece(user, work);
    else
        work_finish(user, work);
}

static void begin(struct user *user, struct user_work *work)
{
    if (work->subject.begins)
        choose_taker(user, work);
    work->subject.begins = false;
    proceed(user, work);
}

static void loaded(struct user *user, struct user_work *work, const struct core_store_entry *entries,
                   size_t entry_count)
{
    const struct session *taker = user->offline.taker;
    bool is_wanted = is_taking(taker) && user->offline.reader == taker;
    bool is_last = is_last_piece(entries, entry_count);
    user->offline.reader = NULL;
    if (is_wanted && is_last && user->offline.next == 0)
        learn_index(user, entry_count, entry_count > 0 ? read_key(entries[entry_count - 1].key) : 0);
    if (is_wanted)
        give_piece(user, entries, entry_count, is_last);
    proceed(user, work);
}

static void removed_from_storage(struct user *user, struct user_work *work)
{
    struct offline_handed *gone = find_leaving(user);
    assert(gone != NULL);
    user->offline.count -= gone->count;
    drop_handed(user, gone);
    work->again = find_taken(user) != NULL || is_ready(user);
}

/* What could not be loaded or removed is tried again with the next presence: it may come twice then, and what
 * is behind it comes now. */
static void failed(struct user *user, struct user_work *work, enum user_failure why);

static void describe(struct description *description, const union work_subject *subject)
{
    description_word(description, subject->begins, "begins");
}

static const struct user_work_kind delivering = { .name = "deliver what was kept",
                                                  .needs = USER_BLOCKLIST,
                                                  .carries_messages = true,
                                                  .begin = begin,
                                                  .loaded = loaded,
                                                  .saved = removed_from_storage,
                                                  .failed = failed,
                                                  .describe = describe };

static void failed(struct user *user, struct user_work *work, enum user_failure why)
{
    (void)work;
    (void)why;
    struct offline_handed *stays = find_leaving(user);
    user->offline.known = false;
    user->offline.reader = NULL;
    if (stays != NULL) {
        drop_handed(user, stays);
        if (find_taken(user) == NULL && !is_ready(user))
            return;
        if (work_begin(user, &delivering, NULL, NULL, NULL, (union work_subject){ .begins = false }))
            return;
    }
    user->offline.taker = NULL;
    while (find_taken(user) != NULL)
        drop_handed(user, find_taken(user));
}

void offline_deliver(struct session *session)
{
    struct user *user = session->user;
    bool is_empty = user->offline.known && user->offline.count == 0 && !work_carries_messages(user);
    if (is_empty || !(session->core->settings.features & CORE_OFFLINE))
        return;
    if (!work_begin(user, &delivering, session, NULL, NULL, (union work_subject){ .begins = true }))
        session_disconnect(session);
}

void offline_claim(struct session *session)
{
    struct user *user = session->user;
    bool may_be_some = (session->core->settings.features & CORE_OFFLINE) &&
                       !(user->offline.known && user->offline.count == 0);
    if (may_be_some && is_taking(session) && !is_taking(user->offline.taker))
        start_over(user, session);
}

void offline_go_on(struct session *session)
{
    struct user *user = session->user;
    if (user == NULL || !session_has_room(session))
        return;
    struct offline_handed *handed = find_handed(user, session);
    if (handed == NULL && user->offline.taker != session)
        return;
    if (handed != NULL)
        handed->taken = true;
    const struct user_work *work = user->work;
    while (work != NULL && work->kind != &delivering)
        work = work->next;
    if (work == NULL &&
        !work_begin(user, &delivering, NULL, NULL, NULL, (union work_subject){ .begins = false }))
        session_disconnect(session);
}

bool offline_is_delivering(const struct user *user)
{
    return is_taking(user->offline.taker);
}

/* Another resource that takes messages is given what this one was not: it has nothing to ask for it with, for
 * its presence was sent before. */
static void pass_on(struct user *user)
{
    struct session *other = find_best(user);
    if (other != NULL &&
        !work_begin(user, &delivering, NULL, NULL, NULL, (union work_subject){ .begins = true }))
        session_disconnect(other);
}

void offline_stand_back(const struct session *session)
{
    if (session->user->offline.taker == session)
        pass_on(session->user);
}

void offline_leave(const struct session *session)
{
    struct user *user = session->user;
    struct offline_handed *handed = find_handed(user, session);
    bool is_owed = user->offline.taker == session;
    if (is_owed)
        start_over(user, NULL);
    if (handed != NULL && handed->taken) {
        handed->session = NULL;
    } else if (handed != NULL) {
        drop_handed(user, handed);
        start_over(user, user->offline.taker);
        is_owed = true;
    }
    if (is_owed)
        pass_on(user);
}
