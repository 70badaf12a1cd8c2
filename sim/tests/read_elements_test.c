#include "../player/read_elements.h"

#include "../text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* "[NAME|BYTES|LOCAL NAME]" for each, with the letter of its part in front. */
static void note(void *host, const struct read_element *read)
{
    static const char parts[] = {
        [PART_HEADER] = 'h', [PART_ELEMENT] = 'e', [PART_END] = 'x', [PART_BROKEN] = '!'
    };
    struct text *said = host;
    text_append(said, &parts[read->part], 1);
    text_string(said, "[");
    text_string(said, read->name);
    text_string(said, "|");
    text_append(said, read->bytes, read->length);
    text_string(said, "|");
    text_string(said, read->element != NULL ? read->element->name : "-");
    text_string(said, "]");
}

/* What is said of the bytes is that, whole or in pieces of any size. */
static void says(const char *bytes, const char *expected)
{
    for (size_t piece = 1; piece <= strlen(bytes); piece++) {
        struct text said = { 0 };
        struct elements *elements = elements_new();
        for (size_t at = 0; at < strlen(bytes); at += piece) {
            const size_t left = strlen(bytes) - at;
            elements_read(elements, bytes + at, left < piece ? left : piece, note, &said);
        }
        assert_string_equal(said.bytes != NULL ? said.bytes : "", expected);
        elements_free(elements);
        text_free(&said);
    }
}

#define HEADER "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"

static void a_stream_is_read_as_it_was_written(void **state)
{
    (void)state;
    says("<?xml version='1.0'?>" HEADER
         "<presence/> <message to='a'><body>x &lt;</body></message></stream:stream>",
         "h[stream:stream|" HEADER "|-]e[presence|<presence/>|presence]"
         "e[message|<message to='a'><body>x &lt;</body></message>|message]x[/stream||-]");
}

/* Behind <success/> the stream begins again (RFC 6120, 6.4.6). */
static void a_stream_may_begin_again(void **state)
{
    (void)state;
    says(HEADER "<auth xmlns='a'/><?xml version='1.0'?>" HEADER "<stream:features/>",
         "h[stream:stream|" HEADER "|-]e[auth|<auth xmlns='a'/>|auth]h[stream:stream|" HEADER
         "|-]e[stream:features|<stream:features/>|features]");
}

static void nothing_is_read_behind_what_is_not_well_formed(void **state)
{
    (void)state;
    says(HEADER "<a/></b></c><d/>", "h[stream:stream|" HEADER "|-]e[a|<a/>|a]x[/stream||-]");
    says(HEADER "<!-- no --><d/>", "h[stream:stream|" HEADER "|-]![||-]");
}

static void after_a_restart_the_next_byte_is_the_first(void **state)
{
    (void)state;
    struct text said = { 0 };
    struct elements *elements = elements_new();
    elements_read(elements, HEADER "<mess", strlen(HEADER "<mess"), note, &said);
    elements_restart(elements);
    elements_read(elements, HEADER, strlen(HEADER), note, &said);
    assert_string_equal(said.bytes, "h[stream:stream|" HEADER "|-]h[stream:stream|" HEADER "|-]");
    elements_free(elements);
    elements_free(NULL);
    text_free(&said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_is_read_as_it_was_written),
        cmocka_unit_test(a_stream_may_begin_again),
        cmocka_unit_test(nothing_is_read_behind_what_is_not_well_formed),
        cmocka_unit_test(after_a_restart_the_next_byte_is_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
