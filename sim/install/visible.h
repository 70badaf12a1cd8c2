/*
 * visible.h - for the shared library, which is compiled with -fvisibility=hidden: what the public headers
 * declare is visible.  The compiler includes it before each source, because the first declaration counts.
 */
#ifndef SIM_VISIBLE_H
#define SIM_VISIBLE_H

#pragma GCC visibility push(default)
#include "core.h"
#include "inspect.h"
#pragma GCC visibility pop

#endif
