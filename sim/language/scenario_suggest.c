/*
 * scenario_suggest.c - suggestions for unknown words and steps.
 *
 * A step is aligned with each wording, word by word, and its values are put into the suggestion. Terms from
 * other test languages are in a table.
 */
#include "scenario_steps.h"

/* ---- Terms of other test languages ---- */

/* In `meant`, NAME is the subject, %x the value at that place of the pattern, and "pass(es)" agrees with
 * it. */
static const struct synonym {
    enum step_subject subject;
    const char *pattern, *meant;
} synonyms[] = {
    { SUBJECT_NOBODY, "wait [for] %s", "%s pass(es)" },
    { SUBJECT_NOBODY, "sleep [for] %s", "%s pass(es)" },
    { SUBJECT_NOBODY, "pause [for] %s", "%s pass(es)" },
    { SUBJECT_NOBODY, "after %s", "%s pass(es)" },
    { SUBJECT_NOBODY, "%s later", "%s pass(es)" },
    { SUBJECT_NOBODY, "%s go by", "%s pass(es)" },
    { SUBJECT_NOBODY, "%s elapse", "%s pass(es)" },
    { SUBJECT_NOBODY, "the server restarts", "the server starts again" },
    { SUBJECT_NOBODY, "the server stops", "the server shuts down" },
    { SUBJECT_NOBODY, "simultaneously", "at the same time:" },
    { SUBJECT_NOBODY, "the server of %h sends to %f", "the server of %h routes to %f:" },
    { SUBJECT_NOBODY, "the server of %h forwards to %f", "the server of %h routes to %f:" },
    { SUBJECT_NOBODY, "the server of %h sends nothing to %f", "the server of %h routes nothing to %f" },
    { SUBJECT_ACTOR, "waits [for] %s", "%s pass(es)" },
    { SUBJECT_ACTOR, "sleeps [for] %s", "%s pass(es)" },
    { SUBJECT_ACTOR, "logs in", "NAME connects" },
    { SUBJECT_ACTOR, "signs in", "NAME connects" },
    { SUBJECT_ACTOR, "comes online", "NAME connects" },
    { SUBJECT_ACTOR, "goes online", "NAME connects" },
    { SUBJECT_ACTOR, "connects to [the] server", "NAME connects" },
    { SUBJECT_ACTOR, "logs out", "NAME disconnects" },
    { SUBJECT_ACTOR, "signs out", "NAME disconnects" },
    { SUBJECT_ACTOR, "goes offline", "NAME disconnects" },
    { SUBJECT_ACTOR, "disconnects from [the] server", "NAME disconnects" },
    { SUBJECT_ACTOR, "loses the connection", "NAME drops the connection" },
    { SUBJECT_ACTOR, "starts to authenticate", "NAME begins to authenticate" },
    { SUBJECT_ACTOR, "starts authenticating", "NAME begins to authenticate" },
    { SUBJECT_ACTOR, "sends [the] auth", "NAME begins to authenticate" },
    { SUBJECT_ACTOR, "responds [to] [the] [challenge]", "NAME answers the challenge" },
    { SUBJECT_ACTOR, "completes [the] [authentication]", "NAME finishes authenticating" },
    { SUBJECT_ACTOR, "cancels [the] [authentication]", "NAME aborts authenticating" },
    { SUBJECT_ACTOR, "sends in one piece", "NAME pipelines:" },
    { SUBJECT_ACTOR, "does in one piece", "NAME pipelines:" },
    { SUBJECT_ACTOR, "sends without waiting", "NAME pipelines:" },
    { SUBJECT_ACTOR, "says", "NAME sends:" },
    { SUBJECT_ACTOR, "sends a message", "NAME sends:" },
    { SUBJECT_ACTOR, "sends a stanza", "NAME sends:" },
    { SUBJECT_ACTOR, "sends presence", "NAME sends:" },
    { SUBJECT_ACTOR, "expects [a] [stanza]", "NAME receives:" },
    { SUBJECT_ACTOR, "gets [a] [stanza]", "NAME receives:" },
    { SUBJECT_ACTOR, "sees [a] [stanza]", "NAME receives:" },
    { SUBJECT_ACTOR, "should receive", "NAME receives:" },
    { SUBJECT_ACTOR, "must receive", "NAME receives:" },
    { SUBJECT_ACTOR, "should get", "NAME receives:" },
    { SUBJECT_ACTOR, "receives a message", "NAME receives:" },
    { SUBJECT_ACTOR, "receives a stanza", "NAME receives:" },
    { SUBJECT_ACTOR, "expects nothing", "NAME receives: nothing" },
    { SUBJECT_ACTOR, "gets nothing", "NAME receives: nothing" },
    { SUBJECT_ACTOR, "sees nothing", "NAME receives: nothing" },
    { SUBJECT_ACTOR, "should receive nothing", "NAME receives: nothing" },
    { SUBJECT_ACTOR, "must receive nothing", "NAME receives: nothing" },
    { SUBJECT_ACTOR, "should not receive anything", "NAME receives: nothing" },
    { SUBJECT_ACTOR, "does not receive anything", "NAME receives: nothing" },
    { SUBJECT_ACTOR, "receives no stanza", "NAME receives: nothing" },
    { SUBJECT_ACTOR, "receives no stanzas", "NAME receives: nothing" },
    { SUBJECT_ACTOR, "receives no message", "NAME receives: nothing" },
    { SUBJECT_ACTOR, "receives no messages", "NAME receives: nothing" },
    { SUBJECT_ACTOR, "receives nothing within %s", "NAME receives: nothing for %s" },
    { SUBJECT_ACTOR, "should not receive", "NAME has not received:" },
    { SUBJECT_ACTOR, "must not receive", "NAME has not received:" },
    { SUBJECT_ACTOR, "does not receive", "NAME has not received:" },
    { SUBJECT_ACTOR, "is offline", "NAME is not connected" },
    { SUBJECT_ACTOR, "is disconnected", "NAME is not connected" },
    { SUBJECT_ACTOR, "is logged in", "NAME is connected" },
    { SUBJECT_ACTOR, "is online", "NAME is available" },
    { SUBJECT_ACTOR, "is unavailable", "NAME is not available" },
    { SUBJECT_OWNER, "presence is unavailable", "NAME is not available" },
    { SUBJECT_OWNER, "presence is available", "NAME is available" },
    { SUBJECT_OWNER, "roster contains", "NAME's roster is:" },
    { SUBJECT_OWNER, "connection breaks", "NAME's link breaks" },
    { SUBJECT_OWNER, "stream is closed", "NAME's connection is closed" },
};

/* Whether the span in the first place is one second, one minute, .... */
static bool is_of_one(const struct attempt *attempt)
{
    sim_time span = 0;
    const struct place_value *first = &attempt->values[0];
    return attempt->value_count > 0 && parse_span(first->token.text, first->second.text, &span) &&
           is_one_unit(span);
}

static void write_synonym(struct text *out, const struct synonym *synonym, struct slice name,
                          const struct attempt *attempt)
{
    static const char subject[] = "NAME", agreeing[] = "pass(es)";
    for (const char *at = synonym->meant; *at != '\0';) {
        struct slice rest = slice_of(at);
        if (slice_begins(rest, subject)) {
            text_append(out, name.text, name.length);
            at += sizeof subject - 1;
        } else if (slice_begins(rest, agreeing)) {
            text_string(out, is_of_one(attempt) ? "passes" : "pass");
            at += sizeof agreeing - 1;
        } else if (*at == '%') {
            write_attempted(out, attempt, at[1]);
            at += 2;
        } else {
            text_append(out, at++, 1);
        }
    }
}

static bool find_synonym(struct text *out, enum step_subject subject, struct slice name,
                         const struct token *tokens)
{
    for (size_t i = 0; i < sizeof synonyms / sizeof synonyms[0]; i++) {
        struct attempt attempt;
        if (synonyms[i].subject != subject || !attempt_pattern(&attempt, synonyms[i].pattern, tokens))
            continue;
        write_synonym(out, &synonyms[i], name, &attempt);
        return true;
    }
    return false;
}

/* ---- Alignment of a step with a wording ---- */

/* The words of a pattern, without some of its groups. */
enum { WORDS_MAX = 24 };
struct phrase {
    struct pattern_word words[WORDS_MAX];
    size_t count;
};

/* Bit N of `left_out` leaves out group N.  Returns the number of groups. */
static size_t cut_phrase(struct phrase *phrase, const char *pattern, unsigned left_out)
{
    size_t groups = 0;
    struct pattern_word word;
    phrase->count = 0;
    while (next_pattern_word(&pattern, &word)) {
        if (word.opens && (left_out >> groups++ & 1U) != 0) {
            skip_group(&pattern, &word);
            continue;
        }
        assert(phrase->count < WORDS_MAX);
        phrase->words[phrase->count++] = word;
    }
    return groups;
}

static size_t letters_of(const struct phrase *phrase)
{
    size_t letters = 0;
    for (size_t i = 0; i < phrase->count; i++)
        letters += phrase->words[i].place != '\0' ? 0 : phrase->words[i].text.length + 1;
    return letters > 0 ? letters - 1 : 0;
}

/* The tokens and the words.  The costs are computed from the end, so those of the rest are known. */
struct alignment {
    const struct token *tokens;
    size_t token_count;
    struct phrase phrase;
    size_t costs[TOKENS_MAX + 1][WORDS_MAX + 1];
};

static bool is_mark(struct slice word)
{
    return slice_is(word, ":") || slice_is(word, ",");
}

/* The missing value of a place cannot be guessed, and a given value cannot be dropped. */
enum { TOO_MUCH = 1000 };

/* The cost of a missing word. */
static size_t cost_of_missing(const struct pattern_word *word)
{
    if (is_mark(word->text))
        return 0;
    return word->place != '\0' ? TOO_MUCH : word->text.length + 1;
}

/* The cost of a superfluous token: higher, so that as many tokens as possible are used. */
static size_t cost_of_extra(struct token token)
{
    bool is_value = token.kind == TOKEN_QUOTED || is_digit(token.text.text[0]) || token.text.text[0] == '-';
    if (is_value)
        return TOO_MUCH;
    return is_mark(token.text) ? 0 : token.text.length + 2;
}

/* The number of tokens that a word may be aligned with; 0 when it is not similar to them. */
static size_t pair(const struct alignment *alignment, size_t token, size_t word, size_t *cost)
{
    const struct pattern_word *wanted = &alignment->phrase.words[word];
    *cost = 0;
    if (token == alignment->token_count)
        return 0;
    if (wanted->place != '\0')
        return place_takes(wanted->place, &alignment->tokens[token], cost);
    *cost = edit_distance(alignment->tokens[token].text, wanted->text);
    return *cost <= wanted->text.length / 2 ? 1 : 0;
}

/* The moves of an alignment: a pair, a missing word, or a superfluous token. */
enum move { MOVE_PAIR, MOVE_WORD, MOVE_TOKEN };

static size_t cost_of(const struct alignment *alignment, size_t token, size_t word, enum move *move)
{
    size_t best = (size_t)-1, cost;
    size_t words = alignment->phrase.count;
    if (word < words) {
        size_t taken = pair(alignment, token, word, &cost);
        best = cost_of_missing(&alignment->phrase.words[word]) + alignment->costs[token][word + 1];
        *move = MOVE_WORD;
        if (taken > 0 && cost + alignment->costs[token + taken][word + 1] < best) {
            best = cost + alignment->costs[token + taken][word + 1];
            *move = MOVE_PAIR;
        }
    }
    if (token < alignment->token_count) {
        cost = cost_of_extra(alignment->tokens[token]) + alignment->costs[token + 1][word];
        if (cost < best) {
            best = cost;
            *move = MOVE_TOKEN;
        }
    }
    return best;
}

static size_t align(struct alignment *alignment)
{
    size_t words = alignment->phrase.count;
    for (size_t token = alignment->token_count + 1; token-- > 0;) {
        for (size_t word = words + 1; word-- > 0;) {
            enum move move;
            bool is_end = token == alignment->token_count && word == words;
            alignment->costs[token][word] = is_end ? 0 : cost_of(alignment, token, word, &move);
        }
    }
    return alignment->costs[0][0];
}

/* Writes the words of the phrase, with the written values in its places. */
static void write_aligned(struct text *out, const struct alignment *alignment)
{
    size_t token = 0;
    for (size_t word = 0; word < alignment->phrase.count;) {
        enum move move = MOVE_WORD;
        (void)cost_of(alignment, token, word, &move);
        if (move == MOVE_TOKEN) {
            token++;
            continue;
        }
        const struct pattern_word *wanted = &alignment->phrase.words[word];
        if (out->length > 0 && !is_mark(wanted->text))
            text_string(out, " ");
        if (wanted->place != '\0')
            write_place(out, wanted->place, &alignment->tokens[token]);
        else
            text_append(out, wanted->text.text, wanted->text.length);
        size_t ignored;
        token += move == MOVE_PAIR ? pair(alignment, token, word, &ignored) : 0;
        word++;
    }
}

/* ---- The nearest wording ---- */

struct candidate {
    size_t cost; /* of the best wording so far */
    struct text words;
    bool has_block;
};

static void try_wording(struct candidate *best, struct alignment *alignment, const struct wording *wording)
{
    size_t groups = cut_phrase(&alignment->phrase, wording->pattern, 0);
    assert(groups <= GROUPS_MAX);
    for (unsigned left_out = 0; left_out < 1U << groups; left_out++) {
        (void)cut_phrase(&alignment->phrase, wording->pattern, left_out);
        size_t cost = align(alignment);
        if (cost == 0 || cost > letters_of(&alignment->phrase) / 4 + 1 || cost >= best->cost)
            continue;
        text_free(&best->words);
        best->cost = cost;
        best->has_block = wording->block != BLOCK_NONE;
        write_aligned(&best->words, alignment);
    }
}

/* Appends the nearest wording, if any is near, and returns its cost. */
static size_t find_nearest(struct text *out, enum step_subject subject, struct slice name,
                           const struct token *tokens, size_t count)
{
    struct candidate best = { .cost = (size_t)-1 };
    struct alignment alignment = { .tokens = tokens, .token_count = count };
    const struct wording *wording;
    for (size_t i = 0; (wording = wording_at(subject, i)) != NULL; i++)
        try_wording(&best, &alignment, wording);
    if (best.words.length > 0) {
        text_append(out, name.text, name.length);
        text_string(out, behind_subject(subject));
        text_append(out, best.words.bytes, best.words.length);
        text_string(out, best.has_block ? ":" : "");
    }
    text_free(&best.words);
    return best.cost;
}

/* The line that was probably meant, with the written values where they fit; "" when no wording is similar. */
struct suggestion {
    char text[128];
    bool sure; /* at most a letter or a pair of quotes is wrong */
};

static struct suggestion suggest_step(enum step_subject subject, struct slice name, struct slice predicate)
{
    struct token tokens[TOKENS_MAX];
    size_t count = cut_tokens(predicate, tokens);
    struct text words = { 0 };
    struct suggestion suggestion = { .text = "" };
    size_t cost = 0;
    if (!find_synonym(&words, subject, name, tokens))
        cost = find_nearest(&words, subject, name, tokens, count);
    suggestion.sure = cost <= 1;
    if (words.length > 0 && words.length < sizeof suggestion.text)
        memcpy(suggestion.text, words.bytes, words.length);
    text_free(&words);
    return suggestion;
}

/* ---- Alternatives ---- */

static bool complain_unended(struct parser *parser, int line, struct slice text)
{
    struct token token;
    while ((token = next_token(&text)).kind != TOKEN_END) {
        if (!token_unended(token))
            continue;
        complain(parser, line, "the quoted string %s is not closed; expected a closing quote",
                 excerpt(token.text).text);
        return true;
    }
    return false;
}

/* The expectations of the wordings that match a text the furthest. */
struct wanted {
    size_t progress;
    const struct token *next;
    struct listing listing, left_out; /* required words; optional words before them */
    bool place;                       /* all of them expect a value */
};

static void list_once(struct listing *listing, struct slice text)
{
    struct slice rest = slice_of(listing->text), listed;
    for (bool more = rest.length > 0; more;) {
        more = slice_cut(&rest, ", ", &listed);
        if (slice_same(listed, text))
            return;
    }
    listing_add(listing, text);
}

static void want(struct wanted *wanted, const struct attempt *attempt, bool block)
{
    if (attempt->progress > wanted->progress)
        *wanted = (struct wanted){ .progress = attempt->progress, .place = true };
    if (attempt->progress < wanted->progress)
        return;
    wanted->next = attempt->next;
    struct slice what = attempt->literal;
    if (attempt->place != NULL)
        what = slice_of(attempt->place);
    else if (what.length == 0)
        what = slice_of(block ? "an indented block in the lines below" : "the end of the line");
    wanted->place = wanted->place && attempt->place != NULL;
    list_once(&wanted->listing, what);
    for (size_t i = 0; i < attempt->left_out_count; i++)
        if (!is_mark(attempt->left_out[i]))
            list_once(&wanted->left_out, attempt->left_out[i]);
}

/* Optional words are listed after required ones. */
static void list_left_out(struct wanted *wanted)
{
    struct slice rest = slice_of(wanted->left_out.text), word;
    for (bool more = rest.length > 0; more;) {
        more = slice_cut(&rest, ", ", &word);
        list_once(&wanted->listing, word);
    }
}

static struct wanted what_is_wanted(enum step_subject subject, const struct token *tokens)
{
    struct wanted wanted = { .next = tokens, .place = true };
    const struct wording *wording;
    for (size_t i = 0; (wording = wording_at(subject, i)) != NULL; i++) {
        struct attempt attempt;
        (void)attempt_pattern(&attempt, wording->pattern, tokens);
        want(&wanted, &attempt, wording->block != BLOCK_NONE);
    }
    list_left_out(&wanted);
    return wanted;
}

/* Whether the text begins like a number, but is neither a number nor a JID: "1.5" and "5s". */
static bool is_crooked_number(struct slice text)
{
    uint64_t number = 0;
    return text.length > 0 && is_digit(text.text[0]) && slice_find(text, "@") == text.length &&
           !parse_number(text, UINT64_MAX, &number);
}

/* Complains with a suggestion.  Returns false when no wording is similar, or, with `sure`, similar enough. */
static bool complain_meant(struct parser *parser, int line, enum step_subject subject, struct slice name,
                           struct slice text, bool sure)
{
    struct suggestion suggestion = suggest_step(subject, name, text);
    if (suggestion.text[0] == '\0' || (sure && !suggestion.sure))
        return false;
    complain(parser, line, "unknown step \"%s%s%s\"; did you mean `%s`?", excerpt(name).text,
             behind_subject(subject), excerpt(text).text, suggestion.text);
    return true;
}

static void complain_unfitting(struct parser *parser, int line, enum step_subject subject, struct slice name,
                               struct slice text)
{
    static const char *const kinds[] = { "verb", "property", "step" };
    struct token tokens[TOKENS_MAX];
    (void)cut_tokens(text, tokens);
    struct wanted wanted = what_is_wanted(subject, tokens);
    struct slice found = skip_colon(wanted.next)->text;
    if (complain_meant(parser, line, subject, name, text, wanted.place))
        return;
    if (wanted.progress == 0 && is_crooked_number(found)) {
        complain(parser, line, "found \"%s\"; expected a whole number and a unit, as in \"5 seconds pass\"",
                 excerpt(found).text);
        return;
    }
    if (wanted.progress == 0 && subject != SUBJECT_NOBODY) {
        complain(parser, line, "unknown %s \"%s\"; expected one of: %s", kinds[subject], excerpt(found).text,
                 wanted.listing.text);
        return;
    }
    struct slice before = slice_trim((struct slice){ text.text, (size_t)(found.text - text.text) });
    struct excerpt shown = excerpt(found.length > 0 ? found : slice_of("the end of the line"));
    const char *choice = strstr(wanted.listing.text, ", ") != NULL ? "one of: " : "";
    if (before.length == 0)
        complain(parser, line, "found \"%s\"; expected %s%s", shown.text, choice, wanted.listing.text);
    else
        complain(parser, line, "found \"%s\" after \"%s\"; expected %s%s", shown.text, excerpt(before).text,
                 choice, wanted.listing.text);
}

void complain_unrecognised(struct parser *parser, int line, enum step_subject subject, struct slice name,
                           struct slice predicate)
{
    if (complaints_are_full(parser))
        complain(parser, line, "one more");
    else if (!complain_unended(parser, line, predicate))
        complain_unfitting(parser, line, subject, name, predicate);
}

/* ---- Subjects ---- */

static bool begins_predicate(enum step_subject subject, struct slice text)
{
    struct slice first = next_token(&text).text;
    const struct wording *wording;
    for (size_t i = 0; (wording = wording_at(subject, i)) != NULL; i++) {
        const char *pattern = wording->pattern;
        struct pattern_word word;
        if (next_pattern_word(&pattern, &word) && slice_same(first, word.text))
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
    struct token tokens[TOKENS_MAX];
    (void)cut_tokens(text, tokens);
    return is_digit(text.text[0]) || what_is_wanted(SUBJECT_NOBODY, tokens).progress > 0 ||
           suggest_step(SUBJECT_NOBODY, (struct slice){ "", 0 }, text).text[0] != '\0';
}
