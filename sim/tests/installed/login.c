/* A program that is built with an installed core: its host is in memory, and its client is a list of strings
 * that logs in with PLAIN, binds a resource and leaves.  It exits with 0 if the core answered as it must.
 * The account is "user" with the password "pencil", whose keys are those of the example in RFC 5802, 5. */
#include <core.h>
#include <inspect.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct host {
    char said[8192]; /* what the core sent */
    size_t length;
    struct core_store_request asked[8]; /* not answered yet */
    size_t count;
    int closed;
};

static size_t send_bytes(void *host, void *link, const char *bytes, size_t length)
{
    struct host *self = (struct host *)host;
    (void)link;
    if (length >= sizeof self->said - self->length)
        abort();
    memcpy(self->said + self->length, bytes, length);
    self->length += length;
    self->said[self->length] = '\0';
    return length;
}

static void close_link(void *host, void *link)
{
    (void)link;
    ((struct host *)host)->closed = 1;
}

static uint64_t now(void *host)
{
    (void)host;
    return UINT64_C(1700000000000000000);
}

static void random_bytes(void *host, void *bytes, size_t length)
{
    static unsigned char next;
    (void)host;
    for (size_t i = 0; i < length; i++)
        ((unsigned char *)bytes)[i] = next++;
}

static void store(void *host, const struct core_store_request *request)
{
    struct host *self = (struct host *)host;
    if (self->count == sizeof self->asked / sizeof self->asked[0])
        abort();
    self->asked[self->count++] = *request;
}

static void answer_storage(struct host *host, struct core *core)
{
    static const struct core_store_entry account[] = {
        { "SCRAM-SHA-1",
          "4096:QSXCR+Q6sek8bf92$6dlGYMOdZcOPutkcNY8U2g7vK9Y=:D+CSWLOshSulAsxiupA+qs2/fTE=" }
    };
    for (size_t i = 0; i < host->count; i++) {
        const struct core_store_request *asked = &host->asked[i];
        const bool is_load = asked->op == CORE_LOAD;
        const size_t found = is_load && asked->store == CORE_STORE_ACCOUNT ? 1 : 0;
        core_stored(core, asked->id, is_load ? CORE_STORED : CORE_STORE_FAILED, account, found);
    }
    host->count = 0;
}

static void say(struct host *host, struct core *core, struct conn *conn, const char *bytes)
{
    core_receive(core, conn, bytes, strlen(bytes));
    answer_storage(host, core);
}

static int fail(const char *what)
{
    fprintf(stderr, "%s\n", what);
    return 1;
}

int main(void)
{
    static const char header[] = "<stream:stream to='example.org' version='1.0' xmlns='jabber:client'"
                                 " xmlns:stream='http://etherx.jabber.org/streams'>";
    static const char *hosts[] = { "example.org" };
    struct host host;
    struct core_ports ports;
    memset(&host, 0, sizeof host);
    memset(&ports, 0, sizeof ports);
    ports.host = &host;
    ports.memory.alloc = malloc;
    ports.memory.realloc = realloc;
    ports.memory.free = free;
    ports.send = send_bytes;
    ports.close = close_link;
    ports.now = now;
    ports.random = random_bytes;
    ports.store = store;
    struct core_settings settings = core_settings_default();
    settings.tls = CORE_TLS_NONE;
    settings.plain_without_tls = true;
    settings.hosts = hosts;
    settings.host_count = 1;

    struct core *core = core_new(&ports, &settings);
    if (core == NULL)
        return fail("there is no core");
    struct conn *conn = core_accept(core, &host);
    say(&host, core, conn, header);
    say(&host, core, conn,
        "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AHVzZXIAcGVuY2ls</auth>");
    if (strstr(host.said, "<success") == NULL)
        return fail("the login did not succeed");
    say(&host, core, conn, header);
    say(&host, core, conn,
        "<iq type='set' id='1'><bind "
        "xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>desk</resource></bind></iq>");
    const struct session *session = inspect_full_jid(core, "user@example.org/desk");
    if (session == NULL || strcmp(session_type_name(session_look(session).type), "c2s") != 0)
        return fail("the resource is not bound");
    say(&host, core, conn, "</stream:stream>");
    if (!host.closed || strstr(host.said, "</stream:stream>") == NULL || inspect_counts(core).sessions != 0)
        return fail("the stream is not closed");
    core_free(core);
    puts("logged in");
    return 0;
}
