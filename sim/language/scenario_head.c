#include "scenario_head.h"

/* Parses the JID after [Account] and [Roster]. */
static bool parse_owner(struct parser *parser, const struct line *line, struct slice name,
                        struct jid_parts *parts)
{
    if (!parse_jid(parser, line->number, name, parts))
        return false;
    if (parts->local != NULL && parts->resource == NULL)
        return true;
    complain(parser, line->number, "\"%s\" is not an account; expected a bare JID such as romeo@localhost",
             excerpt(name).text);
    return false;
}

enum { FIELDS_MAX = 11 };

/* A variable in it is none of a table, whose cells were inserted before: a recording that lacks the password has one
 * (record/record.h). */
static const char *password_of(struct parser *parser, const struct field *fields)
{
    const struct field *field = field_of(fields, "password");
    if (field->line > 0 && slice_find(field->value, "${") < field->value.length)
        complain(parser, field->line, "the password is missing; expected it in place of %s",
                 excerpt(field->value).text);
    return field->line > 0 ? keep_text(parser->scenario, field->value) : "";
}

/* ---- [Client] NAME ---- */

static void name_character(struct parser *parser, struct character *character, const struct line *line,
                           struct slice name)
{
    const struct character *other = names_get(&parser->index.characters, name);
    if (name.length == 0)
        complain(parser, line->number, "this character has no name; expected \"[Client] NAME\"");
    else if (other != NULL)
        complain(parser, line->number, "\"%s\" is already in the cast, in line %d; expected a different name",
                 excerpt(name).text, other->line);
    check_name_length(parser, line->number, "character", name);
    character->name = keep_text(parser->scenario, name);
    character->line = line->number;
}

static void address_character(struct parser *parser, struct character *character, const struct field *fields)
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
                 "the jid in line %d has the resource \"%s\"; expected the same resource here, or none",
                 jid->line, excerpt(slice_of(parts.resource)).text);
    character->jid = parts.bare;
    character->local = parts.local;
    character->domain = parts.domain;
    character->resource = resource != NULL ? resource : parts.resource;
}

/* The value of "account:" if it is "disabled" or "expired", as a static string; else NULL. */
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
    struct text certificate = { 0 };
    for (bool more = true; more;) {
        struct jid_parts parts;
        struct slice address;
        more = slice_cut(&value, ",", &address);
        address = slice_trim(address);
        if (parse_jid(parser, line, address, &parts) && parts.resource != NULL)
            complain(parser, line, "\"%s\" has a resource; expected bare JIDs separated by commas",
                     excerpt(address).text);
        text_string(&certificate, certificate.length > 0 ? ", " : "");
        text_append(&certificate, address.text, address.length);
    }
    const char *kept = copy_text(parser->scenario, certificate.bytes);
    text_free(&certificate);
    return kept;
}

static void encrypt_character(struct parser *parser, struct character *character, const struct field *fields)
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

static void enter_in_index(struct parser *parser, struct character *character)
{
    struct index *index = &parser->index;
    (void)names_add(&index->characters, slice_of(character->name), character);
    if (character->jid == NULL)
        return;
    struct seat *seat = keep(parser->scenario, sizeof *seat);
    *seat = (struct seat){ .character = character, .last = seat };
    struct seat *first = names_add(&index->addresses, slice_of(character->jid), seat);
    if (first != NULL) {
        first->last->next = seat;
        first->last = seat;
    }
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
    enter_in_index(parser, &scenario->cast[scenario->cast_count - 1]);
}

/* ---- [Account] JID ---- */

/* Appends an account and returns NULL, or returns the account that the JID already has. */
static struct account *add_account(struct parser *parser, const char *jid, struct account **added)
{
    struct account *account = names_get(&parser->index.accounts, slice_of(jid));
    *added = account;
    if (account != NULL)
        return account;
    *added = keep(parser->scenario, sizeof **added);
    (void)names_add(&parser->index.accounts, slice_of(jid), *added);
    *parser->ends.accounts = *added;
    parser->ends.accounts = &(*added)->next;
    return NULL;
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
    struct account *account;
    if (add_account(parser, parts.bare, &account) != NULL) {
        complain(parser, line->number, "the account \"%s\" is already in line %d; expected it once",
                 excerpt(name).text, account->line);
        return;
    }
    *account = (struct account){ .jid = parts.bare,
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
    struct roster_list items = { .end = &roster->items };
    const struct line *item;
    while ((item = next_in_section(parser)) != NULL) {
        if (slice_begins(item->text, "from:"))
            parse_roster_file(parser, item->number, slice_trim(slice_from(item->text, strlen("from:"))),
                              &items);
        else
            parse_roster_line(parser, item->number, "", item->text, &items);
    }
    names_free(&items.jids);
    if (!owned)
        return;
    roster->jid = parts.bare;
    roster->local = parts.local;
    roster->domain = parts.domain;
    roster->line = line->number;
    const struct roster_head *other = names_add(&parser->index.rosters, slice_of(roster->jid), roster);
    if (other != NULL)
        complain(parser, line->number, "the roster of \"%s\" is already in line %d; expected it once",
                 excerpt(name).text, other->line);
    *parser->ends.rosters = roster;
    parser->ends.rosters = &roster->next;
}

/* ---- [Blocklist] JID ---- */

static void parse_blocklist(struct parser *parser, const struct line *line, struct slice name)
{
    struct jid_parts parts = { 0 };
    struct blocklist_head *list = keep(parser->scenario, sizeof *list);
    bool owned = parse_owner(parser, line, name, &parts);
    struct blocked_list jids = { .end = &list->blocked };
    const struct line *blocked;
    while ((blocked = next_in_section(parser)) != NULL)
        parse_blocked_line(parser, blocked->number, blocked->text, &jids);
    names_free(&jids.jids);
    if (!owned)
        return;
    list->jid = parts.bare;
    list->local = parts.local;
    list->domain = parts.domain;
    list->line = line->number;
    const struct blocklist_head *other = names_add(&parser->index.blocklists, slice_of(list->jid), list);
    if (other != NULL)
        complain(parser, line->number, "the block list of \"%s\" is already in line %d; expected it once",
                 excerpt(name).text, other->line);
    *parser->ends.blocklists = list;
    parser->ends.blocklists = &list->next;
}

/* ---- [Table] ---- */

/* Its content was already read. */
static void parse_table(struct parser *parser, const struct line *line, struct slice name)
{
    if (name.length > 0)
        complain(parser, line->number, "a table cannot have a name; expected \"[Table]\", not \"%s\"",
                 excerpt(name).text);
    (void)next_in_section(parser);
}

/* ---- All sections ---- */

static const struct section {
    const char *name;
    void (*parse)(struct parser *parser, const struct line *line, struct slice name);
} sections[] = {
    { "Server", parse_server }, { "Client", parse_client },       { "Account", parse_account },
    { "Roster", parse_roster }, { "Blocklist", parse_blocklist }, { "Table", parse_table },
};
enum { SECTIONS = sizeof sections / sizeof sections[0] };

/* An unknown section may have been meant as a character. */
static void lose_section(struct parser *parser)
{
    parser->lost = (struct lost){ .characters = true, .accounts = true };
    while (next_in_section(parser) != NULL) {
    }
}

static void complain_unknown_section(struct parser *parser, const struct line *line, struct slice class)
{
    struct known known = { .written = class };
    for (size_t i = 0; i < SECTIONS; i++)
        known_add(&known, sections[i].name);
    bool meant = known.nearest != NULL;
    complain(parser, line->number, "unknown section \"[%s]\"; expected one of: %s%s%s%s", excerpt(class).text,
             known.listing.text, meant ? "; did you mean \"[" : "", meant ? known.nearest : "",
             meant ? "]\"?" : "");
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

/* Complains about a line at the left margin that is not allowed there, and skips the lines below it. */
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
        complain(parser, line->number, "\"%s\" is not a section; did you mean \"[%s]%s%s\"?",
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

/* Parses the next line and the lines that belong to it.  Returns false when it does not belong to the
 * head. */
static bool parse_head_line(struct parser *parser)
{
    const struct line *line = &parser->lines[parser->cursor];
    if (line->text.length > 0 && line->indent == 0 && line->text.text[0] != '[' && !is_comment(line->text) &&
        !parser->ruled)
        return false;
    parser->cursor++;
    if (line->text.length == 0)
        return true;
    if (is_comment(line->text))
        parse_head_comment(parser, line);
    else if (line->indent > 0)
        complain(parser, line->number, "this indented line is not in a section; expected a section above it");
    else if (line->text.text[0] == '[')
        parse_section(parser, line);
    else
        parse_stray(parser, line);
    return true;
}

static bool has_account(const struct parser *parser, const char *jid)
{
    return names_get(&parser->index.addresses, slice_of(jid)) != NULL ||
           names_get(&parser->index.accounts, slice_of(jid)) != NULL;
}

static void check_owner(struct parser *parser, int line, const char *jid)
{
    if (!parser->lost.accounts && !has_account(parser, jid))
        complain(parser, line, "no [Client] or [Account] has the account \"%s\"; expected the account of one",
                 excerpt(slice_of(jid)).text);
}

/* Checks that need the whole head. */
static void check_owners(struct parser *parser)
{
    struct scenario *scenario = parser->scenario;
    for (const struct account *account = scenario->accounts; account != NULL; account = account->next) {
        const struct seat *seat = names_get(&parser->index.addresses, slice_of(account->jid));
        for (; seat != NULL; seat = seat->next)
            complain(parser, account->line,
                     "\"%s\" is the account of \"%s\"; expected an account without a [Client]",
                     excerpt(slice_of(account->jid)).text, excerpt(slice_of(seat->character->name)).text);
    }
    for (const struct roster_head *roster = scenario->rosters; roster != NULL; roster = roster->next)
        check_owner(parser, roster->line, roster->jid);
    for (const struct blocklist_head *list = scenario->blocklists; list != NULL; list = list->next)
        check_owner(parser, list->line, list->jid);
}

/* "account: disabled" of a character becomes a separate struct account. */
static void add_statuses(struct parser *parser)
{
    struct scenario *scenario = parser->scenario;
    for (size_t i = 0; i < scenario->cast_count; i++) {
        const struct character *character = &scenario->cast[i];
        if (parser->statuses[i] == NULL || character->jid == NULL)
            continue;
        struct account *account;
        (void)add_account(parser, character->jid, &account);
        account->jid = character->jid;
        account->local = character->local;
        account->domain = character->domain;
        account->password = character->password;
        account->status = parser->statuses[i];
        account->line = character->line;
    }
}

/* The line may be a step or a misspelled separator line: no complaint is made about it. */
static void complain_endless(struct parser *parser)
{
    size_t at = parser->cursor < parser->line_count ? parser->cursor : parser->line_count - 1;
    complain(parser, parser->lines[at].number,
             "the head is not closed; expected a line of three or more dashes before the first step");
    parser->told_line = parser->lines[at].number;
}

/* ---- All of it ---- */

void index_free(struct index *index)
{
    names_free(&index->characters);
    names_free(&index->addresses);
    names_free(&index->accounts);
    names_free(&index->rosters);
    names_free(&index->blocklists);
    names_free(&index->hosts);
    names_free(&index->elsewhere);
    names_free(&index->server_names);
}

/* Allocates the cast, and initialises the ends of the empty lists. */
static void begin_head(struct parser *parser)
{
    struct scenario *scenario = parser->scenario;
    size_t most = 0;
    for (size_t i = 0; i < parser->line_count; i++) {
        most += slice_begins(parser->lines[i].text, "[");
        parser->ruled = parser->ruled || is_end_of_head(&parser->lines[i]);
    }
    scenario->cast = keep(scenario, (most + 1) * sizeof(struct character));
    parser->statuses = keep(scenario, (most + 1) * sizeof *parser->statuses);
    parser->ends = (struct ends){ .tags = &scenario->tags,
                                  .accounts = &scenario->accounts,
                                  .rosters = &scenario->rosters,
                                  .blocklists = &scenario->blocklists,
                                  .servers = &scenario->servers };
}

void parse_head(struct parser *parser)
{
    bool ended = false;
    begin_head(parser);
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
    collect_hosts(parser);
    const struct core_settings *settings = &parser->scenario->settings;
    if (settings->host_count + settings->anonymous_host_count == 0 && parser->complaints->count == 0)
        complain(parser, parser->lines[0].number,
                 "the head has no host; expected a [Client] with a jid, or a [Server] with a host");
}
