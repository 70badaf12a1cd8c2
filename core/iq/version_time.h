/*
 * version_time.h - what an entity says of itself: its software (XEP-0092) and its time (XEP-0202).
 */
#ifndef CORE_VERSION_TIME_H
#define CORE_VERSION_TIME_H

#include "iq/iq_work.h"

/* Both take the iq. */
void version_answer(const struct iq_request *request);
void time_answer(const struct iq_request *request);

#endif
