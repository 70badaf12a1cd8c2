/*
 * scenario_tokens.h - slices of text, and the lexical elements of a scenario's line: tokens, quotations,
 * numbers and spans of time.  The writing functions are the reverse of the reading ones.
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

/* A part of a text that another owner holds. */
struct slice {
    const char *text;
    size_t length;
};

/* Inline, because the compiler knows the length of most texts that a slice is compared with. */
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

/* The rest of the slice from a position on. */
static inline struct slice slice_from(struct slice slice, size_t offset)
{
    assert(offset <= slice.length);
    return (struct slice){ slice.text + offset, slice.length - offset };
}

/* The slice without surrounding blanks. */
struct slice slice_trim(struct slice slice);

/* The position of the first occurrence of the text, or the slice's length. */
size_t slice_find(struct slice slice, const char *text);

/* Removes the piece before the first mark, and the mark, from the slice.  Returns false when there was no
 * mark and the piece is the whole slice. */
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
    struct slice all;  /* without its line end; with trailing blanks */
    struct slice text; /* without surrounding blanks; of length 0 for a blank line */
    size_t indent;     /* bytes of blanks before the text */
    int number;        /* the first is 1 */
    bool of_table;     /* a line of [Table], emptied */
};

/* Makes a line from its text without the line end. */
struct line measure_line(struct slice all, int number);

/* Whether a trimmed line is a comment: "# ...", "// ...", "-- ..." or "--". */
bool is_comment(struct slice text);

/* Whether a line is the separator between head and steps. */
bool is_end_of_head(const struct line *line);

/* "NAME: VALUE" cut at the first colon, both trimmed; false when there is none. */
bool cut_property(struct slice text, struct slice *name, struct slice *value);

/* Writes the same as a line, indented by `depth` tabs. */
void write_named(struct text *out, size_t depth, const char *name, const char *value);

/* ---- Tokens ---- */

enum token_kind {
    TOKEN_END, /* after the last token */
    TOKEN_WORD,
    TOKEN_QUOTED,
    TOKEN_COLON, /* at the end of a word or quotation */
    TOKEN_COMMA, /* the same */
};

struct token {
    enum token_kind kind;
    struct slice text; /* as written; a quotation includes its quotes */
};

/* Takes the first token from `rest`.  An unterminated quotation is a word that begins with a quote: see
 * token_unended. */
struct token next_token(struct slice *rest);
bool token_unended(struct token token);

/* Splits a step's line into tokens, and returns their number without TOKEN_END.  Tokens beyond TOKENS_MAX are
 * dropped; no pattern is nearly as long. */
enum { TOKENS_MAX = 32 };
size_t cut_tokens(struct slice text, struct token tokens[TOKENS_MAX]);
const struct token *token_behind(const struct token *token); /* after TOKEN_END it returns TOKEN_END */
const struct token *skip_colon(const struct token *token);   /* skips an optional colon */

/* ---- Quotations ---- */

/* Resolves an escape, given without its backslash, to one byte: \" \\ \n \t \r \xNN.  Returns its length in
 * characters; 0 when it is invalid. */
size_t resolve_escape(struct slice text, char *byte);

/* Writes the text in quotes; control characters and bytes that are not UTF-8 are escaped. */
void write_quotation(struct text *out, struct slice text);

/* ---- Numbers ---- */

/* Parses a number: only digits, at most `most`. */
bool parse_number(struct slice text, uint64_t most, uint64_t *number);

/* "5", "minutes" */
bool parse_span(struct slice amount, struct slice unit, sim_time *span);

/* Writes the span, a whole number of milliseconds, in the largest unit of which it is a multiple. */
void write_span(struct text *out, sim_time span);
bool is_one_unit(sim_time span);

#endif
