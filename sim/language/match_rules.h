/*
 * match_rules.h - the rules of matching, shared by matching and explaining.
 */
#ifndef SIM_MATCH_RULES_H
#define SIM_MATCH_RULES_H

#include "../text.h"
#include "match.h"

/* Where the variables of a scenario are looked up. */
struct cast {
    match_lookup lookup;
    void *host;
    size_t
        *effort; /* how many more elements may be compared, to find what belongs together; NULL: any number */
};

/* To tell how two elements differ takes, with each child compared with each, the square of their number at
 * every level; a stanza of a few hundred needs less than MATCH_EFFORT.  To match takes as many comparisons as
 * there are elements, unless thousands are alike but for what is inside them, or but for their wildcards:
 * then they are not found to match once MATCH_MOST were made, MATCH_PAIRS_MOST for all the stanzas of a step.
 */
enum { MATCH_EFFORT = 1000000, MATCH_MOST = 4000000, MATCH_PAIRS_MOST = 10000000 };

/* Takes so many comparisons off what is left.  False, and nothing left, when that was less. */
bool match_spend(const struct cast *cast, size_t comparisons);

/* Binds all of `fresh`, and leaves it empty. */
void bindings_move(struct bindings *bindings, struct bindings *fresh);

/* ---- Values: attributes and texts ---- */

struct span {
    const char *bytes;
    size_t length;
};

struct span span_of(const char *string);

/* Whether it stands for whatever is there: {scansion:any} and {scansion:capture:x}. */
bool value_is_wildcard(struct span expected);

/* The x of {scansion:capture:x}; of length 0 when it is not one. */
struct span value_capture(struct span expected);

/* Appends a value with its ${...} replaced.  Returns false when a variable is unknown; then *unknown is
 * its name, and the value ends before it. */
bool value_expand(struct text *out, struct span value, const struct cast *cast, struct span *unknown);

bool value_matches(struct span expected, struct span received, const struct cast *cast);

/* The text directly in an element.  What is `mixed` with elements lost the white space around it.  The span
 * lies in the element or in `joined`, which the caller frees. */
struct span value_content(const struct xml *element, bool mixed, struct text *joined);

/* ---- Attributes (match_attributes.c) ----
 * By their names, in an element that may have a hundred thousand. */

struct attributes {
    const struct xml *element;
    const struct xml_attribute **sorted; /* by name; NULL where there are few */
    size_t count;
};

/* The element is borrowed. */
void attributes_init(struct attributes *attributes, const struct xml *element);
void attributes_free(struct attributes *attributes);

/* As xml_get has it. */
const char *attributes_get(const struct attributes *attributes, const char *name);

size_t attributes_count(const struct xml *element);

/* ---- Elements ---- */

enum strictness { BY_NAMESPACE, STRICT, LOOSE };

/* What holds for an expected element and inside it, and what that means for itself. */
enum strictness match_strictness(const struct xml *expected, enum strictness around);
bool match_is_strict(const struct xml *expected, enum strictness strictness);

/* What has the scansion prefix directs the matching and is not compared. */
bool match_is_directive(const struct xml_attribute *attribute);

bool match_is_mixed(const struct xml *expected, const struct xml *received);
bool match_text(struct span expected, struct span received, bool strict, const struct cast *cast);

/* Whether an element matches; `around` is what holds for the parent of `expected`. */
bool match_node(const struct xml *expected, const struct xml *received, enum strictness around,
                const struct cast *cast);

/* match_likeness, with the effort that is left.  What is inside does not count when none is. */
unsigned match_likeness_of(const struct xml *expected, const struct xml *received, const struct cast *cast);

/* The child elements on both sides, and for each expected one its partner among the received. */
struct pairing {
    const struct xml **expected;
    const struct xml **received;
    size_t expected_count;
    size_t received_count;
    size_t *partner; /* of an expected one, UNPAIRED for none */
    size_t *owner;   /* of a received one, the other way round */
    size_t paired;
};
#define UNPAIRED ((size_t)-1)

/* ---- Traits (match_traits.c) ----
 * Where many children are to be paired, each expected one is compared only with those received that have what
 * it must have: its name, the value of an attribute, its text, or, where nothing in it is loose, all of it;
 * or a child with those. */

/* Received children, by their index, in rising order. */
struct posting {
    size_t *list;
    size_t count;
    size_t taken;   /* the first so many have owners */
    size_t visited; /* the first so many are visited, in the search of that number */
    size_t search;
};

/* For each expected child of a pairing those received that it may match; nothing of it may be freed but by
 * postings_free. */
struct postings {
    struct posting **of;
    struct posting all, none;
    struct trait *traits;
};
void postings_init(struct postings *postings, const struct pairing *pairing, enum strictness strictness,
                   const struct cast *cast);
void postings_free(struct postings *postings);

/* ---- Pairing (match_pairing.c) ---- */

/* Pairs as many that match as there can be, an expected one with the first that is free where there is a
 * choice.  `strictness` is what holds for the parent. */
void pairing_init(struct pairing *pairing, const struct xml *expected, const struct xml *received,
                  enum strictness strictness, const struct cast *cast);

/* Pairs those that are left, the likeliest first, as long as there is any likeness; those of one name in
 * their order when no effort is left to compare each with each.  Returns how alike all the pairs are
 * together. */
unsigned pairing_complete(struct pairing *pairing, const struct cast *cast);
void pairing_free(struct pairing *pairing);

#endif
