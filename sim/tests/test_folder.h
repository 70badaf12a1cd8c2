/*
 * test_folder.h - a folder of its own for a group of tests that read and write files; private to sim/tests.
 *
 * A test that includes it defines _XOPEN_SOURCE as 700 first, and passes both functions to
 * cmocka_run_group_tests.
 */
#ifndef SIM_TESTS_TEST_FOLDER_H
#define SIM_TESTS_TEST_FOLDER_H

#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int enter_folder(void **state)
{
    char name[] = "/tmp/rehearse-test-XXXXXX";
    if (mkdtemp(name) == NULL || chdir(name) != 0)
        return -1;
    *state = strdup(name);
    return 0;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *where)
{
    (void)status;
    (void)kind;
    (void)where;
    return remove(path);
}

static int leave_folder(void **state)
{
    char *name = *state;
    int failed = chdir("/");
    if (failed == 0)
        failed = nftw(name, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    free(name);
    return failed;
}

#endif
