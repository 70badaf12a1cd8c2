#include "guided_edges.h"

#include <string.h>

static uint8_t *begin, *end;

/* Called once for each object file before main, each time with the counters of all of them.  It is weak:
 * libFuzzer has one of its own. */
/* NOLINTNEXTLINE(bugprone-reserved-identifier): the compiler's name */
__attribute__((weak)) void __sanitizer_cov_8bit_counters_init(uint8_t *first, uint8_t *last);
/* NOLINTNEXTLINE(bugprone-reserved-identifier) */
void __sanitizer_cov_8bit_counters_init(uint8_t *first, uint8_t *last)
{
    begin = first;
    end = last;
}

const uint8_t *guided_edges_counters(size_t *count)
{
    *count = (size_t)(end - begin);
    return begin;
}

void guided_edges_clear(void)
{
    if (begin != end)
        memset(begin, 0, (size_t)(end - begin));
}
