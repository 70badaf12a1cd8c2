/*
 * channel.h - a session's copy of the results of a TLS handshake.
 */
#ifndef CORE_CHANNEL_H
#define CORE_CHANNEL_H

#include "core.h"

/* Copies the results into one block, to be freed with channel_free; NULL when there is no memory. */
struct core_tls *channel_copy(const struct core_memory *memory, const struct core_tls *tls);

/* Overwrites and frees a copy: the exporter's value is a secret of the two ends of the channel.  NULL is a
 * no-op. */
void channel_free(const struct core_memory *memory, struct core_tls *tls);

#endif
