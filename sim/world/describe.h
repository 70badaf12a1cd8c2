/*
 * describe.h - what a world holds, as text: for a person who looks at it, and to tell whether two worlds are
 * in the same state.
 *
 * Each room writes its own part (net_describe, disk_describe, client_describe, ...); the core's is
 * core/include/inspect.h's; scene.h has all of it.  A line names a thing; its properties follow behind ": " with ", "
 * between, and what belongs to it stands in the lines below, two blanks further in.  What is 0, false or not
 * there is left out.  Strings stand between backticks, escaped as in the core's part; what is encrypted is
 * told by its length and a hash.  There is nothing of addresses, hash order or real time in it, and times are
 * told from now.
 */
#ifndef SIM_DESCRIBE_H
#define SIM_DESCRIBE_H

#include "world.h"

struct description;

/* Of a moment; and its text, which the caller frees.  The description is freed with that. */
struct description *describe_begin(sim_time now);
char *describe_end(struct description *description);

/* Begins a line: a few words, or "what `name`". */
__attribute__((format(printf, 2, 3))) void describe_line(struct description *description, const char *format,
                                                         ...);
void describe_named(struct description *description, const char *what, const char *name);

/* What follows belongs to the line at hand; and no longer. */
void describe_in(struct description *description);
void describe_out(struct description *description);

/* A property of the line at hand; of the others than the first, nothing where it is false, 0 or NULL. */
__attribute__((format(printf, 2, 3))) void describe_property(struct description *description,
                                                             const char *format, ...);
void describe_word(struct description *description, bool is, const char *word);
void describe_count(struct description *description, const char *name, uint64_t count);
void describe_string(struct description *description, const char *name, const char *value);
void describe_bytes(struct description *description, const char *name, const char *bytes, size_t length);
void describe_secret(struct description *description, const char *name, const char *bytes, size_t length);
void describe_time(struct description *description, const char *name, sim_time at);

/* What comes in no order that means anything: the lines from here to the end of it, none of which has lines
 * that belong to it, are put into one. */
size_t describe_begin_set(struct description *description);
void describe_end_set(struct description *description, size_t begun);

#endif
