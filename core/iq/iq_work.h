/*
 * iq_work.h - shared by the handlers of iqs: work on an account, and delivery.
 */
#ifndef CORE_IQ_WORK_H
#define CORE_IQ_WORK_H

#include "account/work.h"
#include "session/session.h"

/* An iq of type get or set for a handler, which takes the iq. */
struct iq_request {
    struct core *core;
    struct session *session; /* the sender's; NULL when it is at a remote server */
    struct stanza *iq;
    const struct jid *to; /* NULL without `to`; else a local address */
};

/* Delivers an iq to the resource that its `to` names; takes it. */
void iq_deliver(struct core *core, struct stanza *iq);

/* Begins work on the account that an iq is for, or without `to` on the client's own; takes the iq.  The
 * session of a local client waits for the work.  Without memory that session is disconnected. */
void iq_work_begin(const struct iq_request *request, const struct user_work_kind *kind,
                   union work_subject subject);

#endif
