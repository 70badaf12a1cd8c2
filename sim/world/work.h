/*
 * work.h - the work of a core, counted instead of timed.
 *
 * A core compiled for it (`make resources`) reports each basic block that it runs, through the call that
 * -fsanitize-coverage=trace-pc inserts.  Its calls of libc, expat and nettle go to the functions below, which
 * work_calls.h substitutes for the real ones; their work is counted in the same unit, about one basic block,
 * from the number of bytes.  A core compiled normally reports nothing, and all counts stay 0.
 *
 * The counts are global in the process, because the compiler's call carries no context.
 */
#ifndef SIM_WORK_H
#define SIM_WORK_H

#include <expat.h>
#include <stddef.h>
#include <stdint.h>

/* The work done so far, in basic blocks. */
uint64_t work_done(void);

/* The rounds of password hashing so far.  They are not part of work_done: they are bounded by how often a
 * password may be tried or changed, not by the bytes read. */
uint64_t work_rounds(void);

/* Adds work, for tests without a core. */
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

/* Counts the bytes parsed, and the bytes of earlier pieces that expat scans again. */
enum XML_Status work_parse(XML_Parser expat, int length, int is_final);

/* These two count rounds. */
void work_pbkdf2_hmac_sha1(size_t key_length, const uint8_t *key, unsigned iterations, size_t salt_length,
                           const uint8_t *salt, size_t length, uint8_t *to);
void work_pbkdf2_hmac_sha256(size_t key_length, const uint8_t *key, unsigned iterations, size_t salt_length,
                             const uint8_t *salt, size_t length, uint8_t *to);

#endif
