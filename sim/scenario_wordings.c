#include "scenario_parser.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* ---- The table ----
 * The order matters only to complaints.  The places: see `places` below. */

static const char *const sent_header[] = { "to", "from", "version", "lang", "namespace", "stream namespace",
                                           NULL };
static const char *const received_header[] = { "from", "to", "id", "version", "lang", NULL };

static const struct wording wordings[] = {
    { SUBJECT_ACTOR, "connects", .verb = STEP_CONNECTS },
    { SUBJECT_ACTOR, "disconnects", .verb = STEP_DISCONNECTS },
    { SUBJECT_ACTOR, "sends", .verb = STEP_SENDS, .block = BLOCK_STANZAS },
    { SUBJECT_ACTOR, "sends raw %t [in pieces of %n]", .verb = STEP_SENDS_RAW },
    { SUBJECT_ACTOR, "sends raw [in pieces of %n]", .verb = STEP_SENDS_RAW, .block = BLOCK_RAW },
    { SUBJECT_ACTOR, "receives", .verb = STEP_RECEIVES, .block = BLOCK_STANZAS },
    { SUBJECT_ACTOR, "receives in any order", .verb = STEP_RECEIVES_ANY_ORDER, .block = BLOCK_STANZAS },
    { SUBJECT_ACTOR, "receives : nothing [for %s]", .verb = STEP_RECEIVES_NOTHING },
    { SUBJECT_ACTOR, "receives stream error %c", .verb = STEP_RECEIVES_STREAM_ERROR },
    { SUBJECT_ACTOR, "receives the end of the stream", .verb = STEP_RECEIVES_END },
    { SUBJECT_ACTOR, "ignores", .verb = STEP_IGNORES, .block = BLOCK_STANZAS },
    { SUBJECT_ACTOR, "has not received", .verb = STEP_HAS_NOT_RECEIVED, .block = BLOCK_STANZAS },

    { SUBJECT_ACTOR, "opens a connection", .verb = STEP_OPENS_CONNECTION },
    { SUBJECT_ACTOR, "opens a stream [to %h]", .verb = STEP_OPENS_STREAM },
    { SUBJECT_ACTOR, "opens a stream with", .verb = STEP_OPENS_STREAM, .block = BLOCK_PROPERTIES,
      .properties = sent_header },
    { SUBJECT_ACTOR, "authenticates [with %m] [as %u] [using password %p]", .verb = STEP_AUTHENTICATES },
    { SUBJECT_ACTOR, "fails to authenticate [with %m] [as %u] [using password %p] : %c",
      .verb = STEP_FAILS_TO_AUTHENTICATE },
    { SUBJECT_ACTOR, "restarts the stream", .verb = STEP_RESTARTS_STREAM },
    { SUBJECT_ACTOR, "binds", .verb = STEP_BINDS },
    { SUBJECT_ACTOR, "binds resource %t", .verb = STEP_BINDS },
    { SUBJECT_ACTOR, "fails to bind resource %t : %c", .verb = STEP_FAILS_TO_BIND },
    { SUBJECT_ACTOR, "fails to bind : %c", .verb = STEP_FAILS_TO_BIND },
    { SUBJECT_ACTOR, "closes the stream", .verb = STEP_CLOSES_STREAM },
    { SUBJECT_ACTOR, "drops the connection", .verb = STEP_DROPS_CONNECTION },

    { SUBJECT_ACTOR, "is connected", .verb = STEP_IS, .text = "connected" },
    { SUBJECT_ACTOR, "is available", .verb = STEP_IS, .text = "available" },
    { SUBJECT_ACTOR, "is interested", .verb = STEP_IS, .text = "interested" },
    { SUBJECT_ACTOR, "is not connected", .verb = STEP_IS, .text = "connected", .negated = true },
    { SUBJECT_ACTOR, "is not available", .verb = STEP_IS, .text = "available", .negated = true },
    { SUBJECT_ACTOR, "is not interested", .verb = STEP_IS, .text = "interested", .negated = true },
    { SUBJECT_ACTOR, "has %z session", .verb = STEP_HAS_SESSIONS },
    { SUBJECT_ACTOR, "has %z sessions", .verb = STEP_HAS_SESSIONS },

    { SUBJECT_OWNER, "connection is open", .verb = STEP_CONNECTION_IS, .text = "open" },
    { SUBJECT_OWNER, "connection is closed", .verb = STEP_CONNECTION_IS, .text = "closed" },
    { SUBJECT_OWNER, "type is %v", .verb = STEP_PROPERTY_IS, .property = "type" },
    { SUBJECT_OWNER, "username is %v", .verb = STEP_PROPERTY_IS, .property = "username" },
    { SUBJECT_OWNER, "host is %v", .verb = STEP_PROPERTY_IS, .property = "host" },
    { SUBJECT_OWNER, "resource is %v", .verb = STEP_PROPERTY_IS, .property = "resource" },
    { SUBJECT_OWNER, "full JID is %v", .verb = STEP_PROPERTY_IS, .property = "full JID" },
    { SUBJECT_OWNER, "priority is %v", .verb = STEP_PROPERTY_IS, .property = "priority" },
    { SUBJECT_OWNER, "notopen is %v", .verb = STEP_PROPERTY_IS, .property = "notopen" },
    { SUBJECT_OWNER, "interested is %v", .verb = STEP_PROPERTY_IS, .property = "interested" },
    { SUBJECT_OWNER, "presence is unset", .verb = STEP_PRESENCE_IS },
    { SUBJECT_OWNER, "presence is", .verb = STEP_PRESENCE_IS, .block = BLOCK_PRESENCE },
    { SUBJECT_OWNER, "roster is empty", .verb = STEP_ROSTER_IS },
    { SUBJECT_OWNER, "roster is unset", .verb = STEP_ROSTER_IS, .text = "unset" },
    { SUBJECT_OWNER, "roster is", .verb = STEP_ROSTER_IS, .block = BLOCK_ITEMS },
    { SUBJECT_OWNER, "stream header is", .verb = STEP_HEADER_IS, .block = BLOCK_PROPERTIES,
      .properties = received_header },
    { SUBJECT_OWNER, "features are", .verb = STEP_FEATURES_ARE, .block = BLOCK_FEATURES },
    { SUBJECT_OWNER, "link delivers in pieces of %n", .verb = STEP_LINK_PIECES },

    { SUBJECT_NOBODY, "%j has %z session", .verb = STEP_HAS_SESSIONS },
    { SUBJECT_NOBODY, "%j has %z sessions", .verb = STEP_HAS_SESSIONS },
    { SUBJECT_NOBODY, "%s passes", .verb = STEP_TIME_PASSES },
    { SUBJECT_NOBODY, "%s pass", .verb = STEP_TIME_PASSES },
    { SUBJECT_NOBODY, "the next load fails", .verb = STEP_NEXT_FAILS, .text = "load", .number = 1 },
    { SUBJECT_NOBODY, "the next save fails", .verb = STEP_NEXT_FAILS, .text = "save", .number = 1 },
    { SUBJECT_NOBODY, "the next %n loads fail", .verb = STEP_NEXT_FAILS, .text = "load" },
    { SUBJECT_NOBODY, "the next %n saves fail", .verb = STEP_NEXT_FAILS, .text = "save" },
    { SUBJECT_NOBODY, "loads take %s", .verb = STEP_TAKES, .text = "load" },
    { SUBJECT_NOBODY, "saves take %s", .verb = STEP_TAKES, .text = "save" },
    { SUBJECT_NOBODY, "at the same time", .verb = STEP_AT_THE_SAME_TIME, .block = BLOCK_STEPS },
};
enum { WORDINGS = sizeof wordings / sizeof wordings[0] };

/* ---- Places ---- */

/* What stands in a place: a span has two tokens. */
struct place_value {
    const struct place *place;
    struct token token, second;
};

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

static void fill_account(struct parser *parser, const struct place_value *value, struct step *step)
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
    { 'm', "a mechanism", fits_word, fill_mechanism },
    { 'u', "a user in quotes", fits_quoted, fill_user },
    { 'p', "a password in quotes", fits_quoted, fill_password },
    { 'c', "the name of an error condition", fits_word, fill_condition },
    { 'n', "a number above 0", fits_count, fill_number },
    { 'z', "a number", fits_number, fill_number },
    { 's', "a span such as 5 seconds", fits_span, fill_span },
    { 'j', "a bare JID", fits_account, fill_account },
};

static const struct place *place_of(char letter)
{
    const struct place *place = places;
    while (place->letter != letter)
        place++;
    return place;
}

/* ---- The matcher ---- */

enum { PLACES_MAX = 4 };

/* How far a pattern goes along with a text, and what it wanted where it did not. */
struct attempt {
    bool matched;
    size_t progress;      /* tokens that it went along with */
    struct slice rest;    /* from the first that it did not */
    struct slice literal; /* the word wanted there; empty when it is a place or the end */
    const char *place;    /* what is wanted in a place; else NULL */
    struct place_value values[PLACES_MAX];
    size_t value_count;
};

/* The next word of a pattern; empty at its end. */
static struct slice next_pattern_word(const char **pattern)
{
    while (**pattern == ' ')
        (*pattern)++;
    struct slice word = { *pattern, strcspn(*pattern, " ") };
    *pattern += word.length;
    return word;
}

static bool skip_colon(struct slice *rest)
{
    struct slice behind = *rest;
    if (next_token(&behind).kind != TOKEN_COLON)
        return false;
    *rest = behind;
    return true;
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
        (void)skip_colon(&attempt->rest);
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

static struct attempt attempt_pattern(const char *pattern, struct slice text)
{
    struct attempt attempt = { .rest = text };
    struct slice word;
    while ((word = next_pattern_word(&pattern)).length > 0)
        if (!match_word(&attempt, word, &pattern))
            return attempt;
    (void)skip_colon(&attempt.rest);
    attempt.literal = (struct slice){ "", 0 };
    attempt.rest = slice_trim(attempt.rest);
    attempt.matched = attempt.rest.length == 0;
    return attempt;
}

/* ---- Likeness, for suggestions ---- */

struct excerpt wording_name(const struct wording *wording)
{
    struct slice name = { wording->pattern, strcspn(wording->pattern, "%[") };
    struct excerpt shown = { "" };
    size_t used = 0;
    for (size_t i = 0; i < name.length && used + 1 < sizeof shown.text; i++) {
        if (slice_begins(slice_from(name, i), " :"))
            i++; /* a colon that may be left out */
        else
            shown.text[used++] = name.text[i];
    }
    while (used > 0 && shown.text[used - 1] == ' ')
        shown.text[--used] = '\0';
    return shown;
}

/* As many tokens from the beginning of the text as the name has words, one space between them. */
static struct excerpt as_many_words(struct slice text, const char *name)
{
    struct excerpt words = { "" };
    size_t used = 0;
    for (const char *at = name; at != NULL; at = strchr(at + 1, ' ')) {
        struct token token = next_token(&text);
        if (token.kind == TOKEN_COLON)
            token = next_token(&text);
        if (token.kind == TOKEN_END || used + token.text.length + 2 > sizeof words.text)
            break;
        if (used > 0)
            words.text[used++] = ' ';
        memcpy(words.text + used, token.text.text, token.text.length);
        used += token.text.length;
    }
    return words;
}

static size_t count_words(const char *name)
{
    size_t count = name[0] != '\0';
    for (; *name != '\0'; name++)
        count += *name == ' ';
    return count;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many bytes must be put in, taken out or changed to make one of the other. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t row[sizeof((struct excerpt *)NULL)->text];
    size_t width = strlen(b);
    assert(width < sizeof row / sizeof row[0]);
    for (size_t i = 0; i <= width; i++)
        row[i] = i;
    for (size_t y = 1; a[y - 1] != '\0'; y++) {
        size_t diagonal = row[0];
        row[0] = y;
        for (size_t x = 1; x <= width; x++) {
            size_t changed = diagonal + (a[y - 1] != b[x - 1]);
            diagonal = row[x];
            row[x] = least(changed, least(row[x], row[x - 1]) + 1);
        }
    }
    return row[width];
}

/* The wording that a text was probably meant to have, and what stands there instead.  It explains more of the
 * text than the words at its beginning that were understood. */
struct suggestion {
    struct excerpt meant; /* "" when there is none */
    struct excerpt written;
};

static struct suggestion suggest(enum step_subject subject, struct slice text, size_t understood)
{
    struct suggestion best = { { "" }, { "" } };
    size_t best_distance = 0;
    for (size_t i = 0; i < WORDINGS; i++) {
        struct excerpt name = wording_name(&wordings[i]);
        if (wordings[i].subject != subject || count_words(name.text) <= understood)
            continue;
        struct excerpt words = as_many_words(text, name.text);
        size_t distance = edit_distance(words.text, name.text);
        size_t limit = strlen(name.text) / 4 + 1;
        /* Of two that are as near, the longer explains more of what was written. */
        if (best_distance > 0)
            limit = least(limit, best_distance - (strlen(name.text) <= strlen(best.meant.text)));
        if (distance == 0 || distance > limit)
            continue;
        best_distance = distance;
        best = (struct suggestion){ name, words };
    }
    return best;
}

/* ---- Recognition ---- */

static bool complain_unended(struct parser *parser, int line, struct slice text)
{
    struct token token;
    while ((token = next_token(&text)).kind != TOKEN_END) {
        if (!token_unended(token))
            continue;
        complain(parser, line, "the quotation %s has no end; expected a closing quote",
                 excerpt(token.text).text);
        return true;
    }
    return false;
}

/* What the wordings want that go along with a text the furthest. */
struct wanted {
    size_t progress;
    struct slice rest;
    struct listing listing;
    bool place; /* one of them wants a place filled */
};

static bool is_listed(const struct listing *listing, struct slice text)
{
    struct slice rest = slice_of(listing->text);
    while (rest.length > 0) {
        size_t length = slice_find(rest, ", ");
        if (slice_same((struct slice){ rest.text, length }, text))
            return true;
        rest = slice_from(rest, least(length + 2, rest.length));
    }
    return false;
}

static void want(struct wanted *wanted, const struct attempt *attempt)
{
    if (attempt->progress > wanted->progress)
        *wanted = (struct wanted){ .progress = attempt->progress, .listing = { "" } };
    if (attempt->progress < wanted->progress)
        return;
    wanted->rest = attempt->rest;
    struct slice what = attempt->literal;
    if (attempt->place != NULL)
        what = slice_of(attempt->place);
    else if (what.length == 0)
        what = slice_of("the end of the line");
    wanted->place = wanted->place || attempt->place != NULL;
    if (!is_listed(&wanted->listing, what))
        listing_add(&wanted->listing, what);
}

static struct wanted what_is_wanted(enum step_subject subject, struct slice text)
{
    struct wanted wanted = { .rest = text, .listing = { "" } };
    for (size_t i = 0; i < WORDINGS; i++) {
        if (wordings[i].subject != subject)
            continue;
        struct attempt attempt = attempt_pattern(wordings[i].pattern, text);
        want(&wanted, &attempt);
    }
    return wanted;
}

static void complain_unrecognised(struct parser *parser, int line, enum step_subject subject,
                                  struct slice text)
{
    static const char *const kinds[] = { "verb", "property", "step" };
    struct wanted wanted = what_is_wanted(subject, text);
    struct suggestion suggestion = suggest(subject, text, wanted.progress);
    struct slice found = next_token(&wanted.rest).text;
    if (!wanted.place && suggestion.meant.text[0] != '\0') {
        complain(parser, line, "unknown %s \"%s\"; did you mean \"%s\"?", kinds[subject],
                 suggestion.written.text, suggestion.meant.text);
        return;
    }
    if (wanted.progress == 0 && subject != SUBJECT_NOBODY) {
        complain(parser, line, "unknown %s \"%s\"; expected one of: %s", kinds[subject], excerpt(found).text,
                 wanted.listing.text);
        return;
    }
    struct slice before = slice_trim((struct slice){ text.text, (size_t)(found.text - text.text) });
    struct excerpt shown = excerpt(found.length > 0 ? found : slice_of("the end of the line"));
    if (before.length == 0)
        complain(parser, line, "expected %s, found \"%s\"", wanted.listing.text, shown.text);
    else
        complain(parser, line, "expected %s after \"%s\", found \"%s\"", wanted.listing.text,
                 excerpt(before).text, shown.text);
}

static void fill_step(struct parser *parser, const struct wording *wording, const struct attempt *attempt,
                      struct step *step)
{
    step->verb = wording->verb;
    step->text = wording->text;
    step->length = wording->text != NULL ? strlen(wording->text) : 0;
    step->property = wording->property;
    step->number = wording->number;
    step->negated = wording->negated;
    for (size_t i = 0; i < attempt->value_count; i++)
        attempt->values[i].place->fill(parser, &attempt->values[i], step);
}

const struct wording *recognise(struct parser *parser, enum step_subject subject, struct slice predicate,
                                struct step *step)
{
    if (complain_unended(parser, step->line, predicate))
        return NULL;
    for (size_t i = 0; i < WORDINGS; i++) {
        if (wordings[i].subject != subject)
            continue;
        struct attempt attempt = attempt_pattern(wordings[i].pattern, predicate);
        if (!attempt.matched)
            continue;
        fill_step(parser, &wordings[i], &attempt, step);
        return &wordings[i];
    }
    complain_unrecognised(parser, step->line, subject, predicate);
    return NULL;
}

/* ---- Subjects ---- */

static bool begins_predicate(enum step_subject subject, struct slice text)
{
    struct slice first = next_token(&text).text;
    for (size_t i = 0; i < WORDINGS; i++) {
        const char *pattern = wordings[i].pattern;
        if (wordings[i].subject == subject && slice_same(first, next_pattern_word(&pattern)))
            return true;
    }
    return false;
}

size_t guess_subject(struct slice text)
{
    static const char owner[] = "'s";
    size_t mark = sizeof owner - 1;
    for (size_t i = 1; i < text.length; i++) {
        if (!is_blank(text.text[i]))
            continue;
        struct slice behind = slice_from(text, i);
        bool owned = i > mark && memcmp(text.text + i - mark, owner, mark) == 0;
        if (owned && begins_predicate(SUBJECT_OWNER, behind))
            return i - mark;
        if (begins_predicate(SUBJECT_ACTOR, behind))
            return i;
    }
    return next_token(&text).text.length;
}

bool worded_like_the_world(struct slice text)
{
    return is_digit(text.text[0]) || what_is_wanted(SUBJECT_NOBODY, text).progress > 0 ||
           suggest(SUBJECT_NOBODY, text, 0).meant.text[0] != '\0';
}
