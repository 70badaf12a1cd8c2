#include "mutate_stanza.h"

#include "../text.h"

#include <assert.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- What is put in ---- */

static const char *const stanzas[] = {
    "<presence/>",
    "<presence><priority>-1</priority></presence>",
    "<presence><show>dnd</show><status>s</status><priority>5</priority></presence>",
    "<presence type='unavailable'/>",
    "<presence to='juliet@localhost'/>",
    "<presence to='romeo@localhost/garden' type='unavailable'/>",
    "<presence to='nurse@example.com' type='subscribe'/>",
    "<presence to='romeo@localhost' type='subscribed'/>",
    "<presence to='juliet@localhost' type='unsubscribe'/>",
    "<presence to='juliet@localhost' type='unsubscribed'/>",
    "<presence to='a@remote.example' type='probe'/>",
    "<presence from='a@remote.example/x' to='romeo@localhost'/>",
    "<presence from='a@remote.example' to='romeo@localhost' type='subscribe'/>",
    ("<presence to='juliet@localhost/balcony' type='error'><error type='cancel'>"
     "<gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>"),
    "<message to='juliet@localhost' type='chat' id='1'><body>b</body></message>",
    "<message to='romeo@localhost/orchard'><body>b</body><no-store xmlns='urn:xmpp:hints'/></message>",
    "<message to='nurse@example.com/home' type='headline'><body>b</body></message>",
    ("<message to='tybalt@localhost' "
     "type='normal'><subject>s</subject><thread>t</thread><body>b</body></message>"),
    ("<message to='juliet@localhost' type='chat'><body>b</body><private "
     "xmlns='urn:xmpp:carbons:2'/></message>"),
    "<message to='juliet@localhost' type='chat'><received xmlns='urn:xmpp:chat-markers:0'/></message>",
    "<message from='a@remote.example/x' to='romeo@localhost' type='groupchat'><body>b</body></message>",
    ("<message to='juliet@localhost/balcony' type='error' id='1'><error type='wait'>"
     "<remote-server-timeout xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"),
    "<message to='juliet@localhost'><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/></message>",
    ("<message to='juliet@localhost' type='chat'><active "
     "xmlns='http://jabber.org/protocol/chatstates'/></message>"),
    "<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>",
    "<iq type='get' id='2'><query xmlns='jabber:iq:roster' ver=''/></iq>",
    ("<iq type='set' id='3'><query xmlns='jabber:iq:roster'><item jid='nurse@example.com' name='n'>"
     "<group>g</group><group>h</group></item></query></iq>"),
    ("<iq type='set' id='4'><query xmlns='jabber:iq:roster'>"
     "<item jid='juliet@localhost' subscription='remove'/></query></iq>"),
    "<iq type='get' id='5'><blocklist xmlns='urn:xmpp:blocking'/></iq>",
    "<iq type='set' id='6'><block xmlns='urn:xmpp:blocking'><item jid='juliet@localhost'/></block></iq>",
    "<iq type='set' id='7'><unblock xmlns='urn:xmpp:blocking'><item jid='juliet@localhost'/></unblock></iq>",
    "<iq type='set' id='8'><unblock xmlns='urn:xmpp:blocking'/></iq>",
    "<iq type='set' id='9'><enable xmlns='urn:xmpp:carbons:2'/></iq>",
    "<iq type='set' id='10'><disable xmlns='urn:xmpp:carbons:2'/></iq>",
    "<iq type='get' id='11' to='localhost'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
    "<iq type='get' id='12' to='localhost'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>",
    ("<iq type='get' id='13' to='juliet@localhost'><query "
     "xmlns='http://jabber.org/protocol/disco#info'/></iq>"),
    "<iq type='get' id='14' to='juliet@localhost'><query xmlns='jabber:iq:last'/></iq>",
    "<iq type='get' id='15' to='localhost'><query xmlns='jabber:iq:version'/></iq>",
    "<iq type='get' id='16' to='romeo@localhost/garden'><time xmlns='urn:xmpp:time'/></iq>",
    "<iq type='get' id='17'><ping xmlns='urn:xmpp:ping'/></iq>",
    "<iq type='get' id='18'><query xmlns='jabber:iq:register'/></iq>",
    ("<iq type='set' id='19'><query xmlns='jabber:iq:register'><username>romeo</username>"
     "<password>q</password></query></iq>"),
    "<iq type='set' id='20'><query xmlns='jabber:iq:register'><remove/></query></iq>",
    ("<iq type='set' id='21'><bind "
     "xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>garden</resource></bind></iq>"),
    "<iq type='set' id='22'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>",
    "<iq type='result' id='1' to='juliet@localhost/balcony'/>",
    ("<iq type='error' id='1' to='romeo@localhost/orchard'><error type='cancel'>"
     "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"),
    "<enable xmlns='urn:xmpp:sm:3' resume='true'/>",
    "<enable xmlns='urn:xmpp:sm:3'/>",
    "<r xmlns='urn:xmpp:sm:3'/>",
    "<a xmlns='urn:xmpp:sm:3' h='1'/>",
    "<resume xmlns='urn:xmpp:sm:3' h='0' previd='i'/>",
    "<active xmlns='urn:xmpp:csi:0'/>",
    "<inactive xmlns='urn:xmpp:csi:0'/>",
    "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AHJvbWVvAHBlbmNpbA==</auth>",
    "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>",
    "<abort xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
    "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
};

static const char *const addresses[] = {
    "romeo@localhost",
    "romeo@localhost/orchard",
    "romeo@localhost/garden",
    "juliet@localhost",
    "juliet@localhost/balcony",
    "nurse@example.com",
    "nurse@example.com/home",
    "tybalt@localhost",
    "a@remote.example",
    "a@remote.example/x",
    "localhost",
    "example.com",
    "remote.example",
    "localhost/x",
    "",
    "@",
};

static const char *const ids[] = { "1", "2", "9", "bind-1", "" };
static const char *const types[] = {
    "get",    "set",         "result", "error",     "chat",     "groupchat",    "headline",
    "normal", "unavailable", "probe",  "subscribe", "cancel",   "modify",       "subscribed",
    "auth",   "unsubscribe", "wait",   "x",         "continue", "unsubscribed",
};
static const char *const subscriptions[] = { "none", "to", "from", "both", "remove", "x" };
static const char *const counts[] = { "0", "1", "2", "3", "7", "4294967295", "4294967296", "-1", "x", "" };
static const char *const answers[] = { "true", "false", "1", "0", "subscribe", "x" };
static const char *const words[] = { "", "n", "en", "romeo", "&lt;&amp;&quot;", "\xC3\xA9\xE2\x82\xAC" };
static const char *const versions[] = { "1.0", "0.9", "1.1", "2.0", "" };
static const char *const namespaces[] = {
    "jabber:client",
    "jabber:server",
    "jabber:iq:roster",
    "urn:xmpp:blocking",
    "urn:xmpp:carbons:2",
    "urn:xmpp:hints",
    "urn:xmpp:sm:3",
    "urn:xmpp:csi:0",
    "urn:xmpp:ping",
    "urn:xmpp:delay",
    "urn:xmpp:forward:0",
    "jabber:iq:register",
    "jabber:iq:last",
    "jabber:iq:version",
    "urn:xmpp:time",
    "http://jabber.org/protocol/disco#info",
    "urn:ietf:params:xml:ns:xmpp-stanzas",
    "urn:ietf:params:xml:ns:xmpp-bind",
};
static const char *const mechanisms[] = {
    "PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-1-PLUS", "EXTERNAL", "ANONYMOUS", "x",
};

/* The attributes that are changed and added, and their values. */
#define VALUES(list) list, COUNT(list)
static const struct known {
    const char *name;
    const char *const *values;
    size_t count;
} knowns[] = {
    { "to", VALUES(addresses) },     { "from", VALUES(addresses) },
    { "jid", VALUES(addresses) },    { "id", VALUES(ids) },
    { "type", VALUES(types) },       { "subscription", VALUES(subscriptions) },
    { "h", VALUES(counts) },         { "ask", VALUES(answers) },
    { "resume", VALUES(answers) },   { "approved", VALUES(answers) },
    { "name", VALUES(words) },       { "xml:lang", VALUES(words) },
    { "ver", VALUES(counts) },       { "previd", VALUES(words) },
    { "max", VALUES(counts) },       { "version", VALUES(versions) },
    { "xmlns", VALUES(namespaces) }, { "mechanism", VALUES(mechanisms) },
};

/* Of an element without elements. */
static const char *const texts[] = {
    "",     "b",    "-1",       "0",      "127",     "-128",    "128",   "5",
    "away", "dnd",  "xa",       "garden", "orchard", "balcony", "romeo", "AHJvbWVvAHBlbmNpbA==",
    "=",    "&lt;", "\xC3\xA9",
};

static const char *one_of(struct choices *choices, const char *const *list, size_t count)
{
    return list[mutator_below(choices, count)];
}

const char *mutate_stanza_other(struct choices *choices)
{
    return one_of(choices, stanzas, COUNT(stanzas));
}

const char *mutate_stanza_address(struct choices *choices)
{
    return one_of(choices, addresses, COUNT(addresses));
}

/* ---- What is there ---- */

struct span {
    size_t begin, end;
};

struct element {
    struct span all, name;
    struct span content; /* empty, at the end of the tag, for <x/> */
    size_t parent;       /* its index; NO_PARENT */
    bool is_empty;       /* <x/> */
    bool has_elements;
    size_t attributes, attribute_count; /* the first, in the list of all */
};

struct attribute {
    struct span all; /* with the space before it */
    struct span name, value;
};

/* What is behind so many is not changed. */
enum { ELEMENTS = 128, ATTRIBUTES = 256, DEPTH = 32, NO_PARENT = ELEMENTS };

struct elements {
    const struct mutator *mutator;
    const char *text;
    size_t length;
    size_t at;
    struct element list[ELEMENTS];
    size_t count;
    struct attribute attributes[ATTRIBUTES];
    size_t attribute_count;
    size_t open[DEPTH]; /* the elements that have not ended */
    size_t depth;
    uint8_t events[UINT8_MAX + 1]; /* by its first byte: the bytes that an event has; 0 for text */
};

/* What separates the parts of a tag, as bits. */
enum {
    OPENS = 1,
    CLOSES = 2,
    SLASH = 4,
    EQUALS = 8,
    BLANK = 16,
    SINGLE = 32,
    DOUBLE = 64,
};
static const uint8_t separators[UINT8_MAX + 1] = {
    ['<'] = OPENS,  ['>'] = CLOSES, ['/'] = SLASH,  ['='] = EQUALS,  [' '] = BLANK,
    ['\t'] = BLANK, ['\r'] = BLANK, ['\n'] = BLANK, ['\''] = SINGLE, ['"'] = DOUBLE,
};

static uint8_t separator_at(const struct elements *e)
{
    return separators[(unsigned char)e->text[e->at]];
}

static void find_events(struct elements *e, const struct mutator *mutator)
{
    memset(e->events, 0, sizeof e->events);
    for (size_t i = 0; i < mutator->alone_count; i++)
        e->events[(unsigned char)mutator->alone[i]] = 1;
    for (size_t i = 0; i < mutator->paired_count; i++)
        e->events[(unsigned char)mutator->paired[i]] = 2;
}

/* Takes what is there up to one of these separators outside of an event.  Returns false at the end. */
static bool take_until(struct elements *e, unsigned ends)
{
    while (e->at < e->length) {
        const size_t event = e->events[(unsigned char)e->text[e->at]], left = e->length - e->at;
        if (event == 0 && (separator_at(e) & ends) != 0)
            return true;
        e->at += event == 2 && left > 1 ? 2 : 1;
    }
    return false;
}

static bool is_same(const struct elements *e, struct span a, struct span b)
{
    return a.end - a.begin == b.end - b.begin &&
           memcmp(e->text + a.begin, e->text + b.begin, a.end - a.begin) == 0;
}

static bool is_named(const struct elements *e, struct span name, const char *text)
{
    return name.end - name.begin == strlen(text) && memcmp(e->text + name.begin, text, strlen(text)) == 0;
}

/* NAME = "VALUE", which ends before the next attribute or the end of the tag. */
static bool take_attribute(struct elements *e, struct element *element, size_t blank)
{
    struct attribute attribute = { .name.begin = e->at };
    if (!take_until(e, EQUALS | BLANK | SLASH | OPENS | CLOSES))
        return false;
    attribute.name.end = e->at;
    if (attribute.name.end == attribute.name.begin || !take_until(e, SINGLE | DOUBLE | OPENS | CLOSES))
        return false;
    const uint8_t quote = separator_at(e);
    if ((quote & (SINGLE | DOUBLE)) == 0)
        return false;
    attribute.value.begin = ++e->at;
    if (!take_until(e, quote))
        return false;
    attribute.value.end = e->at++;
    attribute.all = (struct span){ blank, e->at };
    if (e->attribute_count == ATTRIBUTES)
        return false;
    e->attributes[e->attribute_count++] = attribute;
    element->attribute_count++;
    return true;
}

/* The rest of a start tag, behind its name. */
static bool take_attributes(struct elements *e, struct element *element)
{
    for (;;) {
        const size_t blank = e->at;
        while (e->at < e->length && separator_at(e) == BLANK)
            e->at++;
        if (e->at == e->length)
            return false;
        if (e->text[e->at] == '>' || e->text[e->at] == '/')
            return true;
        if (e->at == blank || !take_attribute(e, element, blank))
            return false;
    }
}

static void begin_element(struct elements *e)
{
    struct element element = { .all.begin = e->at, .attributes = e->attribute_count, .parent = NO_PARENT };
    element.name.begin = ++e->at;
    const bool goes_on = take_until(e, BLANK | SLASH | OPENS | CLOSES);
    element.name.end = e->at;
    if (!goes_on || !take_attributes(e, &element))
        return;
    element.is_empty = e->text[e->at] == '/';
    if (!take_until(e, OPENS | CLOSES) || e->text[e->at] != '>')
        return;
    element.content = (struct span){ e->at + 1, ++e->at };
    if (e->count == ELEMENTS || (!element.is_empty && e->depth == DEPTH)) {
        e->at = e->length;
        return;
    }
    if (e->depth > 0)
        element.parent = e->open[e->depth - 1];
    if (element.is_empty)
        element.all.end = e->at;
    else
        e->open[e->depth++] = e->count;
    e->list[e->count++] = element;
}

/* An end tag ends the innermost open element of its name; those inside of it that are open have no end. */
static void end_element(struct elements *e)
{
    struct span name = { e->at + 2, 0 };
    const size_t begin = e->at;
    e->at += 2;
    const bool goes_on = take_until(e, BLANK | OPENS | CLOSES);
    name.end = e->at;
    if (!goes_on || !take_until(e, OPENS | CLOSES) || e->text[e->at] != '>')
        return;
    e->at++;
    for (size_t i = e->depth; i > 0; i--) {
        struct element *open = &e->list[e->open[i - 1]];
        if (!is_same(e, open->name, name))
            continue;
        open->content.end = begin;
        open->all.end = e->at;
        e->depth = i - 1;
        return;
    }
}

/* Those that have no end are dropped, and are nobody's parent. */
static void drop_open(struct elements *e)
{
    size_t place[ELEMENTS + 1] = { [NO_PARENT] = NO_PARENT };
    size_t kept = 0;
    for (size_t i = 0; i < e->count; i++) {
        struct element element = e->list[i];
        const bool is_open = element.all.end == 0;
        place[i] = is_open ? place[element.parent] : kept;
        element.parent = place[element.parent];
        if (is_open)
            continue;
        if (element.parent != NO_PARENT)
            e->list[element.parent].has_elements = true;
        e->list[kept++] = element;
    }
    e->count = kept;
}

static void find_elements(struct elements *e, const struct mutator *mutator, const char *text, size_t length)
{
    e->mutator = mutator;
    e->text = text;
    e->length = length;
    e->at = mutator->options < length ? mutator->options : length;
    e->count = e->attribute_count = e->depth = 0;
    find_events(e, mutator);
    while (take_until(e, OPENS)) {
        const int next = e->at + 1 < length ? e->text[e->at + 1] : '\0';
        if (next == '/')
            end_element(e);
        else if (next == '?' || next == '!' || next == '\0' || next == '<')
            e->at++;
        else
            begin_element(e);
    }
    drop_open(e);
}

/* ---- Changes ---- */

/* The bytes from `cut.begin` to `cut.end` become these, with what is before and behind each of them. */
struct change {
    struct span cut;
    const char *put[5];
    size_t length[5];
    size_t parts;
};

struct work {
    struct elements here;  /* in the input */
    struct elements other; /* in a stanza of the table */
    struct choices *choices;
    struct change change;
    char event[2];
};

static void put(struct change *change, const char *bytes, size_t length)
{
    assert(change->parts < COUNT(change->put));
    change->put[change->parts] = bytes;
    change->length[change->parts++] = length;
}

static void put_string(struct change *change, const char *string)
{
    put(change, string, strlen(string));
}

static void put_span(struct change *change, const struct elements *of, struct span span)
{
    put(change, of->text + span.begin, span.end - span.begin);
}

static const struct element *some_element(struct work *work)
{
    const struct elements *e = &work->here;
    return e->count > 0 ? &e->list[mutator_below(work->choices, e->count)] : NULL;
}

/* A place beside an element or in it, for another one.  `root` is whether it is in none. */
static size_t some_place(struct work *work, bool *root)
{
    const struct element *element = some_element(work);
    *root = element == NULL || element->parent == NO_PARENT;
    if (element == NULL)
        return mutator_below(work->choices, 2) == 0 ? work->here.length : work->here.at;
    if (!element->is_empty && mutator_below(work->choices, 4) == 0) {
        *root = false;
        return mutator_below(work->choices, 2) == 0 ? element->content.begin : element->content.end;
    }
    return mutator_below(work->choices, 2) == 0 ? element->all.begin : element->all.end;
}

/* An element of a stanza of the table, the stanza itself or one in it; or one of the input. */
static void put_other(struct work *work, bool root)
{
    static const struct mutator plain = { .alone = "", .paired = "" };
    struct elements *other = &work->other;
    if (work->here.count > 0 && mutator_below(work->choices, 4) == 0) {
        put_span(&work->change, &work->here, some_element(work)->all);
        return;
    }
    const char *stanza = mutate_stanza_other(work->choices);
    find_elements(other, &plain, stanza, strlen(stanza));
    const size_t index = root || other->count == 1 ? 0 : 1 + mutator_below(work->choices, other->count - 1);
    put_span(&work->change, other, other->list[index].all);
}

/* Another client acts, time passes, or the like. */
static void put_event(struct work *work)
{
    const struct mutator *m = work->here.mutator;
    const size_t which = mutator_below(work->choices, m->alone_count + 4 * m->paired_count);
    const bool alone = which < m->alone_count;
    work->event[0] = *(alone ? &m->alone[which] : &m->paired[(which - m->alone_count) % m->paired_count]);
    work->event[1] = (char)mutator_below(work->choices, mutator_below(work->choices, 4) == 0 ? 256 : 6);
    put(&work->change, work->event, alone ? 1 : 2);
}

static bool has_events(const struct work *work)
{
    return work->here.mutator->paired_count > 0;
}

static bool insert_other(struct work *work)
{
    bool root;
    const size_t place = some_place(work, &root);
    work->change.cut = (struct span){ place, place };
    if (root && has_events(work) && mutator_below(work->choices, 2) == 0)
        put_event(work);
    put_other(work, root);
    return true;
}

static bool insert_event(struct work *work)
{
    bool root;
    const size_t place = some_place(work, &root);
    work->change.cut = (struct span){ place, place };
    if (!has_events(work))
        return false;
    put_event(work);
    return true;
}

static bool replace_element(struct work *work)
{
    const struct element *element = some_element(work);
    if (element == NULL)
        return false;
    work->change.cut = element->all;
    put_other(work, element->parent == NO_PARENT);
    return true;
}

static bool remove_element(struct work *work)
{
    const struct element *element = some_element(work);
    if (element == NULL)
        return false;
    work->change.cut = element->all;
    return true;
}

static bool double_element(struct work *work)
{
    bool root;
    const struct element *element = some_element(work);
    if (element == NULL)
        return false;
    const size_t place = mutator_below(work->choices, 2) == 0 ? element->all.end : some_place(work, &root);
    work->change.cut = (struct span){ place, place };
    if (has_events(work) && mutator_below(work->choices, 4) == 0)
        put_event(work);
    put_span(&work->change, &work->here, element->all);
    return true;
}

/* An element, and what is between it and a place after or before it, change places. */
static bool move_element(struct work *work)
{
    bool root;
    const struct element *element = some_element(work);
    if (element == NULL)
        return false;
    const struct span all = element->all;
    const size_t place = some_place(work, &root);
    if (place >= all.begin && place <= all.end)
        return false;
    const struct span between =
        place < all.begin ? (struct span){ place, all.begin } : (struct span){ all.end, place };
    work->change.cut =
        place < all.begin ? (struct span){ place, all.end } : (struct span){ all.begin, place };
    put_span(&work->change, &work->here, place < all.begin ? all : between);
    put_span(&work->change, &work->here, place < all.begin ? between : all);
    return true;
}

/* ---- Attributes ---- */

static const struct known *known_of(const struct elements *e, struct span name)
{
    for (size_t i = 0; i < COUNT(knowns); i++)
        if (is_named(e, name, knowns[i].name))
            return &knowns[i];
    return NULL;
}

/* A value of an attribute of this name elsewhere; NULL when the one that is looked at has another. */
static const struct attribute *elsewhere(struct work *work, struct span name)
{
    const struct elements *e = &work->here;
    const struct attribute *attribute = &e->attributes[mutator_below(work->choices, e->attribute_count)];
    for (size_t i = 0; i < e->attribute_count && !is_same(e, attribute->name, name); i++)
        attribute = &e->attributes[(size_t)(attribute - e->attributes + 1) % e->attribute_count];
    return attribute;
}

/* Values of the table have no quotes; those of another attribute may have the other ones. */
static bool change_attribute(struct work *work)
{
    const struct elements *e = &work->here;
    if (e->attribute_count == 0)
        return false;
    const struct attribute *attribute = &e->attributes[mutator_below(work->choices, e->attribute_count)];
    const struct known *known = known_of(e, attribute->name);
    work->change.cut = (struct span){ attribute->value.begin - 1, attribute->value.end + 1 };
    if (known == NULL || mutator_below(work->choices, 4) == 0) {
        const struct span value = elsewhere(work, attribute->name)->value;
        put_span(&work->change, e, (struct span){ value.begin - 1, value.end + 1 });
        return true;
    }
    put_string(&work->change, "'");
    put_string(&work->change, one_of(work->choices, known->values, known->count));
    put_string(&work->change, "'");
    return true;
}

static bool remove_attribute(struct work *work)
{
    const struct elements *e = &work->here;
    if (e->attribute_count == 0)
        return false;
    work->change.cut = e->attributes[mutator_below(work->choices, e->attribute_count)].all;
    return true;
}

static bool add_attribute(struct work *work)
{
    const struct element *element = some_element(work);
    const struct known *known = &knowns[mutator_below(work->choices, COUNT(knowns))];
    if (element == NULL)
        return false;
    for (size_t i = 0; i < element->attribute_count; i++)
        if (is_named(&work->here, work->here.attributes[element->attributes + i].name, known->name))
            return false;
    work->change.cut = (struct span){ element->name.end, element->name.end };
    put_string(&work->change, " ");
    put_string(&work->change, known->name);
    put_string(&work->change, "='");
    put_string(&work->change, one_of(work->choices, known->values, known->count));
    put_string(&work->change, "'");
    return true;
}

static bool change_text(struct work *work)
{
    const struct element *element = some_element(work);
    if (element == NULL || element->is_empty || element->has_elements)
        return false;
    work->change.cut = element->content;
    put_string(&work->change, one_of(work->choices, texts, COUNT(texts)));
    return true;
}

/* ---- One of them ---- */

/* How often each is tried. */
static const struct {
    bool (*change)(struct work *work);
    size_t share;
} changes[] = {
    { insert_other, 5 }, { replace_element, 2 },  { remove_element, 2 }, { double_element, 2 },
    { move_element, 2 }, { change_attribute, 4 }, { add_attribute, 2 },  { remove_attribute, 1 },
    { change_text, 1 },  { insert_event, 2 },
};

static bool some_change(struct work *work)
{
    size_t shares = 0;
    for (size_t i = 0; i < COUNT(changes); i++)
        shares += changes[i].share;
    size_t which = mutator_below(work->choices, shares), i = 0;
    while (which >= changes[i].share)
        which -= changes[i++].share;
    return changes[i].change(work);
}

/* What is put in may be a part of what moves, so it is copied first. */
static size_t apply(const struct change *change, uint8_t *bytes, size_t size, size_t most)
{
    size_t length = size - (change->cut.end - change->cut.begin);
    for (size_t i = 0; i < change->parts; i++)
        length += change->length[i];
    if (length == 0 || length > most)
        return 0;
    struct text copy = { 0 };
    for (size_t i = 0; i < change->parts; i++)
        text_append(&copy, change->put[i], change->length[i]);
    memmove(bytes + change->cut.begin + copy.length, bytes + change->cut.end, size - change->cut.end);
    if (copy.length > 0)
        memcpy(bytes + change->cut.begin, copy.bytes, copy.length);
    text_free(&copy);
    return length;
}

size_t mutate_stanza(const struct mutator *mutator, struct choices *choices, uint8_t *bytes, size_t size,
                     size_t most)
{
    enum { TRIES = 4 };
    if (size < mutator->options)
        return 0;
    struct work work;
    find_elements(&work.here, mutator, (const char *)bytes, size);
    work.choices = choices;
    for (int i = 0; i < TRIES; i++) {
        work.change = (struct change){ 0 };
        const size_t made = some_change(&work) ? apply(&work.change, bytes, size, most) : 0;
        if (made > 0)
            return made;
    }
    return 0;
}
