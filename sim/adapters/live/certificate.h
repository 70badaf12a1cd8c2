/*
 * certificate.h - a certificate for the hosts of a server, signed by itself, and its key.
 */
#ifndef LIVE_CERTIFICATE_H
#define LIVE_CERTIFICATE_H

#include "wanted.h"

/* Writes key.pem, certificate.pem, and both.pem with both of them, to a folder.  Returns false when that fails. */
bool certificate_write(const char *folder, const struct wanted *wanted);

#endif
