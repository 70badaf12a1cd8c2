/*
 * entity.h - what an entity says of itself: its software (XEP-0092) and its time (XEP-0202).
 */
#ifndef CORE_ENTITY_H
#define CORE_ENTITY_H

#include "session.h"

/* Both take the iq. */
void entity_version(struct session *session, struct stanza *iq);
void entity_time(struct session *session, struct stanza *iq);

#endif
