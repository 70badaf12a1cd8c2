#include "scenario_steps.h"

#include <stdlib.h>

/* ---- Variables ---- */

/* Whether the name is "NAME's JID" or "NAME's full JID"; then `whose` is the character's. */
static bool is_address(struct slice name, struct slice *whose)
{
    static const char *const endings[] = { "'s full JID", "'s JID" };
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t length = strlen(endings[i]);
        if (name.length <= length || !slice_is(slice_from(name, name.length - length), endings[i]))
            continue;
        *whose = (struct slice){ name.text, name.length - length };
        return true;
    }
    return false;
}

static bool is_captured(const struct parser *parser, struct slice name)
{
    return names_get(&parser->captures, name) != NULL;
}

static void check_variable(struct parser *parser, int line, struct slice name)
{
    struct slice whose;
    if (is_captured(parser, name))
        return;
    if (!is_address(name, &whose) && parser->table.row > 0) {
        complain(parser, line, "\"${%s}\" is not a column and is not captured above; the columns are: %s",
                 excerpt(name).text, listing_of_columns(&parser->table).text);
    } else if (!is_address(name, &whose)) {
        complain(parser, line,
                 "\"${%s}\" is not captured above; expected {scansion:capture:...} before it, or "
                 "${NAME's JID} or ${NAME's full JID}",
                 excerpt(name).text);
    } else if (names_get(&parser->index.characters, whose) == NULL) {
        complain_stranger(parser, line, whose);
    }
}

/* The contents of the braces of {scansion:...}. */
static void check_marker(struct parser *parser, int line, struct slice marker)
{
    static const char capture[] = "capture:";
    if (slice_is(marker, "any"))
        return;
    if (!slice_begins(marker, capture) || marker.length == sizeof capture - 1) {
        complain(parser, line,
                 "unknown marker \"{scansion:%s}\"; expected {scansion:any} or {scansion:capture:NAME}",
                 excerpt(marker).text);
        return;
    }
    struct slice name = slice_from(marker, sizeof capture - 1);
    if (is_captured(parser, name))
        return;
    if (table_column(&parser->table, name) < parser->table.column_count)
        complain(parser, line, "\"%s\" is a column of the table; expected a different name to capture",
                 excerpt(name).text);
    check_name_length(parser, line, "capture", name);
    const char *kept = keep_text(parser->scenario, name);
    (void)names_add(&parser->captures, (struct slice){ kept, name.length }, (void *)kept);
}

static const struct opening {
    const char *text;
    void (*check)(struct parser *parser, int line, struct slice name);
} openings[] = {
    { "${", check_variable },
    { "{scansion:", check_marker },
};

/* Checks the variable or marker that begins here, if any.  Returns its length, at least 1. */
static size_t check_opening(struct parser *parser, int line, struct slice text)
{
    for (size_t i = 0; i < sizeof openings / sizeof openings[0]; i++) {
        if (!slice_begins(text, openings[i].text))
            continue;
        struct slice name = slice_from(text, strlen(openings[i].text));
        size_t end = 0;
        while (end < name.length && name.text[end] != '}' && name.text[end] != '\n')
            end++;
        name.length = end;
        if (name.text + end == text.text + text.length || name.text[end] != '}')
            complain(parser, line, "\"%s\" is not closed; expected a \"}\" on the same line",
                     openings[i].text);
        else
            openings[i].check(parser, line, name);
        return strlen(openings[i].text) + end;
    }
    return 1;
}

/* Variables and markers begin with a brace, possibly after a '$'. */
void check_variables(struct parser *parser, int line, struct slice text)
{
    size_t brace;
    while ((brace = slice_find(text, "{")) < text.length) {
        size_t begin = brace > 0 && text.text[brace - 1] == '$' ? brace - 1 : brace;
        line += (int)count_line_feeds((struct slice){ text.text, begin });
        text = slice_from(text, begin);
        text = slice_from(text, check_opening(parser, line, text));
    }
}

/* ---- Text ---- */

/* A line of the block, without the first `dedent` bytes of its indentation; empty for a comment at the left
 * margin. */
static struct slice block_line(struct block block, const struct line *line, size_t dedent)
{
    if (line->text.length == 0 || line->indent <= block.indent)
        return (struct slice){ "", 0 };
    return slice_from(line->all, line->indent < dedent ? line->indent : dedent);
}

/* The lines of the block, joined by line feeds; the first is line 1. */
static struct slice block_text(struct parser *parser, struct block block, size_t dedent)
{
    size_t size = 0;
    for (const struct line *line = block.first; line < block.end; line++)
        size += line->all.length + 1;
    char *text = keep(parser->scenario, size + 1);
    size_t length = 0;
    for (const struct line *line = block.first; line < block.end; line++) {
        struct slice piece = block_line(block, line, dedent);
        if (line > block.first)
            text[length++] = '\n';
        memcpy(text + length, piece.text, piece.length);
        length += piece.length;
    }
    return (struct slice){ text, length };
}

static void parse_raw(struct parser *parser, struct block block, struct step *step)
{
    const struct line *first = block.first;
    while (first->indent <= block.indent)
        first++;
    block.first = first;
    struct slice text = block_text(parser, block, first->indent);
    check_variables(parser, first->number, text);
    step->text = text.text;
    step->length = text.length;
}

/* ---- Stanzas ---- */

static void complain_malformed(struct parser *parser, struct slice text, const char *problem,
                               int lines_before)
{
    int line = 0;
    char *sentence = xml_fragment_mistake(text.text, text.length, problem, lines_before, &line);
    complain(parser, line, "%s", sentence);
    free(sentence);
}

static void parse_stanzas(struct parser *parser, struct block block, struct step *step)
{
    const char *problem = NULL;
    int line = 1;
    struct slice text = block_text(parser, block, 0);
    step->stanza_line = block.first->number - 1;
    check_variables(parser, block.first->number, text);
    step->stanzas = xml_fragment(text.text, text.length, &problem, &line);
    if (problem != NULL)
        complain_malformed(parser, text, problem, step->stanza_line);
    else if (step->stanzas == NULL)
        complain(parser, block.first->number, "no stanza found; expected well-formed stanzas");
}

/* ---- Items and properties ---- */

/* Takes the next line of the block that is neither blank nor a comment. */
static const struct line *next_in_block(struct block *block)
{
    while (block->first < block->end) {
        const struct line *line = block->first++;
        if (line->text.length > 0 && !is_comment(line->text))
            return line;
    }
    return NULL;
}

static void parse_items(struct parser *parser, struct block block, struct step *step)
{
    struct roster_list items = { .end = &step->roster };
    const struct line *line;
    while ((line = next_in_block(&block)) != NULL)
        parse_roster_line(parser, line->number, "", line->text, &items);
    names_free(&items.jids);
}

static void write_items(struct text *out, const struct step *step, size_t depth)
{
    for (const struct roster_line *item = step->roster; item != NULL; item = item->next) {
        text_repeat(out, '\t', depth);
        write_roster_line(out, item);
        text_string(out, "\n");
    }
}

static void parse_jids(struct parser *parser, struct block block, struct step *step)
{
    struct blocked_list blocked = { .end = &step->blocked };
    const struct line *line;
    while ((line = next_in_block(&block)) != NULL)
        parse_blocked_line(parser, line->number, line->text, &blocked);
    names_free(&blocked.jids);
}

static void write_jids(struct text *out, const struct step *step, size_t depth)
{
    for (const struct blocked_line *blocked = step->blocked; blocked != NULL; blocked = blocked->next) {
        text_repeat(out, '\t', depth);
        text_string(out, blocked->jid);
        text_string(out, "\n");
    }
}

static const char *known_property(struct parser *parser, const char *const *properties, int line,
                                  struct slice name)
{
    struct known known = { .written = name };
    for (const char *const *property = properties; *property != NULL; property++) {
        if (slice_is(name, *property))
            return *property;
        known_add(&known, *property);
    }
    complain_unknown(parser, line, "property", &known);
    return NULL;
}

static void parse_property(struct parser *parser, const char *const *properties, const struct line *line,
                           struct property **end)
{
    struct slice name, value;
    if (!cut_property_line(parser, line, &name, &value))
        return;
    const char *known = known_property(parser, properties, line->number, name);
    if (known == NULL)
        return;
    for (; *end != NULL; end = &(*end)->next) {
        if (strcmp((*end)->name, known) == 0) {
            complain_twice(parser, line->number, known, (*end)->line);
            return;
        }
    }
    check_variables(parser, line->number, value);
    *end = keep(parser->scenario, sizeof **end);
    (*end)->name = known;
    (*end)->value = slice_is(value, "unset") ? NULL : keep_text(parser->scenario, value);
    (*end)->line = line->number;
}

static void parse_properties(struct parser *parser, struct block block, struct step *step)
{
    const struct line *line;
    while ((line = next_in_block(&block)) != NULL)
        parse_property(parser, block.properties, line, &step->properties);
}

static void write_properties(struct text *out, const struct step *step, size_t depth)
{
    for (const struct property *property = step->properties; property != NULL; property = property->next)
        write_named(out, depth, property->name, property->value != NULL ? property->value : "unset");
}

/* ---- The table ---- */

/* A kind of block. */
struct kind {
    const char *name;
    unsigned fields; /* fields of the step that the block fills */
    void (*parse)(struct parser *parser, struct block block, struct step *step);
    void (*write)(struct text *out, const struct step *step, size_t depth);
    const char *only, *ns; /* of stanzas: the only allowed element; NULL for any */
};

enum { FIELD_ALL_PROPERTIES = FIELD_TO | FIELD_FROM | FIELD_PROPERTIES };

static const struct kind kinds[BLOCKS] = {
    [BLOCK_STANZAS] = { "an indented block of stanzas", FIELD_STANZAS, parse_stanzas, write_stanzas, NULL,
                        NULL },
    [BLOCK_PRESENCE] = { "an indented block with one presence stanza", FIELD_STANZAS, parse_stanzas,
                         write_stanzas, "presence", XML_NS_CLIENT },
    [BLOCK_FEATURES] = { "an indented block with one <features/>", FIELD_STANZAS, parse_stanzas,
                         write_stanzas, "features", XML_NS_STREAMS },
    [BLOCK_RAW] = { "an indented block of text", FIELD_TEXT, parse_raw, write_raw, NULL, NULL },
    [BLOCK_ITEMS] = { "an indented block of roster items", FIELD_ROSTER, parse_items, write_items, NULL,
                      NULL },
    [BLOCK_JIDS] = { "an indented block of JIDs", FIELD_BLOCKED, parse_jids, write_jids, NULL, NULL },
    [BLOCK_PROPERTIES] = { "an indented block of lines \"name: value\"", FIELD_ALL_PROPERTIES,
                           parse_properties, write_properties, NULL, NULL },
    [BLOCK_STEPS] = { "an indented block of steps", FIELD_STEPS, NULL, NULL, NULL, NULL },
};

const char *block_name(enum step_block block)
{
    return kinds[block].name;
}

static void complain_unless_one(struct parser *parser, const struct step *step, const struct kind *kind)
{
    if (step->stanzas->next != NULL || !xml_is(step->stanzas, kind->only, kind->ns))
        complain(parser, step->stanza_line + 1, "expected one <%s xmlns=\"%s\"/> here and nothing else",
                 kind->only, kind->ns);
}

void parse_block(struct parser *parser, const struct wording *wording, struct block block, struct step *step)
{
    const struct kind *kind = &kinds[wording->block];
    block.properties = wording->properties;
    kind->parse(parser, block, step);
    if (kind->only != NULL && step->stanzas != NULL)
        complain_unless_one(parser, step, kind);
}

unsigned fields_of_block(enum step_block block, const struct step *step)
{
    return block == BLOCK_RAW && !fits_below(step) ? 0 : kinds[block].fields;
}

bool has_block(enum step_block block, const struct step *step)
{
    return (kinds[block].fields & fields_of_step(step)) != 0;
}

void write_block(struct text *out, enum step_block block, const struct step *step, size_t depth)
{
    kinds[block].write(out, step, depth + 1);
}
