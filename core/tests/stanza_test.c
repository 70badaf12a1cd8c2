#include "rig.h"
#include "xml/stanza.h"

static int set_up(void **state)
{
    rig.memory.live = rig.memory.allocations = rig.memory.fail_at = 0;
    *state = stanza_new(&rig_memory, "message", NS_CLIENT);
    return *state == NULL;
}

static int tear_down(void **state)
{
    stanza_free(*state);
    stanza_free(NULL);
    assert_int_equal(rig.memory.live, 0);
    return 0;
}

static void assert_xml(const struct element *element, const char *outer_ns, const char *xml)
{
    struct buffer out;
    buffer_init(&out, &rig_memory);
    element_write(&out, element, outer_ns);
    buffer_append(&out, "", 1);
    assert_false(out.failed);
    assert_string_equal(out.bytes, xml);
    buffer_free(&out);
}

/* ---- Attributes ---- */

static void attributes_are_set_replaced_and_removed(void **state)
{
    struct stanza *stanza = *state;
    struct element *root = stanza->root;
    assert_null(element_get(root, "to"));
    element_set(stanza, root, "to", NULL);
    element_set(stanza, root, "to", "a");
    element_set(stanza, root, "id", "1");
    element_set(stanza, root, "type", "chat");
    element_set(stanza, root, "id", "2");
    assert_string_equal(element_get(root, "id"), "2");
    assert_xml(root, NS_CLIENT, "<message to='a' id='2' type='chat'/>");
    element_set(stanza, root, "id", NULL);
    element_set(stanza, root, "to", NULL);
    assert_null(element_get(root, "id"));
    assert_xml(root, NS_CLIENT, "<message type='chat'/>");
}

static void values_are_copied(void **state)
{
    struct stanza *stanza = *state;
    char value[] = "abc";
    element_set(stanza, stanza->root, "id", value);
    element_add_text(stanza, stanza->root, value, 3);
    memset(value, 'x', 3);
    assert_xml(stanza->root, NS_CLIENT, "<message id='abc'>abc</message>");
}

/* ---- Children ---- */

static void children_come_in_order_and_text_is_passed_over(void **state)
{
    struct stanza *stanza = *state;
    struct element *root = stanza->root;
    assert_null(element_first_child(root));
    assert_string_equal(element_text(stanza, root), "");
    element_add_text(stanza, root, "one", 3);
    struct element *a = element_add(stanza, root, "a", NS_CLIENT);
    element_add_text(stanza, root, "two", 3);
    element_add_text(stanza, root, "", 0);
    struct element *b = element_add(stanza, root, "a", "urn:b");
    assert_ptr_equal(element_first_child(root), a);
    assert_ptr_equal(element_next_sibling(a), b);
    assert_null(element_next_sibling(b));
    assert_ptr_equal(element_child(root, "a", "urn:b"), b);
    assert_ptr_equal(element_child(root, "a", NS_CLIENT), a);
    assert_null(element_child(root, "b", NS_CLIENT));
    assert_string_equal(element_text(stanza, root), "onetwo");
    assert_true(element_is(b, "a", "urn:b"));
    assert_false(element_is(b, "a", NS_CLIENT));
    assert_false(element_is(b, "b", "urn:b"));
    assert_xml(root, NS_CLIENT, "<message>one<a/>two<a xmlns='urn:b'/></message>");
}

/* ---- Namespaces (Namespaces in XML, 6.2) ---- */

static void a_namespace_is_declared_where_it_changes(void **state)
{
    struct stanza *stanza = *state;
    struct element *a = element_add(stanza, stanza->root, "a", "urn:a");
    element_add(stanza, a, "b", "urn:a");
    element_add(stanza, a, "c", NS_CLIENT);
    element_add(stanza, a, "d", "");
    assert_xml(stanza->root, NS_CLIENT,
               "<message><a xmlns='urn:a'><b/><c xmlns='jabber:client'/><d xmlns=''/></a></message>");
    assert_xml(stanza->root, "",
               "<message xmlns='jabber:client'><a xmlns='urn:a'><b/><c xmlns='jabber:client'/><d xmlns=''/>"
               "</a></message>");
    assert_xml(a, "urn:a", "<a><b/><c xmlns='jabber:client'/><d xmlns=''/></a>");
}

/* Section 3: the prefix xml needs no declaration and its namespace is never the default. */
static void the_prefix_xml_is_written_as_it_is(void **state)
{
    struct stanza *stanza = *state;
    struct element *a = element_add(stanza, stanza->root, "a", NS_XML);
    element_add(stanza, a, "b", NS_CLIENT);
    element_set(stanza, a, "xml:lang", "de");
    assert_xml(stanza->root, NS_CLIENT, "<message><xml:a xml:lang='de'><b/></xml:a></message>");
}

static void what_is_markup_is_escaped(void **state)
{
    struct stanza *stanza = *state;
    element_set(stanza, stanza->root, "id", "<'\">&\n");
    element_add_text(stanza, stanza->root, "]]>&", 4);
    assert_xml(stanza->root, NS_CLIENT, "<message id='&lt;&apos;\">&amp;&#10;'>]]&gt;&amp;</message>");
}

static void written_xml_is_inserted_unchanged(void **state)
{
    struct stanza *stanza = *state;
    element_add_written(stanza, stanza->root, "", 0);
    assert_null(stanza->root->first);
    element_add_written(stanza, stanza->root, "<a xmlns='urn:a'/>", 18);
    element_add_text(stanza, stanza->root, "<", 1);
    assert_xml(stanza->root, NS_CLIENT, "<message><a xmlns='urn:a'/>&lt;</message>");
}

static void a_copy_is_independent(void **state)
{
    struct stanza *original = stanza_new(&rig_memory, "a", "urn:a");
    struct element *b = element_add(original, original->root, "b", "urn:b");
    element_set(original, b, "c", "d");
    element_add_text(original, b, "&", 1);
    element_add_written(original, original->root, "<e/>", 4);
    struct stanza *stanza = *state;
    element_add_copy(stanza, stanza->root, original->root);
    stanza_free(original);
    assert_xml(stanza->root, NS_CLIENT,
               "<message><a xmlns='urn:a'><b xmlns='urn:b' c='d'>&amp;</b><e/></a></message>");
}

/* ---- For many recipients ---- */

static void a_rendered_stanza_has_a_gap_for_its_recipient(void **state)
{
    struct stanza *stanza = *state;
    element_set(stanza, stanza->root, "from", "b");
    element_set(stanza, stanza->root, "to", "a");
    element_add(stanza, stanza->root, "body", NS_CLIENT);
    struct rendered rendered;
    rendered_init(&rendered, &rig_memory);
    for (int times = 0; times < 2; times++) {
        rendered_write(&rendered, stanza->root);
        buffer_append(&rendered.xml, "", 1);
        assert_string_equal(rendered.xml.bytes, "<message from='b'><body/></message>");
        assert_int_equal(rendered.gap, strlen("<message"));
    }
    rendered_free(&rendered);
    rendered_free(&rendered);
}

/* ---- Memory ---- */

static struct stanza *build(const struct element *original)
{
    char text[1200];
    memset(text, 't', sizeof text);
    struct stanza *stanza = stanza_new(&rig_memory, "iq", NS_CLIENT);
    if (stanza == NULL)
        return NULL;
    for (int i = 0; i < 5; i++) {
        struct element *a = element_add(stanza, stanza->root, "a", "urn:a");
        element_add_text(stanza, a, text, sizeof text);
        element_add_written(stanza, a, text, sizeof text);
        element_add_copy(stanza, a, original);
        element_set(stanza, a, "b", "c");
        element_set(stanza, a, "b", "d");
        struct element *b = element_add(stanza, a, "b", "urn:a");
        element_add_text(stanza, b, text, sizeof text);
    }
    (void)element_text(stanza, element_first_child(stanza->root));
    return stanza;
}

static void every_allocation_may_fail_and_the_failure_is_reported_at_the_end(void **state)
{
    struct stanza *original = *state;
    element_set(original, original->root, "a", "b");
    element_add_text(original, original->root, "text", 4);
    bool done = false;
    for (size_t nth = 1; !done; nth++) {
        rig.memory.allocations = 0;
        rig.memory.fail_at = nth;
        struct stanza *stanza = build(original->root);
        rig.memory.fail_at = 0;
        if (stanza != NULL) {
            struct buffer out; /* even an incomplete stanza can be written */
            buffer_init(&out, &rig_memory);
            element_write(&out, stanza->root, NS_CLIENT);
            assert_false(out.failed);
            buffer_free(&out);
            done = !stanza_failed(stanza);
        }
        stanza_free(stanza);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(attributes_are_set_replaced_and_removed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(values_are_copied, set_up, tear_down),
        cmocka_unit_test_setup_teardown(children_come_in_order_and_text_is_passed_over, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_namespace_is_declared_where_it_changes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_prefix_xml_is_written_as_it_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_markup_is_escaped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(written_xml_is_inserted_unchanged, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_copy_is_independent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_rendered_stanza_has_a_gap_for_its_recipient, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_allocation_may_fail_and_the_failure_is_reported_at_the_end,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
