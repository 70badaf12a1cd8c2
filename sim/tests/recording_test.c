#include "../world/choice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The lines are as choice.h has them. */
static void assert_prints(const struct recording *recording, const char *expected)
{
    char *line = recording_print(recording);
    assert_string_equal(line, expected);
    free(line);
}

static void decisions_for_the_first_are_left_out(void **state)
{
    (void)state;
    struct choice list[] = {
        { CHOICE_TIES, 2, 0 }, { CHOICE_PIECES, 8, 3 }, { CHOICE_DISK, 8, 0 }, { CHOICE_PIECES, 112, 41 }
    };
    assert_prints(&(struct recording){ list, 4, 4 }, "1:pieces 3/8 3:pieces 41/112");
}

static void a_recording_of_the_default_schedule_is_none(void **state)
{
    (void)state;
    struct choice list[] = { { CHOICE_TIES, 2, 0 }, { CHOICE_DISK, 8, 0 } };
    assert_prints(&(struct recording){ list, 2, 2 }, "none");
    assert_prints(&(struct recording){ 0 }, "none");
}

static void every_concern_has_a_name_that_is_read_again(void **state)
{
    (void)state;
    struct recording recording = { 0 }, parsed;
    for (unsigned i = 0; i < CHOICE_CONCERNS; i++)
        recording_add(&recording, (struct choice){ (enum choice_concern)i, UINT32_MAX, UINT32_MAX - 1 });
    char *line = recording_print(&recording);
    assert_true(recording_parse(line, &parsed));
    assert_int_equal(parsed.count, CHOICE_CONCERNS);
    for (unsigned i = 0; i < CHOICE_CONCERNS; i++) {
        assert_non_null(strstr(line, choice_concern_name((enum choice_concern)i)));
        assert_int_equal(parsed.list[i].concern, i);
        assert_int_equal(parsed.list[i].possibilities, UINT32_MAX);
        assert_int_equal(parsed.list[i].answer, UINT32_MAX - 1);
    }
    free(line);
    recording_free(&parsed);
    recording_free(&recording);
}

static void what_a_line_leaves_out_is_the_first_of_anything(void **state)
{
    (void)state;
    struct recording recording;
    assert_true(recording_parse("2:disk 7/8 4:steps 1/3", &recording));
    assert_int_equal(recording.count, 5);
    for (size_t i = 0; i < 5; i++) {
        const bool said = i == 2 || i == 4;
        assert_int_equal(recording.list[i].possibilities == 0, !said);
        assert_int_equal(recording.list[i].answer != 0, said);
    }
    assert_int_equal(recording.list[2].concern, CHOICE_DISK);
    assert_int_equal(recording.list[4].concern, CHOICE_STEPS);
    assert_prints(&recording, "2:disk 7/8 4:steps 1/3");
    recording_free(&recording);
}

static void none_is_an_empty_recording(void **state)
{
    (void)state;
    struct recording recording;
    assert_true(recording_parse("none", &recording));
    assert_int_equal(recording.count, 0);
    assert_null(recording.list);
}

/* Drawn by a generator of the test's own, as many as make the list grow several times. */
static void what_is_printed_is_read_and_printed_the_same(void **state)
{
    (void)state;
    struct recording recording = { 0 }, parsed;
    uint32_t drawn = 1;
    for (unsigned i = 0; i < 5000; i++) {
        drawn = drawn * 1664525 + 1013904223;
        const uint32_t possibilities = 2 + (drawn >> 8) % 1000;
        const uint32_t answer = (drawn >> 28) < 12 ? 0 : (drawn >> 4) % possibilities;
        recording_add(&recording,
                      (struct choice){ (enum choice_concern)(i % CHOICE_CONCERNS), possibilities, answer });
    }
    char *line = recording_print(&recording);
    assert_true(recording_parse(line, &parsed));
    assert_prints(&parsed, line);
    assert_true(parsed.count <= recording.count);
    for (size_t i = 0; i < parsed.count; i++)
        assert_int_equal(parsed.list[i].answer, recording.list[i].answer);
    free(line);
    recording_free(&parsed);
    recording_free(&recording);
}

static void a_malformed_recording_is_refused_and_leaves_nothing(void **state)
{
    (void)state;
    static const char *const malformed[] = {
        "",
        " ",
        "nothing",
        "none ",
        "none 1:ties 1/2",
        "1:ties 1/2 ",            /* a trailing blank */
        " 1:ties 1/2",            /* a blank before it */
        "1:ties 1/2  3:ties 1/2", /* two blanks */
        "1:ties 1/2,3:ties 1/2",  /* no blank */
        "1:ties",                 /* no answer */
        "1:ties 1",               /* of how many? */
        "1:ties /2",              /* which? */
        "1:ties 1/",              /* of how many? */
        "1 ties 1/2",             /* no colon */
        ":ties 1/2",              /* no index */
        "-1:ties 1/2",            /* no index */
        "1:tie 1/2",              /* no concern */
        "1:tiesx 1/2",            /* no concern */
        "1: 1/2",                 /* no concern */
        "1:ties 2/2",             /* not below the possibilities */
        "1:ties 0/0",             /* nothing was possible */
        "1:ties 1/4294967296",    /* more than a decision may be among */
        "1:ties 4294967296/9",    /* the same */
        "3:ties 1/2 3:ties 1/2",  /* one decision twice */
        "3:ties 1/2 1:ties 1/2",  /* not in order */
        "100000001:ties 1/2",     /* no run makes so many */
        "99999999999999999999:ties 1/2",
        "1:ties 1/2 and more",
        "1:ties 0x1/2",
    };
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
        struct recording recording = { (struct choice[]){ { CHOICE_TIES, 2, 1 } }, 1, 1 };
        if (recording_parse(malformed[i], &recording))
            fail_msg("'%s' was taken", malformed[i]);
        assert_int_equal(recording.count, 0);
        assert_null(recording.list);
    }
}

static void a_freed_recording_is_empty_and_may_be_filled_again(void **state)
{
    (void)state;
    struct recording recording = { 0 };
    recording_add(&recording, (struct choice){ CHOICE_DISK, 8, 1 });
    recording_free(&recording);
    assert_int_equal(recording.count, 0);
    recording_add(&recording, (struct choice){ CHOICE_STEPS, 3, 2 });
    assert_prints(&recording, "0:steps 2/3");
    recording_free(&recording);
    recording_free(&recording);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decisions_for_the_first_are_left_out),
        cmocka_unit_test(a_recording_of_the_default_schedule_is_none),
        cmocka_unit_test(every_concern_has_a_name_that_is_read_again),
        cmocka_unit_test(what_a_line_leaves_out_is_the_first_of_anything),
        cmocka_unit_test(none_is_an_empty_recording),
        cmocka_unit_test(what_is_printed_is_read_and_printed_the_same),
        cmocka_unit_test(a_malformed_recording_is_refused_and_leaves_nothing),
        cmocka_unit_test(a_freed_recording_is_empty_and_may_be_filled_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
