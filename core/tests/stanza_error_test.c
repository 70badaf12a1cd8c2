#include "rig.h"
#include "xml/stanza_error.h"

static int set_up(void **state)
{
    rig.memory.live = rig.memory.allocations = rig.memory.fail_at = 0;
    struct stanza *stanza = stanza_new(&rig_memory, "iq", NS_CLIENT);
    element_set(stanza, stanza->root, "type", "get");
    element_set(stanza, stanza->root, "id", "1");
    element_set(stanza, stanza->root, "from", "romeo@localhost/orchard");
    element_set(stanza, stanza->root, "to", "juliet@localhost");
    element_add(stanza, stanza->root, "ping", NS_PING);
    *state = stanza;
    return 0;
}

static int tear_down(void **state)
{
    stanza_free(*state);
    assert_int_equal(rig.memory.live, 0);
    return 0;
}

static void assert_answers(const struct stanza *answer, const char *name, const char *type)
{
    assert_true(element_is(answer->root, name, NS_CLIENT));
    assert_string_equal(element_get(answer->root, "type"), type);
    assert_string_equal(element_get(answer->root, "id"), "1");
    assert_string_equal(element_get(answer->root, "from"), "juliet@localhost");
    assert_string_equal(element_get(answer->root, "to"), "romeo@localhost/orchard");
}

/* RFC 6120, 8.3.1 and 8.3.2. */
static void an_error_has_a_type_a_condition_and_perhaps_a_text(void **state)
{
    struct stanza *answer =
        stanza_error_reply(&rig_memory, *state, (struct stanza_error){ "cancel", "conflict", "taken" });
    assert_answers(answer, "iq", "error");
    const struct element *error = element_child(answer->root, "error", NS_CLIENT);
    assert_string_equal(element_get(error, "type"), "cancel");
    assert_non_null(element_child(error, "conflict", NS_STANZA_ERRORS));
    const struct element *text = element_child(error, "text", NS_STANZA_ERRORS);
    assert_string_equal(element_text(answer, text), "taken");
    assert_null(element_get(text, "xml:lang"));
    stanza_error_say_language(answer);
    assert_string_equal(element_get(text, "xml:lang"), "en");
    stanza_free(answer);
    answer = stanza_error_reply(&rig_memory, *state, (struct stanza_error){ "wait", "gone", NULL });
    error = element_child(answer->root, "error", NS_CLIENT);
    assert_null(element_child(error, "text", NS_STANZA_ERRORS));
    stanza_free(answer);
}

static void each_kind_of_stanza_is_answered_by_its_own(void **state)
{
    static const char *const names[] = { "iq", "message", "presence" };
    struct stanza *stanza = *state;
    for (size_t i = 0; i < 3; i++) {
        stanza->root->name = names[i];
        struct stanza *answer =
            stanza_error_reply(&rig_memory, stanza, (struct stanza_error){ "wait", "gone", NULL });
        assert_answers(answer, names[i], "error");
        stanza_free(answer);
    }
}

/* RFC 6120, 8.2.3. */
static void a_result_is_empty(void **state)
{
    struct stanza *answer = stanza_result(&rig_memory, *state);
    assert_answers(answer, "iq", "result");
    assert_null(answer->root->first);
    stanza_free(answer);
}

static void an_address_that_is_absent_stays_so(void **state)
{
    struct stanza *stanza = *state;
    element_set(stanza, stanza->root, "to", NULL);
    struct stanza *answer = stanza_result(&rig_memory, stanza);
    assert_null(element_get(answer->root, "from"));
    stanza_free(answer);
}

/* RFC 6120, 8.3.1: the error for an iq must have an id, an empty one if the iq had none. */
static void the_answer_to_an_iq_without_an_id_has_an_empty_one(void **state)
{
    static const struct {
        const char *name, *id;
    } rows[] = { { "iq", "" }, { "message", NULL }, { "presence", NULL } };
    struct stanza *stanza = *state;
    element_set(stanza, stanza->root, "id", NULL);
    for (size_t i = 0; i < 3; i++) {
        stanza->root->name = rows[i].name;
        struct stanza *answer =
            stanza_error_reply(&rig_memory, stanza, (struct stanza_error){ "modify", "bad-request", NULL });
        const char *id = element_get(answer->root, "id");
        assert_true(rows[i].id == NULL ? id == NULL : id != NULL && strcmp(id, rows[i].id) == 0);
        stanza_free(answer);
    }
}

static void an_answer_may_run_out_of_memory(void **state)
{
    rig.memory.fail_at = rig.memory.allocations + 1;
    assert_null(stanza_result(&rig_memory, *state));
    rig.memory.fail_at = rig.memory.allocations + 1;
    assert_null(stanza_error_reply(&rig_memory, *state, (struct stanza_error){ "wait", "gone", NULL }));
    rig.memory.fail_at = 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_error_has_a_type_a_condition_and_perhaps_a_text, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(each_kind_of_stanza_is_answered_by_its_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_result_is_empty, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_address_that_is_absent_stays_so, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_answer_to_an_iq_without_an_id_has_an_empty_one, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_answer_may_run_out_of_memory, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
