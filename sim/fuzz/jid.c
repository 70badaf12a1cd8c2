/*
 * Addresses.  The first byte chooses what is done with the rest: a part is prepared by one of the profiles, an
 * address is parsed, or two are compared, which are separated by a NUL.
 *
 * What must hold is in core/base/jid.h: what is prepared is prepared again without a change, has 1 to 1023 bytes of
 * UTF-8 (RFC 7622, 3.1), and two JIDs are equal when their bytes are.  Parts in ASCII have a second opinion: the
 * profiles of libidn, which the core does not ask for them.
 */
#include "fuzz.h"

#include "base/jid.h"
#include "base/utf8.h"

#include <idn-free.h>
#include <idna.h>
#include <stdlib.h>
#include <string.h>
#include <stringprep.h>

const struct fuzz_target fuzz_target = {
    .name = "jid",
    .what = "an address, two addresses, or a part of one, and which of these it is",
    .longest = 3400,
    .seconds = 5,
    .megabytes = 512,
    .dictionary = "jid.dict",
};

typedef bool prepare_function(char *out, const char *part, size_t length);

static bool is_ascii(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] >= 0x80)
            return false;
    return true;
}

/* ---- One part ---- */

static void check_prepared(prepare_function *prepare, const char *part)
{
    char again[JID_PART_MAX + 1];
    size_t length = strlen(part);
    fuzz_check(length >= 1 && length <= JID_PART_MAX, "a prepared part has %zu bytes", length);
    fuzz_check(utf8_valid(part, length), "a prepared part is not UTF-8");
    fuzz_check(prepare(again, part, length), "a prepared part is refused: %s", part);
    fuzz_check(strcmp(again, part) == 0, "a prepared part changes: %s becomes %s", part, again);
}

static bool prepared_by_libidn(char *out, const char *part, size_t length, const Stringprep_profile *profile)
{
    if (length == 0 || length > JID_PART_MAX || memchr(part, '\0', length) != NULL)
        return false;
    memcpy(out, part, length);
    out[length] = '\0';
    return stringprep(out, JID_PART_MAX + 1, 0, profile) == STRINGPREP_OK && out[0] != '\0';
}

static void try_profile(prepare_function *prepare, const Stringprep_profile *profile, const char *part,
                        size_t length)
{
    char ours[JID_PART_MAX + 1], theirs[JID_PART_MAX + 1];
    bool prepared = prepare(ours, part, length);
    if (prepared)
        check_prepared(prepare, ours);
    if (!is_ascii(part, length))
        return;
    fuzz_check(prepared == prepared_by_libidn(theirs, part, length, profile),
               "libidn %s a part that the core %s", prepared ? "refuses" : "allows",
               prepared ? "allows" : "refuses");
    fuzz_check(!prepared || strcmp(ours, theirs) == 0, "the core prepares %s, and libidn %s", ours, theirs);
}

/* Whether each label is one for RFC 3490, 4.1.  A-labels, addresses and the dot of the root are not compared. */
static void compare_host_name(const char *part, size_t length, bool prepared)
{
    char name[JID_PART_MAX + 1];
    if (length == 0 || length > JID_PART_MAX || !is_ascii(part, length) ||
        memchr(part, '\0', length) != NULL || part[0] == '[' || part[length - 1] == '.')
        return;
    memcpy(name, part, length);
    name[length] = '\0';
    for (size_t i = 0; i + 4 <= length; i++)
        if ((name[i] == 'x' || name[i] == 'X') && (name[i + 1] == 'n' || name[i + 1] == 'N') &&
            name[i + 2] == '-')
            return;
    char *encoded = NULL;
    int result = idna_to_ascii_8z(name, &encoded, IDNA_USE_STD3_ASCII_RULES | IDNA_ALLOW_UNASSIGNED);
    idn_free(encoded);
    fuzz_check(prepared == (result == IDNA_SUCCESS), "%s is %s by the core; IDNA says %d", name,
               prepared ? "allowed" : "refused", result);
}

static void try_domain(const char *part, size_t length)
{
    char prepared[JID_PART_MAX + 1];
    bool allowed = jid_prepare_domain(prepared, part, length);
    if (allowed)
        check_prepared(jid_prepare_domain, prepared);
    compare_host_name(part, length, allowed);
}

/* ---- A whole address ---- */

static void check_same(const struct jid *a, const struct jid *b, const char *what)
{
    fuzz_check(jid_equal(a, b) && jid_equal_bare(a, b), "%s: %s is not equal to %s", what, a->full, b->full);
    fuzz_check(strcmp(a->full, b->full) == 0 && strcmp(a->bare, b->bare) == 0,
               "%s: equal JIDs are written %s and %s", what, a->full, b->full);
}

static void check_parts(const struct jid *jid)
{
    fuzz_check(jid->domain != NULL, "a JID has a domain");
    check_prepared(jid_prepare_domain, jid->domain);
    if (jid->local != NULL)
        check_prepared(jid_prepare_local, jid->local);
    if (jid->resource != NULL)
        check_prepared(jid_prepare_resource, jid->resource);
    fuzz_check(strlen(jid->full) <= JID_MAX, "a JID has %zu bytes", strlen(jid->full));
    fuzz_check(jid->bare_length == strlen(jid->bare), "a bare JID has %zu bytes and not %zu",
               strlen(jid->bare), jid->bare_length);
}

static bool parse(struct jid *jid, const char *text, size_t length)
{
    memset(jid, 0xA5, sizeof *jid);
    return jid_parse(jid, text, length);
}

/* Parsed, parsed again from what it is written as, parsed as known, and made of its parts: all are the same. */
static bool try_jid(struct jid *jid, const char *text, size_t length)
{
    struct jid other;
    if (!parse(jid, text, length))
        return false;
    check_parts(jid);
    fuzz_check(parse(&other, jid->full, strlen(jid->full)), "a prepared JID is refused: %s", jid->full);
    check_same(jid, &other, "parsed again");
    jid_parse_known(&other, jid->full);
    check_same(jid, &other, "parsed as known");
    jid_make(&other, jid->local, jid->domain, jid->resource);
    check_same(jid, &other, "made of its parts");
    fuzz_check(parse(&other, jid->bare, jid->bare_length), "a bare JID is refused: %s", jid->bare);
    fuzz_check(jid_equal_bare(jid, &other), "%s is not the bare JID of %s", other.full, jid->full);
    fuzz_check(jid_equal(jid, &other) == (jid->resource == NULL), "a bare JID is taken for %s", jid->full);
    return true;
}

static void try_two(struct fuzz_input *input)
{
    struct jid first, second;
    size_t length;
    const char *text = fuzz_until(input, '\0', &length);
    bool is_first = try_jid(&first, text, length);
    text = fuzz_until(input, '\0', &length);
    bool is_second = try_jid(&second, text, length);
    if (!is_first || !is_second)
        return;
    fuzz_check(jid_equal(&first, &second) == (strcmp(first.full, second.full) == 0),
               "%s and %s: they are equal when their bytes are", first.full, second.full);
    fuzz_check(jid_equal_bare(&first, &second) == (strcmp(first.bare, second.bare) == 0),
               "%s and %s: their bare JIDs are equal when the bytes are", first.full, second.full);
    fuzz_check(jid_equal(&first, &second) == jid_equal(&second, &first), "equality has no order");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct fuzz_input input = { bytes, size };
    struct jid jid;
    size_t what = fuzz_below(&input, 5);
    const char *text = (const char *)input.at;
    if (what == 0)
        (void)try_jid(&jid, text, input.left);
    else if (what == 1)
        try_two(&input);
    else if (what == 2)
        try_profile(jid_prepare_local, stringprep_xmpp_nodeprep, text, input.left);
    else if (what == 3)
        try_domain(text, input.left);
    else
        try_profile(jid_prepare_resource, stringprep_xmpp_resourceprep, text, input.left);
    return 0;
}
