// The same login as login.c, as a C++ program would write it.
#include <core.h>
#include <inspect.h>

#include <cstdlib>
#include <cstring>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace
{

struct Host {
    std::string said;
    std::vector<core_store_request> asked;
    bool closed = false;
};

std::size_t send_bytes(void *host, void *, const char *bytes, std::size_t length)
{
    static_cast<Host *>(host)->said.append(bytes, length);
    return length;
}

void random_bytes(void *, void *bytes, std::size_t length)
{
    static unsigned char next;
    for (std::size_t i = 0; i < length; i++)
        static_cast<unsigned char *>(bytes)[i] = next++;
}

void answer_storage(Host &host, core *core)
{
    static const core_store_entry account = {
        "SCRAM-SHA-1", "4096:QSXCR+Q6sek8bf92$6dlGYMOdZcOPutkcNY8U2g7vK9Y=:D+CSWLOshSulAsxiupA+qs2/fTE="
    };
    const std::vector<core_store_request> asked = std::move(host.asked);
    host.asked.clear();
    for (const core_store_request &request : asked) {
        const bool is_load = request.op == CORE_LOAD;
        core_stored(core, request.id, is_load ? CORE_STORED : CORE_STORE_FAILED, &account,
                    is_load && request.store == CORE_STORE_ACCOUNT ? 1 : 0);
    }
}

void say(Host &host, core *core, conn *conn, const std::string &bytes)
{
    core_receive(core, conn, bytes.data(), bytes.size());
    answer_storage(host, core);
}

} // namespace

int main()
{
    const std::string header = "<stream:stream to='example.org' version='1.0' xmlns='jabber:client'"
                               " xmlns:stream='http://etherx.jabber.org/streams'>";
    const char *const hosts[] = { "example.org" };
    Host host;
    core_ports ports = {};
    ports.host = &host;
    ports.memory = { std::malloc, std::realloc, std::free };
    ports.send = send_bytes;
    ports.close = [](void *self, void *) { static_cast<Host *>(self)->closed = true; };
    ports.now = [](void *) { return UINT64_C(1700000000000000000); };
    ports.random = random_bytes;
    ports.store = [](void *self, const core_store_request *request) {
        static_cast<Host *>(self)->asked.push_back(*request);
    };
    core_settings settings = core_settings_default();
    settings.tls = CORE_TLS_NONE;
    settings.plain_without_tls = true;
    settings.hosts = hosts;
    settings.host_count = 1;

    const std::unique_ptr<core, decltype(&core_free)> core(core_new(&ports, &settings), core_free);
    if (!core)
        return 1;
    conn *const conn = core_accept(core.get(), &host);
    for (const std::string &bytes :
         { header,
           std::string(
               "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AHVzZXIAcGVuY2ls</auth>"),
           header,
           std::string("<iq type='set' id='1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                       "<resource>desk</resource></bind></iq>") })
        say(host, core.get(), conn, bytes);
    const session *const session = inspect_full_jid(core.get(), "user@example.org/desk");
    if (session == nullptr || std::strcmp(session_type_name(session_look(session).type), "c2s") != 0)
        return 2;
    say(host, core.get(), conn, "</stream:stream>");
    if (!host.closed || inspect_counts(core.get()).sessions != 0)
        return 3;
    std::cout << "logged in\n";
}
