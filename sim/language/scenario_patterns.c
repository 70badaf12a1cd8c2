#include "../text.h"
#include "scenario_steps.h"

#include <stddef.h>

/* ---- Fields of a step ---- */

/* The fields that are pointers. */
static const struct pointer {
    enum step_field field;
    size_t offset; /* offset in struct step */
} pointers[] = {
    { FIELD_TEXT, offsetof(struct step, text) },
    { FIELD_MECHANISM, offsetof(struct step, mechanism) },
    { FIELD_USER, offsetof(struct step, user) },
    { FIELD_PASSWORD, offsetof(struct step, password) },
    { FIELD_CONDITION, offsetof(struct step, condition) },
    { FIELD_STANZAS, offsetof(struct step, stanzas) },
    { FIELD_ROSTER, offsetof(struct step, roster) },
    { FIELD_BLOCKED, offsetof(struct step, blocked) },
    { FIELD_STEPS, offsetof(struct step, steps) },
};
enum { POINTERS = sizeof pointers / sizeof pointers[0] };

static const void *pointer_in(const struct step *step, const struct pointer *pointer)
{
    const void *value;
    memcpy(&value, (const char *)step + pointer->offset, sizeof value);
    return value;
}

static const struct pointer *pointer_of(enum step_field field)
{
    const struct pointer *pointer = pointers;
    while (pointer->field != field)
        pointer++;
    return pointer;
}

/* The name of the property that a field is; NULL for other fields. */
static const char *property_of(enum step_field field)
{
    return field == FIELD_TO ? "to" : field == FIELD_FROM ? "from" : NULL;
}

static enum step_field field_of_property(const struct property *property)
{
    if (property->value != NULL && strcmp(property->name, "to") == 0)
        return FIELD_TO;
    if (property->value != NULL && strcmp(property->name, "from") == 0)
        return FIELD_FROM;
    return FIELD_PROPERTIES;
}

unsigned fields_of_step(const struct step *step)
{
    unsigned fields = 0;
    for (size_t i = 0; i < POINTERS; i++)
        fields |= pointer_in(step, &pointers[i]) != NULL ? pointers[i].field : 0U;
    for (const struct property *property = step->properties; property != NULL; property = property->next)
        fields |= field_of_property(property);
    fields |= step->number != 0 ? FIELD_NUMBER : 0U;
    fields |= step->span != 0 ? FIELD_SPAN : 0U;
    fields |= step->negated ? FIELD_NEGATED : 0U;
    return fields;
}

/* NULL when the step has none. */
static const char *string_of(const struct step *step, enum step_field field)
{
    if (property_of(field) == NULL)
        return pointer_in(step, pointer_of(field));
    for (const struct property *property = step->properties; property != NULL; property = property->next)
        if (field_of_property(property) == field)
            return property->value;
    return NULL;
}

static void set_string(struct parser *parser, struct step *step, enum step_field field, const char *string,
                       size_t length)
{
    if (property_of(field) != NULL) {
        struct property *property = keep(parser->scenario, sizeof *property);
        *property = (struct property){ step->properties, property_of(field), string, step->line };
        step->properties = property;
        return;
    }
    memcpy((char *)step + pointer_of(field)->offset, &string, sizeof string);
    if (field == FIELD_TEXT)
        step->length = string != NULL ? length : 0;
}

/* ---- Places ---- */

/* A sort of value, and how it is read and written. */
struct sort {
    bool (*fits)(const struct place_value *value);
    void (*fill)(struct parser *parser, const struct place_value *value, struct step *step);
    bool (*write)(struct text *out, const struct place *place,
                  const struct step *step); /* returns false when the step has no fitting value */
    uint64_t least;                         /* minimum of a number */
    bool ordinal;
    const char *unit; /* the expected second token, after a number; NULL for none */
    bool (*is_unit)(struct slice text);
    /* For a phrase of several words: finds the known one at the token, and the number of its words; or a similar one.
     * NULL for none. */
    const char *(*find)(const struct token *token, size_t *words);
    const char *(*find_similar)(const struct token *token, size_t *words);
};

struct place {
    char letter;
    const char *expected; /* the value as named in complaints */
    const struct sort *sort;
    enum step_field field;
};

/* ---- Words and quotations ---- */

static bool fits_word(const struct place_value *value)
{
    return value->token.kind == TOKEN_WORD;
}

static bool fits_quoted(const struct place_value *value)
{
    return value->token.kind == TOKEN_QUOTED;
}

static bool fits_value(const struct place_value *value)
{
    return fits_word(value) || fits_quoted(value);
}

static bool fits_account(const struct place_value *value)
{
    struct slice text = value->token.text;
    size_t at = slice_find(text, "@");
    return fits_word(value) && at > 0 && at + 1 < text.length && slice_find(text, "/") == text.length;
}

static bool fits_fate(const struct place_value *value)
{
    return slice_is(value->token.text, "keeping") || slice_is(value->token.text, "losing");
}

static void fill_word(struct parser *parser, const struct place_value *value, struct step *step)
{
    struct slice word = value->token.text;
    set_string(parser, step, value->place->field, keep_text(parser->scenario, word), word.length);
}

static void fill_quoted(struct parser *parser, const struct place_value *value, struct step *step)
{
    size_t length = 0;
    bool raw = value->place->field == FIELD_TEXT &&
               (step->verb == STEP_SENDS_RAW || step->verb == STEP_SERVER_RECEIVES);
    const char *text = unquote(parser, step->line, value->token, raw ? &length : NULL);
    if (!raw && text != NULL)
        length = strlen(text);
    set_string(parser, step, value->place->field, text, length);
}

static void fill_value(struct parser *parser, const struct place_value *value, struct step *step)
{
    if (fits_quoted(value))
        fill_quoted(parser, value, step);
    else if (!slice_is(value->token.text, "unset"))
        fill_word(parser, value, step);
}

/* The string of a field; only the text may contain a NUL byte. */
static struct slice said_in(const struct step *step, enum step_field field)
{
    const char *string = string_of(step, field);
    if (field == FIELD_TEXT)
        return (struct slice){ string, step->length };
    return string != NULL ? slice_of(string) : (struct slice){ NULL, 0 };
}

static bool write_word(struct text *out, const struct place *place, const struct step *step)
{
    struct slice word = said_in(step, place->field);
    if (word.text != NULL)
        text_append(out, word.text, word.length);
    return word.text != NULL;
}

static bool write_quoted(struct text *out, const struct place *place, const struct step *step)
{
    struct slice text = said_in(step, place->field);
    if (text.text != NULL)
        write_quotation(out, text);
    return text.text != NULL;
}

/* Whether the text is a word without need for quotes. */
static bool is_plain_word(struct slice text)
{
    bool plain = text.length > 0 && !slice_is(text, "unset");
    for (size_t i = 0; i < text.length; i++) {
        char c = text.text[i];
        plain = plain && (is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
                          c == '-' || c == '.');
    }
    return plain;
}

static bool write_value(struct text *out, const struct place *place, const struct step *step)
{
    struct slice text = said_in(step, place->field);
    if (text.text == NULL)
        text_string(out, "unset");
    else if (is_plain_word(text))
        text_append(out, text.text, text.length);
    else
        write_quotation(out, text);
    return true;
}

static const struct sort word = { .fits = fits_word, .fill = fill_word, .write = write_word };
static const struct sort quoted = { .fits = fits_quoted, .fill = fill_quoted, .write = write_quoted };
static const struct sort any_value = { .fits = fits_value, .fill = fill_value, .write = write_value };
static const struct sort account = { .fits = fits_account, .fill = fill_word, .write = write_word };
static const struct sort fate = { .fits = fits_fate, .fill = fill_word, .write = write_word };

/* ---- Phrases ---- */

static bool fits_phrase(const struct place_value *value)
{
    return value->phrase != NULL;
}

static void fill_phrase(struct parser *parser, const struct place_value *value, struct step *step)
{
    set_string(parser, step, value->place->field, value->phrase, strlen(value->phrase));
}

static const struct sort variant = { .fits = fits_phrase,
                                     .fill = fill_phrase,
                                     .write = write_word,
                                     .find = find_variant,
                                     .find_similar = find_similar_variant };

/* ---- Numbers and spans ---- */

/* "th" of "11th". */
static const char *ordinal_ending(uint64_t number)
{
    static const char *const endings[] = { "th", "st", "nd", "rd" };
    bool teen = number / 10 % 10 == 1;
    return teen || number % 10 > 3 ? endings[0] : endings[number % 10];
}

static bool is_bytes_unit(struct slice text)
{
    return slice_is(text, "bytes") || slice_is(text, "byte");
}

static bool is_time_unit(struct slice text)
{
    sim_time span = 0;
    return parse_span(slice_of("1"), text, &span);
}

/* Parses the digits at the beginning of the text; `behind` is the rest. */
static bool read_digits(struct slice text, uint64_t *number, struct slice *behind)
{
    size_t length = 0;
    while (length < text.length && is_digit(text.text[length]))
        length++;
    *behind = slice_from(text, length);
    return parse_number((struct slice){ text.text, length }, UINT64_MAX, number);
}

static bool fits_number(const struct place_value *value)
{
    const struct sort *sort = value->place->sort;
    uint64_t number = 0;
    struct slice behind;
    return read_digits(value->token.text, &number, &behind) && number >= sort->least &&
           slice_is(behind, sort->ordinal ? ordinal_ending(number) : "") &&
           (sort->unit == NULL || sort->is_unit(value->second.text));
}

static void fill_number(struct parser *parser, const struct place_value *value, struct step *step)
{
    struct slice behind;
    (void)parser;
    bool fitting = read_digits(value->token.text, &step->number, &behind);
    assert(fitting);
}

static bool write_number(struct text *out, const struct place *place, const struct step *step)
{
    if (step->number < place->sort->least)
        return false;
    text_number(out, step->number);
    text_string(out, place->sort->ordinal ? ordinal_ending(step->number) : "");
    if (place->sort->unit != NULL)
        text_string(out, step->number == 1 ? " byte" : " bytes");
    return true;
}

static bool fits_span(const struct place_value *value)
{
    sim_time span = 0;
    return parse_span(value->token.text, value->second.text, &span);
}

static void fill_span(struct parser *parser, const struct place_value *value, struct step *step)
{
    (void)parser;
    bool fitting = parse_span(value->token.text, value->second.text, &step->span);
    assert(fitting);
}

static bool write_time(struct text *out, const struct place *place, const struct step *step)
{
    (void)place;
    write_span(out, step->span);
    return true;
}

#define NUMBER .fits = fits_number, .fill = fill_number, .write = write_number
#define BYTES  NUMBER, .unit = "\"bytes\"", .is_unit = is_bytes_unit
static const struct sort number = { NUMBER };
static const struct sort count = { NUMBER, .least = 1 };
static const struct sort ordinal = { NUMBER, .least = 1, .ordinal = true };
static const struct sort size = { BYTES };
static const struct sort rate = { BYTES, .least = 1 };
static const struct sort time_span = { .fits = fits_span,
                                       .fill = fill_span,
                                       .write = write_time,
                                       .unit = "a unit from milliseconds to days",
                                       .is_unit = is_time_unit };

/* ---- The table ---- */

static const struct place places[] = {
    { 't', "a quoted string", &quoted, FIELD_TEXT },
    { 'v', "a value", &any_value, FIELD_TEXT },
    { 'h', "a host in quotes", &quoted, FIELD_TO },
    { 'f', "a domain in quotes", &quoted, FIELD_FROM },
    { 'm', "a mechanism", &word, FIELD_MECHANISM },
    { 'u', "a user in quotes", &quoted, FIELD_USER },
    { 'p', "a password in quotes", &quoted, FIELD_PASSWORD },
    { 'c', "the name of an error condition", &word, FIELD_CONDITION },
    { 'n', "a number above 0", &count, FIELD_NUMBER },
    { 'z', "a number", &number, FIELD_NUMBER },
    { 'o', "an ordinal such as 3rd", &ordinal, FIELD_NUMBER },
    { 'w', "keeping or losing", &fate, FIELD_TEXT },
    { 's', "a span such as 5 seconds", &time_span, FIELD_SPAN },
    { 'b', "a size such as 57 bytes", &size, FIELD_NUMBER },
    { 'r', "a size above 0 such as 57 bytes", &rate, FIELD_NUMBER },
    { 'j', "a bare JID", &account, FIELD_TEXT },
    { 'd', "a variant of the last message such as another nonce", &variant, FIELD_TEXT },
};

static const struct place *place_of(char letter)
{
    const struct place *place = places;
    while (place->letter != letter)
        place++;
    return place;
}

/* ---- The words of a pattern ---- */

bool next_pattern_word(const char **pattern, struct pattern_word *next)
{
    const char *begin = *pattern;
    while (*begin == ' ')
        begin++;
    const char *end = begin;
    while (*end > ' ') /* blanks and NUL are not greater */
        end++;
    *pattern = end;
    if (end == begin)
        return false;
    next->opens = *begin == '[';
    next->closes = end[-1] == ']';
    begin += next->opens;
    next->text = (struct slice){ begin, (size_t)(end - begin) - next->closes };
    next->place = '\0';
    if (*begin == '%')
        next->place = begin[1];
    return true;
}

void skip_group(const char **pattern, const struct pattern_word *first)
{
    assert(first->opens);
    if (!first->closes)
        *pattern = strchr(*pattern, ']') + 1;
}

/* ---- The matcher ---- */

static void go_along(struct attempt *attempt, const struct token *behind)
{
    attempt->next = behind;
    attempt->progress++;
    attempt->left_out_count = 0;
}

/* Whether the number fits, but the unit does not. */
static bool match_unit(struct attempt *attempt, const struct sort *sort, const struct place_value *value)
{
    uint64_t ignored;
    if (!parse_number(value->token.text, UINT64_MAX, &ignored) || sort->is_unit(value->second.text))
        return true;
    go_along(attempt, token_behind(attempt->next));
    attempt->place = sort->unit;
    return false;
}

static bool match_place(struct attempt *attempt, char letter)
{
    struct place_value value = { .place = place_of(letter), .token = *attempt->next };
    const struct sort *sort = value.place->sort;
    const struct token *behind = token_behind(attempt->next);
    size_t words = 1;
    if (sort->find != NULL) {
        value.phrase = sort->find(attempt->next, &words);
        behind = attempt->next + words;
    }
    if (sort->unit != NULL) {
        value.second = *behind;
        behind = token_behind(behind);
        if (!match_unit(attempt, sort, &value))
            return false;
    }
    if (!sort->fits(&value)) {
        attempt->place = value.place->expected;
        return false;
    }
    assert(attempt->value_count < PLACES_MAX);
    attempt->values[attempt->value_count++] = value;
    go_along(attempt, behind);
    return true;
}

static bool is_not(const struct pattern_word *literal)
{
    return literal->opens && literal->closes && slice_is(literal->text, "not");
}

/* Matches one word of a pattern.  `pattern` is after the word, and is moved after a group that is left
 * out. */
static bool match_word(struct attempt *attempt, const struct pattern_word *wanted, const char **pattern)
{
    if (slice_is(wanted->text, ":")) {
        attempt->next = skip_colon(attempt->next);
        return true;
    }
    if (wanted->place != '\0')
        return match_place(attempt, wanted->place);
    if (slice_same(wanted->text, attempt->next->text)) {
        go_along(attempt, attempt->next + 1);
        attempt->negated = attempt->negated || is_not(wanted);
        return true;
    }
    if (!wanted->opens) {
        attempt->literal = wanted->text;
        return false;
    }
    assert(attempt->left_out_count < GROUPS_MAX);
    attempt->left_out[attempt->left_out_count++] = wanted->text;
    skip_group(pattern, wanted);
    return true;
}

bool attempt_pattern(struct attempt *attempt, const char *pattern, const struct token *tokens)
{
    attempt->progress = 0;
    attempt->next = tokens;
    attempt->literal = (struct slice){ "", 0 };
    attempt->place = NULL;
    attempt->left_out_count = 0;
    attempt->negated = false;
    attempt->value_count = 0;
    struct pattern_word wanted;
    while (next_pattern_word(&pattern, &wanted))
        if (!match_word(attempt, &wanted, &pattern))
            return false;
    attempt->next = skip_colon(attempt->next);
    return attempt->next->kind == TOKEN_END;
}

void fill_places(struct parser *parser, const struct attempt *attempt, struct step *step)
{
    for (size_t i = 0; i < attempt->value_count; i++)
        attempt->values[i].place->sort->fill(parser, &attempt->values[i], step);
    step->negated = step->negated || attempt->negated;
}

/* ---- For suggestions ---- */

static void write_value_as_read(struct text *out, const struct place_value *value)
{
    if (value->phrase != NULL) {
        text_string(out, value->phrase);
        return;
    }
    text_append(out, value->token.text.text, value->token.text.length);
    if (value->place->sort->unit == NULL)
        return;
    text_string(out, " ");
    text_append(out, value->second.text.text, value->second.text.length);
}

void write_attempted(struct text *out, const struct attempt *attempt, char letter)
{
    for (size_t i = 0; i < attempt->value_count; i++)
        if (attempt->values[i].place->letter == letter)
            write_value_as_read(out, &attempt->values[i]);
}

/* Whether only quotes are missing or superfluous. */
static bool fits_but_for_quotes(const struct sort *sort, struct token token)
{
    return (sort == &quoted && token.kind == TOKEN_WORD && !token_unended(token)) ||
           (sort == &word && token.kind == TOKEN_QUOTED && token.text.length > 2);
}

/* What would be in the place: the phrase is the known one, or a similar one at a cost. */
static struct place_value imagine(char letter, const struct token *token, size_t *taken, size_t *cost)
{
    struct place_value value = { place_of(letter), *token, *token_behind(token), NULL };
    const struct sort *sort = value.place->sort;
    *cost = 0;
    *taken = sort->unit != NULL ? 2 : 1;
    if (sort->find == NULL)
        return value;
    value.phrase = sort->find(token, taken);
    if (value.phrase != NULL)
        return value;
    *cost = 1;
    value.phrase = sort->find_similar(token, taken);
    return value;
}

size_t place_takes(char letter, const struct token *token, size_t *cost)
{
    size_t taken;
    struct place_value value = imagine(letter, token, &taken, cost);
    if (value.place->sort->fits(&value))
        return taken;
    *cost = 1;
    return fits_but_for_quotes(value.place->sort, *token) ? 1 : 0;
}

void write_place(struct text *out, char letter, const struct token *token)
{
    size_t taken, cost;
    struct place_value value = imagine(letter, token, &taken, &cost);
    if (value.place->sort->fits(&value)) {
        write_value_as_read(out, &value);
    } else if (token->kind == TOKEN_QUOTED) {
        text_append(out, token->text.text + 1, token->text.length - 2);
    } else {
        write_quotation(out, token->text);
    }
}

/* ---- The writer ---- */

static unsigned fields_of_word(const struct pattern_word *said)
{
    if (said->place != '\0')
        return place_of(said->place)->field;
    return is_not(said) ? FIELD_NEGATED : 0;
}

/* The fields of the step in a group; `pattern` is after its first word. */
static unsigned fields_of_group(struct pattern_word said, const char *pattern)
{
    unsigned fields = fields_of_word(&said);
    while (!said.closes && next_pattern_word(&pattern, &said))
        fields |= fields_of_word(&said);
    return fields;
}

unsigned write_pattern(struct text *out, const char *pattern, const struct step *step, unsigned beyond,
                       bool *whole)
{
    unsigned fields = 0;
    size_t begin = out->length;
    struct pattern_word said;
    *whole = true;
    while (next_pattern_word(&pattern, &said)) {
        if (said.opens && (fields_of_group(said, pattern) & beyond) == 0) {
            skip_group(&pattern, &said);
            continue;
        }
        fields |= fields_of_word(&said);
        bool is_mark = slice_is(said.text, ":") || slice_is(said.text, ",");
        text_string(out, out->length > begin && !is_mark ? " " : "");
        if (said.place == '\0')
            text_append(out, said.text.text, said.text.length);
        else
            *whole = place_of(said.place)->sort->write(out, place_of(said.place), step) && *whole;
    }
    return fields;
}
