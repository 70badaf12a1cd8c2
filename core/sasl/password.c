#include "sasl/password.h"

#include <stddef.h>
#include <string.h>
#include <stringprep.h>

/* SASLprep (RFC 4013) does not change ASCII and refuses its controls.  Only other passwords need libidn,
 * which does not overwrite its memory. */
bool password_prepare(char *out, const char *password, enum password_use use)
{
    size_t length = strlen(password);
    bool ascii = true, control = false;
    if (length == 0 || length > PASSWORD_MAX)
        return false;
    memcpy(out, password, length + 1);
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)password[i];
        ascii = ascii && c < 0x80;
        control = control || c < ' ' || c == 0x7F;
    }
    if (control || ascii)
        return !control;
    Stringprep_profile_flags flags = use == PASSWORD_STORED ? STRINGPREP_NO_UNASSIGNED : 0;
    return stringprep(out, PASSWORD_MAX + 1, flags, stringprep_saslprep) == STRINGPREP_OK && *out != '\0';
}
