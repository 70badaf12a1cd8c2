#include "match.h"
#include "match_rules.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- The compared stanzas ---- */

static bool has_attributes(const struct attributes *received, const struct xml *expected,
                           const struct cast *cast)
{
    for (const struct xml_attribute *a = expected->attributes; a != NULL; a = a->next) {
        if (match_is_directive(a)) {
            continue;
        }
        const struct xml_attribute *theirs = attributes_find(received, a);
        if (theirs == NULL || !value_matches(span_of(a->value), span_of(theirs->value), cast)) {
            return false;
        }
    }
    return true;
}

static bool has_no_others(const struct xml *received, const struct attributes *expected)
{
    const struct xml_attribute *a = received->attributes;
    while (a != NULL && attributes_find(expected, a) != NULL) {
        a = a->next;
    }
    return a == NULL;
}

static bool match_attributes(const struct xml *expected, const struct xml *received, bool strict,
                             const struct cast *cast)
{
    struct attributes theirs, ours;
    attributes_init(&theirs, received);
    bool matches = has_attributes(&theirs, expected, cast);
    attributes_free(&theirs);
    if (!matches || !strict) {
        return matches;
    }
    attributes_init(&ours, expected);
    matches = has_no_others(received, &ours);
    attributes_free(&ours);
    return matches;
}

bool match_is_mixed(const struct xml *expected, const struct xml *received)
{
    return xml_first_element(expected) != NULL || xml_first_element(received) != NULL;
}

bool match_text(struct span expected, struct span received, bool strict, const struct cast *cast)
{
    if (expected.length == 0) {
        return !strict || received.length == 0;
    }
    return received.length > 0 && value_matches(expected, received, cast);
}

static bool match_texts(const struct xml *expected, const struct xml *received, bool strict,
                        const struct cast *cast)
{
    struct text joined[2] = { { 0 } };
    bool mixed = match_is_mixed(expected, received);
    struct span wanted = value_content(expected, mixed, &joined[0]);
    struct span got = value_content(received, mixed, &joined[1]);
    bool matches = match_text(wanted, got, strict, cast);
    text_free(&joined[0]);
    text_free(&joined[1]);
    return matches;
}

/* ---- Effort ---- */

bool match_spend(const struct cast *cast, size_t comparisons)
{
    if (cast->effort == NULL) {
        return true;
    }
    bool enough = *cast->effort >= comparisons;
    *cast->effort -= enough ? comparisons : *cast->effort;
    return enough;
}

/* ---- Matching ---- */

static bool match_children(const struct xml *expected, const struct xml *received, enum strictness strictness,
                           const struct cast *cast)
{
    bool strict = match_is_strict(expected, strictness);
    if (xml_first_element(expected) == NULL) {
        return !strict || xml_first_element(received) == NULL;
    }
    struct pairing pairing;
    pairing_init(&pairing, expected, received, strictness, cast);
    bool matches = pairing.paired == pairing.expected_count &&
                   (!strict || pairing.expected_count == pairing.received_count);
    pairing_free(&pairing);
    return matches;
}

bool match_node(const struct xml *expected, const struct xml *received, enum strictness around,
                const struct cast *cast)
{
    enum strictness strictness = match_strictness(expected, around);
    bool strict = match_is_strict(expected, strictness);
    return match_spend(cast, 1) && xml_is(received, expected->name, expected->ns) &&
           match_attributes(expected, received, strict, cast) &&
           match_texts(expected, received, strict, cast) &&
           match_children(expected, received, strictness, cast);
}

/* ---- Captures ---- */

static void capture_value(struct span expected, struct span received, struct bindings *captures)
{
    struct span name = value_capture(expected);
    if (name.length == 0) {
        return;
    }
    struct text strings[2] = { { 0 } };
    text_append(&strings[0], name.bytes, name.length);
    text_append(&strings[1], received.bytes, received.length);
    bindings_set(captures, strings[0].bytes, strings[1].bytes);
    text_free(&strings[0]);
    text_free(&strings[1]);
}

/* Adds the captures of a matching element to `fresh`. */
static void capture(const struct xml *expected, const struct xml *received, enum strictness around,
                    const struct cast *cast, struct bindings *captures)
{
    struct attributes theirs;
    attributes_init(&theirs, received);
    for (const struct xml_attribute *a = expected->attributes; a != NULL; a = a->next) {
        if (!match_is_directive(a)) {
            capture_value(span_of(a->value), span_of(attributes_find(&theirs, a)->value), captures);
        }
    }
    attributes_free(&theirs);
    bool mixed = match_is_mixed(expected, received);
    struct text joined[2] = { { 0 } };
    capture_value(value_content(expected, mixed, &joined[0]), value_content(received, mixed, &joined[1]),
                  captures);
    text_free(&joined[0]);
    text_free(&joined[1]);
    if (xml_first_element(expected) == NULL) {
        return;
    }
    enum strictness strictness = match_strictness(expected, around);
    struct pairing pairing;
    pairing_init(&pairing, expected, received, strictness, cast);
    assert(pairing.paired == pairing.expected_count);
    for (size_t i = 0; i < pairing.expected_count; i++) {
        capture(pairing.expected[i], pairing.received[pairing.partner[i]], strictness, cast, captures);
    }
    pairing_free(&pairing);
}

/* Whether an attribute or a text contains the words. */
static bool holds(const struct xml *expected, const char *words)
{
    if (expected->text != NULL) {
        return strstr(expected->text, words) != NULL;
    }
    for (const struct xml_attribute *a = expected->attributes; a != NULL; a = a->next) {
        if (strstr(a->value, words) != NULL) {
            return true;
        }
    }
    for (const struct xml *child = expected->children; child != NULL; child = child->next) {
        if (holds(child, words)) {
            return true;
        }
    }
    return false;
}

/* Most stanzas have no captures, and need no second walk. */
static bool has_captures(const struct xml *expected)
{
    return holds(expected, "{scansion:capture:");
}

bool match_varies(const struct xml *expected)
{
    return holds(expected, "${");
}

bool match_element(const struct xml *expected, const struct xml *received, match_lookup lookup, void *host,
                   struct bindings *captures)
{
    assert(expected != NULL && received != NULL);
    size_t effort = MATCH_MOST;
    struct cast cast = { lookup, host, &effort };
    if (!match_node(expected, received, BY_NAMESPACE, &cast)) {
        return false;
    }
    cast.effort = NULL; /* the same pairs are found again */
    if (captures != NULL && has_captures(expected)) {
        /* Bound only after the walk, which compares with the earlier values. */
        struct bindings fresh = { 0 };
        capture(expected, received, BY_NAMESPACE, &cast, &fresh);
        bindings_move(captures, &fresh);
    }
    return true;
}

/* ---- Likeness ---- */

static unsigned likeness_of_children(const struct xml *expected, const struct xml *received,
                                     const struct cast *cast)
{
    struct pairing pairing;
    pairing_init(&pairing, expected, received, BY_NAMESPACE, cast);
    unsigned like = pairing_complete(&pairing, cast);
    pairing_free(&pairing);
    return like;
}

/* Elements with different names have no likeness: a <message/> is never similar to an <iq/>.  The contents do
 * not count when no effort is left. */
unsigned match_likeness_of(const struct xml *expected, const struct xml *received, const struct cast *cast)
{
    if (!xml_is(received, expected->name, NULL)) {
        return 0;
    }
    unsigned like = strcmp(expected->ns, received->ns) == 0 ? 2 : 1;
    struct attributes theirs;
    attributes_init(&theirs, received);
    for (const struct xml_attribute *a = expected->attributes; a != NULL; a = a->next) {
        const struct xml_attribute *other = match_is_directive(a) ? NULL : attributes_find(&theirs, a);
        like += other != NULL && value_matches(span_of(a->value), span_of(other->value), cast) ? 1 : 0;
    }
    attributes_free(&theirs);
    bool mixed = match_is_mixed(expected, received);
    struct text joined[2] = { { 0 } };
    struct span wanted = value_content(expected, mixed, &joined[0]);
    struct span got = value_content(received, mixed, &joined[1]);
    like += wanted.length > 0 && match_text(wanted, got, false, cast) ? 1 : 0;
    text_free(&joined[0]);
    text_free(&joined[1]);
    bool is_leaf = xml_first_element(expected) == NULL;
    return is_leaf || !match_spend(cast, 1) ? like : like + likeness_of_children(expected, received, cast);
}

unsigned match_likeness(const struct xml *expected, const struct xml *received, match_lookup lookup,
                        void *host)
{
    size_t effort = MATCH_EFFORT;
    struct cast cast = { lookup, host, &effort };
    return match_likeness_of(expected, received, &cast);
}
