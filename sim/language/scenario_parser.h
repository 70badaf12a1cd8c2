/*
 * scenario_parser.h - the base of the scenario parser: its state while it parses a file, and the functions
 * that all its parts use.  These functions call none of the parts.
 *
 * The parts of the parser; each calls only those above it:
 *
 *     scenario_tokens     pieces of text, lines, words, quotations, numbers
 *     scenario_names      a map from names to meanings
 *     scenario.c          the memory of a scenario
 *     scenario_parser     this: complaints, suggestions for names, JIDs
 *     scenario_table.c    [Table]: the row's cells in the lines, before anything else is read
 *     scenario_tags.c     the title and the tags                        } the head: scenario_head.h
 *     scenario_section.c  the indented lines of a section               }
 *     scenario_roster.c   items of rosters and block lists              }
 *     scenario_server.c   [Server]                                      }
 *     scenario_head.c     the other sections, and checks of the head    }
 *     scenario_variants.c phrases of several words                      } the steps: scenario_steps.h
 *     scenario_patterns.c words beside a pattern, and its places        }
 *     scenario_blocks.c   the blocks below steps; it writes stanzas     }
 *                         and text by scenario_print_blocks.c           }
 *     scenario_wordings.c the table of all steps                        }
 *     scenario_suggest.c  suggestions                                   }
 *     scenario_steps.c    the lines after the head                      }
 *     scenario_file.c     a whole file, and the parts that the rows of its table share
 *
 * scenario_print.c and scenario_edit.c use the same tables.
 *
 * Parsing does not stop at an error: it adds a complaint and continues with the next line, so that one
 * pass finds all errors of a file.  A function that says it returns false, or NULL, "after a
 * complaint" has already complained; its caller only skips the unknown part. A file with a complaint yields
 * no scenario.
 *
 * Parsed data belongs to parser->scenario and is freed with it (keep); slices of the file's text do not
 * outlive the parser.  A line is given by its number in the file; complaints quote the file's text through
 * excerpt(), which limits its length.
 */
#ifndef SIM_SCENARIO_PARSER_H
#define SIM_SCENARIO_PARSER_H

#include "scenario.h"
#include "scenario_names.h"
#include "scenario_tokens.h"

/* ---- Memory (scenario.c) ---- */

/* Zeroed memory that lives as long as the scenario. */
void *keep(struct scenario *scenario, size_t size);
const char *keep_text(struct scenario *scenario, struct slice text);
const char *copy_text(struct scenario *scenario, const char *text); /* NULL for NULL */

/* Frees the stanzas of a list of steps and of their blocks; everything else in a step is in the scenario's
 * memory. */
void free_stanzas(struct step *steps);

/* ---- The state of the parser ---- */

/* Indexes of the names in the file: see names_get. */
struct index {
    struct names characters;   /* struct character *, by name */
    struct names addresses;    /* struct seat *, by bare JID */
    struct names accounts;     /* struct account *, by JID */
    struct names rosters;      /* struct roster_head *, by JID */
    struct names blocklists;   /* struct blocklist_head *, by JID */
    struct names hosts;        /* those of the first [Server] */
    struct names elsewhere;    /* struct server_head *, by each of its hosts */
    struct names server_names; /* struct server_head * */
};

/* The characters that have one account. */
struct seat {
    const struct character *character;
    struct seat *next, *last;
};

/* The ends of the head's lists. */
struct ends {
    struct tag **tags;
    struct account **accounts;
    struct roster_head **rosters;
    struct blocklist_head **blocklists;
    struct server_head **servers;
};

/* Hosts as named in a server's lines, possibly with duplicates. */
struct host_list {
    const char **hosts;
    size_t count, room;
};

/* [Table]: the cells, and the row that is being parsed. */
struct table {
    const struct slice *columns;
    size_t column_count;
    struct names column_names; /* struct slice *, in columns */
    struct names *occurring;   /* for each column its values, once a condition needs them */
    struct table_row *rows;    /* as written; a row is split only when needed */
    size_t row_count;
    const struct slice *values; /* the cells of the row; NULL until they are read */
    size_t row;                 /* the row that is being parsed, from 1; 0 when there is no table */
    int line;                   /* the line of [Table]; 0 without one */
};

struct table_row {
    struct slice text;
    int line;
};

/* The contents of a file that a head names; it is read once. */
struct named_file {
    struct named_file *next;
    char *text; /* NULL when it cannot be read */
    size_t length;
};
struct named_files {
    struct named_file *first;
    struct names by_path;
};

/* Parts of the head that are unknown because a line is malformed; a later use of them is not a separate
 * error. */
struct lost {
    bool characters; /* some characters; their accounts are unknown too */
    bool accounts;
};

struct section_at_hand {
    int line;        /* its line; 0 when there is none */
    bool unindented; /* a line of it is not indented, which was already complained about */
};

struct parser {
    struct scenario *scenario;
    struct scenario *common; /* memory that all rows of a table share */
    struct complaints *complaints;
    struct named_files *files;
    scenario_reader read;
    void *host;
    struct line *lines;
    size_t line_count;
    size_t cursor;   /* index of the next line */
    bool ruled;      /* a separator line ends the head */
    int server_line; /* the line of [Server]; 0 before it */
    struct table table;
    struct index index;
    struct ends ends;
    struct names captures;  /* names of the captures {scansion:capture:NAME} so far */
    struct names strangers; /* unknown characters that were already complained about */
    size_t items_read;      /* lines read from files that the head names */
    struct lost lost;
    struct section_at_hand section;
    int told_line;          /* no more complaints about this line; 0 for none */
    struct host_list hosts; /* of the current [Server]; after all of them, of the first */
    struct host_list anonymous_hosts;
    struct core_settings usual; /* the default settings */
    const char **statuses;      /* of the cast's accounts; like the member of struct account */
};

/* ---- Complaints ---- */

/* Adds a complaint about a line, unless the line is told_line.  Complaints after the sixteenth are only
 * counted. */
__attribute__((format(printf, 3, 4))) void complain(struct parser *parser, int line, const char *format, ...);

/* Whether another complaint would only be counted, so that its text is not needed. */
bool complaints_are_full(const struct parser *parser);

/* A quotation for a complaint: a long text is cut, never inside a character. */
struct excerpt {
    char text[64];
};
struct excerpt excerpt(struct slice text);

/* A list of texts in a complaint, separated by ", "; texts that do not fit are left out. */
struct listing {
    char text[240];
};
void listing_add(struct listing *listing, struct slice text);

/* The known names, for a complaint about an unknown one: initialise it with the written name and the rest
 * zeroed, then add all known names. */
struct known {
    struct slice written;
    struct listing listing;
    const char *nearest; /* the name most similar to the written one; NULL for none */
    size_t distance;
};
void known_add(struct known *known, const char *name);

/* "unknown WHAT "X"; expected one of: A, B; did you mean "A"?" */
void complain_unknown(struct parser *parser, int line, const char *what, const struct known *known);

/* Complains about a name that is not in the cast, once for each name. */
void complain_stranger(struct parser *parser, int line, struct slice name);

/* Complains that a property or setting was already given in an earlier line. */
void complain_twice(struct parser *parser, int line, const char *name, int first);

/* The maximum length of the name of a character, column or capture, in bytes. */
enum { NAME_MOST = 240 };

/* Complains about a name that is too long; `what` is the kind of name. */
void check_name_length(struct parser *parser, int line, const char *what, struct slice name);

/* The Levenshtein distance of two texts in bytes; the sum of their lengths if one is longer than 64 bytes. */
size_t edit_distance(struct slice a, struct slice b);

/* ---- What many lines consist of ---- */

/* The text of a quotation with its escapes resolved, in the scenario's memory.  NULL after a complaint.  If
 * `length` is NULL, a NUL byte is refused. */
const char *unquote(struct parser *parser, int line, struct token token, size_t *length);

/* A JID split at '@' and '/'; absent parts are NULL.  The function returns false after a complaint. */
struct jid_parts {
    const char *bare, *local, *domain, *resource;
};
bool parse_jid(struct parser *parser, int line, struct slice text, struct jid_parts *parts);

/* Like cut_property; returns false after a complaint. */
bool cut_property_line(struct parser *parser, const struct line *line, struct slice *name,
                       struct slice *value);

#endif
