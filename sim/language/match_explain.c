#include "../printable.h"
#include "../xml/xml_print.h"
#include "match.h"
#include "match_rules.h"
#include "match_table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct explanation {
    struct table table;
    struct text sentences;
    const struct cast *cast;
};

/* ---- Sentences ---- */

/* Appends a template in which each '%' is replaced by the next of the strings, which end with NULL. */
static void say(struct text *out, const char *template, const char *const *strings)
{
    for (; *strings != NULL; strings++) {
        const char *hole = strchr(template, '%');
        assert(hole != NULL);
        text_append(out, template, (size_t)(hole - template));
        text_string(out, *strings);
        template = hole + 1;
    }
    assert(strchr(template, '%') == NULL);
    text_string(out, template);
}
#define SAY(out, template, ...) say(out, template, (const char *const[]){ __VA_ARGS__, NULL })

/* The text on one line, with known variables replaced.  The caller frees. */
static char *shown(struct span value, const struct cast *cast, struct text *unknown)
{
    struct text expanded = { 0 };
    struct text out = { 0 };
    struct span name;
    if (value_expand(&expanded, value, cast, &name)) {
        print_text(&out, expanded.bytes, expanded.length);
    } else {
        print_text(&out, value.bytes, value.length);
        text_append(unknown, name.bytes, name.length);
    }
    text_free(&expanded);
    return text_take(&out);
}

static char *shown_as_is(struct span value)
{
    struct text out = { 0 };
    print_text(&out, value.bytes, value.length);
    return text_take(&out);
}

/* Explains the difference of an expected attribute or text; an empty `got` is an absent one. */
static void say_difference(struct explanation *why, const char *what, struct span wanted, struct span got)
{
    struct text unknown = { 0 };
    char *expected = shown(wanted, why->cast, &unknown);
    char *received = shown_as_is(got);
    if (unknown.length > 0) {
        SAY(&why->sentences, "%: the variable ${%} is not set\n", what, unknown.bytes);
    } else if (got.bytes == NULL) {
        SAY(&why->sentences, "% is missing: expected '%'\n", what, expected);
    } else {
        SAY(&why->sentences, "%: expected '%', got '%'\n", what, expected, received);
    }
    text_free(&unknown);
    free(expected);
    free(received);
}

static void say_unexpected(struct explanation *why, const char *what, struct span got)
{
    char *received = shown_as_is(got);
    SAY(&why->sentences, "unexpected %: '%'\n", what, received);
    free(received);
}

/* An element's tag.  The caller frees. */
static char *mention(const struct xml *element, const char *around)
{
    struct text out = { 0 };
    print_tag(&out, element, around);
    return text_take(&out);
}

/* ---- Rows without a counterpart ---- */

static void add_line(struct text *cell, size_t indent, const char **lines)
{
    size_t length = strcspn(*lines, "\n");
    if (length > 0) {
        text_repeat(cell, ' ', indent);
        text_append(cell, *lines, length);
        *lines += length + 1;
    }
}

/* Adds both elements line by line, without pairing their contents; either may be NULL. */
static void add_unlike(struct table *table, const struct xml *const elements[SIDES],
                       const char *const around[SIDES], size_t indent, bool differs)
{
    char *printed[SIDES];
    const char *lines[SIDES];
    for (int side = 0; side < SIDES; side++) {
        printed[side] = elements[side] == NULL ? NULL : xml_pretty(elements[side], around[side]);
        lines[side] = printed[side] == NULL ? "" : printed[side];
    }
    while (*lines[EXPECTED] != '\0' || *lines[RECEIVED] != '\0') {
        struct text cells[SIDES] = { { 0 } };
        add_line(&cells[EXPECTED], indent, &lines[EXPECTED]);
        add_line(&cells[RECEIVED], indent, &lines[RECEIVED]);
        table_add(table, cells, differs);
    }
    free(printed[EXPECTED]);
    free(printed[RECEIVED]);
}

/* ---- Two corresponding elements ---- */

/* An attribute on both sides, or the namespace, where it must be declared.  The sides may have different
 * prefixes. */
struct aspect {
    const struct xml_attribute *attributes[SIDES]; /* NULL when absent, and of the namespace */
    const char *values[SIDES];                     /* NULL when absent */
    bool differs;
};

struct couple {
    const struct xml *elements[SIDES];
    const char *around[SIDES]; /* the namespaces of their contexts */
    enum strictness strictness;
    bool strict;
    size_t indent;
    struct aspect *aspects;
    size_t aspect_count;
    bool leaf[SIDES]; /* without child elements */
    struct span content[SIDES];
    struct text joined[SIDES];
    bool content_differs;
};

static void add_aspect(struct couple *couple, const struct xml_attribute *expected,
                       const struct xml_attribute *received, bool differs)
{
    couple->aspects[couple->aspect_count++] = (struct aspect){
        .attributes = { expected, received },
        .values = { expected != NULL ? expected->value : NULL, received != NULL ? received->value : NULL },
        .differs = differs,
    };
}

static void collect_namespace(struct couple *couple)
{
    const char *declared[SIDES];
    for (int side = 0; side < SIDES; side++) {
        const char *ns = couple->elements[side]->ns;
        declared[side] = strcmp(ns, couple->around[side]) == 0 ? NULL : ns;
    }
    bool differs = strcmp(couple->elements[EXPECTED]->ns, couple->elements[RECEIVED]->ns) != 0;
    if (declared[EXPECTED] != NULL || declared[RECEIVED] != NULL) {
        couple->aspects[couple->aspect_count++] =
            (struct aspect){ .values = { declared[EXPECTED], declared[RECEIVED] }, .differs = differs };
    }
}

/* The expected ones, in their order, then those that were only received. */
static void collect_aspects(struct couple *couple, const struct cast *cast)
{
    const struct xml *expected = couple->elements[EXPECTED];
    const struct xml *received = couple->elements[RECEIVED];
    couple->aspects =
        calloc(attributes_count(expected) + attributes_count(received) + 1, sizeof *couple->aspects);
    if (couple->aspects == NULL) {
        abort();
    }
    struct attributes ours, theirs;
    attributes_init(&ours, expected);
    attributes_init(&theirs, received);
    collect_namespace(couple);
    for (const struct xml_attribute *a = expected->attributes; a != NULL; a = a->next) {
        if (match_is_directive(a)) {
            add_aspect(couple, a, NULL, false);
            continue;
        }
        const struct xml_attribute *got = attributes_find(&theirs, a);
        bool differs = got == NULL || !value_matches(span_of(a->value), span_of(got->value), cast);
        add_aspect(couple, a, got, differs);
    }
    for (const struct xml_attribute *a = received->attributes; a != NULL; a = a->next) {
        if (attributes_find(&ours, a) == NULL) {
            add_aspect(couple, NULL, a, couple->strict);
        }
    }
    attributes_free(&ours);
    attributes_free(&theirs);
}

static void collect_content(struct couple *couple, const struct cast *cast)
{
    bool mixed = match_is_mixed(couple->elements[EXPECTED], couple->elements[RECEIVED]);
    for (int side = 0; side < SIDES; side++) {
        couple->leaf[side] = xml_first_element(couple->elements[side]) == NULL;
        couple->content[side] = value_content(couple->elements[side], mixed, &couple->joined[side]);
    }
    couple->content_differs =
        !match_text(couple->content[EXPECTED], couple->content[RECEIVED], couple->strict, cast);
}

static void couple_free(struct couple *couple)
{
    free(couple->aspects);
    text_free(&couple->joined[EXPECTED]);
    text_free(&couple->joined[RECEIVED]);
}

/* ---- Their sentences ---- */

static bool is_namespace(const struct aspect *aspect)
{
    return aspect->attributes[EXPECTED] == NULL && aspect->attributes[RECEIVED] == NULL;
}

/* "attribute 'type' of <iq/>"; a prefix is followed by its namespace: "attribute 'a:b', xmlns:a="urn:x", of <iq/>".
 */
static void name_aspect(struct text *out, const struct couple *couple, const struct aspect *aspect)
{
    const int side = aspect->attributes[EXPECTED] != NULL ? EXPECTED : RECEIVED;
    const struct xml_attribute *attribute = aspect->attributes[side];
    SAY(out, "attribute '%'", attribute != NULL ? attribute->name : "xmlns");
    if (attribute != NULL && print_is_foreign(attribute)) {
        text_string(out, ", ");
        print_declaration(out, attribute);
        text_string(out, ",");
    }
    SAY(out, " of <%/>", couple->elements[EXPECTED]->name);
}

static void say_aspects(struct explanation *why, const struct couple *couple)
{
    for (size_t i = 0; i < couple->aspect_count; i++) {
        const struct aspect *aspect = &couple->aspects[i];
        if (!aspect->differs) {
            continue;
        }
        struct text what = { 0 };
        name_aspect(&what, couple, aspect);
        const char *got = aspect->values[RECEIVED];
        if (is_namespace(aspect)) {
            say_difference(why, what.bytes, span_of(couple->elements[EXPECTED]->ns),
                           span_of(couple->elements[RECEIVED]->ns));
        } else if (aspect->values[EXPECTED] == NULL) {
            say_unexpected(why, what.bytes, span_of(got));
        } else {
            say_difference(why, what.bytes, span_of(aspect->values[EXPECTED]),
                           got == NULL ? (struct span){ NULL, 0 } : span_of(got));
        }
        text_free(&what);
    }
}

static void say_content(struct explanation *why, const struct couple *couple)
{
    if (!couple->content_differs) {
        return;
    }
    struct text what = { 0 };
    SAY(&what, "text of <%/>", couple->elements[EXPECTED]->name);
    struct span got = couple->content[RECEIVED];
    if (couple->content[EXPECTED].length == 0) {
        say_unexpected(why, what.bytes, got);
    } else {
        say_difference(why, what.bytes, couple->content[EXPECTED],
                       got.length == 0 ? (struct span){ NULL, 0 } : got);
    }
    text_free(&what);
}

/* ---- Their rows ---- */

/* Whether the prefix of the attribute is declared here: no earlier one on that side has it. */
static bool declares(const struct couple *couple, size_t index, int side)
{
    const struct xml_attribute *attribute = couple->aspects[index].attributes[side];
    if (attribute == NULL || !print_is_foreign(attribute)) {
        return false;
    }
    for (size_t i = 0; i < index; i++) {
        const struct xml_attribute *earlier = couple->aspects[i].attributes[side];
        if (earlier != NULL && print_same_prefix(earlier, attribute)) {
            return false;
        }
    }
    return true;
}

/* The expected side shows the values of variables, for visual comparison. */
static void print_aspect(struct text *cell, const struct couple *couple, size_t index, int side,
                         const struct cast *cast)
{
    const struct aspect *aspect = &couple->aspects[index];
    const struct xml_attribute *attribute = aspect->attributes[side];
    struct text expanded = { 0 };
    struct span unknown;
    const char *value = aspect->values[side];
    if (side == EXPECTED && value_expand(&expanded, span_of(value), cast, &unknown)) {
        value = expanded.length == 0 ? "" : expanded.bytes;
    }
    if (declares(couple, index, side)) {
        print_declaration(cell, attribute);
        text_string(cell, " ");
    }
    SAY(cell, "%=\"", attribute != NULL ? attribute->name : "xmlns");
    print_value(cell, value);
    text_string(cell, "\"");
    text_free(&expanded);
}

static void print_content(struct text *cell, const struct couple *couple, int side, const struct cast *cast)
{
    struct text unknown = { 0 };
    char *content =
        side == EXPECTED ? shown(couple->content[side], cast, &unknown) : shown_as_is(couple->content[side]);
    text_string(cell, content);
    text_free(&unknown);
    free(content);
}

/* The end of a tag; for a leaf also its text. */
static void print_rest(struct text *cell, const struct couple *couple, int side, const struct cast *cast)
{
    if (!couple->leaf[side]) {
        text_string(cell, ">");
    } else if (couple->content[side].length == 0) {
        text_string(cell, "/>");
    } else {
        text_string(cell, ">");
        print_content(cell, couple, side, cast);
        SAY(cell, "</%>", couple->elements[side]->name);
    }
}

/* Adds the whole tag as one row, unless it is too wide and has attributes, which then get rows of their
 * own. */
static bool add_tag(struct explanation *why, const struct couple *couple)
{
    struct text cells[SIDES] = { { 0 } };
    bool differs = couple->content_differs && (couple->leaf[EXPECTED] || couple->leaf[RECEIVED]);
    for (int side = 0; side < SIDES; side++) {
        text_repeat(&cells[side], ' ', couple->indent);
        SAY(&cells[side], "<%", couple->elements[side]->name);
        for (size_t i = 0; i < couple->aspect_count; i++) {
            differs = differs || couple->aspects[i].differs;
            if (couple->aspects[i].values[side] != NULL) {
                text_string(&cells[side], " ");
                print_aspect(&cells[side], couple, i, side, why->cast);
            }
        }
        print_rest(&cells[side], couple, side, why->cast);
    }
    bool fits = couple->aspect_count == 0 ||
                (table_fits(&why->table, &cells[EXPECTED]) && table_fits(&why->table, &cells[RECEIVED]));
    if (fits) {
        table_add(&why->table, cells, differs);
    }
    text_free(&cells[EXPECTED]);
    text_free(&cells[RECEIVED]);
    return fits;
}

/* Adds the tag with a row for each attribute. */
static void add_tag_in_rows(struct explanation *why, const struct couple *couple)
{
    struct text cells[SIDES] = { { 0 } };
    for (int side = 0; side < SIDES; side++) {
        text_repeat(&cells[side], ' ', couple->indent);
        SAY(&cells[side], "<%", couple->elements[side]->name);
    }
    table_add(&why->table, cells, false);
    for (size_t i = 0; i < couple->aspect_count; i++) {
        for (int side = 0; side < SIDES; side++) {
            if (couple->aspects[i].values[side] != NULL) {
                text_repeat(&cells[side], ' ', couple->indent + 4);
                print_aspect(&cells[side], couple, i, side, why->cast);
            }
        }
        table_add(&why->table, cells, couple->aspects[i].differs);
    }
    for (int side = 0; side < SIDES; side++) {
        text_repeat(&cells[side], ' ', couple->indent + 4);
        print_rest(&cells[side], couple, side, why->cast);
    }
    table_add(&why->table, cells,
              couple->content_differs && (couple->leaf[EXPECTED] || couple->leaf[RECEIVED]));
}

/* Adds text between child elements. */
static void add_content(struct explanation *why, const struct couple *couple)
{
    struct text cells[SIDES] = { { 0 } };
    for (int side = 0; side < SIDES; side++) {
        if (!couple->leaf[side] && couple->content[side].length > 0) {
            text_repeat(&cells[side], ' ', couple->indent + 2);
            print_content(&cells[side], couple, side, why->cast);
        }
    }
    if (cells[EXPECTED].length > 0 || cells[RECEIVED].length > 0) {
        table_add(&why->table, cells, couple->content_differs);
    }
}

static void add_end(struct explanation *why, const struct couple *couple)
{
    struct text cells[SIDES] = { { 0 } };
    for (int side = 0; side < SIDES; side++) {
        if (!couple->leaf[side]) {
            text_repeat(&cells[side], ' ', couple->indent);
            SAY(&cells[side], "</%>", couple->elements[side]->name);
        }
    }
    if (cells[EXPECTED].length > 0 || cells[RECEIVED].length > 0) {
        table_add(&why->table, cells, false);
    }
}

/* ---- The walk ---- */

static void explain_missing(struct explanation *why, const struct couple *couple, const struct xml *child)
{
    const struct xml *parent = couple->elements[EXPECTED];
    char *name = mention(child, parent->ns);
    SAY(&why->sentences, "child % of <%/> is missing\n", name, parent->name);
    free(name);
    const struct xml *const elements[SIDES] = { child, NULL };
    const char *const around[SIDES] = { parent->ns, NULL };
    add_unlike(&why->table, elements, around, couple->indent + 2, true);
}

/* A child that was only received: a difference if the parent is matched strictly. */
static void explain_extra(struct explanation *why, const struct couple *couple, const struct xml *child)
{
    const struct xml *parent = couple->elements[RECEIVED];
    if (couple->strict) {
        char *name = mention(child, parent->ns);
        SAY(&why->sentences, "unexpected child % of <%/>\n", name, parent->name);
        free(name);
    }
    const struct xml *const elements[SIDES] = { NULL, child };
    const char *const around[SIDES] = { NULL, parent->ns };
    add_unlike(&why->table, elements, around, couple->indent + 2, couple->strict);
}

static void explain_couple(struct explanation *why, const struct xml *expected, const struct xml *received,
                           const struct couple *parent);

static void explain_children(struct explanation *why, const struct couple *couple)
{
    struct pairing pairing;
    pairing_init(&pairing, couple->elements[EXPECTED], couple->elements[RECEIVED], couple->strictness,
                 why->cast);
    pairing_complete(&pairing, why->cast);
    for (size_t i = 0; i < pairing.expected_count; i++) {
        if (pairing.partner[i] == UNPAIRED) {
            explain_missing(why, couple, pairing.expected[i]);
        } else {
            explain_couple(why, pairing.expected[i], pairing.received[pairing.partner[i]], couple);
        }
    }
    for (size_t i = 0; i < pairing.received_count; i++) {
        if (pairing.owner[i] == UNPAIRED) {
            explain_extra(why, couple, pairing.received[i]);
        }
    }
    pairing_free(&pairing);
}

static void explain_couple(struct explanation *why, const struct xml *expected, const struct xml *received,
                           const struct couple *parent)
{
    assert(strcmp(expected->name, received->name) == 0);
    struct couple couple = { .elements = { expected, received }, .around = { XML_NS_CLIENT, XML_NS_CLIENT } };
    couple.strictness = match_strictness(expected, BY_NAMESPACE);
    if (parent != NULL) {
        couple.around[EXPECTED] = parent->elements[EXPECTED]->ns;
        couple.around[RECEIVED] = parent->elements[RECEIVED]->ns;
        couple.strictness = match_strictness(expected, parent->strictness);
        couple.indent = parent->indent + 2;
    }
    couple.strict = match_is_strict(expected, couple.strictness);
    collect_aspects(&couple, why->cast);
    collect_content(&couple, why->cast);
    say_aspects(why, &couple);
    say_content(why, &couple);
    if (!add_tag(why, &couple)) {
        add_tag_in_rows(why, &couple);
    }
    add_content(why, &couple);
    explain_children(why, &couple);
    add_end(why, &couple);
    couple_free(&couple);
}

/* One side is absent, or the elements have different names. */
static void explain_unlike(struct explanation *why, const struct xml *expected, const struct xml *received)
{
    char *wanted = expected == NULL ? NULL : mention(expected, XML_NS_CLIENT);
    char *got = received == NULL ? NULL : mention(received, XML_NS_CLIENT);
    if (wanted == NULL) {
        SAY(&why->sentences, "nothing was expected, but % was received\n", got);
    } else if (got == NULL) {
        SAY(&why->sentences, "% was expected, but nothing was received\n", wanted);
    } else {
        SAY(&why->sentences, "expected %, got %\n", wanted, got);
    }
    free(wanted);
    free(got);
    const struct xml *const elements[SIDES] = { expected, received };
    const char *const around[SIDES] = { XML_NS_CLIENT, XML_NS_CLIENT };
    add_unlike(&why->table, elements, around, 0, true);
}

/* ---- All of it ---- */

/* The number of bytes of a sentence that fit on a line: whole words, with the blanks after them. */
static size_t words_within(const char *sentence, size_t room)
{
    size_t length = 0;
    size_t width = 0;
    for (size_t i = 0; sentence[i] != '\0'; i++) {
        width += ((unsigned char)sentence[i] & 0xC0) != 0x80 ? 1 : 0;
        if (sentence[i] == ' ') {
            length = i + 1;
        } else if (width > room && length > 0) {
            return length;
        }
    }
    return strlen(sentence);
}

/* Writes a sentence; its lines after the first are indented.  It is wrapped only at blanks, so that every
 * word can be searched for. */
static void write_sentence(FILE *out, const char *sentence, size_t columns)
{
    enum { INDENT = 4 };
    size_t indent = 0;
    while (*sentence != '\0') {
        size_t length = words_within(sentence, columns - indent);
        bool is_last = sentence[length] == '\0';
        fprintf(out, "%*s%.*s\n", (int)indent, "", (int)(is_last ? length : length - 1), sentence);
        sentence += length;
        indent = INDENT;
    }
}

static void write_sentences(FILE *out, const struct text *sentences, size_t columns)
{
    size_t length = 0;
    for (size_t at = 0; at < sentences->length; at += length + 1) {
        length = strcspn(sentences->bytes + at, "\n");
        char *shown = printable_copy(sentences->bytes + at, length);
        write_sentence(out, shown, columns);
        free(shown);
    }
}

/* Fills the table and the sentences; the width of the table is set. */
static void compare(struct explanation *why, struct cast cast, const struct xml *expected,
                    const struct xml *received)
{
    size_t effort = MATCH_EFFORT;
    assert(expected != NULL || received != NULL);
    cast.effort = &effort;
    why->cast = &cast;
    if (expected == NULL || received == NULL || strcmp(expected->name, received->name) != 0) {
        explain_unlike(why, expected, received);
    } else {
        explain_couple(why, expected, received, NULL);
    }
    if (effort == 0) {
        text_string(&why->sentences,
                    "there are too many elements to compare all pairs: some may be shown next to "
                    "elements that they do not belong to\n");
    }
    why->cast = NULL;
}

static void explanation_free(struct explanation *why)
{
    table_free(&why->table);
    text_free(&why->sentences);
}

enum { COLUMNS_USUAL = 100, COLUMNS_LEAST = 20 };

void match_explain(FILE *out, const struct xml *expected, const struct xml *received, match_lookup lookup,
                   void *host, unsigned columns, bool colour)
{
    struct explanation why = { .table.width = columns == 0 ? COLUMNS_USUAL : columns };
    if (why.table.width < COLUMNS_LEAST) {
        why.table.width = COLUMNS_LEAST;
    }
    compare(&why, (struct cast){ lookup, host, NULL }, expected, received);
    table_write(&why.table, out, colour);
    write_sentences(out, &why.sentences, why.table.width);
    explanation_free(&why);
}

void match_compare(const struct xml *expected, const struct xml *received, match_lookup lookup, void *host,
                   const struct match_comparison *told)
{
    struct explanation why = { .table.width = COLUMNS_USUAL };
    const char *cells[SIDES];
    bool differs = false;
    compare(&why, (struct cast){ lookup, host, NULL }, expected, received);
    for (size_t i = 0; table_at(&why.table, i, cells, &differs); i++) {
        told->line(told->host, cells[EXPECTED], cells[RECEIVED], differs);
    }
    told->sentences(told->host, why.sentences.bytes != NULL ? why.sentences.bytes : "");
    explanation_free(&why);
}
