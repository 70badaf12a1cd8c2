#include "stream/bind.h"

#include "account/user.h"
#include "account/work.h"
#include "base/jid.h"
#include "session/send.h"
#include "session/stream_error.h"
#include "stream/session_manager.h"

#include <string.h>

static const struct element *request_of(const struct element *iq)
{
    return element_child(iq, "bind", NS_BIND);
}

bool bind_is_request(const struct element *element)
{
    const char *type = element_get(element, "type");
    return element_is(element, "iq", NS_CLIENT) && type != NULL && strcmp(type, "set") == 0 &&
           request_of(element) != NULL;
}

static void refuse(struct session *session, const struct stanza *iq, struct stanza_error error)
{
    struct stanza *reply = stanza_error_reply(session->core->memory, iq, error);
    if (reply != NULL)
        session_send(session, reply);
    else
        session_disconnect(session);
    stanza_free(reply);
}

/* At least five and at most ten attempts are recommended (7.7.3). */
enum { TRIES = 10 };

/* Refuses a request that cannot be satisfied.  After too many the stream ends. */
static void refuse_try(struct session *session, const struct stanza *iq, struct stanza_error error)
{
    refuse(session, iq, error);
    session->failed_binds++;
    if (session->failed_binds >= TRIES)
        stream_error(session, STREAM_POLICY_VIOLATION, "too many attempts to bind a resource have failed");
}

static void accept(struct session *session, const struct stanza *iq)
{
    struct stanza *reply = stanza_result(session->core->memory, iq);
    if (reply == NULL) {
        session_disconnect(session);
        return;
    }
    struct element *bind = element_add(reply, reply->root, "bind", NS_BIND);
    struct element *jid = element_add(reply, bind, "jid", NS_BIND);
    element_add_text(reply, jid, session->full_jid, strlen(session->full_jid));
    session_send(session, reply);
    stanza_free(reply);
}

static void begin(struct user *user, struct user_work *work)
{
    if (work->session != NULL) {
        struct stanza_error error = session_manager_bind_resource(work->session, user, work->text);
        if (error.condition != NULL)
            refuse_try(work->session, work->stanza, error);
        else
            accept(work->session, work->stanza);
    }
    work_finish(user, work);
}

/* The roster cannot be loaded.  The session stays authenticated and unbound, and may try again. */
static void failed(struct user *user, struct user_work *work, enum user_failure why)
{
    (void)user;
    if (work->session != NULL)
        refuse(work->session, work->stanza, work_error(why, "the roster could not be loaded"));
}

static const struct user_work_kind binding = {
    .name = "bind", .needs = USER_ROSTER | USER_BLOCKLIST, .begin = begin, .failed = failed
};

/* Prepares the requested resource in `out`; *wanted is NULL when the client requests none (7.6).  Returns
 * false when Resourceprep refuses it (7.7.2.1). */
static bool read_resource(struct stanza *iq, char *out, const char **wanted)
{
    *wanted = NULL;
    const struct element *resource = element_child(request_of(iq->root), "resource", NS_BIND);
    if (resource == NULL)
        return true;
    const char *text = element_text(iq, resource);
    if (text == NULL || *text == '\0')
        return true;
    *wanted = out;
    return jid_prepare_resource(out, text, strlen(text));
}

void bind_receive(struct session *session, struct stanza *iq)
{
    const char *from = element_get(iq->root, "from");
    if (from != NULL && !session_is_of(session, from)) {
        stream_error(session, STREAM_INVALID_FROM, "'from' must be the address of this account");
        stanza_free(iq);
        return;
    }
    char prepared[JID_PART_MAX + 1];
    const char *wanted;
    bool is_valid = read_resource(iq, prepared, &wanted);
    if (stanza_failed(iq)) {
        stanza_free(iq);
        session_disconnect(session);
        return;
    }
    if (element_get(iq->root, "id") == NULL || !is_valid) {
        refuse_try(session, iq, (struct stanza_error){ "modify", "bad-request", NULL });
        stanza_free(iq);
        return;
    }
    struct user *user = user_get_for_login(session->core, session->username, session->host);
    if (user == NULL) {
        stanza_free(iq);
        session_disconnect(session);
        return;
    }
    if (!work_begin(user, &binding, session, iq, wanted, (union work_subject){ 0 }))
        session_disconnect(session);
}
