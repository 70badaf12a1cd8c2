#include "scenario_parser.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

/* ---- JIDs ---- */

bool parse_jid(struct parser *parser, int line, struct slice text, struct jid_parts *parts)
{
    size_t slash = slice_find(text, "/");
    struct slice bare = { text.text, slash };
    size_t at = slice_find(bare, "@");
    bool has_local = at < bare.length;
    struct slice domain = has_local ? slice_from(bare, at + 1) : bare;
    bool whole = domain.length > 0 && slice_find(domain, "@") == domain.length && (!has_local || at > 0) &&
                 slash + 1 != text.length;
    for (size_t i = 0; i < bare.length; i++)
        whole = whole && !is_blank(bare.text[i]);
    if (!whole) {
        complain(parser, line,
                 "\"%s\" is no JID; expected one such as romeo@localhost or romeo@localhost/orchard",
                 excerpt(text).text);
        return false;
    }
    *parts = (struct jid_parts){ .bare = keep_text(parser->scenario, bare),
                                 .domain = keep_text(parser->scenario, domain) };
    if (has_local)
        parts->local = keep_text(parser->scenario, (struct slice){ bare.text, at });
    if (slash < text.length)
        parts->resource = keep_text(parser->scenario, slice_from(text, slash + 1));
    return true;
}

/* What stands behind [Account] and [Roster]. */
static bool parse_owner(struct parser *parser, const struct line *line, struct slice name,
                        struct jid_parts *parts)
{
    if (!parse_jid(parser, line->number, name, parts))
        return false;
    if (parts->local != NULL && parts->resource == NULL)
        return true;
    complain(parser, line->number, "\"%s\" is no account; expected a bare JID such as romeo@localhost",
             excerpt(name).text);
    return false;
}

/* ---- Lines ---- */

bool is_end_of_head(const struct line *line)
{
    if (line->indent > 0 || line->text.length < 3)
        return false;
    for (size_t i = 0; i < line->text.length; i++)
        if (line->text.text[i] != '-')
            return false;
    return true;
}

static bool rule_ahead(const struct parser *parser)
{
    for (size_t i = parser->cursor; i < parser->line_count; i++)
        if (is_end_of_head(&parser->lines[i]))
            return true;
    return false;
}

/* Whether a line at the left was meant to be indented: it can belong to nothing but the section. */
static bool is_unindented(const struct parser *parser, const struct line *line)
{
    return line->text.text[0] != '[' && !is_end_of_head(line) && rule_ahead(parser) &&
           (slice_find(line->text, ":") < line->text.length ||
            slice_find(line->text, "@") < line->text.length);
}

/* Says so of the first in a section. */
static void complain_unindented(struct parser *parser, const struct line *line)
{
    if (parser->section.unindented)
        return;
    parser->section.unindented = true;
    complain(parser, line->number,
             "\"%s\" is not indented; expected blanks or a tab before what belongs to a section",
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

bool cut_property_line(struct parser *parser, const struct line *line, struct slice *name,
                       struct slice *value)
{
    if (cut_property(line->text, name, value))
        return true;
    complain(parser, line->number, "expected \"name: value\", found \"%s\"", excerpt(line->text).text);
    return false;
}

/* The properties that a section may have, each at most once, and what was given for them. */
enum { FIELDS_MAX = 11 };
struct field {
    const char *name;
    struct slice value;
    int line; /* 0 when it was not given */
};

static void complain_unknown_field(struct parser *parser, int line, struct slice name,
                                   const struct field *fields)
{
    struct listing known = { "" };
    struct nearest nearest = { .written = name };
    for (const struct field *field = fields; field->name != NULL; field++) {
        listing_add(&known, slice_of(field->name));
        nearest_try(&nearest, field->name);
    }
    complain_unknown(parser, line, "property", &nearest, &known);
}

static void read_fields(struct parser *parser, struct field *fields)
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
            complain(parser, line->number, "\"%s\" is given in line %d already; expected it once",
                     field->name, field->line);
        } else {
            field->value = value;
            field->line = line->number;
        }
    }
}

static struct field *field_of(struct field *fields, const char *name)
{
    while (strcmp(fields->name, name) != 0)
        fields++;
    return fields;
}

/* The value as a string, NULL when it was not given; complains when it was given and is empty. */
static const char *field_text(struct parser *parser, struct field *fields, const char *name)
{
    const struct field *field = field_of(fields, name);
    if (field->line == 0)
        return NULL;
    if (field->value.length == 0)
        complain(parser, field->line, "\"%s\" has no value; expected \"%s: value\"", name, name);
    return keep_text(parser->scenario, field->value);
}

static const char *password_of(struct parser *parser, struct field *fields)
{
    const struct field *field = field_of(fields, "password");
    return field->line > 0 ? keep_text(parser->scenario, field->value) : "";
}

/* ---- [Client] NAME ---- */

static void name_character(struct parser *parser, struct character *character, const struct line *line,
                           struct slice name)
{
    int other = find_character(parser->scenario, name);
    if (name.length == 0)
        complain(parser, line->number, "this character has no name; expected \"[Client] NAME\"");
    else if (other >= 0)
        complain(parser, line->number, "\"%s\" is in the cast already, in line %d; expected another name",
                 excerpt(name).text, parser->scenario->cast[other].line);
    character->name = keep_text(parser->scenario, name);
    character->line = line->number;
}

static void address_character(struct parser *parser, struct character *character, struct field *fields)
{
    const struct field *jid = field_of(fields, "jid");
    struct jid_parts parts = { 0 };
    if (jid->line == 0) {
        parser->lost.accounts = true;
        complain(parser, character->line,
                 "\"%s\" has no jid; expected an indented line such as \"jid: romeo@localhost\"",
                 excerpt(slice_of(character->name)).text);
        return;
    }
    if (!parse_jid(parser, jid->line, jid->value, &parts)) {
        parser->lost.accounts = true;
        return;
    }
    const char *resource = field_text(parser, fields, "resource");
    if (resource != NULL && parts.resource != NULL && strcmp(resource, parts.resource) != 0)
        complain(parser, field_of(fields, "resource")->line,
                 "the jid in line %d names the resource \"%s\"; expected the same one here, or none",
                 jid->line, excerpt(slice_of(parts.resource)).text);
    character->jid = parts.bare;
    character->local = parts.local;
    character->domain = parts.domain;
    character->resource = resource != NULL ? resource : parts.resource;
}

/* What "account:" says: "disabled" or "expired" as a string that lives for ever, or NULL. */
static const char *status_of(const struct field *account)
{
    if (slice_is(account->value, "disabled"))
        return "disabled";
    if (slice_is(account->value, "expired"))
        return "expired";
    return NULL;
}

/* The addresses of a certificate, with ", " between. */
static const char *parse_certificate(struct parser *parser, int line, struct slice value)
{
    char *certificate = keep(parser->scenario, 2 * value.length + 2);
    size_t length = 0;
    bool more = true;
    while (more) {
        size_t comma = slice_find(value, ",");
        struct slice address = slice_trim((struct slice){ value.text, comma });
        struct jid_parts parts;
        if (parse_jid(parser, line, address, &parts) && parts.resource != NULL)
            complain(parser, line, "\"%s\" has a resource; expected bare JIDs with commas between",
                     excerpt(address).text);
        if (length > 0) {
            certificate[length++] = ',';
            certificate[length++] = ' ';
        }
        memcpy(certificate + length, address.text, address.length);
        length += address.length;
        more = comma < value.length;
        if (more)
            value = slice_from(value, comma + 1);
    }
    return certificate;
}

static void encrypt_character(struct parser *parser, struct character *character, struct field *fields)
{
    const struct field *tls = field_of(fields, "tls");
    character->tls_always = tls->line > 0 && slice_is(tls->value, "yes");
    character->tls_never = tls->line > 0 && slice_is(tls->value, "no");
    if (tls->line > 0 && !character->tls_always && !character->tls_never)
        complain(parser, tls->line, "unknown answer \"%s\"; expected yes or no", excerpt(tls->value).text);
    const struct field *certificate = field_of(fields, "certificate");
    if (certificate->line > 0)
        character->certificate = parse_certificate(parser, certificate->line, certificate->value);
    character->binding = field_text(parser, fields, "channel binding");
}

static void parse_client(struct parser *parser, const struct line *line, struct slice name)
{
    struct field fields[FIELDS_MAX] = {
        { .name = "jid" },          { .name = "password" },
        { .name = "resource" },     { .name = "mechanism" },
        { .name = "account" },      { .name = "connect_host" },
        { .name = "connect_port" }, { .name = "tls" },
        { .name = "certificate" },  { .name = "channel binding" },
    };
    struct scenario *scenario = parser->scenario;
    struct character character = { 0 };
    name_character(parser, &character, line, name);
    read_fields(parser, fields);
    address_character(parser, &character, fields);
    character.password = password_of(parser, fields);
    character.mechanism = field_text(parser, fields, "mechanism");
    encrypt_character(parser, &character, fields);
    const struct field *account = field_of(fields, "account");
    character.no_account = account->line > 0 && slice_is(account->value, "none");
    const char *status = status_of(account);
    if (account->line > 0 && !character.no_account && status == NULL)
        complain(parser, account->line, "unknown account status \"%s\"; expected none, disabled or expired",
                 excerpt(account->value).text);
    parser->statuses[scenario->cast_count] = status;
    scenario->cast[scenario->cast_count++] = character;
}

/* ---- [Account] JID ---- */

static struct account **find_account(struct scenario *scenario, const char *jid)
{
    struct account **account = &scenario->accounts;
    while (*account != NULL && strcmp((*account)->jid, jid) != 0)
        account = &(*account)->next;
    return account;
}

static void parse_account(struct parser *parser, const struct line *line, struct slice name)
{
    struct field fields[FIELDS_MAX] = { { .name = "password" }, { .name = "account" } };
    struct jid_parts parts;
    bool owned = parse_owner(parser, line, name, &parts);
    parser->lost.accounts = parser->lost.accounts || !owned;
    read_fields(parser, fields);
    const struct field *status = field_of(fields, "account");
    if (status->line > 0 && status_of(status) == NULL)
        complain(parser, status->line, "unknown account status \"%s\"; expected disabled or expired",
                 excerpt(status->value).text);
    if (!owned)
        return;
    struct account **end = find_account(parser->scenario, parts.bare);
    if (*end != NULL) {
        complain(parser, line->number, "the account \"%s\" is in line %d already; expected it once",
                 excerpt(name).text, (*end)->line);
        return;
    }
    *end = keep(parser->scenario, sizeof **end);
    **end = (struct account){ .jid = parts.bare,
                              .local = parts.local,
                              .domain = parts.domain,
                              .password = password_of(parser, fields),
                              .status = status_of(status),
                              .line = line->number };
}

/* ---- [Roster] JID ---- */

static void parse_roster(struct parser *parser, const struct line *line, struct slice name)
{
    struct jid_parts parts = { 0 };
    struct roster_head *roster = keep(parser->scenario, sizeof *roster);
    bool owned = parse_owner(parser, line, name, &parts);
    const struct line *item;
    while ((item = next_in_section(parser)) != NULL) {
        if (slice_begins(item->text, "from:"))
            parse_roster_file(parser, item->number, slice_trim(slice_from(item->text, strlen("from:"))),
                              &roster->items);
        else
            parse_roster_line(parser, item->number, "", item->text, &roster->items);
    }
    if (!owned)
        return;
    roster->jid = parts.bare;
    roster->local = parts.local;
    roster->domain = parts.domain;
    roster->line = line->number;
    struct roster_head **end = &parser->scenario->rosters;
    for (; *end != NULL; end = &(*end)->next)
        if (strcmp((*end)->jid, roster->jid) == 0)
            complain(parser, line->number, "the roster of \"%s\" is in line %d already; expected it once",
                     excerpt(name).text, (*end)->line);
    *end = roster;
}

/* ---- [Blocklist] JID ---- */

void parse_blocked_line(struct parser *parser, int line, struct slice text, struct blocked_line **blocked)
{
    struct jid_parts parts;
    if (!parse_jid(parser, line, text, &parts))
        return;
    struct blocked_line *added = keep(parser->scenario, sizeof *added);
    added->jid = keep_text(parser->scenario, text);
    added->line = line;
    for (; *blocked != NULL; blocked = &(*blocked)->next) {
        if (strcmp((*blocked)->jid, added->jid) == 0) {
            complain(parser, line, "\"%s\" is in this list already; expected each JID once",
                     excerpt(text).text);
            return;
        }
    }
    *blocked = added;
}

static void parse_blocklist(struct parser *parser, const struct line *line, struct slice name)
{
    struct jid_parts parts = { 0 };
    struct blocklist_head *list = keep(parser->scenario, sizeof *list);
    bool owned = parse_owner(parser, line, name, &parts);
    const struct line *blocked;
    while ((blocked = next_in_section(parser)) != NULL)
        parse_blocked_line(parser, blocked->number, blocked->text, &list->blocked);
    if (!owned)
        return;
    list->jid = parts.bare;
    list->local = parts.local;
    list->domain = parts.domain;
    list->line = line->number;
    struct blocklist_head **end = &parser->scenario->blocklists;
    for (; *end != NULL; end = &(*end)->next)
        if (strcmp((*end)->jid, list->jid) == 0)
            complain(parser, line->number, "the block list of \"%s\" is in line %d already; expected it once",
                     excerpt(name).text, (*end)->line);
    *end = list;
}

/* ---- All sections ---- */

static const struct section {
    const char *name;
    void (*parse)(struct parser *parser, const struct line *line, struct slice name);
} sections[] = {
    { "Server", parse_server }, { "Client", parse_client },       { "Account", parse_account },
    { "Roster", parse_roster }, { "Blocklist", parse_blocklist }, { "Table", parse_table_section },
};
enum { SECTIONS = sizeof sections / sizeof sections[0] };

/* Whatever it is, it may have been a character. */
static void lose_section(struct parser *parser)
{
    parser->lost = (struct lost){ .characters = true, .accounts = true };
    while (next_in_section(parser) != NULL) {
    }
}

static void complain_unknown_section(struct parser *parser, const struct line *line, struct slice class)
{
    struct listing known = { "" };
    struct nearest nearest = { .written = class };
    for (size_t i = 0; i < SECTIONS; i++) {
        listing_add(&known, slice_of(sections[i].name));
        nearest_try(&nearest, sections[i].name);
    }
    complain(parser, line->number, "unknown section \"[%s]\"; expected one of: %s%s%s%s", excerpt(class).text,
             known.text, nearest.name != NULL ? "; did you mean \"[" : "",
             nearest.name != NULL ? nearest.name : "", nearest.name != NULL ? "]\"?" : "");
}

static void parse_section(struct parser *parser, const struct line *line)
{
    parser->section = (struct section_at_hand){ .line = line->number };
    size_t bracket = slice_find(line->text, "]");
    if (bracket == line->text.length) {
        complain(parser, line->number, "this section has no \"]\"; expected \"[Client] NAME\"");
        lose_section(parser);
        return;
    }
    struct slice class = slice_trim((struct slice){ line->text.text + 1, bracket - 1 });
    struct slice name = slice_trim(slice_from(line->text, bracket + 1));
    check_head_values(parser, line->number, name);
    for (size_t i = 0; i < SECTIONS; i++) {
        if (slice_is(class, sections[i].name)) {
            sections[i].parse(parser, line, name);
            return;
        }
    }
    complain_unknown_section(parser, line, class);
    lose_section(parser);
}

/* ---- The head ---- */

/* A line that is nothing that may stand at the left, and what is below it. */
static void parse_stray(struct parser *parser, const struct line *line)
{
    struct slice rest = line->text;
    struct slice first = next_token(&rest).text;
    const char *section = NULL;
    for (size_t i = 0; i < SECTIONS; i++)
        section = slice_is(first, sections[i].name) ? sections[i].name : section;
    if (section != NULL) {
        if (slice_begins(slice_trim(rest), ":"))
            (void)next_token(&rest);
        complain(parser, line->number, "\"%s\" is no section; did you mean \"[%s]%s%s\"?",
                 excerpt(line->text).text, section, slice_trim(rest).length > 0 ? " " : "",
                 excerpt(slice_trim(rest)).text);
    } else {
        complain(parser, line->number,
                 "expected a section such as \"[Client] NAME\", a comment or \"---\", found \"%s\"",
                 excerpt(line->text).text);
    }
    parser->section = (struct section_at_hand){ 0 };
    lose_section(parser);
}

/* Takes the next line and what belongs to it.  False when it does not belong to the head. */
static bool parse_head_line(struct parser *parser)
{
    const struct line *line = &parser->lines[parser->cursor];
    if (line->text.length > 0 && line->indent == 0 && line->text.text[0] != '[' && !is_comment(line->text) &&
        !rule_ahead(parser))
        return false;
    parser->cursor++;
    if (line->text.length == 0)
        return true;
    if (is_comment(line->text))
        parse_head_comment(parser, line);
    else if (line->indent > 0)
        complain(parser, line->number, "this indented line belongs to no section; expected one above it");
    else if (line->text.text[0] == '[')
        parse_section(parser, line);
    else
        parse_stray(parser, line);
    return true;
}

static bool has_account(struct scenario *scenario, const char *jid)
{
    for (size_t i = 0; i < scenario->cast_count; i++)
        if (scenario->cast[i].jid != NULL && strcmp(scenario->cast[i].jid, jid) == 0)
            return true;
    return *find_account(scenario, jid) != NULL;
}

static void check_owner(struct parser *parser, int line, const char *jid)
{
    if (!parser->lost.accounts && !has_account(parser->scenario, jid))
        complain(parser, line, "nobody has the account \"%s\"; expected one of a [Client] or an [Account]",
                 excerpt(slice_of(jid)).text);
}

/* What can only be said once all of the head is known. */
static void check_owners(struct parser *parser)
{
    struct scenario *scenario = parser->scenario;
    for (const struct account *account = scenario->accounts; account != NULL; account = account->next)
        for (size_t i = 0; i < scenario->cast_count; i++)
            if (scenario->cast[i].jid != NULL && strcmp(scenario->cast[i].jid, account->jid) == 0)
                complain(parser, account->line,
                         "\"%s\" is the account of \"%s\"; expected one that is nobody's in the cast",
                         excerpt(slice_of(account->jid)).text,
                         excerpt(slice_of(scenario->cast[i].name)).text);
    for (const struct roster_head *roster = scenario->rosters; roster != NULL; roster = roster->next)
        check_owner(parser, roster->line, roster->jid);
    for (const struct blocklist_head *list = scenario->blocklists; list != NULL; list = list->next)
        check_owner(parser, list->line, list->jid);
}

/* "account: disabled" of a character becomes an account beside its own. */
static void add_statuses(struct parser *parser)
{
    struct scenario *scenario = parser->scenario;
    for (size_t i = 0; i < scenario->cast_count; i++) {
        const struct character *character = &scenario->cast[i];
        if (parser->statuses[i] == NULL || character->jid == NULL)
            continue;
        struct account **account = find_account(scenario, character->jid);
        if (*account == NULL)
            *account = keep(scenario, sizeof **account);
        (*account)->jid = character->jid;
        (*account)->local = character->local;
        (*account)->domain = character->domain;
        (*account)->password = character->password;
        (*account)->status = parser->statuses[i];
        (*account)->line = character->line;
    }
}

/* What stands in that line may be a step, or was meant to be the rule: of that nothing is said. */
static void complain_endless(struct parser *parser)
{
    size_t at = parser->cursor < parser->line_count ? parser->cursor : parser->line_count - 1;
    complain(parser, parser->lines[at].number,
             "the cast has no end; expected a line of three or more dashes before the first step");
    parser->told_line = parser->lines[at].number;
}

void parse_head(struct parser *parser)
{
    size_t most = 0;
    for (size_t i = 0; i < parser->line_count; i++)
        most += slice_begins(parser->lines[i].text, "[");
    parser->scenario->cast = keep(parser->scenario, (most + 1) * sizeof(struct character));
    parser->statuses = keep(parser->scenario, (most + 1) * sizeof *parser->statuses);
    bool ended = false;
    while (!ended && parser->cursor < parser->line_count) {
        ended = is_end_of_head(&parser->lines[parser->cursor]);
        if (ended)
            parser->cursor++;
        else if (!parse_head_line(parser))
            break;
    }
    if (!ended)
        complain_endless(parser);
    check_owners(parser);
    add_statuses(parser);
}
