/*
 * shallow.h - tests that repeat much, and take a second and more with the sanitizers.
 *
 * `make check` leaves them out of its run with the sanitizers (SHALLOW in the Makefile).  They run there without the
 * sanitizers, and with them in `make sanitized-test`.
 */
#ifndef CORE_TESTS_SHALLOW_H
#define CORE_TESTS_SHALLOW_H

#ifdef SHALLOW
#define LONG_TEST() skip()
#else
#define LONG_TEST() ((void)0)
#endif

#endif
