#include "record_private.h"

#include <nettle/base64.h>

/* An exchange of SASL (RFC 6120, 6.4) as its passages say it. */
struct exchange {
    const char *mechanism;
    struct text message; /* the client's first, decoded */
    size_t last;         /* the place of the client's last message */
    size_t end;          /* behind the outcome */
    const char *refusal; /* the condition; NULL for success */
};

static bool is_sasl(const struct passage *passage)
{
    return passage->kind == PASSAGE_ELEMENT && strcmp(passage->element->ns, NS_SASL) == 0;
}

/* Appends what the base64 in an element stands for.  Returns false when it is none. */
static bool decode(const struct xml *element, struct text *out)
{
    struct base64_decode_ctx context;
    base64_decode_init(&context);
    const size_t before = out->length;
    for (const struct xml *run = element->children; run != NULL; run = run->next) {
        const size_t length = run->text != NULL ? strlen(run->text) : 0;
        size_t decoded = 0;
        text_reserve(out, BASE64_DECODE_LENGTH(length) + 1);
        if (length > 0 &&
            !base64_decode_update(&context, &decoded, (uint8_t *)out->bytes + out->length, length, run->text))
            return false;
        out->length += decoded;
        out->bytes[out->length] = '\0';
    }
    return out->length > before && base64_decode_final(&context);
}

/* Without an initial response, the first response is the first message. */
static bool answer_came(const struct xml *element, bool is_first, struct exchange *exchange)
{
    if (strcmp(element->name, "response") != 0)
        return false;
    return !is_first || exchange->message.length > 0 || decode(element, &exchange->message);
}

/* Whether the server's element ends the exchange. */
static bool is_outcome(const struct xml *element, struct exchange *exchange)
{
    if (strcmp(element->name, "failure") == 0 && xml_first_element(element) != NULL)
        exchange->refusal = xml_first_element(element)->name;
    return strcmp(element->name, "success") == 0 || exchange->refusal != NULL;
}

/* Whether all of the exchange is there, and nothing else among it. */
static bool follow(const struct connection *connection, size_t at, struct exchange *exchange)
{
    const struct xml *auth = own_passage(connection, at)->element;
    exchange->mechanism = xml_get(auth, "mechanism");
    exchange->last = at;
    (void)decode(auth, &exchange->message);
    for (size_t i = at + 1; i < connection->own_count; i++) {
        const struct passage *passage = own_passage(connection, i);
        if (!is_sasl(passage))
            return false;
        if (passage->by_client) {
            if (!answer_came(passage->element, exchange->last == at, exchange))
                return false;
            exchange->last = i;
        } else if (is_outcome(passage->element, exchange)) {
            exchange->end = i + 1;
            return true;
        } else if (strcmp(passage->element->name, "challenge") != 0) {
            return false;
        }
    }
    return false;
}

/* ---- Who it is ---- */

struct login {
    const char *user, *password; /* `password` is NULL when it was not sent */
};

/* authzid NUL authcid NUL password (RFC 4616, 2) */
static bool read_plain(struct record *record, const struct text *message, struct login *login)
{
    const char *end = message->bytes + message->length;
    const char *user = message->bytes + 1;
    const char *password = user < end ? memchr(user, '\0', (size_t)(end - user)) : NULL;
    if (message->length < 3 || message->bytes[0] != '\0' || password == NULL ||
        memchr(password + 1, '\0', (size_t)(end - password - 1)) != NULL)
        return false;
    login->user = record_string(record, user);
    login->password = record_bytes(record, password + 1, (size_t)(end - password - 1));
    return true;
}

/* A name in SCRAM without its escapes, "=2C" and "=3D" (RFC 5802, 5.1). */
static const char *unescaped(struct record *record, const char *name, size_t length)
{
    struct text text = { 0 };
    for (size_t i = 0; i < length; i++) {
        const bool comma = length - i >= 3 && memcmp(name + i, "=2C", 3) == 0;
        const bool equals = length - i >= 3 && memcmp(name + i, "=3D", 3) == 0;
        text_append(&text, comma ? "," : equals ? "=" : name + i, 1);
        i += comma || equals ? 2 : 0;
    }
    const char *kept = record_bytes(record, text.bytes != NULL ? text.bytes : "", text.length);
    text_free(&text);
    return kept;
}

/* "n,,n=user,r=..." (RFC 5802, 7) */
static bool read_scram(struct record *record, const struct text *message, struct login *login)
{
    const char *bytes = message->bytes;
    if (strncmp(bytes, "n,,n=", 5) != 0 && strncmp(bytes, "y,,n=", 5) != 0)
        return false;
    const char *name = bytes + strlen("n,,n=");
    login->user = unescaped(record, name, strcspn(name, ","));
    return true;
}

/* Whether the head of a file can say so. */
static bool is_sayable(const struct login *login)
{
    return is_part_of_jid(login->user) && (login->password == NULL || is_value_of_head(login->password));
}

static bool read_login(struct record *record, const struct exchange *exchange, struct login *login)
{
    static const struct {
        const char *mechanism;
        bool (*read)(struct record *record, const struct text *message, struct login *login);
    } mechanisms[] = {
        { "PLAIN", read_plain },
        { "SCRAM-SHA-1", read_scram },
        { "SCRAM-SHA-256", read_scram },
    };
    for (size_t i = 0; i < sizeof mechanisms / sizeof mechanisms[0]; i++)
        if (exchange->mechanism != NULL && strcmp(exchange->mechanism, mechanisms[i].mechanism) == 0)
            return exchange->message.length > 0 && mechanisms[i].read(record, &exchange->message, login) &&
                   is_sayable(login);
    return false;
}

/* ---- Its step ---- */

/* Whether the language can make an exchange end like that: other refusals are of messages that are malformed. */
static bool is_usual(const char *refusal)
{
    static const char *const usual[] = { "not-authorized", "account-disabled", "credentials-expired" };
    for (size_t i = 0; refusal != NULL && i < sizeof usual / sizeof usual[0]; i++)
        if (strcmp(refusal, usual[i]) == 0)
            return true;
    return refusal == NULL;
}

static void note_login(struct connection *connection, const struct exchange *exchange,
                       const struct login *login)
{
    const bool succeeded = exchange->refusal == NULL;
    if (succeeded || connection->user == NULL)
        connection->user = login->user;
    if (!succeeded && strcmp(exchange->refusal, "account-disabled") == 0)
        connection->status = "disabled";
    if (!succeeded && strcmp(exchange->refusal, "credentials-expired") == 0)
        connection->status = "expired";
    if (!succeeded)
        return;
    connection->authenticated = true;
    connection->password = login->password;
    connection->mechanism = record_string(connection->record, exchange->mechanism);
}

size_t read_sasl(struct connection *connection, size_t at)
{
    struct exchange exchange = { .end = at };
    struct login login = { NULL, NULL };
    struct record *record = connection->record;
    if (follow(connection, at, &exchange) && is_usual(exchange.refusal) &&
        read_login(record, &exchange, &login)) {
        struct passage *last = own_passage(connection, exchange.last);
        struct step *step =
            step_at(record, last, exchange.refusal == NULL ? STEP_AUTHENTICATES : STEP_FAILS_TO_AUTHENTICATE);
        step->mechanism = record_string(record, exchange.mechanism);
        step->user = login.user;
        step->password = login.password;
        step->condition = exchange.refusal != NULL ? record_string(record, exchange.refusal) : NULL;
        note_login(connection, &exchange, &login);
    } else {
        exchange.end = at;
    }
    text_free(&exchange.message);
    return exchange.end;
}
