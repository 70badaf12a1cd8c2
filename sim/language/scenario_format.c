#include "scenario_format.h"

#include "../must.h"
#include "scenario_print.h"
#include "scenario_same.h"
#include "scenario_steps.h"

/* A text in lines. */
struct sheet {
    struct line *lines;
    size_t count;
    size_t head; /* the lines before the separator */
};

/* What stands in a line of the head: a section without a key, or a property of it.  The title and the tags
 * are in a section without a name. */
struct mark {
    struct slice section, key;
    size_t line;
};

struct marks {
    struct mark *list;
    size_t count;
};

/* The printed line for a written one, and the indentation of comments before it. */
struct place {
    bool known;
    size_t line, tabs;
};

/* Comments with the blank lines around them: the written lines [first, anchor). */
struct run {
    size_t first, anchor;
    struct place place;
};

struct formatter {
    struct sheet written, printed;
    struct place *places; /* for each written line, and for the end of the file */
    bool *literal;        /* the written lines that are stanzas or raw text */
    struct run *runs;
    size_t run_count;
    struct scenario_formatted result;
};

/* ---- Lines ---- */

static struct sheet cut_sheet(const char *text)
{
    struct slice rest = slice_of(text), piece;
    if (slice_begins(rest, "\xef\xbb\xbf"))
        rest = slice_from(rest, 3);
    struct sheet sheet = { .lines = must(calloc(count_line_feeds(rest) + 1, sizeof(struct line))) };
    for (bool more = true; more;) {
        more = slice_cut(&rest, "\n", &piece);
        sheet.lines[sheet.count] = measure_line(piece, (int)sheet.count + 1);
        sheet.count++;
    }
    while (sheet.head < sheet.count && !is_end_of_head(&sheet.lines[sheet.head]))
        sheet.head++;
    return sheet;
}

static void refuse(struct formatter *formatter, size_t line, const char *why)
{
    if (formatter->result.why == NULL)
        formatter->result = (struct scenario_formatted){ NULL, (int)line, why };
}

/* ---- The head ---- */

static struct slice key_of(struct slice text)
{
    struct slice name, value;
    (void)cut_property(text, &name, &value);
    return name;
}

/* The title, the tags, the sections and their properties; all other comments are left out. */
static struct marks find_marks(const struct sheet *sheet)
{
    struct marks marks = { .list = must(calloc(sheet->head + 1, sizeof(struct mark))) };
    struct slice section = { "", 0 };
    bool has_title = false;
    for (size_t i = 0; i < sheet->head; i++) {
        const struct line *line = &sheet->lines[i];
        struct mark mark = { section, { "", 0 }, i };
        if (line->text.length == 0)
            continue;
        if (is_comment(line->text)) {
            const bool tag = is_tag(line->text);
            if ((line->indent > 0 && section.length > 0) ||
                (!tag && (has_title || comment_text(line->text).length == 0)))
                continue;
            has_title = has_title || !tag;
            mark = (struct mark){ { "", 0 }, slice_of(tag ? "##" : "#"), i };
        } else if (line->indent == 0 && line->text.text[0] == '[') {
            mark.section = section = line->text;
        } else {
            mark.key = key_of(line->text);
        }
        marks.list[marks.count++] = mark;
    }
    return marks;
}

/* Each mark gets the first place of the same section and key that no earlier one has. */
static void place_head(struct formatter *formatter)
{
    struct marks written = find_marks(&formatter->written), printed = find_marks(&formatter->printed);
    for (size_t i = 0; i < written.count; i++) {
        const struct mark *mark = &written.list[i];
        for (size_t j = 0; j < printed.count; j++) {
            struct mark *other = &printed.list[j];
            if (other->line == SIZE_MAX || !slice_same(mark->section, other->section) ||
                !slice_same(mark->key, other->key))
                continue;
            const bool inside = mark->section.length > 0 && mark->key.length > 0;
            formatter->places[mark->line] = (struct place){ true, other->line, inside };
            other->line = SIZE_MAX;
            break;
        }
        if (slice_is(mark->key, "connect_host") || slice_is(mark->key, "connect_port"))
            refuse(formatter, mark->line + 1, "this property, which only other tools use, would be lost");
    }
    if (formatter->written.head < formatter->written.count)
        formatter->places[formatter->written.head] = (struct place){ true, formatter->printed.head, 0 };
    free(written.list);
    free(printed.list);
}

/* ---- The steps ---- */

/* Lines are counted from 1.  The first that is placed on a line counts: the outermost. */
static void place_line(struct formatter *formatter, int written, int printed, size_t tabs)
{
    assert(written > 0 && printed > 0);
    struct place *place = &formatter->places[written - 1];
    if (!place->known)
        *place = (struct place){ true, (size_t)printed - 1, tabs };
}

/* `lines` are those before the texts. */
struct lines_before {
    int written, printed;
};

/* Below a step, comments stand at the left margin. */
static void place_elements(struct formatter *formatter, const struct xml *written, const struct xml *printed,
                           struct lines_before lines)
{
    place_line(formatter, written->line + lines.written, printed->line + lines.printed, 0);
    const struct xml *a = xml_first_element(written), *b = xml_first_element(printed);
    while (a != NULL && b != NULL) {
        place_elements(formatter, a, b, lines);
        a = xml_next_element(a);
        b = xml_next_element(b);
    }
}

/* Marks the lines of stanzas or raw text below a step.  Comments at the left margin are none of them. */
static void mark_literal(struct formatter *formatter, const struct step *step)
{
    const struct sheet *sheet = &formatter->written;
    const size_t indent = sheet->lines[step->line - 1].indent;
    for (size_t i = (size_t)step->line; i < sheet->count; i++) {
        const struct line *line = &sheet->lines[i];
        const bool deeper = line->text.length > 0 && line->indent > indent;
        if (line->text.length > 0 && !deeper && (line->indent > 0 || !is_comment(line->text)))
            break;
        formatter->literal[i] = deeper;
    }
}

static void place_block(struct formatter *formatter, const struct step *written, const struct step *printed)
{
    const struct lines_before lines = { written->stanza_line, printed->stanza_line };
    const struct xml *stanza = printed->stanzas;
    for (const struct xml *a = written->stanzas; a != NULL && stanza != NULL;
         a = a->next, stanza = stanza->next)
        place_elements(formatter, a, stanza, lines);
    const struct roster_line *item = printed->roster;
    for (const struct roster_line *a = written->roster; a != NULL && item != NULL;
         a = a->next, item = item->next)
        place_line(formatter, a->line, item->line, 0);
    const struct blocked_line *jid = printed->blocked;
    for (const struct blocked_line *a = written->blocked; a != NULL && jid != NULL;
         a = a->next, jid = jid->next)
        place_line(formatter, a->line, jid->line, 0);
}

static bool is_literal_block(const struct step *step)
{
    const struct wording *wording = find_wording(step);
    assert(wording != NULL);
    return wording->block == BLOCK_STANZAS || wording->block == BLOCK_PRESENCE ||
           wording->block == BLOCK_FEATURES || wording->block == BLOCK_RAW;
}

static void place_steps(struct formatter *formatter, const struct step *written, const struct step *printed,
                        size_t depth)
{
    for (; written != NULL && printed != NULL; written = written->next, printed = printed->next) {
        place_line(formatter, written->line, printed->line, depth);
        if (is_literal_block(written))
            mark_literal(formatter, written);
        place_block(formatter, written, printed);
        place_steps(formatter, written->steps, printed->steps, depth + 1);
    }
}

/* ---- Comments ---- */

/* A line of dashes between steps has no meaning, and is not printed. */
static bool is_blank_line(const struct formatter *formatter, size_t index)
{
    const struct line *line = &formatter->written.lines[index];
    return !formatter->literal[index] && !formatter->places[index].known &&
           (line->text.length == 0 || (index > formatter->written.head && slice_begins(line->text, "---")));
}

static bool is_free_comment(const struct formatter *formatter, size_t index)
{
    return !formatter->literal[index] && !formatter->places[index].known &&
           is_comment(formatter->written.lines[index].text);
}

static void find_runs(struct formatter *formatter)
{
    const size_t count = formatter->written.count;
    formatter->runs = must(calloc(count + 1, sizeof *formatter->runs));
    formatter->places[count] = (struct place){ true, formatter->printed.count, 0 };
    for (size_t i = 0; i <= count; i++) {
        const size_t first = i;
        size_t comment = SIZE_MAX;
        for (; i < count && (is_blank_line(formatter, i) || is_free_comment(formatter, i)); i++)
            if (comment == SIZE_MAX && is_free_comment(formatter, i))
                comment = i;
        if (comment == SIZE_MAX)
            continue;
        if (formatter->places[i].known)
            formatter->runs[formatter->run_count++] = (struct run){ first, i, formatter->places[i] };
        else
            refuse(formatter, comment + 1, "this comment would be lost: no line is printed for the next one");
    }
}

static int compare_runs(const void *left, const void *right)
{
    const struct run *a = left, *b = right;
    if (a->place.line != b->place.line)
        return a->place.line < b->place.line ? -1 : 1;
    return (a->first > b->first) - (a->first < b->first);
}

static void write_blank(struct text *out)
{
    const bool blank = out->length == 0 || (out->length > 1 && out->bytes[out->length - 2] == '\n');
    if (!blank)
        text_string(out, "\n");
}

/* In the head, a comment keeps whether it is indented, because one at the margin may be the title. */
static void write_run(struct text *out, const struct formatter *formatter, const struct run *run)
{
    for (size_t i = run->first; i < run->anchor; i++) {
        const struct line *line = &formatter->written.lines[i];
        if (!is_free_comment(formatter, i)) {
            write_blank(out);
            continue;
        }
        const bool in_head = i < formatter->written.head;
        text_repeat(out, '\t', in_head ? line->indent > 0 : run->place.tabs);
        text_append(out, line->text.text, line->text.length);
        text_string(out, "\n");
    }
}

/* The last line of the printed text is empty, and stands for its end. */
static char *write_all(struct formatter *formatter)
{
    struct text out = { 0 };
    const struct sheet *printed = &formatter->printed;
    size_t next = 0;
    if (formatter->run_count > 0)
        qsort(formatter->runs, formatter->run_count, sizeof *formatter->runs, compare_runs);
    for (size_t i = 0; i <= printed->count; i++) {
        for (; next < formatter->run_count && formatter->runs[next].place.line == i; next++)
            write_run(&out, formatter, &formatter->runs[next]);
        if (i + 1 >= printed->count)
            continue;
        text_append(&out, printed->lines[i].all.text, printed->lines[i].all.length);
        text_string(&out, "\n");
    }
    while (out.length > 1 && out.bytes[out.length - 2] == '\n')
        out.bytes[--out.length] = '\0';
    return text_take(&out);
}

/* ---- A file ---- */

static struct scenario *parse_again(const struct scenario *scenario, const char *text)
{
    struct complaints complaints;
    return scenario_parse(scenario->path, text, strlen(text), NULL, NULL, &complaints);
}

static void find_markup(struct formatter *formatter)
{
    for (size_t i = 0; i < formatter->written.count; i++) {
        const struct slice text = formatter->written.lines[i].text;
        if (formatter->literal[i] && slice_find(text, "<!--") < text.length)
            refuse(formatter, i + 1, "this comment of XML would be lost");
    }
}

static void carry_comments(struct formatter *formatter, const struct scenario *scenario,
                           const struct scenario *again)
{
    formatter->places = must(calloc(formatter->written.count + 1, sizeof *formatter->places));
    formatter->literal = must(calloc(formatter->written.count + 1, sizeof *formatter->literal));
    place_head(formatter);
    place_steps(formatter, scenario->steps, again->steps, 0);
    find_markup(formatter);
    find_runs(formatter);
    if (formatter->result.why == NULL)
        formatter->result.text = write_all(formatter);
}

static void free_formatter(struct formatter *formatter)
{
    free(formatter->written.lines);
    free(formatter->printed.lines);
    free(formatter->places);
    free(formatter->literal);
    free(formatter->runs);
}

static struct scenario_formatted format_once(const struct scenario *scenario, const char *written)
{
    char *printed = scenario_print(scenario);
    struct scenario *again = parse_again(scenario, printed);
    struct formatter formatter = { .written = cut_sheet(written), .printed = cut_sheet(printed) };
    if (again != NULL && scenario_same(scenario, again))
        carry_comments(&formatter, scenario, again);
    else
        refuse(&formatter, 0, "what the printer writes for it means something else");
    free_formatter(&formatter);
    scenario_free(again);
    free(printed);
    return formatter.result;
}

/* Whether the text means the same, and is formatted to itself.  A comment inside of an element is an empty line
 * of its text, which matters where the element has other text too. */
static bool is_settled(const struct scenario *scenario, const char *text)
{
    bool settled = false;
    struct scenario *again = parse_again(scenario, text);
    if (again != NULL && scenario_same(scenario, again)) {
        struct scenario_formatted twice = format_once(again, text);
        settled = twice.text != NULL && strcmp(twice.text, text) == 0;
        free(twice.text);
    }
    scenario_free(again);
    return settled;
}

struct scenario_formatted scenario_format(const struct scenario *scenario, const char *written)
{
    if (scenario->rows > 0)
        return (struct scenario_formatted){ .why = "a file with a table cannot be printed" };
    struct scenario_formatted formatted = format_once(scenario, written);
    if (formatted.text == NULL || is_settled(scenario, formatted.text))
        return formatted;
    free(formatted.text);
    return (struct scenario_formatted){ .why = "its comments cannot be kept where they are" };
}
