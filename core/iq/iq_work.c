#include "iq/iq_work.h"

#include "delivery/reply.h"
#include "session/send.h"
#include "session/tables.h"

/* NULL when there is no memory. */
static struct user *account_asked(struct session *session, const struct stanza *iq)
{
    struct jid jid;
    const char *to = element_get(iq->root, "to");
    if (to == NULL || !jid_parse_string(&jid, to) || jid.local == NULL)
        return session->user;
    return user_get(session->core, jid.local, host_find(session->core, jid.domain)->name);
}

void iq_work_begin(struct session *session, struct stanza *iq, const struct user_work_kind *kind, int detail)
{
    struct user *account = account_asked(session, iq);
    bool stranger = session->user == NULL;
    if (account == NULL)
        stanza_free(iq);
    bool begun = account != NULL && work_begin(account, kind, stranger ? NULL : session, iq, NULL, detail);
    if (!begun && !stranger)
        session_disconnect(session);
}

void iq_deliver(struct core *core, struct stanza *iq)
{
    struct session *recipient = session_find(core, element_get(iq->root, "to"));
    if (recipient != NULL)
        session_send(recipient, iq);
    else
        reply_error(core, iq, (struct stanza_error){ "cancel", "service-unavailable", NULL });
    stanza_free(iq);
}
