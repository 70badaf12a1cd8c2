#include "session/unacked.h"

#include "base/datetime.h"
#include "xml/stanza.h"

#include <assert.h>
#include <string.h>

/* ---- Copies ---- */

struct copies *copies_new(struct core *core)
{
    struct copies *copies = memory_new(core->memory, sizeof *copies);
    if (copies != NULL)
        copies->holders = 1;
    return copies;
}

void copies_release(struct core *core, struct copies *copies)
{
    if (copies != NULL && --copies->holders == 0)
        memory_free(core->memory, copies);
}

/* ---- The queue ---- */

bool unacked_keep(struct core *core, struct unacked_queue *queue, const char *xml, size_t length,
                  struct copies *copies)
{
    struct unacked *unacked = core->memory->alloc(sizeof *unacked + length + 1);
    if (unacked == NULL)
        return false;
    *unacked = (struct unacked){ .copies = copies, .length = length };
    unacked->time = core->ports.now(core->ports.host);
    memcpy(unacked->xml, xml, length);
    unacked->xml[length] = '\0';
    if (copies != NULL)
        copies->holders++;
    if (queue->last != NULL)
        queue->last->next = unacked;
    else
        queue->first = unacked;
    queue->last = unacked;
    queue->count++;
    queue->bytes += length;
    return true;
}

/* Frees a stanza that is no longer linked. */
static void drop(struct core *core, struct unacked_queue *queue, struct unacked *unacked)
{
    queue->count--;
    queue->bytes -= unacked->length;
    copies_release(core, unacked->copies);
    memory_free(core->memory, unacked);
}

static void drop_first(struct core *core, struct unacked_queue *queue)
{
    struct unacked *first = queue->first;
    queue->first = first->next;
    if (queue->again == first)
        queue->again = first->next;
    if (queue->first == NULL)
        queue->last = NULL;
    drop(core, queue, first);
}

void unacked_acknowledge(struct core *core, struct unacked_queue *queue)
{
    assert(queue->first != NULL);
    if (queue->first->copies != NULL)
        queue->first->copies->delivered = true;
    drop_first(core, queue);
}

void unacked_clear(struct core *core, struct unacked_queue *queue)
{
    while (queue->first != NULL)
        drop_first(core, queue);
}

size_t unacked_forget(struct core *core, struct unacked_queue *queue, unacked_unwanted unwanted,
                      void *context)
{
    struct unacked *next = queue->again, *last = NULL;
    if (next == NULL)
        return 0;
    for (struct unacked *unacked = queue->first; unacked != queue->again; unacked = unacked->next)
        last = unacked;
    struct unacked **again = last != NULL ? &last->next : &queue->first, **link = again;
    const size_t before = queue->count;
    while (next != NULL) {
        struct unacked *unacked = next;
        next = unacked->next;
        if (unwanted(context, unacked)) {
            drop(core, queue, unacked);
            continue;
        }
        *link = last = unacked;
        link = &unacked->next;
    }
    *link = NULL;
    queue->last = last;
    queue->again = *again;
    return before - queue->count;
}

size_t unacked_place(const struct unacked_queue *queue, const struct copies *copies)
{
    size_t place = 1;
    const struct unacked *unacked = queue->first;
    for (; unacked != NULL && unacked->copies != copies; unacked = unacked->next)
        place++;
    return unacked != NULL ? place : 0;
}

/* ---- Sending again ---- */

static bool has_attribute(const char *tag, const char *name, const char *value)
{
    size_t length;
    const char *found = written_attribute(tag, name, &length);
    return found != NULL && length == strlen(value) && memcmp(found, value, length) == 0;
}

/* Whether a tag is a <delay/> in the stanza `xml`.  Its namespace is declared in the tag, or by a prefix in
 * the outermost tag (stanza_write.c). */
static bool is_delay(const char *tag, const char *xml)
{
    enum { PREFIX_MOST = 24 };
    const char *name = tag + 1;
    const size_t length = strcspn(name, ":>/ ");
    if (name[length] != ':')
        return strncmp(name, "delay ", 6) == 0 && has_attribute(tag, "xmlns", NS_DELAY);
    char declaration[sizeof "xmlns:" + PREFIX_MOST] = "xmlns:";
    if (length > PREFIX_MOST || strncmp(name + length, ":delay ", 7) != 0)
        return false;
    memcpy(declaration + strlen(declaration), name, length);
    return has_attribute(xml, declaration, NS_DELAY);
}

/* The '>' that ends a tag, not one in an attribute value. */
static const char *tag_end(const char *tag)
{
    bool is_value = false;
    for (; is_value || *tag != '>'; tag++) {
        assert(*tag != '\0');
        is_value ^= *tag == '\'';
    }
    return tag;
}

/* Whether a stanza already has a <delay/> from `from`: as a child of the stanza, not inside a forwarded
 * stanza and not written by its sender.  This core wrote the XML, so every '<' begins a tag. */
static bool is_delayed_by(const char *xml, const char *from)
{
    int depth = 0;
    for (const char *tag = xml; tag != NULL; tag = strchr(tag + 1, '<')) {
        const char *end = tag_end(tag);
        if (depth == 1 && is_delay(tag, xml) && has_attribute(tag, "from", from))
            return true;
        if (tag[1] == '/')
            depth--;
        else if (end[-1] != '/')
            depth++;
    }
    return false;
}

void unacked_write_delayed(struct buffer *out, const struct unacked *unacked, const char *from)
{
    const char *xml = unacked->xml;
    assert(unacked->length >= 4); /* the shortest element */
    bool empty = memcmp(xml + unacked->length - 2, "/>", 2) == 0;
    const char *end = empty ? xml + unacked->length - 2 : strrchr(xml, '<');
    if (strncmp(xml, "<iq", 3) == 0 || is_delayed_by(xml, from)) {
        buffer_append(out, xml, unacked->length);
        return;
    }
    char stamp[DATETIME_SIZE];
    datetime_write(stamp, unacked->time);
    buffer_append(out, xml, (size_t)(end - xml));
    buffer_string(out, empty ? ">" : "");
    buffer_string(out, "<delay xmlns='" NS_DELAY "' from='");
    buffer_xml(out, from, strlen(from));
    buffer_string(out, "' stamp='");
    buffer_string(out, stamp);
    buffer_string(out, "'/>");
    if (!empty) {
        buffer_string(out, end);
        return;
    }
    buffer_string(out, "</");
    buffer_append(out, xml + 1, strcspn(xml + 1, " />"));
    buffer_string(out, ">");
}
