/*
 * Each statement of the seed document about a session: a view that violates it, and the nearest that does
 * not.
 */
#include "../checks/checks_table.h"

#include "inspect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Views hold the address of a roster and never look into it. */
static const struct roster *a_roster(void)
{
    static char roster;
    return (const struct roster *)&roster;
}

/* A connection without inspection. */
static const struct conn *a_conn(void)
{
    static char conn;
    return (const struct conn *)&conn;
}

/* ---- The four states of a session (doc/session.txt) ---- */

static struct session_view connected_only(void)
{
    return (struct session_view){ .conn = a_conn(), .notopen = true, .type = SESSION_C2S_UNAUTHED };
}

static struct session_view opened(void)
{
    return (struct session_view){ .conn = a_conn(), .type = SESSION_C2S_UNAUTHED, .host = "localhost" };
}

static struct session_view authenticated(void)
{
    return (struct session_view){
        .conn = a_conn(), .type = SESSION_C2S_UNBOUND, .host = "localhost", .username = "romeo"
    };
}

static struct session_view bound(void)
{
    return (struct session_view){ .conn = a_conn(),
                                  .type = SESSION_C2S,
                                  .host = "localhost",
                                  .username = "romeo",
                                  .resource = "orchard",
                                  .full_jid = "romeo@localhost/orchard",
                                  .roster = a_roster() };
}

static struct session_view with_presence(const char *presence)
{
    struct session_view view = bound();
    view.presence = presence;
    view.presence_length = strlen(presence);
    return view;
}

/* The name of the first row on a session that it violates, and the detail; or NULL. */
static const char *judge(const struct session_view *view, char *detail, size_t size)
{
    detail[0] = '\0';
    const struct finding finding = { .detail = detail, .size = size };
    const struct check *row = check_broken_by_session(&finding, ON_SESSION, view);
    return row != NULL ? row->name : NULL;
}

static void holds(struct session_view view)
{
    char detail[400] = "";
    const char *name = judge(&view, detail, sizeof detail);
    if (name != NULL)
        print_error("%s: %s\n", name, detail);
    assert_null(name);
    assert_string_equal(detail, "");
}

static void violates(struct session_view view, const char *row, const char *what)
{
    char detail[400] = "";
    const char *name = judge(&view, detail, sizeof detail);
    assert_non_null(name);
    assert_string_equal(name, row);
    assert_string_equal(detail, what);
}

static void each_state_holds(void **state)
{
    (void)state;
    holds(connected_only());
    holds(opened());
    holds(authenticated());
    struct session_view restarting = authenticated();
    restarting.notopen = true;
    holds(restarting);
    holds(bound());
    struct session_view interested = bound();
    interested.interested = true;
    holds(interested);
    struct session_view available = with_presence("<presence><priority>-5</priority></presence>");
    available.priority = -5;
    holds(available);
}

static void full_jid_resource_and_roster_come_together(void **state)
{
    (void)state;
    struct session_view view = bound();
    view.resource = NULL;
    violates(view, "connected-resource",
             "full_jid is romeo@localhost/orchard, resource is (unset), roster is loaded");
    view = bound();
    view.roster = NULL;
    violates(view, "connected-resource",
             "full_jid is romeo@localhost/orchard, resource is orchard, roster is (unset)");
    view = bound();
    view.full_jid = NULL;
    violates(view, "connected-resource", "full_jid is (unset), resource is orchard, roster is loaded");
    view = authenticated();
    view.roster = a_roster();
    violates(view, "connected-resource", "full_jid is (unset), resource is (unset), roster is loaded");
    view = authenticated();
    view.resource = "orchard";
    violates(view, "connected-resource", "full_jid is (unset), resource is orchard, roster is (unset)");
}

static void what_is_bound_is_of_type_c2s_and_nothing_else_is(void **state)
{
    (void)state;
    struct session_view view = bound();
    view.type = SESSION_C2S_UNBOUND;
    violates(view, "bound-type", "the type is c2s_unbound and full_jid is romeo@localhost/orchard");
    view = authenticated();
    view.type = SESSION_C2S;
    violates(view, "bound-type", "the type is c2s and full_jid is (unset)");
}

static void an_available_resource_is_connected(void **state)
{
    (void)state;
    struct session_view view = authenticated();
    view.presence = "<presence/>";
    view.presence_length = 11;
    violates(view, "available-is-connected", "presence is set, but full_jid is not");
}

static void an_interested_resource_is_connected(void **state)
{
    (void)state;
    struct session_view view = authenticated();
    view.interested = true;
    violates(view, "interested-is-connected", "the session is interested, but full_jid is not set");
}

static void a_username_comes_with_authentication(void **state)
{
    (void)state;
    struct session_view view = opened();
    view.username = "romeo";
    violates(view, "username-after-authentication", "the type is c2s_unauthed and username is romeo");
    view = authenticated();
    view.username = NULL;
    violates(view, "username-after-authentication", "the type is c2s_unbound and username is (unset)");
    view = bound();
    view.username = NULL;
    violates(view, "username-after-authentication", "the type is c2s and username is (unset)");
}

static void a_host_comes_with_the_stream(void **state)
{
    (void)state;
    struct session_view view = opened();
    view.host = NULL;
    violates(view, "host-after-opening", "the type is c2s_unauthed, the stream is open, and host is (unset)");
    view = connected_only();
    view.host = "localhost";
    violates(view, "host-after-opening",
             "the type is c2s_unauthed, the stream is not open, and host is localhost");
    view = authenticated();
    view.host = NULL;
    view.notopen = true;
    violates(view, "host-after-opening",
             "the type is c2s_unbound, the stream is not open, and host is (unset)");
}

static void a_full_jid_is_made_of_its_parts(void **state)
{
    (void)state;
    static const char *const others[] = {
        "juliet@localhost/orchard",   "romeo@elsewhere/orchard", "romeo@localhost/balcony",
        "romeo@localhost/orchards",   "romeo@localhost/orchar",  "romeo@localhost",
        "romeo@localhost.it/orchard", "rome@localhost/orchard",  "",
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct session_view view = bound();
        view.full_jid = others[i];
        char detail[400] = "";
        assert_string_equal(judge(&view, detail, sizeof detail), "full-jid-is-its-parts");
        assert_non_null(strstr(detail, ", of romeo, localhost and orchard"));
    }
    struct session_view view = bound();
    view.resource = "a/b@c";
    view.full_jid = "romeo@localhost/a/b@c";
    holds(view);
}

static void a_priority_comes_with_presence(void **state)
{
    (void)state;
    struct session_view view = bound();
    view.priority = 1;
    violates(view, "priority-needs-presence", "presence is not set, but the priority is 1");
    view.priority = -1;
    violates(view, "priority-needs-presence", "presence is not set, but the priority is -1");
}

static void presence_has_neither_a_type_nor_an_addressee(void **state)
{
    (void)state;
    violates(with_presence("<presence type='unavailable'/>"), "presence-is-undirected",
             "presence is <presence type='unavailable'/>");
    violates(with_presence("<presence from='a' to='b'><show/></presence>"), "presence-is-undirected",
             "presence is <presence from='a' to='b'><show/></presence>");
    violates(with_presence("<presence id='>' to=\"b\"/>"), "presence-is-undirected",
             "presence is <presence id='>' to=\"b\"/>");
}

/* Only the attributes of the presence itself count. */
static void presence_may_look_as_if_it_had_a_type(void **state)
{
    (void)state;
    holds(with_presence("<presence/>"));
    holds(with_presence("<presence id=' to='/>"));
    holds(with_presence("<presence id=\" type='x' \"/>"));
    holds(with_presence("<presence into='x' subtype='y'/>"));
    holds(with_presence("<presence><x to='y' type='z'/> to=</presence>"));
    holds(with_presence("<presence tot='x'/>"));
}

/* The length counts, not a NUL: bytes after the length are not part of the presence. */
static void presence_ends_where_it_is_said_to(void **state)
{
    (void)state;
    struct session_view view = with_presence("<presence to='juliet@localhost'/>");
    view.presence_length = strlen("<presence t");
    holds(view);
    view.presence_length = 0;
    holds(view);
}

static void what_was_found_is_cut_where_it_must_be(void **state)
{
    (void)state;
    struct session_view view = bound();
    view.priority = 1;
    char detail[12];
    assert_non_null(judge(&view, detail, sizeof detail));
    assert_string_equal(detail, "presence is");
}

/* A violated row is looked up by its name, so names are unique. */
static void every_row_has_a_name_of_its_own_and_says_where_it_comes_from(void **state)
{
    (void)state;
    enum { ROWS_MOST = 128 };
    const char *names[ROWS_MOST];
    const char *sentence;
    const char *source;
    size_t count = 0;
    while (checks_describe(count, &names[count], &sentence, &source)) {
        assert_true(names[count][0] != '\0' && sentence[0] != '\0' && source[0] != '\0');
        for (size_t i = 0; i < count; i++)
            assert_string_not_equal(names[i], names[count]);
        count++;
        assert_true(count < ROWS_MOST);
    }
    assert_int_equal(count, 82);
}

/* XEP-0198, 5. */
static void only_a_hibernating_session_has_no_connection(void **state)
{
    (void)state;
    struct session_view view = bound();
    view.conn = NULL;
    violates(view, "hibernating-has-no-connection",
             "the session has no connection, is not hibernating, bound and not managed");
    view.hibernating = true;
    violates(view, "hibernating-has-no-connection",
             "the session has no connection, is hibernating, bound and not managed");
    view.managed = true;
    holds(view);
    view.conn = a_conn();
    violates(view, "hibernating-has-no-connection",
             "the session has a connection, is hibernating, bound and managed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_state_holds),
        cmocka_unit_test(full_jid_resource_and_roster_come_together),
        cmocka_unit_test(what_is_bound_is_of_type_c2s_and_nothing_else_is),
        cmocka_unit_test(an_available_resource_is_connected),
        cmocka_unit_test(an_interested_resource_is_connected),
        cmocka_unit_test(a_username_comes_with_authentication),
        cmocka_unit_test(a_host_comes_with_the_stream),
        cmocka_unit_test(a_full_jid_is_made_of_its_parts),
        cmocka_unit_test(a_priority_comes_with_presence),
        cmocka_unit_test(presence_has_neither_a_type_nor_an_addressee),
        cmocka_unit_test(presence_may_look_as_if_it_had_a_type),
        cmocka_unit_test(presence_ends_where_it_is_said_to),
        cmocka_unit_test(what_was_found_is_cut_where_it_must_be),
        cmocka_unit_test(every_row_has_a_name_of_its_own_and_says_where_it_comes_from),
        cmocka_unit_test(only_a_hibernating_session_has_no_connection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
