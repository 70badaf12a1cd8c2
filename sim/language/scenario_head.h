/*
 * scenario_head.h - the head of a scenario file: title, tags, sections and the table.  For what parses it and
 * for what writes it; the order of the parts is in scenario_parser.h.
 */
#ifndef SIM_SCENARIO_HEAD_H
#define SIM_SCENARIO_HEAD_H

#include "scenario_parser.h"

/* ---- Tables (scenario_table.c) ---- */

/* Reads [Table], whose own lines are blank from then on. */
void read_table(struct parser *parser);
void forget_table(struct table *table);

/* Puts a row's values in place of "${COLUMN}". */
void table_choose(struct parser *parser, size_t row);
void table_fill_in(struct parser *parser, struct line *line);

/* The index of a column, or column_count. */
size_t table_column(const struct table *table, struct slice name);

struct listing listing_of_columns(const struct table *table);

/* With a table, complains about a "${...}" that is still there: nothing else has a value in the head. */
void check_head_values(struct parser *parser, int line, struct slice text);

/* Takes each "when COLUMN is VALUE," off a step's line.  False when the row leaves the step out, or after a
 * complaint. */
bool take_condition(struct parser *parser, int line, struct slice *text);

/* What the scenario, or the case of its table, is called. */
void name_case(struct parser *parser);

/* ---- Title and tags (scenario_tags.c) ---- */

/* The text of the comment that is the title; empty when there is none. */
struct slice find_title(const struct parser *parser);

/* What a tag means to the runner: "strict", "checks only" and "fails" take effect. */
void apply_tag(struct scenario *scenario, const struct tag *tag);

/* A comment at the left margin of the head: the title, a tag, or neither. */
void parse_head_comment(struct parser *parser, const struct line *line);

/* ---- The lines of a section (scenario_section.c) ---- */

/* The next indented line of the section in hand, comments and blank lines left out; NULL at its end. */
const struct line *next_in_section(struct parser *parser);

/* A property that a section may have, once, and what was given for it. */
struct field {
    const char *name;
    struct slice value;
    int line; /* 0 when it was not given */
};

/* Reads all lines of the section as properties; behind the last of the fields is one without a name. */
void read_fields(struct parser *parser, struct field *fields);

/* One of those that there are, by its name. */
const struct field *field_of(const struct field *fields, const char *name);

/* The value as a string, NULL when it was not given; complains when it was given and is empty. */
const char *field_text(struct parser *parser, const struct field *fields, const char *name);

/* ---- Rosters and block lists (scenario_roster.c) ---- */

/* A list that grows, and the JIDs in it; to be freed when it is whole. */
struct roster_list {
    struct roster_line **end;
    struct names jids;
};
struct blocked_list {
    struct blocked_line **end;
    struct names jids;
};

/* One "JID: SUBSCRIPTION, ..."; appended to the list unless something is wrong with it.  `where` stands
 * before a complaint: "" or the name of the file that holds the item and its line. */
void parse_roster_line(struct parser *parser, int line, const char *where, struct slice text,
                       struct roster_list *items);

/* The item as parse_roster_line reads it. */
void write_roster_line(struct text *out, const struct roster_line *item);

/* "from: FILE": every item of a file. */
void parse_roster_file(struct parser *parser, int line, struct slice name, struct roster_list *items);

/* One JID; appended to the list unless something is wrong with it. */
void parse_blocked_line(struct parser *parser, int line, struct slice text, struct blocked_list *blocked);

/* ---- [Server] (scenario_server.c) ---- */

/* The settings of a server that a scenario says nothing of. */
void server_settings_usual(struct core_settings *settings);

void parse_server(struct parser *parser, const struct line *line, struct slice name);

/* Each setting that is not what server_settings_usual makes it, as an indented line; not the hosts. */
void write_settings(struct text *out, const struct core_settings *written);

/* What follows from all of the head: which hosts the first server has, and which of them are anonymous. */
void collect_hosts(struct parser *parser);

/* Whether one of the servers beside the first has that host. */
bool is_served_elsewhere(const struct scenario *scenario, const char *host);

/* ---- All of it (scenario_head.c) ---- */

/* With the hosts that follow from it. */
void parse_head(struct parser *parser);

/* Frees what is only there to parse by. */
void index_free(struct index *index);

#endif
