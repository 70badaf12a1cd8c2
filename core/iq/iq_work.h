/*
 * iq_work.h - what the handlers of iqs share: work on an account, and delivery.
 */
#ifndef CORE_IQ_WORK_H
#define CORE_IQ_WORK_H

#include "account/work.h"
#include "session/session.h"

/* An iq of type get or set that a handler answers, or passes on; the handler takes the iq. */
struct iq_request {
    struct core *core;
    struct session *session; /* that sent it; NULL when it is from another server */
    struct stanza *iq;
    const struct jid *to; /* NULL when it has no recipient; else an address here */
};

/* Delivers an iq to the resource that its `to` names; takes it. */
void iq_deliver(struct core *core, struct stanza *iq);

/* Begins work on the account that an iq is for, or without a recipient on the client's own; takes the iq. The
 * client's session waits for it, unless the client is at another server.  Without memory the session is
 * disconnected. */
void iq_work_begin(const struct iq_request *request, const struct user_work_kind *kind,
                   union work_subject subject);

#endif
