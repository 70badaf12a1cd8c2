/* Values from storage, which are parsed like stanzas, without the limits of a client. */
#include "parser_rig.h"

static struct stanza *read_stored(const struct core_store_entry *entries, size_t count)
{
    struct stanza *all = parser_read_stored(&pool, entries, count);
    parser_pool_empty(&pool);
    return all;
}

static void stored_elements_come_back_as_children(void **state)
{
    (void)state;
    const struct core_store_entry entries[] = { { "a", "<a xmlns='urn:a' b='&apos;'>t</a>" },
                                                { "gone", NULL },
                                                { "b", "<b/>" } };
    struct stanza *all = read_stored(entries, 3);
    assert_non_null(all);
    struct element *a = element_first_child(all->root);
    assert_true(element_is(a, "a", "urn:a"));
    assert_string_equal(element_get(a, "b"), "'");
    assert_string_equal(element_text(all, a), "t");
    assert_true(element_is(element_next_sibling(a), "b", NS_CLIENT));
    assert_null(element_next_sibling(element_next_sibling(a)));
    stanza_free(all);
    assert_int_equal(rig.memory.live, 0);
}

static void malformed_stored_values_are_none(void **state)
{
    (void)state;
    static const char *const values[] = { "<a>",
                                          "</a>",
                                          "text",
                                          "<a/></stored>",
                                          "<!-- c -->",
                                          "</stream:stream>",
                                          "<stream:stream/>text",
                                          "<a/><",
                                          "<![CDATA[ ",
                                          "<a/><![CDATA[ ",
                                          "" };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        const struct core_store_entry entry = { "a", values[i] };
        struct stanza *all = read_stored(&entry, 1);
        assert_int_equal(all == NULL, *values[i] != '\0');
        stanza_free(all);
        assert_int_equal(rig.memory.live, 0);
    }
}

/* Without entries there is nothing to parse: an empty roster is no error. */
static void without_entries_there_are_no_children(void **state)
{
    (void)state;
    const struct core_store_entry removed = { "a", NULL };
    for (size_t count = 0; count < 2; count++) {
        struct stanza *all = read_stored(&removed, count);
        assert_non_null(all);
        assert_null(element_first_child(all->root));
        stanza_free(all);
    }
    assert_int_equal(rig.memory.live, 0);
}

/* Stored stanzas were within the limits when they arrived. */
static void names_in_storage_are_never_too_many(void **state)
{
    (void)state;
    struct core_store_entry entry = { "", NULL };
    char *ns = strdup(rig_filled("<m xmlns:p='", 'x', 10000, "'>"));
    struct buffer xml;
    buffer_init(&xml, &rig_memory);
    buffer_string(&xml, ns);
    for (int i = 0; i < 1000; i++)
        buffer_string(&xml, "<p:a/>");
    buffer_append(&xml, "</m>", sizeof "</m>");
    entry.value = xml.bytes;
    struct stanza *stanza = parser_read_stored(&pool, &entry, 1);
    assert_non_null(stanza);
    stanza_free(stanza);
    buffer_free(&xml);
    free(ns);
    parser_pool_empty(&pool);
    assert_int_equal(rig.memory.live, 0);
}

/* A client's limits were checked when the stanza arrived; the stored form has a wrapper. */
static void no_limit_of_a_client_holds(void **state)
{
    (void)state;
    enum { DEEP = 2000, MANY = 5000 }; /* more than the default limits */
    const struct core_limits limits = core_settings_default().limits;
    assert_true(limits.depth < DEEP && limits.attributes < MANY);
    struct buffer xml;
    buffer_init(&xml, &rig_memory);
    for (size_t i = 0; i < DEEP; i++)
        buffer_string(&xml, "<a>");
    buffer_string(&xml, "<b");
    for (size_t i = 0; i < MANY; i++) {
        buffer_string(&xml, " c");
        buffer_number(&xml, i);
        buffer_string(&xml, "='1'");
    }
    buffer_string(&xml, ">");
    while (xml.length <= limits.stanza_bytes)
        buffer_string(&xml, "0123456789012345678901234567890123456789");
    buffer_string(&xml, "</b>");
    for (size_t i = 0; i < DEEP; i++)
        buffer_string(&xml, "</a>");
    buffer_append(&xml, "", 1);
    const struct core_store_entry entry = { "key", xml.bytes };
    struct stanza *all = read_stored(&entry, 1);
    assert_non_null(all);
    stanza_free(all);
    buffer_free(&xml);
    assert_int_equal(rig.memory.live, 0);
}

static void reading_what_is_stored_may_run_out_of_memory(void **state)
{
    (void)state;
    const struct core_store_entry entries[] = { { "a", "<a xmlns='urn:a' b='c'>t</a>" }, { "b", "<b/>" } };
    struct stanza *all = NULL;
    for (size_t nth = 1; all == NULL; nth++) {
        rig.memory.allocations = 0;
        rig.memory.fail_at = nth;
        all = read_stored(entries, 2);
        assert_int_equal(rig.memory.live > 0, all != NULL);
    }
    stanza_free(all);
    assert_int_equal(rig.memory.live, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(stored_elements_come_back_as_children, set_up),
        cmocka_unit_test_setup(malformed_stored_values_are_none, set_up),
        cmocka_unit_test_setup(without_entries_there_are_no_children, set_up),
        cmocka_unit_test_setup(names_in_storage_are_never_too_many, set_up),
        cmocka_unit_test_setup(no_limit_of_a_client_holds, set_up),
        cmocka_unit_test_setup(reading_what_is_stored_may_run_out_of_memory, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
