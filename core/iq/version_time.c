#include "iq/version_time.h"

#include "base/datetime.h"
#include "delivery/reply.h"

#include <string.h>

static void add_text(struct stanza *stanza, struct element *parent, const char *name, const char *ns,
                     const char *text)
{
    struct element *element = element_add(stanza, parent, name, ns);
    element_add_text(stanza, element, text, strlen(text));
}

/* Both elements are required (XEP-0092, 2).  The operating system is the host's affair, and nobody's business
 * (XEP-0092, 5). */
void version_answer(struct session *session, struct stanza *iq)
{
    const struct core_settings *settings = &session->core->settings;
    if (settings->software == NULL) {
        reply_error(session->core, iq, (struct stanza_error){ "cancel", "service-unavailable", NULL });
        stanza_free(iq);
        return;
    }
    struct stanza *result = stanza_result(session->core->memory, iq);
    if (result != NULL) {
        struct element *query = element_add(result, result->root, "query", NS_VERSION);
        add_text(result, query, "name", NS_VERSION, settings->software);
        add_text(result, query, "version", NS_VERSION,
                 settings->software_version != NULL ? settings->software_version : "");
    }
    reply_send(session->core, iq, result);
    stanza_free(iq);
}

void time_answer(struct session *session, struct stanza *iq)
{
    struct core *core = session->core;
    char utc[DATETIME_SIZE];
    datetime_write(utc, core->ports.now(core->ports.host));
    struct stanza *result = stanza_result(core->memory, iq);
    if (result != NULL) {
        struct element *time = element_add(result, result->root, "time", NS_TIME);
        add_text(result, time, "tzo", NS_TIME, "+00:00");
        add_text(result, time, "utc", NS_TIME, utc);
    }
    reply_send(core, iq, result);
    stanza_free(iq);
}
