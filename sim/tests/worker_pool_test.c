#include "../../core/tests/shallow.h"
#include "../tool/interrupt.h"
#include "../tool/machine.h"
#include "../tool/worker_pool.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { SCENARIOS = 50 };

static const char check_name[] = "a-check";

/* The runs: every seventh fails, and one index does something worse. */
struct suite {
    size_t worse;
    int signal; /* 0: leave with status 3 */
    pid_t teller;
    size_t told, stop_after;
    size_t failed, lost, elsewhere;
    char lost_summary[128];
};

static void run(void *host, size_t index, struct worker_outcome *outcome)
{
    const struct suite *it = host;
    if (index == it->worse && it->signal != 0)
        raise(it->signal);
    if (index == it->worse)
        _exit(3);
    outcome->real_time = (uint64_t)getpid();
    outcome->result.trace_hash = index * 1000;
    outcome->result.passed = index % 7 != 0;
    if (outcome->result.passed)
        return;
    size_t length = 0;
    FILE *out = open_memstream(&outcome->result.explanation, &length);
    for (size_t i = 0; i < index * 500; i++)
        fprintf(out, "line %zu of %zu\n", i, index);
    fclose(out);
    outcome->result.check = check_name;
    outcome->result.summary = strdup("a seventh");
}

static void check_failure(const struct worker_outcome *outcome, size_t index)
{
    char last[64];
    assert_string_equal(outcome->result.summary, "a seventh");
    assert_ptr_equal(outcome->result.check, check_name);
    snprintf(last, sizeof last, "line %zu of %zu\n", index * 500 - 1, index);
    if (index == 0)
        assert_string_equal(outcome->result.explanation, "");
    else
        assert_non_null(strstr(outcome->result.explanation, last));
}

static bool tell(void *host, size_t index, struct worker_outcome *outcome)
{
    struct suite *it = host;
    assert_int_equal(index, it->told);
    it->told++;
    if (outcome->lost) {
        it->lost++;
        assert_false(outcome->result.passed);
        assert_non_null(strstr(outcome->result.explanation, outcome->result.summary));
        snprintf(it->lost_summary, sizeof it->lost_summary, "%s", outcome->result.summary);
        return true;
    }
    assert_int_equal(outcome->result.trace_hash, index * 1000);
    it->elsewhere += outcome->real_time != (uint64_t)it->teller;
    it->failed += !outcome->result.passed;
    if (!outcome->result.passed)
        check_failure(outcome, index);
    return it->told != it->stop_after;
}

static struct suite run_all(size_t jobs, struct suite it)
{
    it.teller = getpid();
    struct worker_pool pool = { .count = SCENARIOS, .jobs = jobs, .run = run, .tell = tell, .host = &it };
    worker_pool_run(&pool);
    return it;
}

static void no_job_runs_here(void **state)
{
    (void)state;
    struct suite it = run_all(0, (struct suite){ .worse = SCENARIOS });
    assert_int_equal(it.told, SCENARIOS);
    assert_int_equal(it.failed, 8);
    assert_int_equal(it.elsewhere, 0);
}

static void many_jobs_run_in_workers_and_are_reported_in_order(void **state)
{
    (void)state;
    LONG_TEST();
    for (size_t jobs = 2; jobs <= SCENARIOS + 1; jobs += 7) {
        struct suite it = run_all(jobs, (struct suite){ .worse = SCENARIOS });
        assert_int_equal(it.told, SCENARIOS);
        assert_int_equal(it.failed, 8);
        assert_int_equal(it.elsewhere, SCENARIOS);
    }
}

static void a_process_that_dies_loses_one_scenario(void **state)
{
    (void)state;
    struct suite it = run_all(3, (struct suite){ .worse = 10, .signal = SIGKILL });
    assert_int_equal(it.told, SCENARIOS);
    assert_int_equal(it.lost, 1);
    assert_int_equal(it.failed, 8);
    assert_string_equal(it.lost_summary, "crash: Killed");
}

static void a_process_may_die_of_the_first_and_of_the_last(void **state)
{
    (void)state;
    for (size_t worse = 0; worse < SCENARIOS; worse += SCENARIOS - 1) {
        struct suite it = run_all(2, (struct suite){ .worse = worse, .signal = SIGKILL });
        assert_int_equal(it.told, SCENARIOS);
        assert_int_equal(it.lost, 1);
    }
}

static void a_process_that_leaves_early_is_lost_with_its_status(void **state)
{
    (void)state;
    struct suite it = run_all(2, (struct suite){ .worse = 21 });
    assert_int_equal(it.lost, 1);
    assert_string_equal(it.lost_summary, "crash: its process exited with status 3 before the end of the run");
}

static void the_teller_may_end_it(void **state)
{
    (void)state;
    for (size_t jobs = 1; jobs <= 4; jobs++) {
        struct suite it = run_all(jobs, (struct suite){ .worse = SCENARIOS, .stop_after = 5 });
        assert_int_equal(it.told, 5);
    }
}

static void nothing_to_run_is_nothing_to_tell(void **state)
{
    (void)state;
    for (size_t jobs = 1; jobs <= 2; jobs++) {
        struct suite it = { 0 };
        worker_pool_run(
            &(struct worker_pool){ .count = 0, .jobs = jobs, .run = run, .tell = tell, .host = &it });
        assert_int_equal(it.told, 0);
    }
}

/* ---- How long a run may take ---- */

enum { LIMIT_MILLISECONDS = 150, LOOPS = 4 };

static void run_or_loop(void *host, size_t index, struct worker_outcome *outcome)
{
    (void)host;
    outcome->result.passed = true;
    for (volatile bool loops = index == LOOPS; loops;)
        continue;
}

static bool tell_loop(void *host, size_t index, struct worker_outcome *outcome)
{
    size_t *told = host;
    ++*told;
    assert_int_equal(outcome->lost, index == LOOPS);
    if (outcome->lost)
        assert_string_equal(outcome->result.summary, "time limit: not over after 0.15 s");
    return true;
}

static void a_run_that_takes_too_long_is_ended_and_the_others_go_on(void **state)
{
    (void)state;
    for (size_t jobs = 1; jobs <= 3; jobs++) {
        size_t told = 0;
        worker_pool_run(&(struct worker_pool){ .count = 10,
                                               .jobs = jobs,
                                               .limit = LIMIT_MILLISECONDS * SIM_MILLISECOND,
                                               .run = run_or_loop,
                                               .tell = tell_loop,
                                               .host = &told });
        assert_int_equal(told, 10);
    }
}

/* Each of many runs is short, all together are longer than the limit. */
static void run_many(void *host, size_t index, struct worker_outcome *outcome)
{
    (void)host;
    (void)index;
    const uint64_t end = machine_now() + LIMIT_MILLISECONDS * SIM_MILLISECOND * 4;
    while (machine_now() < end)
        (void)black_box_begin(outcome->box, "many", NULL);
    outcome->result.passed = true;
}

static bool tell_many(void *host, size_t index, struct worker_outcome *outcome)
{
    (void)index;
    ++*(size_t *)host;
    assert_false(outcome->lost);
    return true;
}

static void the_limit_is_for_each_run_of_several(void **state)
{
    (void)state;
    size_t told = 0;
    worker_pool_run(&(struct worker_pool){ .count = 2,
                                           .jobs = 2,
                                           .limit = LIMIT_MILLISECONDS * SIM_MILLISECOND,
                                           .run = run_many,
                                           .tell = tell_many,
                                           .host = &told });
    assert_int_equal(told, 2);
}

/* ---- The same in this process ---- */

/* Runs as the player does: the box says when to stop. */
static void run_until_told(void *host, size_t index, struct worker_outcome *outcome)
{
    size_t *stopped = host;
    (void)black_box_begin(outcome->box, "a.scs", NULL);
    while (index == LOOPS && outcome->box->stop == BLACK_BOX_GOES_ON)
        continue;
    if (index == LOOPS) {
        assert_string_equal(outcome->box->words, "time limit: not over after 0.15 s");
        ++*stopped;
    }
    black_box_end(outcome->box);
    assert_int_equal(outcome->box->stop, BLACK_BOX_GOES_ON);
}

static bool tell_here(void *host, size_t index, struct worker_outcome *outcome)
{
    (void)host;
    (void)index;
    (void)outcome;
    return true;
}

static void a_run_in_this_process_is_stopped_when_late(void **state)
{
    (void)state;
    size_t stopped = 0;
    worker_pool_run(&(struct worker_pool){ .count = 10,
                                           .limit = LIMIT_MILLISECONDS * SIM_MILLISECOND,
                                           .run = run_until_told,
                                           .tell = tell_here,
                                           .host = &stopped });
    assert_int_equal(stopped, 1);
}

/* Uses processor time for as long as a limit and the patience that follows it. */
static void use_time(void)
{
    const clock_t begun = clock();
    while ((clock() - begun) / (CLOCKS_PER_SEC / 1000) < LIMIT_MILLISECONDS + 1000)
        continue;
}

/* A run that is late, and then what takes long between two runs. */
static void run_and_prepare(void *host, size_t index, struct worker_outcome *outcome)
{
    (void)index;
    run_until_told(host, LOOPS, outcome);
    black_box_clear(outcome->box);
    use_time();
    assert_int_equal(outcome->box->stop, BLACK_BOX_GOES_ON);
}

static void what_comes_between_runs_is_not_limited(void **state)
{
    (void)state;
    size_t stopped = 0;
    worker_pool_run(&(struct worker_pool){ .count = 1,
                                           .limit = LIMIT_MILLISECONDS * SIM_MILLISECOND,
                                           .run = run_and_prepare,
                                           .tell = tell_here,
                                           .host = &stopped });
    assert_int_equal(stopped, 1);
}

static void run_deaf(void *host, size_t index, struct worker_outcome *outcome)
{
    (void)host;
    (void)index;
    (void)black_box_begin(outcome->box, "deaf.scs", NULL);
    memcpy(outcome->box->step, "Romeo connects", sizeof "Romeo connects");
    fputc('!', stderr);
    for (volatile bool loops = true; loops;)
        continue;
}

/* A process of its own runs, and then is sent the signal unless that is 0.  Its end, as waitpid has it, and
 * in `said` what it wrote to standard error. */
static int run_deaf_apart(uint64_t limit, int signal, char *said, size_t size)
{
    int ends[2];
    int status = 0;
    assert_int_equal(pipe(ends), 0);
    const pid_t process = fork();
    assert_true(process >= 0);
    if (process == 0) {
        (void)dup2(ends[1], STDERR_FILENO);
        interrupt_watch();
        worker_pool_run(
            &(struct worker_pool){ .count = 1, .limit = limit, .run = run_deaf, .tell = tell_here });
        _exit(0);
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], said, 1), 1);
    if (signal != 0)
        kill(process, signal);
    ssize_t got = 0;
    size_t length = 0;
    while ((got = read(ends[0], said + length, size - 1 - length)) > 0)
        length += (size_t)got;
    said[length] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(process, &status, 0), process);
    return status;
}

static void a_run_in_this_process_that_does_not_stop_ends_the_process(void **state)
{
    (void)state;
    char said[512];
    int status = run_deaf_apart(LIMIT_MILLISECONDS * SIM_MILLISECOND, 0, said, sizeof said);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 1);
    assert_string_equal(said, "rehearse: deaf.scs: Romeo connects\n  time limit: not over after 0.15 s, and "
                              "did not stop when requested; the process exits\n");
    status = run_deaf_apart(0, SIGTERM, said, sizeof said);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 128 + SIGTERM);
    assert_non_null(strstr(said, "\n  interrupted, and did not stop"));
}

/* ---- Standard error ---- */

static void run_and_say(void *host, size_t index, struct worker_outcome *outcome)
{
    (void)host;
    fprintf(stderr, "this is said by %zu\n", index);
    if (index == 1) {
        fputs("tool: core/foo.c:123: foo_bar: Assertion `foo->bar == 1' failed.\n", stderr);
        abort();
    }
    if (index == 2) {
        for (int line = 0; line < 1000; line++)
            fprintf(stderr, "line %d\n", line);
        fputs("SUMMARY: AddressSanitizer: heap-use-after-free core/foo.c:12 in foo\n", stderr);
        _exit(1);
    }
    if (index == 3) {
        fputs("core/foo.c:7:3: runtime error: signed integer overflow: 3 + 4\n", stderr);
        abort();
    }
    if (index == 5) {
        fputs("fuzz_check: sim/fuzz/foo.c:99: \"a\" is not \"b\": bar.c:7\n", stderr);
        abort();
    }
    outcome->result.passed = true;
}

static bool tell_said(void *host, size_t index, struct worker_outcome *outcome)
{
    static const char *const expected[] = {
        NULL,
        "crash: Assertion `foo->bar == 1' failed (core/foo.c:123)",
        "crash: AddressSanitizer: heap-use-after-free core/foo.c:12 in foo",
        "crash: runtime error (core/foo.c:7)",
        NULL,
        "crash: fuzz_check (sim/fuzz/foo.c:99)",
    };
    ++*(size_t *)host;
    assert_int_equal(outcome->lost, expected[index] != NULL);
    if (!outcome->lost)
        return true;
    assert_string_equal(outcome->result.summary, expected[index]);
    assert_non_null(strstr(outcome->result.explanation, "this is said by "));
    assert_null(strstr(outcome->result.explanation, "line 500"));
    return true;
}

/* What all of it writes to standard error, to be freed. */
static char *errors_of(const struct worker_pool *pool)
{
    char *text = calloc(1, 4096);
    FILE *file = tmpfile();
    const int before = dup(STDERR_FILENO);
    fflush(stderr);
    dup2(fileno(file), STDERR_FILENO);
    worker_pool_run(pool);
    dup2(before, STDERR_FILENO);
    close(before);
    rewind(file);
    (void)fread(text, 1, 4095, file);
    fclose(file);
    return text;
}

static void output_of_a_process_is_in_its_crash_report_or_passed_on(void **state)
{
    (void)state;
    size_t told = 0;
    char *errors = errors_of(
        &(struct worker_pool){ .count = 6, .jobs = 1, .run = run_and_say, .tell = tell_said, .host = &told });
    assert_int_equal(told, 6);
    assert_string_equal(errors, "this is said by 0\nthis is said by 4\n");
    free(errors);
}

/* ---- A machine with few resources ---- */

static void with_files(rlim_t files, void (*then)(void))
{
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    const struct rlimit few = { files, before.rlim_max };
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    then();
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

static void run_with_40_jobs(void)
{
    struct suite it = run_all(40, (struct suite){ .worse = 10, .signal = SIGKILL });
    assert_int_equal(it.told, SCENARIOS);
    assert_int_equal(it.lost, 1);
    assert_int_equal(it.failed, 8);
    assert_int_equal(it.elsewhere, SCENARIOS - 1);
}

static void where_few_files_can_be_open_fewer_processes_run(void **state)
{
    (void)state;
    with_files(24, run_with_40_jobs);
}

static struct suite run_here;
static void run_without_room(void)
{
    run_here = run_all(4, (struct suite){ .worse = SCENARIOS });
}

static void run_here_without_room(void)
{
    char name[] = "/dev/null";
    FILE *taken[24];
    size_t count = 0;
    while (count < 24 && (taken[count] = fopen(name, "r")) != NULL)
        count++;
    run_without_room();
    while (count > 0)
        fclose(taken[--count]);
}

static void where_no_process_can_be_started_this_one_runs(void **state)
{
    (void)state;
    with_files(24, run_here_without_room);
    assert_int_equal(run_here.told, SCENARIOS);
    assert_int_equal(run_here.failed, 8);
    assert_int_equal(run_here.elsewhere, 0);
}

/* ---- Interruptions ----
 * A leader of its own, whose workers say who they are in shared memory, and never end by themselves. */

enum { WORKERS = 3 };

struct observed {
    volatile pid_t workers[WORKERS];
    volatile size_t told, waited;
    bool finishes;
};

static void run_for_ever(void *host, size_t index, struct worker_outcome *outcome)
{
    struct observed *observed = host;
    if (index == 0) {
        outcome->result.passed = true;
        return;
    }
    observed->workers[index - 1] = getpid();
    for (;;)
        (void)pause();
}

static bool count_told(void *host, size_t index, struct worker_outcome *outcome)
{
    (void)index;
    (void)outcome;
    ((struct observed *)host)->told++;
    return true;
}

static void count_waited(void *host)
{
    ((struct observed *)host)->waited++;
}

static _Noreturn void lead(struct observed *observed)
{
    interrupt_watch();
    worker_pool_run(&(struct worker_pool){ .count = WORKERS + 1,
                                           .jobs = WORKERS,
                                           .finishes = observed->finishes,
                                           .run = run_for_ever,
                                           .tell = count_told,
                                           .wait = count_waited,
                                           .host = observed });
    _exit(interrupt_status(7));
}

static void sleep_a_little(void)
{
    const struct timespec little = { 0, 10000000 };
    (void)nanosleep(&little, NULL);
}

/* The waits below have no end of their own: what runs the tests has. */
static pid_t start_leader(struct observed *observed)
{
    const pid_t leader = fork();
    if (leader == 0)
        lead(observed);
    for (int i = 0; i < WORKERS; i++)
        while (observed->workers[i] == 0)
            sleep_a_little();
    while (observed->told == 0 || observed->waited == 0)
        sleep_a_little();
    return leader;
}

static int end_leader(int number, struct observed *observed)
{
    int status = 0;
    const pid_t leader = start_leader(observed);
    kill(leader, number);
    while (waitpid(leader, &status, 0) < 0)
        assert_int_equal(errno, EINTR);
    return status;
}

/* A process that has ended and was not waited for does not count. */
static bool is_alive(pid_t process)
{
    char name[64];
    char line[256] = "";
    snprintf(name, sizeof name, "/proc/%d/stat", (int)process);
    FILE *file = fopen(name, "r");
    if (file == NULL)
        return kill(process, 0) == 0 && access("/proc/self/stat", R_OK) != 0;
    const bool read = fgets(line, sizeof line, file) != NULL;
    fclose(file);
    const char *behind = strrchr(line, ')');
    return read && behind != NULL && strncmp(behind, ") Z", 3) != 0;
}

static void assert_all_gone(const struct observed *observed)
{
    enum { LOOKS = 1000 };
    for (int i = 0; i < WORKERS; i++) {
        int looks = 0;
        while (is_alive(observed->workers[i]) && looks++ < LOOKS)
            sleep_a_little();
        assert_true(looks < LOOKS);
    }
}

static void an_interruption_ends_it_and_all_its_processes(void **state)
{
    (void)state;
    static const int numbers[] = { SIGINT, SIGTERM };
    for (size_t i = 0; i < 2; i++) {
        struct observed *observed = machine_share(sizeof *observed);
        const int status = end_leader(numbers[i], observed);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 128 + numbers[i]);
        assert_int_equal(observed->told, 1);
        assert_all_gone(observed);
        machine_unshare(observed, sizeof *observed);
    }
}

static void a_second_interruption_ends_even_what_wants_to_finish(void **state)
{
    (void)state;
    struct observed *observed = machine_share(sizeof *observed);
    observed->finishes = true;
    const pid_t leader = start_leader(observed);
    int status = 0;
    while (waitpid(leader, &status, WNOHANG) != leader) {
        kill(leader, SIGINT);
        sleep_a_little();
    }
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGINT);
    assert_all_gone(observed);
    machine_unshare(observed, sizeof *observed);
}

static void a_leader_that_is_killed_leaves_no_process_behind(void **state)
{
    (void)state;
    struct observed *observed = machine_share(sizeof *observed);
    const int status = end_leader(SIGKILL, observed);
    assert_true(WIFSIGNALED(status));
    assert_all_gone(observed);
    machine_unshare(observed, sizeof *observed);
}

int main(void)
{
    (void)signal(SIGINT, SIG_DFL); /* a shell makes its background jobs ignore it */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_job_runs_here),
        cmocka_unit_test(many_jobs_run_in_workers_and_are_reported_in_order),
        cmocka_unit_test(a_process_that_dies_loses_one_scenario),
        cmocka_unit_test(a_process_may_die_of_the_first_and_of_the_last),
        cmocka_unit_test(a_process_that_leaves_early_is_lost_with_its_status),
        cmocka_unit_test(the_teller_may_end_it),
        cmocka_unit_test(nothing_to_run_is_nothing_to_tell),
        cmocka_unit_test(a_run_that_takes_too_long_is_ended_and_the_others_go_on),
        cmocka_unit_test(the_limit_is_for_each_run_of_several),
        cmocka_unit_test(a_run_in_this_process_is_stopped_when_late),
        cmocka_unit_test(what_comes_between_runs_is_not_limited),
        cmocka_unit_test(a_run_in_this_process_that_does_not_stop_ends_the_process),
        cmocka_unit_test(output_of_a_process_is_in_its_crash_report_or_passed_on),
        cmocka_unit_test(where_few_files_can_be_open_fewer_processes_run),
        cmocka_unit_test(where_no_process_can_be_started_this_one_runs),
        cmocka_unit_test(an_interruption_ends_it_and_all_its_processes),
        cmocka_unit_test(a_second_interruption_ends_even_what_wants_to_finish),
        cmocka_unit_test(a_leader_that_is_killed_leaves_no_process_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
