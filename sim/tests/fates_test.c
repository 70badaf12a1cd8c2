/*
 * The fate of a message, from the stanzas that clients sent and received and from storage (RFC 6121, 8.5;
 * XEP-0160).
 */
#include "../checks/fates.h"
#include "../world/describe.h"

#include "client_rig.h"

static unsigned endings;

static bool held;

static bool is_held(void *host, const char *bare_jid)
{
    (void)host;
    (void)bare_jid;
    return held;
}

static const char *ended_at; /* accounts whose connections have ended */

static unsigned count_endings(void *host, const char *bare_jid)
{
    (void)host;
    return strcmp(bare_jid, ended_at) == 0 ? endings : 0;
}

static bool lost;

static bool haunted;

static bool is_haunted(void *host, const char *bare_jid)
{
    (void)host;
    (void)bare_jid;
    return haunted;
}

static bool apart;

static bool is_apart(void *host, const char *jid, const char *other)
{
    (void)host;
    (void)jid;
    (void)other;
    return apart;
}

static bool hushed;

static bool is_hushed(void *host, const char *jid)
{
    (void)host;
    (void)jid;
    return hushed;
}

static bool is_lost(void *host, const char *jid, const char *other)
{
    (void)host;
    (void)jid;
    (void)other;
    return lost;
}

static bool present;

static bool is_present(void *host, const char *bare_jid)
{
    (void)host;
    (void)bare_jid;
    return present;
}

static bool forgotten;

static bool has_forgotten(void *host)
{
    (void)host;
    return forgotten;
}

/* How often something was otherwise than when this was last asked, or is held. */
static uint64_t stirs;
static unsigned endings_then;
static const char *ended_then;

static uint64_t count_stirs(void *host)
{
    (void)host;
    stirs += held || haunted || endings != endings_then || ended_at != ended_then;
    endings_then = endings;
    ended_then = ended_at;
    return stirs;
}

/* Juliet, bound, sends; another client receives; and a disk, on which saves may fail. */
struct room {
    struct trace *trace;
    struct world *world;
    struct disk *disk;
    struct rig *juliet, *other;
    struct fates fates;
    char detail[200];
};

static void nothing(void *host, const struct core_store_request *request, enum core_store_status status,
                    const struct core_store_entry *entries, size_t entry_count)
{
    (void)host;
    (void)request;
    (void)status;
    (void)entries;
    (void)entry_count;
}

static int enter(void **state)
{
    struct room *room = calloc(1, sizeof *room);
    room->trace = trace_new(NULL, NULL);
    room->world = world_new(CHOICE_SCRIPTED, 0, room->trace);
    room->disk = disk_new(room->world, nothing, NULL);
    disk_add_account(room->disk, "romeo", "example.com");
    room->juliet = rig_new();
    room->other = rig_new();
    log_in(room->juliet);
    log_in(room->other);
    room->fates = (struct fates){ .endings = count_endings,
                                  .endings_before = count_endings,
                                  .apart = is_apart,
                                  .hushed = is_hushed,
                                  .haunted = is_haunted,
                                  .held = is_held,
                                  .lost = is_lost,
                                  .present = is_present,
                                  .forgotten = has_forgotten,
                                  .stirs = count_stirs };
    endings = endings_then = 0;
    stirs = 0;
    ended_at = ended_then = "romeo@example.com";
    apart = hushed = haunted = lost = held = present = forgotten = false;
    *state = room;
    return 0;
}

static int leave(void **state)
{
    struct room *room = *state;
    fates_free(&room->fates);
    rig_free(room->juliet);
    rig_free(room->other);
    disk_free(room->disk);
    world_free(room->world);
    trace_free(room->trace);
    free(room);
    return 0;
}

static struct xml *stanza(const char *text)
{
    const char *problem;
    int line;
    struct xml *parsed = xml_fragment(text, strlen(text), &problem, &line);
    assert_non_null(parsed);
    return parsed;
}

static void sends(struct room *room, const char *text)
{
    struct xml *sent = stanza(text);
    fates_sent(&room->fates, room->juliet->client, sent);
    xml_free(sent);
}

static void receives(struct room *room, const struct rig *who, const char *text)
{
    struct xml *received = stanza(text);
    fates_received(&room->fates, who->client, received);
    xml_free(received);
}

#define SENT      "<message to='romeo@example.com' id='m1'><body>hist</body></message>"
#define DELIVERED "<message from='" FULL_JID "' to='romeo@example.com' id='m1'><body>hist</body></message>"
#define REFUSED   "<message from='romeo@example.com' to='" FULL_JID "' type='error' id='m1'/>"

static void keep(struct room *room)
{
    disk_put(room->disk, "romeo", "example.com", CORE_STORE_OFFLINE, "1", DELIVERED);
}

static void assert_good(struct room *room)
{
    if (!fates_quiet(&room->fates, &room->disk, 1, room->detail, sizeof room->detail))
        fail_msg("%s", room->detail);
}

static void assert_wrong(struct room *room, const char *why)
{
    assert_false(fates_quiet(&room->fates, &room->disk, 1, room->detail, sizeof room->detail));
    if (strstr(room->detail, why) == NULL)
        fail_msg("%s", room->detail);
}

static void what_is_delivered_kept_or_refused_is_well(void **state)
{
    sends(*state, SENT);
    receives(*state, ((struct room *)*state)->other, DELIVERED);
    assert_good(*state);
    sends(*state, "<message to='romeo@example.com' id='m2'/>");
    receives(*state, ((struct room *)*state)->juliet,
             "<message from='romeo@example.com' to='" FULL_JID "' type='error' id='m2'/>");
    assert_good(*state);
    sends(*state, "<message to='romeo@example.com' id='m3' type='chat'/>");
    disk_put(((struct room *)*state)->disk, "romeo", "example.com", CORE_STORE_OFFLINE, "1",
             "<message xmlns='jabber:client' from='" FULL_JID "' id='m3' type='chat'/>");
    assert_good(*state);
}

static void what_is_lost_is_found_out(void **state)
{
    sends(*state, SENT);
    assert_wrong(*state, "the message m1 from " FULL_JID " to romeo@example.com was not delivered");
}

static void what_was_lost_with_a_connection_is_forgiven(void **state)
{
    sends(*state, SENT);
    endings++;
    assert_good(*state);
}

static void what_was_lost_between_two_servers_is_forgiven(void **state)
{
    sends(*state, SENT);
    lost = true;
    assert_good(*state);
}

static void what_was_lost_without_one_is_not(void **state)
{
    endings++;
    sends(*state, SENT);
    assert_wrong(*state, "was not delivered, not stored");
}

static void messages_that_may_not_be_stored_may_be_dropped_without_tell_strangers(void **state)
{
    static const char unkept[] = "<message id='n' type='chat' to='romeo@example.com'><body>x</body>"
                                 "<no-store xmlns='urn:xmpp:hints'/></message>";
    hushed = true;
    sends(*state, unkept);
    assert_good(*state);
    sends(*state, SENT);
    assert_wrong(*state, "was not delivered, not stored");
}

static void two_ends_are_one_too_many(void **state)
{
    sends(*state, SENT);
    receives(*state, ((struct room *)*state)->other, DELIVERED);
    receives(*state, ((struct room *)*state)->juliet, REFUSED);
    assert_wrong(*state, "was delivered and bounced");
}

static void what_is_delivered_is_kept_no_longer(void **state)
{
    sends(*state, SENT);
    keep(*state);
    receives(*state, ((struct room *)*state)->other, DELIVERED);
    assert_wrong(*state, "was delivered and is still stored");
}

static void what_is_refused_is_not_kept(void **state)
{
    sends(*state, SENT);
    keep(*state);
    receives(*state, ((struct room *)*state)->juliet, REFUSED);
    assert_wrong(*state, "was bounced and stored");
}

static void what_was_kept_is_delivered_to_one(void **state)
{
    struct room *room = *state;
    sends(room, SENT);
    keep(room);
    assert_good(room);
    struct disk *empty = disk_new(room->world, nothing, NULL);
    receives(room, room->other, DELIVERED);
    assert_true(fates_quiet(&room->fates, &empty, 1, room->detail, sizeof room->detail));
    receives(room, room->juliet, DELIVERED);
    assert_false(fates_quiet(&room->fates, &empty, 1, room->detail, sizeof room->detail));
    assert_non_null(strstr(room->detail, "more than once"));
    disk_free(empty);
}

/* A message that was correct at quiescence is checked again when a stanza arrives. */
static void what_was_well_may_still_go_wrong(void **state)
{
    struct room *room = *state;
    sends(room, SENT);
    receives(room, room->other, DELIVERED);
    assert_good(room);
    assert_good(room);
    receives(room, room->other, DELIVERED);
    assert_wrong(room, "to the same client twice");
}

static void what_was_well_may_be_refused_later(void **state)
{
    struct room *room = *state;
    sends(room, SENT);
    receives(room, room->other, DELIVERED);
    assert_good(room);
    receives(room, room->juliet, REFUSED);
    assert_wrong(room, "was delivered and bounced");
}

static void what_was_well_may_be_kept_later(void **state)
{
    struct room *room = *state;
    sends(room, SENT);
    receives(room, room->other, DELIVERED);
    assert_good(room);
    keep(room);
    assert_wrong(room, "was delivered and is still stored");
}

/* It was under way to a client that could not acknowledge it, some time after it had been correct. */
static void what_was_well_is_forgiven_once_it_is_held(void **state)
{
    struct room *room = *state;
    sends(room, SENT);
    receives(room, room->other, DELIVERED);
    assert_good(room);
    held = true;
    assert_good(room);
    held = false;
    receives(room, room->other, DELIVERED);
    assert_good(room);
}

static void of_two_violations_the_first_is_reported(void **state)
{
    struct room *room = *state;
    sends(room, SENT);
    sends(room, "<message to='romeo@example.com' id='m2'><body>hist</body></message>");
    assert_wrong(room, "the message m1 ");
}

static void no_client_gets_a_message_twice(void **state)
{
    sends(*state, SENT);
    receives(*state, ((struct room *)*state)->other, DELIVERED);
    receives(*state, ((struct room *)*state)->other, DELIVERED);
    assert_wrong(*state, "twice");
}

static void stanzas_without_an_id_and_errors_do_not_count(void **state)
{
    sends(*state, "<message to='romeo@example.com'/>");
    sends(*state, "<message to='romeo@example.com' id='e' type='error'/>");
    sends(*state, "<iq to='romeo@example.com' id='i' type='get'/>");
    assert_good(*state);
}

/* ---- Several messages with one id ---- */

#define SENT_OTHER "<message to='romeo@example.com' id='m1'><body>ho</body></message>"
#define DELIVERED_OTHER                                                                                      \
    "<message from='" FULL_JID "' to='romeo@example.com' id='m1'><body>ho</body></message>"

static void messages_that_are_alike_are_counted(void **state)
{
    struct room *room = *state;
    sends(room, SENT);
    sends(room, SENT);
    receives(room, room->other, DELIVERED);
    assert_wrong(room, "was not delivered, not stored and not bounced");
    receives(room, room->other, DELIVERED);
    assert_good(room);
    receives(room, room->other, DELIVERED);
    assert_wrong(room, "was delivered to the same client twice");
}

/* Both may have gone to both clients, or one to each. */
static void messages_that_are_alike_may_go_to_several_clients(void **state)
{
    struct room *room = *state;
    sends(room, SENT);
    sends(room, SENT);
    receives(room, room->other, DELIVERED);
    receives(room, room->juliet, DELIVERED);
    assert_good(room);
    receives(room, room->other, DELIVERED);
    receives(room, room->juliet, DELIVERED);
    assert_good(room);
    receives(room, room->juliet, DELIVERED);
    assert_wrong(room, "was delivered to the same client twice");
}

static void messages_that_are_alike_may_have_different_fates(void **state)
{
    struct room *room = *state;
    sends(room, SENT);
    sends(room, SENT);
    sends(room, SENT);
    receives(room, room->other, DELIVERED);
    receives(room, room->juliet, REFUSED);
    assert_wrong(room, "was not delivered, not stored and not bounced");
    keep(room);
    assert_good(room);
    receives(room, room->juliet, REFUSED);
    assert_wrong(room, "was delivered and bounced");
}

static void one_message_is_bounced_and_stored_once(void **state)
{
    struct room *room = *state;
    sends(room, SENT);
    receives(room, room->juliet, REFUSED);
    assert_good(room);
    receives(room, room->juliet, REFUSED);
    assert_wrong(room, "was bounced twice");
}

static void one_message_is_not_stored_twice(void **state)
{
    struct room *room = *state;
    sends(room, SENT);
    keep(room);
    disk_put(room->disk, "romeo", "example.com", CORE_STORE_OFFLINE, "2", DELIVERED);
    assert_wrong(room, "was stored twice");
    sends(room, SENT);
    assert_good(room);
}

/* One of two may be stored, and the other have gone to two clients; not so if both were stored. */
static void as_many_as_were_kept_are_delivered_to_one(void **state)
{
    struct room *room = *state;
    struct disk *empty = disk_new(room->world, nothing, NULL);
    sends(room, SENT);
    sends(room, SENT);
    keep(room);
    receives(room, room->other, DELIVERED);
    receives(room, room->juliet, DELIVERED);
    assert_good(room);
    receives(room, room->other, DELIVERED);
    assert_true(fates_quiet(&room->fates, &empty, 1, room->detail, sizeof room->detail));
    keep(room);
    disk_put(room->disk, "romeo", "example.com", CORE_STORE_OFFLINE, "2", DELIVERED);
    assert_wrong(room, "was delivered and is still stored");
    assert_false(fates_quiet(&room->fates, &empty, 1, room->detail, sizeof room->detail));
    assert_non_null(strstr(room->detail, "more than once"));
    disk_free(empty);
}

static void messages_with_one_id_are_told_apart_by_their_content(void **state)
{
    struct room *room = *state;
    sends(room, SENT);
    receives(room, room->other, DELIVERED);
    assert_good(room);
    sends(room, SENT_OTHER);
    assert_wrong(room, "was not delivered, not stored and not bounced");
    receives(room, room->other, DELIVERED_OTHER);
    assert_good(room);
    receives(room, room->other, DELIVERED);
    assert_wrong(room, "was delivered to the same client twice");
}

static void what_is_stored_is_told_apart_by_its_content(void **state)
{
    struct room *room = *state;
    sends(room, SENT);
    sends(room, SENT_OTHER);
    keep(room);
    receives(room, room->other, DELIVERED_OTHER);
    assert_good(room);
    receives(room, room->other, DELIVERED);
    assert_wrong(room, "was delivered and is still stored");
}

/* The error does not say which it is about; it is about one. */
static void of_two_contents_an_error_is_about_either(void **state)
{
    struct room *room = *state;
    sends(room, SENT);
    sends(room, SENT_OTHER);
    receives(room, room->juliet, REFUSED);
    assert_wrong(room, "was not delivered, not stored and not bounced");
    receives(room, room->other, DELIVERED_OTHER);
    assert_good(room);
    receives(room, room->other, DELIVERED);
    assert_wrong(room, "was delivered and bounced");
}

static void messages_with_one_id_are_told_apart_by_their_address(void **state)
{
    struct room *room = *state;
    sends(room, "<message to='ROMEO@Example.com' id='m1'><body>hist</body></message>");
    sends(room, "<message to='nobody@example.com' id='m1'><body>hist</body></message>");
    receives(room, room->other, DELIVERED);
    assert_wrong(room, "to nobody@example.com was not delivered, not stored and not bounced");
    receives(room, room->juliet, "<message from='nobody@example.com' type='error' id='m1'/>");
    assert_good(room);
    receives(room, room->juliet, REFUSED);
    assert_wrong(room, "was delivered and bounced");
}

/* A server may write another address into what it delivers. */
static void a_changed_address_is_no_loss(void **state)
{
    struct room *room = *state;
    sends(room, SENT);
    receives(room, room->other,
             "<message from='" FULL_JID
             "' to='romeo@example.com/orchard' id='m1'><body>hist</body></message>");
    assert_good(room);
}

/* RFC 6120, 8.3.1: an error about a malformed address need not say which. */
static void an_error_from_no_address_is_about_any_message(void **state)
{
    struct room *room = *state;
    sends(room, "<message to='@' id='m1'><body>hist</body></message>");
    sends(room, SENT);
    receives(room, room->juliet, "<message to='" FULL_JID "' type='error' id='m1'/>");
    receives(room, room->other, DELIVERED);
    assert_good(room);
}

/* The server may drop it, and deliver it, but not twice. */
static void what_may_be_dropped_is_no_other_message(void **state)
{
    static const char headline[] =
        "<message from='" FULL_JID "' to='romeo@example.com' id='m1' type='headline'/>";
    struct room *room = *state;
    sends(room, SENT);
    receives(room, room->other, DELIVERED);
    sends(room, "<message to='romeo@example.com' id='m1' type='headline'/>");
    assert_good(room);
    receives(room, room->other, headline);
    assert_good(room);
    receives(room, room->other, headline);
    assert_wrong(room, "was delivered to the same client twice");
}

static void what_may_be_dropped_may_be_refused(void **state)
{
    struct room *room = *state;
    sends(room, SENT);
    receives(room, room->other, DELIVERED);
    sends(room, "<message to='romeo@example.com' id='m1' type='headline'/>");
    receives(room, room->juliet, REFUSED);
    assert_good(room);
    receives(room, room->juliet, REFUSED);
    assert_wrong(room, "was delivered and bounced");
}

/* A copy (XEP-0280) is a message of the account's own, without an id. */
static void a_copy_is_no_delivery(void **state)
{
    sends(*state, SENT);
    receives(*state, ((struct room *)*state)->other,
             "<message from='juliet@example.com'><sent xmlns='urn:xmpp:carbons:2'/></message>");
    assert_wrong(*state, "was not delivered, not stored");
}

#define ERROR_OF(name)                                                                                       \
    "<message from='" FULL_JID "' to='" FULL_JID "' type='error' id='m1'><error type='" name "'/></message>"

static void other_sends(struct room *room, const char *text)
{
    struct xml *sent = stanza(text);
    fates_sent(&room->fates, room->other->client, sent);
    xml_free(sent);
}

/* A client may answer with an error of its own (RFC 6120, 8.3), also before the message is sent. */
static void an_error_of_a_clients_own_refuses_nothing(void **state)
{
    struct room *room = *state;
    other_sends(room, ERROR_OF("wait"));
    sends(room, SENT);
    receives(room, room->juliet, ERROR_OF("wait"));
    assert_wrong(room, "was not delivered, not stored and not bounced");
}

/* The server's may look the same. */
static void an_error_like_a_clients_own_may_be_the_servers(void **state)
{
    struct room *room = *state;
    other_sends(room, ERROR_OF("wait"));
    sends(room, "<message to='" FULL_JID "' id='m1'><body>hist</body></message>");
    assert_wrong(room, "was not delivered, not stored and not bounced");
    receives(room, room->juliet, ERROR_OF("wait"));
    assert_good(room);
}

static void an_error_of_a_clients_own_may_follow_a_delivery(void **state)
{
    struct room *room = *state;
    sends(room, "<message to='" FULL_JID "' id='m1'><body>hist</body></message>");
    receives(room, room->other,
             "<message from='" FULL_JID "' to='" FULL_JID "' id='m1'><body>hist</body></message>");
    other_sends(room, ERROR_OF("wait"));
    receives(room, room->juliet, ERROR_OF("wait"));
    assert_good(room);
    receives(room, room->juliet, ERROR_OF("cancel")); /* the server's */
    assert_wrong(room, "was delivered and bounced");
}

/* One of them is the server's. */
static void more_errors_than_clients_sent_refuse(void **state)
{
    struct room *room = *state;
    sends(room, "<message to='" FULL_JID "' id='m1'><body>hist</body></message>");
    other_sends(room, ERROR_OF("wait"));
    receives(room, room->juliet, ERROR_OF("wait"));
    receives(room, room->juliet, ERROR_OF("wait"));
    assert_good(room);
}

/* What a client writes may be the rest of a message, or contain what it sends behind it. */
static void a_client_that_writes_no_whole_stanzas_may_have_sent_more(void **state)
{
    struct room *room = *state;
    sends(room, SENT);
    fates_unclear(&room->fates, room->juliet->client);
    assert_wrong(room, "was not delivered, not stored and not bounced");
    receives(room, room->other, DELIVERED);
    receives(room, room->other, DELIVERED);
    assert_good(room);
    sends(room, SENT_OTHER);
    assert_good(room);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

/* ---- Excuses for memory and crashes ---- */

static void lose(struct room *room)
{
    static const struct core_store_entry gone = { "1", NULL };
    disk_request(room->disk, &(struct core_store_request){ .op = CORE_SAVE,
                                                           .store = CORE_STORE_OFFLINE,
                                                           .username = "romeo",
                                                           .host = "example.com",
                                                           .entries = &gone,
                                                           .entry_count = 1 });
    assert_true(world_settle(room->world, 10));
}

/* XEP-0160, 2: a stored message may be lost with the recipient's connection, once it was delivered, and not
 * with the sender's. */
static void what_was_kept_is_not_lost_with_its_sender(void **state)
{
    struct room *room = *state;
    sends(room, SENT);
    keep(room);
    assert_good(room);
    lose(room);
    ended_at = "juliet@example.com";
    endings++;
    assert_wrong(room, "was not delivered, not stored and not bounced");
}

/* The sender may have received an error after all. */
static void what_was_kept_may_be_lost_with_its_sender_while_the_recipient_is_there(void **state)
{
    struct room *room = *state;
    sends(room, SENT);
    keep(room);
    assert_good(room);
    lose(room);
    ended_at = "juliet@example.com";
    endings++;
    present = true;
    assert_good(room);
}

static void what_was_held_may_be_lost_for_want_of_memory(void **state)
{
    struct room *room = *state;
    held = true;
    sends(room, SENT);
    assert_good(room);
    held = false;
    forgotten = true;
    assert_good(room);
}

static void what_was_not_held_may_not(void **state)
{
    struct room *room = *state;
    sends(room, SENT);
    forgotten = true;
    assert_wrong(room, "was not delivered, not stored and not bounced");
}

static void without_memory_it_may_come_twice(void **state)
{
    struct room *room = *state;
    sends(room, SENT);
    receives(room, room->other, DELIVERED);
    receives(room, room->juliet, REFUSED);
    assert_wrong(room, "was delivered and bounced");
    forgotten = true;
    assert_good(room);
}

/* ---- The description ---- */

/* The caller frees. */
static char *description_of(const struct room *room)
{
    struct description *description = describe_begin(0);
    fates_describe(description, &room->fates);
    return describe_end(description);
}

/* Whether a call of `does` changes the description. */
static bool is_told_apart(struct room *room, void (*does)(struct room *room))
{
    char *before = description_of(room);
    does(room);
    char *after = description_of(room);
    const bool is_other = strcmp(before, after) != 0;
    free(before);
    free(after);
    return is_other;
}

static void sends_a_message(struct room *room)
{
    sends(room, SENT);
}

static void sends_another(struct room *room)
{
    sends(room, "<message to='romeo@example.com' type='chat' id='m1'><body>Something else</body></message>");
}

static void sends_an_error(struct room *room)
{
    sends(room, "<message to='romeo@example.com' type='error' id='m1'/>");
}

static void receives_an_error(struct room *room)
{
    receives(room, room->juliet, REFUSED);
}

static void loses_sight(struct room *room)
{
    fates_unclear(&room->fates, room->juliet->client);
}

/* All that can still matter; and the same again is something else. */
static void what_was_sent_and_received_is_described(void **state)
{
    void (*const all[])(struct room * room) = { sends_a_message, sends_a_message, sends_another,
                                                sends_an_error,  sends_an_error,  receives_an_error,
                                                loses_sight };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        assert_true(is_told_apart(*state, all[i]));
    assert_false(is_told_apart(*state, loses_sight));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_sent_and_received_is_described),
        TEST(what_is_delivered_kept_or_refused_is_well),
        TEST(what_is_lost_is_found_out),
        TEST(what_was_lost_with_a_connection_is_forgiven),
        TEST(what_was_lost_between_two_servers_is_forgiven),
        TEST(what_was_lost_without_one_is_not),
        TEST(messages_that_may_not_be_stored_may_be_dropped_without_tell_strangers),
        TEST(two_ends_are_one_too_many),
        TEST(what_is_delivered_is_kept_no_longer),
        TEST(what_is_refused_is_not_kept),
        TEST(what_was_kept_is_delivered_to_one),
        TEST(what_was_well_may_still_go_wrong),
        TEST(what_was_well_may_be_refused_later),
        TEST(what_was_well_may_be_kept_later),
        TEST(what_was_well_is_forgiven_once_it_is_held),
        TEST(of_two_violations_the_first_is_reported),
        TEST(no_client_gets_a_message_twice),
        TEST(stanzas_without_an_id_and_errors_do_not_count),
        TEST(messages_that_are_alike_are_counted),
        TEST(messages_that_are_alike_may_go_to_several_clients),
        TEST(messages_that_are_alike_may_have_different_fates),
        TEST(one_message_is_bounced_and_stored_once),
        TEST(one_message_is_not_stored_twice),
        TEST(as_many_as_were_kept_are_delivered_to_one),
        TEST(messages_with_one_id_are_told_apart_by_their_content),
        TEST(what_is_stored_is_told_apart_by_its_content),
        TEST(of_two_contents_an_error_is_about_either),
        TEST(messages_with_one_id_are_told_apart_by_their_address),
        TEST(a_changed_address_is_no_loss),
        TEST(an_error_from_no_address_is_about_any_message),
        TEST(what_may_be_dropped_is_no_other_message),
        TEST(what_may_be_dropped_may_be_refused),
        TEST(a_copy_is_no_delivery),
        TEST(an_error_of_a_clients_own_refuses_nothing),
        TEST(an_error_like_a_clients_own_may_be_the_servers),
        TEST(an_error_of_a_clients_own_may_follow_a_delivery),
        TEST(more_errors_than_clients_sent_refuse),
        TEST(a_client_that_writes_no_whole_stanzas_may_have_sent_more),
        TEST(what_was_kept_is_not_lost_with_its_sender),
        TEST(what_was_kept_may_be_lost_with_its_sender_while_the_recipient_is_there),
        TEST(what_was_held_may_be_lost_for_want_of_memory),
        TEST(what_was_not_held_may_not),
        TEST(without_memory_it_may_come_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
