/* Hostile input against the statement of costs.h: each row is passed to a core whole and in pieces of several
 * sizes, with fast and with slow storage, at the core's own limits.  Where work is not counted, whole and in
 * two sizes: how it is cut makes the most difference to the work. */
#include "../../core/tests/shallow.h"
#include "costs_rig.h"
#include "hostile.h"

/* ---- Rows ---- */

enum when {
    CONNECTED, /* the input is first on the connection */
    OPENED,    /* after the stream header, before the login */
    BOUND,     /* from romeo, who is available, as juliet is */
    MANAGED,   /* the same, with stream management */
    CROWDED,   /* the same, as one of thirty resources */
    ELSEWHERE, /* from another server, stanza by stanza */
    ASLEEP,    /* the same, juliet being inactive */
};

struct row {
    const char *name;
    enum when when;
    void (*make)(struct payload *payload);
    void (*prepare)(void); /* prepares storage before any client connects; or NULL */

    /* Something is kept that recipients are owed whenever they ask: what they get in all calls together is no
     * multiple of what is read. */
    bool is_owed;
    unsigned rounds; /* of the hash behind passwords that it may bring about, in ITERATIONS */
};

/* ---- The table ---- */

static const struct row rows[] = {
    { "a header from apostrophes", CONNECTED, header_from, NULL, false, 0 },
    { "a header in a language of apostrophes", CONNECTED, header_language, NULL, false, 0 },
    { "a header to apostrophes", CONNECTED, header_to, NULL, false, 0 },
    { "a header that declares namespaces", CONNECTED, header_namespaces, NULL, false, 0 },
    { "a header that seems to end", CONNECTED, header_tag_that_may_end, NULL, false, 0 },
    { "a document type", CONNECTED, doctype, NULL, false, 0 },
    { "a comment", CONNECTED, comment, NULL, false, 0 },
    { "blanks before a header", CONNECTED, blanks, NULL, false, 0 },
    { "blanks before the login", OPENED, blanks, NULL, false, 0 },
    { "line feeds in a token", OPENED, newlines_in_auth, NULL, false, 0 },
    { "elements in a token", OPENED, elements_in_auth, NULL, false, 0 },
    { "a huge token", OPENED, huge_token, NULL, false, 0 },
    { "a huge name in SCRAM", OPENED, huge_scram_name, NULL, false, 0 },
    { "logins that fail", OPENED, failing_logins, NULL, false, 3 },
    { "logins of nobody", OPENED, logins_of_nobody, NULL, false, 3 },
    { "challenges given up", OPENED, challenges_given_up, NULL, false, 0 },
    { "mechanisms that there are not", OPENED, unknown_mechanisms, NULL, false, 0 },
    { "a comment on a stream", BOUND, comment, NULL, false, 0 },
    { "apostrophes", BOUND, apostrophes, NULL, false, 0 },
    { "ends of sections", BOUND, brackets, NULL, false, 0 },
    { "references", BOUND, references, NULL, false, 0 },
    { "line feeds", BOUND, line_ends, NULL, false, 0 },
    { "carriage returns", BOUND, carriage_returns, NULL, false, 0 },
    { "sections of CDATA", BOUND, cdata, NULL, false, 0 },
    { "empty elements", BOUND, empty_elements, NULL, false, 0 },
    { "text and elements", BOUND, text_and_elements, NULL, false, 0 },
    { "apostrophes in an attribute", BOUND, apostrophes_in_an_attribute, NULL, false, 0 },
    { "line feeds in an attribute", BOUND, newlines_in_an_attribute, NULL, false, 0 },
    { "a tag that seems to end", BOUND, tag_that_may_end, NULL, false, 0 },
    { "a tag that does not end", BOUND, tag_that_does_not_end, NULL, false, 0 },
    { "deep elements", BOUND, deep, NULL, false, 0 },
    { "elements that are too deep", BOUND, too_deep, NULL, false, 0 },
    { "many attributes", BOUND, many_attributes, NULL, false, 0 },
    { "elements of a long namespace", BOUND, long_namespace, NULL, false, 0 },
    { "attributes of a long namespace", BOUND, long_namespace_of_attributes, NULL, false, 0 },
    { "very many attributes of a long namespace", BOUND, attributes_of_one_tag, NULL, false, 0 },
    { "many attributes of an outer namespace", BOUND, attributes_of_an_outer_namespace, NULL, false, 0 },
    { "elements of a namespace that is too long", BOUND, namespace_that_is_too_long, NULL, false, 0 },
    { "many namespaces", BOUND, many_namespaces, NULL, false, 0 },
    { "declarations inside each other", BOUND, nested_declarations, NULL, false, 0 },
    { "many prefixes", BOUND, many_prefixes, NULL, false, 0 },
    { "languages", BOUND, languages, NULL, false, 0 },
    { "blanks between stanzas", BOUND, blanks, NULL, false, 0 },
    { "many names", BOUND, names_of_elements, NULL, false, 0 },
    { "messages that bounce", BOUND, bounced, NULL, false, 0 },
    { "messages to one's own account", BOUND, to_herself, NULL, false, 0 },
    { "short messages", BOUND, to_juliet, NULL, false, 0 },
    { "messages to other servers", BOUND, to_elsewhere, NULL, false, 0 },
    { "copies of copies", BOUND, copies_of_copies, NULL, false, 0 },
    { "errors to and fro", BOUND, errors_to_and_fro, NULL, false, 0 },
    { "malformed requests", BOUND, malformed_requests, NULL, false, 0 },
    { "addresses that are none", BOUND, bad_addresses, NULL, false, 0 },
    { "addresses of combining characters", BOUND, long_addresses, NULL, false, 0 },
    { "questions", BOUND, questions, NULL, false, 0 },
    { "results that nobody asked for", BOUND, results_unasked, NULL, false, 0 },
    { "a large roster asked for again and again", BOUND, roster_asked_for, large_roster, true, 0 },
    { "roster sets", BOUND, roster_sets, NULL, true, 0 },
    { "large roster items", BOUND, large_items, NULL, true, 0 },
    { "a block list", BOUND, block_list, NULL, false, 0 },
    { "blocked and unblocked", BOUND, blocked_and_unblocked, NULL, false, 0 },
    { "unblocked nobody", BOUND, unblocked_nobody, large_roster_and_block_list, false, 0 },
    { "unblocked many who are not blocked", BOUND, unblocked_many, large_roster_and_block_list, false, 0 },
    { "directed presence", BOUND, directed, NULL, false, 0 },
    { "coming and going", BOUND, coming_and_going, large_roster, true, 0 },
    { "coming and going with requests", BOUND, coming_and_going, unanswered_requests, true, 0 },
    { "coming and going with kept messages", BOUND, coming_and_going, kept_messages, true, 0 },
    { "large texts at the end", BOUND, statuses_at_the_end, NULL, false, 0 },
    { "available again and again", BOUND, available_again_and_again, large_roster, false, 0 },
    { "messages to an account of many resources", CROWDED, to_herself, NULL, false, 0 },
    { "available beside many resources", CROWDED, available_again_and_again, NULL, false, 0 },
    { "large presence beside many resources", CROWDED, large_presence, NULL, true, 0 },
    { "unblocked nobody beside many resources", CROWDED, unblocked_nobody, large_roster_and_block_list, false,
      0 },
    { "blocked and unblocked beside many resources", CROWDED, blocked_and_unblocked, NULL, true, 0 },
    { "requests to many", BOUND, requests_to_thousands, NULL, false, 0 },
    { "probes of many", BOUND, probes_of_thousands, NULL, false, 0 },
    { "new passwords", BOUND, passwords, NULL, false, 10 },
    { "asleep and awake", BOUND, asleep_and_awake, NULL, false, 0 },
    { "acknowledgements", MANAGED, acknowledgements, NULL, false, 0 },
    { "an acknowledgement of too much", MANAGED, wrong_acknowledgement, NULL, false, 0 },
    { "messages that nobody acknowledges", MANAGED, to_herself, NULL, false, 0 },
    { "stream management again and again", BOUND, managed_again, NULL, false, 0 },
    { "resumptions of what is not there", BOUND, resumed_in_vain, NULL, false, 0 },
    { "messages for nobody arrive", ELSEWHERE, arrive_for_nobody, NULL, false, 0 },
    { "messages to be kept arrive", ELSEWHERE, arrive_to_be_kept, somebody_away, true, 0 },
    { "requests for subscriptions arrive", ELSEWHERE, arrive_requests, NULL, true, 0 },
    { "probes arrive", ELSEWHERE, arrive_probes, somebody_away, true, 0 },
    { "presence arrives", ELSEWHERE, arrive_presences, NULL, false, 0 },
    { "presence arrives for one asleep", ASLEEP, arrive_presences, NULL, true, 0 },
    { "requests arrive for one asleep", ASLEEP, arrive_requests, NULL, true, 0 },
    { "questions arrive", ELSEWHERE, arrive_requests_of_iq, NULL, false, 0 },
    { "elements of a long namespace arrive", ELSEWHERE, arrive_namespaces, NULL, false, 0 },
};

/* ---- Running them ---- */

static void crowd(void)
{
    for (int i = 0; i < 29; i++) {
        char resource[16];
        (void)snprintf(resource, sizeof resource, "r%d", i);
        rig_say(rig_log_in(rig_romeo, resource), "<presence/>");
    }
}

static bool comes_from_elsewhere(const struct row *row)
{
    return row->when == ELSEWHERE || row->when == ASLEEP;
}

/* Returns the link that it comes on; NULL where it comes from another server. */
static struct rig_link *begin(const struct row *row)
{
    rig_open();
    if (row->prepare != NULL)
        row->prepare();
    rig.juliet = rig_log_in(rig_juliet, "balcony");
    rig_say(rig.juliet, "<presence/>");
    if (row->when == ASLEEP)
        rig_say(rig.juliet, "<inactive xmlns='urn:xmpp:csi:0'/>");
    if (comes_from_elsewhere(row))
        return NULL;
    if (row->when == CONNECTED || row->when == OPENED) {
        rig.romeo = rig_connect();
        if (row->when == OPENED)
            rig_say(rig.romeo, HEADER);
        return rig.romeo;
    }
    if (row->when == CROWDED)
        crowd();
    rig.romeo = rig_log_in(rig_romeo, "orchard");
    if (row->when == MANAGED)
        rig_say(rig.romeo, "<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    rig_say(rig.romeo, "<presence/>");
    return rig.romeo;
}

static void tell(struct rig_link *link, const struct payload *payload, size_t piece)
{
    const struct text *bytes = &payload->bytes;
    if (link != NULL) {
        for (size_t at = 0; at < bytes->length; at += piece)
            rig_receive(link, bytes->bytes + at, bytes->length - at < piece ? bytes->length - at : piece);
        return;
    }
    for (size_t i = 0, at = 0; i < payload->stanzas; at = payload->ends[i++])
        rig_arrive(bytes->bytes + at, payload->ends[i] - at);
}

static void assert_bounded(const struct row *row, size_t piece, bool slow)
{
    const struct costs_excess *excess = &rig.costs.excess;
    char cut[40] = "whole";
    if (piece != SIZE_MAX)
        (void)snprintf(cut, sizeof cut, "in pieces of %zu", piece);
    if (excess->what != NULL)
        fail_msg("%s, %s%s: %s: %llu, but at most %llu are allowed", row->name, cut,
                 slow ? ", storage being slow" : "", excess->what, (unsigned long long)excess->found,
                 (unsigned long long)excess->allowed);
}

static void run(const struct row *row, const struct payload *payload, size_t piece, bool slow)
{
    struct rig_link *link = begin(row);
    assert_bounded(row, piece, slow);
    const uint64_t rounds = work_rounds();
    rig.slow = slow;
    if (!row->is_owed)
        costs_begin_again(&rig.costs);
    tell(link, payload, piece);
    rig_finish();
    assert_bounded(row, piece, slow);
    assert_in_range(work_rounds() - rounds, 0, row->rounds * ITERATIONS);
    rig_free();
}

/* Whether the core is one that counts. */
static bool work_is_counted(void)
{
    const uint64_t before = work_done();
    rig_open();
    rig_free();
    return work_done() > before;
}

static void hostile_input_costs_no_more_than_is_stated(void **state)
{
    (void)state;
    LONG_TEST();
    static const size_t pieces[] = { SIZE_MAX, 7, 1000, 1, 2, 3, 16, 64, 4096 };
    enum { ALL = sizeof pieces / sizeof *pieces, UNCOUNTED = 3 };
    const struct heap_use before = heap_use();
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        struct payload payload = { 0 };
        rows[r].make(&payload);
        size_t sizes = work_is_counted() ? ALL : UNCOUNTED;
        if (comes_from_elsewhere(&rows[r]))
            sizes = 1;
        for (size_t p = 0; p < 2 * sizes; p++)
            run(&rows[r], &payload, pieces[p / 2], p % 2 == 1);
        payload_free(&payload);
    }
    assert_int_equal(heap_use().bytes, before.bytes);
}

/* ---- Resumption ---- */

/* The identifier from <enabled/>. */
static void previous_id(const struct rig_link *link, char *id, size_t size)
{
    const char *at = strstr(link->received.bytes, " id='");
    assert_non_null(at);
    (void)snprintf(id, size, "%.*s", (int)strcspn(at + 5, "'"), at + 5);
}

/* Each time all that is not acknowledged is written again, and it stays what it was. */
static void a_storm_of_resumptions_costs_no_more(void **state)
{
    (void)state;
    static const struct row row = { .name = "a storm of resumptions" };
    char id[100], resume[200];
    rig_open();
    rig.juliet = rig_log_in(rig_juliet, "balcony");
    rig.juliet->listens = true;
    rig_say(rig.juliet, "<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
    previous_id(rig.juliet, id, sizeof id);
    (void)snprintf(resume, sizeof resume, "<resume xmlns='urn:xmpp:sm:3' previd='%s' h='0'/>", id);
    rig.romeo = rig_log_in(rig_romeo, "orchard");
    char *body = times("'", 4000);
    struct payload payload = { 0 };
    for (int i = 0; i < 20; i++)
        put(&payload, "<message to='juliet@h.lit/balcony'><body>%s</body></message>", body);
    tell(rig.romeo, &payload, SIZE_MAX);
    struct rig_link *link = rig.juliet;
    for (int i = 0; i < LINKS - 4; i++) {
        const uint64_t before = rig.costs.written;
        rig_hang_up(link);
        link = rig_authenticate(rig_juliet);
        rig_say(link, resume);
        assert_non_null(link->conn);
        assert_in_range(rig.costs.written - before, 20 * 4000, 20 * 4400);
        assert_bounded(&row, SIZE_MAX, false);
    }
    rig_finish();
    assert_bounded(&row, SIZE_MAX, false);
    free(body);
    payload_free(&payload);
    rig_free();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_input_costs_no_more_than_is_stated),
        cmocka_unit_test(a_storm_of_resumptions_costs_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
