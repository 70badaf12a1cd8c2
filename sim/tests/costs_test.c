/* The bounds of costs.h: each is passed by one more than it allows, and by nothing else. */
#include "../world/costs.h"

#include "../world/heap.h"
#include "../world/work.h"

#include "core.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void passed(const struct costs *costs, const char *what, uint64_t found, uint64_t allowed)
{
    assert_non_null(costs->excess.what);
    assert_string_equal(costs->excess.what, what);
    assert_int_equal(costs->excess.found, found);
    assert_int_equal(costs->excess.allowed, allowed);
}

/* ---- Input ---- */

static void an_element_counts_where_it_ends(void **state)
{
    (void)state;
    static const char xml[] = "<a><b/><c d='/'>/ ></c></a>";
    char last = '\0';
    assert_int_equal(costs_elements(&last, xml, sizeof xml - 1), 3);
}

static void an_element_that_comes_in_pieces_counts_once(void **state)
{
    (void)state;
    static const char xml[] = "<a><b/></a>";
    char last = '\0';
    size_t elements = 0;
    for (size_t i = 0; i < sizeof xml - 1; i++)
        elements += costs_elements(&last, xml + i, 1);
    assert_int_equal(elements, 2);
}

/* ---- Bytes ---- */

/* In a call that read 10 bytes and an element, of which another had read 5. */
static void one_recipient_gets_a_multiple_of_what_was_read(void **state)
{
    (void)state;
    const uint64_t allowed =
        15 * WRITTEN_PER_BYTE + 1 * WRITTEN_PER_ELEMENT + WRITTEN_PER_CALL + 1 * 15 * WRITTEN_PER_WAITING;
    for (size_t more = 0; more < 2; more++) {
        struct costs costs = { 0 };
        struct costs_recipient one = { 0 }, other = { 0 };
        costs_begin(&costs, 5, 0);
        costs_end(&costs);
        costs_begin(&costs, 10, 1);
        costs_write(&costs, &one, allowed - 7, allowed - 7);
        costs_write(&costs, &other, allowed, allowed); /* each is charged alone */
        assert_null(costs.excess.what);
        costs_write(&costs, &one, 7 + more, 7 + more);
        if (more == 0)
            assert_null(costs.excess.what);
        else
            passed(&costs, "bytes to one recipient", allowed + 1, allowed);
    }
}

static void what_was_kept_may_be_written_in_every_call(void **state)
{
    (void)state;
    struct costs costs = { 0 };
    struct costs_recipient one = { 0 };
    for (int i = 0; i < 100; i++) {
        costs_begin(&costs, 1, 0);
        costs_write(&costs, &one, WRITTEN_PER_CALL, WRITTEN_PER_CALL);
        costs_end(&costs);
    }
    assert_null(costs.excess.what);
}

static void but_not_where_nothing_is_owed(void **state)
{
    (void)state;
    struct costs costs = { 0 };
    struct costs_recipient one = { 0 };
    costs_begin(&costs, 1000, 0);
    costs_write(&costs, &one, 6000, 6000);
    costs_end(&costs);
    costs_begin_again(&costs);
    costs_begin(&costs, 0, 0);
    costs_write(&costs, &one, WRITTEN_PER_CALL, WRITTEN_PER_CALL);
    costs_end(&costs);
    assert_null(costs.excess.what);
    costs_begin(&costs, 0, 0);
    costs_write(&costs, &one, WRITTEN_PER_CALL + 1, WRITTEN_PER_CALL + 1);
    passed(&costs, "bytes to one recipient altogether", UINT64_C(2) * WRITTEN_PER_CALL + 1,
           UINT64_C(2) * WRITTEN_PER_CALL);
}

/* Bytes that it did not take are written by a later call. */
static void a_recipient_that_lags_has_no_bound_per_call(void **state)
{
    (void)state;
    struct costs costs = { 0 };
    struct costs_recipient one = { 0 };
    costs_begin(&costs, 1, 0);
    costs_write(&costs, &one, 10000, 100);
    costs_end(&costs);
    costs_begin(&costs, 0, 0);
    costs_write(&costs, &one, 9900, 9900);
    assert_null(costs.excess.what);
}

/* While something is asked of storage, elements wait; then all of them are answered at once. */
static void what_waited_for_storage_is_answered_at_once(void **state)
{
    (void)state;
    static const struct core_store_request load = { .op = CORE_LOAD };
    const struct core_store_entry entry = { "key", "<value/>" }; /* 11 bytes, counted as two elements */
    for (size_t more = 0; more < 2; more++) {
        struct costs costs = { 0 };
        struct costs_recipient one = { 0 };
        costs_begin(&costs, 100, 3);
        costs_store(&costs, &load);
        costs_end(&costs);
        costs_begin_stored(&costs, &entry, 1);
        const uint64_t allowed = 111 * WRITTEN_PER_BYTE + 5 * WRITTEN_PER_ELEMENT + WRITTEN_PER_CALL +
                                 WRITTEN_PER_WAITING * UINT64_C(111) * 3;
        costs_write(&costs, &one, allowed + more, allowed + more);
        if (more == 0)
            assert_null(costs.excess.what);
        else
            passed(&costs, "bytes to one recipient", allowed + 1, allowed);
        costs_end(&costs);
        assert_int_equal(costs.waiting, 0);
    }
}

static void a_save_is_written_too(void **state)
{
    (void)state;
    struct costs costs = { 0 };
    char *value = calloc(1, 20001);
    memset(value, 'x', 20000);
    const struct core_store_entry entries[] = { { "a", NULL }, { "b", value } };
    const struct core_store_request save = { .op = CORE_SAVE, .entries = entries, .entry_count = 2 };
    costs_begin(&costs, 0, 0);
    costs_store(&costs, &save);
    passed(&costs, "bytes to one recipient", 20000, WRITTEN_PER_CALL);
    free(value);
}

/* ---- Memory and work ---- */

static void the_most_that_is_used_is_a_multiple_of_what_was_read(void **state)
{
    (void)state;
    const struct core_memory memory = heap_memory();
    const size_t allowed =
        MEMORY_OF_CORE + MEMORY_PER_CONNECTION + 2 * MEMORY_PER_ELEMENT + 100 * MEMORY_PER_BYTE;
    for (size_t more = 0; more < 2; more++) {
        struct costs costs = { 0 };
        costs_connection(&costs);
        costs_begin(&costs, 0, 0);
        void *kept = memory.alloc(1000);
        costs_end(&costs);
        void *strange = memory.alloc(1 << 20); /* another core's */
        costs_begin(&costs, 100, 2);
        memory.free(memory.alloc(allowed - 1000 + more));
        costs_end(&costs);
        if (more == 0)
            assert_null(costs.excess.what);
        else
            passed(&costs, "memory", allowed + 1, allowed);
        memory.free(strange);
        memory.free(kept);
    }
}

/* All calls together; the kept entry counts for each element that a client sent, and each call without one.
 */
static void all_work_is_a_multiple_of_what_was_read_and_written(void **state)
{
    (void)state;
    static const struct core_store_request load = { .op = CORE_LOAD };
    const struct core_store_entry entry = { "key", NULL };
    const uint64_t allowed = 3 * WORK_PER_CALL + (2 + 1) * WORK_PER_ELEMENT + (100 + 3) * WORK_PER_BYTE +
                             2 * WORK_PER_SENT + 50 * WORK_PER_WRITTEN + 1 * (2 + 1) * WORK_PER_KEPT;
    for (size_t more = 0; more < 2; more++) {
        struct costs costs = { 0 };
        struct costs_recipient one = { 0 };
        costs_begin(&costs, 100, 2);
        costs_write(&costs, &one, 50, 50);
        costs_store(&costs, &load);
        work_add(5000);
        costs_end(&costs);
        work_add(1000000); /* another core's */
        costs_begin_stored(&costs, &entry, 1);
        costs_end(&costs);
        costs_begin(&costs, 0, 0);
        work_add(allowed - 5000 + more);
        costs_end(&costs);
        if (more == 0)
            assert_null(costs.excess.what);
        else
            passed(&costs, "work", allowed + 1, allowed);
    }
}

static uint64_t copies_of(const char *name, size_t length, size_t names)
{
    struct costs costs = { 0 };
    size_t run = 0, runs = 0;
    char *bytes = malloc(length);
    memset(bytes, 'u', length);
    costs_names(&costs, &run, bytes, length / 2); /* in pieces as well, between which another client sends */
    costs_names(&costs, &runs, "<a b='", 6);
    costs_names(&costs, &run, bytes + length / 2, length - length / 2);
    for (size_t i = 0; i < names; i++)
        costs_names(&costs, &run, name, strlen(name));
    free(bytes);
    return costs.longest * costs.names;
}

/* A short namespace is in `bytes` already. */
static void copies_are_those_of_long_namespaces(void **state)
{
    (void)state;
    assert_int_equal(copies_of("' p:a='", 20000, 300), 300 * 20000);
    assert_int_equal(copies_of("' a='", 20000, 300), 0);
    assert_int_equal(copies_of("' p:a='", COPIED_LEAST, 300), 300 * COPIED_LEAST);
    assert_int_equal(copies_of("' p:a='", COPIED_LEAST - 1, 300), 0);
    assert_int_equal(copies_of("<p:a b='urn:c'>", 20000, 300), 300 * 20000);
    assert_int_equal(copies_of(" =>' p:a='", 20000, 300), 300 * 20003);
    assert_int_equal(copies_of("'><b a='http://c'>", 20000, 300), 0);
}

static void copies_are_bounded_however_many_there_could_be(void **state)
{
    (void)state;
    const struct core_memory memory = heap_memory();
    const size_t bytes = 1000;
    const size_t allowed = MEMORY_OF_CORE + MEMORY_PER_CONNECTION + bytes * MEMORY_PER_BYTE +
                           MEMORY_PER_COPY * (COPIES_PER_BYTE * bytes + COPIES_MORE);
    for (size_t more = 0; more < 2; more++) {
        struct costs costs = { .longest = 100000, .names = 100000 };
        costs_connection(&costs);
        costs_begin(&costs, bytes, 0);
        memory.free(memory.alloc(allowed + more));
        costs_end(&costs);
        if (more == 0)
            assert_null(costs.excess.what);
        else
            passed(&costs, "memory", allowed + 1, allowed);
    }
}

static void the_first_excess_is_kept(void **state)
{
    (void)state;
    struct costs costs = { 0 };
    struct costs_recipient one = { 0 };
    costs_begin(&costs, 0, 0);
    costs_write(&costs, &one, 5000, 5000);
    work_add(1000000);
    costs_end(&costs);
    costs_begin_again(&costs);
    passed(&costs, "bytes to one recipient", 5000, WRITTEN_PER_CALL);
}

/* ---- Functions that a counted core calls ---- */

/* They work like the real ones, and count. */
static void the_functions_of_a_counted_core_do_their_work(void **state)
{
    (void)state;
    const uint64_t before = work_done();
    char text[64] = "one two two";
    assert_int_equal(work_strlen(text), 11);
    assert_ptr_equal(work_strchr(text, 't'), text + 4);
    assert_ptr_equal(work_strrchr(text, 't'), text + 8);
    assert_ptr_equal(work_strstr(text, "two"), text + 4);
    assert_null(work_strchr(text, 'x'));
    assert_null(work_strstr(text, "x"));
    assert_null(work_memchr(text, 'x', 11));
    assert_ptr_equal(work_memchr(text, 'w', 11), text + 5);
    assert_int_equal(work_strcspn(text, " "), 3);
    assert_int_equal(work_strspn(text, "eno"), 3);
    assert_true(work_strcmp(text, "one") > 0);
    assert_int_equal(work_strncmp(text, "one", 3), 0);
    assert_int_equal(work_memcmp(text, "one", 3), 0);
    assert_string_equal(work_memmove(text, text + 4, 8), "two two");
    assert_string_equal(work_memcpy(text, "three", 6), "three");
    work_memset(text, 'x', 2);
    assert_string_equal(text, "xxree");
    assert_int_equal(work_done() - before, 16 + 3 + 3); /* one each, and the two that look at each byte */
}

static enum XML_Status parse(XML_Parser expat, const char *bytes, size_t length, bool is_final)
{
    char *room = XML_GetBuffer(expat, (int)length);
    assert_non_null(room);
    memcpy(room, bytes, length);
    return work_parse(expat, (int)length, is_final);
}

static void what_expat_scans_again_counts_again(void **state)
{
    (void)state;
    XML_Parser expat = XML_ParserCreate(NULL);
    const uint64_t before = work_done();
    assert_int_equal(parse(expat, "<a b='", 6, false), XML_STATUS_OK);
    const uint64_t first = work_done() - before;
    assert_int_equal(parse(expat, "c'/>", 4, true), XML_STATUS_OK);
    assert_int_equal(work_done() - before, first + first / 6 * (4 + 6));
    XML_ParserFree(expat);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_element_counts_where_it_ends),
        cmocka_unit_test(an_element_that_comes_in_pieces_counts_once),
        cmocka_unit_test(one_recipient_gets_a_multiple_of_what_was_read),
        cmocka_unit_test(what_was_kept_may_be_written_in_every_call),
        cmocka_unit_test(but_not_where_nothing_is_owed),
        cmocka_unit_test(a_recipient_that_lags_has_no_bound_per_call),
        cmocka_unit_test(what_waited_for_storage_is_answered_at_once),
        cmocka_unit_test(a_save_is_written_too),
        cmocka_unit_test(the_most_that_is_used_is_a_multiple_of_what_was_read),
        cmocka_unit_test(all_work_is_a_multiple_of_what_was_read_and_written),
        cmocka_unit_test(copies_are_those_of_long_namespaces),
        cmocka_unit_test(copies_are_bounded_however_many_there_could_be),
        cmocka_unit_test(copies_are_those_of_long_namespaces),
        cmocka_unit_test(copies_are_bounded_however_many_there_could_be),
        cmocka_unit_test(the_first_excess_is_kept),
        cmocka_unit_test(the_functions_of_a_counted_core_do_their_work),
        cmocka_unit_test(what_expat_scans_again_counts_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
