#include "../text.h"
#include "../world/settings.h"
#include "scenario_edit.h"
#include "scenario_head.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>

/* A sort of value, and how it is read and written. */
struct sort {
    void (*set)(struct parser *parser, const struct setting *setting, int line, struct slice value);
    /* NULL for values of all servers together, which are not written for one of them. */
    void (*write)(struct text *out, const struct setting *setting, const struct core_settings *settings);
};

enum { SETTINGS_MOST = 64 };

static void *field_in(struct core_settings *settings, const struct setting *setting)
{
    return (char *)settings + setting->field;
}

static const void *value_in(const struct core_settings *settings, const struct setting *setting)
{
    return (const char *)settings + setting->field;
}

/* ---- Words ---- */

/* False after a complaint. */
static bool parse_keyword(struct parser *parser, int line, const struct setting *setting, struct slice text,
                          unsigned *value)
{
    struct known known = { .written = text };
    for (const struct keyword *keyword = setting->keywords; keyword->word != NULL; keyword++) {
        if (slice_is(text, keyword->word)) {
            *value = keyword->value;
            return true;
        }
        known_add(&known, keyword->word);
    }
    complain_unknown(parser, line, setting->what, &known);
    return false;
}

static void write_keyword(struct text *out, const struct setting *setting, unsigned value)
{
    const struct keyword *keyword = setting->keywords;
    while (keyword->value != value)
        keyword++;
    text_string(out, keyword->word);
}

/* An enumeration is stored as an unsigned number. */
static_assert(sizeof(enum core_tls_policy) == sizeof(unsigned) &&
                  sizeof(enum core_conflict) == sizeof(unsigned) &&
                  sizeof(enum core_delivery) == sizeof(unsigned) &&
                  sizeof(enum core_keepalive) == sizeof(unsigned),
              "an enumeration is as large as a number");

static void set_word(struct parser *parser, const struct setting *setting, int line, struct slice value)
{
    unsigned chosen = 0;
    if (parse_keyword(parser, line, setting, value, &chosen))
        memcpy(field_in(&parser->scenario->settings, setting), &chosen, sizeof chosen);
}

static void write_word(struct text *out, const struct setting *setting, const struct core_settings *settings)
{
    unsigned chosen;
    memcpy(&chosen, value_in(settings, setting), sizeof chosen);
    write_keyword(out, setting, chosen);
}

/* A list of keywords separated by commas, as bits; "none" if it may be empty. */
static void set_words(struct parser *parser, const struct setting *setting, int line, struct slice value)
{
    unsigned bits = 0;
    bool more = setting->least > 0 || !slice_is(value, "none");
    while (more) {
        struct slice name;
        unsigned bit = 0;
        more = slice_cut(&value, ",", &name);
        if (parse_keyword(parser, line, setting, slice_trim(name), &bit))
            bits |= bit;
    }
    memcpy(field_in(&parser->scenario->settings, setting), &bits, sizeof bits);
}

static void write_words(struct text *out, const struct setting *setting, const struct core_settings *settings)
{
    unsigned bits;
    size_t begin = out->length;
    memcpy(&bits, value_in(settings, setting), sizeof bits);
    for (const struct keyword *keyword = setting->keywords; keyword->word != NULL; keyword++) {
        if ((bits & keyword->value) == 0)
            continue;
        text_string(out, out->length > begin ? ", " : "");
        text_string(out, keyword->word);
    }
    text_string(out, bits == 0 ? "none" : "");
}

static void set_bool(struct parser *parser, const struct setting *setting, int line, struct slice value)
{
    unsigned on = 0;
    if (parse_keyword(parser, line, setting, value, &on))
        *(bool *)field_in(&parser->scenario->settings, setting) = on != 0;
}

static void write_bool(struct text *out, const struct setting *setting, const struct core_settings *settings)
{
    write_keyword(out, setting, *(const bool *)value_in(settings, setting));
}

/* ---- Numbers, spans, texts ---- */

static void set_number(struct parser *parser, const struct setting *setting, int line, struct slice value)
{
    uint64_t number = 0;
    if (!parse_number(value, SIZE_MAX, &number)) {
        complain(parser, line, "\"%s\" is not a number; expected digits, as in \"%s: 100\"",
                 excerpt(value).text, setting->name);
        return;
    }
    if (number < setting->least || number > setting->most) {
        complain(parser, line, "\"%s: %s\" is out of range; expected a number from %llu to %llu",
                 setting->name, excerpt(value).text, (unsigned long long)setting->least,
                 (unsigned long long)setting->most);
        return;
    }
    size_t limit = (size_t)number;
    memcpy(field_in(&parser->scenario->settings, setting), &limit, sizeof limit);
}

static void write_number(struct text *out, const struct setting *setting,
                         const struct core_settings *settings)
{
    size_t limit;
    memcpy(&limit, value_in(settings, setting), sizeof limit);
    text_number(out, limit);
}

static void set_span(struct parser *parser, const struct setting *setting, int line, struct slice value)
{
    struct slice rest = value;
    struct slice amount = next_token(&rest).text;
    sim_time span = 0;
    if (!slice_is(value, "none") && !parse_span(amount, slice_trim(rest), &span))
        complain(parser, line, "\"%s\" is not a time span; expected one as in \"%s: 30 seconds\", or none",
                 excerpt(value).text, setting->name);
    memcpy(field_in(&parser->scenario->settings, setting), &span, sizeof span);
}

static void write_span_or_none(struct text *out, const struct setting *setting,
                               const struct core_settings *settings)
{
    sim_time span;
    memcpy(&span, value_in(settings, setting), sizeof span);
    if (span == 0)
        text_string(out, "none");
    else
        write_span(out, span);
}

static void set_text(struct parser *parser, const struct setting *setting, int line, struct slice value)
{
    (void)line;
    const char *text = slice_is(value, "none") ? NULL : keep_text(parser->scenario, value);
    memcpy(field_in(&parser->scenario->settings, setting), &text, sizeof text);
}

static void write_text(struct text *out, const struct setting *setting, const struct core_settings *settings)
{
    const char *string;
    memcpy(&string, value_in(settings, setting), sizeof string);
    text_string(out, string != NULL ? string : "none");
}

/* ---- Hosts ---- */

/* Grows the list by one. */
static void host_list_add(struct scenario *scenario, struct host_list *list, const char *host)
{
    if (list->count == list->room) {
        const char **hosts = keep(scenario, (2 * list->room + 1) * sizeof *hosts);
        if (list->count > 0)
            memcpy(hosts, list->hosts, list->count * sizeof *hosts);
        list->hosts = hosts;
        list->room = 2 * list->room + 1;
    }
    list->hosts[list->count++] = host;
}

static void add_host(struct parser *parser, struct host_list *list, int line, struct slice value)
{
    struct jid_parts parts;
    if (!parse_jid(parser, line, value, &parts))
        return;
    if (parts.local != NULL || parts.resource != NULL)
        complain(parser, line, "\"%s\" is not a host; expected a name such as localhost",
                 excerpt(value).text);
    else
        host_list_add(parser->scenario, list, parts.domain);
}

static void set_host(struct parser *parser, const struct setting *setting, int line, struct slice value)
{
    (void)setting;
    add_host(parser, &parser->hosts, line, value);
}

static void set_anonymous(struct parser *parser, const struct setting *setting, int line, struct slice value)
{
    (void)setting;
    add_host(parser, &parser->anonymous_hosts, line, value);
}

/* ---- The table ---- */

static const struct sort sorts[SETTING_SORTS] = {
    [SETTING_WORD] = { set_word, write_word },
    [SETTING_WORDS] = { set_words, write_words },
    [SETTING_BOOL] = { set_bool, write_bool },
    [SETTING_NUMBER] = { set_number, write_number },
    [SETTING_SPAN] = { set_span, write_span_or_none },
    [SETTING_TEXT] = { set_text, write_text },
    [SETTING_HOST] = { set_host, NULL },
    [SETTING_ANONYMOUS_HOST] = { set_anonymous, NULL },
};

static const struct sort *sort_of(const struct setting *setting)
{
    return &sorts[setting->sort];
}

/* Lists the settings, which are many, only if there is no suggestion. */
static void complain_unknown_setting(struct parser *parser, int line, struct slice name)
{
    struct known known = { .written = name };
    const struct setting *setting;
    for (size_t i = 0; (setting = setting_row(i)) != NULL; i++)
        known_add(&known, setting->name);
    if (known.nearest != NULL)
        complain(parser, line, "unknown setting or limit \"%s\"; did you mean \"%s\"?", excerpt(name).text,
                 known.nearest);
    else
        complain_unknown(parser, line, "setting or limit", &known);
}

static void parse_setting(struct parser *parser, const struct line *line, int *given)
{
    struct slice name, value;
    if (!cut_property_line(parser, line, &name, &value))
        return;
    size_t i = 0;
    const struct setting *setting;
    while ((setting = setting_row(i)) != NULL && !slice_is(name, setting->name))
        i++;
    if (setting == NULL) {
        complain_unknown_setting(parser, line->number, name);
        return;
    }
    assert(i < SETTINGS_MOST);
    if (given[i] > 0 && setting->size > 0)
        complain_twice(parser, line->number, setting->name, given[i]);
    given[i] = line->number;
    sort_of(setting)->set(parser, setting, line->number, value);
}

static void parse_settings(struct parser *parser)
{
    int given[SETTINGS_MOST] = { 0 };
    const struct line *setting;
    while ((setting = next_in_section(parser)) != NULL)
        parse_setting(parser, setting, given);
}

static char *value_of(const struct setting *setting, const struct core_settings *of)
{
    struct text value = { 0 };
    sort_of(setting)->write(&value, setting, of);
    return text_take(&value);
}

void write_settings(struct text *out, const struct core_settings *written)
{
    const struct core_settings usual = settings_usual();
    const struct setting *setting;
    for (size_t i = 0; (setting = setting_row(i)) != NULL; i++) {
        if (sort_of(setting)->write == NULL)
            continue;
        char *value = value_of(setting, written);
        char *usually = value_of(setting, &usual);
        if (strcmp(value, usually) != 0)
            write_named(out, 1, setting->name, value);
        free(value);
        free(usually);
    }
}

/* ---- Resetting to the default ---- */

size_t scenario_setting_count(void)
{
    size_t count = 0;
    while (setting_row(count) != NULL)
        count++;
    return count;
}

bool scenario_setting_is_usual(size_t index, const struct core_settings *of)
{
    const struct setting *setting = setting_row(index);
    const struct core_settings usual = settings_usual();
    return memcmp(value_in(of, setting), value_in(&usual, setting), setting->size) == 0;
}

void scenario_setting_reset(size_t index, struct core_settings *of)
{
    const struct setting *setting = setting_row(index);
    const struct core_settings usual = settings_usual();
    memcpy(field_in(of, setting), value_in(&usual, setting), setting->size);
}

/* ---- Servers after the first ---- */

bool is_served_elsewhere(const struct scenario *scenario, const char *host)
{
    for (const struct server_head *server = scenario->servers; server != NULL; server = server->next)
        for (size_t i = 0; i < server->settings.host_count; i++)
            if (strcmp(server->settings.hosts[i], host) == 0)
                return true;
    return false;
}

static bool is_taken(const struct parser *parser, const struct server_head *server, const char *host)
{
    const struct server_head *other = names_get(&parser->index.elsewhere, slice_of(host));
    return names_get(&parser->index.hosts, slice_of(host)) != NULL || (other != NULL && other != server);
}

static void take_hosts(struct parser *parser, struct server_head *server)
{
    for (size_t i = 0; i < parser->hosts.count; i++) {
        const char *host = parser->hosts.hosts[i];
        if (is_taken(parser, server, host))
            complain(parser, server->line, "the host \"%s\" belongs to another server; expected it once",
                     excerpt(slice_of(host)).text);
        (void)names_add(&parser->index.elsewhere, slice_of(host), server);
    }
    server->settings.hosts = parser->hosts.hosts;
    server->settings.host_count = parser->hosts.count;
    if (parser->hosts.count == 0)
        complain(parser, server->line,
                 "the server \"%s\" has no host; expected a line such as \"host: a.lit\"",
                 excerpt(slice_of(server->name)).text);
}

/* With several servers each must have a unique name. */
static void check_name(struct parser *parser, int line, struct slice name)
{
    const char *first = parser->scenario->server_name;
    bool taken =
        first == NULL || slice_is(name, first) || names_get(&parser->index.server_names, name) != NULL;
    if (name.length == 0 || taken)
        complain(parser, line, "[Server] is already in line %d; expected it once, or each with its own name",
                 parser->server_line);
}

/* Its settings are parsed into those of the first server, which are restored afterwards. */
static void parse_another(struct parser *parser, const struct line *line, struct slice name)
{
    struct scenario *scenario = parser->scenario;
    struct core_settings of_first = scenario->settings;
    struct host_list hosts = parser->hosts;
    struct server_head *server = keep(scenario, sizeof *server);
    check_name(parser, line->number, name);
    scenario->settings = parser->usual;
    parser->hosts = (struct host_list){ 0 };
    parse_settings(parser);
    *server = (struct server_head){ .name = keep_text(scenario, name),
                                    .settings = scenario->settings,
                                    .line = line->number };
    take_hosts(parser, server);
    scenario->settings = of_first;
    parser->hosts = hosts;
    (void)names_add(&parser->index.server_names, slice_of(server->name), server);
    *parser->ends.servers = server;
    parser->ends.servers = &server->next;
}

void parse_server(struct parser *parser, const struct line *line, struct slice name)
{
    if (parser->server_line > 0) {
        parse_another(parser, line, name);
        return;
    }
    parser->server_line = line->number;
    parser->usual = parser->scenario->settings;
    parser->scenario->server_name = name.length > 0 ? keep_text(parser->scenario, name) : NULL;
    parse_settings(parser);
    for (size_t i = 0; i < parser->hosts.count; i++)
        (void)names_add(&parser->index.hosts, slice_of(parser->hosts.hosts[i]), parser);
}

/* ---- The hosts of the first ---- */

static void collect_domain(struct parser *parser, const char *domain)
{
    if (domain != NULL && names_get(&parser->index.elsewhere, slice_of(domain)) == NULL)
        host_list_add(parser->scenario, &parser->hosts, domain);
}

/* Removes duplicate hosts. */
static void unite(struct host_list *list)
{
    struct names united = { 0 };
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++)
        if (names_add(&united, slice_of(list->hosts[i]), list) == NULL)
            list->hosts[count++] = list->hosts[i];
    list->count = count;
    names_free(&united);
}

/* The hosts of its lines, then every domain of the cast and of the accounts that no other server has. */
void collect_hosts(struct parser *parser)
{
    struct scenario *scenario = parser->scenario;
    for (size_t i = 0; i < scenario->cast_count; i++)
        collect_domain(parser, scenario->cast[i].domain);
    for (const struct account *account = scenario->accounts; account != NULL; account = account->next)
        collect_domain(parser, account->domain);
    unite(&parser->hosts);
    unite(&parser->anonymous_hosts);
    scenario->settings.hosts = parser->hosts.hosts;
    scenario->settings.host_count = parser->hosts.count;
    scenario->settings.anonymous_hosts = parser->anonymous_hosts.hosts;
    scenario->settings.anonymous_host_count = parser->anonymous_hosts.count;
}
