/*
 * scenario_steps.h - the steps of a scenario file, parsed and printed by one table.
 *
 * The table is in scenario_wordings.c.  A row is one wording of a step: its pattern, with literal words and
 * with places for values; the verb; and the required block below the step.  The parser, the printer, the
 * suggestions and the test of scenarios/README.md all use the same rows.  scenario_patterns.c has the table
 * of places, each with the field of a step that it fills; scenario_blocks.c has the table of blocks.  The
 * order of the parts is in scenario_parser.h.
 */
#ifndef SIM_SCENARIO_STEPS_H
#define SIM_SCENARIO_STEPS_H

#include "scenario_head.h"

/* ---- The fields of a step, as bits ---- */

enum step_field {
    FIELD_TEXT = 1,
    FIELD_MECHANISM = 2,
    FIELD_USER = 4,
    FIELD_PASSWORD = 8,
    FIELD_CONDITION = 16,
    FIELD_NUMBER = 32,
    FIELD_SPAN = 64,
    FIELD_NEGATED = 128,
    FIELD_TO = 256,          /* a property of this name with a value */
    FIELD_FROM = 512,        /* the same */
    FIELD_PROPERTIES = 1024, /* any other properties */
    FIELD_STANZAS = 2048,
    FIELD_ROSTER = 4096,
    FIELD_BLOCKED = 8192,
    FIELD_STEPS = 16384,
};

/* The fields that are not zero, NULL or empty (scenario_patterns.c). */
unsigned fields_of_step(const struct step *step);

/* ---- The rows ---- */

enum step_subject {
    SUBJECT_ACTOR,  /* "Romeo connects" */
    SUBJECT_OWNER,  /* "Romeo's presence is unset" */
    SUBJECT_NOBODY, /* "5 minutes pass" */
    SUBJECTS
};

/* The text between the subject and the pattern: " ", "'s " or "". */
const char *behind_subject(enum step_subject subject);

enum step_block {
    BLOCK_NONE,
    BLOCK_STANZAS,
    BLOCK_PRESENCE,   /* one <presence/> */
    BLOCK_FEATURES,   /* one <stream:features/> */
    BLOCK_RAW,        /* literal text */
    BLOCK_ITEMS,      /* roster items */
    BLOCK_JIDS,       /* one per line */
    BLOCK_PROPERTIES, /* the wording names the allowed ones */
    BLOCK_STEPS,
    BLOCKS
};

/* One wording of a step.  In a pattern, words are literal, ':' is an optional colon, [...] is optional, [not]
 * makes the step negated, and %x is a place for the value that scenario_patterns.c lists under that
 * letter. */
struct wording {
    enum step_subject subject;
    enum step_verb verb;
    const char *pattern;
    const char *text, *property;
    uint64_t number;
    bool singular; /* for one session or one second; the row for other numbers follows */
    bool negated;
    enum step_block block;         /* required; with BLOCK_NONE not allowed */
    const char *const *properties; /* BLOCK_PROPERTIES: the allowed names, then NULL */
};

/* The wordings with a subject by index; NULL after the last. */
const struct wording *wording_at(enum step_subject subject, size_t index);

/* ---- Patterns (scenario_patterns.c) ---- */

struct place; /* the values allowed at %x in a pattern, and the field of a step that they fill */

/* The next word of a pattern, without brackets, and whether it begins or ends a group.  The function returns
 * false after the last word. */
struct pattern_word {
    struct slice text;
    char place; /* its letter; 0 for a literal word or an optional colon */
    bool opens, closes;
};
bool next_pattern_word(const char **pattern, struct pattern_word *next);

/* Moves a pattern after the group whose first word was taken. */
void skip_group(const char **pattern, const struct pattern_word *first);

/* The tokens in a place: two for a span, several for a phrase. */
struct place_value {
    const struct place *place;
    struct token token, second;
    const char *phrase; /* the words of a known phrase; NULL for other places, and when there is none */
};

enum { PLACES_MAX = 4, GROUPS_MAX = 4 };

/* How far a pattern matches a line's tokens, and what it expects next. */
struct attempt {
    size_t progress;                   /* number of matched tokens */
    const struct token *next;          /* the first unmatched token */
    struct slice literal;              /* the expected word; empty for a place or the end */
    const char *place;                 /* the expected value of a place; else NULL */
    struct slice left_out[GROUPS_MAX]; /* the first words of optional groups that are also allowed there */
    size_t left_out_count;
    bool negated;
    size_t value_count;
    struct place_value values[PLACES_MAX];
};

/* Whether the pattern matches all tokens. */
bool attempt_pattern(struct attempt *attempt, const char *pattern, const struct token *tokens);

/* Fills in the step from the values in the places of a matched pattern. */
void fill_places(struct parser *parser, const struct attempt *attempt, struct step *step);

/* Appends the value in the place of that letter. */
void write_attempted(struct text *out, const struct attempt *attempt, char letter);

/* The number of tokens that a place takes; 0 when they do not fit.  *cost is 1 when only quotes are missing
 * or superfluous, and for a phrase that is similar to a known one. */
size_t place_takes(char letter, const struct token *token, size_t *cost);

/* Appends the tokens that a place takes, with quotes as required. */
void write_place(struct text *out, char letter, const struct token *token);

/* Appends a pattern's words, with the step's values in its places; a group is included if it has one of the
 * fields `beyond`.  Returns the fields that were written; *whole is false when the step has no value for a
 * place. */
unsigned write_pattern(struct text *out, const char *pattern, const struct step *step, unsigned beyond,
                       bool *whole);

/* ---- Variants of the last message in SCRAM (scenario_variants.c) ---- */

/* The longest variant whose words stand at the token, and the number of these words; and the variant that is the most
 * similar to the words there.  Returns NULL when there is none, or none is similar. */
const char *find_variant(const struct token *token, size_t *words);
const char *find_similar_variant(const struct token *token, size_t *words);

/* ---- Blocks (scenario_blocks.c; scenario_print_blocks.c has those that write stanzas and text) ---- */

/* The name of the block in complaints. */
const char *block_name(enum step_block block);

/* The lines [first, end) below a step; the last of them has text.  Lines indented by at most `indent`, the
 * indentation of the step, are comments. */
struct block {
    const struct line *first, *end;
    size_t indent;
    const char *const *properties; /* those of the wording; set by parse_block */
};
void parse_block(struct parser *parser, const struct wording *wording, struct block block, struct step *step);

/* Complains about every undefined ${...}, and records the captures.  `line` is the file's line
 * in which the text begins. */
void check_variables(struct parser *parser, int line, struct slice text);

/* The fields of the step that are in its block. */
unsigned fields_of_block(enum step_block block, const struct step *step);

/* Whether the step has a block to write. */
bool has_block(enum step_block block, const struct step *step);

/* Appends the block of a step whose line is indented by `depth` tabs; not for blocks of steps. */
void write_block(struct text *out, enum step_block block, const struct step *step, size_t depth);

/* Appends stanzas, each line indented by `depth` tabs. */
void write_stanzas(struct text *out, const struct step *step, size_t depth);
void write_raw(struct text *out, const struct step *step, size_t depth);

/* Whether the step's text can be written as a block, and whether that is more readable than a quotation. */
bool fits_below(const struct step *step);
bool reads_better_below(const struct step *step);

/* ---- Wordings (scenario_wordings.c) ---- */

/* Recognises what follows the subject in a step's line and fills in the step.  NULL when no wording fits. */
const struct wording *recognise(struct parser *parser, enum step_subject subject, struct slice predicate,
                                struct step *step);

/* The best wording for the step; NULL when there is none. */
const struct wording *find_wording(const struct step *step);

/* Appends the part of the step's line after the subject, without the colon before a block.  Returns false,
 * with nothing appended, unless the wording expresses exactly the contents of the step.  A block counts as
 * expressing its fields even if it is empty. */
bool write_wording(struct text *out, const struct wording *wording, const struct step *step);

/* The words of a pattern before the first place in it, without optional ones: "sends raw". */
struct excerpt wording_name(const struct wording *wording);

/* ---- Suggestions (scenario_suggest.c) ---- */

/* Complains that no wording fits.  `name` is the subject, empty for SUBJECT_NOBODY. */
void complain_unrecognised(struct parser *parser, int line, enum step_subject subject, struct slice name,
                           struct slice predicate);

/* Where the name ends in a line whose subject is not in the cast: before the first word that could begin
 * a predicate; the length of the first word when there is none. */
size_t guess_subject(struct slice text);

/* Whether a line without a fitting wording resembles a step without a character. */
bool worded_like_the_world(struct slice text);

/* ---- All of them (scenario_steps.c) ---- */

void parse_steps(struct parser *parser);

#endif
