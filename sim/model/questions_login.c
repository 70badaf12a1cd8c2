#include "questions_login.h"

enum judgement login_needs_the_password(const struct departure *d, struct text *why)
{
    if (d->success == SUCCESS_NONE)
        return NOT_CONCERNED;
    if (d->has_backlog || d->success == SUCCESS_UNKNOWN)
        return NOT_JUDGED;
    if (d->success == SUCCESS_WRONG)
        return violated(why, d->not_deserved);
    return d->success == SUCCESS_DESERVED ? HOLDS : MAY_HOLD;
}

/* Binding is offered behind the login (RFC 6120, 7.4), and TLS only where it is not in use (5.4.3.3). */
enum judgement features_follow_the_login(const struct departure *d, struct text *why)
{
    struct element found;
    const struct span inside = d->scanned->inside;
    if (d->kind != NO_STANZA || !span_is_local_name(d->scanned->tag.name, "features"))
        return NOT_CONCERNED;
    if (d->is_secured && element_find(inside, "starttls", &found, NULL))
        return violated(why, "TLS is offered on a connection that is encrypted");
    if (element_find(inside, "bind", &found, NULL) != d->is_in)
        return violated(why, d->is_in ? "binding is not offered after the login"
                                      : "binding is offered to a client that has not logged in");
    return HOLDS;
}

enum judgement what_must_end_has_ended(const struct session_facts *session, struct text *why)
{
    if (session->must_end == NULL)
        return NOT_CONCERNED;
    return session->has_ended ? HOLDS : violated(why, session->must_end);
}

enum judgement nothing_outdated_is_resumed(const struct departure *d, struct text *why)
{
    return d->revives_outdated ? violated(why, "it resumes a session that began with an old password")
                               : NOT_CONCERNED;
}

enum judgement nothing_outdated_is_left(const struct session_facts *session, struct text *why)
{
    if (session->is_outdated && !session->has_ended)
        return violated(why, "its password was changed, or its account removed");
    return session->has_other_keys ? HOLDS : NOT_CONCERNED;
}
