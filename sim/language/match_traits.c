#include "../must.h"
#include "match_rules.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#define uthash_fatal(message) abort()
#include <uthash.h>

/* Fewer pairs than this are compared faster than looked up. */
enum { PAIRS_FEW = 64 };

struct trait {
    uint64_t hash; /* a collision only causes more comparisons */
    struct posting posting;
    size_t capacity;
    UT_hash_handle hh;
};

/* ---- Hashes ---- */

/* FNV-1a. */
static uint64_t add_bytes(uint64_t hash, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001b3;
    }
    return hash;
}

static uint64_t begin_hash(char kind)
{
    return add_bytes(0xcbf29ce484222325, &kind, 1);
}

/* A string with its NUL. */
static uint64_t add_string(uint64_t hash, const char *string)
{
    return add_bytes(hash, string, strlen(string) + 1);
}

static uint64_t hash_name(const struct xml *element)
{
    return add_string(add_string(begin_hash('n'), element->name), element->ns);
}

static uint64_t hash_attribute(const struct xml_attribute *attribute, struct span value)
{
    const uint64_t name = add_string(add_string(begin_hash('a'), attribute_local(attribute)), attribute->ns);
    return add_bytes(name, value.bytes, value.length);
}

/* Ignores white space, because its relevance depends on the context; 0 when there is nothing else. */
static uint64_t hash_text(struct span text)
{
    const uint64_t empty = begin_hash('t');
    uint64_t hash = empty;
    for (size_t i = 0; i < text.length; i++) {
        if (strchr(" \t\r\n", text.bytes[i]) == NULL) {
            hash = add_bytes(hash, &text.bytes[i], 1);
        }
    }
    return hash == empty ? 0 : hash;
}

static uint64_t hash_received_text(const struct xml *element)
{
    struct text joined = { 0 };
    uint64_t hash = hash_text(value_content(element, true, &joined));
    text_free(&joined);
    return hash;
}

/* Independent of the order of attributes and children. */
static uint64_t hash_all(const struct xml *element)
{
    uint64_t sum = hash_received_text(element);
    for (const struct xml_attribute *a = element->attributes; a != NULL; a = a->next) {
        sum += hash_attribute(a, span_of(a->value));
    }
    for (const struct xml *x = xml_first_element(element); x != NULL; x = xml_next_element(x)) {
        sum += hash_all(x);
    }
    uint64_t name = hash_name(element);
    return add_bytes(add_bytes(begin_hash('e'), (const char *)&name, sizeof name), (const char *)&sum,
                     sizeof sum);
}

/* The trait of having a child of that name with a text, an attribute or everything of that hash. */
static uint64_t hash_of_child(const struct xml *child, uint64_t hash)
{
    const uint64_t name = hash_name(child);
    return add_bytes(add_bytes(begin_hash('c'), (const char *)&name, sizeof name), (const char *)&hash,
                     sizeof hash);
}

/* ---- Traits that an expected element requires ---- */

/* The required value.  Returns false for a wildcard; then, and for an unknown variable, `out` is empty. */
static bool is_definite(struct text *out, struct span value, const struct cast *cast)
{
    struct span unknown;
    if (value_is_wildcard(value)) {
        return false;
    }
    if (!value_expand(out, value, cast, &unknown)) {
        text_free(out);
    }
    return true;
}

/* Returns false when several texts would match. */
static bool hash_expected_text(const struct xml *element, const struct cast *cast, uint64_t *hash)
{
    struct text joined = { 0 }, expanded = { 0 };
    bool definite = is_definite(&expanded, value_content(element, true, &joined), cast);
    *hash = hash_text((struct span){ expanded.bytes, expanded.length });
    text_free(&joined);
    text_free(&expanded);
    return definite;
}

static bool hash_expected_attribute(const struct xml_attribute *a, const struct cast *cast, uint64_t *hash)
{
    struct text expanded = { 0 };
    bool definite = is_definite(&expanded, span_of(a->value), cast);
    *hash = hash_attribute(a, (struct span){ expanded.bytes, expanded.length });
    text_free(&expanded);
    return definite;
}

/* The hash_all of the matching elements; returns false when they may differ. */
static bool hash_all_expected(const struct xml *element, enum strictness around, const struct cast *cast,
                              uint64_t *hash)
{
    enum strictness strictness = match_strictness(element, around);
    uint64_t sum, part;
    if (!match_is_strict(element, strictness) || !hash_expected_text(element, cast, &sum)) {
        return false;
    }
    for (const struct xml_attribute *a = element->attributes; a != NULL; a = a->next) {
        if (match_is_directive(a)) {
            continue;
        }
        if (!hash_expected_attribute(a, cast, &part)) {
            return false;
        }
        sum += part;
    }
    for (const struct xml *x = xml_first_element(element); x != NULL; x = xml_next_element(x)) {
        if (!hash_all_expected(x, strictness, cast, &part)) {
            return false;
        }
        sum += part;
    }
    uint64_t name = hash_name(element);
    *hash = add_bytes(add_bytes(begin_hash('e'), (const char *)&name, sizeof name), (const char *)&sum,
                      sizeof sum);
    return true;
}

/* ---- The index ---- */

static void add_trait(struct postings *postings, uint64_t hash, size_t received)
{
    struct trait *trait;
    HASH_FIND(hh, postings->traits, &hash, sizeof hash, trait);
    if (trait == NULL) {
        trait = must(calloc(1, sizeof *trait));
        trait->hash = hash;
        HASH_ADD(hh, postings->traits, hash, sizeof hash, trait);
    }
    struct posting *posting = &trait->posting;
    if (posting->count > 0 && posting->list[posting->count - 1] == received) {
        return;
    }
    if (posting->count == trait->capacity) {
        trait->capacity = trait->capacity == 0 ? 2 : trait->capacity * 2;
        posting->list = must(realloc(posting->list, trait->capacity * sizeof *posting->list));
    }
    posting->list[posting->count++] = received;
}

static void add_traits_of_child(struct postings *postings, const struct xml *child, size_t received)
{
    uint64_t text = hash_received_text(child);
    add_trait(postings, hash_of_child(child, hash_all(child)), received);
    if (text != 0) {
        add_trait(postings, hash_of_child(child, text), received);
    }
    for (const struct xml_attribute *a = child->attributes; a != NULL; a = a->next) {
        add_trait(postings, hash_of_child(child, hash_attribute(a, span_of(a->value))), received);
    }
}

static void add_traits(struct postings *postings, const struct xml *element, size_t received)
{
    uint64_t text = hash_received_text(element);
    add_trait(postings, hash_name(element), received);
    add_trait(postings, hash_all(element), received);
    if (text != 0) {
        add_trait(postings, text, received);
    }
    for (const struct xml_attribute *a = element->attributes; a != NULL; a = a->next) {
        add_trait(postings, hash_attribute(a, span_of(a->value)), received);
    }
    for (const struct xml *x = xml_first_element(element); x != NULL; x = xml_next_element(x)) {
        add_traits_of_child(postings, x, received);
    }
}

/* The shorter of a posting and that of a trait. */
static struct posting *narrow(struct postings *postings, struct posting *posting, uint64_t hash)
{
    struct trait *trait;
    HASH_FIND(hh, postings->traits, &hash, sizeof hash, trait);
    if (trait == NULL) {
        return &postings->none;
    }
    return trait->posting.count < posting->count ? &trait->posting : posting;
}

/* `around` is the strictness for the parent of the child. */
static struct posting *narrow_by_child(struct postings *postings, struct posting *posting,
                                       const struct xml *child, enum strictness around,
                                       const struct cast *cast)
{
    uint64_t hash;
    for (const struct xml_attribute *a = child->attributes; a != NULL; a = a->next) {
        if (!match_is_directive(a) && hash_expected_attribute(a, cast, &hash)) {
            posting = narrow(postings, posting, hash_of_child(child, hash));
        }
    }
    if (hash_expected_text(child, cast, &hash) && hash != 0) {
        posting = narrow(postings, posting, hash_of_child(child, hash));
    }
    if (posting->count > 1 && hash_all_expected(child, around, cast, &hash)) {
        posting = narrow(postings, posting, hash_of_child(child, hash));
    }
    return posting;
}

static struct posting *posting_for(struct postings *postings, const struct xml *element,
                                   enum strictness around, const struct cast *cast)
{
    const enum strictness strictness = match_strictness(element, around);
    uint64_t hash;
    struct posting *posting = narrow(postings, &postings->all, hash_name(element));
    for (const struct xml_attribute *a = element->attributes; a != NULL; a = a->next) {
        if (!match_is_directive(a) && hash_expected_attribute(a, cast, &hash)) {
            posting = narrow(postings, posting, hash);
        }
    }
    if (hash_expected_text(element, cast, &hash) && hash != 0) {
        posting = narrow(postings, posting, hash);
    }
    if (posting->count > 1 && hash_all_expected(element, around, cast, &hash)) {
        posting = narrow(postings, posting, hash);
    }
    for (const struct xml *x = xml_first_element(element); x != NULL && posting->count > 1;
         x = xml_next_element(x)) {
        posting = narrow_by_child(postings, posting, x, strictness, cast);
    }
    return posting;
}

/* The number of elements, counted up to `most`. */
static size_t count_elements(const struct xml *element, size_t most)
{
    size_t count = 1;
    for (const struct xml *x = xml_first_element(element); x != NULL && count < most;
         x = xml_next_element(x)) {
        count += count_elements(x, most - count);
    }
    return count;
}

static bool is_worth_it(const struct pairing *pairing)
{
    size_t pairs = pairing->expected_count * pairing->received_count;
    size_t count = 0;
    for (size_t i = 0; pairs > 1 && i < pairing->expected_count && count < PAIRS_FEW; i++) {
        count += count_elements(pairing->expected[i], PAIRS_FEW);
    }
    return pairs >= PAIRS_FEW || count >= PAIRS_FEW;
}

static void list_all(struct postings *postings, size_t count)
{
    postings->all = (struct posting){ .list = must(calloc(count + 1, sizeof(size_t))), .count = count };
    for (size_t i = 0; i < count; i++) {
        postings->all.list[i] = i;
    }
}

void postings_init(struct postings *postings, const struct pairing *pairing, enum strictness strictness,
                   const struct cast *cast)
{
    bool worth_it = is_worth_it(pairing);
    *postings = (struct postings){ 0 };
    postings->of = must(calloc(pairing->expected_count + 1, sizeof(struct posting *)));
    list_all(postings, pairing->received_count);
    for (size_t i = 0; worth_it && i < pairing->received_count; i++) {
        add_traits(postings, pairing->received[i], i);
    }
    for (size_t i = 0; i < pairing->expected_count; i++) {
        postings->of[i] =
            worth_it ? posting_for(postings, pairing->expected[i], strictness, cast) : &postings->all;
    }
}

void postings_free(struct postings *postings)
{
    struct trait *trait = postings->traits;
    HASH_CLEAR(hh, postings->traits);
    while (trait != NULL) {
        struct trait *following = trait->hh.next;
        free(trait->posting.list);
        free(trait);
        trait = following;
    }
    free(postings->all.list);
    free(postings->of);
    *postings = (struct postings){ 0 };
}
