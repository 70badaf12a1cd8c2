/*
 * settings.h - the settings of a server by their names: a table, and the settings as lines of text.
 *
 * The names are those of [Server] in the scenario language (scenarios/README.md).  As lines, settings are passed
 * to servers that are not written in terms of struct core_settings: "NAME<TAB>VALUE\n", only those that differ
 * from the usual ones, the hosts always.  A value is a word, words with "," between, "yes" or "no", a decimal
 * number, a span in nanoseconds (0: none), or text.  Each host has a line of its own.
 */
#ifndef SIM_SETTINGS_H
#define SIM_SETTINGS_H

#include "../text.h"
#include "capability.h"

#include "core.h"

/* The sorts of values. */
enum setting_sort {
    SETTING_WORD,   /* an enumeration, as an unsigned number */
    SETTING_WORDS,  /* bits of an unsigned number */
    SETTING_BOOL,   /* bool */
    SETTING_NUMBER, /* size_t */
    SETTING_SPAN,   /* uint64_t, in nanoseconds */
    SETTING_TEXT,   /* const char *, NULL for none */
    SETTING_HOST,   /* one of `hosts`; not at an offset */
    SETTING_ANONYMOUS_HOST,
    SETTING_SORTS
};

/* A word, its value, and the capability that it needs. */
struct keyword {
    const char *word; /* NULL behind the last */
    unsigned value;
    enum capability needs;
};

struct setting {
    const char *name;
    enum setting_sort sort;
    size_t field, size;             /* offset and size in struct core_settings; 0 and 0 for hosts */
    const struct keyword *keywords; /* for values that are words, and yes and no */
    const char *what;               /* their name in complaints */
    uint64_t least, most;           /* bounds of a number, or the least number of words */
    enum capability needs;          /* for any value but the usual one */
    enum capability told_with; /* who lacks this is not told of the setting, which only makes runs faster */
};

/* Row `index` of the table; NULL after the last. */
const struct setting *setting_row(size_t index);

/* The settings without hosts that a scenario has when it sets nothing.  They are more permissive than the core's,
 * because most clients of scenarios do without TLS. */
struct core_settings settings_usual(void);

/* Adds the capabilities that settings need because they differ from the usual ones.  Of words only those that
 * are set count. */
void settings_need(const struct core_settings *of, struct capabilities *needs);

/* Appends the settings as lines, for a server with these capabilities: a setting whose row is `told_with` another one is
 * left out. */
void settings_write(struct text *out, const struct core_settings *of, struct capabilities has);

/* Settings that were read.  Strings and lists are owned by them; settings_free frees. */
struct settings_read {
    struct core_settings settings;
    const char **hosts, **anonymous_hosts;
    char *text;
};

/* Reads lines; what they do not name is as usual.  Returns false, with nothing to free, for a line that is
 * malformed, or has an unknown name or a value that the setting cannot have; `wrong` is then its name. */
bool settings_parse(struct settings_read *read, const char *lines, char wrong[64]);
void settings_free(struct settings_read *read);

#endif
