#include "../world/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include <cmocka.h>

/* All lines, one after the other. */
struct page {
    char text[64 * 1024];
    size_t length;
    size_t lines;
    uint64_t number; /* of the last */
};

static void onto_page(void *host, uint64_t number, const char *line, size_t length)
{
    struct page *page = host;
    assert_true(length > 0 && line[length - 1] == '\n');
    assert_true(page->length + length < sizeof page->text);
    memcpy(page->text + page->length, line, length);
    page->length += length;
    page->text[page->length] = '\0';
    page->lines++;
    page->number = number;
}

static void expect_line(const char *bytes, size_t length, const char *expected)
{
    static struct page page;
    page.length = 0;
    struct trace *trace = trace_new(onto_page, &page);
    trace_line(trace, 0, "Romeo", ">", bytes, length);
    trace_free(trace);
    assert_string_equal(page.text, expected);
}

#define EXPECT_ESCAPED(bytes, escaped)                                                                       \
    expect_line(bytes, sizeof(bytes) - 1, "0.000000000 Romeo > " escaped "\n")

static void a_line_has_time_object_event_and_bytes(void **state)
{
    (void)state;
    static struct page page;
    page.length = 0;
    struct trace *trace = trace_new(onto_page, &page);
    trace_line(trace, UINT64_C(1500000001), "Juliet's phone", "<", "<presence/>", 11);
    trace_line(trace, UINT64_MAX, "disk", "loaded", NULL, 0);
    trace_line(trace, 999999999, "a", "b", "", 0);
    assert_string_equal(page.text, "1.500000001 Juliet's phone < <presence/>\n"
                                   "18446744073.709551615 disk loaded\n"
                                   "0.999999999 a b\n");
    assert_int_equal(trace_count(trace), 3);
    trace_free(trace);
}

static void clean_text_is_unchanged(void **state)
{
    (void)state;
    EXPECT_ESCAPED("<message to='juliet@localhost'><body>Hello ~ there!</body></message>",
                   "<message to='juliet@localhost'><body>Hello ~ there!</body></message>");
    EXPECT_ESCAPED("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x8c\xb9 \xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf",
                   "\xc3\xa9 \xe2\x82\xac \xf0\x9f\x8c\xb9 \xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf");
}

static void control_characters_and_backslashes_are_escaped(void **state)
{
    (void)state;
    EXPECT_ESCAPED("a\nb\tc\\d", "a\\nb\\tc\\\\d");
    EXPECT_ESCAPED("\x01\x1f\x7f\r\0", "\\x01\\x1F\\x7F\\x0D\\x00");
    EXPECT_ESCAPED("\xc2\x80\xc2\x9f\xc2\xa0", "\\xC2\\x80\\xC2\\x9F\xc2\xa0");
}

/* RFC 3629, section 3: no overlong forms, no surrogates, nothing beyond U+10FFFF. */
static void what_is_not_utf8_is_escaped(void **state)
{
    (void)state;
    EXPECT_ESCAPED("\x80", "\\x80");
    EXPECT_ESCAPED("\xc0\xaf", "\\xC0\\xAF");
    EXPECT_ESCAPED("\xe0\x80\xaf", "\\xE0\\x80\\xAF");
    EXPECT_ESCAPED("\xed\xa0\x80", "\\xED\\xA0\\x80");
    EXPECT_ESCAPED("\xf4\x90\x80\x80", "\\xF4\\x90\\x80\\x80");
    EXPECT_ESCAPED("\xff!", "\\xFF!");
}

static void a_character_cut_in_two_is_escaped(void **state)
{
    (void)state;
    EXPECT_ESCAPED("ab\xe2\x82", "ab\\xE2\\x82");
    EXPECT_ESCAPED("\xac"
                   "cd",
                   "\\xAC"
                   "cd");
    EXPECT_ESCAPED("\xe2\x82z", "\\xE2\\x82z");
    EXPECT_ESCAPED("\xf0\x9f\x8cz", "\\xF0\\x9F\\x8Cz");
}

/* Each byte at each place of a word, so that the fast path hides none. */
static void every_byte_is_found_at_every_position(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte < 256; byte++) {
        for (size_t at = 0; at < 19; at++) {
            char text[19], expected[128], shown[8];
            memset(text, 'x', sizeof text);
            text[at] = (char)byte;
            if (byte == '\n' || byte == '\t' || byte == '\\')
                snprintf(shown, sizeof shown, "\\%c", byte == '\n' ? 'n' : byte == '\t' ? 't' : '\\');
            else if (byte < 0x20 || byte >= 0x7f)
                snprintf(shown, sizeof shown, "\\x%02X", byte);
            else
                snprintf(shown, sizeof shown, "%c", (int)byte);
            snprintf(expected, sizeof expected, "0.000000000 Romeo > %.*s%s%.*s\n", (int)at,
                     "xxxxxxxxxxxxxxxxxxx", shown, (int)(18 - at), "xxxxxxxxxxxxxxxxxxx");
            expect_line(text, sizeof text, expected);
        }
    }
}

static void the_hash_is_xxh3_of_the_lines(void **state)
{
    (void)state;
    static struct page page;
    page.length = 0;
    struct trace *trace = trace_new(onto_page, &page);
    struct trace *blind = trace_new(NULL, NULL);
    assert_true(trace_hash(trace) == XXH3_64bits("", 0));
    for (uint64_t i = 0; i < 200; i++) {
        char bytes[200];
        memset(bytes, (int)i, sizeof bytes);
        trace_line(trace, i * 12345678, "Romeo", "<", bytes, i % 100);
        trace_line(blind, i * 12345678, "Romeo", "<", bytes, i % 100);
        assert_true(trace_hash(trace) == XXH3_64bits(page.text, page.length));
    }
    assert_true(trace_hash(blind) == trace_hash(trace));
    trace_free(trace);
    trace_free(blind);
}

static void the_last_lines_come_oldest_first(void **state)
{
    (void)state;
    static struct page page;
    page.length = 0;
    struct trace *trace = trace_new(NULL, NULL);
    trace_last(trace, 10, onto_page, &page);
    assert_int_equal(page.length, 0);
    for (uint64_t i = 0; i < 3; i++)
        trace_line(trace, i, "w", "x", NULL, 0);
    trace_last(trace, 10, onto_page, &page);
    assert_string_equal(page.text, "0.000000000 w x\n0.000000001 w x\n0.000000002 w x\n");
    for (uint64_t i = 3; i < 100; i++)
        trace_line(trace, i, "w", "x", NULL, 0);
    page.length = 0;
    trace_last(trace, 2, onto_page, &page);
    assert_string_equal(page.text, "0.000000098 w x\n0.000000099 w x\n");
    page.length = page.lines = 0;
    trace_last(trace, SIZE_MAX, onto_page, &page);
    assert_int_equal(page.lines, TRACE_KEPT);
    assert_int_equal(page.number, 100);
    assert_memory_equal(page.text, "0.000000068 ", 12);
    trace_free(trace);
}

/* "0.000000000 w x " are 16 bytes, and the line's end one more. */
static void a_long_line_is_kept_in_part(void **state)
{
    (void)state;
    static struct page page;
    char bytes[2 * TRACE_LINE_KEPT];
    memset(bytes, 'a', sizeof bytes);
    const struct {
        size_t length, kept;
    } cases[] = { { TRACE_LINE_KEPT - 17, TRACE_LINE_KEPT },
                  { TRACE_LINE_KEPT - 16, TRACE_LINE_KEPT },
                  { sizeof bytes, TRACE_LINE_KEPT } };
    for (size_t i = 0; i < 3; i++) {
        struct trace *trace = trace_new(NULL, NULL);
        trace_line(trace, 0, "w", "x", bytes, cases[i].length);
        page.length = 0;
        trace_last(trace, 1, onto_page, &page);
        assert_int_equal(page.length, cases[i].kept);
        trace_free(trace);
    }
}

static void a_long_line_is_not_cut_inside_a_character(void **state)
{
    (void)state;
    static struct page page;
    char bytes[TRACE_LINE_KEPT];
    memset(bytes, 'a', sizeof bytes);
    /* Bytes 509 to 511 of the line: E2 82 AC. */
    bytes[TRACE_LINE_KEPT - 19] = (char)0xe2;
    bytes[TRACE_LINE_KEPT - 18] = (char)0x82;
    bytes[TRACE_LINE_KEPT - 17] = (char)0xac;
    struct trace *trace = trace_new(NULL, NULL);
    trace_line(trace, 0, "w", "x", bytes, sizeof bytes);
    page.length = 0;
    trace_last(trace, 1, onto_page, &page);
    assert_int_equal(page.length, TRACE_LINE_KEPT - 2);
    assert_int_equal(page.text[page.length - 2], 'a');
    trace_free(trace);
}

static void a_very_long_line_is_whole_for_the_sink(void **state)
{
    (void)state;
    static struct page page;
    static char bytes[10000];
    page.length = 0;
    struct trace *trace = trace_new(onto_page, &page);
    trace_line(trace, 0, "w", "x", bytes, sizeof bytes);
    assert_int_equal(page.length, 16 + 4 * sizeof bytes + 1);
    trace_free(trace);
}

/* Each line that is handed on, now or later, comes with the number that counts lines from 1. */
static void lines_are_numbered_from_1(void **state)
{
    (void)state;
    static struct page page;
    page.length = 0;
    struct trace *trace = trace_new(onto_page, &page);
    for (uint64_t i = 1; i <= 40; i++) {
        trace_line(trace, i, "w", "x", NULL, 0);
        assert_int_equal(page.number, i);
        assert_int_equal(trace_count(trace), i);
    }
    trace_last(trace, 1, onto_page, &page);
    assert_int_equal(page.number, 40);
    trace_free(trace);
}

static void a_written_line_follows_its_number(void **state)
{
    (void)state;
    static const char lines[] = "0.031000000 Romeo > <presence/>\n0.031000000 Romeo < \\x00\n";
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    struct trace *trace = trace_new(trace_write, out);
    trace_line(trace, 31000000, "Romeo", ">", "<presence/>", 11);
    trace_line(trace, 31000000, "Romeo", "<", "\0", 1);
    trace_write(out, 1234567, "0.032000000 disk loaded\n", 24);
    fclose(out);
    assert_string_equal(text, "    1  0.031000000 Romeo > <presence/>\n"
                              "    2  0.031000000 Romeo < \\x00\n"
                              "1234567  0.032000000 disk loaded\n");
    assert_true(trace_hash(trace) == XXH3_64bits(lines, strlen(lines)));
    trace_free(trace);
    free(text);
}

static void note_record(void *host, const struct trace_record *record)
{
    char *said = host;
    snprintf(said, 100, "%d %d %s %s %d", (int)record->number, (int)record->now, record->who, record->what,
             (int)record->length);
    assert_true(record->length == 0 || memcmp(record->bytes, "a\0\xff", record->length) == 0);
}

/* A watcher gets the bytes as they are, and the hash is the same. */
static void a_watcher_is_told_each_line_as_a_record(void **state)
{
    (void)state;
    char said[100] = "";
    struct trace *watched = trace_new(NULL, NULL);
    struct trace *other = trace_new(NULL, NULL);
    trace_watch(watched, note_record, said);
    trace_line(watched, 7, "Romeo", ">", "a\0\xff", 3);
    trace_line(other, 7, "Romeo", ">", "a\0\xff", 3);
    assert_string_equal(said, "1 7 Romeo > 3");
    trace_line(watched, 8, trace_of_disk, "load", NULL, 0);
    trace_line(other, 8, "disk", "load", NULL, 0);
    assert_string_equal(said, "2 8 disk load 0");
    trace_watch(watched, NULL, NULL);
    trace_line(watched, 9, trace_of_step, "x", NULL, 0);
    trace_line(other, 9, "step", "x", NULL, 0);
    assert_string_equal(said, "2 8 disk load 0");
    assert_int_equal(trace_hash(watched), trace_hash(other));
    trace_free(watched);
    trace_free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_has_time_object_event_and_bytes),
        cmocka_unit_test(clean_text_is_unchanged),
        cmocka_unit_test(control_characters_and_backslashes_are_escaped),
        cmocka_unit_test(what_is_not_utf8_is_escaped),
        cmocka_unit_test(a_character_cut_in_two_is_escaped),
        cmocka_unit_test(every_byte_is_found_at_every_position),
        cmocka_unit_test(the_hash_is_xxh3_of_the_lines),
        cmocka_unit_test(the_last_lines_come_oldest_first),
        cmocka_unit_test(lines_are_numbered_from_1),
        cmocka_unit_test(a_written_line_follows_its_number),
        cmocka_unit_test(a_long_line_is_kept_in_part),
        cmocka_unit_test(a_long_line_is_not_cut_inside_a_character),
        cmocka_unit_test(a_very_long_line_is_whole_for_the_sink),
        cmocka_unit_test(a_watcher_is_told_each_line_as_a_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
