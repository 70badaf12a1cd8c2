#include "scenario_steps.h"

/* Lines at one level: the whole file after its head, or the block of a step. */
struct level {
    const struct line *end;
    struct slice indent;       /* the indentation of its steps; empty for the file itself */
    const struct step *around; /* the step; NULL for the file itself */
};

/* Whether a line is below a step of the level. */
static bool is_deeper(const struct level *level, const struct line *line)
{
    struct slice indent = { line->all.text, line->indent };
    return line->indent > level->indent.length &&
           slice_same((struct slice){ indent.text, level->indent.length }, level->indent);
}

/* The lines below a step up to the last one with text.  A comment at the left margin does not end a block. */
static struct block block_below(const struct level *level, const struct line *step)
{
    struct block block = { .first = step + 1, .end = step + 1, .indent = level->indent.length };
    for (const struct line *line = step + 1; line < level->end; line++) {
        if (line->text.length == 0)
            continue;
        if (is_deeper(level, line))
            block.end = line + 1;
        else if (line->indent > 0 || !is_comment(line->text))
            break;
    }
    return block;
}

/* ---- Subjects ---- */

static bool ends_subject(struct slice rest)
{
    return rest.length == 0 || is_blank(rest.text[0]) || slice_begins(rest, "'s ");
}

/* The character with the longest name that the line begins with, or -1. */
static int find_subject(const struct parser *parser, struct slice text)
{
    const struct names *characters = &parser->index.characters;
    const struct character *found = NULL;
    for (size_t length = 1; length <= characters->longest && length <= text.length; length++) {
        const struct character *character = NULL;
        if (ends_subject(slice_from(text, length)))
            character = names_get(characters, (struct slice){ text.text, length });
        found = character != NULL ? character : found;
    }
    return found != NULL ? (int)(found - parser->scenario->cast) : -1;
}

static const struct wording *recognise_actor(struct parser *parser, struct slice text, struct step *step)
{
    const char *name = parser->scenario->cast[step->actor].name;
    struct slice behind = slice_from(text, strlen(name));
    bool owned = slice_begins(behind, "'s ");
    enum step_subject subject = owned ? SUBJECT_OWNER : SUBJECT_ACTOR;
    struct slice predicate = slice_trim(owned ? slice_from(behind, 2) : behind);
    const struct wording *wording = recognise(parser, subject, predicate, step);
    if (wording != NULL)
        return wording;
    if (predicate.length > 0)
        complain_unrecognised(parser, step->line, subject, slice_of(name), predicate);
    else
        complain(parser, step->line, "\"%s\" is only a name; expected a verb after it, such as \"connects\"",
                 excerpt(text).text);
    return NULL;
}

/* A step of the world may begin with a capital letter; in a JID it is kept. */
static struct slice without_capital(struct parser *parser, struct slice text)
{
    struct slice rest = text;
    struct slice first = next_token(&rest).text;
    if (text.text[0] < 'A' || text.text[0] > 'Z' || slice_find(first, "@") < first.length)
        return text;
    char *copy = keep(parser->scenario, text.length + 1);
    memcpy(copy, text.text, text.length);
    copy[0] = (char)(copy[0] - 'A' + 'a');
    return (struct slice){ copy, text.length };
}

/* "Then Romeo connects" is a step after a superfluous prefix. Returns false when it is not. */
static bool complain_preceded(struct parser *parser, struct slice text, int line)
{
    for (struct slice rest = text; next_token(&rest).kind != TOKEN_END;) {
        struct slice step = slice_trim(rest);
        int actor = find_subject(parser, step);
        if (actor < 0)
            continue;
        struct slice before = slice_trim((struct slice){ text.text, (size_t)(step.text - text.text) });
        struct slice behind = slice_trim(slice_from(step, strlen(parser->scenario->cast[actor].name)));
        if (guess_subject(step) != strlen(parser->scenario->cast[actor].name) || behind.length == 0)
            return false;
        complain(parser, line, "unexpected \"%s\" before the step; did you mean `%s`?", excerpt(before).text,
                 excerpt(step).text);
        return true;
    }
    return false;
}

static const struct wording *recognise_step(struct parser *parser, struct slice text, struct step *step)
{
    step->actor = find_subject(parser, text);
    if (step->actor >= 0)
        return recognise_actor(parser, text, step);
    struct slice worldly = without_capital(parser, text);
    const struct wording *wording = recognise(parser, SUBJECT_NOBODY, worldly, step);
    if (wording != NULL)
        return wording;
    struct slice name = { text.text, guess_subject(text) };
    if (complaints_are_full(parser))
        complain(parser, step->line, "one more");
    else if (worded_like_the_world(worldly))
        complain_unrecognised(parser, step->line, SUBJECT_NOBODY, (struct slice){ "", 0 }, worldly);
    else if (!complain_preceded(parser, text, step->line))
        complain_stranger(parser, step->line, name);
    return NULL;
}

/* ---- Steps ---- */

static void parse_level(struct parser *parser, const struct line *first, struct level level,
                        struct step **steps);

static void parse_nested(struct parser *parser, const struct level *level, const struct wording *wording,
                         struct block block, struct step *step)
{
    if (level->around != NULL) {
        complain(parser, step->line,
                 "\"%s\" is nested in another block; expected steps of the characters here",
                 wording_name(wording).text);
        return;
    }
    const struct line *first = block.first;
    while (first->text.length == 0 || first->indent == 0 || is_comment(first->text)) {
        first++;
        if (first < block.end)
            continue;
        complain(parser, step->line, "\"%s\" needs %s below it", wording_name(wording).text,
                 block_name(BLOCK_STEPS));
        return;
    }
    struct level inner = { block.end, { first->all.text, first->indent }, step };
    parse_level(parser, first, inner, &step->steps);
}

/* Offline messages belong to an account, and at an anonymous host the server creates the account.
 */
static void check_account(struct parser *parser, const struct step *step)
{
    const struct character *actor = step->actor >= 0 ? &parser->scenario->cast[step->actor] : NULL;
    if (step->verb == STEP_HAS_OFFLINE && actor != NULL && actor->jid != NULL && actor->local == NULL)
        complain(
            parser, step->line,
            "\"%s\" has no offline messages, because its jid \"%s\" is not an account; expected one such as "
            "romeo@localhost",
            excerpt(slice_of(actor->name)).text, excerpt(slice_of(actor->jid)).text);
}

static void parse_below(struct parser *parser, const struct level *level, const struct wording *wording,
                        struct block block, struct step *step)
{
    bool has_block = block.first < block.end;
    if (wording->block == BLOCK_NONE) {
        if (has_block)
            complain(parser, block.first->number,
                     "unexpected indented line below \"%s\"; expected the next step without indentation",
                     excerpt(slice_of(step->source)).text);
    } else if (!has_block) {
        complain(parser, step->line, "\"%s\" needs %s below it", wording_name(wording).text,
                 block_name(wording->block));
    } else if (wording->block == BLOCK_STEPS) {
        parse_nested(parser, level, wording, block, step);
    } else {
        parse_block(parser, wording, block, step);
    }
}

/* Whether the step sends something at once, in one write. */
static bool is_sending(const struct step *step)
{
    static const enum step_verb sending[] = {
        STEP_OPENS_STREAM,
        STEP_STARTS_TLS,
        STEP_FAILS_TO_START_TLS,
        STEP_AUTHENTICATES,
        STEP_FAILS_TO_AUTHENTICATE,
        STEP_BEGINS_TO_AUTHENTICATE,
        STEP_ANSWERS_CHALLENGE,
        STEP_FINISHES_AUTHENTICATING,
        STEP_FAILS_TO_FINISH_AUTHENTICATING,
        STEP_ABORTS_AUTHENTICATING,
        STEP_RESTARTS_STREAM,
        STEP_BINDS,
        STEP_FAILS_TO_BIND,
        STEP_CLOSES_STREAM,
        STEP_MANAGES,
        STEP_FAILS_TO_MANAGE,
        STEP_ACKNOWLEDGES,
        STEP_RESUMES,
        STEP_FAILS_TO_RESUME,
        STEP_SENDS,
    };
    for (size_t i = 0; i < sizeof sending / sizeof sending[0]; i++)
        if (sending[i] == step->verb)
            return true;
    return step->verb == STEP_SENDS_RAW && step->number == 0;
}

/* A pipelining client sends without waiting for answers. */
static void check_pipelined(struct parser *parser, const struct step *around, const struct step *step)
{
    const char *name = parser->scenario->cast[around->actor].name;
    if (step->actor != around->actor)
        complain(parser, step->line, "\"%s\" is below \"%s\"; expected only steps of \"%s\" there",
                 excerpt(slice_of(step->source)).text, excerpt(slice_of(around->source)).text,
                 excerpt(slice_of(name)).text);
    else if (!is_sending(step))
        complain(parser, step->line,
                 "\"%s\" cannot be pipelined; expected a step that sends something in one piece, such as "
                 "\"%s restarts the stream\"",
                 excerpt(slice_of(step->source)).text, excerpt(slice_of(name)).text);
}

static struct step *parse_step(struct parser *parser, const struct level *level, const struct line *line,
                               struct block block)
{
    struct slice text = line->text;
    if (!take_condition(parser, line->number, &text))
        return NULL;
    struct step *step = keep(parser->scenario, sizeof *step);
    step->line = line->number;
    step->source = keep_text(parser->scenario, text);
    const struct wording *wording = recognise_step(parser, text, step);
    if (wording == NULL)
        return NULL;
    check_account(parser, step);
    if (parser->table.row > 0)
        check_variables(parser, line->number, text); /* any word of it may have been meant as a column */
    else if (step->text != NULL && wording->text == NULL)
        check_variables(parser, line->number, (struct slice){ step->text, step->length });
    parse_below(parser, level, wording, block, step);
    if (level->around != NULL && level->around->verb == STEP_PIPELINES && wording->block != BLOCK_STEPS)
        check_pipelined(parser, level->around, step);
    return step;
}

static bool is_misplaced(struct parser *parser, const struct level *level, const struct line *line)
{
    if (line->indent == level->indent.length &&
        slice_same((struct slice){ line->all.text, line->indent }, level->indent))
        return false;
    if (level->around != NULL)
        complain(parser, line->number,
                 "the indentation of this line differs from the first step of its block; expected the same "
                 "blanks and tabs");
    else
        complain(parser, line->number,
                 "this indented line does not belong to a step; expected a step above it");
    return true;
}

static bool is_rule(struct slice text)
{
    return slice_begins(text, "---");
}

static bool is_markup(struct slice text)
{
    return slice_begins(text, "<");
}

static bool is_complained_about(const struct parser *parser, const struct line *line)
{
    const struct complaints *complaints = parser->complaints;
    for (size_t i = 0; i < complaints->count && i < COMPLAINTS_MAX; i++)
        if (complaints->list[i].line == line->number)
            return true;
    return false;
}

/* A stanza where a step is expected.  Does not complain if the missing block of the step above was already
 * reported.  Returns the line after it. */
static const struct line *skip_markup(struct parser *parser, const struct level *level,
                                      const struct line *line, const struct line *step_above)
{
    if (step_above == NULL || !is_complained_about(parser, step_above))
        complain(parser, line->number,
                 "\"%s\" is in the place of a step; expected it indented below one such as \"Romeo sends:\"",
                 excerpt(line->text).text);
    while (line < level->end && (is_markup(line->text) || line->text.length == 0 || is_deeper(level, line)))
        line++;
    return line;
}

static void parse_level(struct parser *parser, const struct line *first, struct level level,
                        struct step **steps)
{
    const struct line *step_above = NULL;
    for (const struct line *line = first; line < level.end;) {
        bool worthless = line->text.length == 0 || is_comment(line->text) || is_rule(line->text);
        if (worthless) {
            line++;
            continue;
        }
        if (is_markup(line->text) && line->indent == level.indent.length) {
            line = skip_markup(parser, &level, line, step_above);
            continue;
        }
        step_above = line;
        struct block block = block_below(&level, line);
        if (!is_misplaced(parser, &level, line)) {
            struct step *step = parse_step(parser, &level, line, block);
            *steps = step;
            if (step != NULL)
                steps = &step->next;
        }
        line = block.end;
    }
}

void parse_steps(struct parser *parser)
{
    struct level file = { parser->lines + parser->line_count, { "", 0 }, NULL };
    parse_level(parser, parser->lines + parser->cursor, file, &parser->scenario->steps);
}
