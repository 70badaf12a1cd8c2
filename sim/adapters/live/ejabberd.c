/*
 * ejabberd.c - Debian's ejabberd as a ready-made server (program.h).
 *
 * Erlang runs without a name, so that no daemon for names is started; and its schedulers do not spin when they have
 * nothing to do (+sbwt), so that one sees when it rests.
 */
#include "program.h"

#include <stdio.h>
#include <string.h>

static void add_option(struct text *options, const char *name, const char *value)
{
    text_string(options, name);
    text_string(options, ": ");
    text_string(options, value);
    text_string(options, "\n");
}

static const char *set_conflict(struct text *options, const char *value)
{
    static const char *const rows[][2] = { { "kick_old", "closeold" },
                                           { "kick_new", "closenew" },
                                           { "random", "setresource" } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i][0], value) == 0) {
            add_option(options, "resource_conflict", rows[i][1]);
            return NULL;
        }
    }
    return "ejabberd does not count resources up";
}

static const char *refuse(const struct wanted *wanted, const char **setting)
{
    *setting = "plain without tls";
    return wanted->plain_without_tls || wanted->needs_tls ? NULL : "ejabberd offers PLAIN on every stream";
}

/* Options of the listener and of modules are known by a mark, and sorted out in `configure`. */
static const char *set(struct text *options, const char *name, const char *value)
{
    uint64_t number;
    if (strcmp(name, "conflict") == 0)
        return set_conflict(options, value);
    if (strcmp(name, "offline messages") == 0) {
        add_option(options, "shaper_rules", "");
        add_option(options, "  max_user_offline_messages", value);
        return NULL;
    }
    if (!text_read_number(value, UINT64_MAX, &number))
        return "ejabberd does not have this setting";
    if (strcmp(name, "stanza bytes") == 0) {
        text_string(options, "# max_stanza_size: ");
        text_number(options, number);
    } else if (strcmp(name, "resume time") == 0 && number % 1000000000 == 0) {
        text_string(options, "# resume_timeout: ");
        text_number(options, number / 1000000000);
    } else {
        return "ejabberd does not have this setting, or not with this value";
    }
    text_string(options, "\n");
    return NULL;
}

/* An option that `set` has marked, or its usual value, on a line of its own after some blanks. */
static void add_marked(struct text *files, const char *options, const char *blanks, const char *name,
                       const char *usual)
{
    char mark[64];
    (void)snprintf(mark, sizeof mark, "# %s: ", name);
    const char *found = strstr(options, mark);
    const char *value = found != NULL ? found + strlen(mark) : usual;
    text_string(files, blanks);
    text_string(files, name);
    text_string(files, ": ");
    text_append(files, value, strcspn(value, "\n"));
    text_string(files, "\n");
}

static const char basis[] = "loglevel: warning\n"
                            "certfiles:\n  - \"@DIR@/both.pem\"\n"
                            "auth_password_format: plain\n"
                            "registration_timeout: infinity\n"
                            "s2s_access: none\n"
                            "access_rules:\n  everybody:\n    allow: all\n"
                            "acl: {}\n";

/* The one certificate has no names that are not ASCII, and is signed by itself: of both it warns. */
static void add_listener(struct text *files, const struct wanted *wanted, const char *options)
{
    text_string(files, "listen:\n  -\n    port: @PORT@\n    ip: \"127.0.0.1\"\n    module: ejabberd_c2s\n");
    add_marked(files, options, "    ", "max_stanza_size", "262144");
    if (wanted->has_tls)
        text_string(files, "    starttls: true\n");
    if (wanted->needs_tls)
        text_string(files, "    starttls_required: true\n");
}

static void add_modules(struct text *files, const struct wanted *wanted, const char *options)
{
    const struct {
        bool wanted;
        const char *lines;
    } rows[] = { { wanted->offline,
                   "  mod_offline:\n    access_max_user_messages: max_user_offline_messages\n" },
                 { wanted->carbons, "  mod_carboncopy: {}\n" },
                 { wanted->blocking, "  mod_privacy: {}\n  mod_blocking: {}\n" },
                 { wanted->last_activity, "  mod_last: {}\n" },
                 { wanted->csi, "  mod_client_state: {}\n" } };
    text_string(
        files,
        "modules:\n  mod_disco: {}\n  mod_ping: {}\n  mod_time: {}\n  mod_version:\n    show_os: false\n"
        "  mod_roster:\n    versioning: true\n    store_current_id: true\n"
        "  mod_register:\n    access: everybody\n    ip_access: everybody\n    access_remove: everybody\n");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].wanted)
            text_string(files, rows[i].lines);
    if (!wanted->sm)
        return;
    text_string(files, "  mod_stream_mgmt:\n    resend_on_timeout: true\n");
    add_marked(files, options, "    ", "resume_timeout", "300");
}

/* Mechanisms that no scenario knows are never offered. */
static void add_mechanisms(struct text *files, const struct wanted *wanted)
{
    static const char *const known[] = { "EXTERNAL",      "SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS",
                                         "SCRAM-SHA-256", "SCRAM-SHA-1",        "PLAIN" };
    text_string(files,
                "disable_sasl_mechanisms:\n  - \"DIGEST-MD5\"\n  - \"X-OAUTH2\"\n  - \"SCRAM-SHA-512\"\n"
                "  - \"SCRAM-SHA-512-PLUS\"\n");
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (wanted_mechanism(wanted, known[i]))
            continue;
        text_string(files, "  - \"");
        text_string(files, known[i]);
        text_string(files, "\"\n");
    }
}

static void add_host(struct text *files, const char *host)
{
    text_string(files, "  - \"");
    text_string(files, host);
    text_string(files, "\"\n");
}

static void add_hosts(struct text *files, const struct wanted *wanted)
{
    text_string(files, "hosts:\n");
    for (size_t i = 0; i < wanted->host_count; i++)
        add_host(files, wanted->hosts[i]);
    for (size_t i = 0; i < wanted->anonymous_count; i++)
        add_host(files, wanted->anonymous[i]);
    if (wanted->anonymous_count > 0)
        text_string(files, "host_config:\n");
    for (size_t i = 0; i < wanted->anonymous_count; i++) {
        text_string(files, "  \"");
        text_string(files, wanted->anonymous[i]);
        text_string(files, "\":\n    auth_method: [anonymous]\n    anonymous_protocol: sasl_anon\n");
    }
}

static void configure(struct text *files, const struct wanted *wanted, const char *options)
{
    text_string(files, "@FILE ejabberd.yml\n");
    add_hosts(files, wanted);
    text_string(files, basis);
    text_string(files, options);
    if (strstr(options, "resource_conflict") == NULL)
        text_string(files, "resource_conflict: closeold\n");
    if (strstr(options, "shaper_rules") == NULL)
        text_string(files, "shaper_rules:\n  max_user_offline_messages: 5000\n");
    add_mechanisms(files, wanted);
    add_listener(files, wanted, options);
    add_modules(files, wanted, options);
}

static const char *const commands[][PROGRAM_WORDS] = {
    { "sh",
      "-c",
      "ERL_LIBS=$(echo /usr/lib/*-linux-gnu) EJABBERD_CONFIG_PATH=@DIR@/ejabberd.yml "
      "EJABBERD_LOG_PATH=@DIR@/ejabberd.log ERL_CRASH_DUMP=/dev/null exec erl \"$@\"",
      "erl",
      "-noinput",
      "+sbwt",
      "none",
      "+sbwtdcpu",
      "none",
      "+sbwtdio",
      "none",
      "+S",
      "1:1",
      "+SDcpu",
      "1:1",
      "+SDio",
      "1",
      "+A",
      "1",
      "-mnesia",
      "dir",
      "\"@DIR@/data\"",
      "-s",
      "ejabberd",
      NULL },
};

const struct ready_made ready_made_ejabberd = { .name = "ejabberd",
                                                .prefix = "",
                                                .capabilities =
                                                    "shutdown\ntls\nanonymous\nconflict\noffline\n"
                                                    "limits:resume-time\nlimits:stanza-bytes\n"
                                                    "limits:offline-messages\n",
                                                .lacks = "",
                                                .refuse = refuse,
                                                .set = set,
                                                .configure = configure,
                                                .commands = commands,
                                                .command_count = 1 };
