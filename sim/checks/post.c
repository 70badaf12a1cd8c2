#include "post.h"

#include "../must.h"
#include "../text.h"
#include "../world/describe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define uthash_fatal(message) abort()
#include <uthash.h>

enum { GOT_MAX = 8 };

struct letter {
    char *from, *address;      /* full JIDs, or a bare one, as they were written; */
    char *sender, *to;         /* bare ones */
    unsigned sent_endings;     /* of the sender's connections, when it was last seen to be under way */
    unsigned received_endings; /* of the recipient's */
    bool ambiguous;            /* its id was used again, or somebody answered it with an error of his own */
    bool refused;              /* by the server */
    bool kept;                 /* now */
    bool was_kept;
    bool was_held;         /* on its way to somebody who could not acknowledge it */
    bool sent_to_be_held;  /* and there was such a one when it was sent */
    bool twice;            /* delivered to the same client */
    bool haunted;          /* it may be lost with a connection that leads to nobody */
    bool unsure;           /* delivered to a client that acknowledges, whose account then had... */
    unsigned endings_then; /* ...so many connections that ended */
    const struct client *got[GOT_MAX]; /* who was delivered it */
    size_t got_count;
    bool is_open; /* in the list of those */
    struct letter *next_open;
    UT_hash_handle hh;
    char key[];
};

/* The caller frees. */
static char *make_key(const char *from, const char *id)
{
    struct text key = { 0 };
    text_string(&key, from);
    text_string(&key, "\n");
    text_string(&key, id);
    return text_take(&key);
}

static struct letter *find(const struct post *post, const char *from, const char *id)
{
    struct letter *letter = NULL;
    if (post->first == NULL || from == NULL || id == NULL)
        return NULL;
    char *key = make_key(from, id);
    HASH_FIND_STR(post->first, key, letter);
    free(key);
    return letter;
}

static char *copy_bare(const char *jid)
{
    return must(strndup(jid, strcspn(jid, "/")));
}

/* ---- Which are looked at ----
 * There may be tens of thousands.  One that was delivered or refused, and was well when the world was quiet,
 * is well until something comes that has its key, storage changes, or something stirs that may concern all of
 * them.  Only the others are open, and looked at whenever the world is quiet. */

static void letter_open(struct post *post, struct letter *letter)
{
    if (letter->is_open)
        return;
    letter->is_open = true;
    letter->next_open = post->open;
    post->open = letter;
}

static void open_all(struct post *post)
{
    for (struct letter *letter = post->first; letter != NULL; letter = letter->hh.next)
        letter_open(post, letter);
}

/* Leaves those open that neither side has had. */
static void close_settled(struct post *post)
{
    struct letter **at = &post->open;
    while (*at != NULL) {
        struct letter *letter = *at;
        letter->is_open = letter->got_count == 0 && !letter->refused;
        if (letter->is_open)
            at = &letter->next_open;
        else
            *at = letter->next_open;
    }
}

/* Whether it, or its refusal, may have been lost on the sender's side.  What was kept is refused only once
 * the recipient is there, and then to whoever of the sender is. */
static bool is_lost_to_sender(const struct post *post, const struct letter *letter, const char *from,
                              bool ended)
{
    if (!letter->was_kept)
        return ended;
    return post->present(post->host, letter->to) && (ended || !post->present(post->host, from));
}

/* Whether a connection that it may have been lost with has ended since this was last asked. */
static bool has_ended(const struct post *post, struct letter *letter, post_endings endings)
{
    unsigned sent = endings(post->host, letter->sender);
    unsigned received = endings(post->host, letter->to);
    bool ended = received != letter->received_endings ||
                 is_lost_to_sender(post, letter, letter->sender, sent != letter->sent_endings);
    letter->sent_endings = sent;
    letter->received_endings = received;
    return ended;
}

/* On its way to either side. */
static bool is_held(const struct post *post, const struct letter *letter)
{
    return post->held(post->host, letter->sender) || post->held(post->host, letter->to);
}

static void add(struct post *post, const char *from, const char *to, const char *id)
{
    char *key = make_key(from, id);
    size_t size = strlen(key) + 1;
    struct letter *letter = must(calloc(1, sizeof *letter + size));
    memcpy(letter->key, key, size);
    free(key);
    letter->from = must(strdup(from));
    letter->sender = copy_bare(from);
    letter->address = must(strdup(to != NULL ? to : from));
    letter->to = copy_bare(letter->address);
    letter->sent_to_be_held = is_held(post, letter);
    /* A connection may have ended of which its server does not know yet. */
    (void)has_ended(post, letter, post->endings_before);
    HASH_ADD_STR(post->first, key, letter);
    letter_open(post, letter);
}

static bool is_type(const struct xml *stanza, const char *type)
{
    const char *actual = xml_get(stanza, "type");
    return actual != NULL && strcmp(actual, type) == 0;
}

/* Of messages without a body it is not asked here which are kept. */
static bool may_be_dropped(const struct post *post, const struct xml *message)
{
    const char *to = xml_get(message, "to");
    bool is_kept = xml_child(message, "body", XML_NS_CLIENT) != NULL &&
                   xml_child(message, "no-store", "urn:xmpp:hints") == NULL;
    return !is_kept && to != NULL && post->hushed(post->host, to);
}

void post_sent(struct post *post, const struct client *client, const struct xml *stanza)
{
    const char *from = client_full_jid(client);
    const char *id = xml_get(stanza, "id");
    if (!xml_is(stanza, "message", XML_NS_CLIENT) || id == NULL || from == NULL ||
        is_type(stanza, "headline") || may_be_dropped(post, stanza))
        return;
    bool is_error = is_type(stanza, "error");
    struct letter *letter = is_error ? find(post, xml_get(stanza, "to"), id) : find(post, from, id);
    if (letter != NULL)
        letter->ambiguous = true;
    else if (!is_error)
        add(post, from, xml_get(stanza, "to"), id);
}

/* Whoever had it and whose connection ended may not have acknowledged it: then it is passed on (XEP-0198, 5).
 */
static bool is_unsure(const struct post *post, const struct letter *letter)
{
    return letter->unsure && post->endings(post->host, letter->to) != letter->endings_then;
}

void post_received(struct post *post, const struct client *client, const struct xml *stanza)
{
    if (!xml_is(stanza, "message", XML_NS_CLIENT))
        return;
    const char *id = xml_get(stanza, "id");
    bool is_error = is_type(stanza, "error");
    struct letter *letter = find(post, is_error ? client_full_jid(client) : xml_get(stanza, "from"), id);
    if (letter == NULL)
        return;
    letter_open(post, letter);
    if (is_error) {
        letter->refused = true;
        return;
    }
    for (size_t i = 0; i < letter->got_count; i++)
        letter->twice = letter->twice || letter->got[i] == client;
    if (letter->got_count < GOT_MAX)
        letter->got[letter->got_count++] = client;
    if (client_counts(client).managed) {
        letter->was_held = letter->was_held || is_unsure(post, letter);
        letter->unsure = true;
        letter->endings_then = post->endings(post->host, letter->to);
    }
}

/* ---- When it is quiet ---- */

static void note_kept(void *host, const struct core_store_entry *entry)
{
    const struct post *post = host;
    const char *problem;
    int line;
    struct xml *stanza = xml_fragment(entry->value, strlen(entry->value), &problem, &line);
    struct letter *letter =
        stanza != NULL ? find(post, xml_get(stanza, "from"), xml_get(stanza, "id")) : NULL;
    if (letter != NULL)
        letter->kept = letter->was_kept = true;
    xml_free(stanza);
}

/* What is wrong with a letter; NULL when nothing is.  A save that failed may have brought something twice:
 * what was delivered could not be removed; and so may a client that was never able to acknowledge it, for
 * whatever reason, memory among them. */
static const char *what_is_wrong(const struct letter *letter, bool saves_failed, bool forgotten)
{
    bool delivered = letter->got_count > 0;
    if (letter->ambiguous)
        return NULL;
    if (!delivered && !letter->kept && !letter->refused)
        return "was neither delivered nor kept nor refused";
    if (letter->was_held || forgotten)
        return NULL;
    if (letter->refused && delivered && !(letter->was_kept && saves_failed))
        return "was delivered and refused";
    if (saves_failed)
        return NULL;
    if (letter->refused && letter->kept)
        return "was refused and kept";
    if (delivered && letter->kept)
        return "was delivered and is kept";
    if (letter->was_kept && letter->got_count > 1)
        return "was kept, and delivered more than once";
    return letter->twice ? "was delivered to the same client twice" : NULL;
}

/* Whether it, or its refusal, may have been lost with a connection or between two servers. */
static bool is_forgiven(const struct post *post, struct letter *letter)
{
    if (letter->got_count > 0 || letter->refused)
        return false; /* nor will it ever be */
    bool ended = has_ended(post, letter, post->endings);
    bool held = letter->was_held || letter->sent_to_be_held;
    bool lost = ended || letter->haunted || post->apart(post->host, letter->from, letter->address) ||
                (held && post->forgotten(post->host)) ||
                (!letter->was_kept && post->lost(post->host, letter->from, letter->to));
    return lost && !letter->kept;
}

/* A letter that was sent since storage last changed is not in it.  False when it has not changed. */
static bool learn_kept(struct post *post, struct disk *const *disks, size_t disk_count)
{
    uint64_t changes = 1;
    for (size_t i = 0; i < disk_count; i++)
        changes += disk_changes(disks[i], CORE_STORE_OFFLINE);
    if (post->first == NULL || post->asked == changes)
        return false;
    post->asked = changes;
    for (struct letter *letter = post->first; letter != NULL; letter = letter->hh.next)
        letter->kept = false;
    for (size_t i = 0; i < disk_count; i++)
        disk_visit_all(disks[i], CORE_STORE_OFFLINE, note_kept, post);
    return true;
}

/* What is known of all letters while the world is quiet. */
struct circumstances {
    bool saves_failed, forgotten;
};

/* What is wrong with a letter now; NULL when nothing is. */
static const char *look_at(const struct post *post, struct letter *letter, const struct circumstances *now)
{
    const bool arrived = letter->got_count > 0 || letter->kept || letter->refused;
    const bool held = !(arrived && letter->was_held) && is_held(post, letter);
    letter->haunted = letter->haunted || post->haunted(post->host, letter->to);
    letter->was_held = letter->was_held || held || is_unsure(post, letter);
    if (held && !arrived)
        return NULL;
    letter->ambiguous = is_forgiven(post, letter) || letter->ambiguous;
    return what_is_wrong(letter, now->saves_failed, now->forgotten);
}

/* Of several that something is wrong with, the one that was sent first is told. */
static bool tell_first_wrong(const struct post *post, const struct circumstances *now, char *detail,
                             size_t size)
{
    struct letter *letter = post->first;
    const char *wrong = NULL;
    while (letter != NULL && (wrong = look_at(post, letter, now)) == NULL)
        letter = letter->hh.next;
    if (letter != NULL)
        (void)snprintf(detail, size, "the message %s from %s to %s %s",
                       letter->key + strlen(letter->from) + 1, letter->from, letter->to, wrong);
    return letter == NULL;
}

bool post_quiet(struct post *post, struct disk *const *disks, size_t disk_count, char *detail, size_t size)
{
    bool good = true;
    struct circumstances now = { .forgotten = post->forgotten(post->host) };
    const uint64_t stirs = post->stirs(post->host);
    if (learn_kept(post, disks, disk_count) || stirs != post->stirred)
        open_all(post);
    post->stirred = stirs;
    for (size_t i = 0; i < disk_count; i++)
        now.saves_failed = now.saves_failed || disk_failed_saves(disks[i]) > 0;
    for (struct letter *letter = post->open; letter != NULL && good; letter = letter->next_open)
        good = look_at(post, letter, &now) == NULL;
    if (!good)
        return tell_first_wrong(post, &now, detail, size);
    close_settled(post);
    return true;
}

/* ---- Described ---- */

static void describe_letter(struct description *description, const struct letter *letter)
{
    const struct {
        bool is;
        const char *word;
    } flags[] = {
        { letter->ambiguous, "ambiguous" }, { letter->refused, "refused" },
        { letter->kept, "kept" },           { letter->was_kept, "was kept" },
        { letter->was_held, "was held" },   { letter->sent_to_be_held, "sent to be held" },
        { letter->twice, "twice" },         { letter->haunted, "haunted" },
        { letter->unsure, "unsure" },
    };
    describe_named(description, "letter", letter->key);
    describe_string(description, "to", letter->address);
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        describe_word(description, flags[i].is, flags[i].word);
    describe_count(description, "endings of the sender's", letter->sent_endings);
    describe_count(description, "of the recipient's", letter->received_endings);
    describe_count(description, "when it was delivered", letter->endings_then);
    for (size_t i = 0; i < letter->got_count; i++)
        describe_string(description, "delivered to", client_name(letter->got[i]));
}

void post_describe(struct description *description, const struct post *post)
{
    for (const struct letter *letter = post->first; letter != NULL; letter = letter->hh.next)
        describe_letter(description, letter);
}

static void letter_free(struct letter *letter)
{
    free(letter->from);
    free(letter->address);
    free(letter->sender);
    free(letter->to);
    free(letter);
}

void post_free(struct post *post)
{
    struct letter *letter = post->first;
    HASH_CLEAR(hh, post->first);
    while (letter != NULL) {
        struct letter *next = letter->hh.next;
        letter_free(letter);
        letter = next;
    }
}
