#include "base/language.h"

#include <string.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

enum { SUBTAG_MAX = 8 };

bool language_is_tag(const char *text)
{
    if (strlen(text) > LANGUAGE_MAX)
        return false;
    size_t length = strspn(text, LETTERS);
    while (length >= 1 && length <= SUBTAG_MAX) {
        text += length;
        if (*text == '\0')
            return true;
        if (*text++ != '-')
            return false;
        length = strspn(text, LETTERS "0123456789");
    }
    return false;
}
