/*
 * Each check that needs a server, against one that lies so that it fails, and honest runs that pass.
 */
#include "../checks/checks.h"

#include "../world/heap.h"
#include "liar_rig.h"

#include "../../core/account/user.h"
#include "../../core/session/conn.h"
#include "../../core/session/core_state.h"
#include "../../core/session/session.h"

/* ---- A run in which everything happens that is lied about ---- */

#define RUN                                                                                                  \
    FRIENDS CAST BOTH ASKS("Juliet") COMES("Juliet") COMES("Romeo")                                          \
        ADDS_NURSE GOES("Romeo") "Juliet is available\n"
static void an_honest_server_is_not_accused(void **state)
{
    (void)state;
    goes_unnoticed(&liar_open, (struct lie){ .refuse = false }, RUN);
}

/* A roster changes while its owner is away; requests that wait in it are not shown. */
static void a_returning_client_is_checked_against_the_current_roster(void **state)
{
    (void)state;
    goes_unnoticed(
        &liar_open, (struct lie){ .refuse = false },
        CAST BOTH COMES("Romeo")
            COMES("Juliet") "Juliet disconnects\n"
                            "Romeo sends:\n"
                            "\t<presence type='subscribe' to='juliet@localhost'/>\n"
                            "Juliet connects\n" ASKS("Juliet")
                                COMES("Juliet") "Juliet's roster is:\n\tromeo@localhost: none, pending\n");
    goes_unnoticed(&liar_open, (struct lie){ .refuse = false },
                   FRIENDS CAST BOTH COMES("Romeo")
                       COMES("Juliet") "Juliet disconnects\n"
                                       "Romeo sends:\n"
                                       "\t<presence type='unsubscribe' "
                                       "to='juliet@localhost'/>\n"
                                       "Juliet connects\n" COMES("Juliet")
                                           COMES("Romeo") "Juliet's roster is:\n\tromeo@localhost: to\n");
}

/* Without inspection the checks that need it are not run. */
static void a_server_that_is_shut_is_judged_by_what_it_sends(void **state)
{
    (void)state;
#define SHUT_RUN FRIENDS CAST BOTH ASKS("Juliet") COMES("Juliet") COMES("Romeo") ADDS_NURSE GOES("Romeo")
    goes_unnoticed(&liar_shut, (struct lie){ .refuse = false }, SHUT_RUN);
    goes_unnoticed(&liar_shut, (struct lie){ .to = JULIET, .swallow = "from='" ORCHARD "'" }, SHUT_RUN);
}

/* ---- On a session ---- */

static void give_priority(struct core *core)
{
    core->sessions->priority = 5;
}

static void a_session_that_the_event_concerned_is_judged(void **state)
{
    (void)state;
    struct player_result result =
        run_lying((struct lie){ .seen = "</bind>", .spoil = give_priority }, &liar_open, RUN);
    assert_string_equal(result.check, "priority-needs-presence");
    assert_int_equal(result.line, FIRST_STEP + 4);
    static const char said[] =
        "the check priority-needs-presence does not hold: presence is not set, but the priority "
        "is 5 (session c2s of " ORCHARD "). The rule (Prosody's doc/session.txt): the resource "
        "priority is 0 until presence says otherwise. Seen at line 19 of the trace, 0.013000000 s";
    assert_string_equal(result.summary, said);
    player_result_free(&result);
}

static void a_bound_session_must_be_in_the_tables(void **state)
{
    (void)state;
    is_caught((struct lie){ .look_elsewhere = true }, RUN, "tables-have-session",
              "the table of full JIDs has another session, or none, for " ORCHARD);
}

/* ---- On the server ---- */

static void a_closed_connection_must_get_no_output(void **state)
{
    (void)state;
    static const char text[] = CAST BOTH "Romeo disconnects\n" COMES("Juliet");
    const struct lie ghost = { .to = JULIET, .seen = "<presence", .add = "<message/>", .add_to = ROMEO };
    is_caught(ghost, text, "destroyed-is-silent",
              "the server sent data 1 times on a connection that had ended");
    is_caught_by(&liar_shut, ghost, text, "destroyed-is-silent", "sent data 1 times");
}

static void count_a_session_too_many(struct core *core)
{
    core->session_count++;
}

static void count_a_host_session_too_few(struct core *core)
{
    struct host *host = map_first(&core->hosts);
    host->sessions--;
}

static void count_a_resource_too_many(struct core *core)
{
    struct user *user = map_first(&core->users);
    user->resource_count++;
}

static void the_tables_must_agree(void **state)
{
    (void)state;
    is_caught((struct lie){ .seen = "</bind>", .spoil = count_a_session_too_many }, RUN, "tables-agree",
              "2 sessions are counted, and there are 1");
    is_caught((struct lie){ .to = JULIET, .seen = "</bind>", .spoil = count_a_host_session_too_few }, RUN,
              "tables-agree", "1 sessions are counted by host, and 2 have one");
    is_caught((struct lie){ .seen = "</bind>", .spoil = count_a_resource_too_many }, RUN, "tables-agree",
              "2 sessions are listed by bare JID, and 1 are bound");
}

static void let_a_session_wait(struct core *core)
{
    core->sessions->prev->waiting = true; /* the last that came */
}

static void at_quiescence_no_work_may_wait(void **state)
{
    (void)state;
    static const char is_kept[] =
        CAST "Romeo connects\n"
             "Romeo sends:\n\t<message to='juliet@localhost' type='chat'><body>x</body></message>\n";
    is_caught((struct lie){ .swallow_saves = true }, is_kept, "quiet-means-done",
              "1 storage requests are unanswered");
    is_caught((struct lie){ .seen = "<presence", .spoil = let_a_session_wait },
              FRIENDS CAST BOTH COMES("Juliet") COMES("Romeo"), "quiet-means-done",
              "a session waits for storage, but no request is under way");
}

static void change_what_is_cached(struct core *core)
{
    core->cached->roster->revision++;
}

static void cache_more_than_there_is_room_for(struct core *core)
{
    core->settings.limits.cached_accounts = 0;
}

static void cache_too_many_bytes(struct core *core)
{
    core->settings.limits.cached_bytes = core->cached_bytes - 1;
}

static void cache_nobody(struct core *core)
{
    memcpy(core->cached->username, "nobody", sizeof "nobody");
}

/* Juliet is away, and her account is loaded for Romeo's probe; then he is sent his roster. */
static void the_cache_must_be_what_is_stored(void **state)
{
    static const char away[] = FRIENDS CAST "Romeo connects\n" COMES("Romeo") ASKS("Romeo");
    (void)state;
    is_caught((struct lie){ .seen = "jabber:iq:roster", .spoil = change_what_is_cached }, away,
              "the-cache-is-stored",
              "the cache has version 2 of the roster of juliet@localhost, but storage has version 1");
    is_caught((struct lie){ .seen = "jabber:iq:roster", .spoil = cache_nobody }, away, "the-cache-is-stored",
              "nobody@localhost is in the cache, but there is no such account");
    is_caught((struct lie){ .seen = "jabber:iq:roster", .spoil = cache_more_than_there_is_room_for }, away,
              "the-cache-is-stored", "1 accounts of");
    is_caught((struct lie){ .seen = "jabber:iq:roster", .spoil = cache_too_many_bytes }, away,
              "the-cache-is-stored", " bytes are in the cache");
}

static void all_memory_must_be_given_back(void **state)
{
    (void)state;
    is_caught((struct lie){ .keep_memory = true }, RUN, "nothing-leaks",
              "100 bytes in 1 blocks were not freed");
    heap_memory().free(liar.kept);
    is_caught_by(&liar_shut, (struct lie){ .keep_memory = true }, SHUT_RUN, "nothing-leaks", "100 bytes");
    heap_memory().free(liar.kept);
}

/* Allocates this much at once, and frees it. */
static void use_memory(struct core *core)
{
    core->ports.memory.free(core->ports.memory.alloc((size_t)1 << 23));
}

/* The bounds are those of our core; what a kind without inspection keeps is unknown. */
static void no_more_may_be_written_or_used_than_was_read(void **state)
{
    (void)state;
    static char much[50001];
    memset(much, ' ', sizeof much - 1);
    const struct lie writes = { .to = JULIET, .seen = "</bind>", .add = much, .add_to = ROMEO };
    is_caught(writes, RUN, "costs-are-bounded", "bytes to one recipient: 50000, but at most ");
    goes_unnoticed(&liar_shut, writes, SHUT_RUN);
    const struct lie uses = { .to = JULIET, .seen = "</bind>", .spoil = use_memory };
    is_caught(uses, RUN, "costs-are-bounded", "memory: 8");
    goes_unnoticed(&liar_shut, uses, SHUT_RUN);
}

/* A run that has failed already stays failed for the first reason. */
static void the_first_failure_counts(void **state)
{
    (void)state;
    struct player_result result =
        run_lying((struct lie){ .keep_memory = true }, &liar_open, CAST "Romeo is connected\n");
    assert_null(result.check);
    assert_string_equal(result.summary, "Romeo is not connected: there is no session");
    player_result_free(&result);
    heap_memory().free(liar.kept);
    is_caught((struct lie){ .look_elsewhere = true, .seen = "</bind>", .spoil = give_priority }, RUN,
              "priority-needs-presence", "the priority is 5");
}

/* ---- On a client's view ---- */

static void only_clients_that_requested_the_roster_are_interested(void **state)
{
    (void)state;
    static const char asks[] = "<iq type='get' id='forged'><query xmlns='jabber:iq:roster'/></iq>";
    is_caught((struct lie){ .seen = "<presence", .hear = asks, .swallow = "id='forged'" }, RUN,
              "interested-when-asked", "Romeo never asked for its roster, and its session is interested");
    is_caught((struct lie){ .to = JULIET, .deaf = "jabber:iq:roster", .reply = "<iq type='result' id='r'/>" },
              FRIENDS CAST BOTH ASKS("Juliet"), "interested-when-asked",
              "Juliet asked for its roster, and its session is not");
}

/* RFC 6121, 2.1.6. */
static void a_roster_push_must_not_be_lost(void **state)
{
    (void)state;
    is_caught((struct lie){ .to = JULIET, .swallow = "id='push" }, RUN, "roster-converges",
              "Juliet does not have nurse@localhost in the roster that it sees");
}

#define PUSH(item) "<iq type='set' id='forged'><query xmlns='jabber:iq:roster' ver='99'>" item "</query></iq>"

static void a_roster_push_must_say_what_is_so(void **state)
{
    (void)state;
    static const struct {
        const char *push, *detail;
    } rows[] = {
        { PUSH("<item jid='nurse@localhost' name='Nurse' subscription='to'><group>Servants</group></item>"),
          "Juliet sees nurse@localhost as 'to', called Nurse; the server has 'none', called Nurse" },
        { PUSH("<item jid='nurse@localhost' name='Nurse' ask='subscribe'><group>Servants</group></item>"),
          "Juliet sees nurse@localhost as 'none', ask, called Nurse; the server has 'none', called Nurse" },
        { PUSH("<item jid='nurse@localhost'><group>Servants</group></item>"),
          "called (unset); the server has 'none', called Nurse" },
        { PUSH("<item jid='nurse@localhost' name='Nurse'><group>Friends</group></item>"),
          "Juliet sees nurse@localhost in other groups than the server has" },
        { PUSH("<item jid='nurse@localhost' name='Nurse'/>"),
          "Juliet sees nurse@localhost in other groups than the server has" },
        { PUSH("<item jid='nurse@localhost' name='Nurse'><group>Servants</group><group>Old</group></item>"),
          "Juliet sees nurse@localhost in other groups than the server has" },
        { PUSH("<item jid='tybalt@localhost'/>"), "Juliet sees 3 contacts in its roster; the server has 2" },
        { PUSH("<item jid='nurse@localhost' subscription='remove'/>"),
          "Juliet does not have nurse@localhost in the roster that it sees" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        is_caught((struct lie){ .to = JULIET, .seen = "id='push", .add = rows[i].push, .add_to = JULIET },
                  RUN, "roster-converges", rows[i].detail);
    static const char same[] =
        PUSH("<item jid='nurse@localhost' name='Nurse' subscription='none'><group>Servants</group></item>");
    is_caught((struct lie){ .to = JULIET, .seen = "id='push", .add = same, .add_to = JULIET }, RUN,
              "durability", "Juliet has version 99 of its roster, but storage has version 2");
}

/* RFC 6121, 4.2.2. */
static void presence_must_reach_subscribers(void **state)
{
    (void)state;
    is_caught((struct lie){ .to = JULIET, .swallow = "from='" ORCHARD "'" }, RUN, "everybody-is-seen",
              "Juliet does not see " ORCHARD " online, although it is");
    /* A new client receives the presence of the contacts that are already online. */
    is_caught((struct lie){ .to = ROMEO, .swallow = "from='juliet@localhost/balcony'" }, RUN,
              "everybody-is-seen", "Romeo does not see juliet@localhost/balcony online, although it is");
    /* The own resource too. */
    is_caught((struct lie){ .to = JULIET, .swallow = "from='juliet@localhost/balcony'" }, RUN,
              "everybody-is-seen", "Juliet does not see juliet@localhost/balcony online, although it is");
}

/* RFC 6121, 4.5.2. */
#define TOLD "juliet@localhost/balcony was told that " ORCHARD " is available, and not that it is no more"

static void unavailable_must_reach_clients_that_saw_available(void **state)
{
    (void)state;
    const struct lie swallow = { .to = JULIET, .swallow = "type='unavailable' from='" ORCHARD "'" };
    is_caught(swallow, RUN, "leaves-reach-who-saw", TOLD);
    is_caught(swallow, FRIENDS CAST BOTH COMES("Juliet") COMES("Romeo") "Romeo drops the connection\n",
              "leaves-reach-who-saw", TOLD);
}

#define DIRECTS "Romeo sends:\n\t<presence to='juliet@localhost/balcony'/>\n"

/* RFC 6121, 4.6.3: broadcast unavailable presence also goes to the recipients of directed presence. */
static void unavailable_must_reach_recipients_of_directed_presence(void **state)
{
    (void)state;
    const struct lie swallow = { .to = JULIET, .swallow = "type='unavailable' from='" ORCHARD "'" };
    static const char text[] = CAST BOTH COMES("Juliet") DIRECTS GOES("Romeo");
    is_caught(swallow, text, "nobody-lingers", "Juliet sees " ORCHARD " online, but it is not");
    goes_unnoticed(&liar_open, (struct lie){ .refuse = false }, text);
    goes_unnoticed(&liar_open, swallow, CAST BOTH COMES("Juliet") DIRECTS);
}

/* ---- On receipt ---- */

static void no_client_gets_roster_pushes_without_a_request(void **state)
{
    (void)state;
    const struct lie push = {
        .to = JULIET, .seen = "id='push", .add = PUSH("<item jid='a@localhost'/>"), .add_to = ROMEO
    };
    is_caught(push, RUN, "pushes-reach-the-interested",
              "never asked for the roster; this leaves to " ORCHARD);
    is_caught_by(&liar_shut, push, SHUT_RUN, "pushes-reach-the-interested", "never asked for the roster");
}

static void no_client_sees_presence_without_a_right(void **state)
{
    (void)state;
    struct lie stranger = {
        .to = JULIET, .seen = "<presence", .add = "<presence from='tybalt@localhost/x'/>", .add_to = JULIET
    };
    is_caught(
        stranger, RUN, "presence-needs-a-right",
        "juliet@localhost/balcony received presence of tybalt@localhost/x without a subscription, and it was "
        "not directed");
    /* A subscription has one direction. */
    stranger.add = "<presence from='" ORCHARD "'/>";
    is_caught(stranger, "[Roster] romeo@localhost\n\tjuliet@localhost: to\n" CAST BOTH COMES("Juliet"),
              "presence-needs-a-right", "received presence of " ORCHARD " without a subscription");
}

/* Directed presence counts until its sender leaves. */
static void directed_presence_gives_a_right_for_as_long_as_it_lasts(void **state)
{
    (void)state;
    goes_unnoticed(&liar_open, (struct lie){ .refuse = false }, CAST BOTH DIRECTS DIRECTS);
    goes_unnoticed(&liar_open, (struct lie){ .refuse = false },
                   CAST BOTH
                   "Romeo sends raw \"<presence to='JULIET@localhost/balcony'/>\" in pieces of 3\n");
    const struct lie again = {
        .to = JULIET, .seen = "<message", .add = "<presence from='" ORCHARD "'/>", .add_to = JULIET
    };
#define WRITES "Romeo sends:\n\t<message to='juliet@localhost/balcony'/>\n"
    is_caught(again, CAST BOTH DIRECTS GOES("Romeo") WRITES, "presence-needs-a-right",
              "without a subscription, and it was not directed");
    is_caught(again, CAST BOTH DIRECTS "Romeo drops the connection\nRomeo connects\n" WRITES,
              "presence-needs-a-right", "without a subscription, and it was not directed");
    is_caught(again,
              CAST BOTH DIRECTS
              "Romeo sends:\n\t<presence type='unavailable' to='juliet@localhost/balcony'/>\n" WRITES,
              "presence-needs-a-right", "without a subscription, and it was not directed");
}

static void unavailable_is_announced_once(void **state)
{
    (void)state;
    const struct lie twice = { .to = JULIET,
                               .seen = "type='unavailable' from='" ORCHARD "'",
                               .add = "<presence type='unavailable' from='" ORCHARD "'/>",
                               .add_to = JULIET };
    is_caught(twice, RUN, "unavailable-once",
              "Juliet received unavailable presence of " ORCHARD
              ", but never received available presence of it");
    is_caught_by(&liar_shut, twice, SHUT_RUN, "unavailable-once",
                 "Juliet received unavailable presence of " ORCHARD);
}

/* XEP-0198, 5: what was acknowledged before it came is not sent again, and only that may be missing. */
static void what_a_managed_client_receives_is_counted(void **state)
{
    (void)state;
#define MANAGES "## checks only\n" CAST BOTH "Romeo enables stream management\n"
#define SHOWS   "Juliet sends:\n\t<presence to='" ORCHARD "'/>\n"
#define MISSES  MANAGES "Romeo stops reading\n" SHOWS "Romeo acknowledges 1\nRomeo resumes\n"
    goes_unnoticed(&liar_open, (struct lie){ .refuse = false }, MISSES);
    is_caught((struct lie){ .to = ROMEO, .swallow = "<presence" }, MANAGES SHOWS "Romeo acknowledges 1\n",
              "counts-agree", "Romeo received 0 stanzas, but the server sent 1");
    is_caught((struct lie){ .to = 2, .swallow = "<presence" }, MISSES SHOWS, "counts-agree",
              "Romeo received 0 stanzas, but the server sent 2");
#undef MISSES
#undef SHOWS
#undef MANAGES
}

/* Directed unavailable presence is allowed at any time, and from a bare JID it says that no resource is
 * available. */
static void some_unavailable_presence_comes_unannounced(void **state)
{
    (void)state;
    goes_unnoticed(&liar_open, (struct lie){ .refuse = false },
                   CAST BOTH
                   "Romeo sends:\n\t<presence type='unavailable' to='juliet@localhost/balcony'/>\n");
    goes_unnoticed(&liar_open,
                   (struct lie){ .to = JULIET,
                                 .seen = "<presence",
                                 .add = "<presence type='unavailable' from='nurse@localhost'/>",
                                 .add_to = JULIET },
                   RUN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_honest_server_is_not_accused),
        cmocka_unit_test(a_returning_client_is_checked_against_the_current_roster),
        cmocka_unit_test(a_server_that_is_shut_is_judged_by_what_it_sends),
        cmocka_unit_test(a_session_that_the_event_concerned_is_judged),
        cmocka_unit_test(a_bound_session_must_be_in_the_tables),
        cmocka_unit_test(a_closed_connection_must_get_no_output),
        cmocka_unit_test(the_tables_must_agree),
        cmocka_unit_test(at_quiescence_no_work_may_wait),
        cmocka_unit_test(the_cache_must_be_what_is_stored),
        cmocka_unit_test(all_memory_must_be_given_back),
        cmocka_unit_test(no_more_may_be_written_or_used_than_was_read),
        cmocka_unit_test(the_first_failure_counts),
        cmocka_unit_test(only_clients_that_requested_the_roster_are_interested),
        cmocka_unit_test(a_roster_push_must_not_be_lost),
        cmocka_unit_test(a_roster_push_must_say_what_is_so),
        cmocka_unit_test(presence_must_reach_subscribers),
        cmocka_unit_test(unavailable_must_reach_clients_that_saw_available),
        cmocka_unit_test(unavailable_must_reach_recipients_of_directed_presence),
        cmocka_unit_test(no_client_gets_roster_pushes_without_a_request),
        cmocka_unit_test(no_client_sees_presence_without_a_right),
        cmocka_unit_test(directed_presence_gives_a_right_for_as_long_as_it_lasts),
        cmocka_unit_test(unavailable_is_announced_once),
        cmocka_unit_test(what_a_managed_client_receives_is_counted),
        cmocka_unit_test(some_unavailable_presence_comes_unannounced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
