/*
 * match.h - whether a received stanza matches the expected one, and where it differs.
 *
 * The rules are those of scenarios/README.md, "Matching": an element in the stanza namespace is matched
 * loosely (what is expected must be there, more may be), an element in any other strictly (the same
 * attributes, the same children), and scansion:strict overrides that for an element and what is inside it.
 * Where nothing overrides it, an element's own namespace decides: <item/> in a roster's <query/> is strict, a
 * <message/> in <forwarded/> is loose.  Each expected child needs a received child of its own.  Attributes
 * with the scansion prefix are not compared.
 *
 * The order of attributes and of children never matters, nor does white space between elements: text that
 * stands beside child elements, on either side, is compared without the white space around it; and white
 * space that alone fills an element counts as nothing if a line ends in it.  Any other text is compared byte
 * by byte.  A loose element that expects no text takes any.
 *
 * As the whole of an attribute's value or a text, {scansion:any} stands for whatever is there (an attribute
 * may be empty, a text may not), {scansion:capture:x} too and remembers it as x; anywhere in them ${x} stands
 * for what was remembered, and ${NAME's JID} and ${NAME's full JID} for the addresses of the cast.
 */
#ifndef SIM_MATCH_H
#define SIM_MATCH_H

#include "../xml/xml.h"

#include <stdio.h>

/* Names and their values: what scenarios capture.  Zeroed is empty. */
struct bindings {
    struct binding *first;
};
void bindings_set(struct bindings *bindings, const char *name, const char *value);
const char *bindings_get(const struct bindings *bindings, const char *name); /* NULL when unknown */
void bindings_free(struct bindings *bindings);

/* All of them, as a set of lines. */
struct description;
void bindings_describe(struct description *description, const struct bindings *bindings);

/* Looks up what stands between ${ and }; returns NULL when there is no such thing.  What is returned lives
 * until the next call. */
typedef const char *(*match_lookup)(void *host, const char *name);

/* Replaces every ${...} in a text.  Returns a string that the caller frees, or NULL and in `unknown` (if not
 * NULL, of `size` bytes) the name of the unknown variable. */
char *match_substitute(const char *text, match_lookup lookup, void *host, char *unknown, size_t size);

/* Whether `received` is what `expected` describes.  Captures are bound only when all of it matches.  Of
 * thousands of children that only what is inside them tells apart, wildcards among it, it may not be found
 * to be, because too much would have to be compared: then match_explain says so. */
bool match_element(const struct xml *expected, const struct xml *received, match_lookup lookup, void *host,
                   struct bindings *captures);

/* Stanzas of one side; borrowed. */
struct match_side {
    const struct xml *const *stanzas;
    size_t count;
};

/* Gives as many of the expected stanzas as there can be a received one each that is what it describes, the
 * first that is free where there is a choice: an expected one may take the place of another that can go
 * elsewhere.  `owners` is for each received one the index of the expected one, or how many those are.  False
 * when too much would have to be compared, because only wildcards, or what is deep inside, tells thousands
 * apart: then what is in `owners` need not be the most there can be. */
bool match_pairs(const struct match_side *expected, const struct match_side *received, match_lookup lookup,
                 void *host, size_t *owners);

/* Whether there is a variable anywhere in an expected stanza, so that what it matches may change. */
bool match_varies(const struct xml *expected);

/* How many of the expected names, attributes, texts and children `received` has: to find the likeliest of
 * several that do not match.  Of thousands of elements those further inside may be left out. */
unsigned match_likeness(const struct xml *expected, const struct xml *received, match_lookup lookup,
                        void *host);

/* Writes expected and received side by side, or, where `columns` (in characters; 0 for 100) leave too little
 * for that, one below the other: a line an element or text (an attribute, in a tag too wide for its column),
 * what belongs together on the same line, the lines that differ marked with '!'.  Below it stands a sentence
 * for each difference ("attribute 'type' of <iq/>: expected 'result', got 'error'").  Either may be NULL:
 * nothing was expected, or nothing was received.  Of thousands of elements some may stand beside others than
 * they belong to; then a sentence says so.  Nothing is cut; only a word of a sentence may be wider than
 * `columns`.  Control characters are escaped (printable.h), and `colour` marks with colour as well. */
void match_explain(FILE *out, const struct xml *expected, const struct xml *received, match_lookup lookup,
                   void *host, unsigned columns, bool colour);

#endif
