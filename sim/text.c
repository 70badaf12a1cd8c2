#include "text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void text_reserve(struct text *text, size_t more)
{
    size_t needed = text->length + more + 1;
    if (needed <= text->capacity) {
        return;
    }
    size_t capacity = text->capacity == 0 ? 128 : text->capacity * 2;
    if (capacity < needed) {
        capacity = needed;
    }
    char *bytes = realloc(text->bytes, capacity);
    if (bytes == NULL) {
        abort();
    }
    text->bytes = bytes;
    text->capacity = capacity;
}

void text_number(struct text *text, uint64_t number)
{
    char digits[20];
    size_t first = sizeof digits;
    do {
        digits[--first] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    text_append(text, digits + first, sizeof digits - first);
}

void text_repeat(struct text *text, char byte, size_t times)
{
    text_reserve(text, times);
    memset(text->bytes + text->length, byte, times);
    text->length += times;
    text->bytes[text->length] = '\0';
}

char *text_take(struct text *text)
{
    text_reserve(text, 0);
    text->bytes[text->length] = '\0';
    char *bytes = text->bytes;
    *text = (struct text){ 0 };
    return bytes;
}

void text_free(struct text *text)
{
    free(text->bytes);
    *text = (struct text){ 0 };
}

bool text_read_number(const char *text, uint64_t most, uint64_t *number)
{
    uint64_t value = 0;
    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9')
            return false;
        uint64_t digit = (uint64_t)(*text - '0');
        if (value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *number = value;
    return value <= most;
}
