#include "../must.h"
#include "../world/settings.h"
#include "scenario_steps.h"

/* Indexes of lines. */
struct indices {
    size_t *list;
    size_t count;
};

struct scenario_file {
    struct parser parser;         /* its state before the head, or after a head that the rows share */
    struct scenario *common;      /* the memory of shared parts */
    struct named_files files;     /* files that the head names */
    struct complaints complaints; /* complaints about shared parts */
    const char *heading;          /* the title as written; NULL without a table */
    struct indices varying;       /* the lines that may contain values of a row */
    struct line *written;         /* these lines without such values */
    struct indices comments;      /* comments of the head, if some of them vary */
    bool is_readable;             /* no complaints about shared parts */
    bool comments_vary;
    bool shares_head;
    bool head_is_read;
};

/* ---- Lines ---- */

static void cut_lines(struct parser *parser, struct slice text)
{
    size_t count = 1 + count_line_feeds(text);
    parser->lines = must(calloc(count, sizeof *parser->lines));
    while (parser->line_count < count) {
        size_t length = slice_find(text, "\n");
        struct line *line = &parser->lines[parser->line_count++];
        *line = measure_line((struct slice){ text.text, length }, (int)parser->line_count);
        if (length < text.length)
            text = slice_from(text, length + 1);
    }
}

static void check_encoding(struct parser *parser)
{
    for (size_t i = 0; i < parser->line_count; i++) {
        const struct line *line = &parser->lines[i];
        if (line->all.length > 0 && memchr(line->all.text, '\0', line->all.length) != NULL)
            complain(parser, line->number, "this line has a NUL byte; expected text");
        else if (!slice_is_utf8(line->all))
            complain(parser, line->number, "this line is not UTF-8; expected a file in UTF-8");
    }
}

/* ---- Parts that the rows share ---- */

/* An empty scenario, with the default settings of scenarios. */
static struct scenario *new_scenario(const char *path)
{
    struct scenario *scenario = must(calloc(1, sizeof *scenario));
    scenario->users = 1;
    scenario->path = keep_text(scenario, slice_of(path));
    scenario->settings = settings_usual();
    return scenario;
}

/* Removes the lines of the table, which the rows need not visit.  The last line of the file is kept, for
 * complaints about its end. */
static void drop_table_lines(struct parser *parser)
{
    size_t kept = 0;
    for (size_t i = 0; i < parser->line_count; i++)
        if (!parser->lines[i].of_table || i + 1 == parser->line_count)
            parser->lines[kept++] = parser->lines[i];
    parser->line_count = kept;
}

static void add_index(const struct parser *parser, struct indices *indices, size_t index)
{
    if (indices->list == NULL)
        indices->list = must(calloc(parser->line_count, sizeof *indices->list));
    indices->list[indices->count++] = index;
}

static void keep_written(struct scenario_file *file)
{
    if (file->varying.count == 0)
        return;
    file->written = must(calloc(file->varying.count, sizeof *file->written));
    for (size_t i = 0; i < file->varying.count; i++)
        file->written[i] = file->parser.lines[file->varying.list[i]];
}

static void find_varying(struct scenario_file *file)
{
    const struct parser *parser = &file->parser;
    bool is_head = true;
    file->shares_head = true;
    for (size_t i = 0; i < parser->line_count; i++) {
        const struct line *line = &parser->lines[i];
        is_head = is_head && !is_end_of_head(line);
        if (slice_find(line->all, "${") == line->all.length)
            continue;
        add_index(parser, &file->varying, i);
        file->comments_vary = file->comments_vary || is_head;
        file->shares_head = file->shares_head && !(is_head && !is_comment(line->text));
    }
    keep_written(file);
}

/* The comments that parse_head_comment receives in a head without errors. */
static void find_comments(struct scenario_file *file)
{
    const struct parser *parser = &file->parser;
    bool in_section = false;
    for (size_t i = 0; i < parser->line_count && !is_end_of_head(&parser->lines[i]); i++) {
        const struct line *line = &parser->lines[i];
        if (is_comment(line->text) && (line->indent == 0 || !in_section))
            add_index(parser, &file->comments, i);
        in_section = in_section || (line->indent == 0 && slice_begins(line->text, "["));
    }
}

struct scenario_file *scenario_file_new(const char *path, const char *text, size_t length,
                                        scenario_reader read, void *host)
{
    assert(path != NULL && (text != NULL || length == 0));
    struct scenario_file *file = must(calloc(1, sizeof *file));
    struct parser *parser = &file->parser;
    file->common = new_scenario(path);
    *parser = (struct parser){ .scenario = file->common,
                               .common = file->common,
                               .complaints = &file->complaints,
                               .files = &file->files,
                               .read = read,
                               .host = host };
    struct slice all = { length > 0 ? text : "", length };
    cut_lines(parser, slice_begins(all, "\xef\xbb\xbf") ? slice_from(all, 3) : all);
    check_encoding(parser);
    if (file->complaints.count == 0)
        read_table(parser);
    file->is_readable = file->complaints.count == 0;
    if (!file->is_readable || parser->table.line == 0)
        return file;
    struct slice title = find_title(parser);
    file->heading = title.length > 0 ? keep_text(file->common, title) : NULL;
    drop_table_lines(parser);
    find_varying(file);
    if (file->comments_vary)
        find_comments(file);
    return file;
}

static void free_named_files(struct named_files *files)
{
    for (struct named_file *file = files->first; file != NULL; file = file->next)
        free(file->text);
    names_free(&files->by_path);
}

void scenario_file_free(struct scenario_file *file)
{
    free_named_files(&file->files);
    index_free(&file->parser.index);
    forget_table(&file->parser.table);
    free(file->parser.lines);
    free(file->varying.list);
    free(file->written);
    free(file->comments.list);
    scenario_free(file->common);
    free(file);
}

/* ---- A row ---- */

static struct scenario *borrow(struct scenario *common)
{
    struct scenario *scenario = must(calloc(1, sizeof *scenario));
    *scenario = *common;
    scenario->memory = NULL;
    scenario->users = 1;
    scenario->common = common;
    common->users++;
    return scenario;
}

/* Inserts the values of the parser's row, for those of the row before. */
static void fill_in_lines(struct scenario_file *file, struct parser *parser)
{
    for (size_t i = 0; i < file->varying.count; i++) {
        struct line *line = &file->parser.lines[file->varying.list[i]];
        *line = file->written[i];
        table_fill_in(parser, line);
    }
}

static struct parser parser_for(struct scenario_file *file, struct scenario *scenario, size_t row,
                                struct complaints *complaints)
{
    struct parser parser = file->parser;
    parser.scenario = scenario;
    parser.complaints = complaints;
    if (parser.table.line > 0) {
        table_choose(&parser, row);
        fill_in_lines(file, &parser);
    }
    return parser;
}

/* Frees the data of only this row. */
static void free_parser(const struct scenario_file *file, struct parser *parser)
{
    if (!file->head_is_read)
        index_free(&parser->index);
    names_free(&parser->captures);
    names_free(&parser->strangers);
}

/* Parses the head with the values of the first requested row; only its comments may differ in other rows. */
static void read_shared_head(struct scenario_file *file, size_t row)
{
    struct parser parser = parser_for(file, file->common, row, &file->complaints);
    parse_head(&parser);
    file->head_is_read = true;
    file->parser = parser;
}

static void read_comments(const struct scenario_file *file, struct parser *parser)
{
    struct scenario *scenario = parser->scenario;
    if (!file->comments_vary)
        return;
    scenario->title = scenario->fails = NULL;
    scenario->strict = scenario->checks_only = false;
    scenario->tags = NULL;
    parser->ends.tags = &scenario->tags;
    for (size_t i = 0; i < file->comments.count; i++)
        parse_head_comment(parser, &parser->lines[file->comments.list[i]]);
}

/* Whether the total size of all rows is within the limit; shared lines count once. */
static bool check_size(const struct scenario_file *file, struct parser *parser)
{
    const struct table *table = &parser->table;
    size_t lines = parser->line_count - (file->shares_head ? parser->cursor : 0);
    lines += file->shares_head ? 0 : parser->items_read;
    if (table->row_count == 0 || lines <= TABLE_LINES_MOST / table->row_count)
        return true;
    complain(
        parser, table->line,
        "this table has %zu rows, each of which repeats %zu lines of the file; expected at most %d lines "
        "in total",
        table->row_count, lines, TABLE_LINES_MOST);
    return false;
}

static void parse_row(struct scenario_file *file, struct parser *parser)
{
    if (file->shares_head)
        read_comments(file, parser);
    else
        parse_head(parser);
    if (!check_size(file, parser))
        return;
    parse_steps(parser);
    if (parser->scenario->steps == NULL && parser->complaints->count == 0)
        complain(parser, parser->lines[parser->line_count - 1].number,
                 "no step below the head; expected one such as \"Romeo connects\"");
}

struct scenario *scenario_file_row(struct scenario_file *file, size_t row, struct complaints *complaints)
{
    assert(complaints != NULL);
    if (file->is_readable && file->shares_head && !file->head_is_read)
        read_shared_head(file, row);
    *complaints = file->complaints;
    if (!file->is_readable)
        return NULL;
    struct scenario *scenario = file->shares_head ? borrow(file->common) : new_scenario(file->common->path);
    scenario->heading = file->shares_head ? file->heading : copy_text(scenario, file->heading);
    struct parser parser = parser_for(file, scenario, row, complaints);
    parse_row(file, &parser);
    name_case(&parser);
    free_parser(file, &parser);
    if (complaints->count == 0)
        return scenario;
    scenario_free(scenario);
    return NULL;
}

/* ---- A file ---- */

struct scenario *scenario_parse(const char *path, const char *text, size_t length, scenario_reader read,
                                void *host, struct complaints *complaints)
{
    struct scenario_file *file = scenario_file_new(path, text, length, read, host);
    struct scenario *scenario = scenario_file_row(file, 1, complaints);
    scenario_file_free(file);
    return scenario;
}
