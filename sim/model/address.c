#include "address.h"

#include "../text.h"

#include <string.h>
#include <stringprep.h>

struct address address_split(struct span jid)
{
    struct address address = { .domain = jid };
    if (jid.bytes == NULL)
        return address;
    const char *slash = memchr(jid.bytes, '/', jid.length);
    const size_t bare = slash != NULL ? (size_t)(slash - jid.bytes) : jid.length;
    const char *at = memchr(jid.bytes, '@', bare);
    if (slash != NULL)
        address.resource = (struct span){ slash + 1, jid.length - bare - 1 };
    if (at != NULL)
        address.local = (struct span){ jid.bytes, (size_t)(at - jid.bytes) };
    const char *domain = at != NULL ? at + 1 : jid.bytes;
    address.domain = (struct span){ domain, bare - (size_t)(domain - jid.bytes) };
    if (address.domain.length > 0 && domain[address.domain.length - 1] == '.')
        address.domain.length--;
    return address;
}

bool address_is_plain(struct span part)
{
    size_t i = 0;
    while (i < part.length && (unsigned char)part.bytes[i] < 0x80 && part.bytes[i] != '&')
        i++;
    return i == part.length;
}

bool address_is_stable(struct span local)
{
    enum { MOST = 1023 };
    char text[MOST + 1], prepared[MOST + 1];
    if (address_is_plain(local) || local.length > MOST || memchr(local.bytes, '&', local.length) != NULL)
        return true;
    memcpy(text, local.bytes, local.length);
    text[local.length] = '\0';
    memcpy(prepared, text, local.length + 1);
    return stringprep(prepared, sizeof prepared, 0, stringprep_xmpp_nodeprep) != STRINGPREP_OK ||
           strcmp(prepared, text) == 0;
}

bool address_read_part(struct span part, char *out, size_t size)
{
    if (part.length == 0 || part.length >= size || !address_is_plain(part))
        return false;
    for (size_t i = 0; i < part.length; i++)
        out[i] = text_small(part.bytes[i]);
    out[part.length] = '\0';
    return true;
}

static enum alike compare(struct span one, struct span other, bool has_cases)
{
    if (span_equal(one, other))
        return ALIKE_YES;
    if (one.bytes == NULL || other.bytes == NULL)
        return ALIKE_NO;
    if (!address_is_plain(one) || !address_is_plain(other))
        return ALIKE_UNKNOWN;
    if (one.length != other.length || !has_cases)
        return ALIKE_NO;
    size_t i = 0;
    while (i < one.length && text_small(one.bytes[i]) == text_small(other.bytes[i]))
        i++;
    return i == one.length ? ALIKE_YES : ALIKE_NO;
}

static enum alike both(enum alike one, enum alike other)
{
    if (one == ALIKE_NO || other == ALIKE_NO)
        return ALIKE_NO;
    return one == ALIKE_UNKNOWN ? one : other;
}

enum alike address_same_account(const struct address *one, const struct address *other)
{
    const enum alike local = compare(one->local, other->local, true);
    return local == ALIKE_NO ? ALIKE_NO : both(local, compare(one->domain, other->domain, true));
}

static enum alike with_resource(enum alike account, const struct address *one, const struct address *other)
{
    return account == ALIKE_NO ? ALIKE_NO : both(account, compare(one->resource, other->resource, false));
}

enum alike address_same(const struct address *one, const struct address *other)
{
    return with_resource(address_same_account(one, other), one, other);
}

static struct likeness liken_parts(struct span jid, struct span full_jid)
{
    const struct address one = address_split(jid), other = address_split(full_jid);
    const enum alike account = address_same_account(&one, &other);
    return (struct likeness){ .account = account,
                              .whole = with_resource(account, &one, &other),
                              .has_resource = one.resource.bytes != NULL };
}

struct likeness address_liken(struct span jid, struct span full_jid)
{
    if (jid.bytes == NULL)
        return (struct likeness){ .account = ALIKE_NO, .whole = ALIKE_NO };
    if (span_equal(jid, full_jid))
        return (struct likeness){ .account = ALIKE_YES,
                                  .whole = ALIKE_YES,
                                  .has_resource = memchr(jid.bytes, '/', jid.length) != NULL };
    if (jid.length < full_jid.length && full_jid.bytes[jid.length] == '/' &&
        memcmp(jid.bytes, full_jid.bytes, jid.length) == 0 && memchr(jid.bytes, '/', jid.length) == NULL)
        return (struct likeness){ .account = ALIKE_YES, .whole = ALIKE_NO };
    return liken_parts(jid, full_jid);
}
