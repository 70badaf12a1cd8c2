/*
 * description.h - writes the description of a core, line by line (inspect.h, inspect_describe).
 *
 * A line names a thing.  Its properties follow after ": ", separated by ", ".  The parts of the thing are
 * the lines below it, indented by two more spaces.  A property that is 0, false or missing is omitted.
 * Strings are between backticks, which XML does not need; in them "\`" is the backtick, "\\" the backslash,
 * "\n" and "\t" are what they are in C, and "\xNN" is any other control character.  Times are relative to
 * now.
 */
#ifndef CORE_DESCRIPTION_H
#define CORE_DESCRIPTION_H

#include "base/memory.h"

struct core;

struct description {
    struct buffer text;
    unsigned depth;
    uint64_t now;      /* the time that ports.now returned */
    bool has_property; /* the current line has a property */
    const struct core *core;
    const unsigned char *secret; /* CORE_SECRET bytes */
};

/* Begins a line: "what", "what 3", "what `value`". */
void description_line(struct description *description, const char *what);
void description_numbered(struct description *description, const char *what, uint64_t number);
void description_named(struct description *description, const char *what, const char *name);

/* The next lines are parts of the current line (in), or end those parts (out). */
void description_in(struct description *description);
void description_out(struct description *description);

/* Add a property to the current line: "word", "name 3", "name `value`", "name in 1.000000000 s", "name now"
 * or "name 1.000000000 s ago". */
void description_word(struct description *description, bool is, const char *word);
void description_count(struct description *description, const char *name, uint64_t count);
void description_string(struct description *description, const char *name, const char *value);
void description_bytes(struct description *description, const char *name, const char *bytes, size_t length);
/* A property for a secret, or for input that may contain one: "name (42 bytes, 0123456789abcdef)".  The
 * digits are a hash keyed with the core's secret: equal for equal bytes, and useless for guessing without
 * that secret. */
void description_secret(struct description *description, const char *name, const char *bytes, size_t length);

void description_time(struct description *description, const char *name, uint64_t at);

#endif
