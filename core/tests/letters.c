#include "letters.h"

size_t letters_kept(void)
{
    return rig_kept_count(CORE_STORE_OFFLINE, JULIET);
}

const char *letters_key(int number)
{
    static char key[32];
    snprintf(key, sizeof key, "%020d", number);
    return key;
}

void letters_keep(int count, size_t size)
{
    for (int i = 1; i <= count; i++) {
        char head[200];
        snprintf(head, sizeof head,
                 "<message xmlns='jabber:client' from='romeo@localhost/o' type='chat'><body>letter %d.", i);
        rig_keep_in(CORE_STORE_OFFLINE, JULIET, letters_key(i),
                    rig_filled(head, 'x', size, "</body></message>"));
    }
}

void letters_assert(const char *said, int first, int last)
{
    assert_int_equal(rig_count(said, "<body>letter "), last - first + 1);
    for (int i = first; i <= last; i++) {
        char text[32];
        snprintf(text, sizeof text, ">letter %d.", i);
        said = strstr(said, text);
        assert_non_null(said);
    }
}

void letters_begin_slow(void)
{
    struct core_settings settings = rig_settings();
    settings.limits.output_bytes = 4000;
    rig_begin_with(&settings);
}

struct host_link *letters_slow(const char *resource)
{
    struct host_link *link = rig_login("juliet", resource);
    link->window = 100;
    rig_say(link, "<presence/>");
    return link;
}
