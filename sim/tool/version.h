/*
 * version.h - which build of the tool this is.
 *
 * The Makefile passes the release and the commit only to version.c, and links its object beside the
 * libraries: a new commit recompiles one file, and links no test again.
 */
#ifndef SIM_VERSION_H
#define SIM_VERSION_H

/* "0.1.0 (commit abcdef123456)", with ", modified" after the commit if the tree had uncommitted changes; only
 * "0.1.0" if built outside of a checkout.  Static. */
const char *tool_version(void);

#endif
