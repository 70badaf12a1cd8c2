/*
 * scenario_reading.h - how the tests of the scenario parser read a scenario: from a copy of exactly its size,
 * so that a sanitizer sees who reads too far, and with files that "from:" finds.
 */
#ifndef SIM_TESTS_SCENARIO_READING_H
#define SIM_TESTS_SCENARIO_READING_H

#include "../language/scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The files that "from:" finds: one, and its path as the parser asks for it. */
static inline char *read_verona(void *host, const char *path, size_t *length)
{
    (void)host;
    static const char text[] = "# Verona\r\n"
                               "juliet@localhost: both, name \"Juliet\"\r\n"
                               "\n"
                               "nurse@localhost: none, ask";
    static const char broken[] = "juliet@localhost: both\n\njuliet@localhost: sideways\n";
    static const char binary[] = "juliet@localhost: both\n\xff\n";
    const char *found = NULL;
    if (strcmp(path, "scenarios/basics/../verona.roster") == 0)
        found = text;
    if (strcmp(path, "/broken.roster") == 0)
        found = broken;
    if (strcmp(path, "/binary.roster") == 0)
        found = binary;
    if (found == NULL)
        return NULL;
    *length = strlen(found);
    char *copy = malloc(*length);
    assert_non_null(copy);
    memcpy(copy, found, *length);
    return copy;
}

static inline struct scenario *parse_bytes(const char *text, size_t length, struct complaints *complaints)
{
    char *copy = malloc(length > 0 ? length : 1);
    assert_non_null(copy);
    memcpy(copy, text, length);
    struct scenario *scenario =
        scenario_parse("scenarios/basics/test.scs", copy, length, read_verona, NULL, complaints);
    free(copy);
    assert_true((scenario == NULL) == (complaints->count > 0));
    return scenario;
}

/* The row of a table, from 1. */
static inline struct scenario *parse_row_of(const char *path, const char *text, size_t row,
                                            struct complaints *complaints)
{
    struct scenario_file *file = scenario_file_new(path, text, strlen(text), read_verona, NULL);
    struct scenario *scenario = scenario_file_row(file, row, complaints);
    scenario_file_free(file);
    return scenario;
}

static inline void print_complaints(const struct complaints *complaints)
{
    for (size_t i = 0; i < complaints->count && i < COMPLAINTS_MAX; i++)
        print_error("%d: %s\n", complaints->list[i].line, complaints->list[i].message);
}

static inline struct scenario *parse(const char *text)
{
    struct complaints complaints;
    struct scenario *scenario = parse_bytes(text, strlen(text), &complaints);
    print_complaints(&complaints);
    assert_non_null(scenario);
    return scenario;
}

static const char cast[] = "[Client] Romeo\n"
                           "\tjid: romeo@localhost/orchard\n"
                           "[Client] Juliet's phone\n"
                           "\tjid: juliet@capulet.example\n"
                           "---\n";

#endif
