#include "../page.h"
#include "../session.h"
#include "rig.h"

static const uint64_t SECOND = 1000000000;

static struct page begin_page(void)
{
    struct page page = { .now = 10 * SECOND };
    buffer_init(&page.text, &rig_memory);
    return page;
}

/* The text ends with it. */
static void assert_page(struct page *page, const char *expected)
{
    assert_false(page->text.failed);
    buffer_append(&page->text, "", 1);
    assert_string_equal(page->text.bytes, expected);
    buffer_free(&page->text);
}

static void what_belongs_to_a_line_stands_below_it(void **state)
{
    (void)state;
    struct page page = begin_page();
    page_line(&page, "house");
    page_in(&page);
    page_numbered(&page, "floor", 1);
    page_in(&page);
    page_named(&page, "room", "kitchen");
    page_out(&page);
    page_numbered(&page, "floor", 2);
    page_out(&page);
    page_line(&page, "garden");
    assert_page(&page, "house\n  floor 1\n    room `kitchen`\n  floor 2\ngarden");
}

static void what_is_not_there_is_left_out(void **state)
{
    (void)state;
    struct page page = begin_page();
    page_line(&page, "session");
    page_word(&page, false, "available");
    page_count(&page, "sent", 0);
    page_string(&page, "name", NULL);
    page_element(&page, "stanza", NULL);
    page_session(&page, "session", NULL);
    assert_page(&page, "session");
}

static void properties_follow_each_other(void **state)
{
    (void)state;
    struct page page = begin_page();
    page_line(&page, "session");
    page_word(&page, true, "available");
    page_count(&page, "sent", UINT64_MAX);
    page_string(&page, "name", "");
    page_line(&page, "session");
    page_string(&page, "name", "x");
    assert_page(&page, "session: available, sent 18446744073709551615, name ``\nsession: name `x`");
}

static void bytes_are_escaped_so_that_nothing_looks_like_something_else(void **state)
{
    (void)state;
    struct page page = begin_page();
    page_line(&page, "bytes");
    page_bytes(&page, "in", "a'b\\c\nd\te\0\x1f\x7f\xc3\xa9", 14);
    assert_page(&page, "bytes: in `a'b\\\\c\\nd\\te\\x00\\x1f\\x7f\xc3\xa9`");
}

static void times_are_told_from_now(void **state)
{
    (void)state;
    struct page page = begin_page();
    page_line(&page, "times");
    page_time(&page, "due", 10 * SECOND);
    page_time(&page, "due", 12 * SECOND + 5);
    page_time(&page, "since", 7 * SECOND + SECOND / 2);
    assert_page(&page, "times: due now, due in 2.000000005 s, since 2.500000000 s ago");
}

static void an_element_is_written_as_on_a_stream_of_clients(void **state)
{
    (void)state;
    struct page page = begin_page();
    struct stanza *stanza = stanza_new(&rig_memory, "iq", NS_CLIENT);
    element_add(stanza, stanza->root, "query", NS_ROSTER);
    page_line(&page, "work");
    page_element(&page, "about", stanza->root);
    stanza_free(stanza);
    assert_page(&page, "work: about `<iq><query xmlns='jabber:iq:roster'/></iq>`");
}

static void without_memory_the_page_has_failed(void **state)
{
    (void)state;
    struct stanza *stanza = stanza_new(&rig_memory, "iq", NS_CLIENT);
    for (size_t nth = 1; nth <= 2; nth++) {
        struct page page = begin_page();
        rig_allocations = 0;
        rig_fail_at = nth;
        page_line(&page, "work");
        page_element(&page, "about", stanza->root);
        rig_fail_at = 0;
        assert_true(page.text.failed);
        buffer_free(&page.text);
    }
    stanza_free(stanza);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(what_belongs_to_a_line_stands_below_it),
        RIG_TEST(what_is_not_there_is_left_out),
        RIG_TEST(properties_follow_each_other),
        RIG_TEST(bytes_are_escaped_so_that_nothing_looks_like_something_else),
        RIG_TEST(times_are_told_from_now),
        RIG_TEST(an_element_is_written_as_on_a_stream_of_clients),
        RIG_TEST(without_memory_the_page_has_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
