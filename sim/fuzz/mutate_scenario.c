#include "mutate_scenario.h"

#include "../client/scram_final.h"
#include "../language/scenario.h"
#include "../language/scenario_steps.h"
#include "../must.h"
#include "../text.h"
#include "mutate_stanza.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { SEPARATOR = 0x1e, STEPS = 256 };

struct span {
    size_t begin, end;
};

/* The lines of a step, with those of its block. */
struct lines {
    struct span all;
    size_t behind_first; /* the end of its own line */
    bool has_stanzas;
};

struct work {
    const struct scenario *scenario;
    struct choices *choices;
    const char *text;
    size_t length;
    size_t *line_begins; /* by the number of a line */
    size_t line_count;
    struct lines steps[STEPS];
    size_t step_count;
    struct text made;
};

static size_t below(struct work *work, size_t possibilities)
{
    return mutator_below(work->choices, possibilities);
}

/* ---- Where the steps are ---- */

static void find_lines(struct work *work)
{
    work->line_begins = must(calloc(work->length + 3, sizeof *work->line_begins));
    work->line_count = 1;
    for (size_t i = 0; i < work->length; i++)
        if (work->text[i] == '\n')
            work->line_begins[++work->line_count] = i + 1;
    work->line_begins[work->line_count + 1] = work->length;
}

static void find_steps(struct work *work, const struct step *step, size_t end)
{
    for (; step != NULL && work->step_count < STEPS; step = step->next) {
        const size_t line = (size_t)step->line;
        assert(step->line > 0 && line <= work->line_count);
        const size_t behind = step->next != NULL ? work->line_begins[step->next->line] : end;
        work->steps[work->step_count++] = (struct lines){
            .all = { work->line_begins[line], behind },
            .behind_first = work->line_begins[line + 1],
            .has_stanzas = step->stanzas != NULL,
        };
        find_steps(work, step->steps, behind);
    }
}

static const struct lines *some_step(struct work *work)
{
    return &work->steps[below(work, work->step_count)];
}

/* ---- What is written ---- */

static void copy_span(struct work *work, size_t begin, size_t end)
{
    text_append(&work->made, work->text + begin, end - begin);
}

/* The last line of a file may have no end. */
static void copy_lines(struct work *work, struct span lines)
{
    copy_span(work, lines.begin, lines.end);
    if (lines.end > lines.begin && work->text[lines.end - 1] != '\n')
        text_string(&work->made, "\n");
}

static const struct character *some_character(struct work *work)
{
    const struct scenario *scenario = work->scenario;
    return scenario->cast_count > 0 ? &scenario->cast[below(work, scenario->cast_count)] : NULL;
}

static void write_number_of(struct work *work)
{
    static const uint64_t numbers[] = { 0, 1, 2, 3, 5, 10, 60, 100, 1000, 70000 };
    text_number(&work->made, numbers[below(work, COUNT(numbers))]);
}

static void write_address(struct work *work)
{
    const struct character *character = some_character(work);
    const size_t how = below(work, 4);
    if (character == NULL || how == 0) {
        text_string(&work->made, mutate_stanza_address(work->choices));
        return;
    }
    if (how == 1) {
        text_string(&work->made, character->jid);
        return;
    }
    text_string(&work->made, "${");
    text_string(&work->made, character->name);
    text_string(&work->made, how == 2 ? "'s JID}" : "'s full JID}");
}

static void write_host(struct work *work)
{
    const struct character *character = some_character(work);
    text_string(&work->made, character != NULL ? character->domain : "localhost");
}

/* Words of which one may take the place of another of the same row. */
enum { WORDS = 8 };
static const char *const words[][WORDS] = {
    { "load", "save" },
    { "loads", "saves" },
    { "keeping", "losing" },
    { "millisecond", "second", "minute", "hour", "day" },
    { "milliseconds", "seconds", "minutes", "hours", "days" },
    { "connects", "disconnects", "resumes", "acknowledges", "binds" },
    { "connected", "available", "interested" },
    { "breaks", "heals" },
    { "opens", "closes", "drops", "restarts", "half-closes" },
    { "connection", "stream" },
    { "ahead", "back" },
    { "PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-1-PLUS", "EXTERNAL", "ANONYMOUS" },
    { "conflict", "not-authorized", "policy-violation", "item-not-found", "connection-timeout",
      "host-unknown" },
    { "parted", "joined" },
    { "begins", "finishes", "aborts" },
    { "nonce", "proof" },
    { "before", "behind" },
    { "none", "to", "from", "both" },
    { "chat", "normal", "headline", "groupchat", "error", "get", "set", "result" },
    { "subscribe", "subscribed", "unsubscribe", "unsubscribed", "unavailable", "probe" },
    { "sends", "receives", "ignores" },
};

static size_t words_in(const char *const *row)
{
    size_t count = 0;
    while (count < WORDS && row[count] != NULL)
        count++;
    return count;
}

static void write_word_of(struct work *work, const char *first)
{
    for (size_t i = 0; i < COUNT(words); i++)
        if (strcmp(words[i][0], first) == 0)
            text_string(&work->made, words[i][below(work, words_in(words[i]))]);
}

static void write_ordinal(struct work *work)
{
    static const char *const ordinals[] = { "1st", "2nd", "3rd", "4th", "11th" };
    text_string(&work->made, ordinals[below(work, COUNT(ordinals))]);
}

static void write_variant(struct work *work)
{
    size_t count = 0;
    while (scram_variant_at(count) != NULL)
        count++;
    text_string(&work->made, scram_variant_at(below(work, count))->name);
}

static void write_place_of(struct work *work, char letter)
{
    struct text *made = &work->made;
    const bool quoted = strchr("thfup", letter) != NULL;
    text_string(made, quoted ? "\"" : "");
    if (letter == 'h' || letter == 'f')
        write_host(work);
    else if (letter == 'm')
        write_word_of(work, "PLAIN");
    else if (letter == 'c')
        write_word_of(work, "conflict");
    else if (letter == 'w')
        write_word_of(work, "keeping");
    else if (letter == 'o')
        write_ordinal(work);
    else if (letter == 'd')
        write_variant(work);
    else if (letter == 'j')
        text_string(made, some_character(work) != NULL ? some_character(work)->jid : "romeo@localhost");
    else if (quoted || letter == 'v')
        text_string(made, below(work, 2) == 0 ? "orchard" : "romeo");
    else
        write_number_of(work);
    text_string(made, quoted ? "\"" : letter == 'b' || letter == 'r' ? " bytes" : "");
    if (letter == 's') {
        text_string(made, " ");
        write_word_of(work, "milliseconds");
    }
}

/* ---- A new step ---- */

static void write_pattern_of(struct work *work, const char *pattern)
{
    struct pattern_word word;
    bool first = true;
    while (next_pattern_word(&pattern, &word)) {
        if (word.opens && below(work, 2) == 0) {
            skip_group(&pattern, &word);
            continue;
        }
        text_string(&work->made, first || slice_is(word.text, ":") || slice_is(word.text, ",") ? "" : " ");
        if (word.place != '\0')
            write_place_of(work, word.place);
        else
            text_append(&work->made, word.text.text, word.text.length);
        first = false;
    }
}

/* The last tag of a line of a pretty stanza, or the like, is not needed: a block may be one line. */
static void write_block_of(struct work *work, const struct wording *wording)
{
    struct text *made = &work->made;
    if (wording->block == BLOCK_STANZAS || wording->block == BLOCK_RAW)
        text_string(made, mutate_stanza_other(work->choices));
    else if (wording->block == BLOCK_PRESENCE)
        text_string(made, "<presence/>");
    else if (wording->block == BLOCK_FEATURES)
        text_string(made, "<stream:features/>");
    else if (wording->block == BLOCK_ITEMS || wording->block == BLOCK_JIDS)
        write_address(work);
    else if (wording->block == BLOCK_PROPERTIES)
        text_string(made, wording->properties[0]);
    if (wording->block == BLOCK_ITEMS || wording->block == BLOCK_PROPERTIES)
        text_string(made, ": ");
    if (wording->block == BLOCK_ITEMS)
        write_word_of(work, "none");
    if (wording->block == BLOCK_PROPERTIES)
        write_host(work);
}

/* What clients do most is to send. */
static const struct wording *some_wording(struct work *work, enum step_subject subject)
{
    const bool sends = subject == SUBJECT_ACTOR && below(work, 3) == 0;
    size_t count = 0;
    while (wording_at(subject, count) != NULL && !(sends && wording_at(subject, count)->verb == STEP_SENDS))
        count++;
    return wording_at(subject, sends ? count : below(work, count));
}

/* The first step of a block; others may be inserted before and behind it. */
static void write_step_below(struct work *work, struct span indent, const struct character *character,
                             bool pipelined)
{
    static const char *const sending[] = { " authenticates", " restarts the stream", " binds",
                                           " resumes",       " acknowledges",        " closes the stream" };
    copy_span(work, indent.begin, indent.end);
    text_string(&work->made, "\t");
    text_string(&work->made, character != NULL ? character->name : "");
    text_string(&work->made, pipelined ? sending[below(work, COUNT(sending))] : " disconnects");
    text_string(&work->made, "\n");
}

/* `indent` is that of its line. */
static void write_step(struct work *work, struct span indent)
{
    static const enum step_subject subjects[] = { SUBJECT_ACTOR, SUBJECT_ACTOR, SUBJECT_ACTOR,
                                                  SUBJECT_ACTOR, SUBJECT_OWNER, SUBJECT_NOBODY };
    const struct character *character = some_character(work);
    const enum step_subject subject =
        character != NULL ? subjects[below(work, COUNT(subjects))] : SUBJECT_NOBODY;
    const struct wording *wording = some_wording(work, subject);
    copy_span(work, indent.begin, indent.end);
    if (subject != SUBJECT_NOBODY)
        text_string(&work->made, character->name);
    text_string(&work->made, behind_subject(subject));
    write_pattern_of(work, wording->pattern);
    text_string(&work->made, wording->block != BLOCK_NONE ? ":\n" : "\n");
    if (wording->block == BLOCK_STEPS) {
        write_step_below(work, indent, character, wording->verb == STEP_PIPELINES);
    } else if (wording->block != BLOCK_NONE) {
        copy_span(work, indent.begin, indent.end);
        text_string(&work->made, "\t");
        write_block_of(work, wording);
        text_string(&work->made, "\n");
    }
}

static struct span indent_of(const struct work *work, const struct lines *step)
{
    struct span indent = { step->all.begin, step->all.begin };
    while (indent.end < step->behind_first && is_blank(work->text[indent.end]))
        indent.end++;
    return indent;
}

/* ---- Mutations: each writes the whole file; false where there is none ---- */

static bool insert_step(struct work *work)
{
    const struct lines *step = some_step(work);
    const bool behind = below(work, 2) == 0;
    const size_t place = behind ? step->all.end : step->all.begin;
    copy_lines(work, (struct span){ 0, place });
    write_step(work, indent_of(work, step));
    copy_span(work, place, work->length);
    return true;
}

static bool remove_step(struct work *work)
{
    const struct lines *step = some_step(work);
    copy_span(work, 0, step->all.begin);
    copy_span(work, step->all.end, work->length);
    return true;
}

static bool double_step(struct work *work)
{
    const struct lines *step = some_step(work);
    const size_t place = below(work, 2) == 0 ? step->all.end : some_step(work)->all.begin;
    copy_lines(work, (struct span){ 0, place });
    copy_lines(work, step->all);
    copy_span(work, place, work->length);
    return true;
}

static bool swap_steps(struct work *work)
{
    const struct lines *first = some_step(work), *second = some_step(work);
    if (first->all.begin > second->all.begin) {
        const struct lines *other = first;
        first = second;
        second = other;
    }
    if (first->all.end > second->all.begin)
        return false;
    copy_span(work, 0, first->all.begin);
    copy_lines(work, second->all);
    copy_span(work, first->all.end, second->all.begin);
    copy_lines(work, first->all);
    copy_span(work, second->all.end, work->length);
    return true;
}

/* A stanza below a step, or its address. */
static bool change_stanza(struct work *work)
{
    enum { MORE = 1000 };
    static const struct mutator plain = { .alone = "", .paired = "" };
    const struct lines *step = some_step(work);
    for (size_t i = 0; i < work->step_count && !step->has_stanzas; i++)
        step = step + 1 < work->steps + work->step_count ? step + 1 : work->steps;
    if (!step->has_stanzas)
        return false;
    const size_t size = step->all.end - step->behind_first;
    uint8_t *block = must(malloc(size + MORE));
    memcpy(block, work->text + step->behind_first, size);
    const size_t made = mutate_stanza(&plain, work->choices, block, size, size + MORE);
    copy_span(work, 0, step->behind_first);
    text_append(&work->made, (const char *)block, made);
    copy_span(work, step->all.end, work->length);
    free(block);
    return made > 0;
}

static bool is_word_byte(char byte)
{
    return !is_blank(byte) && strchr("\n\"'<>=:,/{}", byte) == NULL;
}

static const char *const *row_of(struct slice word)
{
    for (size_t i = 0; i < COUNT(words); i++)
        for (size_t k = 0; k < WORDS && words[i][k] != NULL; k++)
            if (slice_is(word, words[i][k]))
                return words[i];
    return NULL;
}

static bool is_name(const struct work *work, struct slice word)
{
    for (size_t i = 0; i < work->scenario->cast_count; i++)
        if (slice_is(word, work->scenario->cast[i].name))
            return true;
    return false;
}

/* Writes another word that fits where this one does; false where none does. */
static bool write_other_word(struct work *work, struct slice word)
{
    const char *const *row = row_of(word);
    if (row != NULL)
        write_word_of(work, row[0]);
    else if (is_name(work, word))
        text_string(&work->made, some_character(work)->name);
    else if (slice_find(word, "@") < word.length)
        write_address(work);
    else if (word.length > 0 && is_digit(word.text[0]))
        write_number_of(work);
    else
        return false;
    return true;
}

/* Looks for such a word from a place in the step on. */
static bool change_word(struct work *work)
{
    const struct lines *step = some_step(work);
    size_t at = step->all.begin + below(work, step->all.end - step->all.begin);
    while (at > step->all.begin && is_word_byte(work->text[at - 1]))
        at--;
    while (at < step->all.end) {
        size_t end = at;
        while (end < step->all.end && is_word_byte(work->text[end]))
            end++;
        work->made.length = 0;
        copy_span(work, 0, at);
        if (write_other_word(work, (struct slice){ work->text + at, end - at })) {
            copy_span(work, end, work->length);
            return true;
        }
        at = end + 1;
    }
    return false;
}

/* The first line of [Server], or a section of it before the first step of the head; the parser refuses what is there
 * twice. */
static bool add_setting(struct work *work)
{
    static const char *const settings[] = {
        "conflict: increment",
        "conflict: random",
        "conflict: kick_old",
        "conflict: kick_new",
        "delivery: best",
        "delivery: all",
        "features: none",
        "features: offline",
        "features: carbons, blocking",
        "tls: none",
        "tls: required",
        "keepalive: ping",
        "keepalive: whitespace",
        "idle time: 1 minute",
        "ping time: 1 second",
        "stream management: yes",
        "resume time: 10 seconds",
        "client state: yes",
        "ack after: 1",
        "tell strangers: yes",
        "tell last presence: yes",
        "iq from strangers: yes",
        "mechanisms: PLAIN",
        "plain without tls: yes",
        "offline messages: 1",
        "blocked: 1",
        "unacked: 3",
        "held presence: 1",
        "held presence bytes: 200",
        "directed: 1",
        "cached accounts: 1",
        "cached accounts: 0",
        "cache time: 1 second",
        "account work: 2",
        "roster items: 1",
        "roster bytes: 100",
        "requests: 1",
        "resources: 1",
        "passwords: 1",
        "login tries: 1",
        "login time: 1 second",
        "output bytes: 2000",
        "waiting bytes: 600",
        "stanza bytes: 1000",
        "depth: 4",
        "attributes: 3",
        "unacked bytes: 500",
        "password time: 1 second",
        "anonymous: localhost",
        "roster groups: 1",
        "roster text bytes: 8",
        "unauthenticated bytes: 500",
    };
    static const char section[] = "[Server]\n", cast[] = "[Client]";
    const struct slice head = { work->text, work->steps[0].all.begin };
    const size_t server = slice_find(head, section);
    const size_t place = server < head.length ? server + strlen(section) : slice_find(head, cast);
    if (place >= head.length)
        return false;
    copy_span(work, 0, place);
    text_string(&work->made, server < head.length ? "\t" : "[Server]\n\t");
    text_string(&work->made, settings[below(work, COUNT(settings))]);
    text_string(&work->made, "\n");
    copy_span(work, place, work->length);
    return true;
}

/* ---- One of them ---- */

/* How often each is tried. */
static const struct {
    bool (*change)(struct work *work);
    size_t share;
} changes[] = {
    { insert_step, 5 }, { change_stanza, 5 }, { change_word, 4 }, { double_step, 2 },
    { swap_steps, 2 },  { remove_step, 2 },   { add_setting, 2 },
};

static bool some_change(struct work *work)
{
    size_t shares = 0;
    for (size_t i = 0; i < COUNT(changes); i++)
        shares += changes[i].share;
    size_t which = below(work, shares), i = 0;
    while (which >= changes[i].share)
        which -= changes[i++].share;
    work->made.length = 0;
    return changes[i].change(work) && work->made.length > 0;
}

static bool is_parsed(const struct text *text)
{
    struct complaints complaints = { 0 };
    struct scenario *scenario =
        scenario_parse("the input", text->bytes, text->length, NULL, NULL, &complaints);
    scenario_free(scenario);
    return scenario != NULL;
}

static bool mutate_text(struct work *work, size_t most)
{
    enum { TRIES = 4 };
    find_lines(work);
    find_steps(work, work->scenario->steps, work->length);
    bool made = false;
    for (int i = 0; i < TRIES && !made && work->step_count > 0; i++)
        made = some_change(work) && work->made.length <= most && is_parsed(&work->made);
    free(work->line_begins);
    return made;
}

size_t mutate_scenario(const struct mutator *mutator, struct choices *choices, uint8_t *bytes, size_t size,
                       size_t most)
{
    (void)mutator;
    const uint8_t *end = size > 0 ? memchr(bytes, SEPARATOR, size) : NULL;
    const size_t length = end != NULL ? (size_t)(end - bytes) : size;
    const size_t rest = size - length;
    struct complaints complaints = { 0 };
    struct scenario *scenario =
        scenario_parse("the input", (const char *)bytes, length, NULL, NULL, &complaints);
    if (scenario == NULL)
        return 0;
    struct work work = {
        .scenario = scenario, .choices = choices, .text = (const char *)bytes, .length = length
    };
    const bool made = mutate_text(&work, most - rest);
    if (made) {
        memmove(bytes + work.made.length, bytes + length, rest);
        memcpy(bytes, work.made.bytes, work.made.length);
    }
    const size_t now = made ? work.made.length + rest : 0;
    text_free(&work.made);
    scenario_free(scenario);
    xml_forget();
    return now;
}
