/*
 * match_rules.h - the rules of matching, shared by matching and explaining.
 */
#ifndef SIM_MATCH_RULES_H
#define SIM_MATCH_RULES_H

#include "../text.h"
#include "match.h"

/* The look-up of variables, and the remaining effort. */
struct cast {
    match_lookup lookup;
    void *host;
    size_t *effort; /* how many more elements may be compared to find pairs; NULL for no bound */
};

/* Limits of comparisons.  Explaining a difference compares every child with every other, quadratically at
 * each level; a stanza of a few hundred elements needs less than MATCH_EFFORT.  Matching needs as many
 * comparisons as there are elements, unless thousands differ only in their contents or wildcards: after
 * MATCH_MOST comparisons, or MATCH_PAIRS_MOST for all stanzas of a step, they count as not matching. */
enum { MATCH_EFFORT = 1000000, MATCH_MOST = 4000000, MATCH_PAIRS_MOST = 10000000 };

/* Subtracts comparisons from the remaining effort.  Returns false, with nothing left, when it did not
 * suffice. */
bool match_spend(const struct cast *cast, size_t comparisons);

/* Moves all bindings of `fresh`, which is empty afterwards. */
void bindings_move(struct bindings *bindings, struct bindings *fresh);

/* ---- Values: attributes and texts ---- */

struct span {
    const char *bytes;
    size_t length;
};

struct span span_of(const char *string);

/* Whether it matches any value: {scansion:any} and {scansion:capture:x}. */
bool value_is_wildcard(struct span expected);

/* The x of {scansion:capture:x}; of length 0 for other values. */
struct span value_capture(struct span expected);

/* Appends a value with its ${...} replaced.  Returns false when a variable is unknown; then *unknown is
 * its name, and the value ends before it. */
bool value_expand(struct text *out, struct span value, const struct cast *cast, struct span *unknown);

bool value_matches(struct span expected, struct span received, const struct cast *cast);

/* The text directly in an element, without surrounding white space if it is `mixed` with elements.  The span
 * is in the element or in `joined`, which the caller frees. */
struct span value_content(const struct xml *element, bool mixed, struct text *joined);

/* ---- Attributes (match_attributes.c) ----
 * An attribute is identified by its namespace and local name; its prefix is irrelevant (Namespaces in XML 1.0,
 * 6.3).  Look-up in an element with possibly a hundred thousand attributes. */

/* The name without its prefix. */
const char *attribute_local(const struct xml_attribute *attribute);

struct attributes {
    const struct xml *element;
    const struct xml_attribute **sorted; /* by local name and namespace; NULL when there are few */
    size_t count;
};

/* The element is borrowed. */
void attributes_init(struct attributes *attributes, const struct xml *element);
void attributes_free(struct attributes *attributes);

/* The attribute with the name of `wanted`; NULL when there is none.  Borrowed from the element. */
const struct xml_attribute *attributes_find(const struct attributes *attributes,
                                            const struct xml_attribute *wanted);

size_t attributes_count(const struct xml *element);

/* ---- Elements ---- */

enum strictness { BY_NAMESPACE, STRICT, LOOSE };

/* The strictness for an expected element and its contents; and the one that applies to the element itself. */
enum strictness match_strictness(const struct xml *expected, enum strictness around);
bool match_is_strict(const struct xml *expected, enum strictness strictness);

/* Attributes with the scansion prefix direct the matching and are not compared. */
bool match_is_directive(const struct xml_attribute *attribute);

bool match_is_mixed(const struct xml *expected, const struct xml *received);
bool match_text(struct span expected, struct span received, bool strict, const struct cast *cast);

/* Whether an element matches; `around` is the strictness for the parent of `expected`. */
bool match_node(const struct xml *expected, const struct xml *received, enum strictness around,
                const struct cast *cast);

/* match_likeness, with the remaining effort.  The contents do not count when none is left. */
unsigned match_likeness_of(const struct xml *expected, const struct xml *received, const struct cast *cast);

/* The child elements on both sides, and for each expected one its partner among the received. */
struct pairing {
    const struct xml **expected;
    const struct xml **received;
    size_t expected_count;
    size_t received_count;
    size_t *partner; /* of an expected child; UNPAIRED for none */
    size_t *owner;   /* of a received child; UNPAIRED for none */
    size_t paired;
};
#define UNPAIRED ((size_t)-1)

/* ---- Traits (match_traits.c) ----
 * With many children, each expected one is compared only with received ones that share a required trait:
 * its name, the value of an attribute, its text, or, if nothing in it is loose, everything; or a child
 * with one of these. */

/* Received children, as ascending indexes. */
struct posting {
    size_t *list;
    size_t count;
    size_t taken;   /* this many at the beginning have owners */
    size_t visited; /* this many at the beginning are visited, in search number `search` */
    size_t search;
};

/* For each expected child of a pairing the received children that it may match; freed only by
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

/* Pairs as many matching children as possible, each expected one with the first free one if there is a
 * choice.  `strictness` is that of the parent. */
void pairing_init(struct pairing *pairing, const struct xml *expected, const struct xml *received,
                  enum strictness strictness, const struct cast *cast);

/* Pairs the remaining children, the most similar first, as long as there is any likeness; children of one
 * name in their order when no effort is left for comparisons.  Returns the sum of the likeness of all
 * pairs. */
unsigned pairing_complete(struct pairing *pairing, const struct cast *cast);
void pairing_free(struct pairing *pairing);

#endif
