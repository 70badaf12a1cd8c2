#include "needs.h"

#include "../world/settings.h"

#include <string.h>

/* More time needs the capability `long-times`. */
static const sim_time TIME_MOST = 3 * SIM_SECOND;

/* What the verbs need; the others need nothing. */
static const enum capability of_verbs[STEP_VERBS] = {
    [STEP_STARTS_TLS] = CAPABILITY_TLS,
    [STEP_FAILS_TO_START_TLS] = CAPABILITY_TLS,
    [STEP_LINK_ENCRYPTED] = CAPABILITY_TLS,
    [STEP_HANDSHAKE_FAILS] = CAPABILITY_TLS,
    [STEP_MIDDLE] = CAPABILITY_TLS,
    [STEP_MANAGES] = CAPABILITY_SM,
    [STEP_FAILS_TO_MANAGE] = CAPABILITY_SM,
    [STEP_ACKNOWLEDGES] = CAPABILITY_SM,
    [STEP_RESUMES] = CAPABILITY_SM,
    [STEP_FAILS_TO_RESUME] = CAPABILITY_SM,
    [STEP_ANSWERS] = CAPABILITY_SM,
    [STEP_SESSION_IS] = CAPABILITY_VIEWS,
    [STEP_IS] = CAPABILITY_VIEWS,
    [STEP_PROPERTY_IS] = CAPABILITY_VIEWS,
    [STEP_PRESENCE_IS] = CAPABILITY_VIEWS,
    [STEP_ROSTER_IS] = CAPABILITY_VIEWS,
    [STEP_HAS_SESSIONS] = CAPABILITY_VIEWS,
    [STEP_HAS_OFFLINE] = CAPABILITY_DISK,
    [STEP_BLOCK_LIST_IS] = CAPABILITY_DISK,
    [STEP_NEXT_FAILS] = CAPABILITY_DISK,
    [STEP_NTH_FAILS] = CAPABILITY_DISK,
    [STEP_TAKES] = CAPABILITY_DISK,
    [STEP_SERVERS_ARE] = CAPABILITY_FEDERATION,
    [STEP_SERVER_RECEIVES] = CAPABILITY_FEDERATION,
    [STEP_SERVER_ROUTES] = CAPABILITY_FEDERATION,
    [STEP_SERVER_ROUTES_NOTHING] = CAPABILITY_FEDERATION,
    [STEP_SERVER_CRASHES] = CAPABILITY_CRASH,
    [STEP_SERVER_WILL_CRASH] = CAPABILITY_CRASH,
    [STEP_SERVER_STARTS] = CAPABILITY_CRASH,
    [STEP_SERVER_SHUTS_DOWN] = CAPABILITY_SHUTDOWN,
    [STEP_ALLOCATION_FAILS] = CAPABILITY_MEMORY,
    [STEP_CLOCK_JUMPS] = CAPABILITY_CLOCK,
};

/* A name, and what it stands for. */
struct named {
    const char *name;
    enum capability needs;
};

static const struct named of_xeps[] = {
    { "0012", CAPABILITY_LAST_ACTIVITY },
    { "0077", CAPABILITY_PASSWORD },
    { "0092", CAPABILITY_VERSION },
    { "0160", CAPABILITY_OFFLINE },
    { "0175", CAPABILITY_ANONYMOUS },
    { "0178", CAPABILITY_EXTERNAL },
    { "0191", CAPABILITY_BLOCKING },
    { "0198", CAPABILITY_SM },
    { "0280", CAPABILITY_CARBONS },
    { "0352", CAPABILITY_CSI },
    { "0202", CAPABILITY_CLOCK },
    { "0440", CAPABILITY_BINDING_EXPORTER },
    { NULL, CAPABILITY_NONE },
};

static const struct named of_namespaces[] = {
    { "urn:xmpp:sm:3", CAPABILITY_SM },
    { "urn:xmpp:csi:0", CAPABILITY_CSI },
    { "urn:xmpp:blocking", CAPABILITY_BLOCKING },
    { "urn:xmpp:blocking:errors", CAPABILITY_BLOCKING },
    { "urn:xmpp:carbons:2", CAPABILITY_CARBONS },
    { "jabber:iq:last", CAPABILITY_LAST_ACTIVITY },
    { "jabber:iq:register", CAPABILITY_PASSWORD },
    { "urn:xmpp:features:pre-approval", CAPABILITY_PRE_APPROVAL },
    { "urn:xmpp:sasl-cb:0", CAPABILITY_BINDING_EXPORTER },
    { NULL, CAPABILITY_NONE },
};

static const struct named of_mechanisms[] = {
    { "PLAIN", CAPABILITY_PLAIN },
    { "SCRAM-SHA-1", CAPABILITY_SCRAM_SHA_1 },
    { "SCRAM-SHA-1-PLUS", CAPABILITY_SCRAM_SHA_1 },
    { "SCRAM-SHA-256", CAPABILITY_SCRAM_SHA_256 },
    { "SCRAM-SHA-256-PLUS", CAPABILITY_SCRAM_SHA_256 },
    { "EXTERNAL", CAPABILITY_EXTERNAL },
    { "ANONYMOUS", CAPABILITY_ANONYMOUS },
    { NULL, CAPABILITY_NONE },
};

static const struct named of_bindings[] = {
    { "tls-exporter", CAPABILITY_BINDING_EXPORTER },
    { "tls-server-end-point", CAPABILITY_BINDING_END_POINT },
    { NULL, CAPABILITY_NONE },
};

static enum capability find(const struct named *rows, const char *name)
{
    while (rows->name != NULL && strcmp(rows->name, name) != 0)
        rows++;
    return rows->needs;
}

static void need_named(struct capabilities *needs, const struct named *rows, const char *name)
{
    if (name != NULL)
        capabilities_add(needs, find(rows, name));
}

static bool is_plus(const char *mechanism)
{
    const size_t length = mechanism != NULL ? strlen(mechanism) : 0;
    return length > 5 && strcmp(mechanism + length - 5, "-PLUS") == 0;
}

/* ---- The head ---- */

/* A tag is "xep: 0198 5": the number, then a section. */
static void need_tags(struct capabilities *needs, const struct scenario *scenario)
{
    char xep[5];
    for (const struct tag *tag = scenario->tags; tag != NULL; tag = tag->next) {
        if (strcmp(tag->name, "xep") != 0 || strlen(tag->value) < sizeof xep - 1)
            continue;
        memcpy(xep, tag->value, sizeof xep - 1);
        xep[sizeof xep - 1] = '\0';
        need_named(needs, of_xeps, xep);
    }
}

static void need_cast(struct capabilities *needs, const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->cast_count; i++) {
        const struct character *character = &scenario->cast[i];
        need_named(needs, of_mechanisms, character->mechanism);
        need_named(needs, of_bindings, character->binding);
        if (character->certificate != NULL)
            capabilities_add(needs, CAPABILITY_EXTERNAL);
        if (character->tls_always)
            capabilities_add(needs, CAPABILITY_TLS);
    }
}

static void need_accounts(struct capabilities *needs, const struct scenario *scenario)
{
    for (const struct account *account = scenario->accounts; account != NULL; account = account->next)
        if (account->status != NULL)
            capabilities_add(needs, CAPABILITY_ACCOUNT_STATUS);
    for (const struct roster_head *roster = scenario->rosters; roster != NULL; roster = roster->next)
        for (const struct roster_line *line = roster->items; line != NULL; line = line->next)
            if (line->approved)
                capabilities_add(needs, CAPABILITY_PRE_APPROVAL);
    if (scenario->blocklists != NULL)
        capabilities_add(needs, CAPABILITY_BLOCKING);
}

static void need_servers(struct capabilities *needs, const struct scenario *scenario)
{
    settings_need(&scenario->settings, needs);
    for (const struct server_head *server = scenario->servers; server != NULL; server = server->next) {
        settings_need(&server->settings, needs);
        capabilities_add(needs, CAPABILITY_FEDERATION);
    }
}

/* ---- The steps ---- */

static void need_elements(struct capabilities *needs, const struct xml *element)
{
    for (; element != NULL; element = element->next) {
        need_named(needs, of_namespaces, element->ns);
        need_elements(needs, element->children);
    }
}

/* In raw bytes the namespaces stand as text. */
static void need_raw(struct capabilities *needs, const char *text)
{
    for (const struct named *row = of_namespaces; row->name != NULL; row++)
        if (strstr(text, row->name) != NULL)
            capabilities_add(needs, row->needs);
}

static void need_steps(struct capabilities *needs, const struct step *step)
{
    for (; step != NULL; step = step->next) {
        capabilities_add(needs, of_verbs[step->verb]);
        need_named(needs, of_mechanisms, step->mechanism);
        need_elements(needs, step->stanzas);
        if ((step->verb == STEP_SENDS_RAW || step->verb == STEP_SERVER_RECEIVES) && step->text != NULL)
            need_raw(needs, step->text);
        need_steps(needs, step->steps);
    }
}

/* ---- What several needs mean together ---- */

static bool has_plus(const struct step *step)
{
    for (; step != NULL; step = step->next)
        if (is_plus(step->mechanism) || has_plus(step->steps))
            return true;
    return false;
}

/* A login with -PLUS in an encrypted channel binds to that, by default to what TLS exports (RFC 9266).  Without a
 * channel it fails with any server. */
static void need_binding(struct capabilities *needs, const struct scenario *scenario)
{
    bool binds = has_plus(scenario->steps);
    for (size_t i = 0; i < scenario->cast_count; i++)
        binds = binds || is_plus(scenario->cast[i].mechanism);
    if (binds && capabilities_have(*needs, CAPABILITY_TLS) &&
        !capabilities_have(*needs, CAPABILITY_BINDING_END_POINT))
        capabilities_add(needs, CAPABILITY_BINDING_EXPORTER);
}

/* What a fault of storage, or a crash, does to the last activity shows only where that is stored. */
static void need_stored_activity(struct capabilities *needs)
{
    if (capabilities_have(*needs, CAPABILITY_LAST_ACTIVITY) &&
        (capabilities_have(*needs, CAPABILITY_DISK) || capabilities_have(*needs, CAPABILITY_CRASH)))
        capabilities_add(needs, CAPABILITY_ACTIVITY_STORED);
}

/* ---- Time ---- */

/* The time that passes in steps, at least. */
static sim_time time_of(const struct step *step)
{
    sim_time time = 0;
    for (; step != NULL; step = step->next) {
        const bool passes = step->verb == STEP_TIME_PASSES || step->verb == STEP_RECEIVES_NOTHING ||
                            step->verb == STEP_LINK_TAKES || step->verb == STEP_LINK_STALLS;
        if (passes && step->span > TIME_MOST)
            return step->span;
        time += (passes ? step->span : 0) + time_of(step->steps);
    }
    return time;
}

struct capabilities scenario_needs(const struct scenario *scenario)
{
    struct capabilities needs = { 0 };
    need_tags(&needs, scenario);
    need_cast(&needs, scenario);
    need_accounts(&needs, scenario);
    need_servers(&needs, scenario);
    need_steps(&needs, scenario->steps);
    need_binding(&needs, scenario);
    need_stored_activity(&needs);
    if (time_of(scenario->steps) > TIME_MOST)
        capabilities_add(&needs, CAPABILITY_LONG_TIMES);
    return needs;
}
