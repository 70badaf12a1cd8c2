#include "scenario_head.h"

/* ---- Levels ---- */

static const char *const level_names[LEVEL_COUNT] = {
    [LEVEL_MUST] = "must", [LEVEL_SHOULD] = "should", [LEVEL_MAY] = "may", [LEVEL_OURS] = "ours"
};

const char *scenario_level_name(enum scenario_level level)
{
    return level_names[level];
}

enum scenario_level scenario_level_named(const char *name, size_t length)
{
    for (enum scenario_level level = LEVEL_MUST; level < LEVEL_COUNT; level++)
        if (strlen(level_names[level]) == length && memcmp(level_names[level], name, length) == 0)
            return level;
    return LEVEL_UNSTATED;
}

/* ---- Tags ---- */

void apply_tag(struct scenario *scenario, const struct tag *tag)
{
    scenario->strict = scenario->strict || strcmp(tag->name, "strict") == 0;
    scenario->checks_only = scenario->checks_only || strcmp(tag->name, "checks only") == 0;
    if (strcmp(tag->name, "fails") == 0)
        scenario->fails = tag->value;
    if (strcmp(tag->name, "level") == 0)
        scenario->level = scenario_level_named(tag->value, strlen(tag->value));
}

static void check_word(struct parser *parser, int line, const struct tag *tag)
{
    if (tag->value[0] != '\0')
        complain(parser, line, "the tag \"%s\" has the value \"%s\"; expected no value", tag->name,
                 excerpt(slice_of(tag->value)).text);
}

static void check_fails(struct parser *parser, int line, const struct tag *tag)
{
    if (tag->value[0] == '\0')
        complain(parser, line, "the tag \"fails\" has no words; expected \"## fails: some words\"");
}

static void check_seed(struct parser *parser, int line, const struct tag *tag)
{
    uint64_t seed;
    if (!parse_number(slice_of(tag->value), UINT64_MAX, &seed))
        complain(parser, line, "the tag \"seed\" has the value \"%s\"; expected a number such as 41",
                 excerpt(slice_of(tag->value)).text);
}

static void check_row(struct parser *parser, int line, const struct tag *tag)
{
    uint64_t row;
    if (!parse_number(slice_of(tag->value), SIZE_MAX, &row) || row == 0)
        complain(parser, line, "the tag \"row\" has the value \"%s\"; expected the number of a row, from 1",
                 excerpt(slice_of(tag->value)).text);
}

static void check_choices(struct parser *parser, int line, const struct tag *tag)
{
    struct recording recording;
    if (!recording_parse(tag->value, &recording))
        complain(parser, line,
                 "the tag \"choices\" has the value \"%s\"; expected \"none\", or decisions such as "
                 "\"17:pieces 3/8 40:ties 1/2\", the numbers before the colons increasing and at most %d",
                 excerpt(slice_of(tag->value)).text, RECORDING_INDEX_MOST);
    recording_free(&recording);
}

/* A case has one level, so that a selection of levels has it once. */
static void check_level(struct parser *parser, int line, const struct tag *tag)
{
    for (const struct tag *first = parser->scenario->tags; first != tag; first = first->next) {
        if (strcmp(first->name, "level") != 0)
            continue;
        complain(parser, line, "the tag \"level\" is repeated; it is \"%s\" already",
                 excerpt(slice_of(first->value)).text);
        return;
    }
    if (scenario_level_named(tag->value, strlen(tag->value)) == LEVEL_UNSTATED)
        complain(parser, line, "the tag \"level\" has the value \"%s\"; expected " SCENARIO_LEVELS,
                 excerpt(slice_of(tag->value)).text);
}

static void check_tag(struct parser *parser, int line, const struct tag *tag)
{
    static const struct {
        const char *name;
        void (*check)(struct parser *parser, int line, const struct tag *tag);
    } known[] = { { "strict", check_word }, { "checks only", check_word }, { "fails", check_fails },
                  { "seed", check_seed },   { "row", check_row },          { "choices", check_choices },
                  { "level", check_level } };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(tag->name, known[i].name) == 0)
            known[i].check(parser, line, tag);
}

static void parse_tag(struct parser *parser, int line, struct slice text)
{
    struct slice name, value;
    (void)cut_property(text, &name, &value);
    if (name.length == 0)
        return;
    struct tag *tag = keep(parser->scenario, sizeof *tag);
    tag->name = keep_text(parser->scenario, name);
    tag->value = keep_text(parser->scenario, value);
    *parser->ends.tags = tag;
    parser->ends.tags = &tag->next;
    apply_tag(parser->scenario, tag);
    check_tag(parser, line, tag);
}

bool is_tag(struct slice comment)
{
    return slice_begins(comment, "##") && !slice_begins(comment, "###");
}

struct slice comment_text(struct slice comment)
{
    char mark = comment.text[0];
    while (comment.length > 0 && comment.text[0] == mark)
        comment = slice_from(comment, 1);
    return slice_trim(comment);
}

struct slice find_title(const struct parser *parser)
{
    for (size_t i = 0; i < parser->line_count && !is_end_of_head(&parser->lines[i]); i++) {
        const struct line *line = &parser->lines[i];
        bool is_title = line->indent == 0 && is_comment(line->text) && !is_tag(line->text);
        struct slice text = is_title ? comment_text(line->text) : (struct slice){ "", 0 };
        if (text.length > 0)
            return text;
    }
    return (struct slice){ "", 0 };
}

void parse_head_comment(struct parser *parser, const struct line *line)
{
    if (is_tag(line->text)) {
        check_head_values(parser, line->number, line->text);
        parse_tag(parser, line->number, slice_trim(slice_from(line->text, 2)));
        return;
    }
    struct slice text = comment_text(line->text);
    if (parser->scenario->title != NULL || text.length == 0)
        return;
    check_head_values(parser, line->number, text);
    parser->scenario->title = keep_text(parser->scenario, text);
}
