/*
 * scenario_steps.h - the steps of a scenario file, read and written from one table.
 *
 * The table is in scenario_wordings.c.  A row is one way to word a step: its pattern, whose words stand for
 * themselves and whose places are for values; the verb; and what must stand below.  What recognises a line,
 * what writes a step, what suggests another line, and what holds scenarios/README.md against the table all
 * read the same row.  The places that there are, each with the field of a step that it fills, are a table in
 * scenario_patterns.c; what may stand below is one in scenario_blocks.c.  The order of the parts is in
 * scenario_parser.h.
 */
#ifndef SIM_SCENARIO_STEPS_H
#define SIM_SCENARIO_STEPS_H

#include "scenario_head.h"

/* ---- What a step may have beyond its verb, as bits ---- */

enum step_field {
    FIELD_TEXT = 1,
    FIELD_MECHANISM = 2,
    FIELD_USER = 4,
    FIELD_PASSWORD = 8,
    FIELD_CONDITION = 16,
    FIELD_NUMBER = 32,
    FIELD_SPAN = 64,
    FIELD_NEGATED = 128,
    FIELD_TO = 256,          /* a property of that name with a value */
    FIELD_FROM = 512,        /* the same */
    FIELD_PROPERTIES = 1024, /* any other */
    FIELD_STANZAS = 2048,
    FIELD_ROSTER = 4096,
    FIELD_BLOCKED = 8192,
    FIELD_STEPS = 16384,
};

/* Those that are not zero, NULL or empty (scenario_patterns.c). */
unsigned fields_of_step(const struct step *step);

/* ---- The rows ---- */

enum step_subject {
    SUBJECT_ACTOR,  /* "Romeo connects" */
    SUBJECT_OWNER,  /* "Romeo's presence is unset" */
    SUBJECT_NOBODY, /* "5 minutes pass" */
    SUBJECTS
};

/* What stands between the subject and the pattern: " ", "'s " or nothing. */
const char *behind_subject(enum step_subject subject);

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
    BLOCKS
};

/* One way to word a step.  In a pattern words stand for themselves, ':' is a colon that may be left out,
 * [...] may be left out, [not] makes the step negated, and %x is a place for the value that
 * scenario_patterns.c lists under that letter. */
struct wording {
    enum step_subject subject;
    enum step_verb verb;
    const char *pattern;
    const char *text, *property;
    uint64_t number;
    bool singular; /* said of one session, one second; the row for any number stands below it */
    bool negated;
    enum step_block block;         /* required, unless it is BLOCK_NONE: then there must not be one */
    const char *const *properties; /* BLOCK_PROPERTIES: the names that may stand there; NULL ends */
};

/* Those with that subject by their index; NULL behind the last. */
const struct wording *wording_at(enum step_subject subject, size_t index);

/* ---- Patterns (scenario_patterns.c) ---- */

struct place; /* what may stand at %x in a pattern, and the field of a step that it fills */

/* The next word of a pattern, without the brackets around it, and where it stands in its group.  False behind
 * the last. */
struct pattern_word {
    struct slice text;
    char place; /* its letter; 0 for a word that stands for itself, or a colon that may be left out */
    bool opens, closes;
};
bool next_pattern_word(const char **pattern, struct pattern_word *next);

/* Moves a pattern behind the group whose first word was taken off it. */
void skip_group(const char **pattern, const struct pattern_word *first);

/* What stands in a place: a span has two tokens. */
struct place_value {
    const struct place *place;
    struct token token, second;
};

enum { PLACES_MAX = 4, GROUPS_MAX = 4 };

/* How far a pattern goes along with a line's tokens, and what it wanted where it did not. */
struct attempt {
    size_t progress;                   /* tokens that it went along with */
    const struct token *next;          /* the first that it did not */
    struct slice literal;              /* the word wanted there; empty when it is a place or the end */
    const char *place;                 /* what is wanted in a place; else NULL */
    struct slice left_out[GROUPS_MAX]; /* the words that groups begin with which might stand there as well */
    size_t left_out_count;
    bool negated;
    size_t value_count;
    struct place_value values[PLACES_MAX];
};

/* Whether it goes along with all of them. */
bool attempt_pattern(struct attempt *attempt, const char *pattern, const struct token *tokens);

/* Fills in the step from what stood in the places of a pattern that matched. */
void fill_places(struct parser *parser, const struct attempt *attempt, struct step *step);

/* Appends what stood in the place of that letter. */
void write_attempted(struct text *out, const struct attempt *attempt, char letter);

/* How many tokens a place takes from here on, 0 when they are nothing for it; *cost is 1 when only quotes are
 * missing or too many. */
size_t place_takes(char letter, const struct token *token, size_t *cost);

/* Appends what a place takes there, as it wants it. */
void write_place(struct text *out, char letter, const struct token *token);

/* Appends a pattern's words, with what the step has in its places; a group stands there when it says
 * something of `beyond`, which are fields of the step.  Returns the fields that were said; false in *whole
 * when the step has nothing that fits a place. */
unsigned write_pattern(struct text *out, const char *pattern, const struct step *step, unsigned beyond,
                       bool *whole);

/* ---- Blocks (scenario_blocks.c; scenario_print_blocks.c has those that write stanzas and text) ---- */

/* What a complaint calls the block. */
const char *block_name(enum step_block block);

/* The lines [first, end) stand below the step; the last of them has text.  Those that are indented by no
 * more than `indent`, as the step itself is, are comments. */
struct block {
    const struct line *first, *end;
    size_t indent;
    const char *const *properties; /* as the wording has them, which parse_block sets */
};
void parse_block(struct parser *parser, const struct wording *wording, struct block block, struct step *step);

/* Complains about every undefined ${...}, and records the captures.  `line` is the file's line
 * in which the text begins. */
void check_variables(struct parser *parser, int line, struct slice text);

/* The fields of the step that a block says. */
unsigned fields_of_block(enum step_block block, const struct step *step);

/* Whether there is anything that stands below the step's line. */
bool has_block(enum step_block block, const struct step *step);

/* Appends what stands below the step's line, which has `depth` tabs before it; not the steps. */
void write_block(struct text *out, enum step_block block, const struct step *step, size_t depth);

/* Each line of them behind so many tabs. */
void write_stanzas(struct text *out, const struct step *step, size_t depth);
void write_raw(struct text *out, const struct step *step, size_t depth);

/* Whether the step's text can stand below its line, and whether it reads better there than in quotes. */
bool fits_below(const struct step *step);
bool reads_better_below(const struct step *step);

/* ---- Wordings (scenario_wordings.c) ---- */

/* Recognises what follows the subject in a step's line and fills in the step.  NULL when no wording fits. */
const struct wording *recognise(struct parser *parser, enum step_subject subject, struct slice predicate,
                                struct step *step);

/* The wording in which the step can be written, and is written best; NULL where there is none. */
const struct wording *find_wording(const struct step *step);

/* Appends what stands behind the subject in the step's line, but for the colon before a block.  False, and
 * nothing appended, unless the wording says all that there is in the step, and nothing else.  A block says
 * what may stand in it, though nothing does. */
bool write_wording(struct text *out, const struct wording *wording, const struct step *step);

/* The words of a pattern before the first place in it: "sends raw". */
struct excerpt wording_name(const struct wording *wording);

/* ---- What was probably meant (scenario_suggest.c) ---- */

/* Says why no wording fits.  `name` is the subject, empty for SUBJECT_NOBODY. */
void complain_unrecognised(struct parser *parser, int line, enum step_subject subject, struct slice name,
                           struct slice predicate);

/* Where the name ends in a line whose subject is not in the cast: before the first word that could begin
 * a predicate; the length of the first word when there is none. */
size_t guess_subject(struct slice text);

/* Whether a line that no wording fits reads like a step that has no character. */
bool worded_like_the_world(struct slice text);

/* ---- All of them (scenario_steps.c) ---- */

void parse_steps(struct parser *parser);

#endif
