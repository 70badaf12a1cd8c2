/*
 * jabberd2.c - Debian's jabberd2 as a ready-made server (program.h): a router, a session manager, and the process that
 * clients connect to.
 *
 * It stores in SQLite, without waiting for the disk.  The modules are those of Debian's configuration, without those
 * that act by themselves.
 */
#include "program.h"

#include <string.h>

static const char *set(struct text *options, const char *name, const char *value)
{
    (void)options;
    (void)name;
    (void)value;
    return "jabberd2 does not have this setting";
}

static const char *refuse(const struct wanted *wanted, const char **setting)
{
    *setting = "features";
    if (!wanted->offline || !wanted->blocking || !wanted->last_activity)
        return "jabberd2 has offline messages, blocking and last activity";
    *setting = "mechanisms";
    if (wanted->mechanisms != NULL && !wanted_mechanism(wanted, "PLAIN"))
        return "jabberd2 has only PLAIN";
    *setting = "plain without tls";
    return wanted->plain_without_tls || wanted->needs_tls ? NULL : "jabberd2 offers PLAIN on every stream";
}

#define LIBRARIES "<path>@DIR@/modules</path>"
#define SQLITE                                                                                               \
    "<sqlite><dbname>@DIR@/data.db</dbname><sql>PRAGMA synchronous = OFF;</sql>"                             \
    "<busy-timeout>2000</busy-timeout><password_type><plaintext/></password_type></sqlite>"
#define LOG "<log type='stdout'/>"
#define ROUTER                                                                                               \
    "<router><ip>127.0.0.1</ip><port>@OTHER@</port><user>jabberd</user><pass>secret</pass>"                  \
    "<retry><init>20</init><lost>3</lost><sleep>1</sleep></retry></router>"

static const char router[] =
    "@FILE users.xml\n"
    "<users><user><name>jabberd</name><secret>secret</secret></user></users>\n"
    "@FILE filter.xml\n"
    "<filter/>\n"
    "@FILE router.xml\n"
    "<router><id>router</id><pidfile>@DIR@/router.pid</pidfile>" LOG
    "<local><ip>127.0.0.1</ip><port>@OTHER@</port><users>@DIR@/users.xml</users>"
    "<secret>secret</secret></local><check><interval>60</interval><keepalive>0</keepalive></check>"
    "<io><max_fds>1024</max_fds></io><aliases/>"
    "<aci><acl type='all'><user>jabberd</user></acl><filter>@DIR@/filter.xml</filter></aci></router>\n";

/* Names of modules, in the chains through which stanzas go. */
static const struct chain {
    const char *id, *modules;
} chains[] = {
    { "sess-start", "status" },
    { "sess-end", "status iq-last" },
    { "in-sess",
      "validate status privacy roster iq-vcard iq-ping iq-private disco amp offline presence deliver" },
    { "out-sess", "" },
    { "in-router", "session validate presence privacy" },
    { "out-router", "privacy" },
    { "pkt-sm", "iq-last iq-ping iq-time iq-version amp disco status presence" },
    { "pkt-user", "roster presence disco iq-vcard amp deliver offline iq-last" },
    { "pkt-router", "session disco" },
    { "user-load", "active roster privacy" },
    { "user-unload", "" },
    { "user-create", "active" },
    { "user-delete", "active offline privacy roster status iq-last iq-private iq-vcard" },
    { "disco-extend", "iq-version" },
};

static void add_chains(struct text *files)
{
    text_string(files, "<modules>" LIBRARIES);
    for (size_t i = 0; i < sizeof chains / sizeof chains[0]; i++) {
        text_string(files, "<chain id='");
        text_string(files, chains[i].id);
        text_string(files, "'>");
        for (const char *at = chains[i].modules; *at != '\0'; at += strcspn(at, " "), at += *at == ' ') {
            text_string(files, "<module>");
            text_append(files, at, strcspn(at, " "));
            text_string(files, "</module>");
        }
        text_string(files, "</chain>");
    }
    text_string(files, "</modules>\n");
}

static void add_hosts(struct text *files, const struct wanted *wanted, const char *attributes)
{
    for (size_t i = 0; i < wanted->host_count; i++) {
        text_string(files, "<id");
        text_string(files, attributes);
        text_string(files, ">");
        text_string(files, wanted->hosts[i]);
        text_string(files, "</id>");
    }
}

static void add_session_manager(struct text *files, const struct wanted *wanted)
{
    text_string(files, "@FILE sm.xml\n<sm><id>sm</id>" ROUTER LOG "<local>");
    add_hosts(files, wanted, "");
    text_string(files, "</local><storage>" LIBRARIES "<driver>sqlite</driver>" SQLITE "</storage><aci/>");
    add_chains(files);
    text_string(
        files,
        "<discovery><identity><category>server</category><type>im</type><name>jabberd2</name></identity>"
        "</discovery><user><template/></user></sm>\n");
}

static void add_client_server(struct text *files, const struct wanted *wanted)
{
    text_string(files, "@FILE c2s.xml\n<c2s><id>c2s</id>" ROUTER LOG "<local>");
    add_hosts(files, wanted,
              wanted->needs_tls ? " register-enable='mu' pemfile='@DIR@/both.pem' require-starttls='mu'"
              : wanted->has_tls ? " register-enable='mu' pemfile='@DIR@/both.pem'"
                                : " register-enable='mu'");
    text_string(
        files,
        "<ip>127.0.0.1</ip><port>@PORT@</port></local><io><max_fds>1024</max_fds><limits>"
        "<bytes>0</bytes><stanzas>0</stanzas><connects>0</connects><stanzasize>262144</stanzasize></limits>"
        "<check><interval>0</interval><idle>0</idle><keepalive>0</keepalive></check></io>"
        "<authreg>" LIBRARIES "<module>sqlite</module>"
        "<mechanisms><traditional/><sasl><plain/></sasl></mechanisms>"
        "<ssl-mechanisms><traditional/><sasl><plain/></sasl></ssl-mechanisms>" SQLITE "</authreg></c2s>\n");
}

static void configure(struct text *files, const struct wanted *wanted, const char *options)
{
    (void)options;
    text_string(files, router);
    add_session_manager(files, wanted);
    add_client_server(files, wanted);
}

/* The tables are made before the router starts, which the others wait for. */
#define AFTER_ROUTER "until [ -s router.pid ]; do sleep 0.02; done; "

static const char *const commands[][PROGRAM_WORDS] = {
    { "sh", "-c",
      "ln -s /usr/lib/*-linux-gnu/jabberd2 modules; zcat /usr/share/doc/jabberd2/db-setup.sqlite.gz | "
      "sqlite3 data.db && "
      "LD_PRELOAD=@HERE@/nodelay.so exec /usr/sbin/jabberd2-router -c router.xml",
      NULL },
    { "sh", "-c", AFTER_ROUTER "LD_PRELOAD=@HERE@/nodelay.so exec /usr/sbin/jabberd2-sm -c sm.xml", NULL },
    { "sh", "-c", AFTER_ROUTER "LD_PRELOAD=@HERE@/nodelay.so exec /usr/sbin/jabberd2-c2s -c c2s.xml", NULL },
};

const struct ready_made ready_made_jabberd2 = { .name = "jabberd2",
                                                .prefix = "",
                                                .capabilities = "shutdown\ntls\n",
                                                .lacks = "",
                                                .refuse = refuse,
                                                .set = set,
                                                .configure = configure,
                                                .commands = commands,
                                                .command_count = 3 };
