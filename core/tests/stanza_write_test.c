/* Serialised stanzas: the same tree, and not much larger than the input (RFC 6120, 13.12). */
#include "rig.h"
#include "xml/parser.h"

static struct parser_pool pool;
static struct buffer xml; /* the input */

static int set_up(void **state)
{
    (void)state;
    rig.memory.live = rig.memory.allocations = rig.memory.fail_at = 0;
    parser_pool_init(&pool, &rig_memory, 1);
    buffer_init(&xml, &rig_memory);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buffer_free(&xml);
    parser_pool_empty(&pool);
    assert_int_equal(rig.memory.live, 0);
    return 0;
}

static void repeat(const char *piece, int times)
{
    for (int i = 0; i < times; i++)
        buffer_string(&xml, piece);
}

/* One element, which is the child of what is returned. */
static struct stanza *read_element(const char *text)
{
    const struct core_store_entry entry = { "", text };
    struct stanza *all = parser_read_stored(&pool, &entry, 1);
    assert_non_null(all);
    return all;
}

static void assert_same_attributes(const struct attribute *a, const struct attribute *b)
{
    for (; a != NULL && b != NULL; a = a->next, b = b->next) {
        assert_string_equal(a->name, b->name);
        assert_string_equal(a->value, b->value);
        assert_int_equal(a->ns == NULL, b->ns == NULL);
        if (a->ns != NULL)
            assert_string_equal(a->ns, b->ns);
    }
    assert_null(a);
    assert_null(b);
}

static void assert_same(struct stanza *of_a, const struct element *a, struct stanza *of_b,
                        const struct element *b)
{
    assert_string_equal(a->name, b->name);
    assert_string_equal(a->ns, b->ns);
    assert_same_attributes(a->attributes, b->attributes);
    assert_string_equal(element_text(of_a, a), element_text(of_b, b));
    const struct element *x = element_first_child(a), *y = element_first_child(b);
    for (; x != NULL && y != NULL; x = element_next_sibling(x), y = element_next_sibling(y))
        assert_same(of_a, x, of_b, y);
    assert_null(x);
    assert_null(y);
}

/* `xml` is parsed, written and parsed again: the tree is the same, and the text not much larger. */
static void assert_written_well(void)
{
    struct buffer out;
    buffer_init(&out, &rig_memory);
    buffer_append(&xml, "", 1);
    assert_false(xml.failed);
    struct stanza *read = read_element(xml.bytes);
    const struct element *root = element_first_child(read->root);
    element_write(&out, root, NS_CLIENT);
    assert_false(out.failed);
    assert_in_range(out.length, 1, STANZA_GROWTH * xml.length + STANZA_DECLARED);
    buffer_append(&out, "", 1);
    struct stanza *again = read_element(out.bytes);
    assert_same(read, root, again, element_first_child(again->root));
    stanza_free(read);
    stanza_free(again);
    buffer_free(&out);
    buffer_clear(&xml);
}

/* ---- Shapes ---- */

static void declare(const char *prefix, char fill, int length)
{
    buffer_string(&xml, " xmlns");
    buffer_string(&xml, prefix);
    buffer_string(&xml, "='urn:");
    for (int i = 0; i < length; i++)
        buffer_append(&xml, &fill, 1);
    buffer_string(&xml, "'");
}

static void declare_once(const char *piece, int times, int length)
{
    buffer_string(&xml, "<message");
    declare(":p", 'p', length);
    declare(":q", 'q', length);
    buffer_string(&xml, ">");
    repeat(piece, times);
    buffer_string(&xml, "</message>");
}

static void a_namespace_declared_once_is_not_written_at_each_use(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "<p:a/>",
        "<e p:a=''/>",
        "<e p:a='' p:b='' q:c='' q:a=''/>",
        "<p:a/><q:a/>",
        "<p:a><q:a><p:a><q:a/></p:a></q:a></p:a>",
        "<p:a><b><p:c/></b></p:a>",
        "<p:a q:b=''>t</p:a>",
        "<xml:a p:a='' xml:lang='de'><p:a/></xml:a>",
        "<e xmlns=''><f/><p:a/></e>",
        "<p:a><e xmlns='' p:b=''><m xmlns='jabber:client'><p:a/></m></e></p:a>",
        "<e xmlns='u'><e xmlns='jabber:client'><e xmlns=''/></e></e>",
    };
    static const int lengths[] = { 1, 20, 1000, 20000 };
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        for (size_t j = 0; j < sizeof lengths / sizeof *lengths; j++) {
            declare_once(pieces[i], 1, lengths[j]);
            assert_written_well();
            declare_once(pieces[i], 400, lengths[j]);
            assert_written_well();
        }
}

static void nest(const char *start, const char *end, int times)
{
    repeat(start, times);
    repeat(end, times);
}

static void namespaces_that_alternate_inside_each_other_are_declared_once(void **state)
{
    (void)state;
    buffer_string(&xml, "<message");
    declare(":p", 'p', 5000);
    declare(":q", 'q', 5000);
    buffer_string(&xml, "><e xmlns=''>");
    nest("<p:a><b><q:c p:d='q'>", "</q:c></b></p:a>", 20);
    buffer_string(&xml, "</e></message>");
    assert_written_well();
}

static void very_many_namespaces_cost_no_more_than_their_declarations(void **state)
{
    (void)state;
    buffer_string(&xml, "<message>");
    for (unsigned i = 0; i < 5000; i++) {
        buffer_string(&xml, "<a xmlns='");
        buffer_number(&xml, i);
        buffer_string(&xml, "'><b/><b/></a>");
    }
    buffer_string(&xml, "</message>");
    assert_written_well();
}

static void no_namespace_at_all_cannot_be_repeated_dearly(void **state)
{
    (void)state;
    buffer_string(&xml, "<c:message xmlns:c='jabber:client' xmlns=''>");
    repeat("<a/><b><c:a/><c:a/></b>", 1000);
    buffer_string(&xml, "</c:message>");
    assert_written_well();
}

static void what_is_escaped_grows_by_no_more(void **state)
{
    (void)state;
    buffer_string(&xml, "<message id=\"");
    repeat("'", 5000);
    buffer_string(&xml, "\"><body><![CDATA[");
    repeat("&<>'\"]", 5000);
    buffer_string(&xml, "]]>");
    repeat("]]&gt;\n&#13;\"'>", 5000);
    buffer_string(&xml, "</body></message>");
    assert_written_well();
}

/* A body is no larger than it was, including quotes. */
static void quotes_in_a_text_stand_for_themselves(void **state)
{
    (void)state;
    struct stanza *stanza = stanza_new(&rig_memory, "body", NS_CLIENT);
    element_add_text(stanza, stanza->root, "'\"'\">\n\t", 7);
    element_write(&xml, stanza->root, NS_CLIENT);
    buffer_append(&xml, "", 1);
    assert_string_equal(xml.bytes, "<body>'\"'\">\n\t</body>");
    stanza_free(stanza);
}

/* ---- For many recipients ---- */

static void prefixes_leave_the_gap_where_it_is(void **state)
{
    (void)state;
    declare_once("<p:a/>", 400, 100);
    buffer_append(&xml, "", 1);
    struct stanza *all = read_element(xml.bytes);
    struct element *message = element_first_child(all->root);
    element_set(all, message, "to", "a");
    element_set(all, message, "id", "b");
    struct rendered rendered;
    rendered_init(&rendered, &rig_memory);
    rendered_write(&rendered, message);
    static const char start[] = "<message id='b' xmlns:n1='urn:ppp";
    assert_memory_equal(rendered.xml.bytes, start, sizeof start - 1);
    assert_int_equal(rendered.gap, strlen("<message"));
    rendered_free(&rendered);
    stanza_free(all);
}

/* ---- Memory ---- */

static void every_allocation_may_fail(void **state)
{
    (void)state;
    declare_once("<p:a q:b=''/>", 400, 100);
    buffer_append(&xml, "", 1);
    struct stanza *all = read_element(xml.bytes);
    bool failed = true;
    for (size_t nth = 1; failed; nth++) {
        struct buffer out;
        buffer_init(&out, &rig_memory);
        rig.memory.allocations = 0;
        rig.memory.fail_at = nth;
        element_write(&out, element_first_child(all->root), NS_CLIENT);
        failed = out.failed;
        buffer_free(&out);
        assert_true(nth > 1 || failed);
    }
    rig.memory.fail_at = 0;
    stanza_free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_namespace_declared_once_is_not_written_at_each_use, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(namespaces_that_alternate_inside_each_other_are_declared_once, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(very_many_namespaces_cost_no_more_than_their_declarations, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(no_namespace_at_all_cannot_be_repeated_dearly, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_escaped_grows_by_no_more, set_up, tear_down),
        cmocka_unit_test_setup_teardown(quotes_in_a_text_stand_for_themselves, set_up, tear_down),
        cmocka_unit_test_setup_teardown(prefixes_leave_the_gap_where_it_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_allocation_may_fail, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
