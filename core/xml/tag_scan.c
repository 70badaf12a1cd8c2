#include "xml/tag_scan.h"

#include <limits.h>
#include <string.h>

static const char declares[] = "xmlns", section[] = "[CDATA[";
enum { DECLARES = sizeof declares - 1, SECTION = sizeof section - 1 };

static bool costs_too_much(const struct tag_scan *scan)
{
    return scan->prefixed > 0 && scan->longest > (TAG_COPIES_MORE + TAG_COPIES * scan->read) / scan->prefixed;
}

static bool is_declaration(const struct tag_scan *scan)
{
    return scan->matched == DECLARES;
}

/* ---- The end of a tag ---- */

/* Between two stanzas only what the header declared counts. */
static void end_tag(struct tag_scan *scan, bool opens)
{
    scan->state = SCAN_TEXT;
    if (opens && scan->depth++ == 0)
        scan->outer = scan->longest;
    if (scan->depth <= 1) {
        scan->longest = scan->outer;
        scan->read = 0;
    }
}

static void leave_element(struct tag_scan *scan)
{
    if (scan->depth > 0)
        scan->depth--;
    end_tag(scan, false);
}

/* ---- Byte by byte ---- */

static void opened(struct tag_scan *scan, char c)
{
    scan->state = c == '/' ? SCAN_END_TAG : c == '!' ? SCAN_MARKUP : c == '?' ? SCAN_INSTRUCTION : SCAN_TAG;
    scan->prefixed = scan->name_length = scan->matched = 0;
    scan->has_colon = scan->is_over = false;
    scan->last = c;
}

/* What stands between names in a tag, or ends it. */
static const bool separates[UCHAR_MAX + 1] = { [' '] = true, ['\t'] = true, ['\n'] = true, ['\r'] = true,
                                               ['='] = true, ['\''] = true, ['"'] = true,  ['>'] = true };

/* How many bytes there are of a name. */
static size_t pass_name(struct tag_scan *scan, const char *bytes, size_t length)
{
    size_t run = 0;
    while (run < length && !separates[(unsigned char)bytes[run]])
        run++;
    if (run == 0)
        return 0;
    if (scan->is_over) {
        scan->is_over = scan->has_colon = false;
        scan->name_length = scan->matched = 0;
    }
    for (size_t i = 0; i < run && scan->matched == scan->name_length + i && scan->matched < DECLARES; i++)
        scan->matched += bytes[i] == declares[scan->matched];
    scan->name_length += run;
    scan->has_colon = scan->has_colon || memchr(bytes, ':', run) != NULL;
    scan->last = bytes[run - 1];
    return run;
}

static void in_tag(struct tag_scan *scan, char c)
{
    if (c == '>') {
        end_tag(scan, scan->last != '/');
    } else if (c == '\'' || c == '"') {
        scan->state = SCAN_VALUE;
        scan->quote = c;
        scan->value_length = 0;
    } else if (c == '=') {
        scan->is_over = true;
        scan->prefixed += scan->has_colon && !is_declaration(scan);
    } else {
        scan->is_over = true;
    }
    scan->last = c;
}

static void value_ends(struct tag_scan *scan)
{
    scan->state = SCAN_TAG;
    scan->is_over = true;
    if (is_declaration(scan) && scan->value_length > scan->longest)
        scan->longest = scan->value_length;
}

static void in_markup(struct tag_scan *scan, char c)
{
    if (c == '>')
        scan->state = SCAN_TEXT;
    else if (scan->matched < SECTION && c == section[scan->matched])
        scan->matched++;
    if (scan->matched == SECTION) {
        scan->state = SCAN_CDATA;
        scan->matched = 0;
    }
}

static void in_cdata(struct tag_scan *scan, char c)
{
    if (c == ']')
        scan->matched++;
    else if (c == '>' && scan->matched >= 2)
        scan->state = SCAN_TEXT;
    else
        scan->matched = 0;
}

/* ---- Run by run ---- */

static size_t find(const char *bytes, size_t length, char c)
{
    const char *found = memchr(bytes, c, length);
    return found != NULL ? (size_t)(found - bytes) : length;
}

/* How many bytes there are that do not change where we are. */
static size_t skip(struct tag_scan *scan, const char *bytes, size_t length)
{
    size_t run = 0;
    if (scan->state == SCAN_TEXT)
        run = find(bytes, length, '<');
    else if (scan->state == SCAN_TAG)
        run = pass_name(scan, bytes, length);
    else if (scan->state == SCAN_VALUE)
        run = find(bytes, length, scan->quote);
    else if (scan->state == SCAN_END_TAG || scan->state == SCAN_INSTRUCTION)
        run = find(bytes, length, '>');
    else if (scan->state == SCAN_CDATA && scan->matched == 0)
        run = find(bytes, length, ']');
    scan->value_length += run;
    return run;
}

static void step(struct tag_scan *scan, char c)
{
    switch (scan->state) {
    case SCAN_TEXT:
        scan->state = SCAN_OPENED;
        break;
    case SCAN_OPENED:
        opened(scan, c);
        break;
    case SCAN_TAG:
        in_tag(scan, c);
        break;
    case SCAN_VALUE:
        value_ends(scan);
        break;
    case SCAN_END_TAG:
        leave_element(scan);
        break;
    case SCAN_MARKUP:
        in_markup(scan, c);
        break;
    case SCAN_CDATA:
        in_cdata(scan, c);
        break;
    case SCAN_INSTRUCTION:
        scan->state = SCAN_TEXT;
        break;
    }
}

/* White space between stanzas is of none (RFC 6120, 4.6.1). */
static void count(struct tag_scan *scan, size_t length)
{
    if (scan->depth > 1 || scan->state != SCAN_TEXT)
        scan->read += length;
}

bool tag_scan_is_needless(const struct tag_scan *scan, size_t length)
{
    enum { ATTRIBUTE = sizeof " a:b=''" - 1 };
    return scan->state == SCAN_TEXT && scan->depth == 1 && !scan->costly && length <= TAG_COPIES_MORE &&
           length * length <= (size_t)TAG_COPIES_MORE * 4 * ATTRIBUTE &&
           scan->outer * (length / ATTRIBUTE) <= TAG_COPIES_MORE;
}

size_t tag_scan(struct tag_scan *scan, const char *bytes, size_t length)
{
    size_t at = 0;
    while (at < length && !scan->costly) {
        const size_t run = skip(scan, bytes + at, length - at);
        count(scan, run);
        at += run;
        if (at == length)
            break;
        step(scan, bytes[at]);
        count(scan, 1);
        scan->costly = costs_too_much(scan);
        if (!scan->costly)
            at++;
    }
    return at;
}
