#include "match.h"
#include "match_rules.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- What is compared, and how strictly ---- */

bool match_is_directive(const struct xml_attribute *attribute)
{
    return strcmp(attribute->ns, XML_NS_SCANSION) == 0;
}

enum strictness match_strictness(const struct xml *expected, enum strictness around)
{
    for (const struct xml_attribute *a = expected->attributes; a != NULL; a = a->next) {
        if (match_is_directive(a) && strcmp(a->name, "scansion:strict") == 0) {
            return strcmp(a->value, "false") == 0 || strcmp(a->value, "0") == 0 ? LOOSE : STRICT;
        }
    }
    return around;
}

bool match_is_strict(const struct xml *expected, enum strictness strictness)
{
    if (strictness == BY_NAMESPACE) {
        return strcmp(expected->ns, XML_NS_CLIENT) != 0;
    }
    return strictness == STRICT;
}

static bool match_attributes(const struct xml *expected, const struct xml *received, bool strict,
                             const struct cast *cast)
{
    for (const struct xml_attribute *a = expected->attributes; a != NULL; a = a->next) {
        if (match_is_directive(a)) {
            continue;
        }
        const char *value = xml_get(received, a->name);
        if (value == NULL || !value_matches(span_of(a->value), span_of(value), cast)) {
            return false;
        }
    }
    for (const struct xml_attribute *a = received->attributes; strict && a != NULL; a = a->next) {
        if (xml_get(expected, a->name) == NULL) {
            return false;
        }
    }
    return true;
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

/* ---- Pairing: each expected child with one received child of its own ---- */

struct pairing_search {
    struct pairing *pairing;
    enum strictness strictness;
    const struct cast *cast;
    unsigned char *matches; /* for each pair: 0 when not yet compared, else MATCHES or DIFFERS */
    bool *visited;          /* received ones, in the search for one more pair */
};

enum { MATCHES = 1, DIFFERS = 2 };

static void *need(void *block)
{
    if (block == NULL) {
        abort();
    }
    return block;
}

/* The child elements, and their number.  The caller frees. */
static const struct xml **children_of(const struct xml *parent, size_t *count)
{
    *count = 0;
    for (struct xml *child = xml_first_element(parent); child != NULL; child = xml_next_element(child)) {
        (*count)++;
    }
    const struct xml **children = need(calloc(*count + 1, sizeof(const struct xml *)));
    size_t i = 0;
    for (struct xml *child = xml_first_element(parent); child != NULL; child = xml_next_element(child)) {
        children[i++] = child;
    }
    return children;
}

static size_t *unpaired(size_t count)
{
    size_t *partners = need(malloc((count + 1) * sizeof *partners));
    for (size_t i = 0; i < count; i++) {
        partners[i] = UNPAIRED;
    }
    return partners;
}

static void pair(struct pairing *pairing, size_t expected, size_t received)
{
    pairing->partner[expected] = received;
    pairing->owner[received] = expected;
}

static bool can_pair(struct pairing_search *search, size_t expected, size_t received)
{
    struct pairing *pairing = search->pairing;
    unsigned char *known = &search->matches[expected * pairing->received_count + received];
    if (*known == 0) {
        *known = match_node(pairing->expected[expected], pairing->received[received], search->strictness,
                            search->cast)
                     ? MATCHES
                     : DIFFERS;
    }
    return *known == MATCHES;
}

/* Finds a partner for an expected child: one that is free, or one whose owner finds another (the
 * augmenting path of a bipartite matching: identical children never lead it astray). */
static bool find_partner(struct pairing_search *search, size_t expected)
{
    struct pairing *pairing = search->pairing;
    for (size_t i = 0; i < pairing->received_count; i++) {
        if (pairing->owner[i] == UNPAIRED && can_pair(search, expected, i)) {
            pair(pairing, expected, i);
            return true;
        }
    }
    for (size_t i = 0; i < pairing->received_count; i++) {
        if (search->visited[i] || pairing->owner[i] == UNPAIRED || !can_pair(search, expected, i)) {
            continue;
        }
        search->visited[i] = true;
        if (find_partner(search, pairing->owner[i])) {
            pair(pairing, expected, i);
            return true;
        }
    }
    return false;
}

void pairing_init(struct pairing *pairing, const struct xml *expected, const struct xml *received,
                  enum strictness strictness, const struct cast *cast)
{
    *pairing = (struct pairing){ 0 };
    pairing->expected = children_of(expected, &pairing->expected_count);
    pairing->received = children_of(received, &pairing->received_count);
    pairing->partner = unpaired(pairing->expected_count);
    pairing->owner = unpaired(pairing->received_count);
    struct pairing_search search = { pairing, strictness, cast, NULL, NULL };
    search.matches = need(calloc(pairing->expected_count * pairing->received_count + 1, 1));
    search.visited = need(calloc(pairing->received_count + 1, sizeof *search.visited));
    for (size_t i = 0; i < pairing->expected_count; i++) {
        memset(search.visited, 0, pairing->received_count * sizeof *search.visited);
        pairing->paired += find_partner(&search, i) ? 1 : 0;
    }
    free(search.matches);
    free(search.visited);
}

void pairing_free(struct pairing *pairing)
{
    free(pairing->expected);
    free(pairing->received);
    free(pairing->partner);
    free(pairing->owner);
    *pairing = (struct pairing){ 0 };
}

/* ---- Effort ---- */

/* Takes one off what is left.  False when nothing was. */
static bool spend(const struct cast *cast)
{
    if (cast->effort == NULL) {
        return true;
    }
    bool some = *cast->effort > 0;
    *cast->effort -= some ? 1 : 0;
    return some;
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
    return spend(cast) && xml_is(received, expected->name, expected->ns) &&
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

/* Binds what an element that matches captures. */
static void capture(const struct xml *expected, const struct xml *received, enum strictness around,
                    const struct cast *cast, struct bindings *captures)
{
    for (const struct xml_attribute *a = expected->attributes; a != NULL; a = a->next) {
        if (!match_is_directive(a)) {
            capture_value(span_of(a->value), span_of(xml_get(received, a->name)), captures);
        }
    }
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

/* Most stanzas capture nothing, and need not be walked a second time. */
static bool has_captures(const struct xml *expected)
{
    if (expected->text != NULL) {
        return strstr(expected->text, "{scansion:capture:") != NULL;
    }
    for (const struct xml_attribute *a = expected->attributes; a != NULL; a = a->next) {
        if (value_capture(span_of(a->value)).length > 0) {
            return true;
        }
    }
    for (const struct xml *child = expected->children; child != NULL; child = child->next) {
        if (has_captures(child)) {
            return true;
        }
    }
    return false;
}

bool match_element(const struct xml *expected, const struct xml *received, match_lookup lookup, void *host,
                   struct bindings *captures)
{
    assert(expected != NULL && received != NULL);
    struct cast cast = { lookup, host, NULL };
    if (!match_node(expected, received, BY_NAMESPACE, &cast)) {
        return false;
    }
    if (captures != NULL && has_captures(expected)) {
        /* Captured first, bound afterwards: the walk compares with what was known before. */
        struct bindings fresh = { 0 };
        capture(expected, received, BY_NAMESPACE, &cast, &fresh);
        bindings_move(captures, &fresh);
    }
    return true;
}

/* ---- Likeness ---- */

static unsigned likeness(const struct xml *expected, const struct xml *received, const struct cast *cast);

/* How alike each two children are that have no partner; 0 for others.  The caller frees. */
static unsigned *likeness_of_pairs(const struct pairing *pairing, const struct cast *cast, unsigned *most)
{
    size_t width = pairing->received_count;
    unsigned *likenesses = need(calloc(pairing->expected_count * width + 1, sizeof *likenesses));
    *most = 0;
    for (size_t i = 0; i < pairing->expected_count; i++) {
        for (size_t k = 0; pairing->partner[i] == UNPAIRED && k < width; k++) {
            if (pairing->owner[k] == UNPAIRED) {
                unsigned like = likeness(pairing->expected[i], pairing->received[k], cast);
                likenesses[i * width + k] = like;
                *most = like > *most ? like : *most;
            }
        }
    }
    return likenesses;
}

static unsigned likeness_of_paired(const struct pairing *pairing, const struct cast *cast)
{
    unsigned sum = 0;
    for (size_t i = 0; i < pairing->expected_count; i++) {
        if (pairing->partner[i] != UNPAIRED) {
            sum += likeness(pairing->expected[i], pairing->received[pairing->partner[i]], cast);
        }
    }
    return sum;
}

/* Pairs those without a partner that are exactly so alike.  Returns how alike they are together. */
static unsigned pair_alike(struct pairing *pairing, const unsigned *likenesses, unsigned like)
{
    unsigned sum = 0;
    size_t width = pairing->received_count;
    for (size_t i = 0; i < pairing->expected_count; i++) {
        for (size_t k = 0; pairing->partner[i] == UNPAIRED && k < width; k++) {
            if (pairing->owner[k] == UNPAIRED && likenesses[i * width + k] == like) {
                pair(pairing, i, k);
                sum += like;
            }
        }
    }
    return sum;
}

unsigned pairing_complete(struct pairing *pairing, const struct cast *cast)
{
    unsigned sum = likeness_of_paired(pairing, cast);
    unsigned most;
    unsigned *likenesses = likeness_of_pairs(pairing, cast, &most);
    for (unsigned like = most; like > 0; like--) {
        sum += pair_alike(pairing, likenesses, like);
    }
    free(likenesses);
    return sum;
}

static unsigned likeness_of_children(const struct xml *expected, const struct xml *received,
                                     const struct cast *cast)
{
    struct pairing pairing;
    pairing_init(&pairing, expected, received, BY_NAMESPACE, cast);
    unsigned like = pairing_complete(&pairing, cast);
    pairing_free(&pairing);
    return like;
}

/* Without the same name nothing else counts: a <message/> is nothing like an <iq/>.  What is inside does not
 * count when no effort is left. */
static unsigned likeness(const struct xml *expected, const struct xml *received, const struct cast *cast)
{
    if (!xml_is(received, expected->name, NULL)) {
        return 0;
    }
    unsigned like = strcmp(expected->ns, received->ns) == 0 ? 2 : 1;
    for (const struct xml_attribute *a = expected->attributes; a != NULL; a = a->next) {
        const char *value = match_is_directive(a) ? NULL : xml_get(received, a->name);
        like += value != NULL && value_matches(span_of(a->value), span_of(value), cast) ? 1 : 0;
    }
    bool mixed = match_is_mixed(expected, received);
    struct text joined[2] = { { 0 } };
    struct span wanted = value_content(expected, mixed, &joined[0]);
    struct span got = value_content(received, mixed, &joined[1]);
    like += wanted.length > 0 && match_text(wanted, got, false, cast) ? 1 : 0;
    text_free(&joined[0]);
    text_free(&joined[1]);
    bool is_leaf = xml_first_element(expected) == NULL;
    return is_leaf || !spend(cast) ? like : like + likeness_of_children(expected, received, cast);
}

unsigned match_likeness(const struct xml *expected, const struct xml *received, match_lookup lookup,
                        void *host)
{
    size_t effort = MATCH_EFFORT;
    struct cast cast = { lookup, host, &effort };
    return likeness(expected, received, &cast);
}
