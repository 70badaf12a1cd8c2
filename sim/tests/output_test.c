#define _GNU_SOURCE /* O_TMPFILE */

#include "../tool/output.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Each test has a folder of its own, in which it stands; `earlier` holds "before". */
static char folder[32];

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int enter(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/output_test.XXXXXX");
    if (mkdtemp(folder) == NULL || chdir(folder) != 0)
        return -1;
    put("earlier", "before");
    return 0;
}

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static int leave(void **state)
{
    (void)state;
    DIR *entries = opendir(".");
    assert_non_null(entries);
    for (const struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries))
        if (!is_dots(entry->d_name))
            assert_int_equal(unlink(entry->d_name), 0);
    closedir(entries);
    return chdir("/") == 0 ? rmdir(folder) : -1;
}

static void assert_holds(const char *path, const char *text)
{
    char bytes[64] = "";
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fread(bytes, 1, sizeof bytes - 1, file), strlen(text));
    fclose(file);
    assert_string_equal(bytes, text);
}

/* How many files there are here. */
static void assert_files(int count)
{
    int found = 0;
    DIR *entries = opendir(".");
    assert_non_null(entries);
    for (const struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries))
        found += !is_dots(entry->d_name);
    closedir(entries);
    assert_int_equal(found, count);
}

/* Standard error goes to a file while the output is opened. */
static struct output *open_quietly(const char *path)
{
    fflush(stderr);
    const int kept = dup(STDERR_FILENO);
    const int away = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(away, STDERR_FILENO);
    struct output *output = output_open(path);
    fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(kept);
    close(away);
    return output;
}

static void what_is_committed_takes_the_place_of_the_earlier_file(void **state)
{
    (void)state;
    struct output *output = output_open("earlier");
    assert_non_null(output);
    fputs("after", output_file(output));
    fflush(output_file(output));
    assert_holds("earlier", "before");
    assert_true(output_commit(output));
    assert_holds("earlier", "after");
    assert_files(1);
}

static void what_is_abandoned_leaves_the_earlier_file(void **state)
{
    (void)state;
    struct output *output = output_open("earlier");
    assert_non_null(output);
    fputs("after", output_file(output));
    output_abandon(output);
    assert_holds("earlier", "before");
    output_abandon(output_open("new"));
    assert_files(1);
}

static void a_new_file_gets_the_rights_of_any_and_an_earlier_one_keeps_its_own(void **state)
{
    struct stat status;
    (void)state;
    umask(027);
    assert_true(output_commit(output_open("new")));
    assert_int_equal(stat("new", &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
    assert_int_equal(chmod("earlier", 0604), 0);
    assert_true(output_commit(output_open("earlier")));
    assert_int_equal(stat("earlier", &status), 0);
    assert_int_equal(status.st_mode & 0777, 0604);
}

static void a_link_stays_and_its_file_is_replaced(void **state)
{
    struct stat status;
    (void)state;
    assert_int_equal(symlink("earlier", "link"), 0);
    struct output *output = output_open("link");
    assert_non_null(output);
    fputs("after", output_file(output));
    assert_true(output_commit(output));
    assert_holds("earlier", "after");
    assert_int_equal(lstat("link", &status), 0);
    assert_true(S_ISLNK(status.st_mode));
}

static void a_link_to_a_missing_file_is_kept_too(void **state)
{
    (void)state;
    const char *const others[] = { "new" };
    assert_int_equal(symlink("new", "link"), 0);
    assert_int_equal(symlink("./link", "further"), 0);
    assert_string_equal(output_clash("further", others, 1), "new");
    struct output *output = output_open("further");
    assert_non_null(output);
    fputs("after", output_file(output));
    assert_true(output_commit(output));
    assert_holds("new", "after");
    assert_files(4);
}

static void what_cannot_be_written_is_noticed_when_it_is_opened(void **state)
{
    (void)state;
    assert_null(open_quietly("."));
    assert_null(open_quietly("nowhere/file"));
    assert_null(open_quietly("earlier/file"));
    assert_null(open_quietly(""));
    assert_files(1);
}

static void a_device_is_written_directly(void **state)
{
    struct stat status;
    (void)state;
    struct output *output = output_open("/dev/null");
    assert_non_null(output);
    fputs("gone", output_file(output));
    assert_true(output_commit(output));
    assert_int_equal(stat("/dev/null", &status), 0);
    assert_true(S_ISCHR(status.st_mode));
}

static void one_file_is_known_by_each_of_its_names(void **state)
{
    (void)state;
    const char *const others[] = { NULL, "-", "other", "./earlier", "new" };
    assert_int_equal(link("earlier", "hard"), 0);
    assert_int_equal(symlink("earlier", "link"), 0);
    assert_string_equal(output_clash("earlier", others, 5), "./earlier");
    assert_string_equal(output_clash("hard", others, 5), "./earlier");
    assert_string_equal(output_clash("link", others, 5), "./earlier");
    assert_string_equal(output_clash("./new", others, 5), "new");
    assert_null(output_clash("newer", others, 5));
    assert_null(output_clash("-", others, 5));
}

static void a_device_may_be_written_twice(void **state)
{
    (void)state;
    const char *const others[] = { "/dev/null" };
    assert_null(output_clash("/dev/null", others, 1));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, enter, leave)

/* Where the file system has files without names. */
static void a_process_that_is_killed_leaves_nothing(void **state)
{
    (void)state;
    const int nameless = open(".", O_TMPFILE | O_WRONLY, 0600);
    if (nameless < 0)
        skip();
    close(nameless);
    const pid_t process = fork();
    assert_true(process >= 0);
    if (process == 0) {
        struct output *output = output_open("earlier");
        fputs("after", output_file(output));
        fflush(output_file(output));
        raise(SIGKILL);
    }
    int status = 0;
    assert_int_equal(waitpid(process, &status, 0), process);
    assert_true(WIFSIGNALED(status));
    assert_files(1);
    assert_holds("earlier", "before");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_committed_takes_the_place_of_the_earlier_file),
        TEST(what_is_abandoned_leaves_the_earlier_file),
        TEST(a_new_file_gets_the_rights_of_any_and_an_earlier_one_keeps_its_own),
        TEST(a_link_stays_and_its_file_is_replaced),
        TEST(a_link_to_a_missing_file_is_kept_too),
        TEST(what_cannot_be_written_is_noticed_when_it_is_opened),
        TEST(a_device_is_written_directly),
        TEST(one_file_is_known_by_each_of_its_names),
        TEST(a_device_may_be_written_twice),
        TEST(a_process_that_is_killed_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
