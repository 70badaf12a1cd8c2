/*
 * The rules are those of the scenario language ("Matching") and of match.h; the stanzas are shaped after the
 * examples of RFC 6120 and RFC 6121.
 */
#include "../../core/tests/shallow.h"
#include "../text.h"
#include "match_rig.h"

static bool matches(const char *expected, const char *received, struct bindings *captures)
{
    struct xml *wanted = parse(expected);
    struct xml *got = parse(received);
    bool result = match_element(wanted, got, look_up, captures, captures);
    xml_free(wanted);
    xml_free(got);
    return result;
}

static unsigned likeness(const char *expected, const char *received)
{
    struct xml *wanted = parse(expected);
    struct xml *got = parse(received);
    unsigned result = match_likeness(wanted, got, look_up, NULL);
    xml_free(wanted);
    xml_free(got);
    return result;
}

struct match_case {
    const char *expected;
    const char *received;
    bool matches;
};

static void check_cases(const struct match_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (matches(cases[i].expected, cases[i].received, NULL) != cases[i].matches) {
            fail_msg("%s\n%s\nshould%s match", cases[i].expected, cases[i].received,
                     cases[i].matches ? "" : " not");
        }
    }
}
#define CHECK_CASES(cases) check_cases(cases, sizeof(cases) / sizeof *(cases))

/* ---- Matching ---- */

static void stanzas_are_matched_loosely(void **state)
{
    (void)state;
    static const struct match_case cases[] = {
        { "<message/>", "<message/>", true },
        { "<message/>", "<presence/>", false },
        { "<message/>", "<message xmlns='jabber:server'/>", false },
        { "<message/>", "<message to='a' id='1'><body>Hi</body></message>", true },
        { "<message to='a'/>", "<message id='1' to='a'/>", true },
        { "<message to='a'/>", "<message to='b'/>", false },
        { "<message to='a'/>", "<message/>", false },
        { "<message to=''/>", "<message/>", false },
        { "<message xml:lang='en'/>", "<message xml:lang='en'/>", true },
        { "<message xml:lang='en'/>", "<message lang='en'/>", false },
        { "<message><body>Hi</body></message>", "<message><subject/><body>Hi</body></message>", true },
        { "<message><body>Hi</body></message>", "<message><body>Ho</body></message>", false },
        { "<message><body>Hi</body></message>", "<message/>", false },
        { "<message><body/></message>", "<message><body>Hi</body></message>", true },
        { "<message><body>Hi</body></message>", "<message><body/></message>", false },
    };
    CHECK_CASES(cases);
}

static void elements_of_other_namespaces_are_matched_strictly(void **state)
{
    (void)state;
    static const struct match_case cases[] = {
        { "<iq><query xmlns='jabber:iq:roster'/></iq>", "<iq id='1'><query xmlns='jabber:iq:roster'/></iq>",
          true },
        { "<iq><query xmlns='jabber:iq:roster'/></iq>", "<iq><query xmlns='jabber:iq:roster' ver='1'/></iq>",
          false },
        { "<iq><query xmlns='jabber:iq:roster'/></iq>",
          "<iq><query xmlns='jabber:iq:roster'><item jid='a'/></query></iq>", false },
        { "<iq><query xmlns='jabber:iq:roster'/></iq>", "<iq><query xmlns='jabber:iq:roster'>x</query></iq>",
          false },
        /* The item has the roster's namespace, so it is strict as well. */
        { "<iq><query xmlns='jabber:iq:roster'><item jid='a'/></query></iq>",
          "<iq><query xmlns='jabber:iq:roster'><item jid='a' ask='subscribe'/></query></iq>", false },
        { "<iq><query xmlns='jabber:iq:roster'><item jid='a'/></query></iq>",
          "<iq><query xmlns='jabber:iq:roster'><item jid='a'/></query></iq>", true },
        /* A forwarded stanza has that of stanzas again (XEP-0297). */
        { "<message><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client'/></forwarded>"
          "</message>",
          "<message><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' to='a'/>"
          "</forwarded></message>",
          true },
        { "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
          "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>", true },
        { "<stream:error/>",
          "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>", false },
    };
    CHECK_CASES(cases);
}

static void strictness_is_overridden_for_all_that_is_inside(void **state)
{
    (void)state;
    static const struct match_case cases[] = {
        { "<message scansion:strict='true'/>", "<message/>", true },
        { "<message scansion:strict='true'/>", "<message id='1'/>", false },
        { "<message scansion:strict='true'/>", "<message><body/></message>", false },
        { "<message scansion:strict='true'><body/></message>", "<message><body>Hi</body></message>", false },
        { "<message scansion:strict='true'><body/></message>", "<message><body a='1'/></message>", false },
        { "<iq><query xmlns='u' scansion:strict='false'/></iq>",
          "<iq><query xmlns='u' a='1'>text<b/></query></iq>", true },
        { "<iq><query xmlns='u' scansion:strict='false'><item/></query></iq>",
          "<iq><query xmlns='u'><item a='1'/></query></iq>", true },
        { "<iq><query xmlns='u' scansion:strict='false'><item scansion:strict='true'/></query></iq>",
          "<iq><query xmlns='u' b='2'><item a='1'/></query></iq>", false },
        { "<iq><query xmlns='u' scansion:strict='false'><item scansion:strict='true'/></query></iq>",
          "<iq><query xmlns='u' b='2'><item/></query></iq>", true },
        { "<iq scansion:strict='false'><query xmlns='u'/></iq>", "<iq><query xmlns='u' a='1'/></iq>", true },
        { "<iq scansion:strict='true'><query xmlns='u' scansion:strict='false'/></iq>",
          "<iq><query xmlns='u' a='1'/></iq>", true },
        /* Nothing with the prefix is compared. */
        { "<message scansion:note='x'/>", "<message/>", true },
        { "<message scansion:strict='true' scansion:note='x'/>", "<message/>", true },
    };
    CHECK_CASES(cases);
}

static void the_order_of_children_and_attributes_is_free(void **state)
{
    (void)state;
    static const struct match_case cases[] = {
        { "<m a='1' b='2'><x/><y/></m>", "<m b='2' a='1'><y/><x/></m>", true },
        { "<q xmlns='u' a='1' b='2'><x/><y/></q>", "<q xmlns='u' b='2' a='1'><y/><x/></q>", true },
        { "<q xmlns='u'><i n='1'/><i n='2'/><i n='3'/></q>",
          "<q xmlns='u'><i n='3'/><i n='1'/><i n='2'/></q>", true },
    };
    CHECK_CASES(cases);
}

static void each_expected_child_needs_one_of_its_own(void **state)
{
    (void)state;
    static const struct match_case cases[] = {
        { "<m><x/><x/></m>", "<m><x/></m>", false },
        { "<m><x/><x/></m>", "<m><x/><x/></m>", true },
        { "<m><x/></m>", "<m><x/><x/></m>", true },
        { "<q xmlns='u'><x/></q>", "<q xmlns='u'><x/><x/></q>", false },
        { "<q xmlns='u'><x/><x/></q>", "<q xmlns='u'><x/><y/></q>", false },
        /* The first must leave to the second the only one that the second can have. */
        { "<m><x/><x a='1'/></m>", "<m><x a='1'/><x/></m>", true },
        { "<m><x/><x a='1'/><x a='1' b='1'/></m>", "<m><x a='1' b='1'/><x a='1'/><x/></m>", true },
        { "<m><x/><x a='1'/><x a='1' b='1'/></m>", "<m><x a='1' b='1'/><x/><x/></m>", false },
        { "<m><x a='{scansion:any}'/><x a='1'/></m>", "<m><x a='1'/><x a='2'/></m>", true },
        { "<m><x a='{scansion:any}'/><x a='1'/></m>", "<m><x a='1'/><x/></m>", false },
    };
    CHECK_CASES(cases);
}

/* Trying every order of thirty children would not end. */
static void many_alike_children_are_matched_at_once(void **state)
{
    (void)state;
    struct text expected = { 0 };
    struct text received = { 0 };
    text_string(&expected, "<m>");
    text_string(&received, "<m>");
    for (int i = 0; i < 30; i++) {
        text_string(&expected, "<x a='{scansion:any}'/>");
        text_string(&received, i == 29 ? "<x/>" : "<x a='1'/>");
    }
    text_string(&expected, "</m>");
    text_string(&received, "</m>");
    assert_false(matches(expected.bytes, received.bytes, NULL));
    assert_true(matches(expected.bytes, expected.bytes, NULL));
    text_free(&expected);
    text_free(&received);
}

/* An element of 20 attributes, a1='v1' to a20='v20', in rising or falling order, but for one that has another
 * value. */
static char *with_attributes(bool rising, int other)
{
    struct text out = { 0 };
    text_string(&out, "<message");
    for (int i = 1; i <= 20; i++) {
        int n = rising ? i : 21 - i;
        char attribute[40];
        (void)snprintf(attribute, sizeof attribute, " a%d='%s%d'", n, n == other ? "other" : "v", n);
        text_string(&out, attribute);
    }
    text_string(&out, "/>");
    return text_take(&out);
}

static void many_attributes_are_matched_by_their_names(void **state)
{
    (void)state;
    char *expected = with_attributes(true, 0);
    char *received = with_attributes(false, 0);
    assert_true(matches(expected, received, NULL));
    assert_true(matches("<message a1='v1' a20='v20'/>", received, NULL));
    assert_false(matches("<message a1='v1' a21='v21'/>", received, NULL));
    assert_false(matches(expected, "<message a1='v1' a20='v20'/>", NULL));
    assert_false(matches("<message xmlns:p='urn:x' p:a1='v1'/>", received, NULL));
    free(received);
    for (int other = 1; other <= 20; other++) {
        received = with_attributes(false, other);
        assert_false(matches(expected, received, NULL));
        free(received);
    }
    free(expected);
}

/* Namespaces in XML 1.0, 6.3: a name is a namespace and a local name, and a prefix only stands for the former. */
static void attributes_are_matched_by_namespace_and_local_name(void **state)
{
    (void)state;
    static const struct match_case cases[] = {
        { "<m xmlns:a='urn:x' a:k='1'/>", "<m xmlns:a='urn:x' a:k='1'/>", true },
        { "<m xmlns:a='urn:x' a:k='1'/>", "<m xmlns:b='urn:x' b:k='1'/>", true },
        { "<m xmlns:a='urn:x' a:k='1'/>", "<m xmlns:a='urn:y' a:k='1'/>", false },
        { "<m xmlns:a='urn:x' a:k='1'/>", "<m xmlns:b='urn:x' b:l='1'/>", false },
        { "<m xmlns:a='urn:x' a:k='1'/>", "<m xmlns:b='urn:x' b:k='2'/>", false },
        { "<m xmlns:a='urn:x' a:k='1'/>", "<m k='1'/>", false },
        { "<m k='1'/>", "<m xmlns:a='urn:x' a:k='1'/>", false },
        /* The default namespace does not apply to attributes (6.2). */
        { "<q xmlns='urn:x' xmlns:a='urn:x' a:k='1'/>", "<q xmlns='urn:x' k='1'/>", false },
        /* One local name in two namespaces, and with neither. */
        { "<m xmlns:a='urn:x' xmlns:b='urn:y' a:k='1' b:k='2' k='3'/>",
          "<m xmlns:a='urn:y' xmlns:b='urn:x' k='3' a:k='2' b:k='1'/>", true },
        { "<m xmlns:a='urn:x' xmlns:b='urn:y' a:k='1' b:k='2' k='3'/>",
          "<m xmlns:a='urn:x' xmlns:b='urn:y' k='3' a:k='2' b:k='1'/>", false },
        /* Strictly: an attribute of another namespace is one more. */
        { "<q xmlns='u' k='1'/>", "<q xmlns='u' xmlns:a='urn:x' k='1' a:k='1'/>", false },
        { "<q xmlns='u' xmlns:b='urn:x' b:k='1' k='1'/>", "<q xmlns='u' xmlns:a='urn:x' k='1' a:k='1'/>",
          true },
        { "<m xmlns:a='urn:x' a:k='{scansion:any}'/>", "<m xmlns:b='urn:x' b:k='1'/>", true },
        { "<m xmlns:a='urn:x' a:k='{scansion:any}'/>", "<m k='1'/>", false },
        /* The prefix of a directive does not matter either. */
        { "<m xmlns:s='https://matthewwild.co.uk/projects/scansion' s:strict='true'/>", "<m k='1'/>", false },
        { "<q xmlns='u' xmlns:s='https://matthewwild.co.uk/projects/scansion' s:strict='false'/>",
          "<q xmlns='u' k='1'/>", true },
    };
    CHECK_CASES(cases);
}

static void an_attribute_is_captured_under_any_prefix(void **state)
{
    (void)state;
    struct bindings captures = { 0 };
    assert_true(matches("<m xmlns:a='urn:x' a:k='{scansion:capture:x}'/>",
                        "<m xmlns:b='urn:x' k='1' b:k='2'/>", &captures));
    assert_string_equal(bindings_get(&captures, "x"), "2");
    bindings_free(&captures);
}

/* Children are looked up by their attributes when there are many. */
static void many_children_are_paired_by_attributes_under_any_prefix(void **state)
{
    (void)state;
    struct text expected = { 0 }, received = { 0 }, other = { 0 };
    text_string(&expected, "<m xmlns:a='urn:x'>");
    text_string(&received, "<m xmlns:b='urn:x'>");
    text_string(&other, "<m xmlns:a='urn:y'>");
    for (int i = 0; i < 200; i++) {
        char child[60];
        (void)snprintf(child, sizeof child, "<x xmlns='u' a:k='%d'/>", i);
        text_string(&expected, child);
        text_string(&other, child);
        (void)snprintf(child, sizeof child, "<x xmlns='u' b:k='%d'/>", 199 - i);
        text_string(&received, child);
    }
    text_string(&expected, "</m>");
    text_string(&received, "</m>");
    text_string(&other, "</m>");
    assert_true(matches(expected.bytes, received.bytes, NULL));
    assert_false(matches(expected.bytes, other.bytes, NULL));
    text_free(&expected);
    text_free(&received);
    text_free(&other);
}

static void white_space_between_elements_never_matters(void **state)
{
    (void)state;
    static const struct match_case cases[] = {
        { "<iq>\n  <query xmlns='u'>\n\t<item/>\n  </query>\n</iq>",
          "<iq><query xmlns='u'><item/></query></iq>", true },
        { "<iq><query xmlns='u'><item/></query></iq>", "<iq> <query xmlns='u'> <item/> </query> </iq>",
          true },
        { "<q xmlns='u'>\n  </q>", "<q xmlns='u'/>", true },
        { "<q xmlns='u'/>", "<q xmlns='u'>\n</q>", true },
        /* Beside elements text is trimmed, and joined around them. */
        { "<q xmlns='u'>\n  text\n  <b/>\n</q>", "<q xmlns='u'>text<b/></q>", true },
        { "<q xmlns='u'>one <b/> two</q>", "<q xmlns='u'>one <b/> two\n</q>", true },
        { "<q xmlns='u'>one <b/> two</q>", "<q xmlns='u'>one <b/> three</q>", false },
        { "<q xmlns='u'><b/></q>", "<q xmlns='u'>text<b/></q>", false },
        /* Alone it counts to the byte. */
        { "<body>Hi</body>", "<body>Hi </body>", false },
        { "<body> Hi</body>", "<body>Hi</body>", false },
        { "<body>a\nb</body>", "<body>a b</body>", false },
        { "<body>  </body>", "<body>  </body>", true },
        { "<body>  </body>", "<body> </body>", false },
        { "<body>  </body>", "<body/>", false },
    };
    CHECK_CASES(cases);
}

static void any_matches_every_present_value(void **state)
{
    (void)state;
    static const struct match_case cases[] = {
        { "<m id='{scansion:any}'/>", "<m id='17'/>", true },
        { "<m id='{scansion:any}'/>", "<m id=''/>", true },
        { "<m id='{scansion:any}'/>", "<m/>", false },
        { "<body>{scansion:any}</body>", "<body>Hi</body>", true },
        { "<body>{scansion:any}</body>", "<body> </body>", true },
        { "<body>{scansion:any}</body>", "<body/>", false },
        { "<q xmlns='u'>\n {scansion:any}\n <b/></q>", "<q xmlns='u'><b/>x</q>", true },
        /* It is the whole or it is plain text. */
        { "<m id='a{scansion:any}'/>", "<m id='ab'/>", false },
        { "<m id='a{scansion:any}'/>", "<m id='a{scansion:any}'/>", true },
        { "<m id='{scansion:capture:}'/>", "<m id='1'/>", false },
        { "<m id='{scansion:capture:a}b}'/>", "<m id='1'/>", false },
    };
    CHECK_CASES(cases);
}

static void variables_stand_for_addresses(void **state)
{
    (void)state;
    static const struct match_case cases[] = {
        { "<m from=\"${Romeo's full JID}\"/>", "<m from='romeo@localhost/orchard'/>", true },
        { "<m from=\"${Romeo's full JID}\"/>", "<m from='romeo@localhost'/>", false },
        { "<m from=\"${Romeo's JID}/balcony\"/>", "<m from='romeo@localhost/balcony'/>", true },
        { "<m from=\"${Romeo's JID}/balcony\"/>", "<m from='romeo@localhost/'/>", false },
        { "<body>I am ${Romeo's JID}, or ${Romeo's JID}.</body>",
          "<body>I am romeo@localhost, or romeo@localhost.</body>", true },
        { "<m a='${empty}'/>", "<m a=''/>", true },
        { "<m a='x${empty}y'/>", "<m a='xy'/>", true },
        { "<m a='${nobody}'/>", "<m a=''/>", false },
        { "<m a='${nobody}'/>", "<m a='${nobody}'/>", false },
        { "<m a='$ {x} ${} ${'/>", "<m a='$ {x} ${} ${'/>", true },
    };
    CHECK_CASES(cases);
}

static void without_a_lookup_nothing_is_known(void **state)
{
    (void)state;
    struct xml *expected = parse("<m a='${x}'/>");
    assert_false(match_element(expected, expected, NULL, NULL, NULL));
    assert_null(match_substitute("${x}", NULL, NULL, NULL, 0));
    xml_free(expected);
}

/* ---- Captures ---- */

static void what_is_captured_is_known_from_then_on(void **state)
{
    (void)state;
    struct bindings captures = { 0 };
    assert_true(matches("<m id='{scansion:capture:id}'><body>{scansion:capture:what was said}</body></m>",
                        "<m id='17'><body>a &amp; b</body></m>", &captures));
    assert_string_equal(bindings_get(&captures, "id"), "17");
    assert_string_equal(bindings_get(&captures, "what was said"), "a & b");
    assert_true(matches("<m id='${id}'/>", "<m id='17'/>", &captures));
    assert_true(matches("<m id='{scansion:capture:id}'/>", "<m id='18'/>", &captures));
    assert_string_equal(bindings_get(&captures, "id"), "18");
    bindings_free(&captures);
}

static void nothing_is_captured_unless_all_matches(void **state)
{
    (void)state;
    struct bindings captures = { 0 };
    assert_false(matches("<m id='{scansion:capture:id}'><body/></m>", "<m id='17'/>", &captures));
    assert_null(bindings_get(&captures, "id"));
    assert_false(matches("<m id='{scansion:capture:id}'/>", "<m/>", &captures));
    assert_null(bindings_get(&captures, "id"));
    bindings_free(&captures);
}

/* Within a stanza ${x} has its earlier value. */
static void a_stanza_is_compared_with_what_was_known_before_it(void **state)
{
    (void)state;
    struct bindings captures = { 0 };
    bindings_set(&captures, "x", "old");
    assert_true(
        matches("<m a='{scansion:capture:x}'><b c='${x}'/></m>", "<m a='new'><b c='old'/></m>", &captures));
    assert_string_equal(bindings_get(&captures, "x"), "new");
    bindings_free(&captures);
}

static void captures_follow_the_assignment_of_children(void **state)
{
    (void)state;
    struct bindings captures = { 0 };
    assert_true(matches("<m><x n='{scansion:capture:n}'/><x n='1'>\n<y>{scansion:capture:y}</y></x></m>",
                        "<m><x n='1'><y>deep</y></x><x n='2'/></m>", &captures));
    assert_string_equal(bindings_get(&captures, "n"), "2");
    assert_string_equal(bindings_get(&captures, "y"), "deep");
    assert_true(matches("<m>\n{scansion:capture:text}\n<x/></m>", "<m> a<x/>b </m>", &captures));
    assert_string_equal(bindings_get(&captures, "text"), "ab");
    bindings_free(&captures);
}

static void bindings_hold_the_latest_value(void **state)
{
    (void)state;
    struct bindings bindings = { 0 };
    assert_null(bindings_get(&bindings, "a"));
    bindings_set(&bindings, "a", "1");
    bindings_set(&bindings, "b", "2");
    bindings_set(&bindings, "a", "3");
    bindings_set(&bindings, "b", bindings_get(&bindings, "b"));
    assert_string_equal(bindings_get(&bindings, "a"), "3");
    assert_string_equal(bindings_get(&bindings, "b"), "2");
    bindings_free(&bindings);
    assert_null(bindings_get(&bindings, "a"));
    bindings_free(&bindings);
}

/* ---- Substitution ---- */

static void substitution_replaces_every_variable(void **state)
{
    (void)state;
    char *text = match_substitute("<${Romeo's JID}|${empty}|${Romeo's full JID}>$", look_up, NULL, NULL, 0);
    assert_string_equal(text, "<romeo@localhost||romeo@localhost/orchard>$");
    free(text);
    text = match_substitute("", look_up, NULL, NULL, 0);
    assert_string_equal(text, "");
    free(text);
}

static void substitution_names_an_unknown_variable(void **state)
{
    (void)state;
    char unknown[8];
    assert_null(match_substitute("${Romeo's JID} ${nurse}", look_up, NULL, unknown, sizeof unknown));
    assert_string_equal(unknown, "nurse");
    assert_null(match_substitute("${Juliet's JID}", look_up, NULL, unknown, sizeof unknown));
    assert_string_equal(unknown, "Juliet'");
    struct text text = { 0 };
    text_string(&text, "${");
    text_repeat(&text, 'x', 1000);
    text_string(&text, "}");
    assert_null(match_substitute(text.bytes, look_up, NULL, unknown, sizeof unknown));
    assert_string_equal(unknown, "xxxxxxx");
    text_free(&text);
}

/* ---- Likeness ---- */

static void the_more_is_as_expected_the_greater_the_likeness(void **state)
{
    (void)state;
    const char *expected = "<m to='a' type='chat'><body>Hi</body><x xmlns='u'/></m>";
    static const char *const received[] = {
        "<p to='a' type='chat'><body>Hi</body></p>",
        "<m xmlns='v'/>",
        "<m/>",
        "<m to='a'/>",
        "<m to='a' type='chat'/>",
        "<m to='a' type='chat'><body/></m>",
        "<m to='a' type='chat'><body>Hi</body></m>",
        "<m to='a' type='chat'><body>Hi</body><x xmlns='v'/></m>",
        "<m to='a' type='chat'><body>Hi</body><x xmlns='u'/></m>",
    };
    assert_int_equal(likeness(expected, received[0]), 0);
    for (size_t i = 1; i < sizeof received / sizeof *received; i++) {
        assert_true(likeness(expected, received[i]) > likeness(expected, received[i - 1]));
    }
}

static void nest(struct text *out, size_t depth, const char *inmost)
{
    for (size_t i = 0; i < depth; i++) {
        text_string(out, "<a>");
    }
    text_string(out, inmost);
    for (size_t i = 0; i < depth; i++) {
        text_string(out, "</a>");
    }
}

static void deep_elements_are_compared_in_reasonable_time(void **state)
{
    (void)state;
    struct text expected = { 0 };
    struct text received = { 0 };
    nest(&expected, 200, "<b/>");
    nest(&received, 200, "<c/>");
    assert_false(matches(expected.bytes, received.bytes, NULL));
    assert_true(matches(expected.bytes, expected.bytes, NULL));
    assert_int_equal(likeness(expected.bytes, received.bytes), 400);
    text_free(&expected);
    text_free(&received);
}

/* ---- Of many ---- */

/* Pairs of TOO_MANY are more than are ever compared (MATCH_MOST). */
enum { MANY = 1500, TOO_MANY = 2100 };

/* <q xmlns='urn:x'> with `pattern` for each of the numbers between, which stand for each '%' in it and fall
 * where `first` is the higher. */
static struct xml *many(const char *pattern, size_t first, size_t last)
{
    struct text text = { 0 };
    text_string(&text, "<q xmlns='urn:x' xmlns:scansion='" XML_NS_SCANSION "'>");
    for (size_t i = first; i != last; i += first < last ? 1 : (size_t)-1) {
        for (const char *at = pattern; *at != '\0'; at++) {
            if (*at == '%')
                text_number(&text, first < last ? i : i - 1);
            else
                text_append(&text, at, 1);
        }
    }
    text_string(&text, "</q>");
    struct xml *element = parse(text.bytes);
    text_free(&text);
    return element;
}

static bool many_match(struct xml *expected, struct xml *received)
{
    bool matches = match_element(expected, received, look_up, NULL, NULL);
    xml_free(expected);
    xml_free(received);
    return matches;
}

static void many_children_are_paired_without_comparing_each_with_each(void **state)
{
    (void)state;
    static const char *const formats[] = {
        "<a x='%' y='%'/>",
        "<a>%%</a>",
        "<a><b><c>%</c></b><d>%</d></a>",
        "<a x='%'>{scansion:any}<!-- % --></a>",
        "<a x='{scansion:any}'>%%</a>",
        "<a scansion:strict='false' x='%'><b>%</b></a>",
        "<a><b>%</b><c>{scansion:any}</c></a>",
        "<a scansion:strict='false'><b x='%'/></a>",
        "<a scansion:strict='false'><b scansion:strict='true'><c><d>%</d></c></b></a>",
    };
    static const char *const received[] = {
        "<a x='%' y='%'/>",
        "<a>%%</a>",
        "<a><d>%</d><b><c>%</c></b></a>",
        "<a x='%'>%</a>",
        "<a x=''>%%</a>",
        "<a x='%'><b>%</b><c/></a>",
        "<a><b>%</b><c>%</c></a>",
        "<a><c/><b x='%' y='1'>1</b></a>",
        "<a><b><c><d>%</d></c></b><d>1</d></a>",
    };
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        assert_true(many_match(many(formats[i], 0, MANY), many(received[i], MANY, 0)));
        assert_false(many_match(many(formats[i], 0, MANY), many(received[i], MANY + 1, 1)));
        assert_false(many_match(many(formats[i], 0, MANY), many(received[i], 10, MANY)));
    }
}

/* More identical stanzas than were received: each remaining one finds no partner. */
static void many_equal_children_leave_none_over(void **state)
{
    (void)state;
    assert_true(many_match(many("<a/>", 0, MANY), many("<a/>", 0, MANY)));
    assert_false(many_match(many("<a/>", 0, MANY), many("<a/>", 0, MANY / 2)));
    assert_false(many_match(many("<a x='{scansion:any}'/>", 0, MANY), many("<a x='1'/>", 0, MANY / 2)));
}

/* Matching that needs all pairs of comparisons is given up. */
static void too_many_comparisons_are_no_match(void **state)
{
    (void)state;
    LONG_TEST();
    const char *const expected = "<a><z><b>%</b><c>{scansion:any}</c></z></a>";
    const char *const got = "<a><z><b>%</b><c>%</c></z></a>";
    assert_true(many_match(many(expected, 0, 1000), many(got, 1000, 0)));
    assert_false(many_match(many(expected, 0, TOO_MANY), many(got, TOO_MANY, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stanzas_are_matched_loosely),
        cmocka_unit_test(elements_of_other_namespaces_are_matched_strictly),
        cmocka_unit_test(strictness_is_overridden_for_all_that_is_inside),
        cmocka_unit_test(the_order_of_children_and_attributes_is_free),
        cmocka_unit_test(each_expected_child_needs_one_of_its_own),
        cmocka_unit_test(many_alike_children_are_matched_at_once),
        cmocka_unit_test(many_attributes_are_matched_by_their_names),
        cmocka_unit_test(attributes_are_matched_by_namespace_and_local_name),
        cmocka_unit_test(an_attribute_is_captured_under_any_prefix),
        cmocka_unit_test(many_children_are_paired_by_attributes_under_any_prefix),
        cmocka_unit_test(white_space_between_elements_never_matters),
        cmocka_unit_test(any_matches_every_present_value),
        cmocka_unit_test(variables_stand_for_addresses),
        cmocka_unit_test(without_a_lookup_nothing_is_known),
        cmocka_unit_test(what_is_captured_is_known_from_then_on),
        cmocka_unit_test(nothing_is_captured_unless_all_matches),
        cmocka_unit_test(a_stanza_is_compared_with_what_was_known_before_it),
        cmocka_unit_test(captures_follow_the_assignment_of_children),
        cmocka_unit_test(bindings_hold_the_latest_value),
        cmocka_unit_test(substitution_replaces_every_variable),
        cmocka_unit_test(substitution_names_an_unknown_variable),
        cmocka_unit_test(the_more_is_as_expected_the_greater_the_likeness),
        cmocka_unit_test(deep_elements_are_compared_in_reasonable_time),
        cmocka_unit_test(many_children_are_paired_without_comparing_each_with_each),
        cmocka_unit_test(many_equal_children_leave_none_over),
        cmocka_unit_test(too_many_comparisons_are_no_match),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
