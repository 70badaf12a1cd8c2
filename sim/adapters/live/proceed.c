#include "proceed.h"

#include <string.h>

#define NS_TLS "urn:ietf:params:xml:ns:xmpp-tls"

static bool begins(const struct proceed *p, const char *with)
{
    const size_t length = strlen(with);
    return p->length >= length && memcmp(p->tag, with, length) == 0;
}

/* Comments and character data have '>' and quotes inside; they end with a sign of their own before it. */
static bool is_other(const struct proceed *p)
{
    return begins(p, "!--") || begins(p, "![CDATA[") || begins(p, "?");
}

static bool ends_other(const struct proceed *p)
{
    if (begins(p, "?"))
        return p->last[1] == '?';
    const char sign = begins(p, "!--") ? '-' : ']';
    return p->last[0] == sign && p->last[1] == sign;
}

/* The local name of the element, to its end. */
static bool is_named(const struct proceed *p, const char *name)
{
    size_t from = begins(p, "/") ? 1 : 0;
    size_t to = from;
    while (to < p->length && strchr(" \t\r\n/", p->tag[to]) == NULL) {
        if (p->tag[to] == ':')
            from = to + 1;
        to++;
    }
    return to - from == strlen(name) && memcmp(p->tag + from, name, to - from) == 0;
}

static bool has_namespace(const struct proceed *p)
{
    for (size_t i = 0; i + sizeof NS_TLS - 1 <= p->length; i++)
        if (memcmp(p->tag + i, NS_TLS, sizeof NS_TLS - 1) == 0)
            return true;
    return false;
}

/* A tag is complete.  Returns whether it ends a <proceed/>. */
static bool take_tag(struct proceed *p)
{
    const bool is_proceed = is_named(p, "proceed") && (has_namespace(p) || begins(p, "/"));
    if (begins(p, "/")) {
        p->depth -= p->depth > 0;
        const bool ended = p->is_opening && p->depth == 1 && is_proceed;
        p->is_opening = p->is_opening && p->depth > 1;
        return ended;
    }
    if (is_named(p, "stream")) {
        p->depth = 1;
        return false;
    }
    if (p->last[1] == '/')
        return p->depth == 1 && is_proceed;
    p->is_opening = p->is_opening || (p->depth == 1 && is_proceed);
    p->depth++;
    return false;
}

/* Returns whether the tag is complete with this character. */
static bool completes(struct proceed *p, char c)
{
    if (is_other(p))
        return c == '>' && ends_other(p);
    if (p->quote == '\0' && c == '>')
        return true;
    if (p->quote == c)
        p->quote = '\0';
    else if (p->quote == '\0' && (c == '\'' || c == '"'))
        p->quote = c;
    return false;
}

/* Returns whether the character ends a <proceed/>. */
static bool take(struct proceed *p, char c)
{
    if (!p->in_tag) {
        *p = (struct proceed){ .depth = p->depth, .is_opening = p->is_opening, .in_tag = c == '<' };
        return false;
    }
    if (completes(p, c)) {
        p->in_tag = false;
        return !is_other(p) && take_tag(p);
    }
    if (p->length < PROCEED_TAG_MOST)
        p->tag[p->length++] = c;
    p->last[0] = p->last[1];
    p->last[1] = c;
    return false;
}

size_t proceed_find(struct proceed *proceed, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (take(proceed, bytes[i]))
            return i + 1;
    return 0;
}
