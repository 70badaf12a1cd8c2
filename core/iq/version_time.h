/*
 * version_time.h - the software version (XEP-0092) and the time (XEP-0202).
 */
#ifndef CORE_VERSION_TIME_H
#define CORE_VERSION_TIME_H

#include "iq/iq_work.h"

/* Both take the iq. */
void version_answer(const struct iq_request *request);
void time_answer(const struct iq_request *request);

#endif
