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

/* Both elements are required (XEP-0092, 2).  The operating system is optional and not revealed (XEP-0092,
 * 5). */
void version_answer(const struct iq_request *request)
{
    const struct core_settings *settings = &request->core->settings;
    if (settings->software == NULL) {
        reply_error(request->core, request->iq,
                    (struct stanza_error){ "cancel", "service-unavailable", NULL });
        stanza_free(request->iq);
        return;
    }
    struct stanza *result = stanza_result(request->core->memory, request->iq);
    if (result != NULL) {
        struct element *query = element_add(result, result->root, "query", NS_VERSION);
        add_text(result, query, "name", NS_VERSION, settings->software);
        add_text(result, query, "version", NS_VERSION,
                 settings->software_version != NULL ? settings->software_version : "");
    }
    reply_send(request->core, request->iq, result);
    stanza_free(request->iq);
}

void time_answer(const struct iq_request *request)
{
    struct core *core = request->core;
    char utc[DATETIME_SIZE];
    datetime_write(utc, core->ports.now(core->ports.host));
    struct stanza *result = stanza_result(core->memory, request->iq);
    if (result != NULL) {
        struct element *time = element_add(result, result->root, "time", NS_TIME);
        add_text(result, time, "tzo", NS_TIME, "+00:00");
        add_text(result, time, "utc", NS_TIME, utc);
    }
    reply_send(core, request->iq, result);
    stanza_free(request->iq);
}
