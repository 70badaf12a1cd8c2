#include "../must.h"
#include "match_rules.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

/* ---- Each expected child with one received child of its own ---- */

/* The child elements, and their number.  The caller frees. */
static const struct xml **children_of(const struct xml *parent, size_t *count)
{
    *count = 0;
    for (struct xml *child = xml_first_element(parent); child != NULL; child = xml_next_element(child)) {
        (*count)++;
    }
    const struct xml **children = must(calloc(*count + 1, sizeof(const struct xml *)));
    size_t i = 0;
    for (struct xml *child = xml_first_element(parent); child != NULL; child = xml_next_element(child)) {
        children[i++] = child;
    }
    return children;
}

static size_t *unpaired(size_t count)
{
    size_t *partners = must(malloc((count + 1) * sizeof *partners));
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

enum { MATCHES = 1, DIFFERS = 2, REMEMBERED_MOST = 1 << 20 };

/* An expected child without partner, and the progress of its search. */
struct seeker {
    size_t expected;
    size_t at;
};

struct pairing_search {
    struct pairing *pairing;
    enum strictness strictness;
    const struct cast *cast;
    struct postings postings;
    unsigned char *matches; /* for each pair: 0 when not compared yet; NULL when there are too many pairs */
    bool *visited;          /* received children, visited by the current search or by a failed one */
    size_t *touched;        /* those visited by this search */
    size_t touched_count;
    struct seeker *seekers; /* each but the first is the owner of the candidate of the one before */
    size_t depth;
    size_t found; /* successful searches */
};

static bool compare(const struct pairing_search *search, size_t expected, size_t received)
{
    const struct pairing *pairing = search->pairing;
    return match_node(pairing->expected[expected], pairing->received[received], search->strictness,
                      search->cast);
}

static bool can_pair(struct pairing_search *search, size_t expected, size_t received)
{
    if (search->matches == NULL) {
        return compare(search, expected, received);
    }
    unsigned char *known = &search->matches[expected * search->pairing->received_count + received];
    if (*known == 0) {
        *known = compare(search, expected, received) ? MATCHES : DIFFERS;
    }
    return *known == MATCHES;
}

/* Whether the effort is spent; nothing matches from then on. */
static bool is_spent(const struct pairing_search *search)
{
    return search->cast->effort != NULL && *search->cast->effort == 0;
}

/* A free partner, or UNPAIRED. */
static size_t find_free(struct pairing_search *search, size_t expected)
{
    struct posting *posting = search->postings.of[expected];
    const size_t *owner = search->pairing->owner;
    while (posting->taken < posting->count && owner[posting->list[posting->taken]] != UNPAIRED) {
        posting->taken++;
    }
    for (size_t i = posting->taken; i < posting->count && !is_spent(search); i++) {
        if (owner[posting->list[i]] == UNPAIRED && can_pair(search, expected, posting->list[i])) {
            return posting->list[i];
        }
    }
    return UNPAIRED;
}

/* Advances a seeker to the next candidate with an owner that was not visited yet; false when there is
 * none. */
static bool find_taken(struct pairing_search *search, struct seeker *seeker)
{
    const struct posting *posting = search->postings.of[seeker->expected];
    for (; seeker->at < posting->count && !is_spent(search); seeker->at++) {
        size_t received = posting->list[seeker->at];
        if (!search->visited[received] && search->pairing->owner[received] != UNPAIRED &&
            can_pair(search, seeker->expected, received)) {
            search->visited[received] = true;
            search->touched[search->touched_count++] = received;
            return true;
        }
    }
    return false;
}

/* Candidates visited by a failed search stay visited: no augmenting path leads through them. */
static void seek(struct pairing_search *search, size_t expected)
{
    struct posting *posting = search->postings.of[expected];
    if (posting->search != search->found) {
        posting->search = search->found;
        posting->visited = 0;
    }
    while (posting->visited < posting->count && search->visited[posting->list[posting->visited]]) {
        posting->visited++;
    }
    search->seekers[search->depth++] = (struct seeker){ expected, posting->visited };
}

/* Each seeker takes its candidate; the last takes the free partner. */
static void settle(struct pairing_search *search, size_t received)
{
    while (search->depth > 0) {
        const struct seeker *seeker = &search->seekers[--search->depth];
        pair(search->pairing, seeker->expected, received);
        if (search->depth > 0) {
            const struct seeker *before = &search->seekers[search->depth - 1];
            received = search->postings.of[before->expected]->list[before->at];
        }
    }
}

/* Finds a partner for an expected child: a free one, or one whose owner finds another (an augmenting path of
 * a bipartite matching, which is correct for identical children too). */
static bool find_partner(struct pairing_search *search, size_t expected)
{
    search->touched_count = 0;
    search->depth = 0;
    seek(search, expected);
    for (bool is_new = true; search->depth > 0;) {
        struct seeker *seeker = &search->seekers[search->depth - 1];
        size_t free_one = is_new ? find_free(search, seeker->expected) : UNPAIRED;
        if (free_one != UNPAIRED) {
            settle(search, free_one);
            search->found++;
            for (size_t i = 0; i < search->touched_count; i++) {
                search->visited[search->touched[i]] = false;
            }
            return true;
        }
        is_new = find_taken(search, seeker);
        if (is_new) {
            size_t received = search->postings.of[seeker->expected]->list[seeker->at];
            seek(search, search->pairing->owner[received]);
        } else {
            search->depth--;
        }
    }
    return false;
}

/* The pairing already has its elements. */
static void find_partners(struct pairing *pairing, enum strictness strictness, const struct cast *cast)
{
    pairing->partner = unpaired(pairing->expected_count);
    pairing->owner = unpaired(pairing->received_count);
    struct pairing_search search = { .pairing = pairing, .strictness = strictness, .cast = cast };
    size_t pairs = pairing->expected_count * pairing->received_count;
    if (pairs == 0) {
        return;
    }
    postings_init(&search.postings, pairing, strictness, cast);
    search.matches = pairs <= REMEMBERED_MOST ? must(calloc(pairs, 1)) : NULL;
    search.visited = must(calloc(pairing->received_count, sizeof *search.visited));
    search.touched = must(calloc(pairing->received_count, sizeof *search.touched));
    search.seekers = must(calloc(pairing->received_count + 1, sizeof *search.seekers));
    for (size_t i = 0; i < pairing->expected_count; i++) {
        pairing->paired += find_partner(&search, i) ? 1 : 0;
    }
    postings_free(&search.postings);
    free(search.matches);
    free(search.visited);
    free(search.touched);
    free(search.seekers);
}

void pairing_init(struct pairing *pairing, const struct xml *expected, const struct xml *received,
                  enum strictness strictness, const struct cast *cast)
{
    *pairing = (struct pairing){ 0 };
    pairing->expected = children_of(expected, &pairing->expected_count);
    pairing->received = children_of(received, &pairing->received_count);
    find_partners(pairing, strictness, cast);
}

/* The caller frees. */
static const struct xml **list_copy(const struct xml *const *elements, size_t count)
{
    const struct xml **copy = must(calloc(count + 1, sizeof(const struct xml *)));
    for (size_t i = 0; i < count; i++) {
        copy[i] = elements[i];
    }
    return copy;
}

bool match_pairs(const struct match_side *expected, const struct match_side *received, match_lookup lookup,
                 void *host, size_t *owners)
{
    size_t effort = MATCH_PAIRS_MOST;
    const struct cast cast = { lookup, host, &effort };
    struct pairing pairing = { .expected = list_copy(expected->stanzas, expected->count),
                               .received = list_copy(received->stanzas, received->count),
                               .expected_count = expected->count,
                               .received_count = received->count };
    find_partners(&pairing, BY_NAMESPACE, &cast);
    for (size_t i = 0; i < received->count; i++) {
        owners[i] = pairing.owner[i] != UNPAIRED ? pairing.owner[i] : expected->count;
    }
    pairing_free(&pairing);
    return effort > 0;
}

void pairing_free(struct pairing *pairing)
{
    free(pairing->expected);
    free(pairing->received);
    free(pairing->partner);
    free(pairing->owner);
    *pairing = (struct pairing){ 0 };
}

/* ---- The remaining children ---- */

static unsigned likeness_of_paired(const struct pairing *pairing, const struct cast *cast)
{
    unsigned sum = 0;
    for (size_t i = 0; i < pairing->expected_count; i++) {
        if (pairing->partner[i] != UNPAIRED) {
            sum += match_likeness_of(pairing->expected[i], pairing->received[pairing->partner[i]], cast);
        }
    }
    return sum;
}

/* An expected and a received child that are similar. */
struct alike {
    unsigned like;
    size_t expected, received;
};

static int by_likeness(const void *a, const void *b)
{
    const struct alike *one = a, *other = b;
    if (one->like != other->like) {
        return one->like > other->like ? -1 : 1;
    }
    if (one->expected != other->expected) {
        return one->expected < other->expected ? -1 : 1;
    }
    return one->received < other->received ? -1 : one->received > other->received;
}

/* The indexes of those without partner.  The caller frees. */
static size_t *those_left(const size_t *partners, size_t count, size_t *left)
{
    size_t *indices = must(calloc(count + 1, sizeof *indices));
    *left = 0;
    for (size_t i = 0; i < count; i++) {
        if (partners[i] == UNPAIRED) {
            indices[(*left)++] = i;
        }
    }
    return indices;
}

struct those_left {
    size_t *expected, *received;
    size_t expected_count, received_count;
};

static unsigned pair_likeliest(struct pairing *pairing, const struct those_left *left,
                               const struct cast *cast)
{
    size_t count = 0;
    unsigned sum = 0;
    struct alike *pairs = must(calloc(left->expected_count * left->received_count + 1, sizeof *pairs));
    for (size_t i = 0; i < left->expected_count; i++) {
        for (size_t k = 0; k < left->received_count; k++) {
            struct alike alike = { 0, left->expected[i], left->received[k] };
            alike.like =
                match_likeness_of(pairing->expected[alike.expected], pairing->received[alike.received], cast);
            if (alike.like > 0) {
                pairs[count++] = alike;
            }
        }
    }
    qsort(pairs, count, sizeof *pairs, by_likeness);
    for (size_t i = 0; i < count; i++) {
        if (pairing->partner[pairs[i].expected] == UNPAIRED &&
            pairing->owner[pairs[i].received] == UNPAIRED) {
            pair(pairing, pairs[i].expected, pairs[i].received);
            sum += pairs[i].like;
        }
    }
    free(pairs);
    return sum;
}

struct named {
    const char *name;
    size_t index;
};

static int by_name(const void *a, const void *b)
{
    const struct named *one = a, *other = b;
    int order = strcmp(one->name, other->name);
    return order != 0 ? order : one->index < other->index ? -1 : one->index > other->index;
}

static struct named *sort_by_name(const struct xml *const *elements, const size_t *indices, size_t count)
{
    struct named *named = must(calloc(count + 1, sizeof *named));
    for (size_t i = 0; i < count; i++) {
        named[i] = (struct named){ elements[indices[i]]->name, indices[i] };
    }
    qsort(named, count, sizeof *named, by_name);
    return named;
}

/* Pairs the first child of a name with the first, the second with the second. */
static unsigned pair_in_order(struct pairing *pairing, const struct those_left *left)
{
    unsigned sum = 0;
    struct named *expected = sort_by_name(pairing->expected, left->expected, left->expected_count);
    struct named *received = sort_by_name(pairing->received, left->received, left->received_count);
    for (size_t i = 0, k = 0; i < left->expected_count && k < left->received_count;) {
        int order = strcmp(expected[i].name, received[k].name);
        if (order == 0) {
            pair(pairing, expected[i].index, received[k].index);
            sum++;
        }
        i += order <= 0 ? 1 : 0;
        k += order >= 0 ? 1 : 0;
    }
    free(expected);
    free(received);
    return sum;
}

unsigned pairing_complete(struct pairing *pairing, const struct cast *cast)
{
    unsigned sum = likeness_of_paired(pairing, cast);
    struct those_left left = { 0 };
    left.expected = those_left(pairing->partner, pairing->expected_count, &left.expected_count);
    left.received = those_left(pairing->owner, pairing->received_count, &left.received_count);
    size_t pairs = left.expected_count * left.received_count;
    sum += match_spend(cast, pairs) ? pair_likeliest(pairing, &left, cast) : pair_in_order(pairing, &left);
    free(left.expected);
    free(left.received);
    return sum;
}
