#include "page.h"

#include "session.h"

#include <assert.h>
#include <string.h>

static void append(struct page *page, const char *string)
{
    buffer_string(&page->text, string);
}

static void append_escape(struct page *page, unsigned char byte)
{
    static const char hex[] = "0123456789abcdef";
    const char escape[] = { '\\', 'x', hex[byte >> 4], hex[byte & 0xf] };
    buffer_append(&page->text, escape, sizeof escape);
}

static void append_byte(struct page *page, char byte)
{
    if (byte == '\n')
        append(page, "\\n");
    else if (byte == '\t')
        append(page, "\\t");
    else if (byte == '\\')
        append(page, "\\\\");
    else if (byte == '`')
        append(page, "\\`");
    else if ((unsigned char)byte < 0x20 || byte == 0x7f)
        append_escape(page, (unsigned char)byte);
    else
        buffer_append(&page->text, &byte, 1);
}

static void append_quoted(struct page *page, const char *bytes, size_t length)
{
    append(page, "`");
    for (size_t i = 0; i < length; i++)
        append_byte(page, bytes[i]);
    append(page, "`");
}

/* ---- Lines ---- */

void page_line(struct page *page, const char *what)
{
    if (page->text.length > 0)
        append(page, "\n");
    for (unsigned i = 0; i < page->depth; i++)
        append(page, "  ");
    append(page, what);
    page->has_property = false;
}

void page_numbered(struct page *page, const char *what, uint64_t number)
{
    page_line(page, what);
    append(page, " ");
    buffer_number(&page->text, number);
}

void page_named(struct page *page, const char *what, const char *name)
{
    page_line(page, what);
    append(page, " ");
    append_quoted(page, name, strlen(name));
}

void page_in(struct page *page)
{
    page->depth++;
}

void page_out(struct page *page)
{
    assert(page->depth > 0);
    page->depth--;
}

/* ---- Properties ---- */

static void begin_property(struct page *page, const char *name)
{
    append(page, page->has_property ? ", " : ": ");
    append(page, name);
    page->has_property = true;
}

void page_word(struct page *page, bool is, const char *word)
{
    if (is)
        begin_property(page, word);
}

void page_count(struct page *page, const char *name, uint64_t count)
{
    if (count == 0)
        return;
    begin_property(page, name);
    append(page, " ");
    buffer_number(&page->text, count);
}

void page_bytes(struct page *page, const char *name, const char *bytes, size_t length)
{
    begin_property(page, name);
    append(page, " ");
    append_quoted(page, bytes, length);
}

void page_string(struct page *page, const char *name, const char *value)
{
    if (value != NULL)
        page_bytes(page, name, value, strlen(value));
}

void page_time(struct page *page, const char *name, uint64_t at)
{
    const uint64_t second = 1000000000;
    bool past = at < page->now;
    uint64_t span = past ? page->now - at : at - page->now;
    uint64_t rest = span % second;
    begin_property(page, name);
    if (span == 0) {
        append(page, " now");
        return;
    }
    append(page, past ? " " : " in ");
    buffer_number(&page->text, span / second);
    append(page, ".");
    for (uint64_t digit = second / 10; digit > 1 && rest < digit; digit /= 10)
        append(page, "0");
    buffer_number(&page->text, rest);
    append(page, past ? " s ago" : " s");
}

void page_element(struct page *page, const char *name, const struct element *element)
{
    struct buffer xml;
    if (element == NULL)
        return;
    buffer_init(&xml, page->text.memory);
    element_write(&xml, element, NS_CLIENT);
    page_bytes(page, name, xml.bytes, xml.length);
    page->text.failed = page->text.failed || xml.failed;
    buffer_free(&xml);
}

void page_session(struct page *page, const char *name, const struct session *session)
{
    uint64_t number = session != NULL;
    if (session != NULL)
        for (const struct session *s = page->core->sessions; s != session; s = s->next)
            number++;
    page_count(page, name, number);
}
