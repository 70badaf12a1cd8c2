/*
 * stanza.h - stanzas: XML elements in an arena that dies with them.
 *
 * A struct stanza owns one element, its root, and everything inside it.  It has one owner at a time.  Names
 * are resolved: an element has a local name and a namespace, an attribute has a name (and "xml:lang" is just
 * that).  What builds a stanza need not look at each step: once memory has run out, additions do nothing and
 * return NULL, NULL is a parent whose children go nowhere, and stanza_failed tells at the end.
 *
 * Strings given as names and namespaces are kept by reference and must outlive the stanza (string constants,
 * or strings of its own arena); values and texts are copied.
 */
#ifndef CORE_STANZA_H
#define CORE_STANZA_H

#include "base/memory.h"

#define NS_CLIENT        "jabber:client"
#define NS_STREAMS       "http://etherx.jabber.org/streams"
#define NS_STREAM_ERRORS "urn:ietf:params:xml:ns:xmpp-streams"
#define NS_STANZA_ERRORS "urn:ietf:params:xml:ns:xmpp-stanzas"
#define NS_TLS           "urn:ietf:params:xml:ns:xmpp-tls"
#define NS_SASL          "urn:ietf:params:xml:ns:xmpp-sasl"
#define NS_SASL_CB       "urn:xmpp:sasl-cb:0"
#define NS_BIND          "urn:ietf:params:xml:ns:xmpp-bind"
#define NS_ROSTER        "jabber:iq:roster"
#define NS_ROSTER_VER    "urn:xmpp:features:rosterver"
#define NS_PRE_APPROVAL  "urn:xmpp:features:pre-approval"
#define NS_LAST          "jabber:iq:last"
#define NS_PING          "urn:xmpp:ping"
#define NS_REGISTER      "jabber:iq:register"
#define NS_DISCO_INFO    "http://jabber.org/protocol/disco#info"
#define NS_DISCO_ITEMS   "http://jabber.org/protocol/disco#items"
#define NS_VERSION       "jabber:iq:version"
#define NS_TIME          "urn:xmpp:time"
#define NS_DELAY         "urn:xmpp:delay"
#define NS_HINTS         "urn:xmpp:hints"
#define NS_CARBONS       "urn:xmpp:carbons:2"
#define NS_FORWARD       "urn:xmpp:forward:0"
#define NS_BLOCKING      "urn:xmpp:blocking"
#define NS_SM            "urn:xmpp:sm:3"
#define NS_CSI           "urn:xmpp:csi:0"
#define NS_XML           "http://www.w3.org/XML/1998/namespace"

struct attribute {
    struct attribute *next;
    const char *name; /* local; "xml:lang" and its like are kept whole */
    const char *ns;   /* NULL but for an attribute of a namespace other than xml's */
    const char *value;
};

/* An element, or a piece of character data: then `name` is NULL and `text` is not. */
struct element {
    struct element *next;
    struct element *parent;
    struct element *first, *last; /* children */
    const char *name;
    const char *ns;
    const char *text;
    size_t text_length;
    bool written; /* the text is XML already */
    struct attribute *attributes;
};

struct stanza {
    struct arena arena;
    struct element *root;
    struct stanza *next; /* for whoever owns it and keeps several */
};

/* A stanza with an empty root, or NULL. */
struct stanza *stanza_new(const struct core_memory *memory, const char *name, const char *ns);
void stanza_free(struct stanza *stanza); /* NULL is nothing */
bool stanza_failed(const struct stanza *stanza);

/* A copy of an element of any stanza as a stanza of its own, or NULL. */
struct stanza *stanza_copy(const struct core_memory *memory, const struct element *original);

/* ---- Building ---- */

struct element *element_add(struct stanza *stanza, struct element *parent, const char *name, const char *ns);
void element_add_text(struct stanza *stanza, struct element *parent, const char *text, size_t length);

/* XML that element_write made with no namespace around it, put in as it is. */
void element_add_written(struct stanza *stanza, struct element *parent, const char *xml, size_t length);

/* A copy of an element, taken from any stanza, as the last child of `parent`. */
void element_add_copy(struct stanza *stanza, struct element *parent, const struct element *original);

/* Sets an attribute, or removes it when the value is NULL. */
void element_set(struct stanza *stanza, struct element *element, const char *name, const char *value);

/* ---- Reading ---- */

const char *element_get(const struct element *element, const char *name); /* NULL when absent */
bool element_is(const struct element *element, const char *name, const char *ns);

/* Child elements; text is passed over.  NULL ends. */
struct element *element_first_child(const struct element *element);
struct element *element_next_sibling(const struct element *element);
struct element *element_child(const struct element *element, const char *name, const char *ns);

/* The character data directly inside, in one piece; "" when there is none.  Borrowed from the stanza; NULL
 * when memory ran out. */
const char *element_text(struct stanza *stanza, const struct element *element);

/* ---- Writing ---- */

/* What an element becomes when it is written is at most STANZA_GROWTH times what was read of it, the tags
 * around it that declare its namespaces included, and STANZA_DECLARED bytes.  Six times is "&apos;" in an
 * attribute; the other is what declarations of namespaces may come to before they are made once, in the
 * outermost tag. */
enum { STANZA_GROWTH = 6, STANZA_DECLARED = 1024 };

/* Appends the element as XML, where `outer_ns` is the default namespace around it. */
void element_write(struct buffer *out, const struct element *element, const char *outer_ns);

/* A property of a description: the element as XML, unless it is NULL. */
struct description;
void element_describe(struct description *description, const char *name, const struct element *element);

/* The same of an element in which there may be a password (description_secret). */
void element_describe_secret(struct description *description, const char *name,
                             const struct element *element);

/* The value of an attribute in the outermost tag of XML that this core wrote, as it was written, with its
 * escapes; NULL when there is none.  *length is that of the value. */
const char *written_attribute(const char *xml, const char *name, size_t *length);

/* A stanza written once for many recipients: its XML without the attribute `to`, and where that goes. */
struct rendered {
    struct buffer xml;
    size_t gap;            /* the offset in `xml` at which " to='...'" belongs */
    struct copies *copies; /* of a message that several resources of one account are given; see
                              unacked.h; NULL for none */
};

void rendered_init(struct rendered *rendered, const struct core_memory *memory);
void rendered_free(struct rendered *rendered);
void rendered_write(struct rendered *rendered, const struct element *root);

/* Adds <delay/> as the root's last child (XEP-0203): `from` received or sent it at `time`, as ports.now has
 * it. */
void stanza_add_delay(struct stanza *stanza, const char *from, uint64_t time);

/* The three kinds of stanza (RFC 6120, 8.1), by an element's name alone. */
enum stanza_kind { STANZA_MESSAGE, STANZA_PRESENCE, STANZA_IQ, STANZA_NONE };
enum stanza_kind stanza_kind(const struct element *element);

#endif
