#include "canonical.h"

#include <string.h>

#define NS_CLIENT "jabber:client"
#define NS_SERVER "jabber:server"
#define NS_DELAY  "urn:xmpp:delay"

/* What is hashed is framed, so that no two sequences are alike by chance. */
enum { BEGINS = 1, ENDS = 2, TEXT = 3, CONTENT_NAMESPACE = 4, XML_NAMESPACE = 5, UNDECLARED = 6 };

enum { DECLARATIONS_MOST = 48, DEPTH_MOST = 48 };

/* ---- Strings ---- */

static uint64_t join_bytes(uint64_t hash, const char *bytes, size_t length)
{
    uint64_t word;
    hash = hash_join(hash, length);
    for (; length >= sizeof word; bytes += sizeof word, length -= sizeof word) {
        memcpy(&word, bytes, sizeof word);
        hash = hash_join(hash, word);
    }
    word = 0;
    memcpy(&word, bytes, length);
    return hash_join(hash, word);
}

/* Whether a parser reports the bytes as they are. */
static bool is_as_written(struct span span)
{
    size_t i = 0;
    while (i < span.length && span.bytes[i] != '&' && span.bytes[i] != '<' &&
           (unsigned char)span.bytes[i] >= ' ')
        i++;
    return i == span.length;
}

static uint64_t join_parsed(uint64_t hash, struct span span, bool is_value)
{
    struct text parsed = { 0 };
    if (is_as_written(span))
        return join_bytes(hash, span.bytes, span.length);
    span_parse(span, is_value, &parsed);
    hash = join_bytes(hash, parsed.length > 0 ? parsed.bytes : "", parsed.length);
    text_free(&parsed);
    return hash;
}

static uint64_t hash_value(struct span value)
{
    return value.bytes != NULL ? join_parsed(TEXT, value, true) : 0;
}

static uint64_t hash_string(const char *string)
{
    return join_bytes(TEXT, string, strlen(string));
}

/* ---- Namespaces ---- */

struct walk {
    struct declared declared[DECLARATIONS_MOST];
    size_t count;
    size_t counts[DEPTH_MOST]; /* for each open element, how many there were before it */
    size_t depth;
    uint64_t hash, content_ns;
    bool failed;
    struct span account; /* as in the header */
};

/* What an attribute declares: false for one that is no declaration. */
static bool read_declaration(struct span name, struct span value, struct declared *declared)
{
    static const char xmlns[] = "xmlns";
    const size_t length = sizeof xmlns - 1;
    if (name.length < length || memcmp(name.bytes, xmlns, length) != 0 ||
        (name.length > length && name.bytes[length] != ':'))
        return false;
    const size_t skipped = name.length > length ? length + 1 : length;
    declared->prefix = (struct span){ name.bytes + skipped, name.length - skipped };
    declared->ns = hash_value(value);
    return true;
}

static uint64_t namespace_of(const struct walk *walk, struct span prefix)
{
    for (size_t i = walk->count; i > 0; i--)
        if (span_equal(walk->declared[i - 1].prefix, prefix)) {
            const uint64_t ns = walk->declared[i - 1].ns;
            return ns == walk->content_ns ? CONTENT_NAMESPACE : ns;
        }
    return span_is(prefix, "xml") ? XML_NAMESPACE : UNDECLARED;
}

/* Splits a name; without a prefix it has an empty one. */
static struct span prefix_of(struct span name, struct span *local)
{
    const char *colon = memchr(name.bytes, ':', name.length);
    if (colon == NULL) {
        *local = name;
        return (struct span){ name.bytes, 0 };
    }
    const size_t length = (size_t)(colon - name.bytes);
    *local = (struct span){ colon + 1, name.length - length - 1 };
    return (struct span){ name.bytes, length };
}

/* Adds what a tag declares.  Returns how many other attributes it has. */
static size_t declare(struct walk *walk, const struct tag *tag)
{
    struct span left = tag->attributes, name, value;
    struct declared declared;
    size_t others = 0;
    while (left.length > 0 && tag_take_attribute(&left, &name, &value)) {
        if (!read_declaration(name, value, &declared))
            others++;
        else if (walk->count < DECLARATIONS_MOST)
            walk->declared[walk->count++] = declared;
        else
            walk->failed = true;
    }
    return others;
}

/* ---- Attributes ---- */

static uint64_t hash_attribute(const struct walk *walk, struct span name, struct span value)
{
    struct span local;
    const struct span prefix = prefix_of(name, &local);
    uint64_t hash = hash_join(BEGINS, prefix.length > 0 ? namespace_of(walk, prefix) : 0);
    hash = join_bytes(hash, local.bytes, local.length);
    return join_parsed(hash, value, true);
}

static bool is_declaration(struct span name)
{
    struct span local;
    return span_is(name, "xmlns") || span_is(prefix_of(name, &local), "xmlns");
}

/* Of all attributes, in any order, but those that are told apart from the content. */
static uint64_t hash_attributes(const struct walk *walk, const struct tag *tag, struct canonical *stanza)
{
    struct span left = tag->attributes, name, value;
    uint64_t sum = 0;
    while (tag_take_attribute(&left, &name, &value)) {
        if (is_declaration(name))
            continue;
        if (stanza != NULL && span_is(name, "xml:lang"))
            stanza->lang = hash_value(value);
        else if (stanza == NULL || (!span_is(name, "to") && !span_is(name, "from")))
            sum += hash_attribute(walk, name, value);
    }
    return sum;
}

/* ---- Elements ---- */

/* A delay of a server is from its domain, which no client's address is. */
static bool is_from_domain(const struct tag *tag)
{
    const struct span from = tag_attribute(tag, "from");
    return from.bytes != NULL && memchr(from.bytes, '@', from.length) == NULL &&
           memchr(from.bytes, '/', from.length) == NULL;
}

static bool is_from_account(const struct tag *tag, struct span account)
{
    const struct span from = tag_attribute(tag, "from");
    return account.bytes != NULL && from.bytes != NULL && from.length == account.length &&
           memcmp(from.bytes, account.bytes, from.length) == 0;
}

bool canonical_is_delayed_for(struct span inside, struct span account)
{
    struct span left = inside;
    struct element delay;
    while (element_find(left, "delay", &delay, &left))
        if (is_from_domain(&delay.tag) || is_from_account(&delay.tag, account))
            return true;
    return false;
}

bool canonical_is_delayed(struct span inside)
{
    return canonical_is_delayed_for(inside, (struct span){ NULL, 0 });
}

static void begin_element(struct walk *walk, const struct tag *tag)
{
    struct span local;
    const size_t before = walk->count, others = declare(walk, tag);
    const struct span prefix = prefix_of(tag->name, &local);
    walk->hash = hash_join(hash_join(walk->hash, BEGINS), namespace_of(walk, prefix));
    walk->hash = join_bytes(walk->hash, local.bytes, local.length);
    if (others > 0)
        walk->hash += hash_attributes(walk, tag, NULL);
    if (walk->depth < DEPTH_MOST)
        walk->counts[walk->depth++] = before;
    else
        walk->failed = true;
}

static void end_element(struct walk *walk)
{
    walk->hash = hash_join(walk->hash, ENDS);
    if (walk->depth > 0)
        walk->count = walk->counts[--walk->depth];
}

static bool is_delay_of_a_server(const struct walk *walk, const struct tag *tag)
{
    struct span local;
    const struct span prefix = prefix_of(tag->name, &local);
    return walk->depth == 1 && span_is(local, "delay") &&
           namespace_of(walk, prefix) == hash_string(NS_DELAY) &&
           (is_from_domain(tag) || is_from_account(tag, walk->account));
}

/* A tag inside of the stanza.  Returns whether what was hashed since `hash` is a delay, which does not count. */
static bool pass_tag(struct walk *walk, const struct tag *tag)
{
    if (tag->kind == TAG_CLOSES) {
        end_element(walk);
        return false;
    }
    begin_element(walk, tag);
    const bool is_delay = span_is_local_name(tag->name, "delay") && is_delay_of_a_server(walk, tag);
    if (tag->kind == TAG_EMPTY)
        end_element(walk);
    return is_delay;
}

static void pass_text(struct walk *walk, struct span text)
{
    if (text.length > 0)
        walk->hash = join_parsed(hash_join(walk->hash, TEXT), text, false);
}

static void pass_inside(struct walk *walk, struct span inside)
{
    struct tag_reader reader = { inside.bytes, inside.bytes + inside.length, false };
    struct tag tag;
    bool is_in_delay = false;
    uint64_t before_delay = 0;
    while (!walk->failed && tag_next(&reader, &tag)) {
        pass_text(walk, tag.text);
        const uint64_t before = walk->hash;
        if (pass_tag(walk, &tag)) {
            is_in_delay = true;
            before_delay = before;
        }
        if (is_in_delay && walk->depth == 0) {
            is_in_delay = false;
            walk->hash = before_delay;
        }
    }
    pass_text(walk, (struct span){ reader.at, (size_t)(reader.end - reader.at) });
    walk->failed = walk->failed || reader.broken;
}

/* Stanzas are of one of these, as the stream is (RFC 6120, 4.8.3). */
static bool is_content_namespace(uint64_t ns)
{
    return ns == hash_string(NS_CLIENT) || ns == hash_string(NS_SERVER);
}

/* Before the start tag of the stanza: nothing is open, and what is declared around it is known. */
static void begin_walk(struct walk *walk, const struct stream_header *header, const struct tag *outer,
                       size_t outer_count)
{
    memcpy(walk->declared, header->declared, header->count * sizeof *header->declared);
    walk->count = header->count;
    walk->depth = 0;
    walk->account = header->account;
    walk->hash = walk->content_ns = 0;
    walk->failed = header->has_more;
    for (size_t i = 0; i < outer_count; i++)
        (void)declare(walk, &outer[i]);
}

struct canonical canonical_of(struct stream_header *header, const struct tag *outer, size_t outer_count,
                              const struct tag *tag, struct span inside)
{
    struct canonical canonical = { .lang = 0 };
    struct walk walk;
    struct span local;
    stream_header_read(header);
    begin_walk(&walk, header, outer, outer_count);
    (void)declare(&walk, tag);
    const uint64_t ns = namespace_of(&walk, prefix_of(tag->name, &local));
    if (is_content_namespace(ns))
        walk.content_ns = ns;
    walk.hash = hash_join(BEGINS, walk.content_ns != 0 ? CONTENT_NAMESPACE : ns);
    walk.hash = join_bytes(walk.hash, local.bytes, local.length) + hash_attributes(&walk, tag, &canonical);
    pass_inside(&walk, inside);
    canonical.is_readable = !walk.failed && walk.depth == 0;
    canonical.content = walk.hash;
    return canonical;
}

/* ---- Headers ---- */

struct stream_header stream_header_none(void)
{
    return (struct stream_header){ .declared = { { { "", 0 }, hash_string(NS_CLIENT) } },
                                   .count = 1,
                                   .is_read = true };
}

void stream_header_free(struct stream_header *header)
{
    text_free(&header->attributes);
    *header = (struct stream_header){ .count = 0 };
}

void stream_header_keep(struct stream_header *header, const struct tag *tag)
{
    stream_header_free(header);
    if (tag->attributes.length > 0)
        text_append(&header->attributes, tag->attributes.bytes, tag->attributes.length);
}

void stream_header_read(struct stream_header *header)
{
    struct declared declared;
    struct span left = { header->attributes.bytes, header->attributes.length }, name, value;
    const bool is_read = header->is_read;
    header->is_read = true;
    while (!is_read && left.length > 0 && tag_take_attribute(&left, &name, &value)) {
        if (span_is(name, "xml:lang")) {
            header->lang = value;
            header->lang_hash = hash_value(value);
        } else if (!read_declaration(name, value, &declared)) {
            continue;
        } else if (header->count < HEADER_DECLARATIONS) {
            header->declared[header->count++] = declared;
        } else {
            header->has_more = true;
        }
    }
}
