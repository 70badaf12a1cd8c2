#include "iq/iq_work.h"

#include "delivery/reply.h"
#include "session/send.h"
#include "session/tables.h"

/* The user of the account that an iq is for; NULL when there is no memory. */
static struct user *account_asked(const struct iq_request *request)
{
    const struct jid *to = request->to;
    if (to == NULL || to->local == NULL)
        return request->session->user;
    return user_get(request->core, to->local, host_find(request->core, to->domain)->name);
}

void iq_work_begin(const struct iq_request *request, const struct user_work_kind *kind,
                   union work_subject subject)
{
    struct user *account = account_asked(request);
    if (account == NULL)
        stanza_free(request->iq);
    bool begun = account != NULL && work_begin(account, kind, request->session, request->iq, NULL, subject);
    if (!begun && request->session != NULL)
        session_disconnect(request->session);
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
