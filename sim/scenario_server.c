#include "scenario_parser.h"

#include <stddef.h>
#include <string.h>

/* What an indented line of [Server] may set. */
struct setting {
    const char *name;
    void (*set)(struct parser *parser, const struct setting *setting, int line, struct slice value);
    size_t field; /* set_number, set_span, set_switch: where it is in struct core_settings */
};

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
    { "SCRAM-SHA-256", CORE_SCRAM_SHA_256 },
    { "SCRAM-SHA-1", CORE_SCRAM_SHA_1 },
    { "PLAIN", CORE_PLAIN },
    { NULL, 0 },
};

static const struct keyword features[] = {
    { "offline", CORE_OFFLINE },
    { "carbons", CORE_CARBONS },
    { "blocking", CORE_BLOCKING },
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

/* False after a complaint. */
static bool parse_keyword(struct parser *parser, int line, const char *what, const struct keyword *keywords,
                          struct slice text, unsigned *value)
{
    struct listing known = { "" };
    for (const struct keyword *keyword = keywords; keyword->word != NULL; keyword++) {
        if (slice_is(text, keyword->word)) {
            *value = keyword->value;
            return true;
        }
        listing_add(&known, slice_of(keyword->word));
    }
    complain(parser, line, "unknown %s \"%s\"; expected one of: %s", what, excerpt(text).text, known.text);
    return false;
}

static void set_host(struct parser *parser, const struct setting *setting, int line, struct slice value)
{
    (void)setting;
    struct jid_parts parts;
    if (!parse_jid(parser, line, value, &parts))
        return;
    if (parts.local != NULL || parts.resource != NULL) {
        complain(parser, line, "\"%s\" is no host; expected a name such as localhost", excerpt(value).text);
        return;
    }
    struct tag **end = &parser->hosts;
    while (*end != NULL)
        end = &(*end)->next;
    *end = keep(parser->scenario, sizeof **end);
    (*end)->name = parts.domain;
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

#define SETTING(name, set, field)                                                                            \
    {                                                                                                        \
        name, set, offsetof(struct core_settings, field)                                                     \
    }
#define LIMIT(name, field) SETTING(name, set_number, limits.field)

static const struct setting settings[] = {
    { "host", set_host, 0 },
    { "conflict", set_conflict, 0 },
    { "delivery", set_delivery, 0 },
    { "mechanisms", set_mechanisms, 0 },
    { "features", set_features, 0 },
    SETTING("tell last presence", set_switch, tell_last_presence),
    LIMIT("stanza bytes", stanza_bytes),
    LIMIT("depth", depth),
    LIMIT("attributes", attributes),
    LIMIT("waiting bytes", waiting_bytes),
    LIMIT("output bytes", output_bytes),
    LIMIT("login tries", login_tries),
    SETTING("login time", set_span, limits.login_time),
    LIMIT("resources", resources),
    LIMIT("roster items", roster_items),
    LIMIT("roster groups", roster_groups),
    LIMIT("roster text bytes", roster_text_bytes),
    LIMIT("directed", directed),
    LIMIT("offline messages", offline_messages),
    LIMIT("blocked", blocked),
    LIMIT("unacked", unacked),
    LIMIT("unacked bytes", unacked_bytes),
    LIMIT("held presence", held_presence),
    { "keepalive", set_keepalive, 0 },
    SETTING("idle time", set_span, idle_time),
    SETTING("ping time", set_span, ping_time),
    SETTING("stream management", set_switch, stream_management),
    SETTING("resume time", set_span, resume_time),
    SETTING("ack after", set_number, ack_after),
    SETTING("ack after while inactive", set_number, ack_after_asleep),
    SETTING("client state", set_switch, client_state),
};
enum { SETTINGS = sizeof settings / sizeof settings[0] };

static void parse_setting(struct parser *parser, const struct line *line, int *given)
{
    struct slice name, value;
    if (!cut_property_line(parser, line, &name, &value))
        return;
    struct listing known = { "" };
    for (size_t i = 0; i < SETTINGS; i++) {
        listing_add(&known, slice_of(settings[i].name));
        if (!slice_is(name, settings[i].name))
            continue;
        if (given[i] > 0 && settings[i].set != set_host)
            complain(parser, line->number, "\"%s\" is given in line %d already; expected it once",
                     settings[i].name, given[i]);
        given[i] = line->number;
        settings[i].set(parser, &settings[i], line->number, value);
        return;
    }
    complain(parser, line->number, "unknown setting or limit \"%s\"; expected one of: %s", excerpt(name).text,
             known.text);
}

void parse_server(struct parser *parser, const struct line *line, struct slice name)
{
    int given[SETTINGS] = { 0 };
    if (name.length > 0)
        complain(parser, line->number, "the server has no name here; expected \"[Server]\", not \"%s\"",
                 excerpt(name).text);
    if (parser->server_line > 0)
        complain(parser, line->number, "[Server] is in line %d already; expected it once",
                 parser->server_line);
    parser->server_line = line->number;
    const struct line *setting;
    while ((setting = next_in_section(parser)) != NULL)
        parse_setting(parser, setting, given);
}
