#include "stream_scan.h"

#include <string.h>

void stream_scan_feed(struct stream_scan *scan, const char *bytes, size_t length)
{
    if (scan->is_over || length == 0)
        return;
    scan->bytes = (struct span){ bytes, length };
    if (scan->kept.length > 0) {
        text_append(&scan->kept, bytes, length);
        scan->bytes = (struct span){ scan->kept.bytes, scan->kept.length };
    }
}

void stream_scan_free(struct stream_scan *scan)
{
    text_free(&scan->kept);
    *scan = (struct stream_scan){ 0 };
}

/* Keeps what is not complete, until the next piece. */
static void keep(struct stream_scan *scan)
{
    const size_t left = scan->bytes.length - scan->begin;
    const char *begin = scan->bytes.bytes + scan->begin;
    if (scan->kept.length == 0) {
        if (left > 0)
            text_append(&scan->kept, begin, left);
    } else {
        memmove(scan->kept.bytes, begin, left);
        scan->kept.length = left;
    }
    scan->at -= scan->begin;
    scan->tag -= scan->begin < scan->tag ? scan->begin : scan->tag;
    scan->first -= scan->begin < scan->first ? scan->begin : scan->first;
    scan->begin = 0;
    scan->bytes = (struct span){ NULL, 0 };
}

static struct scanned end_as(struct stream_scan *scan, enum scanned_kind kind)
{
    stream_scan_free(scan);
    scan->is_over = true;
    return (struct scanned){ .kind = kind };
}

/* ---- Inside of the bytes ----
 *
 * Each function looks at the bytes from `at` on, and returns false when the state does not end in them. */

static const char *at_of(const struct stream_scan *scan)
{
    return scan->bytes.bytes + scan->at;
}

static size_t left_of(const struct stream_scan *scan)
{
    return scan->bytes.length - scan->at;
}

/* Goes behind the next of a character. */
static bool pass(struct stream_scan *scan, char character)
{
    const char *found = memchr(at_of(scan), character, left_of(scan));
    scan->at = found != NULL ? (size_t)(found + 1 - scan->bytes.bytes) : scan->bytes.length;
    return found != NULL;
}

static bool is_blank(const char *bytes, size_t length)
{
    size_t i = 0;
    while (i < length && (bytes[i] == ' ' || bytes[i] == '\t' || bytes[i] == '\n' || bytes[i] == '\r'))
        i++;
    return i == length;
}

/* Between two elements of the first level there is nothing but white space, and nothing is kept of it. */
static bool pass_text(struct stream_scan *scan, bool *lost)
{
    const size_t before = scan->at;
    const bool found = pass(scan, '<');
    if (scan->depth <= 1) {
        *lost = !is_blank(scan->bytes.bytes + before, scan->at - before - found);
        scan->begin = scan->at - found;
    }
    scan->tag = scan->at - found;
    return found;
}

/* Whether the markup, as far as it is there, begins like this. */
static bool may_be(const struct stream_scan *scan, const char *text, bool *is_whole)
{
    const size_t length = strlen(text), there = scan->bytes.length - scan->tag;
    *is_whole = there >= length;
    return memcmp(scan->bytes.bytes + scan->tag, text, *is_whole ? length : there) == 0;
}

/* What follows '<'. */
static bool pass_markup(struct stream_scan *scan, bool *lost)
{
    bool is_whole = true;
    if (left_of(scan) == 0)
        return false;
    if (*at_of(scan) == '!' && scan->depth > 0 && may_be(scan, "<![CDATA[", &is_whole))
        scan->state = SCAN_CDATA;
    else if (*at_of(scan) == '?' && scan->depth <= 1 && may_be(scan, "<?xml", &is_whole))
        scan->state = SCAN_DECLARATION;
    else if (*at_of(scan) == '!' || *at_of(scan) == '?')
        *lost = true;
    else
        scan->state = SCAN_TAG;
    if (!is_whole)
        scan->state = SCAN_MARKUP;
    return is_whole && !*lost;
}

/* Goes behind a '>' with these bytes before it. */
static bool pass_section(struct stream_scan *scan, const char *before)
{
    const size_t length = strlen(before);
    while (pass(scan, '>')) {
        const size_t end = scan->at - 1;
        if (end - scan->tag >= length && memcmp(scan->bytes.bytes + end - length, before, length) == 0)
            return true;
    }
    return false;
}

/* Goes behind the '>' of a tag, or the quote that begins a value. */
static bool pass_tag(struct stream_scan *scan)
{
    const char *at = at_of(scan), *end = at + left_of(scan);
    while (at < end && *at != '>' && *at != '"' && *at != '\'')
        at++;
    scan->at = (size_t)(at - scan->bytes.bytes);
    if (at == end)
        return false;
    scan->at++;
    scan->quote = *at;
    return true;
}

/* ---- Tags ---- */

static void look_inside(struct scanned *scanned)
{
    struct element child;
    if (element_find(scanned->inside, NULL, &child, NULL))
        scanned->child = child.tag.name;
    scanned->is_delayed = element_find(scanned->inside, "delay", &child, NULL);
}

/* `scanned` has the tag, and its attributes. */
static struct scanned complete(struct stream_scan *scan, enum scanned_kind kind, struct scanned *scanned)
{
    const size_t end = kind == SCANNED_ELEMENT ? scan->tag : scan->at;
    scanned->kind = kind;
    scanned->inside = (struct span){ scan->bytes.bytes + scan->first, end - scan->first };
    if (scanned->tag.kind == TAG_EMPTY || kind == SCANNED_HEADER)
        scanned->inside.length = 0;
    if (kind == SCANNED_ELEMENT)
        look_inside(scanned);
    scan->begin = scan->at;
    return *scanned;
}

/* The start tag that begins at a place. */
static bool read_tag(const struct stream_scan *scan, size_t begin, struct scanned *scanned)
{
    const char *at = scan->bytes.bytes + begin, *end = scan->bytes.bytes + scan->at;
    struct tag_reader reader = { at, end, false };
    if (tag_read_usual(at, end, &scanned->tag, &scanned->head) != NULL)
        return true;
    if (!tag_next(&reader, &scanned->tag))
        return false;
    scanned->head = tag_stanza_head(&scanned->tag);
    return true;
}

static struct scanned first_level_opened(struct stream_scan *scan, enum tag_kind kind)
{
    struct scanned scanned = { .kind = SCANNED_NOTHING };
    if (!read_tag(scan, scan->tag, &scanned))
        return end_as(scan, SCANNED_LOST);
    const bool is_header = scan->depth == 0 || span_is_local_name(scanned.tag.name, "stream");
    if (is_header && kind == TAG_EMPTY)
        return end_as(scan, SCANNED_LOST);
    scan->first = scan->at;
    if (is_header) {
        scan->depth = 1;
        return complete(scan, SCANNED_HEADER, &scanned);
    }
    if (kind == TAG_EMPTY)
        return complete(scan, SCANNED_ELEMENT, &scanned);
    scan->depth++;
    return (struct scanned){ .kind = SCANNED_NOTHING };
}

static struct scanned closed(struct stream_scan *scan)
{
    struct scanned scanned = { .kind = SCANNED_NOTHING };
    if (scan->depth <= 1)
        return end_as(scan, scan->depth == 1 ? SCANNED_END : SCANNED_LOST);
    if (--scan->depth == 1 && read_tag(scan, scan->begin, &scanned))
        return complete(scan, SCANNED_ELEMENT, &scanned);
    return (struct scanned){ .kind = SCANNED_NOTHING };
}

/* A tag is whole.  Of those inside of an element only the kind matters. */
static struct scanned tag_came(struct stream_scan *scan)
{
    const char *bytes = scan->bytes.bytes;
    enum tag_kind kind = bytes[scan->at - 2] == '/' ? TAG_EMPTY : TAG_OPENS;
    if (bytes[scan->tag + 1] == '/')
        kind = TAG_CLOSES;
    scan->state = SCAN_TEXT;
    if (scan->at - scan->tag == strlen("<>"))
        return end_as(scan, SCANNED_LOST);
    if (kind == TAG_CLOSES)
        return closed(scan);
    if (scan->depth <= 1)
        return first_level_opened(scan, kind);
    scan->depth += kind == TAG_OPENS;
    return (struct scanned){ .kind = SCANNED_NOTHING };
}

/* ---- The states ---- */

/* Between two elements a section, too, has only white space. */
static bool is_blank_section(const struct stream_scan *scan)
{
    const size_t before = strlen("<![CDATA["), behind = strlen("]]>");
    return is_blank(scan->bytes.bytes + scan->tag + before, scan->at - scan->tag - before - behind);
}

/* The declaration is part of no element; one behind an element begins the stream again. */
static void declaration_came(struct stream_scan *scan)
{
    scan->state = SCAN_TEXT;
    scan->begin = scan->at;
    scan->depth = 0;
}

/* Passes what the state stands for.  Returns false when it does not end in these bytes. */
static bool pass_state(struct stream_scan *scan, bool *lost)
{
    switch (scan->state) {
    case SCAN_TEXT:
        if (!pass_text(scan, lost))
            return false;
        scan->state = SCAN_MARKUP;
        return true;
    case SCAN_MARKUP:
        return pass_markup(scan, lost);
    case SCAN_TAG:
        if (!pass_tag(scan))
            return false;
        scan->state = scan->quote != '>' ? SCAN_VALUE : SCAN_TAG;
        return true;
    case SCAN_VALUE:
        if (!pass(scan, scan->quote))
            return false;
        scan->state = SCAN_TAG;
        return true;
    case SCAN_CDATA:
        if (!pass_section(scan, "]]"))
            return false;
        *lost = scan->depth == 1 && !is_blank_section(scan);
        scan->state = SCAN_TEXT;
        return true;
    case SCAN_DECLARATION:
        if (!pass_section(scan, "?"))
            return false;
        declaration_came(scan);
        return true;
    }
    return false;
}

/* ---- Whole elements ---- */

/* Notes a child by its start tag.  Returns what is behind its name; NULL when that is unusual. */
static const char *pass_child(struct scanned *scanned, const char *tag, const char *end)
{
    const struct span name = { tag + 1, (size_t)(tag_behind_name(tag + 1, end) - tag) - 1 };
    const char *behind = name.bytes + name.length;
    if (name.length == 0 || behind == end || (*behind != ' ' && *behind != '>' && *behind != '/'))
        return NULL;
    if (scanned->child.bytes == NULL)
        scanned->child = name;
    scanned->is_delayed = scanned->is_delayed || span_is_local_name(name, "delay");
    return behind;
}

/* The end tag of the element, behind whose start tag the bytes begin; NULL when it is not there, or anything but tags
 * and character data is.  `*behind` is set to what follows it. */
static const char *find_end_tag(struct scanned *scanned, const char *at, const char *end, const char **behind)
{
    const char *tag = at;
    for (size_t depth = 1; depth > 0; *behind = at) {
        tag = memchr(at, '<', (size_t)(end - at));
        if (tag == NULL || end - tag < 3 || tag[1] == '!' || tag[1] == '?' || tag[1] == '>')
            return NULL;
        const bool closes = tag[1] == '/';
        at = depth == 1 && !closes ? pass_child(scanned, tag, end) : tag + 1;
        at = at != NULL ? tag_end(at, end) : NULL;
        if (at == NULL)
            return NULL;
        depth += !closes && at[-1] != '/';
        depth -= closes;
        at++;
    }
    return tag;
}

/* Takes an element that is whole in the bytes and has nothing unusual, which is nearly each.  All others are left to
 * the states. */
static bool take_whole(struct stream_scan *scan, struct scanned *scanned)
{
    const char *begin = at_of(scan), *end = begin + left_of(scan);
    if (scan->state != SCAN_TEXT || scan->depth != 1 || scan->at != scan->begin)
        return false;
    const char *inside = tag_read_usual(begin, end, &scanned->tag, &scanned->head);
    if (inside == NULL || span_is_local_name(scanned->tag.name, "stream"))
        return false;
    const char *behind = inside, *closes = inside;
    if (scanned->tag.kind == TAG_OPENS && (closes = find_end_tag(scanned, inside, end, &behind)) == NULL)
        return false;
    scanned->kind = SCANNED_ELEMENT;
    scanned->inside = (struct span){ inside, (size_t)(closes - inside) };
    scan->at = scan->begin = (size_t)(behind - scan->bytes.bytes);
    return true;
}

struct scanned stream_scan_next(struct stream_scan *scan)
{
    struct scanned scanned = { .kind = SCANNED_NOTHING };
    bool lost = false;
    if (scan->bytes.bytes != NULL && take_whole(scan, &scanned))
        return scanned;
    while (scan->bytes.bytes != NULL && scanned.kind == SCANNED_NOTHING) {
        const bool is_in_tag = scan->state == SCAN_TAG;
        const bool has_ended = pass_state(scan, &lost);
        if (lost)
            return end_as(scan, SCANNED_LOST);
        if (!has_ended)
            keep(scan);
        else if (is_in_tag && scan->state == SCAN_TAG)
            scanned = tag_came(scan);
    }
    return scanned;
}

bool scanned_read_child(const struct scanned *scanned, struct tag *tag)
{
    const struct span child = scanned->child, inside = scanned->inside;
    struct tag_reader reader = { child.bytes - 1, inside.bytes + inside.length, false };
    return tag_next(&reader, tag);
}
