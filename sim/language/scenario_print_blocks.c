#include "scenario_steps.h"

#include "../xml/xml_print.h"

/* ---- Text that is taken literally ---- */

/* The first line sets the indentation of the block, and a line of blanks is read as an empty one. */
bool fits_below(const struct step *step)
{
    struct slice text = { step->text, step->length }, line;
    if (step->text == NULL)
        return true;
    if (text.length == 0 || is_blank(text.text[0]) || text.text[0] == '\n' ||
        text.text[text.length - 1] == '\n' || memchr(text.text, '\0', text.length) != NULL ||
        !slice_is_utf8(text))
        return false;
    for (bool more = true; more;) {
        more = slice_cut(&text, "\n", &line);
        if (line.length > 0 && slice_trim(line).length == 0)
            return false;
    }
    return true;
}

/* Whether the line has no invisible characters. */
static bool is_legible(struct slice line)
{
    for (size_t i = 0; i < line.length; i++)
        if (((unsigned char)line.text[i] < ' ' && line.text[i] != '\t') || line.text[i] == 0x7f)
            return false;
    return line.length == 0 || !is_blank(line.text[line.length - 1]);
}

bool reads_better_below(const struct step *step)
{
    struct slice text = { step->text, step->length }, line;
    bool unquoted = slice_find(text, "\n") == text.length && slice_find(text, "\"") == text.length &&
                    slice_find(text, "\\") == text.length;
    bool legible = true;
    for (bool more = true; more;) {
        more = slice_cut(&text, "\n", &line);
        legible = legible && is_legible(line);
    }
    return legible && !unquoted;
}

/* A carriage return at the end of a line is read as part of the line end, so one that belongs to the text is
 * doubled. */
void write_raw(struct text *out, const struct step *step, size_t depth)
{
    struct slice text = { step->text, step->length }, line;
    for (bool more = true; more;) {
        more = slice_cut(&text, "\n", &line);
        if (line.length > 0)
            text_repeat(out, '\t', depth);
        text_append(out, line.text, line.length);
        text_string(out, line.length > 0 && line.text[line.length - 1] == '\r' ? "\r\n" : "\n");
    }
}

/* ---- Stanzas ---- */

/* Wider elements of a block are broken into lines where white space is ignored; a tab counts as four
 * columns. */
enum { WIDTH = 110, TAB = 4 };

struct page {
    struct text *out;
    size_t depth; /* of the block */
    bool exact;   /* white space between elements is kept, because it will be sent */
};

static bool is_white(const struct xml *node)
{
    return node->text != NULL && node->text[strspn(node->text, " \t\r\n")] == '\0';
}

/* Whether white space in the element is only layout: it has elements and no other text. */
static bool is_structure(const struct xml *element)
{
    for (const struct xml *child = element->children; child != NULL; child = child->next)
        if (child->text != NULL && !is_white(child))
            return false;
    return xml_first_element(element) != NULL;
}

/* Whether the text after a line feed would be lost, or end the block, on a line of its own: such a line must
 * be empty, or indented more than the step and not blank. */
static bool needs_reference(const struct page *page, const char *behind)
{
    while (*behind == '\n')
        behind++;
    size_t blanks = strspn(behind, " \t");
    return strspn(behind, "\t") < page->depth - 1 || blanks < page->depth || behind[blanks] == '\n';
}

static void write_run(const struct page *page, const char *run)
{
    for (;;) {
        size_t plain = strcspn(run, "\n\t");
        print_text(page->out, run, plain);
        run += plain;
        if (*run == '\0')
            return;
        bool reference = *run == '\n' && needs_reference(page, run + 1);
        text_append(page->out, reference ? "&#10;" : run, reference ? strlen("&#10;") : 1);
        run++;
    }
}

static void write_closing(struct text *out, const struct xml *element)
{
    text_string(out, "</");
    text_string(out, element->name);
    text_string(out, ">");
}

/* Writes a node on the current line; its text may contain further lines. */
static void write_flow(const struct page *page, const struct xml *node, const char *ns)
{
    if (node->text != NULL) {
        write_run(page, node->text);
        return;
    }
    print_opening(page->out, node, ns);
    if (node->children == NULL) {
        text_string(page->out, "/>");
        return;
    }
    text_string(page->out, ">");
    bool skips_white = !page->exact && is_structure(node);
    for (const struct xml *child = node->children; child != NULL; child = child->next)
        if (!skips_white || !is_white(child))
            write_flow(page, child, node->ns);
    write_closing(page->out, node);
}

/* Writes an element on lines of its own. */
static void write_element(const struct page *page, const struct xml *element, const char *ns, size_t depth)
{
    size_t begin = page->out->length;
    text_repeat(page->out, '\t', depth);
    write_flow(page, element, ns);
    bool fits = page->out->length - begin + depth * (TAB - 1) <= WIDTH;
    if (page->exact || fits || !is_structure(element)) {
        text_string(page->out, "\n");
        return;
    }
    page->out->length = begin + depth;
    print_opening(page->out, element, ns);
    text_string(page->out, ">\n");
    for (const struct xml *child = xml_first_element(element); child != NULL; child = xml_next_element(child))
        write_element(page, child, element->ns, depth + 1);
    text_repeat(page->out, '\t', depth);
    write_closing(page->out, element);
    text_string(page->out, "\n");
}

void write_stanzas(struct text *out, const struct step *step, size_t depth)
{
    /* White space between elements is ignored in expected stanzas. */
    struct page page = { out, depth, step->verb == STEP_SENDS };
    for (const struct xml *stanza = step->stanzas; stanza != NULL; stanza = stanza->next)
        write_element(&page, stanza, XML_NS_CLIENT, depth);
}
