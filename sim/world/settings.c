#include "settings.h"

#include "../must.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- Words ---- */

static const struct keyword conflicts[] = {
    { "kick_old", CORE_KICK_OLD, CAPABILITY_NONE },
    { "kick_new", CORE_KICK_NEW, CAPABILITY_NONE },
    { "increment", CORE_INCREMENT, CAPABILITY_NONE },
    { "random", CORE_RANDOM, CAPABILITY_NONE },
    { NULL, 0, CAPABILITY_NONE },
};

static const struct keyword deliveries[] = {
    { "best", CORE_DELIVER_BEST, CAPABILITY_NONE },
    { "all", CORE_DELIVER_ALL, CAPABILITY_NONE },
    { NULL, 0, CAPABILITY_NONE },
};

static const struct keyword mechanisms[] = {
    { "EXTERNAL", CORE_EXTERNAL, CAPABILITY_EXTERNAL },
    { "SCRAM-SHA-256-PLUS", CORE_SCRAM_SHA_256_PLUS, CAPABILITY_BINDING_EXPORTER },
    { "SCRAM-SHA-1-PLUS", CORE_SCRAM_SHA_1_PLUS, CAPABILITY_BINDING_EXPORTER },
    { "SCRAM-SHA-256", CORE_SCRAM_SHA_256, CAPABILITY_SCRAM_SHA_256 },
    { "SCRAM-SHA-1", CORE_SCRAM_SHA_1, CAPABILITY_SCRAM_SHA_1 },
    { "PLAIN", CORE_PLAIN, CAPABILITY_PLAIN },
    { NULL, 0, CAPABILITY_NONE },
};

static const struct keyword features[] = {
    { "offline", CORE_OFFLINE, CAPABILITY_OFFLINE },
    { "carbons", CORE_CARBONS, CAPABILITY_CARBONS },
    { "blocking", CORE_BLOCKING, CAPABILITY_BLOCKING },
    { "last activity", CORE_LAST_ACTIVITY, CAPABILITY_LAST_ACTIVITY },
    { NULL, 0, CAPABILITY_NONE },
};

static const struct keyword tls_policies[] = {
    { "none", CORE_TLS_NONE, CAPABILITY_NONE },
    { "optional", CORE_TLS_OPTIONAL, CAPABILITY_TLS },
    { "required", CORE_TLS_REQUIRED, CAPABILITY_TLS },
    { NULL, 0, CAPABILITY_NONE },
};

static const struct keyword keepalives[] = {
    { "none", CORE_KEEPALIVE_NONE, CAPABILITY_NONE },
    { "whitespace", CORE_KEEPALIVE_WHITESPACE, CAPABILITY_NONE },
    { "ping", CORE_KEEPALIVE_PING, CAPABILITY_NONE },
    { NULL, 0, CAPABILITY_NONE },
};

/* A yes-or-no answer may be written as on or off in the scenario language, and vice versa. */
static const struct keyword answers[] = {
    { "yes", true, CAPABILITY_NONE },  { "no", false, CAPABILITY_NONE }, { "on", true, CAPABILITY_NONE },
    { "off", false, CAPABILITY_NONE }, { NULL, 0, CAPABILITY_NONE },
};

static const struct keyword switches[] = {
    { "on", true, CAPABILITY_NONE },  { "off", false, CAPABILITY_NONE }, { "yes", true, CAPABILITY_NONE },
    { "no", false, CAPABILITY_NONE }, { NULL, 0, CAPABILITY_NONE },
};

/* ---- The table ---- */

/* More iterations take minutes, and a client refuses them (sim/client/scram.c). */
enum { ITERATIONS_MOST = 1000000 };

#define MEMBER(member)                      offsetof(struct core_settings, member), sizeof(((struct core_settings *)NULL)->member)
#define NEEDS(name)                         CAPABILITY_##name, CAPABILITY_NONE
#define WORD(member, keywords, what, needs) SETTING_WORD, MEMBER(member), keywords, what, 0, 0, NEEDS(needs)
#define WORDS(member, keywords, what, least)                                                                 \
    SETTING_WORDS, MEMBER(member), keywords, what, least, 0, NEEDS(NONE)
#define ANSWER(member, needs) SETTING_BOOL, MEMBER(member), answers, "value", 0, 0, NEEDS(needs)
#define SWITCH(member)        SETTING_BOOL, MEMBER(member), switches, "value", 0, 0, NEEDS(NONE)
#define BOUNDED(member, least, most, needs)                                                                  \
    SETTING_NUMBER, MEMBER(member), NULL, NULL, least, most, NEEDS(needs)
#define NUMBER(member, needs) BOUNDED(member, 0, SIZE_MAX, needs)
#define SPAN(member, needs)   SETTING_SPAN, MEMBER(member), NULL, NULL, 0, 0, NEEDS(needs)
#define TEXT(member)          SETTING_TEXT, MEMBER(member), NULL, NULL, 0, 0, NEEDS(VERSION)
#define HOSTS(sort, needs)    sort, 0, 0, NULL, NULL, 0, 0, NEEDS(needs)

static const struct setting settings[] = {
    { "host", HOSTS(SETTING_HOST, NONE) },
    { "conflict", WORD(conflict, conflicts, "conflict policy", CONFLICT) },
    { "delivery", WORD(delivery, deliveries, "delivery", DELIVERY_ALL) },
    { "mechanisms", WORDS(mechanisms, mechanisms, "mechanism", 1) },
    { "features", WORDS(features, features, "feature", 0) },
    { "tls", WORD(tls, tls_policies, "policy for TLS", TLS) },
    { "iterations", SETTING_NUMBER, MEMBER(iterations), NULL, NULL, 1, ITERATIONS_MOST, CAPABILITY_NONE,
      CAPABILITY_ITERATIONS },
    { "salt bytes", BOUNDED(salt_bytes, 1, CORE_SECRET, ITERATIONS) },
    { "plain without tls", ANSWER(plain_without_tls, TLS) },
    { "anonymous", HOSTS(SETTING_ANONYMOUS_HOST, ANONYMOUS) },
    { "software", TEXT(software) },
    { "software version", TEXT(software_version) },
    { "tell strangers", ANSWER(tell_strangers, STRANGERS) },
    { "tell last presence", ANSWER(tell_last_presence, STRANGERS) },
    { "iq from strangers", ANSWER(iq_from_strangers, STRANGERS) },
    { "stanza bytes", NUMBER(limits.stanza_bytes, LIMITS_STANZA_BYTES) },
    { "unauthenticated bytes", NUMBER(limits.unauthenticated_bytes, LIMITS_UNAUTHENTICATED_BYTES) },
    { "depth", NUMBER(limits.depth, LIMITS_DEPTH) },
    { "attributes", NUMBER(limits.attributes, LIMITS_ATTRIBUTES) },
    { "waiting bytes", NUMBER(limits.waiting_bytes, LIMITS_WAITING_BYTES) },
    { "output bytes", NUMBER(limits.output_bytes, LIMITS_OUTPUT_BYTES) },
    { "login tries", NUMBER(limits.login_tries, LIMITS_LOGIN_TRIES) },
    { "login time", SPAN(limits.login_time, LIMITS_LOGIN_TIME) },
    { "passwords", NUMBER(limits.passwords, LIMITS_PASSWORDS) },
    { "password time", SPAN(limits.password_time, LIMITS_PASSWORDS) },
    { "anonymous accounts", NUMBER(limits.anonymous_accounts, LIMITS_ANONYMOUS) },
    { "resources", NUMBER(limits.resources, LIMITS_RESOURCES) },
    { "roster items", NUMBER(limits.roster_items, LIMITS_ROSTER) },
    { "roster bytes", NUMBER(limits.roster_bytes, LIMITS_ROSTER) },
    { "requests", NUMBER(limits.requests, LIMITS_REQUESTS) },
    { "request bytes", NUMBER(limits.request_bytes, LIMITS_REQUESTS) },
    { "roster groups", NUMBER(limits.roster_groups, LIMITS_ROSTER) },
    { "roster text bytes", NUMBER(limits.roster_text_bytes, LIMITS_ROSTER) },
    { "account work", NUMBER(limits.account_work, LIMITS_ACCOUNT_WORK) },
    { "cached accounts", NUMBER(limits.cached_accounts, LIMITS_CACHE) },
    { "cached bytes", NUMBER(limits.cached_bytes, LIMITS_CACHE) },
    { "cache time", SPAN(limits.cache_time, LIMITS_CACHE) },
    { "directed", NUMBER(limits.directed, LIMITS_DIRECTED) },
    { "offline messages", NUMBER(limits.offline_messages, LIMITS_OFFLINE) },
    { "blocked", NUMBER(limits.blocked, LIMITS_BLOCKED) },
    { "unacked", NUMBER(limits.unacked, LIMITS_UNACKED) },
    { "unacked bytes", NUMBER(limits.unacked_bytes, LIMITS_UNACKED) },
    { "held presence", NUMBER(limits.held_presence, LIMITS_HELD_PRESENCE) },
    { "held presence bytes", NUMBER(limits.held_presence_bytes, LIMITS_HELD_PRESENCE) },
    { "keepalive", WORD(keepalive, keepalives, "keepalive", KEEPALIVE) },
    { "idle time", SPAN(idle_time, KEEPALIVE) },
    { "ping time", SPAN(ping_time, KEEPALIVE_PING) },
    { "stream management", SWITCH(stream_management) },
    { "resume time", SPAN(resume_time, LIMITS_RESUME_TIME) },
    { "ack after", NUMBER(ack_after, LIMITS_ACKS) },
    { "ack after while inactive", NUMBER(ack_after_asleep, LIMITS_ACKS) },
    { "client state", SWITCH(client_state) },
};
enum { SETTINGS = sizeof settings / sizeof settings[0] };

const struct setting *setting_row(size_t index)
{
    return index < SETTINGS ? &settings[index] : NULL;
}

struct core_settings settings_usual(void)
{
    struct core_settings usual = core_settings_default();
    usual.tls = CORE_TLS_NONE;
    usual.iterations = 4096; /* RFC 7677, 4 */
    usual.plain_without_tls = true;
    return usual;
}

/* ---- Values ---- */

static const void *value_in(const struct core_settings *of, const struct setting *setting)
{
    return (const char *)of + setting->field;
}

/* Words and numbers of an enumeration or of bits. */
static unsigned word_in(const struct core_settings *of, const struct setting *setting)
{
    unsigned value;
    memcpy(&value, value_in(of, setting), sizeof value);
    return value;
}

static const char *text_in(const struct core_settings *of, const struct setting *setting)
{
    const char *value;
    memcpy(&value, value_in(of, setting), sizeof value);
    return value;
}

static uint64_t number_in(const struct core_settings *of, const struct setting *setting)
{
    size_t number;
    uint64_t span;
    if (setting->sort == SETTING_SPAN) {
        memcpy(&span, value_in(of, setting), sizeof span);
        return span;
    }
    memcpy(&number, value_in(of, setting), sizeof number);
    return number;
}

static bool is_usual(const struct core_settings *of, const struct core_settings *usual,
                     const struct setting *setting)
{
    switch (setting->sort) {
    case SETTING_HOST:
        return true;
    case SETTING_ANONYMOUS_HOST:
        return of->anonymous_host_count == 0;
    case SETTING_TEXT: {
        const char *one = text_in(of, setting);
        const char *other = text_in(usual, setting);
        return one == NULL || other == NULL ? one == other : strcmp(one, other) == 0;
    }
    default:
        return memcmp(value_in(of, setting), value_in(usual, setting), setting->size) == 0;
    }
}

static void need_words(const struct setting *setting, unsigned bits, struct capabilities *needs)
{
    for (const struct keyword *keyword = setting->keywords; keyword->word != NULL; keyword++)
        if ((bits & keyword->value) != 0)
            capabilities_add(needs, keyword->needs);
}

void settings_need(const struct core_settings *of, struct capabilities *needs)
{
    const struct core_settings usual = settings_usual();
    for (size_t i = 0; i < SETTINGS; i++) {
        if (is_usual(of, &usual, &settings[i]))
            continue;
        capabilities_add(needs, settings[i].needs);
        if (settings[i].sort == SETTING_WORDS)
            need_words(&settings[i], word_in(of, &settings[i]), needs);
    }
}

/* ---- Writing ---- */

static void write_words(struct text *out, const struct setting *setting, unsigned bits)
{
    const char *between = "";
    for (const struct keyword *keyword = setting->keywords; keyword->word != NULL; keyword++) {
        if ((bits & keyword->value) == 0)
            continue;
        text_string(out, between);
        text_string(out, keyword->word);
        between = ",";
    }
}

static void write_word(struct text *out, const struct setting *setting, unsigned value)
{
    const struct keyword *keyword = setting->keywords;
    while (keyword->value != value)
        keyword++;
    text_string(out, keyword->word);
}

static void write_value(struct text *out, const struct setting *setting, const struct core_settings *of)
{
    switch (setting->sort) {
    case SETTING_WORD:
        write_word(out, setting, word_in(of, setting));
        break;
    case SETTING_WORDS:
        write_words(out, setting, word_in(of, setting));
        break;
    case SETTING_BOOL:
        text_string(out, *(const bool *)value_in(of, setting) ? "yes" : "no");
        break;
    case SETTING_TEXT:
        text_string(out, text_in(of, setting) != NULL ? text_in(of, setting) : "");
        break;
    default:
        text_number(out, number_in(of, setting));
        break;
    }
}

static void write_hosts(struct text *out, const char *name, const char *const *hosts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text_string(out, name);
        text_string(out, "\t");
        text_string(out, hosts[i]);
        text_string(out, "\n");
    }
}

void settings_write(struct text *out, const struct core_settings *of, struct capabilities has)
{
    const struct core_settings usual = settings_usual();
    write_hosts(out, "host", of->hosts, of->host_count);
    write_hosts(out, "anonymous", of->anonymous_hosts, of->anonymous_host_count);
    for (size_t i = 0; i < SETTINGS; i++) {
        if (settings[i].size == 0 || is_usual(of, &usual, &settings[i]) ||
            !capabilities_have(has, settings[i].told_with))
            continue;
        text_string(out, settings[i].name);
        text_string(out, "\t");
        write_value(out, &settings[i], of);
        text_string(out, "\n");
    }
}

/* ---- Reading ---- */

static const struct setting *setting_named(const char *name)
{
    size_t i = 0;
    while (i < SETTINGS && strcmp(settings[i].name, name) != 0)
        i++;
    return setting_row(i);
}

static bool read_word(const struct setting *setting, const char *word, size_t length, unsigned *value)
{
    for (const struct keyword *keyword = setting->keywords; keyword->word != NULL; keyword++) {
        if (strlen(keyword->word) == length && memcmp(keyword->word, word, length) == 0) {
            *value = keyword->value;
            return true;
        }
    }
    return false;
}

static bool read_words(const struct setting *setting, const char *words, unsigned *bits)
{
    *bits = 0;
    while (*words != '\0') {
        const size_t length = strcspn(words, ",");
        unsigned bit;
        if (!read_word(setting, words, length, &bit))
            return false;
        *bits |= bit;
        words += length + (words[length] == ',');
    }
    return true;
}

static bool read_number(const struct setting *setting, const char *value, void *field)
{
    uint64_t number;
    if (setting->sort == SETTING_SPAN) {
        if (!text_read_number(value, UINT64_MAX, &number))
            return false;
        memcpy(field, &number, sizeof number);
        return true;
    }
    if (!text_read_number(value, SIZE_MAX, &number) || number < setting->least || number > setting->most)
        return false;
    const size_t size = (size_t)number;
    memcpy(field, &size, sizeof size);
    return true;
}

static bool read_value(struct settings_read *read, const struct setting *setting, const char *value)
{
    void *field = (char *)&read->settings + setting->field;
    unsigned word = 0;
    switch (setting->sort) {
    case SETTING_HOST:
        read->hosts[read->settings.host_count++] = value;
        return *value != '\0';
    case SETTING_ANONYMOUS_HOST:
        read->anonymous_hosts[read->settings.anonymous_host_count++] = value;
        return *value != '\0';
    case SETTING_TEXT:
        memcpy(field, *value != '\0' ? &value : &(const char *){ NULL }, sizeof value);
        return true;
    case SETTING_WORD:
    case SETTING_BOOL:
        if (!read_word(setting, value, strlen(value), &word))
            return false;
        break;
    case SETTING_WORDS:
        if (!read_words(setting, value, &word))
            return false;
        break;
    default:
        return read_number(setting, value, field);
    }
    if (setting->sort == SETTING_BOOL)
        *(bool *)field = word != 0;
    else
        memcpy(field, &word, sizeof word);
    return true;
}

static size_t count_lines(const char *text)
{
    size_t count = 0;
    for (; (text = strchr(text, '\n')) != NULL; text++)
        count++;
    return count;
}

/* Reads a line, which is cut at its tab. */
static bool read_line(struct settings_read *read, char *line, char wrong[64])
{
    char *tab = strchr(line, '\t');
    if (tab != NULL)
        *tab = '\0';
    (void)snprintf(wrong, 64, "%s", line);
    const struct setting *setting = setting_named(line);
    return tab != NULL && setting != NULL && read_value(read, setting, tab + 1);
}

bool settings_parse(struct settings_read *read, const char *lines, char wrong[64])
{
    const size_t count = count_lines(lines);
    *read = (struct settings_read){ .settings = settings_usual(),
                                    .hosts = must(calloc(count + 1, sizeof(char *))),
                                    .anonymous_hosts = must(calloc(count + 1, sizeof(char *))),
                                    .text = must(strdup(lines)) };
    wrong[0] = '\0';
    bool good = true;
    for (char *at = read->text; good && *at != '\0';) {
        char *end = strchr(at, '\n');
        good = end != NULL;
        if (good) {
            *end = '\0';
            good = read_line(read, at, wrong);
            at = end + 1;
        }
    }
    read->settings.hosts = read->hosts;
    read->settings.anonymous_hosts = read->anonymous_hosts;
    if (!good)
        settings_free(read);
    return good;
}

void settings_free(struct settings_read *read)
{
    free(read->hosts);
    free(read->anonymous_hosts);
    free(read->text);
    *read = (struct settings_read){ 0 };
}
