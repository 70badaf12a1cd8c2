#include "base/jid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <stringprep.h>

#include <cmocka.h>

#define A10 "aaaaaaaaaa"
#define A60 A10 A10 A10 A10 A10 A10
#define A63 A60 "aaa"

static void assert_part(const char *part, const char *expected)
{
    if (expected == NULL)
        assert_null(part);
    else
        assert_string_equal(part, expected);
}

static void assert_jid(const char *string, const char *local, const char *domain, const char *resource)
{
    struct jid jid;
    assert_true(jid_parse_string(&jid, string));
    assert_part(jid.local, local);
    assert_part(jid.domain, domain);
    assert_part(jid.resource, resource);
    assert_int_equal(jid.bare_length, strlen(jid.bare));
}

static void assert_no_jid(const char *string)
{
    struct jid jid;
    assert_false(jid_parse_string(&jid, string));
}

static void a_full_jid_splits_into_three_parts(void **state)
{
    (void)state;
    struct jid jid;
    assert_true(jid_parse_string(&jid, "juliet@example.com/balcony"));
    assert_string_equal(jid.local, "juliet");
    assert_string_equal(jid.domain, "example.com");
    assert_string_equal(jid.resource, "balcony");
    assert_string_equal(jid.bare, "juliet@example.com");
    assert_int_equal(jid.bare_length, 18);
    assert_string_equal(jid.full, "juliet@example.com/balcony");
}

static void a_bare_jid_has_no_resource(void **state)
{
    (void)state;
    struct jid jid;
    assert_true(jid_parse_string(&jid, "juliet@example.com"));
    assert_null(jid.resource);
    assert_string_equal(jid.full, "juliet@example.com");
}

static void a_domain_alone_is_a_jid(void **state)
{
    (void)state;
    struct jid jid;
    assert_true(jid_parse_string(&jid, "example.com"));
    assert_null(jid.local);
    assert_null(jid.resource);
    assert_string_equal(jid.bare, "example.com");
    assert_string_equal(jid.full, "example.com");
}

/* RFC 7622, 3.5, table 1, in its order.  Case folding is Nodeprep's, so that the sharp s becomes two and
 * the three sigmas are one (RFC 3454, B.2); PRECIS keeps them apart. */
static void the_valid_examples_of_rfc_7622_are_jids(void **state)
{
    (void)state;
    assert_jid("juliet@example.com", "juliet", "example.com", NULL);
    assert_jid("juliet@example.com/foo", "juliet", "example.com", "foo");
    assert_jid("juliet@example.com/foo bar", "juliet", "example.com", "foo bar");
    assert_jid("juliet@example.com/foo@bar", "juliet", "example.com", "foo@bar");
    assert_jid("foo\\20bar@example.com", "foo\\20bar", "example.com", NULL);
    assert_jid("fussball@example.com", "fussball", "example.com", NULL);
    assert_jid("fu\u00DFball@example.com", "fussball", "example.com", NULL);
    assert_jid("\u03C0@example.com", "\u03C0", "example.com", NULL);
    assert_jid("\u03A3@example.com/foo", "\u03C3", "example.com", "foo");
    assert_jid("\u03C3@example.com/foo", "\u03C3", "example.com", "foo");
    assert_jid("\u03C2@example.com/foo", "\u03C3", "example.com", "foo");
    assert_jid("king@example.com/\u265A", "king", "example.com", "\u265A");
    assert_jid("example.com", NULL, "example.com", NULL);
    assert_jid("example.com/foobar", NULL, "example.com", "foobar");
    assert_jid("a.example.com/b@example.net", NULL, "a.example.com", "b@example.net");
}

/* RFC 7622, 3.5, table 2, but for the three below. */
static void the_invalid_examples_of_rfc_7622_are_no_jids(void **state)
{
    (void)state;
    assert_no_jid("\"juliet\"@example.com");
    assert_no_jid("foo bar@example.com");
    assert_no_jid("@example.com/");
    assert_no_jid("juliet@");
    assert_no_jid("/foobar");
}

/* Invalid in RFC 7622, table 2, and valid with the profiles of RFC 6122: Resourceprep neither prohibits
 * nor strips a leading space, Nodeprep folds U+2163 by NFKC and allows symbols. */
static void where_stringprep_and_precis_differ_stringprep_is_followed(void **state)
{
    (void)state;
    assert_jid("juliet@example.com/ foo", "juliet", "example.com", " foo");
    assert_jid("henry\u2163@example.com", "henryiv", "example.com", NULL);
    assert_jid("\u265A@example.com", "\u265A", "example.com", NULL);
}

static void an_empty_part_makes_no_jid(void **state)
{
    (void)state;
    assert_no_jid("");
    assert_no_jid("@");
    assert_no_jid("/");
    assert_no_jid("@/");
    assert_no_jid("@example.com");
    assert_no_jid("juliet@/balcony");
    assert_no_jid("juliet@example.com/");
    assert_no_jid("example.com/");
    assert_no_jid(NULL);
}

/* RFC 7622, 3.1. */
static void separators_count_where_they_come_first(void **state)
{
    (void)state;
    assert_jid("a@b/c/d", "a", "b", "c/d");
    assert_jid("b/a@c", NULL, "b", "a@c");
    assert_jid("b/@", NULL, "b", "@");
    assert_jid("b//", NULL, "b", "/");
    assert_no_jid("a@b@c");
    assert_no_jid("a@@c");
}

static void bytes_past_the_length_are_not_read(void **state)
{
    (void)state;
    struct jid jid;
    assert_true(jid_parse(&jid, "a@b/c@d", 5));
    assert_string_equal(jid.full, "a@b/c");
    assert_true(jid_parse(&jid, "a@b/c@d", 3));
    assert_string_equal(jid.full, "a@b");
    assert_false(jid_parse(&jid, "a@b", 0));
}

static void case_is_folded_but_for_the_resource(void **state)
{
    (void)state;
    assert_jid("JuLiEt@EXAMPLE.Com/BaLcOnY", "juliet", "example.com", "BaLcOnY");
    assert_jid("\u00C9LAN@\u00C9COLE.Example/\u00C9", "\u00E9lan", "\u00E9cole.example", "\u00C9");
}

/* RFC 6122, A.5. */
static void the_eight_characters_of_nodeprep_are_refused(void **state)
{
    (void)state;
    char out[JID_PART_MAX + 1];
    for (const char *c = "\"&'/:<>@ "; *c != '\0'; c++) {
        char part[] = { 'a', *c, 'b' };
        assert_false(jid_prepare_local(out, part, 3));
    }
}

/* The result of the profile equals that of libidn, an independent implementation. */
static void assert_as_libidn(bool (*prepare)(char *, const char *, size_t), const Stringprep_profile *profile,
                             const char *part, size_t length)
{
    char out[JID_PART_MAX + 1], expected[JID_PART_MAX + 1];
    memcpy(expected, part, length);
    expected[length] = '\0';
    int result = stringprep(expected, sizeof expected, 0, profile);
    assert_int_equal(prepare(out, part, length), result == STRINGPREP_OK);
    if (result == STRINGPREP_OK)
        assert_string_equal(out, expected);
}

static void every_ascii_character_is_prepared_as_libidn_does(void **state)
{
    (void)state;
    for (int c = 1; c < 0x80; c++) {
        char part[] = { 'x', (char)c, 'Y' };
        assert_as_libidn(jid_prepare_local, stringprep_xmpp_nodeprep, part, 3);
        assert_as_libidn(jid_prepare_resource, stringprep_xmpp_resourceprep, part, 3);
        assert_as_libidn(jid_prepare_local, stringprep_xmpp_nodeprep, part + 1, 1);
        assert_as_libidn(jid_prepare_resource, stringprep_xmpp_resourceprep, part + 1, 1);
    }
}

static void every_ascii_character_may_meet_one_that_is_not(void **state)
{
    (void)state;
    for (int c = 1; c < 0x80; c++) {
        char part[] = { (char)c, '\xCC', '\xB8', '\0' }; /* U+0338 joins '<', '=' and '>' */
        assert_as_libidn(jid_prepare_local, stringprep_xmpp_nodeprep, part, 3);
        assert_as_libidn(jid_prepare_resource, stringprep_xmpp_resourceprep, part, 3);
    }
}

static void a_nul_is_refused_in_every_part(void **state)
{
    (void)state;
    char out[JID_PART_MAX + 1];
    struct jid jid;
    assert_false(jid_prepare_local(out, "a\0b", 3));
    assert_false(jid_prepare_domain(out, "a\0b", 3));
    assert_false(jid_prepare_resource(out, "a\0b", 3));
    assert_false(jid_prepare_resource(out, "\u00E9\0b", 4));
    assert_false(jid_parse(&jid, "a@b/c\0", 6));
}

static void bytes_that_are_not_utf8_make_no_jid(void **state)
{
    (void)state;
    static const char *const bad[] = { "\x80", "\xC3",    "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                                       "\xFF", "\xE2\x89" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char out[JID_PART_MAX + 1];
        assert_false(jid_prepare_local(out, bad[i], strlen(bad[i])));
        assert_false(jid_prepare_domain(out, bad[i], strlen(bad[i])));
        assert_false(jid_prepare_resource(out, bad[i], strlen(bad[i])));
    }
}

static void characters_that_the_profiles_prohibit_are_refused(void **state)
{
    (void)state;
    assert_no_jid("a\u00A0b@example.com");  /* no-break space, NFKC makes it a space */
    assert_no_jid("a\uFF20b@example.com");  /* full-width at-sign, NFKC makes it one */
    assert_no_jid("a\u2028b@example.com");  /* line separator, RFC 3454, C.2.2 */
    assert_no_jid("a@example.com/\u2028");  /* the same */
    assert_no_jid("a@example.com/x\uE000"); /* private use, C.3 */
    assert_no_jid("a\u0627@example.com");   /* both directions, RFC 3454, 6 */
    assert_no_jid("\u00AD@example.com");    /* nothing is left of a soft hyphen, B.1 */
    assert_no_jid("a@example.com/\u00AD");  /* the same */
}

/* RFC 3454, 7, for queries: they stand for themselves. */
static void characters_unassigned_in_unicode_3_2_are_kept(void **state)
{
    (void)state;
    assert_jid("a@example.com/\U0001F40E", "a", "example.com", "\U0001F40E");
    assert_jid("a\u0221@example.com", "a\u0221", "example.com", NULL);
    assert_jid("\u00E9.\u0221", NULL, "\u00E9.\u0221", NULL);
    assert_jid("\u1E9E@example.com", "\u1E9E", "example.com", NULL); /* not folded */
}

static void a_part_may_have_1023_bytes_and_no_more(void **state)
{
    (void)state;
    char part[JID_PART_MAX + 1], out[JID_PART_MAX + 1];
    memset(part, 'a', sizeof part);
    assert_true(jid_prepare_local(out, part, 1));
    assert_true(jid_prepare_local(out, part, JID_PART_MAX));
    assert_int_equal(strlen(out), JID_PART_MAX);
    assert_false(jid_prepare_local(out, part, JID_PART_MAX + 1));
    assert_true(jid_prepare_resource(out, part, JID_PART_MAX));
    assert_false(jid_prepare_resource(out, part, JID_PART_MAX + 1));
    for (size_t i = 1; i < sizeof part; i += 2)
        part[i] = '.';
    assert_true(jid_prepare_domain(out, part, JID_PART_MAX));
    assert_int_equal(strlen(out), JID_PART_MAX);
    assert_true(jid_prepare_domain(out, part, JID_PART_MAX + 1)); /* the last is the root's dot */
    part[JID_PART_MAX] = 'a';
    assert_false(jid_prepare_domain(out, part, JID_PART_MAX + 1));
}

/* Fills a buffer with copies of a text, as many as fit, without a NUL. */
static void fill(char *buffer, size_t size, const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i < size / length * length; i++)
        buffer[i] = text[i % length];
}

static void the_limit_holds_beyond_ascii_too(void **state)
{
    (void)state;
    char part[JID_PART_MAX + 2], out[JID_PART_MAX + 1];
    fill(part, sizeof part, "\u00E9");
    assert_true(jid_prepare_local(out, part, 1022));
    assert_false(jid_prepare_local(out, part, 1024));
    assert_true(jid_prepare_resource(out, part, 1022));
    assert_false(jid_prepare_resource(out, part, 1024));
    /* NFKC makes four characters of three bytes each from U+3300. */
    fill(part, sizeof part, "\u3300");
    assert_true(jid_prepare_resource(out, part, 255)); /* 85 become 340, 1020 bytes */
    assert_int_equal(strlen(out), 1020);
    assert_false(jid_prepare_resource(out, part, 258));
}

static void the_longest_jid_fits(void **state)
{
    (void)state;
    struct jid jid;
    char string[JID_MAX + 3];
    memset(string, 'a', sizeof string);
    string[JID_PART_MAX] = '@';
    for (size_t i = 1; i < JID_PART_MAX; i += 2)
        string[JID_PART_MAX + 1 + i] = '.';
    string[2 * JID_PART_MAX + 1] = '/';
    assert_true(jid_parse(&jid, string, JID_MAX));
    assert_int_equal(strlen(jid.full), JID_MAX);
    assert_int_equal(jid.bare_length, 2 * JID_PART_MAX + 1);
    assert_memory_equal(jid.full, string, JID_MAX);
    assert_false(jid_parse(&jid, string, JID_MAX + 1));
    assert_false(jid_parse(&jid, string, JID_MAX + 2));
}

/* RFC 1034, 3.1 and RFC 3490, 4.1: LDH, hyphens inside only, 63 bytes. */
static void labels_are_those_of_host_names(void **state)
{
    (void)state;
    assert_jid("x-1.2-y.example", NULL, "x-1.2-y.example", NULL);
    assert_jid(A63 "." A63, NULL, A63 "." A63, NULL);
    assert_jid("a--b", NULL, "a--b", NULL);
    assert_no_jid(A63 "a");
    assert_no_jid("a." A63 "a.b");
    assert_no_jid("-a.example");
    assert_no_jid("a-.example");
    assert_no_jid("a.-");
    assert_no_jid("a..example");
    assert_no_jid(".example");
    assert_no_jid("a_b.example");
    assert_no_jid("a b.example");
    assert_no_jid("a:5222");
    assert_no_jid("a\x7F");
}

/* RFC 7622, 3.2. */
static void one_dot_at_the_end_of_a_domain_is_dropped(void **state)
{
    (void)state;
    assert_jid("a@Example.com./b", "a", "example.com", "b");
    assert_jid("\u00E9cole.example.", NULL, "\u00E9cole.example", NULL);
    assert_no_jid("example.com..");
    assert_no_jid(".");
    assert_no_jid("a@./b");
}

static void labels_beyond_ascii_are_prepared_one_by_one(void **state)
{
    (void)state;
    assert_jid("B\u00DCCHER.Example", NULL, "b\u00FCcher.example", NULL);
    assert_jid("stra\u00DFe.example", NULL, "strasse.example", NULL);
    /* Hebrew is written from right to left and "com" from left to right, each in a label of its own. */
    assert_jid("\u05D0\u05D1\u05D2.com", NULL, "\u05D0\u05D1\u05D2.com", NULL);
    assert_no_jid("a\u05D0.com");
    /* RFC 3490, 3.1: the four dots. */
    assert_jid("\u00E9\u3002b\uFF0Ec\uFF61d", NULL, "\u00E9.b.c.d", NULL);
}

/* RFC 7622, 3.2.1; a label that ToUnicode cannot decode is unchanged (RFC 3490, 4.2). */
static void a_labels_become_u_labels(void **state)
{
    (void)state;
    assert_jid("xn--bcher-kva.example", NULL, "b\u00FCcher.example", NULL);
    assert_jid("www.XN--Bcher-KVA.example.", NULL, "www.b\u00FCcher.example", NULL);
    assert_jid("xn--bcher-kva.\u00E9.example", NULL, "b\u00FCcher.\u00E9.example", NULL);
    assert_jid("axn--bcher-kva.example", NULL, "axn--bcher-kva.example", NULL);
    assert_jid("xn--a.example", NULL, "xn--a.example", NULL);
    assert_jid("xn--strae-oqa.example", NULL, "xn--strae-oqa.example", NULL); /* Nameprep knows no sharp s */
    assert_no_jid("xn---.example");
    assert_no_jid("xn--" A60 ".example");
}

static void labels_beyond_ascii_obey_the_rules_of_host_names(void **state)
{
    (void)state;
    assert_no_jid("-\u00E9.example");
    assert_no_jid("\u00E9-.example");
    assert_no_jid("\u00E9_.example");
    assert_no_jid("\u00E9 .example");
    assert_no_jid("\u00E9..example");
    assert_no_jid(".\u00E9");
    assert_no_jid("\u00E9.\u00AD");      /* nothing is left of a soft hyphen */
    assert_no_jid("\u00E9\u2024b");      /* one dot leader, NFKC makes it a dot, which is no separator */
    assert_no_jid("xn--\u00E9.example"); /* RFC 3490, 4.1, step 5 */
    assert_no_jid(A60 "\u00E9.example"); /* more than 63 once encoded */
    assert_no_jid("[\u00E9]");
}

static void a_domain_beyond_ascii_may_have_1023_bytes_and_no_more(void **state)
{
    (void)state;
    char part[JID_PART_MAX], out[JID_PART_MAX + 1];
    fill(part, sizeof part, "\u00E9.");
    fill(part + 1020, 3, "abc");
    assert_true(jid_prepare_domain(out, part, 1023));
    assert_int_equal(strlen(out), 1023);
    /* NFKC makes twelve bytes of the three of U+3300. */
    fill(part + 1017, 3, "\u3300");
    fill(part + 1020, 3, ".bc");
    assert_false(jid_prepare_domain(out, part, 1023));
}

static void ip_addresses_are_domains(void **state)
{
    (void)state;
    static const char *const good[] = {
        "192.0.2.1",
        "[::]",
        "[::1]",
        "[1::]",
        "[1:2:3:4:5:6:7:8]",
        "[2001:db8::9]",
        "[1:2:3:4:5:6:7::]",
        "[::2:3:4:5:6:7:8]",
        "[::ffff:192.0.2.1]",
        "[1:2:3:4:5:6:192.0.2.255]",
        "[0000::ffff]",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_jid(good[i], NULL, good[i], NULL);
    assert_jid("a@[2001:DB8::9]./b", "a", "[2001:db8::9]", "b");
}

static void an_invalid_ip_address_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "[",
        "]",
        "[]",
        "[:]",
        "[:::]",
        "[1]",
        "[1:2:3:4:5:6:7]",
        "[1:2:3:4:5:6:7:8:9]",
        "[1:2:3:4:5:6:7:8::]",
        "[::1::2]",
        "[1:2:3:4:5:6:7:]",
        "[:2:3:4:5:6:7:8]",
        "[1:2:3:4::5:6:7:8]",
        "[12345::]",
        "[g::]",
        "[::1",
        "::1",
        "[::1]]",
        "[fe80::1%eth0]",
        "[192.0.2.1]",
        "[::192.0.2]",
        "[::192.0.2.1.1]",
        "[::256.0.2.1]",
        "[::01.0.2.1]",
        "[::1.2.3.]",
        "[::.1.2.3]",
        "[::1.2.3.4567]",
        "[::f.2.3.4]",
        "[1:2:3:4:5:6:7:192.0.2.1]",
        "[1:2:3:4:5:192.0.2.1]",
        "[::1:2:3:4:5:6:192.0.2.1]",
        "[::192.0.2.1:1]",
        "[::1] ",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_no_jid(bad[i]);
}

static void a_jid_is_made_of_prepared_parts(void **state)
{
    (void)state;
    struct jid jid, parsed;
    jid_make(&jid, "juliet", "example.com", "balcony");
    assert_true(jid_parse_string(&parsed, "juliet@example.com/balcony"));
    assert_true(jid_equal(&jid, &parsed));
    assert_string_equal(jid.local, "juliet");
    assert_string_equal(jid.domain, "example.com");
    assert_string_equal(jid.resource, "balcony");
    assert_string_equal(jid.full, "juliet@example.com/balcony");
    jid_make(&jid, NULL, "example.com", NULL);
    assert_null(jid.local);
    assert_null(jid.resource);
    assert_string_equal(jid.full, "example.com");
    jid_make(&jid, NULL, "example.com", "a");
    assert_string_equal(jid.bare, "example.com");
    assert_string_equal(jid.full, "example.com/a");
}

static void jids_are_equal_when_their_parts_are(void **state)
{
    (void)state;
    struct jid a, b;
    assert_true(jid_parse_string(&a, "Juliet@Example.com/balcony"));
    assert_true(jid_parse_string(&b, "juliet@example.com/balcony"));
    assert_true(jid_equal(&a, &b));
    assert_true(jid_equal_bare(&a, &b));
    assert_true(jid_parse_string(&b, "juliet@example.com/Balcony"));
    assert_false(jid_equal(&a, &b));
    assert_true(jid_equal_bare(&a, &b));
    assert_true(jid_parse_string(&b, "juliet@example.com"));
    assert_false(jid_equal(&a, &b));
    assert_true(jid_equal_bare(&a, &b));
    assert_true(jid_parse_string(&b, "example.com/balcony"));
    assert_false(jid_equal(&a, &b));
    assert_false(jid_equal_bare(&a, &b));
    assert_true(jid_parse_string(&b, "juliet@example.org/balcony"));
    assert_false(jid_equal_bare(&a, &b));
}

static void preparing_what_is_prepared_changes_nothing(void **state)
{
    (void)state;
    static const char *const strings[] = { "JuLiEt@EXAMPLE.Com/BaLcOnY",
                                           "fu\u00DFball@B\u00DCCHER.Example/\uFB01",
                                           "henry\u2163@example.com/\u3300", "\u03C2@[2001:DB8::9]./x y" };
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
        struct jid once, twice;
        assert_true(jid_parse_string(&once, strings[i]));
        assert_true(jid_parse_string(&twice, once.full));
        assert_string_equal(once.full, twice.full);
    }
}

/* Unicode PRI 29: composition that is blocked is done when the string is prepared again. */
static void what_is_prepared_stays_the_same(void **state)
{
    static const char bengali[] = "\xe0\xa7\x87\xe0\xb7\x8a\xe0\xa7\x97\xe0\xa4\xbc";
    static const char settled[] = "\xe0\xa7\x8c\xe0\xa4\xbc\xe0\xb7\x8a";
    static bool (*const prepare[])(char *, const char *, size_t) = { jid_prepare_local, jid_prepare_domain,
                                                                     jid_prepare_resource };
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        char once[JID_PART_MAX + 1], twice[JID_PART_MAX + 1];
        assert_true(prepare[i](once, bengali, strlen(bengali)));
        assert_string_equal(once, settled);
        assert_true(prepare[i](twice, once, strlen(once)));
        assert_string_equal(twice, once);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_jid_splits_into_three_parts),
        cmocka_unit_test(a_bare_jid_has_no_resource),
        cmocka_unit_test(a_domain_alone_is_a_jid),
        cmocka_unit_test(the_valid_examples_of_rfc_7622_are_jids),
        cmocka_unit_test(the_invalid_examples_of_rfc_7622_are_no_jids),
        cmocka_unit_test(where_stringprep_and_precis_differ_stringprep_is_followed),
        cmocka_unit_test(an_empty_part_makes_no_jid),
        cmocka_unit_test(separators_count_where_they_come_first),
        cmocka_unit_test(bytes_past_the_length_are_not_read),
        cmocka_unit_test(case_is_folded_but_for_the_resource),
        cmocka_unit_test(the_eight_characters_of_nodeprep_are_refused),
        cmocka_unit_test(every_ascii_character_is_prepared_as_libidn_does),
        cmocka_unit_test(every_ascii_character_may_meet_one_that_is_not),
        cmocka_unit_test(a_nul_is_refused_in_every_part),
        cmocka_unit_test(bytes_that_are_not_utf8_make_no_jid),
        cmocka_unit_test(characters_that_the_profiles_prohibit_are_refused),
        cmocka_unit_test(characters_unassigned_in_unicode_3_2_are_kept),
        cmocka_unit_test(a_part_may_have_1023_bytes_and_no_more),
        cmocka_unit_test(the_limit_holds_beyond_ascii_too),
        cmocka_unit_test(the_longest_jid_fits),
        cmocka_unit_test(labels_are_those_of_host_names),
        cmocka_unit_test(one_dot_at_the_end_of_a_domain_is_dropped),
        cmocka_unit_test(labels_beyond_ascii_are_prepared_one_by_one),
        cmocka_unit_test(a_labels_become_u_labels),
        cmocka_unit_test(labels_beyond_ascii_obey_the_rules_of_host_names),
        cmocka_unit_test(a_domain_beyond_ascii_may_have_1023_bytes_and_no_more),
        cmocka_unit_test(ip_addresses_are_domains),
        cmocka_unit_test(an_invalid_ip_address_is_refused),
        cmocka_unit_test(a_jid_is_made_of_prepared_parts),
        cmocka_unit_test(jids_are_equal_when_their_parts_are),
        cmocka_unit_test(preparing_what_is_prepared_changes_nothing),
        cmocka_unit_test(what_is_prepared_stays_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
