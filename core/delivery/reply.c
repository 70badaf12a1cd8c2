#include "delivery/reply.h"

#include "delivery/carbons.h"
#include "delivery/s2s_out.h"
#include "session/send.h"
#include "session/tables.h"

#include <string.h>

static void answer_remote(struct core *core, struct stanza *answer)
{
    stanza_error_say_language(answer);
    s2s_send(core, answer);
}

void reply_send(struct core *core, const struct stanza *stanza, struct stanza *answer)
{
    const char *from = element_get(stanza->root, "from");
    struct session *sender = from != NULL ? session_find(core, from) : NULL;
    if (sender != NULL && answer != NULL)
        session_send(sender, answer);
    else if (sender != NULL)
        session_disconnect(sender);
    else if (answer != NULL && from != NULL && s2s_has(core, from))
        answer_remote(core, answer);
    stanza_free(answer);
}

static bool may_be_answered(const struct element *stanza)
{
    const char *type = element_get(stanza, "type");
    if (type == NULL)
        return true;
    if (strcmp(type, "error") == 0)
        return false;
    return stanza_kind(stanza) != STANZA_IQ || strcmp(type, "result") != 0;
}

void reply_error(struct core *core, const struct stanza *stanza, struct stanza_error error)
{
    if (!may_be_answered(stanza->root))
        return;
    struct stanza *answer = stanza_error_reply(core->memory, stanza, error);
    if (answer != NULL)
        carbons_bounced(core, stanza, answer);
    reply_send(core, stanza, answer);
}

void reply_error_with(struct core *core, const struct stanza *stanza, struct stanza_error error,
                      const char *condition, const char *ns)
{
    if (!may_be_answered(stanza->root))
        return;
    struct stanza *answer = stanza_error_reply(core->memory, stanza, error);
    if (answer != NULL)
        element_add(answer, element_child(answer->root, "error", NS_CLIENT), condition, ns);
    reply_send(core, stanza, answer);
}

void reply_result(struct core *core, const struct stanza *iq)
{
    reply_send(core, iq, stanza_result(core->memory, iq));
}

void reply_blocked(struct core *core, const struct stanza *stanza)
{
    bool is_message = stanza_kind(stanza->root) == STANZA_MESSAGE;
    reply_error_with(
        core, stanza,
        (struct stanza_error){ "cancel", "not-acceptable", is_message ? "You have blocked this JID" : NULL },
        "blocked", NS_BLOCKED);
}

void reply_unavailable(struct core *core, const struct stanza *stanza)
{
    reply_error(core, stanza, (struct stanza_error){ "cancel", "service-unavailable", NULL });
}
