/*
 * work_calls.h - redirects calls of a core to the counting functions of work.h.
 *
 * It is passed to the compiler with -include, for the core's own files only.  The headers that declare the
 * real functions are included first, so that those declarations are not renamed.
 */
#ifndef SIM_WORK_CALLS_H
#define SIM_WORK_CALLS_H

#include "work.h"

#include <nettle/pbkdf2.h>
#include <string.h>

#include "xml/expat_calls.h"

#define memcpy(to, from, length)          work_memcpy(to, from, length)
#define memmove(to, from, length)         work_memmove(to, from, length)
#define memset(block, value, length)      work_memset(block, value, length)
#define memcmp(a, b, length)              work_memcmp(a, b, length)
#define memchr(block, value, length)      work_memchr(block, value, length)
#define strlen(string)                    work_strlen(string)
#define strcmp(a, b)                      work_strcmp(a, b)
#define strncmp(a, b, length)             work_strncmp(a, b, length)
#define strchr(string, c)                 work_strchr(string, c)
#define strrchr(string, c)                work_strrchr(string, c)
#define strstr(string, part)              work_strstr(string, part)
#define strcspn(string, set)              work_strcspn(string, set)
#define strspn(string, set)               work_strspn(string, set)
#define XML_ParseBuffer(expat, length, f) work_parse(expat, length, f)

#undef pbkdf2_hmac_sha1
#define pbkdf2_hmac_sha1 work_pbkdf2_hmac_sha1
#undef pbkdf2_hmac_sha256
#define pbkdf2_hmac_sha256 work_pbkdf2_hmac_sha256

#endif
