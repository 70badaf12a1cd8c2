#include "iq/registration.h"

#include "account/anonymous.h"
#include "account/credentials.h"
#include "account/user.h"
#include "account/work.h"
#include "base/jid.h"
#include "delivery/reply.h"
#include "presence/presence.h"
#include "presence/subscription.h"
#include "sasl/password.h"
#include "sasl/scram.h"

#include <string.h>

/* ---- Get ---- */

void registration_get(const struct iq_request *request)
{
    struct stanza *result = stanza_result(request->core->memory, request->iq);
    if (result != NULL) {
        struct element *query = element_add(result, result->root, "query", NS_REGISTER);
        element_add(result, query, "registered", NS_REGISTER);
        struct element *username = element_add(result, query, "username", NS_REGISTER);
        element_add_text(result, username, request->session->username, strlen(request->session->username));
        element_add(result, query, "password", NS_REGISTER);
    }
    reply_send(request->core, request->iq, result);
    stanza_free(request->iq);
}

/* ---- A new password (3.3) ---- */

static const struct stanza_error bad_request = { "modify", "bad-request", NULL };
static const struct stanza_error no_memory = { "wait", "resource-constraint", NULL };

static void make_keys(struct core *core, enum core_mechanism mechanism, const char *password,
                      struct buffer *out)
{
    unsigned char salt[CORE_SECRET];
    struct scram_keys keys;
    const size_t length = core->settings.salt_bytes;
    core->ports.random(core->ports.host, salt, length);
    scram_keys_make(&keys, mechanism, password, strlen(password), salt, length,
                    (unsigned)core->settings.iterations);
    scram_keys_write(out, &keys);
    buffer_append(out, "", 1);
    memory_wipe(&keys, sizeof keys);
}

static void refuse(struct user *user, struct user_work *work, struct stanza_error error)
{
    reply_error(user->core, work->stanza, error);
    work_finish(user, work);
}

static const char *text_of(struct stanza *iq, const char *name)
{
    const struct element *query = element_first_child(iq->root);
    const struct element *element = element_child(query, name, NS_REGISTER);
    return element != NULL ? element_text(iq, element) : NULL;
}

/* Whether the account may set another password now.  Deriving the keys costs the core time, so an attempt
 * counts even if its keys are not saved. */
static bool count_password(struct user *user)
{
    const struct core_limits *limits = &user->core->settings.limits;
    struct password_count *passwords = &user->passwords;
    uint64_t now = user->core->ports.now(user->core->ports.host);
    bool is_over = limits->password_time > 0 && now - passwords->since >= limits->password_time;
    if (passwords->count == 0 || is_over)
        *passwords = (struct password_count){ 0, now };
    if (passwords->count >= limits->passwords)
        return false;
    passwords->count++;
    return true;
}

/* Saves the keys of both mechanisms at once, so that the account never has keys of two passwords. */
static void save_password(struct user *user, struct user_work *work, const char *password)
{
    struct buffer sha1, sha256;
    buffer_init(&sha1, user->core->memory);
    buffer_init(&sha256, user->core->memory);
    make_keys(user->core, CORE_SCRAM_SHA_1, password, &sha1);
    make_keys(user->core, CORE_SCRAM_SHA_256, password, &sha256);
    const struct core_store_entry entries[] = { { "SCRAM-SHA-1", sha1.bytes },
                                                { "SCRAM-SHA-256", sha256.bytes } };
    if (sha1.failed || sha256.failed)
        refuse(user, work, no_memory);
    else
        work_store(user, work, CORE_STORE_ACCOUNT, entries, 2);
    buffer_free(&sha1);
    buffer_free(&sha256);
}

static void begin_password(struct user *user, struct user_work *work)
{
    char username[JID_PART_MAX + 1], password[PASSWORD_MAX + 1];
    const char *name = text_of(work->stanza, "username");
    const char *secret = text_of(work->stanza, "password");
    if (work->session == NULL)
        work_finish(user, work);
    else if (stanza_failed(work->stanza))
        refuse(user, work, no_memory);
    else if (name == NULL || secret == NULL || *secret == '\0' ||
             !jid_prepare_local(username, name, strlen(name)) || strcmp(username, user->username) != 0)
        refuse(user, work, bad_request); /* only for the client's own account */
    else if (!password_prepare(password, secret, PASSWORD_STORED))
        refuse(user, work, (struct stanza_error){ "modify", "not-acceptable", "the password is not valid" });
    else if (!count_password(user))
        refuse(user, work,
               (struct stanza_error){ "wait", "policy-violation", "the password was changed too often" });
    else
        save_password(user, work, password);
    memory_wipe(password, sizeof password);
}

static void saved_password(struct user *user, struct user_work *work)
{
    reply_result(user->core, work->stanza);
    credentials_changed(user->core, user->username, user->host, work->session, STREAM_RESET,
                        "the password was changed");
}

/* Storage failed, or there was no memory for the request. */
static void failed(struct user *user, struct user_work *work, enum user_failure why)
{
    if (work->session != NULL)
        reply_error(user->core, work->stanza, work_error(why, "the account could not be changed"));
}

static const struct user_work_kind changing = {
    .name = "change the password", .begin = begin_password, .saved = saved_password, .failed = failed
};

/* ---- Removal (3.2) ---- */

static void begin_removal(struct user *user, struct user_work *work)
{
    if (work->session == NULL)
        work_finish(user, work);
    else
        work_remove(user, work);
}

static void removed(struct user *user, struct user_work *work)
{
    reply_result(user->core, work->stanza);
    if (work->session != NULL)
        work_hand_over(work->session, NULL);
    credentials_changed(user->core, user->username, user->host, NULL, STREAM_NOT_AUTHORIZED,
                        "the account was removed");
    for (struct session *s = user->resources; s != NULL; s = s->user_next)
        presence_end(s); /* all of them first, because each must still see the others */
    if (!anonymous_host(user->core, user->host)) /* else when the session ends */
        subscription_cancel_all(user);           /* 3.2, business rules */
}

static const struct user_work_kind removing = { .name = "remove the account",
                                                .needs = USER_ROSTER | USER_BLOCKLIST,
                                                .begin = begin_removal,
                                                .saved = removed,
                                                .failed = failed };

/* ---- Set ---- */

void registration_set(const struct iq_request *request)
{
    const struct element *query = element_first_child(request->iq->root);
    const struct element *remove = element_child(query, "remove", NS_REGISTER);
    bool alone =
        remove != NULL && element_first_child(query) == remove && element_next_sibling(remove) == NULL;
    if (remove != NULL && !alone) {
        reply_error(request->core, request->iq, bad_request);
        stanza_free(request->iq);
    } else if (remove == NULL && anonymous_host(request->core, request->session->host)) {
        reply_error(request->core, request->iq,
                    (struct stanza_error){ "cancel", "not-allowed", "an anonymous account has no password" });
        stanza_free(request->iq);
    } else if (!work_begin(request->session->user, remove != NULL ? &removing : &changing, request->session,
                           request->iq, NULL, (union work_subject){ 0 })) {
        session_disconnect(request->session);
    }
}
