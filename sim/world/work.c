#include "work.h"

#include "../../core/xml/expat_calls.h"

#include <nettle/pbkdf2.h>
#include <string.h>

/* Bytes that the C library processes, and bytes that expat scans, in the time of a basic block. */
enum { COPIED = 16, SCANNED_TWICE = 2 };

static uint64_t blocks, rounds;

uint64_t work_done(void)
{
    return blocks;
}

uint64_t work_rounds(void)
{
    return rounds;
}

void work_add(uint64_t more)
{
    blocks += more;
}

/* The call that the compiler inserts in each basic block.  It is weak: libFuzzer has one of its own. */
/* NOLINTNEXTLINE(bugprone-reserved-identifier): the compiler's name */
__attribute__((weak)) void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void) /* NOLINT(bugprone-reserved-identifier) */
{
    blocks++;
}

/* ---- The C library ---- */

static void gone_over(size_t length)
{
    blocks += 1 + length / COPIED;
}

void *work_memcpy(void *to, const void *from, size_t length)
{
    gone_over(length);
    return memcpy(to, from, length);
}

void *work_memmove(void *to, const void *from, size_t length)
{
    gone_over(length);
    return memmove(to, from, length);
}

void *work_memset(void *block, int value, size_t length)
{
    gone_over(length);
    return memset(block, value, length);
}

int work_memcmp(const void *a, const void *b, size_t length)
{
    gone_over(length);
    return memcmp(a, b, length);
}

void *work_memchr(const void *block, int value, size_t length)
{
    const char *found = memchr(block, value, length);
    gone_over(found != NULL ? (size_t)(found - (const char *)block) : length);
    return (void *)found;
}

size_t work_strlen(const char *string)
{
    const size_t length = strlen(string);
    gone_over(length);
    return length;
}

/* The length of the common prefix of two strings, at most `length`. */
static size_t same(const char *a, const char *b, size_t length)
{
    size_t i = 0;
    while (i < length && a[i] == b[i] && a[i] != '\0')
        i++;
    return i;
}

int work_strcmp(const char *a, const char *b)
{
    gone_over(same(a, b, SIZE_MAX));
    return strcmp(a, b);
}

int work_strncmp(const char *a, const char *b, size_t length)
{
    gone_over(same(a, b, length));
    return strncmp(a, b, length);
}

/* How many bytes of a string a search read. */
static char *found_in(const char *string, const char *found)
{
    gone_over(found != NULL ? (size_t)(found - string) : strlen(string));
    return (char *)found;
}

char *work_strchr(const char *string, int c)
{
    return found_in(string, strchr(string, c));
}

char *work_strrchr(const char *string, int c)
{
    gone_over(strlen(string));
    return strrchr(string, c);
}

char *work_strstr(const char *string, const char *part)
{
    return found_in(string, strstr(string, part));
}

size_t work_strcspn(const char *string, const char *set)
{
    const size_t length = strcspn(string, set);
    blocks += 1 + length;
    return length;
}

size_t work_strspn(const char *string, const char *set)
{
    const size_t length = strspn(string, set);
    blocks += 1 + length;
    return length;
}

/* ---- Other libraries ---- */

enum XML_Status work_parse(XML_Parser expat, int length, int is_final)
{
    size_t again = 0;
    if (expat_rest(expat, &again) == NULL)
        again = 0;
    blocks += SCANNED_TWICE * ((uint64_t)length + again);
    return XML_ParseBuffer(expat, length, is_final);
}

void work_pbkdf2_hmac_sha1(size_t key_length, const uint8_t *key, unsigned iterations, size_t salt_length,
                           const uint8_t *salt, size_t length, uint8_t *to)
{
    rounds += iterations;
    nettle_pbkdf2_hmac_sha1(key_length, key, iterations, salt_length, salt, length, to);
}

void work_pbkdf2_hmac_sha256(size_t key_length, const uint8_t *key, unsigned iterations, size_t salt_length,
                             const uint8_t *salt, size_t length, uint8_t *to)
{
    rounds += iterations;
    nettle_pbkdf2_hmac_sha256(key_length, key, iterations, salt_length, salt, length, to);
}
