/*
 * version.h - which build of the tool this is.
 *
 * The Makefile hands the release and the commit to version.c alone, and links its object beside the
 * libraries: another commit compiles one file again, and links no test.
 */
#ifndef SIM_VERSION_H
#define SIM_VERSION_H

/* "0.1.0 (commit abcdef123456)", with ", modified" behind the commit where the tree had changes that were not
 * committed; "0.1.0" alone where it was built outside of a checkout.  Static. */
const char *tool_version(void);

#endif
