#include "xml/tag_scan.h"

#include <limits.h>
#include <string.h>

static const char declares[] = "xmlns", declaration[] = "<?xml ";
enum { DECLARES = sizeof declares - 1, DECLARATION = sizeof declaration - 1 };

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
    scan->prefixed = 0;
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

static bool is_white_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Before the header there is only white space between tags (XML 1.0, 2.1). */
static void in_text(struct tag_scan *scan, char c)
{
    if (c == '<')
        scan->state = SCAN_OPENED;
    else
        scan->verdict = TAG_IS_MALFORMED;
}

static void opened(struct tag_scan *scan, char c)
{
    scan->state = c == '/' ? SCAN_END_TAG : c == '!' ? SCAN_MARKUP : SCAN_TAG;
    if (c == '?')
        scan->state = scan->depth == 0 ? SCAN_DECLARATION : SCAN_RESTRICTED;
    scan->prefixed = scan->name_length = scan->matched = 0;
    scan->length = 2; /* of these bytes; a value counts from its own beginning */
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
        scan->length = 0;
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
    if (is_declaration(scan) && scan->length > scan->longest)
        scan->longest = scan->length;
}

/* A blank stands for any white space. */
static char blank_or(char c)
{
    if (is_white_space(c))
        return ' ';
    return c;
}

/* What "<!" begins, by the byte behind it. */
static const char *markup_of(char first)
{
    return first == '-' ? "--" : first == '[' ? "[CDATA[" : "DOCTYPE ";
}

/* Before the header expat waits for the end of a name; behind it, it finds the mistake here. */
static void is_unknown(struct tag_scan *scan)
{
    if (scan->depth == 0)
        scan->verdict = TAG_IS_MALFORMED;
    scan->state = SCAN_RESTRICTED;
}

static void in_markup(struct tag_scan *scan, char c)
{
    scan->length++;
    if (scan->matched == 0)
        scan->last = c;
    const char *markup = markup_of(scan->last);
    if (blank_or(c) != markup[scan->matched]) {
        is_unknown(scan);
    } else if (markup[++scan->matched] == '\0') {
        scan->state = scan->last == '[' ? SCAN_CDATA : SCAN_RESTRICTED;
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

static void in_restricted(struct tag_scan *scan)
{
    if (++scan->length > MARKUP_MOST)
        scan->verdict = TAG_IS_RESTRICTED;
}

/* With another target it is an instruction (XML 1.0, 2.6). */
static void in_declaration(struct tag_scan *scan, char c)
{
    if (scan->length < DECLARATION && blank_or(c) != declaration[scan->length])
        scan->state = SCAN_RESTRICTED;
    else if (c == '>' && scan->matched > 0)
        scan->state = SCAN_TEXT;
    scan->matched = c == '?';
    if (++scan->length > MARKUP_MOST)
        scan->verdict = TAG_IS_TOO_LONG;
}

/* ---- Run by run ---- */

static size_t find(const char *bytes, size_t length, char c)
{
    const char *found = memchr(bytes, c, length);
    return found != NULL ? (size_t)(found - bytes) : length;
}

static size_t skip_white_space(const char *bytes, size_t length)
{
    size_t run = 0;
    while (run < length && is_white_space(bytes[run]))
        run++;
    return run;
}

/* How many bytes there are that do not change where we are. */
static size_t skip(struct tag_scan *scan, const char *bytes, size_t length)
{
    size_t run = 0;
    if (scan->state == SCAN_TEXT)
        run = scan->depth == 0 ? skip_white_space(bytes, length) : find(bytes, length, '<');
    else if (scan->state == SCAN_TAG)
        run = pass_name(scan, bytes, length);
    else if (scan->state == SCAN_VALUE)
        run = find(bytes, length, scan->quote);
    else if (scan->state == SCAN_END_TAG)
        run = find(bytes, length, '>');
    else if (scan->state == SCAN_CDATA && scan->matched == 0)
        run = find(bytes, length, ']');
    scan->length += run;
    return run;
}

static void step(struct tag_scan *scan, char c)
{
    switch (scan->state) {
    case SCAN_TEXT:
        in_text(scan, c);
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
    case SCAN_RESTRICTED:
        in_restricted(scan);
        break;
    case SCAN_DECLARATION:
        in_declaration(scan, c);
        break;
    }
}

/* White space between stanzas is of none (RFC 6120, 4.6.1). */
static void count(struct tag_scan *scan, size_t length)
{
    if (scan->depth > 1 || scan->state != SCAN_TEXT)
        scan->read += length;
}

static bool has_after_bracket(const char *bytes, size_t length, char c)
{
    for (size_t at = find(bytes, length, c); at < length; at += 1 + find(bytes + at + 1, length - at - 1, c))
        if (at > 0 && bytes[at - 1] == '<')
            return true;
    return false;
}

/* Whether there may be anything but tags and text. */
static bool has_markup(const char *bytes, size_t length)
{
    return has_after_bracket(bytes, length, '!') || has_after_bracket(bytes, length, '?');
}

bool tag_scan_is_needless(const struct tag_scan *scan, const char *bytes, size_t length)
{
    enum { ATTRIBUTE = sizeof " a:b=''" - 1 };
    return scan->state == SCAN_TEXT && scan->depth == 1 && scan->verdict == TAG_IS_ALLOWED &&
           length <= TAG_COPIES_MORE && length * length <= (size_t)TAG_COPIES_MORE * 4 * ATTRIBUTE &&
           scan->outer * (length / ATTRIBUTE) <= TAG_COPIES_MORE &&
           (length <= MARKUP_MOST || !has_markup(bytes, length));
}

size_t tag_scan(struct tag_scan *scan, const char *bytes, size_t length)
{
    size_t at = 0;
    while (at < length && scan->verdict == TAG_IS_ALLOWED) {
        const size_t run = skip(scan, bytes + at, length - at);
        count(scan, run);
        at += run;
        if (at == length)
            break;
        step(scan, bytes[at]);
        count(scan, 1);
        if (costs_too_much(scan))
            scan->verdict = TAG_IS_COSTLY;
        else
            at++;
    }
    return at;
}
