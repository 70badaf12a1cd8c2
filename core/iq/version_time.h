/*
 * version_time.h - what an entity says of itself: its software (XEP-0092) and its time (XEP-0202).
 */
#ifndef CORE_VERSION_TIME_H
#define CORE_VERSION_TIME_H

#include "session/session.h"

/* Both take the iq. */
void version_answer(struct session *session, struct stanza *iq);
void time_answer(struct session *session, struct stanza *iq);

#endif
