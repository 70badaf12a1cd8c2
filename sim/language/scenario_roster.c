#include "scenario_head.h"

#include <stdio.h>

/* The place of an item, for complaints. */
struct item_source {
    struct parser *parser;
    int line;
    const char *where;
};

static const char *const subscriptions[] = { "none", "to", "from", "both" };

static bool parse_subscription(struct item_source source, struct token token, struct roster_line *item)
{
    for (size_t i = 0; i < sizeof subscriptions / sizeof subscriptions[0]; i++)
        if (slice_is(token.text, subscriptions[i]))
            item->subscription = subscriptions[i];
    if (item->subscription == NULL)
        complain(source.parser, source.line, "%sunknown subscription \"%s\"; expected none, to, from or both",
                 source.where, excerpt(token.text).text);
    return item->subscription != NULL;
}

/* The quotation after `name` and `group`. */
static const char *parse_label(struct item_source source, struct slice what, struct slice *rest)
{
    struct token token = next_token(rest);
    if (token.kind == TOKEN_QUOTED)
        return unquote(source.parser, source.line, token, NULL);
    complain(source.parser, source.line,
             "%s\"%s\" needs a quoted string after it; expected one as in %s \"Friends\"", source.where,
             excerpt(what).text, excerpt(what).text);
    return NULL;
}

static bool add_group(struct item_source source, const char *group, struct roster_line *item)
{
    size_t most = sizeof item->groups / sizeof item->groups[0];
    if (group == NULL)
        return false;
    if (item->group_count == most) {
        complain(source.parser, source.line, "%stoo many groups in an item; expected at most %zu",
                 source.where, most);
        return false;
    }
    item->groups[item->group_count++] = group;
    return true;
}

/* Parses a detail after the subscription and a comma. */
static bool parse_detail(struct item_source source, struct slice *rest, struct roster_line *item)
{
    struct token token = next_token(rest);
    if (slice_is(token.text, "ask"))
        return item->ask = true;
    if (slice_is(token.text, "pending"))
        return item->pending = true;
    if (slice_is(token.text, "approved"))
        return item->approved = true;
    if (slice_is(token.text, "group"))
        return add_group(source, parse_label(source, token.text, rest), item);
    if (slice_is(token.text, "name")) {
        item->name = parse_label(source, token.text, rest);
        return item->name != NULL;
    }
    complain(source.parser, source.line,
             "%sunknown \"%s\" in a roster item; expected ask, pending, approved, name \"...\" or group "
             "\"...\"",
             source.where, excerpt(token.text).text);
    return false;
}

static bool parse_details(struct item_source source, struct slice *rest, struct roster_line *item)
{
    for (;;) {
        struct token token = next_token(rest);
        if (token.kind == TOKEN_END)
            return true;
        if (token.kind != TOKEN_COMMA) {
            complain(source.parser, source.line, "%sunexpected \"%s\" in a roster item; expected a comma",
                     source.where, excerpt(token.text).text);
            return false;
        }
        if (!parse_detail(source, rest, item))
            return false;
    }
}

void parse_roster_line(struct parser *parser, int line, const char *where, struct slice text,
                       struct roster_list *items)
{
    struct item_source source = { parser, line, where };
    struct jid_parts parts;
    struct token jid = next_token(&text);
    if (next_token(&text).kind != TOKEN_COLON) {
        complain(parser, line, "%sno colon after \"%s\"; expected an item such as \"juliet@localhost: both\"",
                 where, excerpt(jid.text).text);
        return;
    }
    struct roster_line *item = keep(parser->scenario, sizeof *item);
    item->jid = keep_text(parser->scenario, jid.text);
    item->line = line;
    if (!parse_jid(parser, line, jid.text, &parts) || !parse_subscription(source, next_token(&text), item) ||
        !parse_details(source, &text, item))
        return;
    if (names_add(&items->jids, slice_of(item->jid), item) != NULL) {
        complain(parser, line, "%s\"%s\" is already in this roster; expected each contact once", where,
                 excerpt(jid.text).text);
        return;
    }
    *items->end = item;
    items->end = &item->next;
}

static void write_label(struct text *out, const char *what, const char *label)
{
    text_string(out, what);
    write_quotation(out, slice_of(label));
}

void write_roster_line(struct text *out, const struct roster_line *item)
{
    text_string(out, item->jid);
    text_string(out, ": ");
    text_string(out, item->subscription);
    text_string(out, item->ask ? ", ask" : "");
    text_string(out, item->pending ? ", pending" : "");
    text_string(out, item->approved ? ", approved" : "");
    if (item->name != NULL)
        write_label(out, ", name ", item->name);
    for (size_t i = 0; i < item->group_count; i++)
        write_label(out, ", group ", item->groups[i]);
}

/* The path of a file named relative to the scenario's. */
static const char *beside_scenario(struct scenario *scenario, struct slice name)
{
    size_t folder = strlen(scenario->path);
    while (folder > 0 && scenario->path[folder - 1] != '/')
        folder--;
    if (slice_begins(name, "/"))
        folder = 0;
    char *path = keep(scenario, folder + name.length + 1);
    memcpy(path, scenario->path, folder);
    memcpy(path + folder, name.text, name.length);
    return path;
}

static void parse_roster_text(struct parser *parser, int line, struct slice name, struct slice text,
                              struct roster_list *items)
{
    for (int number = 1; text.length > 0; number++) {
        char where[96];
        struct slice item;
        (void)slice_cut(&text, "\n", &item);
        item = slice_trim(item);
        parser->items_read++;
        (void)snprintf(where, sizeof where, "%s:%d: ", excerpt(name).text, number);
        if (!slice_is_utf8(item) || memchr(item.text, '\0', item.length) != NULL)
            complain(parser, line, "%sthis line is not UTF-8 text; expected a roster item", where);
        else if (item.length > 0 && !is_comment(item))
            parse_roster_line(parser, line, where, item, items);
    }
}

/* Rows of a table, and several rosters, may name the same file. */
static struct slice read_once(struct parser *parser, struct slice name)
{
    struct named_files *files = parser->files;
    const char *path = beside_scenario(parser->common, name);
    struct named_file *file = names_get(&files->by_path, slice_of(path));
    if (file == NULL) {
        file = keep(parser->common, sizeof *file);
        file->text = parser->read(parser->host, path, &file->length);
        file->next = files->first;
        files->first = file;
        (void)names_add(&files->by_path, slice_of(path), file);
    }
    return (struct slice){ file->text, file->length };
}

void parse_roster_file(struct parser *parser, int line, struct slice name, struct roster_list *items)
{
    struct slice text = { NULL, 0 };
    if (name.length > 0 && parser->read != NULL)
        text = read_once(parser, name);
    if (text.text == NULL) {
        complain(parser, line,
                 "the file \"%s\" cannot be read; expected a file of roster items, with a path relative to "
                 "this file",
                 excerpt(name).text);
        return;
    }
    parse_roster_text(parser, line, name, text, items);
}

/* ---- Block lists ---- */

void parse_blocked_line(struct parser *parser, int line, struct slice text, struct blocked_list *blocked)
{
    struct jid_parts parts;
    if (!parse_jid(parser, line, text, &parts))
        return;
    struct blocked_line *added = keep(parser->scenario, sizeof *added);
    added->jid = keep_text(parser->scenario, text);
    added->line = line;
    if (names_add(&blocked->jids, slice_of(added->jid), added) != NULL) {
        complain(parser, line, "\"%s\" is already in this list; expected each JID once", excerpt(text).text);
        return;
    }
    *blocked->end = added;
    blocked->end = &added->next;
}
