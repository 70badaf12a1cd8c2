#include "base/description.h"
#include "rig.h"
#include "session/session.h"

static const uint64_t SECOND = 1000000000;

static struct description begin_page(void)
{
    struct description description = { .now = 10 * SECOND };
    buffer_init(&description.text, &rig_memory);
    return description;
}

/* The text ends with it. */
static void assert_page(struct description *description, const char *expected)
{
    assert_false(description->text.failed);
    buffer_append(&description->text, "", 1);
    assert_string_equal(description->text.bytes, expected);
    buffer_free(&description->text);
}

static void parts_of_a_line_are_below_it(void **state)
{
    (void)state;
    struct description description = begin_page();
    description_line(&description, "house");
    description_in(&description);
    description_numbered(&description, "floor", 1);
    description_in(&description);
    description_named(&description, "room", "kitchen");
    description_out(&description);
    description_numbered(&description, "floor", 2);
    description_out(&description);
    description_line(&description, "garden");
    assert_page(&description, "house\n  floor 1\n    room `kitchen`\n  floor 2\ngarden");
}

static void missing_properties_are_left_out(void **state)
{
    (void)state;
    struct description description = begin_page();
    description_line(&description, "session");
    description_word(&description, false, "available");
    description_count(&description, "sent", 0);
    description_string(&description, "name", NULL);
    element_describe(&description, "stanza", NULL);
    session_describe_place(&description, "session", NULL);
    assert_page(&description, "session");
}

static void properties_follow_each_other(void **state)
{
    (void)state;
    struct description description = begin_page();
    description_line(&description, "session");
    description_word(&description, true, "available");
    description_count(&description, "sent", UINT64_MAX);
    description_string(&description, "name", "");
    description_line(&description, "session");
    description_string(&description, "name", "x");
    assert_page(&description, "session: available, sent 18446744073709551615, name ``\nsession: name `x`");
}

static void bytes_are_escaped_so_that_nothing_looks_like_something_else(void **state)
{
    (void)state;
    struct description description = begin_page();
    description_line(&description, "bytes");
    description_bytes(&description, "in", "a'b\\c\nd\te\0\x1f\x7f\xc3\xa9", 14);
    assert_page(&description, "bytes: in `a'b\\\\c\\nd\\te\\x00\\x1f\\x7f\xc3\xa9`");
}

/* As many bytes as there are, and eight of a hash; equal where they are equal, for one core. */
static void secrets_are_distinguished_and_not_shown(void **state)
{
    (void)state;
    static const unsigned char keys[2][CORE_SECRET] = { "one", "another" };
    static const struct {
        size_t key;
        const char *bytes;
    } secrets[] = { { 0, "pencil" }, { 0, "pencil" }, { 0, "pencils" }, { 0, "Pencil" }, { 1, "pencil" } };
    char told[5][64];
    for (size_t i = 0; i < 5; i++) {
        struct description description = begin_page();
        description.secret = keys[secrets[i].key];
        description_secret(&description, "secret", secrets[i].bytes, strlen(secrets[i].bytes));
        assert_true(description.text.length < sizeof *told);
        memcpy(told[i], description.text.bytes, description.text.length);
        told[i][description.text.length] = '\0';
        buffer_free(&description.text);
    }
    assert_string_equal(told[0], told[1]);
    for (size_t i = 2; i < 5; i++)
        assert_string_not_equal(told[0], told[i]);
    static const char six[] = ": secret (6 bytes, ", seven[] = ": secret (7 bytes, ";
    assert_memory_equal(told[0], six, sizeof six - 1);
    assert_memory_equal(told[2], seven, sizeof seven - 1);
    const char *hash = told[0] + sizeof six - 1;
    assert_int_equal(strspn(hash, "0123456789abcdef"), 16);
    assert_string_equal(hash + 16, ")");
}

static void times_are_described_relative_to_now(void **state)
{
    (void)state;
    struct description description = begin_page();
    description_line(&description, "times");
    description_time(&description, "due", 10 * SECOND);
    description_time(&description, "due", 12 * SECOND + 5);
    description_time(&description, "since", 7 * SECOND + SECOND / 2);
    assert_page(&description, "times: due now, due in 2.000000005 s, since 2.500000000 s ago");
}

static void an_element_is_written_as_on_a_stream_of_clients(void **state)
{
    (void)state;
    struct description description = begin_page();
    struct stanza *stanza = stanza_new(&rig_memory, "iq", NS_CLIENT);
    element_add(stanza, stanza->root, "query", NS_ROSTER);
    description_line(&description, "work");
    element_describe(&description, "about", stanza->root);
    stanza_free(stanza);
    assert_page(&description, "work: about `<iq><query xmlns='jabber:iq:roster'/></iq>`");
}

static void without_memory_the_page_has_failed(void **state)
{
    (void)state;
    struct stanza *stanza = stanza_new(&rig_memory, "iq", NS_CLIENT);
    for (size_t nth = 1; nth <= 2; nth++) {
        struct description description = begin_page();
        rig.memory.allocations = 0;
        rig.memory.fail_at = nth;
        description_line(&description, "work");
        element_describe(&description, "about", stanza->root);
        rig.memory.fail_at = 0;
        assert_true(description.text.failed);
        buffer_free(&description.text);
    }
    stanza_free(stanza);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(parts_of_a_line_are_below_it),
        RIG_TEST(missing_properties_are_left_out),
        RIG_TEST(properties_follow_each_other),
        RIG_TEST(bytes_are_escaped_so_that_nothing_looks_like_something_else),
        RIG_TEST(secrets_are_distinguished_and_not_shown),
        RIG_TEST(times_are_described_relative_to_now),
        RIG_TEST(an_element_is_written_as_on_a_stream_of_clients),
        RIG_TEST(without_memory_the_page_has_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
