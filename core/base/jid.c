#include "base/jid.h"

#include "base/utf8.h"

#include <assert.h>
#include <idn-free.h>
#include <idna.h>
#include <string.h>
#include <stringprep.h>

enum { LABEL_MAX = 63 }; /* RFC 1034, 3.1 */

/* ---- ASCII: what the profiles map each character to; 0: refused -------------------------------------- */

#define CONTROLS "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

/* Nodeprep folds case, and prohibits space, controls and eight characters (RFC 6122, A.5). */
static const char nodeprep[] = CONTROLS "\0!\0#$%\0\0()*+,-.\0"
                                        "0123456789\0;\0=\0?"
                                        "\0abcdefghijklmno"
                                        "pqrstuvwxyz[\\]^_"
                                        "`abcdefghijklmno"
                                        "pqrstuvwxyz{|}~";

/* Nameprep folds case; the other refused characters are not allowed in host names (RFC 3490, 4.1, step 3). */
static const char nameprep[] = CONTROLS "\0\0\0\0\0\0\0\0\0\0\0\0\0-.\0"
                                        "0123456789\0\0\0\0\0\0"
                                        "\0abcdefghijklmno"
                                        "pqrstuvwxyz\0\0\0\0\0"
                                        "\0abcdefghijklmno"
                                        "pqrstuvwxyz\0\0\0\0";

/* Resourceprep keeps case, and prohibits controls (RFC 6122, B.5). */
static const char resourceprep[] = CONTROLS " !\"#$%&'()*+,-./"
                                            "0123456789:;<=>?"
                                            "@ABCDEFGHIJKLMNO"
                                            "PQRSTUVWXYZ[\\]^_"
                                            "`abcdefghijklmno"
                                            "pqrstuvwxyz{|}~";

static_assert(sizeof nodeprep == 128, "one entry for each character of ASCII");
static_assert(sizeof nameprep == 128, "one entry for each character of ASCII");
static_assert(sizeof resourceprep == 128, "one entry for each character of ASCII");

enum verdict { PREPARED, REFUSED, NOT_ASCII };

/* A refused character does not end the loop: a character outside ASCII may follow and combine with it to an
 * allowed one, as U+0338 does with '<'. */
static enum verdict prepare_ascii(char *out, const char *part, size_t length, const char *profile)
{
    unsigned seen = 0;
    bool refused = false;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)part[i];
        seen |= c;
        out[i] = profile[c & 0x7F];
        refused |= out[i] == '\0';
    }
    out[length] = '\0';
    if (seen >= 0x80)
        return NOT_ASCII;
    return refused ? REFUSED : PREPARED;
}

/* ---- Outside ASCII ------------------------------------------------------------------------------------- */

/* Characters that Unicode 3.2 does not assign are mapped to themselves: see jid.h.  Returns the length, or
 * 0 when the string is refused. */
static size_t prepare_unicode(char *out, const char *part, size_t length, const Stringprep_profile *profile)
{
    if (!utf8_valid(part, length))
        return 0;
    memcpy(out, part, length);
    out[length] = '\0';
    if (stringprep(out, JID_PART_MAX + 1, 0, profile) != STRINGPREP_OK)
        return 0;
    return strlen(out);
}

/* Repeats the preparation until the string does not change, within a number of rounds.  A string with a
 * blocked composition changes every time it is prepared (Unicode PRI 29).  Addresses are prepared wherever
 * they enter the core, so an address that changed each time could not be blocked.  A string that does not
 * reach a fixed point is refused. */
static size_t prepare_stable(char *out, const char *part, size_t length, const Stringprep_profile *profile)
{
    enum { AGAIN = 3 };
    char before[JID_PART_MAX + 1];
    size_t prepared = prepare_unicode(out, part, length, profile);
    for (int i = 0; i < AGAIN && prepared > 0; i++) {
        memcpy(before, out, prepared + 1);
        prepared = prepare_unicode(out, before, prepared, profile);
        if (prepared > 0 && strcmp(out, before) == 0)
            return prepared;
    }
    return 0;
}

/* The length in bytes of the dot at the start, 0 when there is none: RFC 3490, 3.1 has four kinds of dots. */
static size_t dot_length(const char *text, size_t length)
{
    static const char *const dots[] = { ".", "\xE3\x80\x82", "\xEF\xBC\x8E", "\xEF\xBD\xA1" };
    for (size_t i = 0; i < sizeof dots / sizeof *dots; i++) {
        size_t size = strlen(dots[i]);
        if (length >= size && memcmp(text, dots[i], size) == 0)
            return size;
    }
    return 0;
}

/* STD3ASCIIRules: ASCII characters are letters, digits, and hyphens that are neither first nor last.
 * Nameprep checks all others. */
static bool label_valid(const char *label, size_t length)
{
    if (length == 0 || label[0] == '-' || label[length - 1] == '-')
        return false;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)label[i];
        if (c < 0x80 && (nameprep[c] == '\0' || c == '.'))
            return false;
    }
    return true;
}

static const int idna_flags = IDNA_USE_STD3_ASCII_RULES | IDNA_ALLOW_UNASSIGNED;

/* Whether ToASCII accepts a prepared label (RFC 3490, 4.1); this limits its length in the DNS. */
static bool label_encodes(const char *label)
{
    char *encoded = NULL;
    int result = idna_to_ascii_8z(label, &encoded, idna_flags);
    idn_free(encoded);
    return result == IDNA_SUCCESS;
}

/* Replaces an A-label by its U-label, in place (RFC 7622, 3.2.1).  Any other label does not change (RFC
 * 3490, 4.2).  Returns the length, or 0 when there is no memory. */
static size_t decode_label(char *label, size_t length)
{
    static const char prefix[] = "xn--";
    if (strncmp(label, prefix, sizeof prefix - 1) != 0)
        return length;
    char *decoded = NULL;
    int result = idna_to_unicode_8z8z(label, &decoded, idna_flags);
    if (result == IDNA_SUCCESS) {
        length = strlen(decoded);
        assert(length <=
               JID_PART_MAX); /* the U-label must convert back to the A-label, which has at most 63 bytes */
        memcpy(label, decoded, length + 1);
    }
    idn_free(decoded);
    return result == IDNA_MALLOC_ERROR ? 0 : length;
}

/* Nameprep is defined for labels, not for whole names: its rule against mixed writing directions applies to
 * each label separately. */
static size_t prepare_labels(char *out, const char *part, size_t length)
{
    if (!utf8_valid(part, length))
        return 0;
    size_t used = 0;
    for (size_t start = 0, end = 0; start <= length;) {
        char label[JID_PART_MAX + 1];
        while (end < length && dot_length(part + end, length - end) == 0)
            end++;
        size_t size = prepare_stable(label, part + start, end - start, stringprep_nameprep);
        size = decode_label(label, size);
        if (!label_valid(label, size) || !label_encodes(label))
            return 0;
        size_t dot = end < length ? 1 : 0;
        if (used + size + dot > JID_PART_MAX)
            return 0;
        memcpy(out + used, label, size);
        used += size;
        if (dot == 0)
            break;
        out[used++] = '.';
        end += dot_length(part + end, length - end);
        start = end;
    }
    out[used] = '\0';
    return used;
}

/* ---- Host names and addresses ---------------------------------------------------------------------- */

static bool labels_valid(const char *name, size_t length)
{
    size_t start = 0;
    for (size_t i = 0; i <= length; i++) {
        if (i < length && name[i] != '.')
            continue;
        if (i == start || i - start > LABEL_MAX || name[start] == '-' || name[i - 1] == '-')
            return false;
        start = i + 1;
    }
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f');
}

/* Four numbers of at most 255 without leading zeros (RFC 3986, 3.2.2, "IPv4address"). */
static bool is_ipv4(const char *text, size_t length)
{
    size_t i = 0;
    for (int octet = 0; octet < 4; octet++) {
        if (octet > 0 && (i == length || text[i++] != '.'))
            return false;
        size_t start = i;
        unsigned value = 0;
        while (i < length && i - start < 3 && is_digit(text[i]))
            value = value * 10 + (unsigned)(text[i++] - '0');
        if (i == start || value > 255 || (text[start] == '0' && i - start > 1))
            return false;
    }
    return i == length;
}

/* Eight groups; one "::" may replace one or more of them; the last two may be an IPv4 address (RFC 4291,
 * 2.2). */
static bool is_ipv6(const char *text, size_t length)
{
    bool compressed = length >= 2 && text[0] == ':' && text[1] == ':';
    size_t groups = 0;
    for (size_t i = compressed ? 2 : 0; i < length;) {
        size_t start = i;
        while (i < length && is_hex(text[i]))
            i++;
        if (i < length && text[i] == '.') {
            groups += 2;
            return is_ipv4(text + start, length - start) && (compressed ? groups < 8 : groups == 8);
        }
        if (i == start || i - start > 4)
            return false;
        groups++;
        if (i == length)
            break;
        if (text[i++] != ':' || i == length)
            return false;
        if (text[i] == ':') {
            if (compressed)
                return false;
            compressed = true;
            i++;
        }
    }
    return compressed ? groups < 8 : groups == 8;
}

static size_t prepare_address(char *out, const char *part, size_t length)
{
    assert(part[0] == '[');
    if (part[length - 1] != ']')
        return 0;
    for (size_t i = 0; i < length; i++)
        out[i] = (char)(part[i] >= 'A' && part[i] <= 'F' ? part[i] - 'A' + 'a' : part[i]);
    out[length] = '\0';
    return is_ipv6(out + 1, length - 2) ? length : 0;
}

/* ---- Parts: each function returns the length of the prepared part, 0 when the part is refused -------- */

/* A part that is too long before preparation is refused at once, even if Nodeprep would shorten it: the
 * limit also bounds the work. */
static bool length_valid(size_t length)
{
    return length >= 1 && length <= JID_PART_MAX;
}

static size_t prepare(char *out, const char *part, size_t length, const char *ascii,
                      const Stringprep_profile *unicode)
{
    if (!length_valid(length))
        return 0;
    enum verdict verdict = prepare_ascii(out, part, length, ascii);
    if (verdict == NOT_ASCII)
        return prepare_stable(out, part, length, unicode);
    return verdict == PREPARED ? length : 0;
}

static size_t prepare_local(char *out, const char *part, size_t length)
{
    return prepare(out, part, length, nodeprep, stringprep_xmpp_nodeprep);
}

static size_t prepare_resource(char *out, const char *part, size_t length)
{
    return prepare(out, part, length, resourceprep, stringprep_xmpp_resourceprep);
}

/* An A-label contains "--"; most names contain no hyphen at all. */
static bool may_have_a_labels(const char *name, size_t length)
{
    return memchr(name, '-', length) != NULL && strstr(name, "xn--") != NULL;
}

static size_t prepare_domain(char *out, const char *part, size_t length)
{
    if (length > 0 && part[length - 1] == '.') /* the dot of the root: RFC 7622, 3.2 */
        length--;
    if (!length_valid(length))
        return 0;
    if (part[0] == '[')
        return prepare_address(out, part, length);
    enum verdict verdict = prepare_ascii(out, part, length, nameprep);
    if (verdict == NOT_ASCII || (verdict == PREPARED && may_have_a_labels(out, length)))
        return prepare_labels(out, part, length);
    return verdict == PREPARED && labels_valid(out, length) ? length : 0;
}

bool jid_prepare_local(char *out, const char *part, size_t length)
{
    return prepare_local(out, part, length) > 0;
}

bool jid_prepare_domain(char *out, const char *part, size_t length)
{
    return prepare_domain(out, part, length) > 0;
}

bool jid_prepare_resource(char *out, const char *part, size_t length)
{
    return prepare_resource(out, part, length) > 0;
}

/* ---- Whole JIDs ------------------------------------------------------------------------------------ */

/* Writes the two strings from the parts.  A length of 0 means that the part is missing. */
static void join(struct jid *jid, size_t local, size_t domain, size_t resource)
{
    assert(local <= JID_PART_MAX && domain >= 1 && domain <= JID_PART_MAX && resource <= JID_PART_MAX);
    char *end = jid->bare;
    if (local > 0) {
        memcpy(end, jid->local, local);
        end += local;
        *end++ = '@';
    }
    memcpy(end, jid->domain, domain + 1);
    jid->bare_length = (size_t)(end - jid->bare) + domain;
    memcpy(jid->full, jid->bare, jid->bare_length + 1);
    if (resource > 0) {
        end = jid->full + jid->bare_length;
        *end++ = '/';
        memcpy(end, jid->resource, resource + 1);
    }
}

/* The resourcepart begins after the first slash and may contain any character.  The localpart ends before
 * the first at-sign of the rest (RFC 7622, 3.1). */
bool jid_parse(struct jid *jid, const char *string, size_t length)
{
    assert(jid != NULL && (string != NULL || length == 0));
    if (length == 0 || length > JID_MAX + 1) /* + 1 for the dot of the root */
        return false;
    const char *end = string + length;
    const char *slash = memchr(string, '/', length);
    const char *bare_end = slash != NULL ? slash : end;
    const char *at = memchr(string, '@', (size_t)(bare_end - string));
    const char *domain = at != NULL ? at + 1 : string;
    size_t local_length = 0, resource_length = 0;

    /* The parts are contiguous, so that a short JID touches little memory. */
    char *part = jid->parts;
    jid->local = jid->resource = NULL;
    if (at != NULL) {
        local_length = prepare_local(part, string, (size_t)(at - string));
        if (local_length == 0)
            return false;
        jid->local = part;
        part += local_length + 1;
    }
    size_t domain_length = prepare_domain(part, domain, (size_t)(bare_end - domain));
    if (domain_length == 0)
        return false;
    jid->domain = part;
    part += domain_length + 1;
    if (slash != NULL) {
        resource_length = prepare_resource(part, slash + 1, (size_t)(end - slash - 1));
        if (resource_length == 0)
            return false;
        jid->resource = part;
    }
    join(jid, local_length, domain_length, resource_length);
    return true;
}

bool jid_parse_string(struct jid *jid, const char *string)
{
    return string != NULL && jid_parse(jid, string, strlen(string));
}

void jid_parse_known(struct jid *jid, const char *string)
{
    bool is_jid = jid_parse_string(jid, string);
    assert(is_jid);
    (void)is_jid;
}

/* Copies a prepared part to `room`, and returns where the next part goes. */
static char *place(const char **part, char *room, size_t length)
{
    memcpy(room, *part, length + 1);
    *part = room;
    return room + length + 1;
}

void jid_make(struct jid *jid, const char *local, const char *domain, const char *resource)
{
    assert(jid != NULL && domain != NULL);
    size_t local_length = local != NULL ? strlen(local) : 0;
    size_t domain_length = strlen(domain);
    size_t resource_length = resource != NULL ? strlen(resource) : 0;
    assert(local == NULL || length_valid(local_length));
    assert(length_valid(domain_length));
    assert(resource == NULL || length_valid(resource_length));

    char *room = jid->parts;
    jid->local = local;
    jid->domain = domain;
    jid->resource = resource;
    if (local != NULL)
        room = place(&jid->local, room, local_length);
    room = place(&jid->domain, room, domain_length);
    if (resource != NULL)
        place(&jid->resource, room, resource_length);
    join(jid, local_length, domain_length, resource_length);
}

/* Only the last part may contain a slash and only the last two an at-sign, so the strings are equal exactly
 * when the parts are. */
bool jid_equal(const struct jid *a, const struct jid *b)
{
    return a->bare_length == b->bare_length && strcmp(a->full, b->full) == 0;
}

bool jid_equal_bare(const struct jid *a, const struct jid *b)
{
    return a->bare_length == b->bare_length && memcmp(a->bare, b->bare, a->bare_length) == 0;
}
