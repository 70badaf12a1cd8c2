#include "../tool/crew.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { SCENARIOS = 50 };

static const char check_name[] = "a-check";

/* What is played: every seventh fails, and those of one index do something worse. */
struct play {
    size_t worse;
    int signal; /* 0: leave with status 3 */
    pid_t teller;
    size_t told, stop_after;
    size_t failed, lost, elsewhere;
    char lost_summary[128];
};

static void play(void *host, size_t index, struct played *played)
{
    const struct play *it = host;
    if (index == it->worse && it->signal != 0)
        raise(it->signal);
    if (index == it->worse)
        _exit(3);
    played->real_time = (uint64_t)getpid();
    played->result.trace_hash = index * 1000;
    played->result.passed = index % 7 != 0;
    if (played->result.passed)
        return;
    size_t length = 0;
    FILE *out = open_memstream(&played->result.explanation, &length);
    for (size_t i = 0; i < index * 500; i++)
        fprintf(out, "line %zu of %zu\n", i, index);
    fclose(out);
    played->result.check = check_name;
    played->result.summary = strdup("a seventh");
}

static void check_failure(const struct played *played, size_t index)
{
    char last[64];
    assert_string_equal(played->result.summary, "a seventh");
    assert_ptr_equal(played->result.check, check_name);
    snprintf(last, sizeof last, "line %zu of %zu\n", index * 500 - 1, index);
    if (index == 0)
        assert_string_equal(played->result.explanation, "");
    else
        assert_non_null(strstr(played->result.explanation, last));
}

static bool tell(void *host, size_t index, struct played *played)
{
    struct play *it = host;
    assert_int_equal(index, it->told);
    it->told++;
    if (played->lost) {
        it->lost++;
        assert_false(played->result.passed);
        assert_null(played->result.explanation);
        snprintf(it->lost_summary, sizeof it->lost_summary, "%s", played->result.summary);
        return true;
    }
    assert_int_equal(played->result.trace_hash, index * 1000);
    it->elsewhere += played->real_time != (uint64_t)it->teller;
    it->failed += !played->result.passed;
    if (!played->result.passed)
        check_failure(played, index);
    return it->told != it->stop_after;
}

static struct play play_all(size_t jobs, struct play it)
{
    it.teller = getpid();
    struct crew crew = { .count = SCENARIOS, .jobs = jobs, .play = play, .tell = tell, .host = &it };
    crew_play(&crew);
    return it;
}

static void no_job_plays_here(void **state)
{
    (void)state;
    struct play it = play_all(0, (struct play){ .worse = SCENARIOS });
    assert_int_equal(it.told, SCENARIOS);
    assert_int_equal(it.failed, 8);
    assert_int_equal(it.elsewhere, 0);
}

static void many_jobs_play_elsewhere_and_are_told_in_order(void **state)
{
    (void)state;
    for (size_t jobs = 2; jobs <= SCENARIOS + 1; jobs += 7) {
        struct play it = play_all(jobs, (struct play){ .worse = SCENARIOS });
        assert_int_equal(it.told, SCENARIOS);
        assert_int_equal(it.failed, 8);
        assert_int_equal(it.elsewhere, SCENARIOS);
    }
}

static void a_process_that_dies_loses_one_scenario(void **state)
{
    (void)state;
    struct play it = play_all(3, (struct play){ .worse = 10, .signal = SIGKILL });
    assert_int_equal(it.told, SCENARIOS);
    assert_int_equal(it.lost, 1);
    assert_int_equal(it.failed, 8);
    assert_string_equal(it.lost_summary, "its process died of Killed (signal 9)");
}

static void a_process_may_die_of_the_first_and_of_the_last(void **state)
{
    (void)state;
    for (size_t worse = 0; worse < SCENARIOS; worse += SCENARIOS - 1) {
        struct play it = play_all(2, (struct play){ .worse = worse, .signal = SIGKILL });
        assert_int_equal(it.told, SCENARIOS);
        assert_int_equal(it.lost, 1);
    }
}

static void a_process_that_leaves_early_is_lost_with_its_status(void **state)
{
    (void)state;
    struct play it = play_all(2, (struct play){ .worse = 21 });
    assert_int_equal(it.lost, 1);
    assert_string_equal(it.lost_summary, "its process exited with status 3 before the end");
}

static void the_teller_may_end_it(void **state)
{
    (void)state;
    for (size_t jobs = 1; jobs <= 4; jobs++) {
        struct play it = play_all(jobs, (struct play){ .worse = SCENARIOS, .stop_after = 5 });
        assert_int_equal(it.told, 5);
    }
}

static void nothing_to_play_is_nothing_to_tell(void **state)
{
    (void)state;
    for (size_t jobs = 1; jobs <= 2; jobs++) {
        struct play it = { 0 };
        crew_play(&(struct crew){ .count = 0, .jobs = jobs, .play = play, .tell = tell, .host = &it });
        assert_int_equal(it.told, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_job_plays_here),
        cmocka_unit_test(many_jobs_play_elsewhere_and_are_told_in_order),
        cmocka_unit_test(a_process_that_dies_loses_one_scenario),
        cmocka_unit_test(a_process_may_die_of_the_first_and_of_the_last),
        cmocka_unit_test(a_process_that_leaves_early_is_lost_with_its_status),
        cmocka_unit_test(the_teller_may_end_it),
        cmocka_unit_test(nothing_to_play_is_nothing_to_tell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
