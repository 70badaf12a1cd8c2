/*
 * expat_calls.h - calls of expat whose names depend on its release, each under one name here.
 *
 * Expat 2.8 and 2.9 deprecate functions that earlier releases need, and 2.6 added one that every stream
 * needs.  Distributions backport such functions without changing the version.  So the build should define
 * these options; where it does not, the version decides:
 *
 *      -DCORE_EXPAT_REPARSE_DEFERRAL=0|1   whether there is XML_SetReparseDeferralEnabled
 *      -DCORE_EXPAT_SALT_16=0|1            whether there is XML_SetHashSalt16Bytes
 *      -DCORE_EXPAT_POSITIONS_64=0|1       whether there is XML_GetCurrentByteIndex64, and its relatives
 *
 * `expat_probe.sh COMPILER [OPTION...]` tries each and prints the three options.
 *
 * A program may run with another expat than it was compiled with: distributions added the first call to
 * expat 2.5 with a security update.  So where it was not declared, it is looked for when the program starts.
 */
#ifndef CORE_EXPAT_CALLS_H
#define CORE_EXPAT_CALLS_H

#include <expat.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define CORE_EXPAT_VERSION (XML_MAJOR_VERSION * 100 + XML_MINOR_VERSION)

#ifndef CORE_EXPAT_REPARSE_DEFERRAL
#define CORE_EXPAT_REPARSE_DEFERRAL (CORE_EXPAT_VERSION >= 206)
#endif
#ifndef CORE_EXPAT_SALT_16
#define CORE_EXPAT_SALT_16 (CORE_EXPAT_VERSION >= 208)
#endif
#ifndef CORE_EXPAT_POSITIONS_64
#define CORE_EXPAT_POSITIONS_64 (CORE_EXPAT_VERSION >= 209)
#endif

/* Sets the salt of expat's hash tables.  It must not be 0: expat would read random bytes from the system. */
static inline void expat_set_salt(XML_Parser expat, unsigned long salt)
{
#if CORE_EXPAT_SALT_16
    uint8_t bytes[16] = { 0 };
    memcpy(bytes + sizeof bytes - sizeof salt, &salt, sizeof salt);
    XML_SetHashSalt16Bytes(expat, bytes);
#else
    XML_SetHashSalt(expat, salt);
#endif
}

#if !CORE_EXPAT_REPARSE_DEFERRAL && defined __GNUC__ && defined __ELF__
#define CORE_EXPAT_WEAK_DEFERRAL 1
/* NULL where the expat that the program runs with does not have it either. */
XML_Bool XML_SetReparseDeferralEnabled(XML_Parser parser, XML_Bool enabled) __attribute__((weak));
#else
#define CORE_EXPAT_WEAK_DEFERRAL 0
#endif

/* Makes expat report each token as soon as its last byte arrives.  An expat without this call always does. */
static inline void expat_report_at_once(XML_Parser expat)
{
#if CORE_EXPAT_REPARSE_DEFERRAL
    XML_SetReparseDeferralEnabled(expat, XML_FALSE);
#elif CORE_EXPAT_WEAK_DEFERRAL
    if (XML_SetReparseDeferralEnabled != NULL)
        XML_SetReparseDeferralEnabled(expat, XML_FALSE);
#else
    (void)expat;
#endif
}

/* The position where the current token begins, or the error is, in bytes from the start of the input; -1
 * before the first token. */
static inline int64_t expat_token_begin(XML_Parser expat)
{
#if CORE_EXPAT_POSITIONS_64
    return (int64_t)XML_GetCurrentByteIndex64(expat);
#else
    return (int64_t)XML_GetCurrentByteIndex(expat);
#endif
}

/* The position where the current token ends, in bytes from the start of the input. */
static inline uint64_t expat_token_end(XML_Parser expat)
{
#if CORE_EXPAT_POSITIONS_64
    return (uint64_t)XML_GetCurrentByteIndex64(expat) + XML_GetCurrentByteCount64(expat);
#else
    return (uint64_t)XML_GetCurrentByteIndex(expat) + (uint64_t)XML_GetCurrentByteCount(expat);
#endif
}

/* The line of the current token, from 1. */
static inline uint64_t expat_line(XML_Parser expat)
{
#if CORE_EXPAT_POSITIONS_64
    return XML_GetCurrentLineNumber64(expat);
#else
    return XML_GetCurrentLineNumber(expat);
#endif
}

/* The input that expat has in its buffer: `*length` bytes, of which the first `*read` are in front of the
 * current token or of the error.  Borrowed until expat is given more bytes.  NULL when there is none. */
static inline const char *expat_input(XML_Parser expat, size_t *read, size_t *length)
{
#if CORE_EXPAT_POSITIONS_64
    int64_t offset = 0;
    uint64_t size = 0;
    const char *input = XML_GetInputContext64(expat, &offset, &size);
#else
    int offset = 0, size = 0;
    const char *input = XML_GetInputContext(expat, &offset, &size);
#endif
    *read = (size_t)offset;
    *length = (size_t)size;
    return input;
}

/* The bytes from the current token on that expat has not processed; `*length` is their number.  Borrowed
 * until expat is given more bytes.  NULL when there are none. */
static inline const char *expat_rest(XML_Parser expat, size_t *length)
{
    size_t read;
    const char *input = expat_input(expat, &read, length);
    if (input == NULL || read >= *length)
        return NULL;
    *length -= read;
    return input + read;
}

#endif
