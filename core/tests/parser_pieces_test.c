/* What is reported of a stream does not depend on the pieces in which it comes: the errors (RFC 6120, 4.9.3) least of
 * all, and each comes with the byte that decides it. */
#include "parser_rig.h"
#include "shallow.h"

/* ---- Inputs ---- */

struct input {
    const char *xml; /* behind the header, where the input is one of a stanza */
    size_t length;
    enum stream_error error;
};

#define INPUT(xml, error)                                                                                    \
    {                                                                                                        \
        xml, sizeof(xml) - 1, STREAM_##error                                                                 \
    }

/* As the first bytes of a stream. */
static const struct input beginnings[] = {
    /* XML 1.0, 2.1: before the root element there are only white space, comments and the like */
    INPUT("x", NOT_WELL_FORMED),
    INPUT("xxxx <", NOT_WELL_FORMED),
    INPUT(" x", NOT_WELL_FORMED),
    INPUT("\r\n\t x", NOT_WELL_FORMED),
    INPUT("<?xml version='1.0'?>x", NOT_WELL_FORMED),
    INPUT("<?xml version='1.0'?>\r\n'x'", NOT_WELL_FORMED),
    INPUT("'x'", NOT_WELL_FORMED),
    INPUT("\"\xff\"", NOT_WELL_FORMED),
    INPUT("]]>", NOT_WELL_FORMED),
    INPUT("&amp;", NOT_WELL_FORMED),
    INPUT("%a;", NOT_WELL_FORMED),
    INPUT("\x01", NOT_WELL_FORMED),
    INPUT("\xc3\xbc", NOT_WELL_FORMED),
    INPUT(" \xe2\x82\xac", NOT_WELL_FORMED),
    INPUT("<![CDATA[x]]>", NOT_WELL_FORMED),
    INPUT("</a>", NOT_WELL_FORMED),
    /* RFC 6120, 11.6: U+FEFF is a character, also as the first; no encoding but UTF-8 */
    INPUT("\xef\xbb\xbf<a>", NOT_WELL_FORMED),
    INPUT("\xfe\xff", UNSUPPORTED_ENCODING),
    INPUT("\xff\xfe<", UNSUPPORTED_ENCODING),
    INPUT("\0<", UNSUPPORTED_ENCODING),
    INPUT("<\0", UNSUPPORTED_ENCODING),
    INPUT("\n\0", UNSUPPORTED_ENCODING),
    INPUT("\xff", UNSUPPORTED_ENCODING),
    INPUT(" \x80", UNSUPPORTED_ENCODING),
    INPUT("<\xff", UNSUPPORTED_ENCODING),
    INPUT("<a\xff", UNSUPPORTED_ENCODING),
    /* RFC 6120, 11.1: comments, processing instructions and DTDs */
    INPUT("<!-- x -->", RESTRICTED_XML),
    INPUT("\n<!---->", RESTRICTED_XML),
    INPUT("<?xml version='1.0'?><!--<a>-->", RESTRICTED_XML),
    INPUT("<?a b?>", RESTRICTED_XML),
    INPUT("<?a?>", RESTRICTED_XML),
    INPUT("<?\xc3\xbc '?>", RESTRICTED_XML),
    INPUT("<?xm x?>", RESTRICTED_XML),
    INPUT("<?xml-stylesheet x?>", RESTRICTED_XML),
    INPUT(" <?xmlxml?>", RESTRICTED_XML),
    INPUT("<!DOCTYPE a>", RESTRICTED_XML),
    INPUT("<!DOCTYPE\r\na [<!ENTITY b 'c'>]>", RESTRICTED_XML),
    INPUT("<!DOCTYPE a SYSTEM '>'>", RESTRICTED_XML),
    INPUT("<!DOCTYPE a PUBLIC \"-//b\" 'c' [", RESTRICTED_XML),
    /* XML 1.0, 2.5, 2.6, 2.8: what only looks like them */
    INPUT("<!--\x01", NOT_WELL_FORMED),
    INPUT("<!-- x -- ", NOT_WELL_FORMED),
    INPUT("<!--\xff", UNSUPPORTED_ENCODING),
    INPUT("<!-x", NOT_WELL_FORMED),
    INPUT("<!x", NOT_WELL_FORMED),
    INPUT("<! DOCTYPE a>", NOT_WELL_FORMED),
    INPUT("<!DOCTYPEa>", NOT_WELL_FORMED),
    INPUT("<!DOCTYPE>", NOT_WELL_FORMED),
    INPUT("<!DOCTYPE >", NOT_WELL_FORMED),
    INPUT("<!DOCTYPE a SYSTEM>", NOT_WELL_FORMED),
    INPUT("<!DOCTYPE a SYSTEM '\xff", UNSUPPORTED_ENCODING),
    INPUT("<!DOCTYPE a SYSTEM 'b'c>", NOT_WELL_FORMED),
    INPUT("<!DOCTYPE a PUBLIC '\\' 'b'>", NOT_WELL_FORMED),
    INPUT("<!doctype a>", NOT_WELL_FORMED),
    INPUT("<!ELEMENT a>", NOT_WELL_FORMED),
    INPUT("<?\?>", NOT_WELL_FORMED),
    INPUT("<? a?>", NOT_WELL_FORMED),
    INPUT("<?1?>", NOT_WELL_FORMED),
    INPUT("<?a\x01?>", NOT_WELL_FORMED),
    INPUT("<?a'?>", NOT_WELL_FORMED),
    INPUT("<?a \x01", NOT_WELL_FORMED),
    INPUT("<?a \xff", UNSUPPORTED_ENCODING),
    INPUT("<?a\xff", UNSUPPORTED_ENCODING),
    /* 2.8: the XML declaration is the first thing of all; 4.3.3: its encoding */
    INPUT(" <?xml version='1.0'?>", NOT_WELL_FORMED),
    INPUT("<?xml version='1.0'?><?xml version='1.0'?>", NOT_WELL_FORMED),
    INPUT("<?XML version='1.0'?>", NOT_WELL_FORMED),
    INPUT("<?xmL version='1.0'?>", NOT_WELL_FORMED),
    INPUT("<?xml?>", NOT_WELL_FORMED),
    INPUT("<?xml ?>", NOT_WELL_FORMED),
    INPUT("<?xml encoding='utf-8'?>", NOT_WELL_FORMED),
    INPUT("<?xml version='1.0'><a b='?>", NOT_WELL_FORMED),
    INPUT("<?xml version='1.0' ?\?>", NOT_WELL_FORMED),
    INPUT("<?xml version='1.0' encoding='utf-8' standalone='x'?>", NOT_WELL_FORMED),
    INPUT("<?xml version='1.0\x01", NOT_WELL_FORMED),
    INPUT("<?xml version='1.0\xff", UNSUPPORTED_ENCODING),
    INPUT("<?xml version='1.0\xe2\x82'", UNSUPPORTED_ENCODING),
    INPUT("<?xml version='1.0' encoding='utf-16'?>", UNSUPPORTED_ENCODING),
    INPUT("<?xml version='1.0' encoding='iso-8859-1' standalone='no'?>", UNSUPPORTED_ENCODING),
    /* 3.1, and Namespaces in XML: the tag of the header */
    INPUT("<>", NOT_WELL_FORMED),
    INPUT("< a>", NOT_WELL_FORMED),
    INPUT("<1>", NOT_WELL_FORMED),
    INPUT("<aaaa\x01", NOT_WELL_FORMED),
    INPUT("<a:b:c", NOT_WELL_FORMED),
    INPUT("<a:b>", NOT_WELL_FORMED),
    INPUT("<a b=c", NOT_WELL_FORMED),
    INPUT("<a b c", NOT_WELL_FORMED),
    INPUT("<a b='<", NOT_WELL_FORMED),
    INPUT("<a b='&#0;'>", NOT_WELL_FORMED),
    INPUT("<a b='&amp '", NOT_WELL_FORMED),
    INPUT("<a b='1'c", NOT_WELL_FORMED),
    INPUT("<a b='1' b='2'>", NOT_WELL_FORMED),
    INPUT("<a/ >", NOT_WELL_FORMED),
    INPUT("<a b='&c;'>", RESTRICTED_XML),
    INPUT("<a b='\xc0\x80", UNSUPPORTED_ENCODING),
};

/* Behind the header. */
static const struct input continuations[] = {
    /* RFC 6120, 4.9.3.1 and 11.7: between stanzas is only white space */
    INPUT("x", BAD_FORMAT),
    INPUT(" \r\nx", BAD_FORMAT),
    INPUT("<a/>x", BAD_FORMAT),
    INPUT("x]]>", BAD_FORMAT),
    INPUT("xx]x]]>", BAD_FORMAT),
    INPUT("]]>", BAD_FORMAT),
    INPUT(" ]]>", BAD_FORMAT),
    INPUT("]x", BAD_FORMAT),
    INPUT("]]]]", BAD_FORMAT),
    INPUT("<a/>\xc2\xa0", BAD_FORMAT),
    INPUT("x\xff", BAD_FORMAT),
    INPUT("x\x01", BAD_FORMAT),
    INPUT("x&b;", BAD_FORMAT),
    INPUT("&lt;", BAD_FORMAT),
    INPUT("&#64;", BAD_FORMAT),
    INPUT("<![CDATA[x", BAD_FORMAT),
    INPUT("<![CDATA[ ]]] ]]>", BAD_FORMAT),
    INPUT("<![CDATA[]]>x", BAD_FORMAT),
    INPUT("<![CDATA[ ]]>]]>", BAD_FORMAT),
    /* 11.1 */
    INPUT("<!---->", RESTRICTED_XML),
    INPUT("<a/> <!-- x -->", RESTRICTED_XML),
    INPUT("<a>!-<!-- <b> ' -->", RESTRICTED_XML),
    INPUT("<a><![CDATA[<!-- <?x ]]><!-- x -->", RESTRICTED_XML),
    INPUT("<a b='!--?'><?c?>", RESTRICTED_XML),
    INPUT("<a/><?b >?>", RESTRICTED_XML),
    INPUT("<a>?<?xmlx '?>", RESTRICTED_XML),
    INPUT("&b;", RESTRICTED_XML),
    INPUT("<a>&b;", RESTRICTED_XML),
    INPUT("<a b='&c;'/>", RESTRICTED_XML),
    /* XML 1.0, 2.4 to 2.8, 3.1, 4.1 */
    INPUT("<!DOCTYPE a>", NOT_WELL_FORMED),
    INPUT("<a><!-- x --y", NOT_WELL_FORMED),
    INPUT("<!-x", NOT_WELL_FORMED),
    INPUT("<!x", NOT_WELL_FORMED),
    INPUT("<![xxxxxx", NOT_WELL_FORMED),
    INPUT("<![CDAT[x", NOT_WELL_FORMED),
    INPUT("<a><![CDATA ]]>", NOT_WELL_FORMED),
    INPUT("<![CDATA[ \x01", NOT_WELL_FORMED),
    INPUT("<?xml version='1.0'?>", NOT_WELL_FORMED),
    INPUT("<a/><?xml version='1.0'\xff", UNSUPPORTED_ENCODING),
    INPUT("<a><?XML ", NOT_WELL_FORMED),
    INPUT("<?\?>", NOT_WELL_FORMED),
    INPUT("<?a\x01", NOT_WELL_FORMED),
    INPUT("<a>]]>", NOT_WELL_FORMED),
    INPUT("<a>x]]>", NOT_WELL_FORMED),
    INPUT("<a>x]]]>", NOT_WELL_FORMED),
    INPUT("<a>\xef\xbf\xbe", NOT_WELL_FORMED),
    INPUT("\x01", NOT_WELL_FORMED),
    INPUT("\xef\xbf\xbf", NOT_WELL_FORMED),
    INPUT("&b ", NOT_WELL_FORMED),
    INPUT("&#0;", NOT_WELL_FORMED),
    INPUT("&#x;", NOT_WELL_FORMED),
    INPUT("<a>&#1a;", NOT_WELL_FORMED),
    INPUT("<a>&#xd800;", NOT_WELL_FORMED),
    INPUT("</a>", NOT_WELL_FORMED),
    INPUT("<a></b>", NOT_WELL_FORMED),
    INPUT("<a></a b", NOT_WELL_FORMED),
    INPUT("<a></a'>'>", NOT_WELL_FORMED),
    INPUT("</stream:streams>", NOT_WELL_FORMED),
    INPUT("</stream:stream x", NOT_WELL_FORMED),
    INPUT("<a/x", NOT_WELL_FORMED),
    INPUT("<a b=\xc3\xbc", NOT_WELL_FORMED),
    INPUT("<a b=\xe2\x82\xac", NOT_WELL_FORMED),
    INPUT("<a b='c'\xf0\x9f\x98\x80", NOT_WELL_FORMED),
    INPUT("<a></a \xc3\xbc", NOT_WELL_FORMED),
    INPUT("<a b=\xe2\x82'", UNSUPPORTED_ENCODING),
    INPUT("<a <b", NOT_WELL_FORMED),
    INPUT("<a b='<!--", NOT_WELL_FORMED),
    INPUT("<a b='1' xmlns:c='1' xmlns:d='1' c:b='1' d:b='2'/>", NOT_WELL_FORMED),
};

static const struct input valid[] = {
    INPUT("<?xml version='1.0' encoding='utf-8' standalone='yes'?>\r\n" HEADER, RESET),
    INPUT("\t\r\n " HEADER " \r\n<a/>" END "<!-- not in the stream \xff", RESET),
    INPUT(HEADER "<a>!?]] ]><b c='>!--?>&lt;' d=\"'>\"/>\xe2\x82\xac\r\n</a>\r\n<![CDATA[ \r\n]]>" END,
          RESET),
    INPUT(HEADER "<a><![CDATA[<!-- --><?x?>]] ]>&b;<!DOCTYPE ]]]><![CDATA[\xc3\xbc]]>]</a ><b\n/>" END,
          RESET),
    INPUT(HEADER "<\xc3\xbc \xc3\xa4='&#x20ac;'></\xc3\xbc>&#32;<a>&#0033;?</a>" END, RESET),
};

#define COUNT(inputs) (sizeof(inputs) / sizeof *(inputs))

/* ---- Feeding ---- */

/* What was reported of one way of feeding. */
struct verdict {
    char log[sizeof heard.log];
    bool failed;
    enum stream_error error;
    const char *text;
};

static size_t limit = SIZE_MAX; /* of the bytes of a stanza, or of the header where that is an input */

static void open_stream(bool opened)
{
    heard.limits = core_settings_default().limits;
    begin();
    if (opened)
        feed(HEADER);
    if (limit < SIZE_MAX)
        heard.limits.stanza_bytes = limit;
}

static void close_stream(struct verdict *verdict)
{
    verdict->failed = heard.failed;
    verdict->error = heard.error;
    verdict->text = heard.text;
    (void)snprintf(verdict->log, sizeof verdict->log, "%s", heard.log);
    parser_free(&heard.parser);
}

/* In two pieces, of which the first ends at `cut`; all of them of `size`. */
static void in_halves(struct verdict *verdict, bool opened, const char *xml, size_t length, size_t cut)
{
    open_stream(opened);
    feed_in_pieces(xml, cut, SIZE_MAX);
    feed_in_pieces(xml + cut, length - cut, SIZE_MAX);
    close_stream(verdict);
}

static void in_pieces(struct verdict *verdict, bool opened, const char *xml, size_t length, size_t size)
{
    open_stream(opened);
    feed_in_pieces(xml, length, size);
    close_stream(verdict);
}

static bool are_same(const struct verdict *a, const struct verdict *b)
{
    if (strcmp(a->log, b->log) != 0 || a->failed != b->failed || (a->failed && a->error != b->error))
        return false;
    const bool have_text = a->text != NULL && b->text != NULL;
    return a->text == b->text || (have_text && strcmp(a->text, b->text) == 0);
}

static void expect_same(const struct verdict *whole, const struct verdict *parts, const char *xml,
                        size_t length, size_t how)
{
    if (!are_same(whole, parts))
        fail_msg("%zu bytes of %.200s: %sin one piece %s%d %s, in others (%zu) %sand %s%d %s", length, xml,
                 whole->log, whole->failed ? "error " : "no error ", (int)whole->error,
                 whole->text != NULL ? whole->text : "", how, parts->log,
                 parts->failed ? "error " : "no error ", (int)parts->error,
                 parts->text != NULL ? parts->text : "");
}

/* In one piece, byte by byte, and in two with each place between them. */
static void expect_same_in_pieces(struct verdict *whole, bool opened, const char *xml, size_t length)
{
    static struct verdict parts;
    in_pieces(whole, opened, xml, length, SIZE_MAX);
    in_pieces(&parts, opened, xml, length, 1);
    expect_same(whole, &parts, xml, length, 1);
    for (size_t cut = 1; cut < length; cut++) {
        in_halves(&parts, opened, xml, length, cut);
        expect_same(whole, &parts, xml, length, cut);
    }
}

static int tear_down(void **state)
{
    (void)state;
    parser_pool_empty(&pool);
    return rig.memory.live == 0 ? 0 : -1;
}

/* ---- Tests ---- */

static void expect_errors(const struct input *inputs, size_t count, bool opened)
{
    static struct verdict whole;
    for (size_t i = 0; i < count; i++) {
        expect_same_in_pieces(&whole, opened, inputs[i].xml, inputs[i].length);
        if (!whole.failed || whole.error != inputs[i].error)
            fail_msg("%s: %s%d, not %d", inputs[i].xml, whole.failed ? "error " : "no error ",
                     (int)whole.error, (int)inputs[i].error);
    }
}

static void a_mistake_has_one_error_in_whatever_pieces_it_comes(void **state)
{
    (void)state;
    expect_errors(beginnings, COUNT(beginnings), false);
    expect_errors(continuations, COUNT(continuations), true);
}

/* Of the beginnings of an input the same is known. */
static void expect_same_for_lengths(const struct input *inputs, size_t count, bool opened, size_t step)
{
    static struct verdict whole;
    for (size_t i = 0; i < count; i++)
        for (size_t length = 1; length < inputs[i].length; length += step)
            expect_same_in_pieces(&whole, opened, inputs[i].xml, length);
}

static void the_error_comes_with_the_same_byte_in_whatever_pieces(void **state)
{
    (void)state;
    expect_same_for_lengths(beginnings, COUNT(beginnings), false, 1);
    expect_same_for_lengths(continuations, COUNT(continuations), true, 1);
}

static void what_is_allowed_is_reported_with_the_same_byte_in_whatever_pieces(void **state)
{
    (void)state;
    static struct verdict whole;
    for (size_t i = 0; i < COUNT(valid); i++) {
        expect_same_in_pieces(&whole, false, valid[i].xml, valid[i].length);
        assert_false(whole.failed);
    }
    expect_same_for_lengths(valid, COUNT(valid), false, 7);
}

/* Which comes first, a mistake or the limit, does not depend on the pieces. */
static void expect_same_for_limits(const struct input *inputs, size_t count, bool opened, size_t step)
{
    static struct verdict whole;
    for (size_t i = 0; i < count; i++)
        for (limit = 1; limit < inputs[i].length; limit += step)
            expect_same_in_pieces(&whole, opened, inputs[i].xml, inputs[i].length);
}

static void a_limit_is_exceeded_by_the_same_byte_in_whatever_pieces(void **state)
{
    (void)state;
    LONG_TEST();
    expect_same_for_limits(beginnings, COUNT(beginnings), false, 1);
    expect_same_for_limits(continuations, COUNT(continuations), true, 1);
    expect_same_for_limits(valid, COUNT(valid), false, 7);
}

/* RFC 3629, 3 and 4, in each position where XML has characters. */
static void bytes_that_are_not_utf_8_have_one_error_in_whatever_pieces(void **state)
{
    (void)state;
    static const char *const bytes[] = { "\x80",
                                         "\xbf",
                                         "\xc0\x80",
                                         "\xc1\xbf",
                                         "\xe0\x80\x80",
                                         "\xed\xa0\x80",
                                         "\xf0\x80\x80\x80",
                                         "\xf4\x90\x80\x80",
                                         "\xf5",
                                         "\xfe",
                                         "\xff",
                                         "\xc3",
                                         "\xe2\x82",
                                         "\xf0\x9f\x98" };
    static const char *const places[] = {
        "<a%sb   ",         "<a b%sc   ", "<a b='%sc   ",   "<a>%sb   ", "<a></a%sb  ",   "<![CDATA[%s]]>  ",
        "<a><![CDATA[%s  ", "<a>&b%sc  ", "%s    ",         "<a/>%s   ", "<a b='&%s    ", "<%sa   ",
        "<a b=%s    ",      "<a %s    ",  "<a b='c'%s    ", "</%s    ",  "<a></a %s    ", "<a>&#%s    ",
        "<a>&#x1%s    ",    "<a/%s    ",  "<!-- x %s    ",  "<!%s    "
    };
    static struct verdict whole;
    for (size_t b = 0; b < COUNT(bytes); b++)
        for (size_t p = 0; p < COUNT(places); p++) {
            char xml[64];
            (void)snprintf(xml, sizeof xml, places[p], bytes[b]);
            expect_same_in_pieces(&whole, true, xml, strlen(xml));
            if (!whole.failed || whole.error != STREAM_UNSUPPORTED_ENCODING)
                fail_msg("%s: %s%d", xml, whole.failed ? "error " : "no error ", (int)whole.error);
        }
}

/* ---- What is long ---- */

/* Where expat waits for the end of something, the parser holds bytes back; see parser.h. */
static void what_is_long_has_one_error_in_whatever_pieces(void **state)
{
    (void)state;
    static const struct {
        const char *begin, *end;
        char fill;
        enum stream_error error;
    } cases[] = {
        { "<a b='", "\x01'>", 'x', STREAM_NOT_WELL_FORMED },
        { "<a b='", "\xff'>", 'x', STREAM_UNSUPPORTED_ENCODING },
        { "<a b='", "<'>", '>', STREAM_NOT_WELL_FORMED },
        { "<a b='", "' b=''>", 'x', STREAM_NOT_WELL_FORMED },
        { "<a b='", "&c;'>", 'x', STREAM_RESTRICTED_XML },
        { "<a", "'>", 'a', STREAM_NOT_WELL_FORMED },
        { "<a", "=''>", ' ', STREAM_NOT_WELL_FORMED },
        { "<a></", "'>", 'a', STREAM_NOT_WELL_FORMED },
        { "<a></a", "b>", ' ', STREAM_NOT_WELL_FORMED },
        { "<a>&#", ";", '0', STREAM_NOT_WELL_FORMED },
        { "<a>&#x", "'", 'f', STREAM_NOT_WELL_FORMED },
        { "<a>&", ";", 'b', STREAM_RESTRICTED_XML },
        { "<a>", "]]>", 'x', STREAM_NOT_WELL_FORMED },
        { "<a><![CDATA[", "\xff", ']', STREAM_UNSUPPORTED_ENCODING },
        { "", "&lt;", ' ', STREAM_BAD_FORMAT },
        { "<a/>", "<!---->", '\r', STREAM_RESTRICTED_XML },
        { "<a><!--", "-->", '>', STREAM_RESTRICTED_XML },
        { "<?b ", "?>", '\'', STREAM_RESTRICTED_XML },
        { "<?b", " ?>", 'b', STREAM_RESTRICTED_XML },
    };
    static struct verdict whole;
    for (size_t i = 0; i < COUNT(cases); i++)
        for (size_t length = 100; length <= 600; length += 500) {
            char xml[1024];
            /* Behind it is what ends whatever is held back, wherever it began. */
            (void)snprintf(xml, sizeof xml, "%s'>\">;",
                           rig_filled(cases[i].begin, cases[i].fill, length, cases[i].end));
            limit = SIZE_MAX;
            expect_same_in_pieces(&whole, true, xml, strlen(xml));
            if (!whole.failed || whole.error != cases[i].error)
                fail_msg("%s: %s%d, not %d", xml, whole.failed ? "error " : "no error ", (int)whole.error,
                         (int)cases[i].error);
            limit = length;
            expect_same_in_pieces(&whole, true, xml, strlen(xml));
        }
}

/* RFC 6120, 11.1: what is not allowed and long is not waited for, and mistakes behind that are not looked for. */
static void what_is_refused_before_it_ends_fails_with_the_same_byte_in_whatever_pieces(void **state)
{
    (void)state;
    static const struct {
        bool opened;
        const char *begin;
        char fill;
        enum stream_error error;
        size_t last; /* byte that is needed for the error, from 1 */
    } cases[] = {
        { false, "x", 'x', STREAM_NOT_WELL_FORMED, 1 },
        { false, " \"", 'x', STREAM_NOT_WELL_FORMED, 2 },
        { false, "<!D", 'D', STREAM_NOT_WELL_FORMED, 4 },
        { false, "<!--", ' ', STREAM_RESTRICTED_XML, 257 },
        { false, "\n<?xon ", '\'', STREAM_RESTRICTED_XML, 258 },
        { false, "<?xml", 'A', STREAM_RESTRICTED_XML, 257 },
        { false, "<!DOCTYPE ", 'A', STREAM_RESTRICTED_XML, 257 },
        { false, "<!DOCTYPE a SYSTEM '", '>', STREAM_RESTRICTED_XML, 257 },
        { false, "<?xml version='1.0' ", '>', STREAM_POLICY_VIOLATION, 257 },
        { true, "<!--", '<', STREAM_RESTRICTED_XML, 257 },
        { true, "<a/><?b ", '>', STREAM_RESTRICTED_XML, 261 },
        { true, "<a><?xml ", '?', STREAM_RESTRICTED_XML, 260 },
    };
    static struct verdict whole;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *filled =
            rig_filled(cases[i].begin, cases[i].fill, cases[i].last - strlen(cases[i].begin), "");
        char xml[512];
        (void)snprintf(xml, sizeof xml, "%s\x01-->?>", filled);
        expect_same_in_pieces(&whole, cases[i].opened, xml, cases[i].last - 1);
        assert_false(whole.failed);
        for (size_t more = 0; more < 4; more++) {
            expect_same_in_pieces(&whole, cases[i].opened, xml, cases[i].last + more);
            assert_true(whole.failed);
            assert_int_equal(whole.error, cases[i].error);
        }
    }
}

static void a_declaration_may_have_256_bytes_in_whatever_pieces(void **state)
{
    (void)state;
    static struct verdict whole;
    for (size_t length = 255; length <= 258; length++) {
        char xml[512] = "<?xml version='1.0'";
        memset(xml + strlen(xml), ' ', length - strlen(xml) - 2);
        memcpy(xml + length - 2, "?>" HEADER, sizeof "?>" HEADER);
        expect_same_in_pieces(&whole, false, xml, strlen(xml));
        assert_int_equal(whole.failed, length > 256);
        assert_true(!whole.failed || whole.error == STREAM_POLICY_VIOLATION);
    }
}

/* A reference ends with a semicolon, whatever follows, and then a stanza ends where it ends. */
static void a_long_reference_delays_nothing(void **state)
{
    (void)state;
    static struct verdict whole;
    char xml[1024];
    (void)snprintf(xml, sizeof xml, "%s", rig_filled("<a>&#", '0', 300, "64;'</a>"));
    expect_same_in_pieces(&whole, true, xml, strlen(xml));
    assert_int_equal(rig_count(whole.log, "S<a>@&apos;</a>") + rig_count(whole.log, "S<a>@'</a>"), 1);
}

/* ---- What costs much ---- */

/* In one piece, and in pieces of several sizes. */
static void expect_same_in_some_pieces(struct verdict *whole, const char *xml)
{
    static struct verdict parts;
    const size_t length = strlen(xml);
    in_pieces(whole, true, xml, length, SIZE_MAX);
    for (size_t i = 0; i < PIECES; i++) {
        in_pieces(&parts, true, xml, length, pieces[i]);
        expect_same(whole, &parts, xml, length, pieces[i]);
    }
}

/* The tree of a stanza may ask for so much memory, however its texts were joined. */
static void a_tree_is_too_large_in_all_pieces_or_in_none(void **state)
{
    (void)state;
    LONG_TEST();
    static struct verdict whole;
    static const char child[] = "<b/>text";
    char xml[2048] = "<a>";
    size_t failures = 0, length = strlen(xml);
    for (; length < 1000; length += sizeof child - 1)
        memcpy(xml + length, child, sizeof child);
    length += (size_t)snprintf(xml + length, sizeof xml - length, "</a>");
    for (limit = length; limit < 3 * length; limit++) {
        expect_same_in_some_pieces(&whole, xml);
        assert_true(!whole.failed || whole.error == STREAM_POLICY_VIOLATION);
        failures += whole.failed;
    }
    assert_in_range(failures, 1, 2 * length - 1);
}

/* As many names of a long namespace, however often its declaration was scanned. */
static void names_are_too_many_in_all_pieces_or_in_none(void **state)
{
    (void)state;
    LONG_TEST();
    enum { LONG = 20000, MOST = 640, LEAST = 590 };
    static struct verdict whole;
    static char xml[(size_t)2 * LONG + MOST * sizeof "<p:a/>"];
    size_t failures = 0;
    for (size_t names = LEAST; names <= MOST; names++) {
        (void)snprintf(xml, sizeof xml, "%s", rig_filled("<m xmlns:p='", 'x', LONG, "'>"));
        for (size_t i = 0; i < names; i++)
            memcpy(xml + LONG + sizeof "<m xmlns:p=''>" - 1 + (size_t)6 * i, "<p:a/>", sizeof "<p:a/>");
        expect_same_in_some_pieces(&whole, xml);
        failures += whole.failed;
    }
    assert_in_range(failures, 1, MOST - LEAST);
}

static int set_up_pieces(void **state)
{
    limit = SIZE_MAX;
    return set_up(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_mistake_has_one_error_in_whatever_pieces_it_comes, set_up_pieces,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_error_comes_with_the_same_byte_in_whatever_pieces, set_up_pieces,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_allowed_is_reported_with_the_same_byte_in_whatever_pieces,
                                        set_up_pieces, tear_down),
        cmocka_unit_test_setup_teardown(a_limit_is_exceeded_by_the_same_byte_in_whatever_pieces,
                                        set_up_pieces, tear_down),
        cmocka_unit_test_setup_teardown(bytes_that_are_not_utf_8_have_one_error_in_whatever_pieces,
                                        set_up_pieces, tear_down),
        cmocka_unit_test_setup_teardown(what_is_long_has_one_error_in_whatever_pieces, set_up_pieces,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            what_is_refused_before_it_ends_fails_with_the_same_byte_in_whatever_pieces, set_up_pieces,
            tear_down),
        cmocka_unit_test_setup_teardown(a_declaration_may_have_256_bytes_in_whatever_pieces, set_up_pieces,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_long_reference_delays_nothing, set_up_pieces, tear_down),
        cmocka_unit_test_setup_teardown(a_tree_is_too_large_in_all_pieces_or_in_none, set_up_pieces,
                                        tear_down),
        cmocka_unit_test_setup_teardown(names_are_too_many_in_all_pieces_or_in_none, set_up_pieces,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
