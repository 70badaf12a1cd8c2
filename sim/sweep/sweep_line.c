#include "sweep_line.h"

#include <string.h>

bool line_take(const char **line, const char *word)
{
    const size_t length = strlen(word);
    if (strncmp(*line, word, length) != 0)
        return false;
    *line += length;
    return true;
}

bool line_take_number(const char **line, const char *word, unsigned base, uint64_t most, uint64_t *number)
{
    static const char digits[] = "0123456789abcdef";
    if (!line_take(line, word))
        return false;
    const char *const begin = *line;
    const char *digit;
    *number = 0;
    while (**line != '\0' && (digit = strchr(digits, **line)) != NULL && digit < digits + base) {
        const uint64_t value = (uint64_t)(digit - digits);
        if (value > most || *number > (most - value) / base)
            return false;
        *number = *number * base + value;
        ++*line;
    }
    return *line > begin;
}
