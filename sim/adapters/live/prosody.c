/*
 * prosody.c - Debian's Prosody as a ready-made server (program.h).
 *
 * Accounts have plain passwords, so that one serves all mechanisms without thousands of iterations.
 */
#include "program.h"

#include <stdio.h>
#include <string.h>

static void add_number(struct text *options, const char *name, uint64_t number)
{
    text_string(options, name);
    text_string(options, " = ");
    text_number(options, number);
    text_string(options, ";\n");
}

/* What it has beside the common settings: numbers, and spans in whole seconds. */
static const char *set_number(struct text *options, const char *name, const char *value)
{
    static const struct {
        const char *setting, *option;
        uint64_t unit, least;
    } rows[] = {
        { "stanza bytes", "c2s_stanza_size_limit", 1, 10000 },
        { "unauthenticated bytes", "c2s_unauthed_stanza_size_limit", 1, 1000 },
        { "offline messages", "storage_archive_item_limit", 1, 1 },
        { "ack after", "smacks_max_unacked_stanzas", 1, 0 },
        { "ack after while inactive", "smacks_max_inactive_unacked_stanzas", 1, 0 },
        { "resume time", "smacks_hibernation_time", 1000000000, 1 },
    };
    uint64_t number;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].setting, name) != 0)
            continue;
        if (!text_read_number(value, UINT64_MAX, &number) || number % rows[i].unit != 0 ||
            number / rows[i].unit < rows[i].least)
            return "Prosody cannot have so little, or no fractions of seconds";
        add_number(options, rows[i].option, number / rows[i].unit);
        return NULL;
    }
    return "Prosody does not have this setting";
}

static const char *set(struct text *options, const char *name, const char *value)
{
    if (strcmp(name, "conflict") != 0)
        return set_number(options, name, value);
    text_string(options, "conflict_resolve = \"");
    text_string(options, value);
    text_string(options, "\";\n");
    return NULL;
}

/* Prosody 0.12 keeps the roster of an account that was removed in its cache, and gives it to the next account of that
 * name.  A module of ours clears it, so that no scenario meets what an earlier one has left. */
static const char forgetting[] = "@FILE mod_rehearsal_forget.lua\n"
                                 "module:hook_global(\"user-deleted\", function (event)\n"
                                 "\tlocal cache = prosody.hosts[event.host].roster_cache;\n"
                                 "\tif cache then cache:set(event.username..\"@\"..event.host, nil); end\n"
                                 "end);\n";

static const char basis[] =
    "@FILE prosody.cfg.lua\n"
    "run_as_root = true; data_path = \"@DIR@\"; storage = \"internal\"; authentication = "
    "\"internal_plain\";\n"
    "log = { { levels = { min = \"warn\" }, to = \"console\" } };\n"
    "interfaces = { \"127.0.0.1\" }; c2s_ports = { @PORT@ }; c2s_direct_tls_ports = {}; s2s_ports = {};\n"
    "network_backend = \"epoll\"; hide_os_type = true; smacks_enabled_s2s = false;\n"
    "plugin_paths = { \"@DIR@\" };\n"
    "allow_registration = true; certificates = \"@DIR@\";\n";

/* Modules for what a scenario has, and those that are always there. */
static void add_modules(struct text *files, const struct wanted *wanted)
{
    const struct {
        bool wanted;
        const char *names;
    } rows[] = { { wanted->carbons, ", \"carbons\"" },
                 { wanted->blocking, ", \"blocklist\"" },
                 { wanted->last_activity, ", \"lastactivity\"" },
                 { wanted->sm, ", \"smacks\"" },
                 { wanted->csi, ", \"csi\", \"csi_simple\"" },
                 { wanted->has_tls, ", \"tls\"" } };
    text_string(files, "modules_disabled = { \"posix\", \"s2s\", \"s2s_auth_certs\"");
    if (!wanted->offline)
        text_string(files, ", \"offline\"");
    text_string(files, " };\nmodules_enabled = { \"roster\", \"saslauth\", \"disco\", \"ping\", \"time\", "
                       "\"version\", \"uptime\", \"register\", \"rehearsal_forget\"");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].wanted)
            text_string(files, rows[i].names);
    text_string(files, " };\n");
}

/* Mechanisms that no scenario knows are never offered. */
static void add_mechanisms(struct text *files, const struct wanted *wanted)
{
    static const char *const known[] = { "EXTERNAL",      "SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS",
                                         "SCRAM-SHA-256", "SCRAM-SHA-1",        "PLAIN" };
    text_string(files, "disable_sasl_mechanisms = { \"DIGEST-MD5\", \"OAUTHBEARER\"");
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (wanted_mechanism(wanted, known[i]))
            continue;
        text_string(files, ", \"");
        text_string(files, known[i]);
        text_string(files, "\"");
    }
    text_string(files, " };\n");
}

static void configure(struct text *files, const struct wanted *wanted, const char *options)
{
    text_string(files, forgetting);
    text_string(files, basis);
    text_string(files, options);
    add_modules(files, wanted);
    add_mechanisms(files, wanted);
    text_string(files,
                wanted->needs_tls ? "c2s_require_encryption = true;\n" : "c2s_require_encryption = false;\n");
    text_string(files, wanted->plain_without_tls ? "allow_unencrypted_plain_auth = true;\n"
                                                 : "allow_unencrypted_plain_auth = false;\n");
    if (wanted->has_tls)
        text_string(files, "ssl = { key = \"@DIR@/key.pem\", certificate = \"@DIR@/certificate.pem\" };\n");
    for (size_t i = 0; i < wanted->host_count; i++) {
        text_string(files, "VirtualHost \"");
        text_string(files, wanted->hosts[i]);
        text_string(files, "\"\n");
    }
    for (size_t i = 0; i < wanted->anonymous_count; i++) {
        text_string(files, "VirtualHost \"");
        text_string(files, wanted->anonymous[i]);
        text_string(files, "\"\n authentication = \"anonymous\"; disable_sasl_mechanisms = {}; "
                           "allow_registration = false;\n");
    }
}

static const char *const commands[][PROGRAM_WORDS] = {
    { "prosody", "-F", "--config", "@DIR@/prosody.cfg.lua", NULL },
};

const struct ready_made ready_made_prosody = { .name = "prosody",
                                               .prefix = "live-",
                                               .capabilities =
                                                   "shutdown\ntls\nanonymous\nrosterver:numeric\nconflict\n"
                                                   "limits:acks\nlimits:resume-time\n"
                                                   "limits:stanza-bytes\n"
                                                   "limits:unauthenticated-bytes\n"
                                                   "limits:offline-messages\n",
                                               .lacks = "",
                                               .set = set,
                                               .configure = configure,
                                               .commands = commands,
                                               .command_count = 1 };
