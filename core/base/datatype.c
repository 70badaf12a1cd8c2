#include "base/datatype.h"

#include <stddef.h>
#include <string.h>

static const char white_space[] = " \t\n\r";

/* Removes the white space around a value: the facet "collapse" for a value without white space inside. */
static const char *trim(const char *text, size_t *length)
{
    text += strspn(text, white_space);
    *length = strlen(text);
    while (*length > 0 && strchr(white_space, text[*length - 1]) != NULL)
        --*length;
    return text;
}

bool datatype_integer(int64_t *value, const char *text)
{
    size_t length, at = 0;
    if (text == NULL)
        return false;
    text = trim(text, &length);
    bool negative = *text == '-';
    if (*text == '-' || *text == '+')
        at++;
    if (at == length || at + strspn(text + at, "0123456789") != length)
        return false;
    int64_t sum = 0; /* negative: that range has one more value */
    for (; at < length; at++) {
        int digit = text[at] - '0';
        sum = sum < (INT64_MIN + digit) / 10 ? INT64_MIN : sum * 10 - digit;
    }
    *value = negative ? sum : sum == INT64_MIN ? INT64_MAX : -sum;
    return true;
}

bool datatype_true(const char *text)
{
    size_t length;
    if (text == NULL)
        return false;
    text = trim(text, &length);
    return (length == 4 && memcmp(text, "true", 4) == 0) || (length == 1 && *text == '1');
}
