#include "presence/unavailable.h"

#include <assert.h>
#include <string.h>

void unavailable_write(struct unavailable *unavailable, const struct session *session)
{
    struct buffer *xml = &unavailable->presence.xml;
    unavailable->presence = (struct rendered){ 0 };
    buffer_init(xml, session->core->memory);
    xml->bytes = unavailable->room;
    xml->capacity = sizeof unavailable->room;
    buffer_string(xml, "<presence");
    unavailable->presence.gap = xml->length;
    buffer_string(xml, " type='unavailable' from='");
    buffer_xml(xml, session->full_jid, strlen(session->full_jid));
    buffer_string(xml, "'/>");
    assert(!xml->failed && xml->bytes == unavailable->room);
}
