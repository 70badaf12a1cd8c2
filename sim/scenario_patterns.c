#include "scenario_parser.h"

#include <assert.h>
#include <string.h>

/* ---- Places ---- */

struct place {
    char letter;
    const char *expected; /* in complaints */
    bool (*fits)(const struct place_value *value);
    void (*fill)(struct parser *parser, const struct place_value *value, struct step *step);
};

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

static bool fits_number(const struct place_value *value)
{
    uint64_t number = 0;
    return parse_number(value->token.text, UINT64_MAX, &number);
}

static bool fits_count(const struct place_value *value)
{
    uint64_t number = 0;
    return parse_number(value->token.text, UINT64_MAX, &number) && number > 0;
}

static bool fits_span(const struct place_value *value)
{
    sim_time span = 0;
    return parse_span(value->token.text, value->second.text, &span);
}

static bool fits_account(const struct place_value *value)
{
    struct slice text = value->token.text;
    size_t at = slice_find(text, "@");
    return fits_word(value) && at > 0 && at + 1 < text.length && slice_find(text, "/") == text.length;
}

/* The digits of "1st", "22nd", "3rd", "11th". */
static struct slice ordinal_digits(struct slice text)
{
    size_t length = 0;
    while (length < text.length && is_digit(text.text[length]))
        length++;
    return (struct slice){ text.text, length };
}

static const char *ordinal_ending(uint64_t number)
{
    static const char *const endings[] = { "th", "st", "nd", "rd" };
    bool teen = number / 10 % 10 == 1;
    return teen || number % 10 > 3 ? endings[0] : endings[number % 10];
}

static bool fits_ordinal(const struct place_value *value)
{
    uint64_t number = 0;
    struct slice digits = ordinal_digits(value->token.text);
    return fits_word(value) && parse_number(digits, UINT64_MAX, &number) && number > 0 &&
           slice_is(slice_from(value->token.text, digits.length), ordinal_ending(number));
}

static bool fits_fate(const struct place_value *value)
{
    return slice_is(value->token.text, "keeping") || slice_is(value->token.text, "losing");
}

static void fill_text(struct parser *parser, const struct place_value *value, struct step *step)
{
    bool raw = step->verb == STEP_SENDS_RAW;
    step->text = unquote(parser, step->line, value->token, raw ? &step->length : NULL);
    if (!raw && step->text != NULL)
        step->length = strlen(step->text);
}

static void fill_value(struct parser *parser, const struct place_value *value, struct step *step)
{
    if (value->token.kind == TOKEN_QUOTED)
        fill_text(parser, value, step);
    else if (!slice_is(value->token.text, "unset"))
        step->text = keep_text(parser->scenario, value->token.text);
    if (step->text != NULL)
        step->length = strlen(step->text);
}

static void fill_word(struct parser *parser, const struct place_value *value, struct step *step)
{
    step->text = keep_text(parser->scenario, value->token.text);
    step->length = value->token.text.length;
}

static void fill_to(struct parser *parser, const struct place_value *value, struct step *step)
{
    struct property *to = keep(parser->scenario, sizeof *to);
    to->name = "to";
    to->value = unquote(parser, step->line, value->token, NULL);
    to->line = step->line;
    step->properties = to;
}

static void fill_from(struct parser *parser, const struct place_value *value, struct step *step)
{
    struct property *from = keep(parser->scenario, sizeof *from);
    from->name = "from";
    from->value = unquote(parser, step->line, value->token, NULL);
    from->line = step->line;
    from->next = step->properties;
    step->properties = from;
}

static void fill_mechanism(struct parser *parser, const struct place_value *value, struct step *step)
{
    step->mechanism = keep_text(parser->scenario, value->token.text);
}

static void fill_user(struct parser *parser, const struct place_value *value, struct step *step)
{
    step->user = unquote(parser, step->line, value->token, NULL);
}

static void fill_password(struct parser *parser, const struct place_value *value, struct step *step)
{
    step->password = unquote(parser, step->line, value->token, NULL);
}

static void fill_condition(struct parser *parser, const struct place_value *value, struct step *step)
{
    step->condition = keep_text(parser->scenario, value->token.text);
}

static void fill_number(struct parser *parser, const struct place_value *value, struct step *step)
{
    (void)parser;
    bool fitting = parse_number(value->token.text, UINT64_MAX, &step->number);
    assert(fitting);
}

static void fill_ordinal(struct parser *parser, const struct place_value *value, struct step *step)
{
    (void)parser;
    bool fitting = parse_number(ordinal_digits(value->token.text), UINT64_MAX, &step->number);
    assert(fitting);
}

static void fill_span(struct parser *parser, const struct place_value *value, struct step *step)
{
    (void)parser;
    bool fitting = parse_span(value->token.text, value->second.text, &step->span);
    assert(fitting);
}

static const struct place places[] = {
    { 't', "a quotation", fits_quoted, fill_text },
    { 'v', "a value", fits_value, fill_value },
    { 'h', "a host in quotes", fits_quoted, fill_to },
    { 'f', "a domain in quotes", fits_quoted, fill_from },
    { 'm', "a mechanism", fits_word, fill_mechanism },
    { 'u', "a user in quotes", fits_quoted, fill_user },
    { 'p', "a password in quotes", fits_quoted, fill_password },
    { 'c', "the name of an error condition", fits_word, fill_condition },
    { 'n', "a number above 0", fits_count, fill_number },
    { 'z', "a number", fits_number, fill_number },
    { 'o', "an ordinal such as 3rd", fits_ordinal, fill_ordinal },
    { 'w', "keeping or losing", fits_fate, fill_word },
    { 's', "a span such as 5 seconds", fits_span, fill_span },
    { 'j', "a bare JID", fits_account, fill_word },
};

static const struct place *place_of(char letter)
{
    const struct place *place = places;
    while (place->letter != letter)
        place++;
    return place;
}

/* ---- The matcher ---- */

struct slice next_pattern_word(const char **pattern)
{
    while (**pattern == ' ')
        (*pattern)++;
    struct slice word = { *pattern, strcspn(*pattern, " ") };
    *pattern += word.length;
    return word;
}

/* A span has its number: does only the unit not fit? */
static bool match_unit(struct attempt *attempt, const struct place_value *value)
{
    sim_time span = 0;
    if (!fits_number(value) || parse_span(slice_of("1"), value->second.text, &span))
        return true;
    (void)next_token(&attempt->rest);
    attempt->progress++;
    attempt->place = "a unit from milliseconds to days";
    return false;
}

static bool match_place(struct attempt *attempt, char letter)
{
    struct place_value value = { .place = place_of(letter) };
    struct slice behind = attempt->rest;
    value.token = next_token(&behind);
    if (value.place->fits == fits_span) {
        value.second = next_token(&behind);
        if (!match_unit(attempt, &value))
            return false;
    }
    if (!value.place->fits(&value)) {
        attempt->place = value.place->expected;
        return false;
    }
    assert(attempt->value_count < PLACES_MAX);
    attempt->values[attempt->value_count++] = value;
    attempt->rest = behind;
    attempt->progress++;
    return true;
}

static bool match_literal(struct attempt *attempt, struct slice literal)
{
    struct slice behind = attempt->rest;
    if (!slice_same(literal, next_token(&behind).text)) {
        attempt->literal = literal;
        return false;
    }
    attempt->rest = behind;
    attempt->progress++;
    return true;
}

/* One word of a pattern.  `pattern` stands behind it, and moves behind a group that is left out. */
static bool match_word(struct attempt *attempt, struct slice word, const char **pattern)
{
    bool optional = word.text[0] == '[';
    if (optional)
        word = slice_from(word, 1);
    if (word.text[word.length - 1] == ']')
        word.length--;
    if (slice_is(word, ":")) {
        skip_colon(&attempt->rest);
        return true;
    }
    if (word.text[0] == '%')
        return match_place(attempt, word.text[1]);
    if (match_literal(attempt, word))
        return true;
    if (optional)
        *pattern += strcspn(*pattern, "]") + 1;
    return optional;
}

struct attempt attempt_pattern(const char *pattern, struct slice text)
{
    struct attempt attempt = { .rest = text };
    struct slice word;
    while ((word = next_pattern_word(&pattern)).length > 0)
        if (!match_word(&attempt, word, &pattern))
            return attempt;
    skip_colon(&attempt.rest);
    attempt.literal = (struct slice){ "", 0 };
    attempt.rest = slice_trim(attempt.rest);
    attempt.matched = attempt.rest.length == 0;
    return attempt;
}

void fill_places(struct parser *parser, const struct attempt *attempt, struct step *step)
{
    for (size_t i = 0; i < attempt->value_count; i++)
        attempt->values[i].place->fill(parser, &attempt->values[i], step);
}
