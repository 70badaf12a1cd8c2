/*
 * xml_rig.h - shared by the tests of elements.
 *
 * Expected trees follow from XML 1.0, Namespaces in XML 1.0 and RFC 6120; the clause stands by the test.
 */
#ifndef SIM_TESTS_XML_RIG_H
#define SIM_TESTS_XML_RIG_H

#include "../text.h"
#include "../xml/xml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The first of the siblings. */
static inline struct xml *fragment(const char *text)
{
    const char *problem;
    int line;
    struct xml *first = xml_fragment(text, strlen(text), &problem, &line);
    assert_null(problem);
    return first;
}

#endif
