#include "describe.h"

#include "client.h"
#include "federation.h"
#include "must.h"
#include "net_transport.h"
#include "server.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

struct description {
    FILE *out;
    unsigned depth;
    sim_time now;
    bool begun;        /* there is a line */
    bool has_property; /* the line at hand */
};

/* ---- Strings ---- */

static void print_byte(FILE *out, unsigned char byte)
{
    static const char escaped[] = "\n\t\\`";
    static const char letters[] = "nt\\`";
    const char *which = byte != '\0' ? strchr(escaped, byte) : NULL;
    if (which != NULL)
        fprintf(out, "\\%c", letters[which - escaped]);
    else if (byte < 0x20 || byte == 0x7f)
        fprintf(out, "\\x%02x", byte);
    else
        fputc(byte, out);
}

/* Between backticks, which XML has no use for. */
static void print_bytes(FILE *out, const char *bytes, size_t length)
{
    fputc('`', out);
    for (size_t i = 0; i < length; i++)
        print_byte(out, (unsigned char)bytes[i]);
    fputc('`', out);
}

/* ---- Lines ---- */

void describe_line(struct description *description, const char *format, ...)
{
    va_list arguments;
    if (description->begun)
        fputc('\n', description->out);
    fprintf(description->out, "%*s", (int)(2 * description->depth), "");
    va_start(arguments, format);
    vfprintf(description->out, format, arguments);
    va_end(arguments);
    description->begun = true;
    description->has_property = false;
}

void describe_named(struct description *description, const char *what, const char *name)
{
    describe_line(description, "%s ", what);
    print_bytes(description->out, name, strlen(name));
}

void describe_in(struct description *description)
{
    description->depth++;
}

void describe_out(struct description *description)
{
    description->depth--;
}

/* ---- Properties ---- */

static void begin_property(struct description *description)
{
    fputs(description->has_property ? ", " : ": ", description->out);
    description->has_property = true;
}

void describe_property(struct description *description, const char *format, ...)
{
    va_list arguments;
    begin_property(description);
    va_start(arguments, format);
    vfprintf(description->out, format, arguments);
    va_end(arguments);
}

void describe_word(struct description *description, bool is, const char *word)
{
    if (is)
        describe_property(description, "%s", word);
}

void describe_count(struct description *description, const char *name, uint64_t count)
{
    if (count > 0)
        describe_property(description, "%s %" PRIu64, name, count);
}

void describe_bytes(struct description *description, const char *name, const char *bytes, size_t length)
{
    if (length == 0)
        return;
    describe_property(description, "%s ", name);
    print_bytes(description->out, bytes, length);
}

void describe_string(struct description *description, const char *name, const char *value)
{
    if (value == NULL)
        return;
    describe_property(description, "%s ", name);
    print_bytes(description->out, value, strlen(value));
}

void describe_secret(struct description *description, const char *name, const char *bytes, size_t length)
{
    if (length == 0)
        return;
    XXH128_hash_t hash = XXH3_128bits(bytes, length);
    describe_property(description, "%s %zu bytes %016" PRIx64 "%016" PRIx64, name, length, hash.high64,
                      hash.low64);
}

void describe_xml(struct description *description, const char *name, const struct xml *element)
{
    if (element == NULL)
        return;
    char *text = xml_print(element, XML_NS_CLIENT);
    describe_string(description, name, text);
    free(text);
}

void describe_time(struct description *description, const char *name, sim_time at)
{
    bool past = at < description->now;
    sim_time span = past ? description->now - at : at - description->now;
    if (span == 0) {
        describe_property(description, "%s now", name);
        return;
    }
    describe_property(description, "%s %s%" PRIu64 ".%09" PRIu64 " s%s", name, past ? "" : "in ",
                      span / SIM_SECOND, span % SIM_SECOND, past ? " ago" : "");
}

/* ---- All of it ---- */

static void describe_servers(struct description *description, const struct scene *scene)
{
    for (size_t i = 0; i < scene->server_count; i++)
        server_describe(description, scene->servers[i]);
    if (scene->federation != NULL)
        federation_describe(description, scene->federation);
}

static void describe_clients(struct description *description, const struct scene *scene)
{
    for (size_t i = 0; i < scene->client_count; i++) {
        const struct described_client *described = &scene->clients[i];
        describe_named(description, "client", client_name(described->client));
        client_describe(description, described->client);
        describe_in(description);
        net_transport_describe(description, described->transport);
        describe_out(description);
    }
}

char *describe(const struct scene *scene)
{
    char *text = NULL;
    size_t size = 0;
    struct description description = { .out = must(open_memstream(&text, &size)),
                                       .now = world_now(scene->world) };
    world_describe(&description, scene->world);
    describe_servers(&description, scene);
    describe_clients(&description, scene);
    fputc('\n', description.out);
    fclose(description.out);
    return must(text);
}
