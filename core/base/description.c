#include "base/description.h"

#include <assert.h>
#include <nettle/hmac.h>
#include <string.h>

static void append(struct description *description, const char *string)
{
    buffer_string(&description->text, string);
}

static void append_hex(struct description *description, unsigned char byte)
{
    static const char hex[] = "0123456789abcdef";
    const char digits[] = { hex[byte >> 4], hex[byte & 0xf] };
    buffer_append(&description->text, digits, sizeof digits);
}

static void append_escape(struct description *description, unsigned char byte)
{
    append(description, "\\x");
    append_hex(description, byte);
}

static void append_byte(struct description *description, char byte)
{
    if (byte == '\n')
        append(description, "\\n");
    else if (byte == '\t')
        append(description, "\\t");
    else if (byte == '\\')
        append(description, "\\\\");
    else if (byte == '`')
        append(description, "\\`");
    else if ((unsigned char)byte < 0x20 || byte == 0x7f)
        append_escape(description, (unsigned char)byte);
    else
        buffer_append(&description->text, &byte, 1);
}

static void append_quoted(struct description *description, const char *bytes, size_t length)
{
    append(description, "`");
    for (size_t i = 0; i < length; i++)
        append_byte(description, bytes[i]);
    append(description, "`");
}

/* ---- Lines ---- */

void description_line(struct description *description, const char *what)
{
    if (description->text.length > 0)
        append(description, "\n");
    for (unsigned i = 0; i < description->depth; i++)
        append(description, "  ");
    append(description, what);
    description->has_property = false;
}

void description_numbered(struct description *description, const char *what, uint64_t number)
{
    description_line(description, what);
    append(description, " ");
    buffer_number(&description->text, number);
}

void description_named(struct description *description, const char *what, const char *name)
{
    description_line(description, what);
    append(description, " ");
    append_quoted(description, name, strlen(name));
}

void description_in(struct description *description)
{
    description->depth++;
}

void description_out(struct description *description)
{
    assert(description->depth > 0);
    description->depth--;
}

/* ---- Properties ---- */

static void begin_property(struct description *description, const char *name)
{
    append(description, description->has_property ? ", " : ": ");
    append(description, name);
    description->has_property = true;
}

void description_word(struct description *description, bool is, const char *word)
{
    if (is)
        begin_property(description, word);
}

void description_count(struct description *description, const char *name, uint64_t count)
{
    if (count == 0)
        return;
    begin_property(description, name);
    append(description, " ");
    buffer_number(&description->text, count);
}

void description_bytes(struct description *description, const char *name, const char *bytes, size_t length)
{
    begin_property(description, name);
    append(description, " ");
    append_quoted(description, bytes, length);
}

void description_secret(struct description *description, const char *name, const char *bytes, size_t length)
{
    static const char purpose[] = "description|"; /* a key of its own: scram.c uses others */
    uint8_t digest[sizeof(uint64_t)];
    struct hmac_sha256_ctx context;
    hmac_sha256_set_key(&context, CORE_SECRET, description->secret);
    hmac_sha256_update(&context, sizeof purpose - 1, (const uint8_t *)purpose);
    hmac_sha256_update(&context, length, (const uint8_t *)bytes);
    hmac_sha256_digest(&context, sizeof digest, digest);
    memory_wipe(&context, sizeof context);
    begin_property(description, name);
    append(description, " (");
    buffer_number(&description->text, length);
    append(description, " bytes, ");
    for (size_t i = 0; i < sizeof digest; i++)
        append_hex(description, digest[i]);
    append(description, ")");
}

void description_string(struct description *description, const char *name, const char *value)
{
    if (value != NULL)
        description_bytes(description, name, value, strlen(value));
}

void description_time(struct description *description, const char *name, uint64_t at)
{
    const uint64_t second = 1000000000;
    bool past = at < description->now;
    uint64_t span = past ? description->now - at : at - description->now;
    uint64_t rest = span % second;
    begin_property(description, name);
    if (span == 0) {
        append(description, " now");
        return;
    }
    append(description, past ? " " : " in ");
    buffer_number(&description->text, span / second);
    append(description, ".");
    for (uint64_t digit = second / 10; digit > 1 && rest < digit; digit /= 10)
        append(description, "0");
    buffer_number(&description->text, rest);
    append(description, past ? " s ago" : " s");
}
