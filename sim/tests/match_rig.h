/*
 * match_rig.h - shared by the tests of matching and of explaining: a cast, and elements from text.
 */
#ifndef SIM_TESTS_MATCH_RIG_H
#define SIM_TESTS_MATCH_RIG_H

#include "../language/match.h"
#include "../text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- The cast ---- */

static inline const char *look_up(void *host, const char *name)
{
    if (strcmp(name, "Romeo's JID") == 0) {
        return "romeo@localhost";
    }
    if (strcmp(name, "Romeo's full JID") == 0) {
        return "romeo@localhost/orchard";
    }
    if (strcmp(name, "empty") == 0) {
        return "";
    }
    return host == NULL ? NULL : bindings_get(host, name);
}

static inline struct xml *parse(const char *text)
{
    const char *problem;
    int line;
    struct xml *element = xml_fragment(text, strlen(text), &problem, &line);
    assert_null(problem);
    assert_non_null(element);
    assert_null(element->next);
    return element;
}

#endif
