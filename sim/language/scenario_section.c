#include "scenario_head.h"

/* ---- Lines ---- */

/* Whether a line at the left margin was meant to be indented, because it can only belong to the section. */
static bool is_unindented(const struct parser *parser, const struct line *line)
{
    return line->text.text[0] != '[' && !is_end_of_head(line) && parser->ruled &&
           (slice_find(line->text, ":") < line->text.length ||
            slice_find(line->text, "@") < line->text.length);
}

/* Complains about the first such line of a section. */
static void complain_unindented(struct parser *parser, const struct line *line)
{
    if (parser->section.unindented)
        return;
    parser->section.unindented = true;
    complain(parser, line->number,
             "\"%s\" is not indented; expected blanks or a tab before the lines of a section",
             excerpt(line->text).text);
}

const struct line *next_in_section(struct parser *parser)
{
    while (parser->cursor < parser->line_count) {
        const struct line *line = &parser->lines[parser->cursor];
        if (line->text.length > 0 && line->indent == 0 && !is_comment(line->text)) {
            if (parser->section.line == 0 || !is_unindented(parser, line))
                return NULL;
            complain_unindented(parser, line);
        }
        parser->cursor++;
        if (line->text.length == 0)
            continue;
        if (!is_comment(line->text)) {
            check_head_values(parser, line->number, line->text);
            return line;
        }
        if (line->indent == 0)
            parse_head_comment(parser, line);
    }
    return NULL;
}

/* ---- Properties ---- */

static void complain_unknown_field(struct parser *parser, int line, struct slice name,
                                   const struct field *fields)
{
    struct known known = { .written = name };
    for (const struct field *field = fields; field->name != NULL; field++)
        known_add(&known, field->name);
    complain_unknown(parser, line, "property", &known);
}

void read_fields(struct parser *parser, struct field *fields)
{
    const struct line *line;
    while ((line = next_in_section(parser)) != NULL) {
        struct slice name, value;
        if (!cut_property_line(parser, line, &name, &value))
            continue;
        struct field *field = fields;
        while (field->name != NULL && !slice_is(name, field->name))
            field++;
        if (field->name == NULL) {
            complain_unknown_field(parser, line->number, name, fields);
        } else if (field->line > 0) {
            complain_twice(parser, line->number, field->name, field->line);
        } else {
            field->value = value;
            field->line = line->number;
        }
    }
}

const struct field *field_of(const struct field *fields, const char *name)
{
    while (strcmp(fields->name, name) != 0)
        fields++;
    return fields;
}

const char *field_text(struct parser *parser, const struct field *fields, const char *name)
{
    const struct field *field = field_of(fields, name);
    if (field->line == 0)
        return NULL;
    if (field->value.length == 0)
        complain(parser, field->line, "\"%s\" has no value; expected \"%s: value\"", name, name);
    return keep_text(parser->scenario, field->value);
}
