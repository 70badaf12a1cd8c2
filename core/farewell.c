#include "farewell.h"

#include <assert.h>
#include <string.h>

void farewell_write(struct farewell *farewell, const struct session *session)
{
    struct buffer *xml = &farewell->presence.xml;
    farewell->presence = (struct rendered){ 0 };
    buffer_init(xml, session->core->memory);
    xml->bytes = farewell->room;
    xml->capacity = sizeof farewell->room;
    buffer_string(xml, "<presence");
    farewell->presence.gap = xml->length;
    buffer_string(xml, " type='unavailable' from='");
    buffer_xml(xml, session->full_jid, strlen(session->full_jid));
    buffer_string(xml, "'/>");
    assert(!xml->failed && xml->bytes == farewell->room);
}
