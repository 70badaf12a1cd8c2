/* What messages say is the same however they travel, and different where they say something else. */
#include "../checks/content.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static uint64_t hash_of(const char *text)
{
    const char *problem;
    int line;
    struct xml *stanza = xml_fragment(text, strlen(text), &problem, &line);
    assert_non_null(stanza);
    const uint64_t hash = content_hash(stanza);
    xml_free(stanza);
    return hash;
}

#define MESSAGE(content) "<message type='chat'>" content "</message>"

/* RFC 6120, 8.1; Namespaces in XML; XML 1.0, 2.4 and 3.1; XEP-0203. */
static void what_servers_may_change_does_not_count(void **state)
{
    (void)state;
    static const char *const alike[] = {
        MESSAGE("<body>a &amp; b</body><x xmlns='urn:x' c='1' d='2'/>"),
        MESSAGE("<body><![CDATA[a & b]]></body><x xmlns='urn:x' d='2' c='1'></x>"),
        MESSAGE("<body>a &#38; b</body><y:x xmlns:y='urn:x' c='1' d='2'/>"),
        MESSAGE(
            "<delay xmlns='urn:xmpp:delay' stamp='s'/><body>a &amp; b</body><x xmlns='urn:x' c='1' d='2'/>"),
        ("<message xml:lang='en' from='a@b' to='c@d' id='e' type='chat'><body>a &amp; b</body>"
         "<x xmlns='urn:x' c='1' d='2'/></message>"),
    };
    for (size_t i = 1; i < sizeof alike / sizeof *alike; i++)
        assert_true(hash_of(alike[i]) == hash_of(alike[0]));
    assert_true(hash_of("<message><x xmlns='urn:x' xmlns:a='urn:a' a:b='c'/></message>") ==
                hash_of("<message><x xmlns='urn:x' xmlns:d='urn:a' d:b='c'/></message>"));
}

static void everything_else_counts(void **state)
{
    (void)state;
    static const char *const different[] = {
        "<message/>",
        "<message type='chat'/>",
        "<message type='normal'/>",
        MESSAGE("<body/>"),
        MESSAGE("<body>a</body>"),
        MESSAGE("<body>b</body>"),
        MESSAGE("<body>ab</body>"),
        MESSAGE("<body>a</body>b"),
        MESSAGE("a<body>b</body>"),
        MESSAGE("<body>a</body><body>b</body>"),
        MESSAGE("<body>a<body>b</body></body>"),
        MESSAGE("<body xmlns='urn:x'>a</body>"),
        MESSAGE("<body a='b'/>"),
        MESSAGE("<body a='c'/>"),
        MESSAGE("<body b='a'/>"),
        MESSAGE("<body xmlns:x='urn:x' x:a='b'/>"),
        MESSAGE("<delay xmlns='urn:x'/>"),
        MESSAGE("<body><delay xmlns='urn:xmpp:delay'/></body>"),
    };
    enum { COUNT = sizeof different / sizeof *different };
    for (size_t i = 0; i < COUNT; i++)
        for (size_t j = i + 1; j < COUNT; j++)
            if (hash_of(different[i]) == hash_of(different[j]))
                fail_msg("%s and %s", different[i], different[j]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_servers_may_change_does_not_count),
        cmocka_unit_test(everything_else_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
