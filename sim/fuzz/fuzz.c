#include "fuzz.h"

#include "../client/scram.h"
#include "../xml/xml.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool fuzz_replays;

uint8_t fuzz_byte(struct fuzz_input *input)
{
    if (input->left == 0)
        return 0;
    input->left--;
    return *input->at++;
}

size_t fuzz_below(struct fuzz_input *input, size_t limit)
{
    size_t number = fuzz_byte(input);
    if (limit > 256)
        number = number << 8 | fuzz_byte(input);
    return number % limit;
}

const char *fuzz_until(struct fuzz_input *input, uint8_t end, size_t *length)
{
    const uint8_t *text = input->at;
    const uint8_t *found = input->left > 0 ? memchr(text, end, input->left) : NULL;
    *length = found != NULL ? (size_t)(found - text) : input->left;
    size_t taken = *length + (found != NULL);
    input->at += taken;
    input->left -= taken;
    return (const char *)text;
}

_Noreturn void fuzz_fail_at(const char *file, int line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "fuzz_check: %s:%d: ", file, line);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    abort();
}

/* The core has no global state (`make symbols`). */
void fuzz_forget(void)
{
    scram_forget();
    xml_forget();
}

/* For AddressSanitizer.  Freed memory is kept from use for 8 megabytes of later frees, which is more than one input
 * has, and not for 256: fresh pages for each input would take more than half of the time. */
/* NOLINTNEXTLINE(bugprone-reserved-identifier): the sanitizer's name */
const char *__asan_default_options(void);
/* NOLINTNEXTLINE(bugprone-reserved-identifier) */
const char *__asan_default_options(void)
{
    return "quarantine_size_mb=8";
}
