/*
 * scenario_tokens.h - pieces of text, and what the words of a scenario's line are: tokens, quotations,
 * numbers and spans of time.  What is read here can be written here, as the same.
 *
 * Nothing here owns memory or complains: a slice refers to a text that the caller owns, and the return value
 * reports what cannot be read.
 */
#ifndef SIM_SCENARIO_TOKENS_H
#define SIM_SCENARIO_TOKENS_H

#include "../text.h"
#include "../world/world.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

/* ---- Slices ---- */

/* A piece of a text that lies somewhere else. */
struct slice {
    const char *text;
    size_t length;
};

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

/* Without the blanks at either side. */
struct slice slice_trim(struct slice slice);

/* Where the text first is, or the slice's length. */
size_t slice_find(struct slice slice, const char *text);

/* Takes off the slice what stands before the mark, and the mark.  False when it was the last piece, before
 * the end of the slice. */
bool slice_cut(struct slice *slice, const char *mark, struct slice *piece);

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

/* ---- Lines ---- */

struct line {
    struct slice all;  /* without its end; blanks at its end included */
    struct slice text; /* without the blanks at either side; of length 0 on a blank line */
    size_t indent;     /* bytes of blanks before the text */
    int number;        /* the first is 1 */
    bool of_table;     /* a line of [Table], of which nothing is left */
};

/* A line's text, its end not included, and what it is made of. */
struct line measure_line(struct slice all, int number);

/* Whether a trimmed line is a comment: "# ...", "// ...", "-- ..." or "--". */
bool is_comment(struct slice text);

/* Whether a line is the rule between head and steps. */
bool is_end_of_head(const struct line *line);

/* "NAME: VALUE" cut at the first colon, both trimmed; false when there is none. */
bool cut_property(struct slice text, struct slice *name, struct slice *value);

/* The same as a line, behind so many tabs. */
void write_named(struct text *out, size_t depth, const char *name, const char *value);

/* ---- Tokens ---- */

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

/* ---- Quotations ---- */

/* Resolves the escape at the beginning, behind its backslash, to one byte: \" \\ \n \t \r \xNN.  Returns how
 * many characters it took, 0 when it is none. */
size_t resolve_escape(struct slice text, char *byte);

/* The text in quotes, with an escape for what is no character of UTF-8 or a control character. */
void write_quotation(struct text *out, struct slice text);

/* ---- Numbers ---- */

/* Digits alone, of a number that is no more than `most`. */
bool parse_number(struct slice text, uint64_t most, uint64_t *number);

/* "5", "minutes" */
bool parse_span(struct slice amount, struct slice unit, sim_time *span);

/* The span, which is a number of milliseconds, in the largest unit that it has a whole number of. */
void write_span(struct text *out, sim_time span);
bool is_one_unit(sim_time span);

#endif
