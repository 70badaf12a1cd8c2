/* Where <proceed/> ends in what a server sends (sim/adapters/live/proceed.h). */
#include "../adapters/live/proceed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define HEADER "<?xml version='1.0'?><stream:stream xmlns='jabber:client' version='1.0'>"
#define OFFER                                                                                                \
    "<stream:features><starttls "                                                                            \
    "xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>"
#define PROCEED "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"

/* How many bytes there are up to its end when they come in pieces; 0 when it is not found. */
static size_t find(const char *text, size_t piece)
{
    struct proceed proceed = { 0 };
    const size_t length = strlen(text);
    for (size_t at = 0; at < length; at += piece) {
        const size_t end = proceed_find(&proceed, text + at, length - at < piece ? length - at : piece);
        if (end > 0)
            return at + end;
    }
    return 0;
}

static void expect(const char *before, const char *after, bool is_found)
{
    char text[4096];
    const size_t end = strlen(before);
    assert_true(end + strlen(after) < sizeof text);
    (void)snprintf(text, sizeof text, "%s%s", before, after);
    for (size_t piece = 1; piece <= strlen(text); piece++)
        assert_int_equal(find(text, piece), is_found ? end : 0);
}

static void it_is_found_below_the_stream(void **state)
{
    (void)state;
    expect(HEADER OFFER PROCEED, "", true);
    expect(HEADER OFFER PROCEED, "\x16\x03<", true);
    expect(HEADER OFFER "<proceed xmlns=\"urn:ietf:params:xml:ns:xmpp-tls\"></proceed>", "", true);
    expect(HEADER OFFER "<t:proceed xmlns:t='urn:ietf:params:xml:ns:xmpp-tls' />", "", true);
    expect(HEADER OFFER "<proceed\nxmlns='urn:ietf:params:xml:ns:xmpp-tls'\n></proceed >", "", true);
}

static void it_is_nothing_else(void **state)
{
    (void)state;
    expect(HEADER OFFER, "", false);
    expect(HEADER "<message><body>" PROCEED "</body></message>", "", false);
    expect(HEADER "<message>", PROCEED, false);
    expect(HEADER "<!--" PROCEED "-->", "", false);
    expect(HEADER "<message><body><![CDATA[</body></message>" PROCEED "]]></body></message>", "", false);
    expect(HEADER "<message id='</message>" PROCEED "'/>", "", false);
    expect(HEADER "<?pi " PROCEED "?>", "", false);
    expect(HEADER "<proceed xmlns='urn:example'/>", "", false);
    expect(HEADER "<proceeds xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "", false);
    expect(PROCEED, "", false);
}

/* What merely looks like it stands before it. */
static void it_is_found_behind_what_is_not(void **state)
{
    (void)state;
    expect(HEADER "<!-- -> --><message a='>' b=\"/>\"><body/></message>" OFFER PROCEED, "<", true);
    expect(HEADER "<message><proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></message>" PROCEED, "", true);
    expect(HEADER "<message><![CDATA[ ]] ]> </message></proceed>]]></message>" PROCEED, "", true);
}

/* A tag of any length is one element. */
static void long_tags_count_once(void **state)
{
    char name[2 * PROCEED_TAG_MOST + 1], text[4000];
    (void)state;
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    (void)snprintf(text, sizeof text, HEADER "<message id='%s'/>" PROCEED, name);
    expect(text, "", true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_found_below_the_stream),
        cmocka_unit_test(it_is_nothing_else),
        cmocka_unit_test(it_is_found_behind_what_is_not),
        cmocka_unit_test(long_tags_count_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
