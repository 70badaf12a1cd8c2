/*
 * channel.h - what a TLS handshake left behind, as a session keeps it.
 */
#ifndef CORE_CHANNEL_H
#define CORE_CHANNEL_H

#include "core.h"

/* A copy in one block, or NULL when there is no memory. */
struct core_tls *channel_copy(const struct core_memory *memory, const struct core_tls *tls);

/* Frees a copy, overwritten, for only the two ends of the channel know the exporter's value.  NULL is a
 * no-op. */
void channel_free(const struct core_memory *memory, struct core_tls *tls);

#endif
