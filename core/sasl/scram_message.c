/* The messages of scram.h. */
#include "sasl/scram.h"

#include "base/utf8.h"

#include <assert.h>
#include <string.h>

/* Takes the next field off a message; `bytes` of the rest is NULL after the last field. */
static struct scram_span take_field(struct scram_span *rest)
{
    assert(rest->bytes != NULL);
    struct scram_span field = *rest;
    const char *comma = memchr(rest->bytes, ',', rest->length);
    if (comma == NULL) {
        *rest = (struct scram_span){ NULL, 0 };
        return field;
    }
    field.length = (size_t)(comma - field.bytes);
    rest->bytes = comma + 1;
    rest->length -= field.length + 1;
    return field;
}

/* Takes an attribute "name=value" with a value that is not empty. */
static bool take_attribute(struct scram_span *rest, char name, struct scram_span *value)
{
    if (rest->bytes == NULL)
        return false;
    struct scram_span field = take_field(rest);
    if (field.length < 3 || field.bytes[0] != name || field.bytes[1] != '=')
        return false;
    *value = (struct scram_span){ field.bytes + 2, field.length - 2 };
    return true;
}

/* An extension that may be ignored: a letter to which RFC 5802, 5.1 gives no meaning, and a value. */
static bool is_optional_extension(struct scram_span field)
{
    if (field.length < 3 || field.bytes[1] != '=')
        return false;
    char c = field.bytes[0];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter && strchr("anmrcsipve", c) == NULL;
}

/* saslname: an equals sign only begins =2C or =3D. */
static bool is_saslname(struct scram_span name)
{
    for (size_t i = 0; i < name.length; i++) {
        if (name.bytes[i] != '=')
            continue;
        if (name.length - i < 3 ||
            (memcmp(name.bytes + i, "=2C", 3) != 0 && memcmp(name.bytes + i, "=3D", 3) != 0))
            return false;
    }
    return name.length > 0;
}

/* printable: visible ASCII without commas; a field cannot contain those. */
static bool is_nonce(struct scram_span nonce)
{
    for (size_t i = 0; i < nonce.length; i++)
        if (nonce.bytes[i] < '!' || nonce.bytes[i] > '~')
            return false;
    return true;
}

static bool is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* cb-name: letters, digits, dots and hyphens. */
static bool is_binding_name(struct scram_span name)
{
    for (size_t i = 0; i < name.length; i++) {
        char c = name.bytes[i];
        if (!is_alphanumeric(c) && c != '.' && c != '-')
            return false;
    }
    return name.length > 0;
}

/* base64: groups of four characters, of which the last may end with one or two equals signs. */
static bool is_base64(struct scram_span text)
{
    size_t length = text.length;
    for (size_t padding = 0; padding < 2 && length > 0 && text.bytes[length - 1] == '='; padding++)
        length--;
    for (size_t i = 0; i < length; i++)
        if (!is_alphanumeric(text.bytes[i]) && text.bytes[i] != '+' && text.bytes[i] != '/')
            return false;
    return text.length % 4 == 0;
}

/* gs2-cbind-flag: "n", "y" or "p=" and the name of a channel binding type. */
static bool take_binding_flag(struct scram_span *rest, struct scram_client_first *first)
{
    struct scram_span flag = take_field(rest);
    if (flag.length == 0)
        return false;
    first->binding_flag = flag.bytes[0];
    if (flag.length == 1)
        return flag.bytes[0] == 'n' || flag.bytes[0] == 'y';
    first->binding = (struct scram_span){ flag.bytes + 2, flag.length - 2 };
    return flag.bytes[0] == 'p' && flag.bytes[1] == '=' && is_binding_name(first->binding);
}

static bool take_gs2_header(struct scram_span *rest, struct scram_client_first *first)
{
    const char *start = rest->bytes;
    if (!take_binding_flag(rest, first) || rest->bytes == NULL)
        return false;
    if (rest->length > 0 && rest->bytes[0] == ',')
        take_field(rest);
    else if (!take_attribute(rest, 'a', &first->authzid) || !is_saslname(first->authzid))
        return false;
    if (rest->bytes == NULL)
        return false;
    first->gs2_header = (struct scram_span){ start, (size_t)(rest->bytes - start) };
    return true;
}

bool scram_read_first(struct scram_client_first *first, const char *message, size_t length)
{
    assert(message != NULL);
    struct scram_span rest = { message, length };
    *first = (struct scram_client_first){ 0 };
    if (!utf8_valid(message, length) || !take_gs2_header(&rest, first))
        return false;
    first->bare = rest;
    if (!take_attribute(&rest, 'n', &first->username) || !is_saslname(first->username))
        return false;
    if (!take_attribute(&rest, 'r', &first->nonce) || !is_nonce(first->nonce))
        return false;
    while (rest.bytes != NULL)
        if (!is_optional_extension(take_field(&rest)))
            return false;
    return true;
}

bool scram_read_final(struct scram_client_final *last, const char *message, size_t length)
{
    assert(message != NULL);
    struct scram_span rest = { message, length };
    *last = (struct scram_client_final){ 0 };
    if (!utf8_valid(message, length))
        return false;
    if (!take_attribute(&rest, 'c', &last->channel_binding) || !take_attribute(&rest, 'r', &last->nonce) ||
        !is_base64(last->channel_binding) || !is_nonce(last->nonce))
        return false;
    while (rest.bytes != NULL && (rest.length == 0 || rest.bytes[0] != 'p'))
        if (!is_optional_extension(take_field(&rest)))
            return false;
    if (rest.bytes == NULL)
        return false;
    last->without_proof = (struct scram_span){ message, (size_t)(rest.bytes - 1 - message) };
    return take_attribute(&rest, 'p', &last->proof) && rest.bytes == NULL;
}

bool scram_decode_name(char *out, size_t room, size_t *length, struct scram_span saslname)
{
    assert(is_saslname(saslname));
    *length = 0;
    for (size_t i = 0; i < saslname.length; i++) {
        char c = saslname.bytes[i];
        if (c == '=') {
            c = saslname.bytes[i + 1] == '2' ? ',' : '=';
            i += 2;
        }
        if (*length == room)
            return false;
        out[(*length)++] = c;
    }
    return true;
}
