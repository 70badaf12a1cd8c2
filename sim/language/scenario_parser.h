/*
 * scenario_parser.h - the base of the scenario parser: what it knows while it reads a file, and the functions
 * that all of its parts use.  Nothing in here calls any of those parts.
 *
 * A file is read like this, each part in a file of its own that calls only those above it:
 *
 *     scenario_tokens     pieces of text, lines, words, quotations, numbers
 *     scenario_names      what a name means, among many
 *     scenario.c          the memory of a scenario
 *     scenario_parser     this: complaints, names that were meant, JIDs
 *     scenario_table.c    [Table]: the row's cells in the lines, before anything else is read
 *     scenario_tags.c     the title and the tags                        } the head: scenario_head.h
 *     scenario_section.c  the indented lines of a section               }
 *     scenario_roster.c   items of rosters and block lists              }
 *     scenario_server.c   [Server]                                      }
 *     scenario_head.c     the other sections, and what follows from all }
 *     scenario_patterns.c words beside a pattern, and its places        } the steps: scenario_steps.h
 *     scenario_blocks.c   what stands below a step; it writes stanzas   }
 *                         and text by scenario_print_blocks.c           }
 *     scenario_wordings.c the table of all steps                        }
 *     scenario_suggest.c  what was probably meant                       }
 *     scenario_steps.c    the lines behind the head                     }
 *     scenario_file.c     a whole file, and what the rows of its table share
 *
 * scenario_print.c and scenario_edit.c stand beside them, and use the same tables.
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
const char *copy_text(struct scenario *scenario, const char *text); /* of NULL it is NULL */

/* Frees the stanzas of a list of steps, and of those below them: nothing else in a step is by itself. */
void free_stanzas(struct step *steps);

/* ---- What the parser knows ---- */

/* Of what the file names, where each is: see names_get. */
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

/* Hosts as a server's lines name them: one may stand there twice. */
struct host_list {
    const char **hosts;
    size_t count, room;
};

/* [Table]: what stands in the cells, and the row that is being parsed. */
struct table {
    const struct slice *columns;
    size_t column_count;
    struct names column_names; /* struct slice *, in columns */
    struct names *occurring;   /* for each column the values in it, once a condition has asked for them */
    struct table_row *rows;    /* as they are written: only the cells that are asked for are cut */
    size_t row_count;
    const struct slice *values; /* the cells of the row; NULL until they are read */
    size_t row;                 /* the row that is being parsed, from 1; 0 when there is no table */
    int line;                   /* where [Table] is; 0 without */
};

struct table_row {
    struct slice text;
    int line;
};

/* What stands in a file that a head names: it is read once. */
struct named_file {
    struct named_file *next;
    char *text; /* NULL where it cannot be read */
    size_t length;
};
struct named_files {
    struct named_file *first;
    struct names by_path;
};

/* The content of the head is unknown, because a line of it is malformed: a later use of it is not a
 * separate error. */
struct lost {
    bool characters; /* some of the cast; then accounts too */
    bool accounts;
};

struct section_at_hand {
    int line;        /* where it begins; 0 when there is none */
    bool unindented; /* a line of it is, which was complained about */
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
    size_t cursor;   /* index of the line to look at next */
    bool ruled;      /* a rule ends the head */
    int server_line; /* where [Server] is; 0 before it */
    struct table table;
    struct index index;
    struct ends ends;
    struct names captures;  /* what {scansion:capture:NAME} has bound above */
    struct names strangers; /* unknown characters that were already complained about */
    size_t items_read;      /* lines of files that the head names */
    struct lost lost;
    struct section_at_hand section;
    int told_line;          /* nothing more is said of it; 0 for none */
    struct host_list hosts; /* of the [Server] at hand; behind them all, of the first */
    struct host_list anonymous_hosts;
    struct core_settings usual; /* that a server has which sets nothing */
    const char **statuses;      /* of the cast's accounts: as struct account has it */
};

/* ---- Complaints ---- */

/* Adds a complaint about a line, unless no more is to be said of that line.  Those behind the sixteenth are
 * only counted. */
__attribute__((format(printf, 3, 4))) void complain(struct parser *parser, int line, const char *format, ...);

/* Whether another complaint would only be counted, so that its words need not be made. */
bool complaints_are_full(const struct parser *parser);

/* A text as a complaint shows it: cut when long, never inside a character. */
struct excerpt {
    char text[64];
};
struct excerpt excerpt(struct slice text);

/* Appends to a list of texts in a complaint, with ", " between; what does not fit is left out. */
struct listing {
    char text[160];
};
void listing_add(struct listing *listing, struct slice text);

/* The names that there are, for a complaint about one that is none of them: begin with what was written and
 * the rest zeroed, and add them all. */
struct known {
    struct slice written;
    struct listing listing;
    const char *nearest; /* the one that is most like what was written; NULL when none is */
    size_t distance;
};
void known_add(struct known *known, const char *name);

/* "unknown WHAT "X"; expected one of: A, B; did you mean "A"?" */
void complain_unknown(struct parser *parser, int line, const char *what, const struct known *known);

/* Complains about a name that is not in the cast, once for each name. */
void complain_stranger(struct parser *parser, int line, struct slice name);

/* Complains that a property, or a setting, stands in an earlier line already. */
void complain_twice(struct parser *parser, int line, const char *name, int first);

/* No name of a character, a column or a capture is longer, in bytes. */
enum { NAME_MOST = 240 };

/* Complains about a name that is longer than any may be; `what` it is the name of. */
void check_name_length(struct parser *parser, int line, const char *what, struct slice name);

/* How many bytes must be put in, taken out or changed to make one text of the other; where one is longer than
 * 64 bytes, as many as both have. */
size_t edit_distance(struct slice a, struct slice b);

/* ---- What many lines consist of ---- */

/* What a quotation says, its escapes resolved: a string of the scenario's.  NULL after a complaint.  With
 * `length` NULL a NUL byte is refused. */
const char *unquote(struct parser *parser, int line, struct token token, size_t *length);

/* A JID split at '@' and '/'; NULL for a part that it has not.  False after a complaint. */
struct jid_parts {
    const char *bare, *local, *domain, *resource;
};
bool parse_jid(struct parser *parser, int line, struct slice text, struct jid_parts *parts);

/* As cut_property; false after a complaint. */
bool cut_property_line(struct parser *parser, const struct line *line, struct slice *name,
                       struct slice *value);

#endif
