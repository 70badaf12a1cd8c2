/*
 * description.h - a description while it is being written (inspect.h, inspect_describe).
 *
 * A line names a thing; its properties follow behind ": " with ", " between, and what belongs to it stands in
 * the lines below, two blanks further in.  What is 0, false or not there is left out.  Strings stand
 * between backticks, which XML has no use for, with "\`" for the backtick, "\\" for the backslash, "\n" and
 * "\t", and "\xNN" for every other control character.  Times are told from now.
 */
#ifndef CORE_DESCRIPTION_H
#define CORE_DESCRIPTION_H

#include "base/memory.h"

struct core;

struct description {
    struct buffer text;
    unsigned depth;
    uint64_t now;      /* as ports.now has it */
    bool has_property; /* the line at hand */
    const struct core *core;
    const unsigned char *secret; /* CORE_SECRET bytes */
};

/* Begins a line: "what", "what 3", "what `value`". */
void description_line(struct description *description, const char *what);
void description_numbered(struct description *description, const char *what, uint64_t number);
void description_named(struct description *description, const char *what, const char *name);

/* What follows belongs to the line at hand; and no longer. */
void description_in(struct description *description);
void description_out(struct description *description);

/* A property of the line at hand: "word", "name 3", "name `value`", "name in 1.000000000 s", "name now"
 * or "name 1.000000000 s ago". */
void description_word(struct description *description, bool is, const char *word);
void description_count(struct description *description, const char *name, uint64_t count);
void description_string(struct description *description, const char *name, const char *value);
void description_bytes(struct description *description, const char *name, const char *bytes, size_t length);
/* A password, or what may be or tell one: "name (42 bytes, 0123456789abcdef)", which is the same for the same
 * bytes.  It is a keyed hash, so that no password can be tried against it without the core's secret. */
void description_secret(struct description *description, const char *name, const char *bytes, size_t length);

void description_time(struct description *description, const char *name, uint64_t at);

#endif
