/*
 * work.h - how much a core has done, counted and not timed.
 *
 * A core that was compiled for it (`make resources`) reports each basic block that it runs, through the call
 * that -fsanitize-coverage=trace-pc puts there, and goes to libc, expat and nettle through the functions
 * below (work_calls.h puts them in the place of the real ones).  What those do for a number of bytes is
 * counted in the same unit: about what a basic block takes.  A core compiled as usual reports nothing, and
 * all counts stay 0.
 *
 * The counts are the process's, because the compiler's call carries no context.
 */
#ifndef SIM_WORK_H
#define SIM_WORK_H

#include <expat.h>
#include <stddef.h>
#include <stdint.h>

/* All that was done so far. */
uint64_t work_done(void);

/* Rounds of the hash behind passwords so far.  They are no part of work_done: what bounds them is how often a
 * password may be tried or chosen, not how many bytes were read. */
uint64_t work_rounds(void);

/* More was done: for a test that is no core. */
void work_add(uint64_t more);

/* ---- What a counted core calls in the place of the functions of that name ---- */

void *work_memcpy(void *to, const void *from, size_t length);
void *work_memmove(void *to, const void *from, size_t length);
void *work_memset(void *block, int value, size_t length);
int work_memcmp(const void *a, const void *b, size_t length);
void *work_memchr(const void *block, int value, size_t length);
size_t work_strlen(const char *string);
int work_strcmp(const char *a, const char *b);
int work_strncmp(const char *a, const char *b, size_t length);
char *work_strchr(const char *string, int c);
char *work_strrchr(const char *string, int c);
char *work_strstr(const char *string, const char *part);
size_t work_strcspn(const char *string, const char *set);
size_t work_strspn(const char *string, const char *set);

/* What expat is given, and what of the pieces before it scans again with it. */
enum XML_Status work_parse(XML_Parser expat, const char *bytes, int length, int is_final);

/* These two count rounds. */
void work_pbkdf2_hmac_sha1(size_t key_length, const uint8_t *key, unsigned iterations, size_t salt_length,
                           const uint8_t *salt, size_t length, uint8_t *to);
void work_pbkdf2_hmac_sha256(size_t key_length, const uint8_t *key, unsigned iterations, size_t salt_length,
                             const uint8_t *salt, size_t length, uint8_t *to);

#endif
