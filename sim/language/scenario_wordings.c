#include "scenario_parser.h"

#include <assert.h>
#include <string.h>

/* ---- The tables, one for each subject ----
 * The order matters to complaints, and to the printer: of several wordings of a step it takes the first,
 * which is why the singular stands before the plural.  The places: see scenario_patterns.c. */

static const char *const sent_header[] = { "to", "from", "version", "lang", "namespace", "stream namespace",
                                           NULL };
static const char *const received_header[] = { "from", "to", "id", "version", "lang", NULL };

static const struct wording actor_wordings[] = {
    { SUBJECT_ACTOR, .pattern = "connects", .verb = STEP_CONNECTS },
    { SUBJECT_ACTOR, .pattern = "disconnects", .verb = STEP_DISCONNECTS },
    { SUBJECT_ACTOR, .pattern = "sends", .verb = STEP_SENDS, .block = BLOCK_STANZAS },
    { SUBJECT_ACTOR, .pattern = "sends raw %t [in pieces of %n]", .verb = STEP_SENDS_RAW },
    { SUBJECT_ACTOR, .pattern = "sends raw [in pieces of %n]", .verb = STEP_SENDS_RAW, .block = BLOCK_RAW },
    { SUBJECT_ACTOR, .pattern = "receives", .verb = STEP_RECEIVES, .block = BLOCK_STANZAS },
    { SUBJECT_ACTOR, .pattern = "receives in any order", .verb = STEP_RECEIVES_ANY_ORDER,
      .block = BLOCK_STANZAS },
    { SUBJECT_ACTOR, .pattern = "receives : nothing [for %s]", .verb = STEP_RECEIVES_NOTHING },
    { SUBJECT_ACTOR, .pattern = "receives stream error %c", .verb = STEP_RECEIVES_STREAM_ERROR },
    { SUBJECT_ACTOR, .pattern = "receives the end of the stream", .verb = STEP_RECEIVES_END },
    { SUBJECT_ACTOR, .pattern = "ignores", .verb = STEP_IGNORES, .block = BLOCK_STANZAS },
    { SUBJECT_ACTOR, .pattern = "has not received", .verb = STEP_HAS_NOT_RECEIVED, .block = BLOCK_STANZAS },

    { SUBJECT_ACTOR, .pattern = "opens a connection", .verb = STEP_OPENS_CONNECTION },
    { SUBJECT_ACTOR, .pattern = "fails to open a connection", .verb = STEP_FAILS_TO_OPEN_CONNECTION },
    { SUBJECT_ACTOR, .pattern = "starts TLS", .verb = STEP_STARTS_TLS },
    { SUBJECT_ACTOR, .pattern = "fails to start TLS", .verb = STEP_FAILS_TO_START_TLS },
    { SUBJECT_ACTOR, .pattern = "opens a stream [to %h]", .verb = STEP_OPENS_STREAM },
    { SUBJECT_ACTOR, .pattern = "opens a stream with", .verb = STEP_OPENS_STREAM, .block = BLOCK_PROPERTIES,
      .properties = sent_header },
    { SUBJECT_ACTOR, .pattern = "authenticates [with %m] [as %u] [using password %p]",
      .verb = STEP_AUTHENTICATES },
    { SUBJECT_ACTOR, .pattern = "fails to authenticate [with %m] [as %u] [using password %p] : %c",
      .verb = STEP_FAILS_TO_AUTHENTICATE },
    { SUBJECT_ACTOR, .pattern = "restarts the stream", .verb = STEP_RESTARTS_STREAM },
    { SUBJECT_ACTOR, .pattern = "binds", .verb = STEP_BINDS },
    { SUBJECT_ACTOR, .pattern = "binds resource %t", .verb = STEP_BINDS },
    { SUBJECT_ACTOR, .pattern = "fails to bind resource %t : %c", .verb = STEP_FAILS_TO_BIND },
    { SUBJECT_ACTOR, .pattern = "fails to bind : %c", .verb = STEP_FAILS_TO_BIND },
    { SUBJECT_ACTOR, .pattern = "closes the stream", .verb = STEP_CLOSES_STREAM },
    { SUBJECT_ACTOR, .pattern = "drops the connection", .verb = STEP_DROPS_CONNECTION },

    { SUBJECT_ACTOR, .pattern = "enables stream management", .verb = STEP_MANAGES },
    { SUBJECT_ACTOR, .pattern = "fails to enable stream management : %c", .verb = STEP_FAILS_TO_MANAGE },
    { SUBJECT_ACTOR, .pattern = "acknowledges", .verb = STEP_ACKNOWLEDGES },
    { SUBJECT_ACTOR, .pattern = "acknowledges %z", .verb = STEP_ACKNOWLEDGES, .text = "given" },
    { SUBJECT_ACTOR, .pattern = "resumes", .verb = STEP_RESUMES },
    { SUBJECT_ACTOR, .pattern = "fails to resume : %c", .verb = STEP_FAILS_TO_RESUME },
    { SUBJECT_ACTOR, .pattern = "stops answering", .verb = STEP_ANSWERS, .negated = true },
    { SUBJECT_ACTOR, .pattern = "answers again", .verb = STEP_ANSWERS },
    { SUBJECT_ACTOR, .pattern = "stops reading", .verb = STEP_LINK_FAULT, .text = "stops reading" },
    { SUBJECT_ACTOR, .pattern = "reads again", .verb = STEP_LINK_FAULT, .text = "reads again" },
    { SUBJECT_ACTOR, .pattern = "half-closes the connection", .verb = STEP_HALF_CLOSES },

    { SUBJECT_ACTOR, .pattern = "is connected", .verb = STEP_IS, .text = "connected" },
    { SUBJECT_ACTOR, .pattern = "is available", .verb = STEP_IS, .text = "available" },
    { SUBJECT_ACTOR, .pattern = "is interested", .verb = STEP_IS, .text = "interested" },
    { SUBJECT_ACTOR, .pattern = "is not connected", .verb = STEP_IS, .text = "connected", .negated = true },
    { SUBJECT_ACTOR, .pattern = "is not available", .verb = STEP_IS, .text = "available", .negated = true },
    { SUBJECT_ACTOR, .pattern = "is not interested", .verb = STEP_IS, .text = "interested", .negated = true },
    { SUBJECT_ACTOR, .pattern = "has %z session", .verb = STEP_HAS_SESSIONS, .singular = true },
    { SUBJECT_ACTOR, .pattern = "has %z sessions", .verb = STEP_HAS_SESSIONS },
    { SUBJECT_ACTOR, .pattern = "has %z offline message", .verb = STEP_HAS_OFFLINE, .singular = true },
    { SUBJECT_ACTOR, .pattern = "has %z offline messages", .verb = STEP_HAS_OFFLINE },
};

static const struct wording owner_wordings[] = {
    { SUBJECT_OWNER, .pattern = "connection is open", .verb = STEP_CONNECTION_IS, .text = "open" },
    { SUBJECT_OWNER, .pattern = "connection is closed", .verb = STEP_CONNECTION_IS, .text = "closed" },
    { SUBJECT_OWNER, .pattern = "type is %v", .verb = STEP_PROPERTY_IS, .property = "type" },
    { SUBJECT_OWNER, .pattern = "username is %v", .verb = STEP_PROPERTY_IS, .property = "username" },
    { SUBJECT_OWNER, .pattern = "host is %v", .verb = STEP_PROPERTY_IS, .property = "host" },
    { SUBJECT_OWNER, .pattern = "resource is %v", .verb = STEP_PROPERTY_IS, .property = "resource" },
    { SUBJECT_OWNER, .pattern = "full JID is %v", .verb = STEP_PROPERTY_IS, .property = "full JID" },
    { SUBJECT_OWNER, .pattern = "priority is %v", .verb = STEP_PROPERTY_IS, .property = "priority" },
    { SUBJECT_OWNER, .pattern = "notopen is %v", .verb = STEP_PROPERTY_IS, .property = "notopen" },
    { SUBJECT_OWNER, .pattern = "interested is %v", .verb = STEP_PROPERTY_IS, .property = "interested" },
    { SUBJECT_OWNER, .pattern = "roster version is %v", .verb = STEP_PROPERTY_IS,
      .property = "roster version" },
    { SUBJECT_OWNER, .pattern = "presence is unset", .verb = STEP_PRESENCE_IS },
    { SUBJECT_OWNER, .pattern = "presence is", .verb = STEP_PRESENCE_IS, .block = BLOCK_PRESENCE },
    { SUBJECT_OWNER, .pattern = "roster is empty", .verb = STEP_ROSTER_IS },
    { SUBJECT_OWNER, .pattern = "roster is unset", .verb = STEP_ROSTER_IS, .text = "unset" },
    { SUBJECT_OWNER, .pattern = "roster is", .verb = STEP_ROSTER_IS, .block = BLOCK_ITEMS },
    { SUBJECT_OWNER, .pattern = "block list is empty", .verb = STEP_BLOCK_LIST_IS },
    { SUBJECT_OWNER, .pattern = "block list is", .verb = STEP_BLOCK_LIST_IS, .block = BLOCK_JIDS },
    { SUBJECT_OWNER, .pattern = "stream header is", .verb = STEP_HEADER_IS, .block = BLOCK_PROPERTIES,
      .properties = received_header },
    { SUBJECT_OWNER, .pattern = "features are", .verb = STEP_FEATURES_ARE, .block = BLOCK_FEATURES },
    { SUBJECT_OWNER, .pattern = "link is encrypted", .verb = STEP_LINK_ENCRYPTED },
    { SUBJECT_OWNER, .pattern = "link is not encrypted", .verb = STEP_LINK_ENCRYPTED, .negated = true },
    { SUBJECT_OWNER, .pattern = "next handshake fails", .verb = STEP_HANDSHAKE_FAILS },
    { SUBJECT_OWNER, .pattern = "next link has somebody in the middle", .verb = STEP_MIDDLE },
    { SUBJECT_OWNER, .pattern = "link delivers in pieces of %n", .verb = STEP_LINK_PIECES },
    { SUBJECT_OWNER, .pattern = "link breaks", .verb = STEP_LINK_FAULT, .text = "breaks" },
    { SUBJECT_OWNER, .pattern = "link dies silently", .verb = STEP_LINK_FAULT, .text = "dies" },
    { SUBJECT_OWNER, .pattern = "link heals", .verb = STEP_LINK_FAULT, .text = "heals" },
    { SUBJECT_OWNER, .pattern = "link takes %s", .verb = STEP_LINK_TAKES },
    { SUBJECT_OWNER, .pattern = "link carries %r a second", .verb = STEP_LINK_CARRIES },
    { SUBJECT_OWNER, .pattern = "link carries as much as it is given", .verb = STEP_LINK_CARRIES },
    { SUBJECT_OWNER, .pattern = "link stalls for %s", .verb = STEP_LINK_STALLS },
    { SUBJECT_OWNER, .pattern = "link breaks after %b", .verb = STEP_LINK_BREAKS },
    { SUBJECT_OWNER, .pattern = "link breaks after %b to the server", .verb = STEP_LINK_BREAKS,
      .text = "to the server" },
    { SUBJECT_OWNER, .pattern = "link breaks after %b to the client", .verb = STEP_LINK_BREAKS,
      .text = "to the client" },
    { SUBJECT_OWNER, .pattern = "session is hibernating", .verb = STEP_SESSION_IS, .text = "hibernating" },
    { SUBJECT_OWNER, .pattern = "session is not hibernating", .verb = STEP_SESSION_IS, .text = "hibernating",
      .negated = true },
};

static const struct wording world_wordings[] = {
    { SUBJECT_NOBODY, .pattern = "%j has %z session", .verb = STEP_HAS_SESSIONS, .singular = true },
    { SUBJECT_NOBODY, .pattern = "%j has %z sessions", .verb = STEP_HAS_SESSIONS },
    { SUBJECT_NOBODY, .pattern = "%j has %z offline message", .verb = STEP_HAS_OFFLINE, .singular = true },
    { SUBJECT_NOBODY, .pattern = "%j has %z offline messages", .verb = STEP_HAS_OFFLINE },
    { SUBJECT_NOBODY, .pattern = "%s passes", .verb = STEP_TIME_PASSES, .singular = true },
    { SUBJECT_NOBODY, .pattern = "%s pass", .verb = STEP_TIME_PASSES },
    { SUBJECT_NOBODY, .pattern = "the next load fails", .verb = STEP_NEXT_FAILS, .text = "load",
      .number = 1 },
    { SUBJECT_NOBODY, .pattern = "the next save fails", .verb = STEP_NEXT_FAILS, .text = "save",
      .number = 1 },
    { SUBJECT_NOBODY, .pattern = "the next %n loads fail", .verb = STEP_NEXT_FAILS, .text = "load" },
    { SUBJECT_NOBODY, .pattern = "the next %n saves fail", .verb = STEP_NEXT_FAILS, .text = "save" },
    { SUBJECT_NOBODY, .pattern = "loads take %s", .verb = STEP_TAKES, .text = "load" },
    { SUBJECT_NOBODY, .pattern = "saves take %s", .verb = STEP_TAKES, .text = "save" },
    { SUBJECT_NOBODY, .pattern = "the servers are parted", .verb = STEP_SERVERS_ARE, .negated = true },
    { SUBJECT_NOBODY, .pattern = "the servers are joined again", .verb = STEP_SERVERS_ARE },
    { SUBJECT_NOBODY, .pattern = "the server of %h receives from %f", .verb = STEP_SERVER_RECEIVES,
      .block = BLOCK_RAW },
    { SUBJECT_NOBODY, .pattern = "the server shuts down", .verb = STEP_SERVER_SHUTS_DOWN },
    { SUBJECT_NOBODY, .pattern = "the server of %h shuts down", .verb = STEP_SERVER_SHUTS_DOWN },
    { SUBJECT_NOBODY, .pattern = "the server crashes [, %w its writes]", .verb = STEP_SERVER_CRASHES },
    { SUBJECT_NOBODY, .pattern = "the server crashes in %s [, %w its writes]",
      .verb = STEP_SERVER_WILL_CRASH },
    { SUBJECT_NOBODY, .pattern = "the server crashes during the next save [, %w its writes]",
      .verb = STEP_SERVER_WILL_CRASH, .number = 1 },
    { SUBJECT_NOBODY, .pattern = "the server crashes during the %o save from now [, %w its writes]",
      .verb = STEP_SERVER_WILL_CRASH },
    { SUBJECT_NOBODY, .pattern = "the server of %h crashes [, %w its writes]", .verb = STEP_SERVER_CRASHES },
    { SUBJECT_NOBODY, .pattern = "the server of %h crashes in %s [, %w its writes]",
      .verb = STEP_SERVER_WILL_CRASH },
    { SUBJECT_NOBODY, .pattern = "the server of %h crashes during the next save [, %w its writes]",
      .verb = STEP_SERVER_WILL_CRASH, .number = 1 },
    { SUBJECT_NOBODY, .pattern = "the server of %h crashes during the %o save from now [, %w its writes]",
      .verb = STEP_SERVER_WILL_CRASH },
    { SUBJECT_NOBODY, .pattern = "the server starts again", .verb = STEP_SERVER_STARTS },
    { SUBJECT_NOBODY, .pattern = "the server of %h starts again", .verb = STEP_SERVER_STARTS },
    { SUBJECT_NOBODY, .pattern = "the %o load from now fails", .verb = STEP_NTH_FAILS, .text = "load" },
    { SUBJECT_NOBODY, .pattern = "the %o save from now fails", .verb = STEP_NTH_FAILS, .text = "save" },
    { SUBJECT_NOBODY, .pattern = "the next allocation fails", .verb = STEP_ALLOCATION_FAILS, .number = 1 },
    { SUBJECT_NOBODY, .pattern = "the %o allocation from now fails", .verb = STEP_ALLOCATION_FAILS },
    { SUBJECT_NOBODY, .pattern = "the clock jumps %s ahead", .verb = STEP_CLOCK_JUMPS },
    { SUBJECT_NOBODY, .pattern = "the clock jumps %s back", .verb = STEP_CLOCK_JUMPS, .negated = true },
    { SUBJECT_NOBODY, .pattern = "at the same time", .verb = STEP_AT_THE_SAME_TIME, .block = BLOCK_STEPS },
};

static const struct wordings {
    const struct wording *list;
    size_t count;
} wordings[] = {
    [SUBJECT_ACTOR] = { actor_wordings, sizeof actor_wordings / sizeof actor_wordings[0] },
    [SUBJECT_OWNER] = { owner_wordings, sizeof owner_wordings / sizeof owner_wordings[0] },
    [SUBJECT_NOBODY] = { world_wordings, sizeof world_wordings / sizeof world_wordings[0] },
};
enum { SUBJECTS = sizeof wordings / sizeof wordings[0] };

const struct wording *wording_at(enum step_subject subject, size_t index)
{
    return index < wordings[subject].count ? &wordings[subject].list[index] : NULL;
}

/* ---- What a wording is called ---- */

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
    const struct token *next;
    struct listing listing;
    bool place; /* all of them want a place filled */
};

static bool is_listed(const struct listing *listing, struct slice text)
{
    struct slice rest = slice_of(listing->text);
    while (rest.length > 0) {
        size_t length = slice_find(rest, ", ");
        if (slice_same((struct slice){ rest.text, length }, text))
            return true;
        rest = slice_from(rest, length + 2 < rest.length ? length + 2 : rest.length);
    }
    return false;
}

static void want(struct wanted *wanted, const struct attempt *attempt, bool block)
{
    if (attempt->progress > wanted->progress)
        *wanted = (struct wanted){ .progress = attempt->progress, .listing = { "" }, .place = true };
    if (attempt->progress < wanted->progress)
        return;
    wanted->next = attempt->next;
    struct slice what = attempt->literal;
    if (attempt->place != NULL)
        what = slice_of(attempt->place);
    else if (what.length == 0)
        what = slice_of(block ? "an indented block in the lines below" : "the end of the line");
    wanted->place = wanted->place && attempt->place != NULL;
    if (!is_listed(&wanted->listing, what))
        listing_add(&wanted->listing, what);
}

static struct wanted what_is_wanted(enum step_subject subject, const struct token *tokens)
{
    struct wanted wanted = { .next = tokens, .listing = { "" }, .place = true };
    for (size_t i = 0; i < wordings[subject].count; i++) {
        const struct wording *wording = &wordings[subject].list[i];
        struct attempt attempt;
        (void)attempt_pattern(&attempt, wording->pattern, tokens);
        want(&wanted, &attempt, wording->block != BLOCK_NONE);
    }
    return wanted;
}

/* "1.5" and "5s", which begin like a number and are neither one nor a JID. */
static bool is_crooked_number(struct slice text)
{
    uint64_t number = 0;
    return text.length > 0 && is_digit(text.text[0]) && slice_find(text, "@") == text.length &&
           !parse_number(text, UINT64_MAX, &number);
}

/* The line, with what was probably meant.  False when nothing is like it, or, with `sure`, like it enough. */
static bool complain_meant(struct parser *parser, int line, enum step_subject subject, struct slice name,
                           struct slice text, bool sure)
{
    static const char *const behind[] = {
        [SUBJECT_ACTOR] = " ", [SUBJECT_OWNER] = "'s ", [SUBJECT_NOBODY] = ""
    };
    struct suggestion suggestion = suggest_step(subject, name, text);
    if (suggestion.text[0] == '\0' || (sure && !suggestion.sure))
        return false;
    complain(parser, line, "unknown step \"%s%s%s\"; did you mean `%s`?", excerpt(name).text, behind[subject],
             excerpt(text).text, suggestion.text);
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
    if (!complain_unended(parser, line, predicate))
        complain_unfitting(parser, line, subject, name, predicate);
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
    fill_places(parser, attempt, step);
}

/* Whether a pattern that begins with a letter begins as the text does: most do not, and are quickly told. */
static bool may_match(const char *pattern, struct slice text)
{
    return *pattern == '%' || *pattern == text.text[0];
}

const struct wording *recognise(struct parser *parser, enum step_subject subject, struct slice predicate,
                                struct step *step)
{
    struct token tokens[TOKENS_MAX];
    size_t count = cut_tokens(predicate, tokens);
    if (count == 0 || token_unended(tokens[count - 1]))
        return NULL;
    struct attempt attempt;
    for (size_t i = 0; i < wordings[subject].count; i++) {
        const struct wording *wording = &wordings[subject].list[i];
        if (!may_match(wording->pattern, tokens[0].text) ||
            !attempt_pattern(&attempt, wording->pattern, tokens))
            continue;
        fill_step(parser, wording, &attempt, step);
        return wording;
    }
    return NULL;
}

/* ---- The reverse ---- */

static bool is_of_one(const struct step *step)
{
    return step->span > 0 ? is_one_unit(step->span) : step->number == 1;
}

static bool can_say(const struct wording *wording, const struct step *step)
{
    struct text words = { 0 };
    bool fits = (!wording->singular || is_of_one(step)) && write_wording(&words, wording, step);
    text_free(&words);
    return fits;
}

/* A block with nothing in it is the last resort. */
const struct wording *find_wording(const struct step *step)
{
    const struct wording *found = NULL, *empty = NULL;
    for (size_t subject = 0; subject < SUBJECTS; subject++) {
        for (size_t i = 0; i < wordings[subject].count; i++) {
            const struct wording *wording = &wordings[subject].list[i];
            if (!can_say(wording, step))
                continue;
            if (wording->block != BLOCK_NONE && !has_block(wording, step))
                empty = wording;
            else if (found == NULL || (wording->block == BLOCK_RAW && reads_better_below(step)))
                found = wording;
        }
    }
    return found != NULL ? found : empty;
}

/* ---- Subjects ---- */

static bool begins_predicate(enum step_subject subject, struct slice text)
{
    struct slice first = next_token(&text).text;
    for (size_t i = 0; i < wordings[subject].count; i++) {
        const char *pattern = wordings[subject].list[i].pattern;
        if (slice_same(first, next_pattern_word(&pattern)))
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
