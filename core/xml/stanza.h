/*
 * stanza.h - stanzas: trees of XML elements in an arena.
 *
 * A struct stanza owns one element, its root, and everything inside it; freeing the stanza frees them.  It
 * has one owner at a time.  Names are resolved: an element has a local name and a namespace, an attribute
 * has a name ("xml:lang" is kept whole).
 *
 * Code that builds a stanza need not check each step.  Once memory has run out, additions do nothing and
 * return NULL, adding to a NULL parent does nothing, and stanza_failed is true at the end.  Names and
 * namespaces are borrowed: they must outlive the stanza (string constants, or strings in its own arena).
 * Values and texts are copied.
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
#define NS_BLOCKED       "urn:xmpp:blocking:errors"
#define NS_SM            "urn:xmpp:sm:3"
#define NS_CSI           "urn:xmpp:csi:0"
#define NS_XML           "http://www.w3.org/XML/1998/namespace"

struct attribute {
    struct attribute *next;
    const char *name; /* the local name; with its prefix for "xml:lang" and the like */
    const char *ns;   /* NULL, except for an attribute in a namespace other than xml's */
    const char *value;
};

/* An element, or character data: then `name` is NULL and `text` is not. */
struct element {
    struct element *next;
    struct element *parent;
    struct element *first, *last; /* children */
    const char *name;
    const char *ns;
    const char *text;
    size_t text_length;
    bool written; /* the text is already XML */
    struct attribute *attributes;
};

struct stanza {
    struct arena arena;
    struct element *root;
    struct stanza *next; /* links stanzas in a list of their owner */
};

/* Makes a stanza with an empty root, to be freed with stanza_free; NULL when there is no memory. */
struct stanza *stanza_new(const struct core_memory *memory, const char *name, const char *ns);
void stanza_free(struct stanza *stanza); /* NULL is a no-op */
bool stanza_failed(const struct stanza *stanza);

/* Copies an element of any stanza into a new stanza; NULL when there is no memory. */
struct stanza *stanza_copy(const struct core_memory *memory, const struct element *original);

/* ---- Building ---- */

struct element *element_add(struct stanza *stanza, struct element *parent, const char *name, const char *ns);
void element_add_text(struct stanza *stanza, struct element *parent, const char *text, size_t length);

/* Adds XML as it is; element_write made it with no default namespace around it. */
void element_add_written(struct stanza *stanza, struct element *parent, const char *xml, size_t length);

/* Adds a copy of an element of any stanza as the last child of `parent`. */
void element_add_copy(struct stanza *stanza, struct element *parent, const struct element *original);

/* Sets an attribute, or removes it when the value is NULL. */
void element_set(struct stanza *stanza, struct element *element, const char *name, const char *value);

/* ---- Reading ---- */

const char *element_get(const struct element *element, const char *name); /* NULL when absent */
bool element_is(const struct element *element, const char *name, const char *ns);

/* The child elements, without character data.  NULL after the last. */
struct element *element_first_child(const struct element *element);
struct element *element_next_sibling(const struct element *element);
struct element *element_child(const struct element *element, const char *name, const char *ns);

/* The character data directly inside an element, in one piece; "" when there is none.  Borrowed from the
 * stanza; NULL when there is no memory. */
const char *element_text(struct stanza *stanza, const struct element *element);

/* ---- Writing ---- */

/* A written element has at most STANZA_GROWTH times the bytes that were read for it, including the tags
 * around it that declare its namespaces, plus STANZA_DECLARED.  Six is the length of "&apos;" in an
 * attribute.  STANZA_DECLARED bounds the namespace declarations that are repeated; beyond it each is made
 * once, in the outermost tag. */
enum { STANZA_GROWTH = 6, STANZA_DECLARED = 1024 };

/* Appends the element as XML; `outer_ns` is the default namespace around it. */
void element_write(struct buffer *out, const struct element *element, const char *outer_ns);

/* Adds the element as XML to a description, as a property; nothing for NULL. */
struct description;
void element_describe(struct description *description, const char *name, const struct element *element);

/* The same for an element that may contain a password (description_secret). */
void element_describe_secret(struct description *description, const char *name,
                             const struct element *element);

/* Finds an attribute in the outermost tag of XML that this core wrote.  Returns its value as written, with
 * escapes and without a NUL; *length is its length.  NULL when it is absent. */
const char *written_attribute(const char *xml, const char *name, size_t *length);

/* A stanza that is written once for many recipients: its XML without the attribute `to`, and the place of
 * `to`. */
struct rendered {
    struct buffer xml;
    size_t gap;            /* the offset in `xml` at which " to='...'" is inserted */
    struct copies *copies; /* of a message to several resources of one account: see unacked.h; else NULL */
};

void rendered_init(struct rendered *rendered, const struct core_memory *memory);
void rendered_free(struct rendered *rendered);
void rendered_write(struct rendered *rendered, const struct element *root);

/* Adds <delay/> as the last child of the root (XEP-0203): `from` received or sent the stanza at `time`, in
 * the unit of ports.now. */
void stanza_add_delay(struct stanza *stanza, const char *from, uint64_t time);

/* The three kinds of stanza (RFC 6120, 8.1), by the name of the element alone. */
enum stanza_kind { STANZA_MESSAGE, STANZA_PRESENCE, STANZA_IQ, STANZA_NONE };
enum stanza_kind stanza_kind(const struct element *element);

#endif
