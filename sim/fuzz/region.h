/*
 * region.h - memory for a core that can be set back to an earlier state, byte for byte.
 *
 * A core has no global state and allocates only with the functions of its memory port.  So a copy of this memory is
 * a copy of the core with everything in it, at the same addresses.  An input begins from a state that took many calls
 * to reach, for the price of copying it, and leaves nothing behind.  What drives the core may live there too.
 *
 * Blocks are never reused before the memory is set back.  With the address sanitizer what is freed, and what is
 * between two blocks, must not be accessed.  What was freed when the state was remembered is not copied.
 */
#ifndef SIM_FUZZ_REGION_H
#define SIM_FUZZ_REGION_H

#include "core.h"

struct region;

/* Makes a region of some hundred megabytes of addresses, which take memory as they are used.  Never freed. */
struct region *region_new(void);

/* The region from which region_memory allocates from now on. */
void region_use(struct region *region);

/* Functions that allocate from the region in use.  When it is full, the input has failed. */
extern const struct core_memory region_memory;

/* Remembers the state of the region, and sets it back to what was remembered. */
void region_save(struct region *region);
void region_restore(struct region *region);

#endif
