#include "scenario_parser.h"

#include <assert.h>
#include <string.h>

/* ---- Places ---- */

/* What a step may have beyond its verb, as bits. */
enum step_field {
    FIELD_TEXT = 1,
    FIELD_MECHANISM = 2,
    FIELD_USER = 4,
    FIELD_PASSWORD = 8,
    FIELD_CONDITION = 16,
    FIELD_NUMBER = 32,
    FIELD_SPAN = 64,
    FIELD_TO = 128,         /* a property of that name with a value */
    FIELD_FROM = 256,       /* the same */
    FIELD_PROPERTIES = 512, /* any other */
    FIELD_STANZAS = 1024,
    FIELD_ROSTER = 2048,
    FIELD_BLOCKED = 4096,
    FIELD_STEPS = 8192,
};

struct place {
    char letter;
    const char *expected; /* in complaints */
    bool (*fits)(const struct place_value *value);
    void (*fill)(struct parser *parser, const struct place_value *value, struct step *step);
    bool (*write)(struct text *out, const struct step *step); /* false when the step has nothing that fits */
    enum step_field field;
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

static bool is_time_unit(const struct place_value *value)
{
    sim_time span = 0;
    return parse_span(slice_of("1"), value->second.text, &span);
}

static bool is_bytes_unit(const struct place_value *value)
{
    return slice_is(value->second.text, "bytes") || slice_is(value->second.text, "byte");
}

static bool fits_bytes(const struct place_value *value)
{
    return fits_number(value) && is_bytes_unit(value);
}

static bool fits_rate(const struct place_value *value)
{
    return fits_count(value) && is_bytes_unit(value);
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

/* ---- The same, written ---- */

static bool write_quoted(struct text *out, const char *text)
{
    if (text != NULL)
        write_quotation(out, slice_of(text));
    return text != NULL;
}

static bool write_word(struct text *out, const char *word)
{
    if (word != NULL)
        text_string(out, word);
    return word != NULL;
}

static bool write_text(struct text *out, const struct step *step)
{
    if (step->text != NULL)
        write_quotation(out, (struct slice){ step->text, step->length });
    return step->text != NULL;
}

/* Whether the text is a word that nobody would put in quotes. */
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

static bool write_value(struct text *out, const struct step *step)
{
    struct slice text = { step->text, step->length };
    if (step->text == NULL)
        text_string(out, "unset");
    else if (is_plain_word(text))
        text_append(out, text.text, text.length);
    else
        write_quotation(out, text);
    return true;
}

static bool write_plain(struct text *out, const struct step *step)
{
    return write_word(out, step->text);
}

static bool write_property(struct text *out, const struct step *step, const char *name)
{
    for (const struct property *property = step->properties; property != NULL; property = property->next)
        if (strcmp(property->name, name) == 0)
            return write_quoted(out, property->value);
    return false;
}

static bool write_to(struct text *out, const struct step *step)
{
    return write_property(out, step, "to");
}

static bool write_from(struct text *out, const struct step *step)
{
    return write_property(out, step, "from");
}

static bool write_mechanism(struct text *out, const struct step *step)
{
    return write_word(out, step->mechanism);
}

static bool write_user(struct text *out, const struct step *step)
{
    return write_quoted(out, step->user);
}

static bool write_password(struct text *out, const struct step *step)
{
    return write_quoted(out, step->password);
}

static bool write_condition(struct text *out, const struct step *step)
{
    return write_word(out, step->condition);
}

static bool write_any_number(struct text *out, const struct step *step)
{
    text_number(out, step->number);
    return true;
}

static bool write_ordinal(struct text *out, const struct step *step)
{
    if (step->number == 0)
        return false;
    text_number(out, step->number);
    text_string(out, ordinal_ending(step->number));
    return true;
}

static bool write_count(struct text *out, const struct step *step)
{
    return step->number > 0 && write_any_number(out, step);
}

static bool write_bytes(struct text *out, const struct step *step)
{
    text_number(out, step->number);
    text_string(out, step->number == 1 ? " byte" : " bytes");
    return true;
}

static bool write_rate(struct text *out, const struct step *step)
{
    return step->number > 0 && write_bytes(out, step);
}

static bool write_time(struct text *out, const struct step *step)
{
    write_span(out, step->span);
    return true;
}

static const struct place places[] = {
    { 't', "a quotation", fits_quoted, fill_text, write_text, FIELD_TEXT },
    { 'v', "a value", fits_value, fill_value, write_value, FIELD_TEXT },
    { 'h', "a host in quotes", fits_quoted, fill_to, write_to, FIELD_TO },
    { 'f', "a domain in quotes", fits_quoted, fill_from, write_from, FIELD_FROM },
    { 'm', "a mechanism", fits_word, fill_mechanism, write_mechanism, FIELD_MECHANISM },
    { 'u', "a user in quotes", fits_quoted, fill_user, write_user, FIELD_USER },
    { 'p', "a password in quotes", fits_quoted, fill_password, write_password, FIELD_PASSWORD },
    { 'c', "the name of an error condition", fits_word, fill_condition, write_condition, FIELD_CONDITION },
    { 'n', "a number above 0", fits_count, fill_number, write_count, FIELD_NUMBER },
    { 'z', "a number", fits_number, fill_number, write_any_number, FIELD_NUMBER },
    { 'o', "an ordinal such as 3rd", fits_ordinal, fill_ordinal, write_ordinal, FIELD_NUMBER },
    { 'w', "keeping or losing", fits_fate, fill_word, write_plain, FIELD_TEXT },
    { 's', "a span such as 5 seconds", fits_span, fill_span, write_time, FIELD_SPAN },
    { 'b', "a size such as 57 bytes", fits_bytes, fill_number, write_bytes, FIELD_NUMBER },
    { 'r', "a size above 0 such as 57 bytes", fits_rate, fill_number, write_rate, FIELD_NUMBER },
    { 'j', "a bare JID", fits_account, fill_word, write_plain, FIELD_TEXT },
};

/* The second token of a place that has two, the first being a number. */
struct unit {
    char letter;
    const char *expected;
    bool (*fits)(const struct place_value *value);
};

static const struct unit units[] = {
    { 's', "a unit from milliseconds to days", is_time_unit },
    { 'b', "\"bytes\"", is_bytes_unit },
    { 'r', "\"bytes\"", is_bytes_unit },
};

/* NULL where there is none. */
static const struct unit *unit_of(char letter)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (units[i].letter == letter)
            return &units[i];
    return NULL;
}

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
    struct slice word = { *pattern, 0 };
    while (**pattern != ' ' && **pattern != '\0')
        (*pattern)++;
    word.length = (size_t)(*pattern - word.text);
    return word;
}

/* The number is there: does only the unit not fit? */
static bool match_unit(struct attempt *attempt, const struct unit *unit, const struct place_value *value)
{
    if (!fits_number(value) || unit->fits(value))
        return true;
    attempt->next = token_behind(attempt->next);
    attempt->progress++;
    attempt->place = unit->expected;
    return false;
}

static bool match_place(struct attempt *attempt, char letter)
{
    struct place_value value = { .place = place_of(letter), .token = *attempt->next };
    const struct token *behind = token_behind(attempt->next);
    const struct unit *unit = unit_of(letter);
    if (unit != NULL) {
        value.second = *behind;
        behind = token_behind(behind);
        if (!match_unit(attempt, unit, &value))
            return false;
    }
    if (!value.place->fits(&value)) {
        attempt->place = value.place->expected;
        return false;
    }
    assert(attempt->value_count < PLACES_MAX);
    attempt->values[attempt->value_count++] = value;
    attempt->next = behind;
    attempt->progress++;
    return true;
}

static bool match_literal(struct attempt *attempt, struct slice literal)
{
    if (!slice_same(literal, attempt->next->text)) {
        attempt->literal = literal;
        return false;
    }
    attempt->next++;
    attempt->progress++;
    return true;
}

/* One word of a pattern.  `pattern` stands behind it, and moves behind a group that is left out. */
static bool match_word(struct attempt *attempt, struct slice word, const char **pattern)
{
    bool optional = word.text[0] == '[', last = word.text[word.length - 1] == ']';
    if (optional)
        word = slice_from(word, 1);
    if (last)
        word.length--;
    if (slice_is(word, ":")) {
        attempt->next = skip_colon(attempt->next);
        return true;
    }
    if (word.text[0] == '%')
        return match_place(attempt, word.text[1]);
    if (match_literal(attempt, word))
        return true;
    if (optional && !last)
        *pattern += strcspn(*pattern, "]") + 1;
    return optional;
}

bool attempt_pattern(struct attempt *attempt, const char *pattern, const struct token *tokens)
{
    attempt->progress = 0;
    attempt->next = tokens;
    attempt->literal = (struct slice){ "", 0 };
    attempt->place = NULL;
    attempt->value_count = 0;
    struct slice word;
    while ((word = next_pattern_word(&pattern)).length > 0)
        if (!match_word(attempt, word, &pattern))
            return false;
    attempt->next = skip_colon(attempt->next);
    attempt->literal = (struct slice){ "", 0 };
    return attempt->next->kind == TOKEN_END;
}

void fill_places(struct parser *parser, const struct attempt *attempt, struct step *step)
{
    for (size_t i = 0; i < attempt->value_count; i++)
        attempt->values[i].place->fill(parser, &attempt->values[i], step);
}

/* ---- For suggestions ---- */

static void write_value_as_read(struct text *out, const struct place_value *value)
{
    text_append(out, value->token.text.text, value->token.text.length);
    if (unit_of(value->place->letter) == NULL)
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

/* A word where a quotation is wanted, or the other way round. */
static bool fits_but_for_quotes(const struct place *place, struct token token)
{
    return (place->fits == fits_quoted && token.kind == TOKEN_WORD && !token_unended(token)) ||
           (place->fits == fits_word && token.kind == TOKEN_QUOTED && token.text.length > 2);
}

size_t place_takes(char letter, const struct token *token, size_t *cost)
{
    struct place_value value = { place_of(letter), *token, *token_behind(token) };
    *cost = 0;
    if (value.place->fits(&value))
        return unit_of(letter) != NULL ? 2 : 1;
    *cost = 1;
    return fits_but_for_quotes(value.place, *token) ? 1 : 0;
}

void write_place(struct text *out, char letter, const struct token *token)
{
    const struct place *place = place_of(letter);
    struct place_value value = { place, *token, *token_behind(token) };
    if (place->fits(&value)) {
        write_value_as_read(out, &value);
    } else if (token->kind == TOKEN_QUOTED) {
        text_append(out, token->text.text + 1, token->text.length - 2);
    } else {
        write_quotation(out, token->text);
    }
}

/* ---- The writer ---- */

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static unsigned fields_of_properties(const struct step *step)
{
    unsigned fields = 0;
    for (const struct property *property = step->properties; property != NULL; property = property->next) {
        if (property->value != NULL && strcmp(property->name, "to") == 0)
            fields |= FIELD_TO;
        else if (property->value != NULL && strcmp(property->name, "from") == 0)
            fields |= FIELD_FROM;
        else
            fields |= FIELD_PROPERTIES;
    }
    return fields;
}

/* What the step has that the wording does not say by itself: its places and its block must. */
static unsigned fields_beyond(const struct wording *wording, const struct step *step)
{
    unsigned fields = fields_of_properties(step);
    fields |= same_text(wording->text, step->text) ? 0U : FIELD_TEXT;
    fields |= wording->number == step->number ? 0U : FIELD_NUMBER;
    fields |= step->span == 0 ? 0U : FIELD_SPAN;
    fields |= step->mechanism == NULL ? 0U : FIELD_MECHANISM;
    fields |= step->user == NULL ? 0U : FIELD_USER;
    fields |= step->password == NULL ? 0U : FIELD_PASSWORD;
    fields |= step->condition == NULL ? 0U : FIELD_CONDITION;
    fields |= step->stanzas == NULL ? 0U : FIELD_STANZAS;
    fields |= step->roster == NULL ? 0U : FIELD_ROSTER;
    fields |= step->blocked == NULL ? 0U : FIELD_BLOCKED;
    fields |= step->steps == NULL ? 0U : FIELD_STEPS;
    return fields;
}

static unsigned fields_of_block(const struct wording *wording, const struct step *step)
{
    static const unsigned fields[] = {
        [BLOCK_STANZAS] = FIELD_STANZAS,  [BLOCK_PRESENCE] = FIELD_STANZAS,
        [BLOCK_FEATURES] = FIELD_STANZAS, [BLOCK_ITEMS] = FIELD_ROSTER,
        [BLOCK_JIDS] = FIELD_BLOCKED,     [BLOCK_PROPERTIES] = FIELD_TO | FIELD_FROM | FIELD_PROPERTIES,
        [BLOCK_STEPS] = FIELD_STEPS,
    };
    if (wording->block == BLOCK_RAW)
        return fits_below(step) ? FIELD_TEXT : 0;
    return wording->block < sizeof fields / sizeof fields[0] ? fields[wording->block] : 0;
}

/* What the places of a group say, which begins where `pattern` is. */
static unsigned fields_of_group(const char *pattern)
{
    unsigned fields = 0;
    for (; *pattern != ']'; pattern++)
        if (*pattern == '%')
            fields |= place_of(pattern[1])->field;
    return fields;
}

/* A pattern on its way to be a step's words. */
struct phrase {
    const struct step *step;
    unsigned beyond; /* what there is to say */
    unsigned said;
    bool whole; /* no place is left empty */
    struct text words;
};

static void say_word(struct phrase *phrase, struct slice word)
{
    if (phrase->words.length > 0 && !slice_is(word, ":"))
        text_string(&phrase->words, " ");
    if (word.text[0] != '%') {
        text_append(&phrase->words, word.text, word.length);
        return;
    }
    const struct place *place = place_of(word.text[1]);
    phrase->said |= place->field;
    phrase->whole = place->write(&phrase->words, phrase->step) && phrase->whole;
}

/* A group stands there when it says something of what there is to say. */
static void say_pattern(struct phrase *phrase, const char *pattern)
{
    struct slice word;
    while ((word = next_pattern_word(&pattern)).length > 0) {
        if (word.text[0] == '[' && (fields_of_group(word.text) & phrase->beyond) == 0) {
            pattern = strchr(word.text, ']') + 1;
            continue;
        }
        if (word.text[0] == '[')
            word = slice_from(word, 1);
        if (word.text[word.length - 1] == ']')
            word.length--;
        say_word(phrase, word);
    }
}

bool write_wording(struct text *out, const struct wording *wording, const struct step *step)
{
    bool nobody = wording->subject == SUBJECT_NOBODY;
    if (wording->verb != step->verb || wording->negated != step->negated || nobody != (step->actor < 0) ||
        !same_text(wording->property, step->property))
        return false;
    struct phrase phrase = { .step = step, .beyond = fields_beyond(wording, step), .whole = true };
    say_pattern(&phrase, wording->pattern);
    phrase.said |= fields_of_block(wording, step);
    bool all = phrase.whole && phrase.words.bytes != NULL && (phrase.beyond & ~phrase.said) == 0;
    if (all)
        text_string(out, phrase.words.bytes);
    text_free(&phrase.words);
    return all;
}
