#include "session/stream_header.h"

#include "base/identifier.h"
#include "base/jid.h"
#include "session/conn.h"
#include "xml/parser.h"

#include <string.h>

static void write_attribute(struct buffer *out, const char *name, const char *value)
{
    buffer_string(out, name);
    buffer_string(out, "='");
    buffer_xml(out, value, strlen(value));
    buffer_string(out, "' ");
}

/* Writes the lower of the client's and the server's version, without leading zeros; none when the client
 * sends none (4.7.5) or one that is not a version. */
static void write_version(struct buffer *out, const char *version)
{
    static const char digits[] = "0123456789";
    if (version == NULL)
        return;
    const char *minor = version + strspn(version, "0");
    size_t length = minor > version && *minor == '.' ? strspn(minor + 1, digits) : 0;
    if (length == 0 || minor[1 + length] != '\0') {
        write_attribute(out, "version", "1.0");
        return;
    }
    size_t zeros = strspn(minor + 1, "0");
    buffer_string(out, "version='0.");
    buffer_string(out, minor + 1 + (zeros < length ? zeros : length - 1));
    buffer_string(out, "' ");
}

void stream_header_write(struct session *session, struct buffer *out, const struct element *header)
{
    char id[2 * IDENTIFIER_MAX + 1]; /* must be hard to guess (4.7.3) */
    struct jid jid;
    const char *to = header != NULL ? element_get(header, "from") : NULL;
    struct core *core = session->core;
    const struct host *own = map_first(&core->hosts);
    const char *from = session->host != NULL ? session->host : own->name;
    buffer_string(out, "<?xml version='1.0'?><stream:stream ");
    write_attribute(out, "from", from);
    if (to != NULL && jid_parse_string(&jid, to))
        write_attribute(out, "to", jid.bare);
    buffer_string(out, "id='");
    identifier_make(id, sizeof id / 2, core->ports.random, core->ports.host);
    buffer_string(out, id);
    buffer_string(out, "' ");
    write_version(out, header != NULL ? element_get(header, "version") : "1.0");
    buffer_string(out, "xml:lang='en' xmlns='" NS_CLIENT "' xmlns:stream='" NS_STREAMS "'>");
    session->header_sent = true;
}

void stream_restart(struct session *session)
{
    session->notopen = true;
    session->header_sent = false;
    parser_restart(&session->conn->parser);
}
