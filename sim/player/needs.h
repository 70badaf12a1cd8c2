/*
 * needs.h - what a scenario needs of the server.
 */
#ifndef SIM_NEEDS_H
#define SIM_NEEDS_H

#include "../language/scenario.h"
#include "../world/capability.h"

/* The capabilities that a scenario needs: by its steps, by settings that differ from the usual ones, by its
 * cast, accounts and rosters, by the XEPs that its tags name, and by the namespaces of what clients send and
 * expect; and by the time that passes.  A feature that is on by default is needed only where a tag, a namespace or the setting names it.  Some
 * needs follow from others together: -PLUS and TLS need a channel binding; last activity with faults of storage, that
 * it is stored. */
struct capabilities scenario_needs(const struct scenario *scenario);

#endif
