/*
 * questions_login.h - the questions on logins, and on streams that must end (the table is in questions.c).
 */
#ifndef SIM_MODEL_QUESTIONS_LOGIN_H
#define SIM_MODEL_QUESTIONS_LOGIN_H

#include "questions.h"

#include "../text.h"

/* Says why a question is violated. */
static inline enum judgement violated(struct text *why, const char *sentence)
{
    text_string(why, sentence);
    return VIOLATED;
}

enum judgement login_needs_the_password(const struct departure *d, struct text *why);
enum judgement features_follow_the_login(const struct departure *d, struct text *why);
enum judgement what_must_end_has_ended(const struct session_facts *session, struct text *why);
enum judgement nothing_outdated_is_resumed(const struct departure *d, struct text *why);
enum judgement nothing_outdated_is_left(const struct session_facts *session, struct text *why);

#endif
