#include "record.h"

#include "../must.h"
#include "../record/proxy.h"
#include "../record/record.h"
#include "../tool/interrupt.h"
#include "../tool/machine.h"
#include "../tool/output.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct settings {
    struct proxy_options proxy;
    struct record_options record;
    struct record_secret *secrets;
    const char *output; /* NULL for standard output */
};

/* ---- Options ---- */

static const char *take_listen(void *settings, const char *value)
{
    return proxy_read_address(value, true, &((struct settings *)settings)->proxy.listen);
}

static const char *take_to(void *settings, const char *value)
{
    struct proxy_options *proxy = &((struct settings *)settings)->proxy;
    proxy->name_of_to = value;
    return proxy_read_address(value, false, &proxy->to);
}

static const char *take_output(void *settings, const char *value)
{
    ((struct settings *)settings)->output = value;
    return *value != '\0' ? NULL : "a file";
}

static const char *take_time(void *settings, const char *value)
{
    return options_span(value, &((struct settings *)settings)->proxy.time) ? NULL : OPTIONS_SPAN;
}

static const char *take_pause(void *settings, const char *value)
{
    return options_span(value, &((struct settings *)settings)->record.pause) ? NULL : OPTIONS_SPAN;
}

static const char *take_connections(void *settings, const char *value)
{
    uint64_t *connections = &((struct settings *)settings)->proxy.connections;
    const bool good = text_read_number(value, UINT32_MAX, connections) && *connections > 0;
    return good ? NULL : "a number of connections, at least 1";
}

/* "JID=SECRET"; the JID has no '='. */
static const char *take_password(void *settings, const char *value)
{
    struct settings *all = settings;
    struct record_options *record = &all->record;
    const char *equals = strchr(value, '=');
    const char *at = strchr(value, '@');
    if (equals == NULL || at == NULL || at == value || at + 1 >= equals || equals[1] == '\0')
        return "JID=SECRET, with the bare JID of the account";
    char *jid = must(strdup(value));
    jid[equals - value] = '\0';
    all->secrets = must(realloc(all->secrets, (record->secret_count + 1) * sizeof *all->secrets));
    all->secrets[record->secret_count++] = (struct record_secret){ jid, equals + 1 };
    record->secrets = all->secrets;
    return NULL;
}

static void forget_secrets(struct settings *settings)
{
    for (size_t i = 0; i < settings->record.secret_count; i++)
        free((void *)settings->secrets[i].jid);
    free(settings->secrets);
}

static const struct option record_options[] = {
    { "listen", "ADDRESS", "the address for the clients (127.0.0.1:5222); with port 0, any that is free",
      take_listen },
    { "to", "ADDRESS", "the address of the server (127.0.0.1:15222)", take_to },
    { "output", "FILE", "write the scenario there instead of to standard output", take_output },
    { "password", "JID=SECRET", "the password of an account, where it is not sent in clear; may be repeated",
      take_password },
    { "connections", "N", "end when N connections of clients are over", take_connections },
    { "time", "SPAN", "end after this time", take_time },
    { "pause", "SPAN", "the shortest silence that becomes a step, such as `3 seconds pass` (2s)",
      take_pause },
};

/* ---- The verb ---- */

static void tell(void *host, size_t connection, const char *sentence)
{
    (void)host;
    fprintf(stderr, "rehearse record: connection %zu: %s\n", connection + 1, sentence);
}

/* Returns the exit status.  An earlier file stays as it is when there is nothing to write. */
static int write_scenario(struct record *record, struct output *output)
{
    char *text = record_write(record);
    if (text == NULL) {
        fputs("rehearse record: no client was connected to the server; nothing is written\n", stderr);
        output_abandon(output);
        return STATUS_FAILED;
    }
    fputs(text, output != NULL ? output_file(output) : stdout);
    free(text);
    const bool written = output != NULL ? output_commit(output) : machine_close(stdout, "standard output");
    return written ? STATUS_HELD : STATUS_WRONG;
}

static int act(struct settings *settings)
{
    struct output *output = settings->output != NULL ? output_open(settings->output) : NULL;
    if (settings->output != NULL && output == NULL)
        return STATUS_WRONG;
    struct proxy *proxy = proxy_new(&settings->proxy);
    if (proxy == NULL) {
        output_abandon(output);
        return STATUS_WRONG;
    }
    struct record *record = record_new(&settings->record);
    interrupt_watch();
    proxy_run(proxy, record);
    proxy_free(proxy);
    const int status = write_scenario(record, output);
    record_free(record);
    return status == STATUS_HELD ? interrupt_status(status) : status;
}

static int record_act(const char *program, int count, char **arguments)
{
    const uint64_t pause = 2000000000;
    struct settings settings = { .proxy = { .messages = stderr, .name_of_to = "127.0.0.1:15222" },
                                 .record = { .pause = pause, .tell = tell } };
    size_t operand_count = 0;
    (void)program;
    const char **operands = must(calloc((size_t)count + 1, sizeof *operands));
    (void)proxy_read_address("127.0.0.1:5222", true, &settings.proxy.listen);
    (void)proxy_read_address("127.0.0.1:15222", false, &settings.proxy.to);
    bool good = options_parse(&record_verb, &settings, count, arguments, operands, &operand_count, stderr);
    if (good && operand_count > 0) {
        fprintf(stderr, "rehearse record: expected only options; see `rehearse help record`\n");
        good = false;
    }
    const int status = good ? act(&settings) : STATUS_WRONG;
    forget_secrets(&settings);
    free(operands);
    return status;
}

const struct verb record_verb = {
    .name = "record",
    .arguments = "[OPTION...]",
    .summary =
        "Passes on what real clients and a real server say to each other, and writes it as a scenario.",
    .about =
        "Clients connect to the address of --listen, and are passed on to the server at --to.  It ends at\n"
        "Ctrl-C, after --time, or when --connections are over, and then writes the scenario.  Both "
        "addresses\n"
        "must be of this machine: 127.0.0.1, [::1] or localhost.\n"
        "\n"
        "What is encrypted cannot be read.  So STARTTLS is hidden from the clients, and so are the SASL\n"
        "mechanisms that bind to TLS, those in -PLUS.  All other bytes pass as they are.  The client must "
        "be\n"
        "allowed to log in without TLS, and so must the server.\n"
        "\n"
        "A login becomes `Romeo connects`, what a client sends `Romeo sends:`, what it gets `Romeo "
        "receives:`.\n"
        "The accounts, the passwords and the first roster of each account are in the head of the file.  "
        "SCRAM\n"
        "does not reveal the password: give it with --password, or `rehearse lint` names the line where it "
        "is\n"
        "missing.  What servers make up, such as times and versions, is {scansion:any}.\n",
    .options = record_options,
    .option_count = sizeof record_options / sizeof *record_options,
    .act = record_act,
};
