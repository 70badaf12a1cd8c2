/*
 * describe.h - the state of a world as text, to be read by a person and to compare the states of two worlds.
 *
 * Each module writes its own part (net_describe, disk_describe, client_describe, ...); the core's part is
 * core/include/inspect.h, and scene.h combines all of them.  A line names an object; its properties follow
 * after ": ", separated by ", ".  The lines of its parts follow below, indented by two more blanks.
 * Properties that are 0, false or NULL are left out.  Strings stand between backticks, escaped as in the
 * core's part; secrets are shown as a length and a hash.  The text contains no addresses, hash order or real
 * time.  Times are relative to now.
 */
#ifndef SIM_DESCRIBE_H
#define SIM_DESCRIBE_H

#include "world.h"

struct description;

/* describe_begin starts a description at the virtual time `now`. describe_end frees the description and
 * returns its text, which the caller frees. */
struct description *describe_begin(sim_time now);
char *describe_end(struct description *description);

/* Begin a line: with formatted text, or with "WHAT `NAME`". */
__attribute__((format(printf, 2, 3))) void describe_line(struct description *description, const char *format,
                                                         ...);
void describe_named(struct description *description, const char *what, const char *name);

/* The lines that follow are parts of the current line, until describe_out. */
void describe_in(struct description *description);
void describe_out(struct description *description);

/* Add a property to the current line.  All but the first omit it when it is false, 0 or NULL. */
__attribute__((format(printf, 2, 3))) void describe_property(struct description *description,
                                                             const char *format, ...);
void describe_word(struct description *description, bool is, const char *word);
void describe_count(struct description *description, const char *name, uint64_t count);
void describe_string(struct description *description, const char *name, const char *value);
void describe_bytes(struct description *description, const char *name, const char *bytes, size_t length);
void describe_secret(struct description *description, const char *name, const char *bytes, size_t length);
void describe_time(struct description *description, const char *name, sim_time at);

/* Lines whose order has no meaning are sorted: those between describe_begin_set and describe_end_set.  None
 * of them may have parts. */
size_t describe_begin_set(struct description *description);
void describe_end_set(struct description *description, size_t begun);

#endif
