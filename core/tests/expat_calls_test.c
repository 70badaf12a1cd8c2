#include "xml/expat_calls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* Stands for the function of the expat that the program runs with, whether it was declared or not: a name in the
 * program precedes that of a library. */
static unsigned calls;
static XML_Bool last = XML_TRUE;

XML_Bool XML_SetReparseDeferralEnabled(XML_Parser parser, XML_Bool enabled)
{
    assert_non_null(parser);
    calls++;
    last = enabled;
    return XML_TRUE;
}

/* Expat 2.5 has the function in some distributions only, so a program compiled without may run with it. */
static void deferral_is_switched_off_in_the_expat_that_the_program_runs_with(void **state)
{
    (void)state;
    XML_Parser parser = XML_ParserCreate(NULL);
    assert_non_null(parser);
    expat_report_at_once(parser);
    assert_int_equal(calls, 1);
    assert_int_equal(last, XML_FALSE);
    XML_ParserFree(parser);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deferral_is_switched_off_in_the_expat_that_the_program_runs_with),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
