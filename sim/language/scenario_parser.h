/*
 * scenario_parser.h - what the files of the scenario parser share, and those that write what it reads:
 * scenario_print.c, scenario_print_blocks.c and scenario_edit.c.  Nobody else includes it.
 *
 * A file is cut into lines first.  The head (scenario_head.c), with its tags (scenario_tags.c), and the steps
 * (scenario_steps.c) then walk over them with one cursor.  A line is cut into tokens (scenario_tokens.c); a
 * step's tokens are compared with a table of wordings (scenario_wordings.c) by a small matcher
 * (scenario_patterns.c), and where none fits, the nearest is suggested (scenario_suggest.c); what stands
 * indented below a step is a block (scenario_blocks.c).  A table (scenario_table.c) comes before all of it:
 * it puts its values into the lines.
 *
 * Nothing stops at a mistake: it is complained about, and parsing goes on with the next line, so that one
 * look at a file finds all that is wrong in it.
 */
#ifndef SIM_SCENARIO_PARSER_H
#define SIM_SCENARIO_PARSER_H

#include "../text.h"
#include "scenario.h"

#include <assert.h>
#include <string.h>

/* A piece of text that lies somewhere else. */
struct slice {
    const char *text;
    size_t length;
};

/* Names, and for each what it means; zeroed is empty (scenario_names.c). */
struct names {
    struct name *first;
    size_t longest; /* in bytes */
};

/* No name of a character, a column or a capture is longer, in bytes. */
enum { NAME_MOST = 240 };

struct line {
    struct slice all;  /* without its end; blanks at its end included */
    struct slice text; /* without the blanks at either side; of length 0 on a blank line */
    size_t indent;     /* bytes of blanks before the text */
    int number;        /* the first is 1 */
    bool of_table;     /* a line of [Table], of which nothing is left */
};

/* Of what the file names, where each is: see names_get. */
struct index {
    struct names characters;   /* struct character *, by name */
    struct names addresses;    /* struct seat *, by bare JID */
    struct names accounts;     /* struct account *, by JID */
    struct names rosters;      /* struct roster_head *, by JID */
    struct names blocklists;   /* struct blocklist_head *, by JID */
    struct names hosts;        /* struct tag *, those of the first [Server] */
    struct names elsewhere;    /* struct server_head *, by each of its hosts */
    struct names server_names; /* struct server_head * */
};

/* The ends of the head's lists. */
struct ends {
    struct tag **tags;
    struct account **accounts;
    struct roster_head **rosters;
    struct blocklist_head **blocklists;
    struct server_head **servers;
};

struct host_list {
    struct tag *first, *last; /* by name */
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

/* The characters that have one account. */
struct seat {
    const struct character *character;
    struct seat *next, *last;
};

/* What is in the head cannot be told, because a line is malformed that would say it: what asks for it is no
 * mistake of its own. */
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
    struct names strangers; /* who is nobody in the cast, and was complained about */
    size_t items_read;      /* lines of files that the head names */
    struct lost lost;
    struct section_at_hand section;
    int told_line;          /* nothing more is said of it; 0 for none */
    struct host_list hosts; /* of the first [Server] */
    struct host_list anonymous_hosts;
    struct core_settings usual; /* that a server has which sets nothing */
    const char **statuses;      /* of the cast's accounts: as struct account has it */
};

/* ---- Memory and complaints (scenario.c) ---- */

/* Zeroed memory that lives as long as the scenario. */
void *keep(struct scenario *scenario, size_t size);
const char *keep_text(struct scenario *scenario, struct slice text);
const char *copy_text(struct scenario *scenario, const char *text); /* of NULL it is NULL */

/* Frees the stanzas of a list of steps, and of those below them: nothing else in a step is by itself. */
void free_stanzas(struct step *steps);

/* An empty one, on a server with the usual settings of scenarios. */
struct scenario *new_scenario(const char *path);

/* ---- Names (scenario_names.c) ---- */

/* What the name means; NULL when it is none of them. */
void *names_get(const struct names *names, struct slice text);

/* Adds a name, whose text must live as long as the names.  Returns NULL, or what it means already: then
 * nothing changes. */
void *names_add(struct names *names, struct slice text, void *meaning);
void names_free(struct names *names);

/* ---- Complaints (scenario.c) ---- */

/* Whether another complaint would only be counted, so that its words need not be made. */
bool complaints_are_full(const struct parser *parser);

__attribute__((format(printf, 3, 4))) void complain(struct parser *parser, int line, const char *format, ...);

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
struct listing listing_of_cast(const struct parser *parser);

/* Of several names the one that is most like what was written, if any is; begin with the others zeroed. */
struct nearest {
    struct slice written;
    const char *name; /* NULL while there is none */
    size_t distance;
};
void nearest_try(struct nearest *nearest, const char *name); /* scenario_suggest.c */

/* Complains about a word that is none of those known. */
void complain_unknown(struct parser *parser, int line, const char *what, const struct nearest *nearest,
                      const struct listing *known);

/* Complains about a name that nobody in the cast has, once for each name. */
void complain_stranger(struct parser *parser, int line, struct slice name);

/* Complains about a name that is longer than any may be; `what` it is the name of. */
void check_name_length(struct parser *parser, int line, const char *what, struct slice name);

/* ---- A file and its rows (scenario_file.c) ---- */

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

/* ---- Slices and tokens (scenario_tokens.c) ---- */

/* These are here for the compiler: it knows the length of most texts that a slice is compared with. */
static inline struct slice slice_of(const char *text)
{
    return (struct slice){ text, strlen(text) };
}

static inline bool slice_same(struct slice a, struct slice b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.text, b.text, a.length) == 0);
}

static inline bool slice_is(struct slice slice, const char *text)
{
    return slice_same(slice, slice_of(text));
}

static inline bool slice_begins(struct slice slice, const char *text)
{
    size_t length = strlen(text);
    return slice.length >= length && memcmp(slice.text, text, length) == 0;
}

/* What is left from there on. */
static inline struct slice slice_from(struct slice slice, size_t offset)
{
    assert(offset <= slice.length);
    return (struct slice){ slice.text + offset, slice.length - offset };
}

struct slice slice_trim(struct slice slice);
/* Where the text first is, or the slice's length. */
size_t slice_find(struct slice slice, const char *text);

size_t count_line_feeds(struct slice text);

bool slice_is_utf8(struct slice slice);

static inline bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_comment(struct slice text);

enum token_kind {
    TOKEN_END, /* behind the last */
    TOKEN_WORD,
    TOKEN_QUOTED,
    TOKEN_COLON, /* at the end of a word or quotation */
    TOKEN_COMMA, /* the same */
};

struct token {
    enum token_kind kind;
    struct slice text; /* as written; a quotation with its quotes */
};

/* The token at the beginning of `rest`, which moves behind it.  A quotation without an end is a word that
 * begins with a quote: see token_unended. */
struct token next_token(struct slice *rest);
bool token_unended(struct token token);

/* Cuts a step's line for the patterns that it is compared with, and returns how many tokens there are before
 * TOKEN_END.  A line that has more than there is room for loses the rest: no pattern is nearly as long. */
enum { TOKENS_MAX = 32 };
size_t cut_tokens(struct slice text, struct token tokens[TOKENS_MAX]);
const struct token *token_behind(const struct token *token); /* nothing is behind TOKEN_END but itself */
const struct token *skip_colon(const struct token *token);   /* one that may be left out */

/* What a quotation says, its escapes resolved: a string of the scenario's.  NULL after a complaint.  With
 * `length` NULL a NUL byte is refused. */
const char *unquote(struct parser *parser, int line, struct token token, size_t *length);

bool parse_number(struct slice text, uint64_t most, uint64_t *number);
/* "5", "minutes" */
bool parse_span(struct slice amount, struct slice unit, sim_time *span);

/* The reverse: what unquote, parse_number and parse_span read as the same.  A span, which is a number of
 * milliseconds, is written in the largest unit that it has a whole number of. */
void write_quotation(struct text *out, struct slice text);
void write_span(struct text *out, sim_time span);
bool is_one_unit(sim_time span);

/* "NAME: VALUE" cut at the first colon, both trimmed; false when there is none. */
bool cut_property(struct slice text, struct slice *name, struct slice *value);

/* The same as a line, behind so many tabs. */
void write_named(struct text *out, size_t depth, const char *name, const char *value);

/* ---- Lines (scenario.c) ---- */

/* A line's text, its end not included, and what it is made of. */
struct line measure_line(struct slice all, int number);

/* ---- Tables (scenario_table.c) ---- */

/* Reads [Table], whose own lines are blank from then on. */
void read_table(struct parser *parser);
void forget_table(struct table *table);

/* Puts a row's values in place of "${COLUMN}". */
void table_choose(struct parser *parser, size_t row);
void table_fill_in(struct parser *parser, struct line *line);

/* What is left to say about the section when the head comes to it. */
void parse_table_section(struct parser *parser, const struct line *line, struct slice name);

/* The index of a column, or column_count; and the row's value in it. */
size_t table_column(const struct table *table, struct slice name);
struct slice table_value(const struct table *table, size_t column);

struct listing listing_of_columns(const struct table *table);

/* With a table, complains about a "${...}" that is still there: nothing else has a value in the head. */
void check_head_values(struct parser *parser, int line, struct slice text);

/* Takes each "when COLUMN is VALUE," off a step's line.  False when the row leaves the step out, or after a
 * complaint. */
bool take_condition(struct parser *parser, int line, struct slice *text);

/* What the scenario, or the case of its table, is called. */
void name_case(struct parser *parser);

/* ---- The head (scenario_head.c) ---- */

/* With the hosts that follow from it. */
void parse_head(struct parser *parser);

/* Frees what is only there to parse by. */
void index_free(struct index *index);

/* Whether a line is the rule between head and steps. */
bool is_end_of_head(const struct line *line);

/* The next indented line of the section in hand, comments and blank lines left out; NULL at its end. */
const struct line *next_in_section(struct parser *parser);

/* As cut_property; false after a complaint. */
bool cut_property_line(struct parser *parser, const struct line *line, struct slice *name,
                       struct slice *value);

/* A JID split at '@' and '/'; NULL for a part that it has not.  False after a complaint. */
struct jid_parts {
    const char *bare, *local, *domain, *resource;
};
bool parse_jid(struct parser *parser, int line, struct slice text, struct jid_parts *parts);

/* ---- Hosts (scenario_hosts.c) ---- */

/* What follows from all of the head: which hosts the first server has, and which of them are anonymous. */
void collect_hosts(struct parser *parser);
void collect_anonymous_hosts(struct parser *parser);

/* ---- [Server] (scenario_server.c) ---- */

/* The settings of a server that a scenario says nothing of. */
void server_settings_usual(struct core_settings *settings);

void parse_server(struct parser *parser, const struct line *line, struct slice name);

/* Each setting that is not what server_settings_usual makes it, as an indented line; not the hosts. */
void write_settings(struct text *out, const struct core_settings *written);

/* Whether one of the servers beside the first has that host. */
bool is_served_elsewhere(const struct scenario *scenario, const char *host);

/* ---- Roster items (scenario_roster.c) ---- */

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

/* ---- Title and tags (scenario_tags.c) ---- */

/* The text of the comment that is the title; empty when there is none. */
struct slice find_title(const struct parser *parser);

/* A comment at the left margin of the head: the title, a tag, or neither. */
void parse_head_comment(struct parser *parser, const struct line *line);

/* ---- Block lists (scenario_head.c) ---- */

/* One JID; appended to the list unless something is wrong with it. */
void parse_blocked_line(struct parser *parser, int line, struct slice text, struct blocked_list *blocked);

/* ---- Steps (scenario_steps.c) ---- */

void parse_steps(struct parser *parser);

/* ---- Patterns (scenario_patterns.c) ---- */

struct place; /* what may stand at %x in a pattern, and the field of a step that it fills */
struct wording;

/* What stands in a place: a span has two tokens. */
struct place_value {
    const struct place *place;
    struct token token, second;
};

enum { PLACES_MAX = 4 };

/* How far a pattern goes along with a line's tokens, and what it wanted where it did not. */
struct attempt {
    size_t progress;          /* tokens that it went along with */
    const struct token *next; /* the first that it did not */
    struct slice literal;     /* the word wanted there; empty when it is a place or the end */
    const char *place;        /* what is wanted in a place; else NULL */
    size_t value_count;
    struct place_value values[PLACES_MAX];
};

/* The next word of a pattern; empty at its end. */
struct slice next_pattern_word(const char **pattern);

/* Whether it goes along with all of them. */
bool attempt_pattern(struct attempt *attempt, const char *pattern, const struct token *tokens);

/* How many tokens a place takes from here on, 0 when they are nothing for it; *cost is 1 when only quotes are
 * missing or too many. */
size_t place_takes(char letter, const struct token *token, size_t *cost);

/* Appends what a place takes there, as it wants it. */
void write_place(struct text *out, char letter, const struct token *token);

/* Appends what stood in the place of that letter. */
void write_attempted(struct text *out, const struct attempt *attempt, char letter);

/* Fills in the step from what stood in the places of a pattern that matched. */
void fill_places(struct parser *parser, const struct attempt *attempt, struct step *step);

/* Appends what stands behind the subject in the step's line, but for the colon before a block.  False, and
 * nothing appended, unless the wording says all that there is in the step, and nothing else.  A block says
 * what may stand in it, though nothing does. */
bool write_wording(struct text *out, const struct wording *wording, const struct step *step);

/* ---- Wordings (scenario_wordings.c) ---- */

enum step_subject {
    SUBJECT_ACTOR,  /* "Romeo connects" */
    SUBJECT_OWNER,  /* "Romeo's presence is unset" */
    SUBJECT_NOBODY, /* "5 minutes pass" */
};

enum step_block {
    BLOCK_NONE,
    BLOCK_STANZAS,
    BLOCK_PRESENCE,   /* one <presence/> */
    BLOCK_FEATURES,   /* one <stream:features/> */
    BLOCK_RAW,        /* text, taken literally */
    BLOCK_ITEMS,      /* of a roster */
    BLOCK_JIDS,       /* one a line */
    BLOCK_PROPERTIES, /* the wording names those that there are */
    BLOCK_STEPS,
};

/* One way to word a step.  In a pattern words stand for themselves, ':' is a colon that may be left out,
 * [...] may be left out, and %x is a place for the value that scenario_patterns.c lists under that letter. */
struct wording {
    enum step_subject subject;
    enum step_verb verb;
    const char *pattern;
    const char *text, *property;
    uint64_t number;
    bool singular; /* said of one session, one second; the row for any number stands below it */
    const char *const *properties; /* BLOCK_PROPERTIES: the names that may stand there; NULL ends */
    enum step_block block;         /* required, unless it is BLOCK_NONE: then there must not be one */
    bool negated;
};

/* Those with that subject by their index; NULL behind the last. */
const struct wording *wording_at(enum step_subject subject, size_t index);

/* Recognises what follows the subject in a step's line and fills in the step.  NULL when no wording fits. */
const struct wording *recognise(struct parser *parser, enum step_subject subject, struct slice predicate,
                                struct step *step);

/* Says why none does.  `name` is the subject, empty for SUBJECT_NOBODY. */
void complain_unrecognised(struct parser *parser, int line, enum step_subject subject, struct slice name,
                           struct slice predicate);

/* The wording in which the step can be written, and is written best; NULL where there is none. */
const struct wording *find_wording(const struct step *step);

/* The words of a pattern before the first place in it: "sends raw". */
struct excerpt wording_name(const struct wording *wording);

/* Where the name ends in a line whose subject is nobody in the cast: before the first word that could begin
 * a predicate; the length of the first word when there is none. */
size_t guess_subject(struct slice text);

/* Whether a line that no wording fits reads like a step that has no character. */
bool worded_like_the_world(struct slice text);

/* ---- Suggestions (scenario_suggest.c) ---- */

/* The line that was probably meant, with as much of what was written as fits; "" when nothing is like it. */
struct suggestion {
    char text[128];
    bool sure; /* no more than a letter or a pair of quotes is wrong */
};
struct suggestion suggest_step(enum step_subject subject, struct slice name, struct slice predicate);

/* ---- Blocks (scenario_blocks.c) ---- */

/* The lines [first, end) stand below the step; the last of them has text.  Those that are indented by no
 * more than `indent`, as the step itself is, are comments. */
struct block {
    const struct line *first, *end;
    size_t indent;
};
void parse_block(struct parser *parser, const struct wording *wording, struct block block, struct step *step);

/* ---- The same, written (scenario_print_blocks.c) ---- */

/* Whether there is anything that stands below the step's line. */
bool has_block(const struct wording *wording, const struct step *step);

/* Whether the step's text can stand below its line, and whether it reads better there than in quotes. */
bool fits_below(const struct step *step);
bool reads_better_below(const struct step *step);

/* Appends what stands below the step's line, which has `depth` tabs before it; not the steps. */
void write_block(struct text *out, const struct wording *wording, const struct step *step, size_t depth);

/* Complains about every ${...} that nobody can know, and notes what is captured.  `line` is the file's line
 * in which the text begins. */
void check_variables(struct parser *parser, int line, struct slice text);

#endif
