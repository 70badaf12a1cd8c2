/*
 * scenario_head.h - the head of a scenario file: title, tags, sections and the table; for the parser and the
 * printer.  The order of the parts is in scenario_parser.h.
 */
#ifndef SIM_SCENARIO_HEAD_H
#define SIM_SCENARIO_HEAD_H

#include "scenario_parser.h"

/* ---- Tables (scenario_table.c) ---- */

/* Parses [Table]; its lines are blank afterwards. */
void read_table(struct parser *parser);
void forget_table(struct table *table);

/* Replaces "${COLUMN}" by the values of a row. */
void table_choose(struct parser *parser, size_t row);
void table_fill_in(struct parser *parser, struct line *line);

/* The index of a column, or column_count. */
size_t table_column(const struct table *table, struct slice name);

struct listing listing_of_columns(const struct table *table);

/* With a table, complains about a remaining "${...}", because only columns have values in the head. */
void check_head_values(struct parser *parser, int line, struct slice text);

/* Removes each "when COLUMN is VALUE," from a step's line.  Returns false when the row excludes the step, or
 * after a complaint. */
bool take_condition(struct parser *parser, int line, struct slice *text);

/* Sets the name of the scenario, or of the case of its table. */
void name_case(struct parser *parser);

/* ---- Title and tags (scenario_tags.c) ---- */

/* The text of the comment that is the title; empty when there is none. */
struct slice find_title(const struct parser *parser);

/* Applies a tag: "strict", "checks only", "fails" and "level" take effect. */
void apply_tag(struct scenario *scenario, const struct tag *tag);

/* Parses a comment at the left margin of the head: the title, a tag, or neither. */
void parse_head_comment(struct parser *parser, const struct line *line);

/* ---- The lines of a section (scenario_section.c) ---- */

/* The next indented line of the current section, without comments and blank lines; NULL at its end. */
const struct line *next_in_section(struct parser *parser);

/* A property that a section may have once, and its value. */
struct field {
    const char *name;
    struct slice value;
    int line; /* 0 when it was not given */
};

/* Parses all lines of the section as properties; the fields end with one without a name. */
void read_fields(struct parser *parser, struct field *fields);

/* Finds a field, which must exist, by its name. */
const struct field *field_of(const struct field *fields, const char *name);

/* The value as a string; NULL when it was not given.  Complains about an empty value. */
const char *field_text(struct parser *parser, const struct field *fields, const char *name);

/* ---- Rosters and block lists (scenario_roster.c) ---- */

/* A growing list, and an index of its JIDs, which is freed when the list is complete. */
struct roster_list {
    struct roster_line **end;
    struct names jids;
};
struct blocked_list {
    struct blocked_line **end;
    struct names jids;
};

/* Parses "JID: SUBSCRIPTION, ..." and appends the item to the list unless it is malformed.  `where` precedes
 * a complaint: "", or the file and line of the item. */
void parse_roster_line(struct parser *parser, int line, const char *where, struct slice text,
                       struct roster_list *items);

/* Writes the item in the form that parse_roster_line reads. */
void write_roster_line(struct text *out, const struct roster_line *item);

/* "from: FILE": parses every item of a file. */
void parse_roster_file(struct parser *parser, int line, struct slice name, struct roster_list *items);

/* Parses a JID and appends it to the list unless it is malformed. */
void parse_blocked_line(struct parser *parser, int line, struct slice text, struct blocked_list *blocked);

/* ---- [Server] (scenario_server.c) ---- */

void parse_server(struct parser *parser, const struct line *line, struct slice name);

/* Writes each setting that differs from settings_usual as an indented line; not the hosts. */
void write_settings(struct text *out, const struct core_settings *written);

/* Collects the hosts of the first server, and the anonymous ones, after the whole head was parsed. */
void collect_hosts(struct parser *parser);

/* Whether a server other than the first has the host. */
bool is_served_elsewhere(const struct scenario *scenario, const char *host);

/* ---- All of it (scenario_head.c) ---- */

/* Parses the head and collects the hosts. */
void parse_head(struct parser *parser);

/* Frees the indexes. */
void index_free(struct index *index);

#endif
