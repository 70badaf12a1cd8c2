#include "scenario_steps.h"

/* ---- The tables, one for each subject ----
 * The order matters for complaints and for the printer, which takes the first of several wordings of a
 * step; so the singular comes before the plural.  For the places see scenario_patterns.c. */

static const char *const sent_header[] = { "to", "from", "version", "lang", "namespace", "stream namespace",
                                           NULL };
static const char *const received_header[] = { "from", "to", "id", "version", "lang", NULL };

#define ACTOR(...)                                                                                           \
    {                                                                                                        \
        SUBJECT_ACTOR, .pattern = __VA_ARGS__                                                                \
    }
#define OWNER(...)                                                                                           \
    {                                                                                                        \
        SUBJECT_OWNER, .pattern = __VA_ARGS__                                                                \
    }
#define WORLD(...)                                                                                           \
    {                                                                                                        \
        SUBJECT_NOBODY, .pattern = __VA_ARGS__                                                               \
    }

static const struct wording actor_wordings[] = {
    ACTOR("connects", .verb = STEP_CONNECTS),
    ACTOR("disconnects", .verb = STEP_DISCONNECTS),
    ACTOR("sends", .verb = STEP_SENDS, .block = BLOCK_STANZAS),
    ACTOR("sends raw %t [in pieces of %n]", .verb = STEP_SENDS_RAW),
    ACTOR("sends raw [in pieces of %n]", .verb = STEP_SENDS_RAW, .block = BLOCK_RAW),
    ACTOR("pipelines", .verb = STEP_PIPELINES, .block = BLOCK_STEPS),
    ACTOR("receives", .verb = STEP_RECEIVES, .block = BLOCK_STANZAS),
    ACTOR("receives in any order", .verb = STEP_RECEIVES_ANY_ORDER, .block = BLOCK_STANZAS),
    ACTOR("receives : nothing [for %s]", .verb = STEP_RECEIVES_NOTHING),
    ACTOR("receives stream error %c", .verb = STEP_RECEIVES_STREAM_ERROR),
    ACTOR("receives the end of the stream", .verb = STEP_RECEIVES_END),
    ACTOR("ignores", .verb = STEP_IGNORES, .block = BLOCK_STANZAS),
    ACTOR("has not received", .verb = STEP_HAS_NOT_RECEIVED, .block = BLOCK_STANZAS),

    ACTOR("opens a connection", .verb = STEP_OPENS_CONNECTION),
    ACTOR("fails to open a connection", .verb = STEP_FAILS_TO_OPEN_CONNECTION),
    ACTOR("starts TLS", .verb = STEP_STARTS_TLS),
    ACTOR("fails to start TLS", .verb = STEP_FAILS_TO_START_TLS),
    ACTOR("opens a stream [to %h]", .verb = STEP_OPENS_STREAM),
    ACTOR("opens a stream with", .verb = STEP_OPENS_STREAM, .block = BLOCK_PROPERTIES,
          .properties = sent_header),
    ACTOR("authenticates [with %m] [as %u] [using password %p]", .verb = STEP_AUTHENTICATES),
    ACTOR("fails to authenticate [with %m] [as %u] [using password %p] : %c",
          .verb = STEP_FAILS_TO_AUTHENTICATE),
    ACTOR("begins to authenticate [with %m] [as %u] [using password %p]",
          .verb = STEP_BEGINS_TO_AUTHENTICATE),
    ACTOR("begins to authenticate [with %m] [as %u] [using password %p] without an initial response",
          .verb = STEP_BEGINS_TO_AUTHENTICATE, .negated = true),
    ACTOR("answers the challenge", .verb = STEP_ANSWERS_CHALLENGE),
    ACTOR("finishes authenticating [with %d]", .verb = STEP_FINISHES_AUTHENTICATING),
    ACTOR("fails to finish authenticating [with %d] : %c", .verb = STEP_FAILS_TO_FINISH_AUTHENTICATING),
    ACTOR("aborts authenticating", .verb = STEP_ABORTS_AUTHENTICATING),
    ACTOR("restarts the stream", .verb = STEP_RESTARTS_STREAM),
    ACTOR("binds [resource %t]", .verb = STEP_BINDS),
    ACTOR("fails to bind [resource %t] : %c", .verb = STEP_FAILS_TO_BIND),
    ACTOR("closes the stream", .verb = STEP_CLOSES_STREAM),
    ACTOR("drops the connection", .verb = STEP_DROPS_CONNECTION),

    ACTOR("enables stream management", .verb = STEP_MANAGES),
    ACTOR("fails to enable stream management : %c", .verb = STEP_FAILS_TO_MANAGE),
    ACTOR("acknowledges", .verb = STEP_ACKNOWLEDGES),
    ACTOR("acknowledges %z", .verb = STEP_ACKNOWLEDGES, .text = "given"),
    ACTOR("resumes", .verb = STEP_RESUMES),
    ACTOR("fails to resume : %c", .verb = STEP_FAILS_TO_RESUME),
    ACTOR("stops answering", .verb = STEP_ANSWERS, .negated = true),
    ACTOR("answers again", .verb = STEP_ANSWERS),
    ACTOR("stops reading", .verb = STEP_LINK_FAULT, .text = "stops reading"),
    ACTOR("reads again", .verb = STEP_LINK_FAULT, .text = "reads again"),
    ACTOR("half-closes the connection", .verb = STEP_HALF_CLOSES),

    ACTOR("is [not] connected", .verb = STEP_IS, .text = "connected"),
    ACTOR("is [not] available", .verb = STEP_IS, .text = "available"),
    ACTOR("is [not] interested", .verb = STEP_IS, .text = "interested"),
    ACTOR("has %z session", .verb = STEP_HAS_SESSIONS, .singular = true),
    ACTOR("has %z sessions", .verb = STEP_HAS_SESSIONS),
    ACTOR("has %z offline message", .verb = STEP_HAS_OFFLINE, .singular = true),
    ACTOR("has %z offline messages", .verb = STEP_HAS_OFFLINE),
};

static const struct wording owner_wordings[] = {
    OWNER("connection is open", .verb = STEP_CONNECTION_IS, .text = "open"),
    OWNER("connection is closed", .verb = STEP_CONNECTION_IS, .text = "closed"),
    OWNER("type is %v", .verb = STEP_PROPERTY_IS, .property = "type"),
    OWNER("username is %v", .verb = STEP_PROPERTY_IS, .property = "username"),
    OWNER("host is %v", .verb = STEP_PROPERTY_IS, .property = "host"),
    OWNER("resource is %v", .verb = STEP_PROPERTY_IS, .property = "resource"),
    OWNER("full JID is %v", .verb = STEP_PROPERTY_IS, .property = "full JID"),
    OWNER("priority is %v", .verb = STEP_PROPERTY_IS, .property = "priority"),
    OWNER("notopen is %v", .verb = STEP_PROPERTY_IS, .property = "notopen"),
    OWNER("interested is %v", .verb = STEP_PROPERTY_IS, .property = "interested"),
    OWNER("roster version is %v", .verb = STEP_PROPERTY_IS, .property = "roster version"),
    OWNER("presence is unset", .verb = STEP_PRESENCE_IS),
    OWNER("presence is", .verb = STEP_PRESENCE_IS, .block = BLOCK_PRESENCE),
    OWNER("roster is empty", .verb = STEP_ROSTER_IS),
    OWNER("roster is unset", .verb = STEP_ROSTER_IS, .text = "unset"),
    OWNER("roster is", .verb = STEP_ROSTER_IS, .block = BLOCK_ITEMS),
    OWNER("block list is empty", .verb = STEP_BLOCK_LIST_IS),
    OWNER("block list is", .verb = STEP_BLOCK_LIST_IS, .block = BLOCK_JIDS),
    OWNER("stream header is", .verb = STEP_HEADER_IS, .block = BLOCK_PROPERTIES,
          .properties = received_header),
    OWNER("features are", .verb = STEP_FEATURES_ARE, .block = BLOCK_FEATURES),
    OWNER("link is [not] encrypted", .verb = STEP_LINK_ENCRYPTED),
    OWNER("next handshake fails", .verb = STEP_HANDSHAKE_FAILS),
    OWNER("next link has somebody in the middle", .verb = STEP_MIDDLE),
    OWNER("link delivers in pieces of %n", .verb = STEP_LINK_PIECES),
    OWNER("link breaks", .verb = STEP_LINK_FAULT, .text = "breaks"),
    OWNER("link dies silently", .verb = STEP_LINK_FAULT, .text = "dies"),
    OWNER("link heals", .verb = STEP_LINK_FAULT, .text = "heals"),
    OWNER("link takes %s", .verb = STEP_LINK_TAKES),
    OWNER("link carries %r a second", .verb = STEP_LINK_CARRIES),
    OWNER("link carries as much as it is given", .verb = STEP_LINK_CARRIES),
    OWNER("link stalls for %s", .verb = STEP_LINK_STALLS),
    OWNER("link breaks after %b", .verb = STEP_LINK_BREAKS),
    OWNER("link breaks after %b to the server", .verb = STEP_LINK_BREAKS, .text = "to the server"),
    OWNER("link breaks after %b to the client", .verb = STEP_LINK_BREAKS, .text = "to the client"),
    OWNER("session is [not] hibernating", .verb = STEP_SESSION_IS, .text = "hibernating"),
};

static const struct wording world_wordings[] = {
    WORLD("%j has %z session", .verb = STEP_HAS_SESSIONS, .singular = true),
    WORLD("%j has %z sessions", .verb = STEP_HAS_SESSIONS),
    WORLD("%j has %z offline message", .verb = STEP_HAS_OFFLINE, .singular = true),
    WORLD("%j has %z offline messages", .verb = STEP_HAS_OFFLINE),
    WORLD("%s passes", .verb = STEP_TIME_PASSES, .singular = true),
    WORLD("%s pass", .verb = STEP_TIME_PASSES),
    WORLD("the next load fails", .verb = STEP_NEXT_FAILS, .text = "load", .number = 1),
    WORLD("the next save fails", .verb = STEP_NEXT_FAILS, .text = "save", .number = 1),
    WORLD("the next %n loads fail", .verb = STEP_NEXT_FAILS, .text = "load"),
    WORLD("the next %n saves fail", .verb = STEP_NEXT_FAILS, .text = "save"),
    WORLD("loads take %s", .verb = STEP_TAKES, .text = "load"),
    WORLD("saves take %s", .verb = STEP_TAKES, .text = "save"),
    WORLD("the servers are parted", .verb = STEP_SERVERS_ARE, .negated = true),
    WORLD("the servers are joined again", .verb = STEP_SERVERS_ARE),
    WORLD("the server of %h receives from %f", .verb = STEP_SERVER_RECEIVES, .block = BLOCK_RAW),
    WORLD("the server of %h receives %t from %f", .verb = STEP_SERVER_RECEIVES),
    WORLD("the server [of %h] routes to %f", .verb = STEP_SERVER_ROUTES, .block = BLOCK_STANZAS),
    WORLD("the server [of %h] routes nothing [to %f]", .verb = STEP_SERVER_ROUTES_NOTHING),
    WORLD("the server [of %h] shuts down", .verb = STEP_SERVER_SHUTS_DOWN),
    WORLD("the server [of %h] crashes [, %w its writes]", .verb = STEP_SERVER_CRASHES),
    WORLD("the server [of %h] crashes in %s [, %w its writes]", .verb = STEP_SERVER_WILL_CRASH),
    WORLD("the server [of %h] crashes during the next save [, %w its writes]", .verb = STEP_SERVER_WILL_CRASH,
          .number = 1),
    WORLD("the server [of %h] crashes during the %o save from now [, %w its writes]",
          .verb = STEP_SERVER_WILL_CRASH),
    WORLD("the server [of %h] starts again", .verb = STEP_SERVER_STARTS),
    WORLD("the %o load from now fails", .verb = STEP_NTH_FAILS, .text = "load"),
    WORLD("the %o save from now fails", .verb = STEP_NTH_FAILS, .text = "save"),
    WORLD("the next allocation fails", .verb = STEP_ALLOCATION_FAILS, .number = 1),
    WORLD("the %o allocation from now fails", .verb = STEP_ALLOCATION_FAILS),
    WORLD("the clock jumps %s ahead", .verb = STEP_CLOCK_JUMPS),
    WORLD("the clock jumps %s back", .verb = STEP_CLOCK_JUMPS, .negated = true),
    WORLD("at the same time", .verb = STEP_AT_THE_SAME_TIME, .block = BLOCK_STEPS),
};

static const struct wordings {
    const struct wording *list;
    size_t count;
} wordings[SUBJECTS] = {
    [SUBJECT_ACTOR] = { actor_wordings, sizeof actor_wordings / sizeof actor_wordings[0] },
    [SUBJECT_OWNER] = { owner_wordings, sizeof owner_wordings / sizeof owner_wordings[0] },
    [SUBJECT_NOBODY] = { world_wordings, sizeof world_wordings / sizeof world_wordings[0] },
};

const struct wording *wording_at(enum step_subject subject, size_t index)
{
    return index < wordings[subject].count ? &wordings[subject].list[index] : NULL;
}

const char *behind_subject(enum step_subject subject)
{
    static const char *const behind[SUBJECTS] = {
        [SUBJECT_ACTOR] = " ", [SUBJECT_OWNER] = "'s ", [SUBJECT_NOBODY] = ""
    };
    return behind[subject];
}

/* ---- The name of a wording ---- */

struct excerpt wording_name(const struct wording *wording)
{
    struct text name = { 0 };
    const char *pattern = wording->pattern;
    struct pattern_word word;
    while (next_pattern_word(&pattern, &word) && word.place == '\0') {
        if (word.opens) {
            skip_group(&pattern, &word);
            continue;
        }
        bool is_colon = slice_is(word.text, ":"); /* optional */
        text_string(&name, name.length > 0 && !is_colon ? " " : "");
        text_append(&name, word.text.text, is_colon ? 0 : word.text.length);
    }
    struct excerpt shown = excerpt((struct slice){ name.bytes, name.length });
    text_free(&name);
    return shown;
}

/* ---- Recognition ---- */

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

/* Whether a pattern and the text begin with the same letter; a quick test that excludes most patterns. */
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

/* ---- Writing ---- */

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The fields of the step that the wording does not imply; its places and its block must express them. */
static unsigned fields_beyond(const struct wording *wording, const struct step *step)
{
    unsigned fields = fields_of_step(step) & ~(unsigned)(FIELD_TEXT | FIELD_NUMBER | FIELD_NEGATED);
    fields |= same_text(wording->text, step->text) ? 0U : FIELD_TEXT;
    fields |= wording->number == step->number ? 0U : FIELD_NUMBER;
    fields |= wording->negated == step->negated ? 0U : FIELD_NEGATED;
    return fields;
}

bool write_wording(struct text *out, const struct wording *wording, const struct step *step)
{
    bool nobody = wording->subject == SUBJECT_NOBODY, whole;
    size_t begin = out->length;
    if (wording->verb != step->verb || nobody != (step->actor < 0) ||
        !same_text(wording->property, step->property))
        return false;
    unsigned beyond = fields_beyond(wording, step);
    unsigned said = write_pattern(out, wording->pattern, step, beyond, &whole);
    said |= fields_of_block(wording->block, step);
    if (whole && (beyond & ~said) == 0)
        return true;
    out->length = begin;
    out->bytes[begin] = '\0';
    return false;
}

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

/* A wording with an empty block is the last choice. */
const struct wording *find_wording(const struct step *step)
{
    const struct wording *found = NULL, *empty = NULL;
    for (size_t subject = 0; subject < SUBJECTS; subject++) {
        for (size_t i = 0; i < wordings[subject].count; i++) {
            const struct wording *wording = &wordings[subject].list[i];
            if (!can_say(wording, step))
                continue;
            if (wording->block != BLOCK_NONE && !has_block(wording->block, step))
                empty = wording;
            else if (found == NULL || (wording->block == BLOCK_RAW && reads_better_below(step)))
                found = wording;
        }
    }
    return found != NULL ? found : empty;
}
