#include "scenario_edit.h"
#include "scenario_parser.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* What an indented line of [Server] may set. */
struct setting {
    const char *name;
    void (*set)(struct parser *parser, const struct setting *setting, int line, struct slice value);
    /* Appends the value; NULL for what several servers have together, which no one of them writes. */
    void (*write)(struct text *out, const struct setting *setting, const struct core_settings *settings);
    size_t field, size;   /* where it is in struct core_settings; 0 and 0 for what is a list there */
    uint64_t least, most; /* of a number */
};

/* More of them take minutes, and a client refuses them (sim/client/scram.c). */
enum { ITERATIONS_MOST = 1000000 };

/* A word, and the value that stands for it. */
struct keyword {
    const char *word;
    unsigned value;
};

static const struct keyword conflicts[] = {
    { "kick_old", CORE_KICK_OLD },
    { "kick_new", CORE_KICK_NEW },
    { "increment", CORE_INCREMENT },
    { "random", CORE_RANDOM },
    { NULL, 0 },
};

static const struct keyword deliveries[] = {
    { "best", CORE_DELIVER_BEST },
    { "all", CORE_DELIVER_ALL },
    { NULL, 0 },
};

static const struct keyword mechanisms[] = {
    { "EXTERNAL", CORE_EXTERNAL },
    { "SCRAM-SHA-256-PLUS", CORE_SCRAM_SHA_256_PLUS },
    { "SCRAM-SHA-1-PLUS", CORE_SCRAM_SHA_1_PLUS },
    { "SCRAM-SHA-256", CORE_SCRAM_SHA_256 },
    { "SCRAM-SHA-1", CORE_SCRAM_SHA_1 },
    { "PLAIN", CORE_PLAIN },
    { NULL, 0 },
};

static const struct keyword features[] = {
    { "offline", CORE_OFFLINE },
    { "carbons", CORE_CARBONS },
    { "blocking", CORE_BLOCKING },
    { "last activity", CORE_LAST_ACTIVITY },
    { NULL, 0 },
};

static const struct keyword tls_policies[] = {
    { "none", CORE_TLS_NONE },
    { "optional", CORE_TLS_OPTIONAL },
    { "required", CORE_TLS_REQUIRED },
    { NULL, 0 },
};

static const struct keyword keepalives[] = {
    { "none", CORE_KEEPALIVE_NONE },
    { "whitespace", CORE_KEEPALIVE_WHITESPACE },
    { "ping", CORE_KEEPALIVE_PING },
    { NULL, 0 },
};

static const struct keyword switches[] = {
    { "yes", true }, { "no", false }, { "on", true }, { "off", false }, { NULL, 0 },
};

/* Where the usual server of a scenario is more permissive than the core's: what it does with a client in the
 * clear is the subject of most. */
void server_settings_usual(struct core_settings *settings)
{
    *settings = core_settings_default();
    settings->tls = CORE_TLS_NONE;
    settings->iterations = 4096; /* RFC 7677, 4 */
    settings->plain_without_tls = true;
}

/* False after a complaint. */
static bool parse_keyword(struct parser *parser, int line, const char *what, const struct keyword *keywords,
                          struct slice text, unsigned *value)
{
    for (const struct keyword *keyword = keywords; keyword->word != NULL; keyword++) {
        if (slice_is(text, keyword->word)) {
            *value = keyword->value;
            return true;
        }
    }
    struct listing known = { "" };
    struct nearest nearest = { .written = text };
    for (const struct keyword *keyword = keywords; keyword->word != NULL; keyword++) {
        listing_add(&known, slice_of(keyword->word));
        nearest_try(&nearest, keyword->word);
    }
    complain_unknown(parser, line, what, &nearest, &known);
    return false;
}

static void add_host(struct parser *parser, struct host_list *hosts, int line, struct slice value)
{
    struct jid_parts parts;
    if (!parse_jid(parser, line, value, &parts))
        return;
    if (parts.local != NULL || parts.resource != NULL) {
        complain(parser, line, "\"%s\" is no host; expected a name such as localhost", excerpt(value).text);
        return;
    }
    struct tag *host = keep(parser->scenario, sizeof *host);
    host->name = parts.domain;
    if (hosts->last == NULL)
        hosts->first = host;
    else
        hosts->last->next = host;
    hosts->last = host;
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

static void set_tls(struct parser *parser, const struct setting *setting, int line, struct slice value)
{
    unsigned policy = 0;
    if (parse_keyword(parser, line, "policy for TLS", tls_policies, value, &policy))
        parser->scenario->settings.tls = (enum core_tls_policy)policy;
    (void)setting;
}

static void set_conflict(struct parser *parser, const struct setting *setting, int line, struct slice value)
{
    unsigned policy = 0;
    if (parse_keyword(parser, line, "conflict policy", conflicts, value, &policy))
        parser->scenario->settings.conflict = (enum core_conflict)policy;
    (void)setting;
}

static void set_delivery(struct parser *parser, const struct setting *setting, int line, struct slice value)
{
    unsigned rule = 0;
    if (parse_keyword(parser, line, "delivery", deliveries, value, &rule))
        parser->scenario->settings.delivery = (enum core_delivery)rule;
    (void)setting;
}

/* A comma list of keywords, as the bits that they stand for. */
static unsigned parse_keywords(struct parser *parser, int line, const char *what,
                               const struct keyword *keywords, struct slice value)
{
    unsigned bits = 0;
    bool more = true;
    while (more) {
        unsigned bit = 0;
        size_t comma = slice_find(value, ",");
        struct slice name = slice_trim((struct slice){ value.text, comma });
        if (parse_keyword(parser, line, what, keywords, name, &bit))
            bits |= bit;
        more = comma < value.length;
        if (more)
            value = slice_from(value, comma + 1);
    }
    return bits;
}

static void set_mechanisms(struct parser *parser, const struct setting *setting, int line, struct slice value)
{
    (void)setting;
    parser->scenario->settings.mechanisms = parse_keywords(parser, line, "mechanism", mechanisms, value);
}

static void set_features(struct parser *parser, const struct setting *setting, int line, struct slice value)
{
    (void)setting;
    bool none = slice_is(value, "none");
    parser->scenario->settings.features = none ? 0 : parse_keywords(parser, line, "feature", features, value);
}

static void set_number(struct parser *parser, const struct setting *setting, int line, struct slice value)
{
    uint64_t number = 0;
    if (!parse_number(value, SIZE_MAX, &number)) {
        complain(parser, line, "\"%s\" is no number; expected digits, as in \"%s: 100\"", excerpt(value).text,
                 setting->name);
        return;
    }
    if (number < setting->least || number > setting->most) {
        complain(parser, line, "\"%s: %s\" is out of bounds; expected a number from %llu to %llu",
                 setting->name, excerpt(value).text, (unsigned long long)setting->least,
                 (unsigned long long)setting->most);
        return;
    }
    size_t limit = (size_t)number;
    memcpy((char *)&parser->scenario->settings + setting->field, &limit, sizeof limit);
}

static void set_span(struct parser *parser, const struct setting *setting, int line, struct slice value)
{
    struct slice rest = value;
    struct slice amount = next_token(&rest).text;
    sim_time span = 0;
    if (!slice_is(value, "none") && !parse_span(amount, slice_trim(rest), &span))
        complain(parser, line, "\"%s\" is no span of time; expected one as in \"%s: 30 seconds\", or none",
                 excerpt(value).text, setting->name);
    memcpy((char *)&parser->scenario->settings + setting->field, &span, sizeof span);
}

static void set_keepalive(struct parser *parser, const struct setting *setting, int line, struct slice value)
{
    unsigned way = 0;
    if (parse_keyword(parser, line, "keepalive", keepalives, value, &way))
        parser->scenario->settings.keepalive = (enum core_keepalive)way;
    (void)setting;
}

static void set_switch(struct parser *parser, const struct setting *setting, int line, struct slice value)
{
    unsigned on = 0;
    if (parse_keyword(parser, line, "value", switches, value, &on))
        *(bool *)((char *)&parser->scenario->settings + setting->field) = on != 0;
}

static void set_text(struct parser *parser, const struct setting *setting, int line, struct slice value)
{
    (void)line;
    const char *text = slice_is(value, "none") ? NULL : keep_text(parser->scenario, value);
    memcpy((char *)&parser->scenario->settings + setting->field, &text, sizeof text);
}

/* ---- The same, written ---- */

/* The words whose values are among the bits, with ", " between. */
static void write_keywords(struct text *out, const struct keyword *keywords, unsigned bits)
{
    for (bool first = true; keywords->word != NULL; keywords++) {
        if ((bits & keywords->value) == 0)
            continue;
        text_string(out, first ? "" : ", ");
        text_string(out, keywords->word);
        first = false;
    }
}

static void write_keyword(struct text *out, const struct keyword *keywords, unsigned value)
{
    while (keywords->value != value)
        keywords++;
    text_string(out, keywords->word);
}

static void write_tls(struct text *out, const struct setting *setting, const struct core_settings *settings)
{
    (void)setting;
    write_keyword(out, tls_policies, settings->tls);
}

static void write_conflict(struct text *out, const struct setting *setting,
                           const struct core_settings *settings)
{
    (void)setting;
    write_keyword(out, conflicts, settings->conflict);
}

static void write_delivery(struct text *out, const struct setting *setting,
                           const struct core_settings *settings)
{
    (void)setting;
    write_keyword(out, deliveries, settings->delivery);
}

static void write_mechanisms(struct text *out, const struct setting *setting,
                             const struct core_settings *settings)
{
    (void)setting;
    write_keywords(out, mechanisms, settings->mechanisms);
}

static void write_features(struct text *out, const struct setting *setting,
                           const struct core_settings *settings)
{
    (void)setting;
    write_keywords(out, features, settings->features);
    if (settings->features == 0)
        text_string(out, "none");
}

static void write_keepalive(struct text *out, const struct setting *setting,
                            const struct core_settings *settings)
{
    (void)setting;
    write_keyword(out, keepalives, settings->keepalive);
}

static void write_limit(struct text *out, const struct setting *setting, const struct core_settings *settings)
{
    size_t limit;
    memcpy(&limit, (const char *)settings + setting->field, sizeof limit);
    text_number(out, limit);
}

static void write_time(struct text *out, const struct setting *setting, const struct core_settings *settings)
{
    sim_time span;
    memcpy(&span, (const char *)settings + setting->field, sizeof span);
    if (span == 0)
        text_string(out, "none");
    else
        write_span(out, span);
}

static void write_string(struct text *out, const struct setting *setting,
                         const struct core_settings *settings)
{
    const char *string;
    memcpy(&string, (const char *)settings + setting->field, sizeof string);
    text_string(out, string != NULL ? string : "none");
}

static bool is_on(const struct setting *setting, const struct core_settings *settings)
{
    return *(const bool *)((const char *)settings + setting->field);
}

static void write_answer(struct text *out, const struct setting *setting,
                         const struct core_settings *settings)
{
    text_string(out, is_on(setting, settings) ? "yes" : "no");
}

static void write_switch(struct text *out, const struct setting *setting,
                         const struct core_settings *settings)
{
    text_string(out, is_on(setting, settings) ? "on" : "off");
}

/* ---- The table ---- */

#define BOUNDED(name, set, write, field, least, most)                                                        \
    {                                                                                                        \
        name, set, write, offsetof(struct core_settings, field),                                             \
            sizeof(((struct core_settings *)NULL)->field), least, most                                       \
    }
#define FIELD(name, set, write, field) BOUNDED(name, set, write, field, 0, SIZE_MAX)
#define NUMBER(name, field)            FIELD(name, set_number, write_limit, field)
#define LIMIT(name, field)             NUMBER(name, limits.field)
#define SPAN(name, field)              FIELD(name, set_span, write_time, field)
#define ANSWER(name, field)            FIELD(name, set_switch, write_answer, field)
#define SWITCH(name, field)            FIELD(name, set_switch, write_switch, field)
#define STRING(name, field)            FIELD(name, set_text, write_string, field)

static const struct setting settings[] = {
    { "host", set_host, NULL, 0, 0, 0, 0 },
    FIELD("conflict", set_conflict, write_conflict, conflict),
    FIELD("delivery", set_delivery, write_delivery, delivery),
    FIELD("mechanisms", set_mechanisms, write_mechanisms, mechanisms),
    FIELD("features", set_features, write_features, features),
    FIELD("tls", set_tls, write_tls, tls),
    BOUNDED("iterations", set_number, write_limit, iterations, 1, ITERATIONS_MOST),
    BOUNDED("salt bytes", set_number, write_limit, salt_bytes, 1, CORE_SECRET),
    ANSWER("plain without tls", plain_without_tls),
    { "anonymous", set_anonymous, NULL, 0, 0, 0, 0 },
    STRING("software", software),
    STRING("software version", software_version),
    ANSWER("tell strangers", tell_strangers),
    ANSWER("tell last presence", tell_last_presence),
    ANSWER("iq from strangers", iq_from_strangers),
    LIMIT("stanza bytes", stanza_bytes),
    LIMIT("unauthenticated bytes", unauthenticated_bytes),
    LIMIT("depth", depth),
    LIMIT("attributes", attributes),
    LIMIT("waiting bytes", waiting_bytes),
    LIMIT("output bytes", output_bytes),
    LIMIT("login tries", login_tries),
    SPAN("login time", limits.login_time),
    LIMIT("passwords", passwords),
    SPAN("password time", limits.password_time),
    LIMIT("guests", guests),
    LIMIT("resources", resources),
    LIMIT("roster items", roster_items),
    LIMIT("roster bytes", roster_bytes),
    LIMIT("requests", requests),
    LIMIT("request bytes", request_bytes),
    LIMIT("roster groups", roster_groups),
    LIMIT("roster text bytes", roster_text_bytes),
    LIMIT("account work", account_work),
    LIMIT("cached accounts", cached_accounts),
    LIMIT("cached bytes", cached_bytes),
    SPAN("cache time", limits.cache_time),
    LIMIT("directed", directed),
    LIMIT("offline messages", offline_messages),
    LIMIT("blocked", blocked),
    LIMIT("unacked", unacked),
    LIMIT("unacked bytes", unacked_bytes),
    LIMIT("held presence", held_presence),
    LIMIT("held presence bytes", held_presence_bytes),
    FIELD("keepalive", set_keepalive, write_keepalive, keepalive),
    SPAN("idle time", idle_time),
    SPAN("ping time", ping_time),
    SWITCH("stream management", stream_management),
    SPAN("resume time", resume_time),
    NUMBER("ack after", ack_after),
    NUMBER("ack after while inactive", ack_after_asleep),
    SWITCH("client state", client_state),
};
enum { SETTINGS = sizeof settings / sizeof settings[0] };

/* There are too many to list them where it can be told which was meant. */
static void complain_unknown_setting(struct parser *parser, int line, struct slice name)
{
    struct listing known = { "" };
    struct nearest nearest = { .written = name };
    for (size_t i = 0; i < SETTINGS; i++) {
        listing_add(&known, slice_of(settings[i].name));
        nearest_try(&nearest, settings[i].name);
    }
    if (nearest.name != NULL)
        complain(parser, line, "unknown setting or limit \"%s\"; did you mean \"%s\"?", excerpt(name).text,
                 nearest.name);
    else
        complain(parser, line, "unknown setting or limit \"%s\"; expected one of: %s", excerpt(name).text,
                 known.text);
}

static void parse_setting(struct parser *parser, const struct line *line, int *given)
{
    struct slice name, value;
    if (!cut_property_line(parser, line, &name, &value))
        return;
    size_t i = 0;
    while (i < SETTINGS && !slice_is(name, settings[i].name))
        i++;
    if (i == SETTINGS) {
        complain_unknown_setting(parser, line->number, name);
        return;
    }
    if (given[i] > 0 && settings[i].set != set_host && settings[i].set != set_anonymous)
        complain(parser, line->number, "\"%s\" is given in line %d already; expected it once",
                 settings[i].name, given[i]);
    given[i] = line->number;
    settings[i].set(parser, &settings[i], line->number, value);
}

static char *value_of(const struct setting *setting, const struct core_settings *of)
{
    struct text value = { 0 };
    setting->write(&value, setting, of);
    return text_take(&value);
}

void write_settings(struct text *out, const struct core_settings *written)
{
    struct core_settings usual;
    server_settings_usual(&usual);
    for (size_t i = 0; i < SETTINGS; i++) {
        if (settings[i].write == NULL)
            continue;
        char *value = value_of(&settings[i], written);
        char *usually = value_of(&settings[i], &usual);
        if (strcmp(value, usually) != 0)
            write_named(out, 1, settings[i].name, value);
        free(value);
        free(usually);
    }
}

/* ---- Back to the usual ---- */

size_t scenario_setting_count(void)
{
    return SETTINGS;
}

bool scenario_setting_is_usual(size_t index, const struct core_settings *of)
{
    const struct setting *setting = &settings[index];
    struct core_settings usual;
    server_settings_usual(&usual);
    return memcmp((const char *)of + setting->field, (const char *)&usual + setting->field, setting->size) ==
           0;
}

void scenario_setting_reset(size_t index, struct core_settings *of)
{
    const struct setting *setting = &settings[index];
    struct core_settings usual;
    server_settings_usual(&usual);
    memcpy((char *)of + setting->field, (const char *)&usual + setting->field, setting->size);
}

/* ---- The section ---- */

static void parse_settings(struct parser *parser)
{
    int given[SETTINGS] = { 0 };
    const struct line *setting;
    while ((setting = next_in_section(parser)) != NULL)
        parse_setting(parser, setting, given);
}

/* ---- Servers beside the first ---- */

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
    size_t count = 0;
    for (const struct tag *host = parser->hosts.first; host != NULL; host = host->next)
        count++;
    const char **hosts = keep(parser->scenario, (count + 1) * sizeof *hosts);
    for (const struct tag *host = parser->hosts.first; host != NULL; host = host->next) {
        if (is_taken(parser, server, host->name))
            complain(parser, server->line, "the host \"%s\" is another server's; expected it once",
                     excerpt(slice_of(host->name)).text);
        hosts[server->settings.host_count++] = host->name;
        (void)names_add(&parser->index.elsewhere, slice_of(host->name), server);
    }
    server->settings.hosts = hosts;
    if (count == 0)
        complain(parser, server->line,
                 "the server \"%s\" has no host; expected a line such as \"host: a.lit\"",
                 excerpt(slice_of(server->name)).text);
}

/* The names serve to tell several apart, so each of several has one of its own. */
static void check_name(struct parser *parser, int line, struct slice name)
{
    const char *first = parser->scenario->server_name;
    bool taken =
        first == NULL || slice_is(name, first) || names_get(&parser->index.server_names, name) != NULL;
    if (name.length == 0 || taken)
        complain(parser, line,
                 "[Server] is in line %d already; expected it once, or each with a name of its own",
                 parser->server_line);
}

/* Its settings are read where the first one's are, which are put back afterwards. */
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
    for (struct tag *host = parser->hosts.first; host != NULL; host = host->next)
        (void)names_add(&parser->index.hosts, slice_of(host->name), host);
}
