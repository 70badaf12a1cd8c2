/*
 * match.h - whether a received stanza matches the expected one, and where it differs.
 *
 * The rules are those of scenarios/README.md, "Matching": an element in the stanza namespace is matched
 * loosely (what is expected must be there, more may be), an element in any other strictly (the same
 * attributes, the same children), and scansion:strict overrides that for an element and what is inside it.
 * Without an override, the element's own namespace decides: <item/> in a roster's <query/> is strict, a
 * <message/> in <forwarded/> is loose.  Each expected child needs a received child of its own.  Names are
 * compared by namespace and local name, of elements and attributes: prefixes are irrelevant.  Attributes of the
 * scansion namespace are not compared.
 *
 * The order of attributes and of children is ignored, and so is white space between elements: text beside
 * child elements, on either side, is compared without surrounding white space.  An element whose only content
 * is white space with a line end counts as empty.  Any other text is compared byte by byte.  A loose element
 * without expected text matches any text.
 *
 * As a whole attribute value or text, {scansion:any} matches any value (an attribute may be empty, a text may
 * not), and {scansion:capture:x} does too and stores the value as x.  Anywhere in a value or text, ${x} is
 * replaced by the stored value, and ${NAME's JID} and ${NAME's full JID} by the addresses of the cast.
 */
#ifndef SIM_MATCH_H
#define SIM_MATCH_H

#include "../xml/xml.h"

#include <stdio.h>

/* Captured values by name.  Zeroed is empty. */
struct bindings {
    struct binding *first;
};
void bindings_set(struct bindings *bindings, const char *name, const char *value);
const char *bindings_get(const struct bindings *bindings, const char *name); /* NULL when unknown */
void bindings_free(struct bindings *bindings);

/* Describes the bindings, as a set of lines. */
struct description;
void bindings_describe(struct description *description, const struct bindings *bindings);

/* Looks up the name between ${ and }; returns NULL when it is unknown.  The result is valid until the next
 * call. */
typedef const char *(*match_lookup)(void *host, const char *name);

/* Replaces every ${...} in a text.  Returns a string that the caller frees, or NULL and in `unknown` (if not
 * NULL, of `size` bytes) the name of the unknown variable. */
char *match_substitute(const char *text, match_lookup lookup, void *host, char *unknown, size_t size);

/* Whether `received` matches `expected`.  Captures are bound only if everything matches.  If thousands of
 * children differ only in their contents, and these contain wildcards, a match may not be found, because the
 * number of comparisons is bounded; match_explain then says so. */
bool match_element(const struct xml *expected, const struct xml *received, match_lookup lookup, void *host,
                   struct bindings *captures);

/* Stanzas of one side; borrowed. */
struct match_side {
    const struct xml *const *stanzas;
    size_t count;
};

/* Finds a maximum matching: pairs as many expected stanzas as possible with a matching received stanza each,
 * the first free one if there is a choice.  `owners` gets for each received stanza the index of its expected
 * stanza, or the number of expected stanzas for none.  Returns false when the bound of comparisons was
 * reached, because thousands of stanzas differ only in wildcards or deep inside; the matching in `owners`
 * then need not be maximum. */
bool match_pairs(const struct match_side *expected, const struct match_side *received, match_lookup lookup,
                 void *host, size_t *owners);

/* Whether an expected stanza contains a variable, so that its meaning may change. */
bool match_varies(const struct xml *expected);

/* The number of expected names, attributes, texts and children that `received` has, to find the most similar
 * of several stanzas that do not match.  With thousands of elements, inner ones may not be counted. */
unsigned match_likeness(const struct xml *expected, const struct xml *received, match_lookup lookup,
                        void *host);

/* Writes the expected and the received stanza side by side, or one below the other if `columns` (in
 * characters; 0 for 100) do not suffice.  There is a line for each element or text (for each attribute, in a
 * tag wider than its column); corresponding parts are on the same line, and lines that differ are marked with
 * '!'. A sentence for each difference follows ("attribute 'type' of <iq/>: expected 'result', got 'error'").
 * Either stanza may be NULL.  Of thousands of elements some may be paired wrongly; a sentence then says so.
 * Nothing is cut; only a word of a sentence may be wider than `columns`.  Control characters are escaped
 * (printable.h), and `colour` also marks with colour. */
void match_explain(FILE *out, const struct xml *expected, const struct xml *received, match_lookup lookup,
                   void *host, unsigned columns, bool colour);

/* The lines of that comparison as they are, for a program: the two cells, either of which may be empty, whether they
 * differ, and at the end the sentences, each with its line end.  All is borrowed for the call. */
struct match_comparison {
    void *host;
    void (*line)(void *host, const char *expected, const char *received, bool differs);
    void (*sentences)(void *host, const char *sentences);
};
void match_compare(const struct xml *expected, const struct xml *received, match_lookup lookup, void *host,
                   const struct match_comparison *told);

#endif
