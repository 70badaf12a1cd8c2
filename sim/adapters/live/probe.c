#include "probe.h"

#include "session.h"

#include <stdio.h>
#include <string.h>

#define NS_REGISTER "jabber:iq:register"
#define NS_DISCO    "http://jabber.org/protocol/disco#info"
#define NS_VERSION  "jabber:iq:version"
#define PROBE_USER  "rehearsal-probe"
#define PROBE_WORD  "rehearsal"

static void add(struct probe *probe, const char *capability)
{
    text_string(&probe->capabilities, capability);
    text_string(&probe->capabilities, "\n");
}

struct shown {
    const char *name, *ns, *capability;
};

static void find_features(struct probe *probe, const struct session *session, const struct shown *rows)
{
    for (; rows->name != NULL; rows++)
        if (xml_child(session_features(session), rows->name, rows->ns) != NULL)
            add(probe, rows->capability);
}

static void look_at_mechanisms(struct probe *probe, const struct session *session)
{
    static const char *const rows[][2] = { { "PLAIN", "plain" },
                                           { "SCRAM-SHA-1", "scram-sha-1" },
                                           { "SCRAM-SHA-256", "scram-sha-256" } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (session_offers(session, rows[i][0]))
            add(probe, rows[i][1]);
}

/* ---- After the login ---- */

static void look_at_disco(struct probe *probe, struct session *session)
{
    static const char *const rows[][2] = { { "msgoffline", "offline" },
                                           { "urn:xmpp:carbons:2", "carbons" },
                                           { "urn:xmpp:blocking", "blocking" },
                                           { "jabber:iq:last", "last-activity" } };
    struct xml *answer = session_ask(session, "get", NULL, "<query xmlns='" NS_DISCO "'/>");
    const struct xml *query = answer != NULL ? xml_child(answer, "query", NS_DISCO) : NULL;
    const struct xml *feature = query != NULL ? xml_first_element(query) : NULL;
    for (; feature != NULL; feature = xml_next_element(feature)) {
        const char *var = xml_get(feature, "var");
        for (size_t i = 0; var != NULL && i < sizeof rows / sizeof rows[0]; i++)
            if (strcmp(var, rows[i][0]) == 0)
                add(probe, rows[i][1]);
    }
    xml_free(answer);
}

/* A name with the characters of a file's name only. */
static void tidy(char *name)
{
    for (; *name != '\0'; name++) {
        *name = text_small(*name);
        if (strchr("abcdefghijklmnopqrstuvwxyz0123456789.-_", *name) == NULL)
            *name = '-';
    }
}

static void ask_version(struct probe *probe, struct session *session)
{
    char name[48], version[48];
    struct xml *answer = session_ask(session, "get", NULL, "<query xmlns='" NS_VERSION "'/>");
    const struct xml *query = answer != NULL ? xml_child(answer, "query", NS_VERSION) : NULL;
    const struct xml *its_name = query != NULL ? xml_child(query, "name", NULL) : NULL;
    const struct xml *its_version = query != NULL ? xml_child(query, "version", NULL) : NULL;
    (void)snprintf(probe->software, sizeof probe->software, "unknown");
    if (its_name != NULL && its_version != NULL) {
        (void)xml_text(its_name, name, sizeof name);
        (void)xml_text(its_version, version, sizeof version);
        version[strcspn(version, "- ")] = '\0'; /* the revision of a package is none of the software */
        (void)snprintf(probe->software, sizeof probe->software, "%s-%s", name, version);
        tidy(probe->software);
    }
    xml_free(answer);
}

static bool look_inside(struct probe *probe, const struct tcp_address *address, const char *domain,
                        char why[256])
{
    static const struct shown rows[] = { { "sm", "urn:xmpp:sm:3", "sm" },
                                         { "csi", "urn:xmpp:csi:0", "csi" },
                                         { "sub", "urn:xmpp:features:pre-approval", "pre-approval" },
                                         { NULL, NULL, NULL } };
    struct session *session = session_open(address, domain, why);
    const bool is_in = session != NULL && session_login(session, PROBE_USER, PROBE_WORD, why);
    bool removed = false;
    if (is_in) {
        find_features(probe, session, rows);
        look_at_disco(probe, session);
        ask_version(probe, session);
        removed = session_do(session, "set", "", "<query xmlns='" NS_REGISTER "'><remove/></query>", why);
    }
    session_close(session);
    return is_in && removed;
}

bool probe_server(const struct tcp_address *address, const char *domain, struct probe *probe, char why[256])
{
    static const struct shown rows[] = { { "starttls", "urn:ietf:params:xml:ns:xmpp-tls", "tls" },
                                         { NULL, NULL, NULL } };
    *probe = (struct probe){ .software = "" };
    struct session *session = session_open(address, domain, why);
    if (session == NULL)
        return false;
    find_features(probe, session, rows);
    look_at_mechanisms(probe, session);
    const bool registered = session_do(session, "set", "",
                                       "<query xmlns='" NS_REGISTER "'><username>" PROBE_USER
                                       "</username><password>" PROBE_WORD "</password></query>",
                                       why);
    session_close(session);
    if (!registered)
        return false;
    add(probe, "password");
    return look_inside(probe, address, domain, why);
}

void probe_free(struct probe *probe)
{
    text_free(&probe->capabilities);
}
