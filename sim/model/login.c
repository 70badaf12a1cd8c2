#include "login.h"

#include "../client/scram.h"
#include "../must.h"
#include "../world/disk.h"
#include "account_facts.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_SIZE = 1024 };

/* ---- Messages ---- */

static void exchange_free(struct exchange *exchange)
{
    free(exchange->mechanism);
    free(exchange->first);
    free(exchange->challenge);
    free(exchange->last);
    *exchange = (struct exchange){ 0 };
}

void login_free(struct login *login)
{
    for (size_t i = 0; i < login->count; i++)
        exchange_free(&login->exchanges[i]);
    *login = (struct login){ 0 };
}

/* The message in an element, decoded; "=" is an empty one, and nothing is none (RFC 6120, 6.4.2). */
static char *read_message(const struct scanned *scanned, size_t *length)
{
    const struct span inside = scanned->inside;
    struct text text = { 0 };
    *length = 0;
    if (inside.length == 0)
        return NULL;
    if (memchr(inside.bytes, '&', inside.length) == NULL && memchr(inside.bytes, '<', inside.length) == NULL)
        text_append(&text, inside.bytes, inside.length);
    else
        span_parse(inside, false, &text);
    text_append(&text, "", 1);
    char *message = strcmp(text.bytes, "=") == 0 ? must(strdup("")) : sasl_decode(text.bytes, length);
    text_free(&text);
    return message;
}

/* NULL when there is no room for one more. */
static struct exchange *begin(struct login *login)
{
    if (login->count == EXCHANGES_MOST) {
        login->has_more = true;
        return NULL;
    }
    struct exchange *exchange = &login->exchanges[login->count++];
    exchange->begun = login->came;
    return exchange;
}

static void say_first(const struct login *login, struct exchange *exchange, char *message, size_t length)
{
    exchange->first = message;
    exchange->first_length = length;
    exchange->said = message != NULL ? login->came : 0;
}

static void auth_arrived(struct login *login, const struct scanned *scanned)
{
    char mechanism[64];
    size_t length;
    struct exchange *exchange = begin(login);
    if (exchange == NULL)
        return;
    (void)span_resolve(tag_attribute(&scanned->tag, "mechanism"), mechanism, sizeof mechanism);
    exchange->mechanism = must(strdup(mechanism));
    char *message = read_message(scanned, &length);
    say_first(login, exchange, message, length);
}

static void response_arrived(struct login *login, const struct scanned *scanned)
{
    struct exchange *exchange = login->count > 0 ? &login->exchanges[login->count - 1] : begin(login);
    size_t length;
    char *message = read_message(scanned, &length);
    if (exchange == NULL || exchange->last != NULL) {
        free(message);
    } else if (exchange->first == NULL) {
        say_first(login, exchange, message, length);
    } else {
        exchange->last = message;
    }
}

void login_arrived(struct login *login, const struct scanned *scanned)
{
    const struct span name = scanned->tag.name;
    const bool is_auth = span_is_local_name(name, "auth"), is_response = span_is_local_name(name, "response");
    if (!is_auth && !is_response && !span_is_local_name(name, "abort"))
        return;
    login->came++;
    if (is_auth)
        auth_arrived(login, scanned);
    else if (is_response)
        response_arrived(login, scanned);
    else if (login->count == 0)
        (void)begin(login);
}

/* How many of the exchanges had begun with the element that was answered last; it belonged to the last of them. */
static size_t begun_when_answered(const struct login *login)
{
    size_t begun = login->count;
    while (begun > 0 && login->exchanges[begun - 1].begun > login->answered)
        begun--;
    return begun;
}

static void forget_oldest(struct login *login, size_t count)
{
    for (size_t i = 0; i < count; i++)
        exchange_free(&login->exchanges[i]);
    login->count -= count;
    memmove(login->exchanges, &login->exchanges[count], login->count * sizeof *login->exchanges);
    memset(&login->exchanges[login->count], 0, count * sizeof *login->exchanges);
}

/* One that answers an <auth/> without a message is empty, and none of the mechanism (RFC 6120, 6.4.2). */
static void challenge_left(struct login *login, const struct scanned *scanned)
{
    struct exchange *exchange = &login->exchanges[0];
    size_t length;
    if (exchange->said == login->answered && exchange->challenge == NULL)
        exchange->challenge = read_message(scanned, &length);
}

/* A challenge leaves for the exchange that goes on, which has replaced all before it (RFC 6120, 6.4.2). */
static void answer_left(struct login *login, const struct scanned *scanned, bool is_challenge)
{
    login->answered++;
    const size_t begun = begun_when_answered(login);
    forget_oldest(login, is_challenge && begun > 0 ? begun - 1 : begun);
    if (is_challenge && begun > 0)
        challenge_left(login, scanned);
}

void login_departed(struct login *login, const struct scanned *scanned)
{
    const bool is_challenge = span_is(scanned->tag.name, "challenge");
    if (span_is(scanned->tag.name, "success"))
        login_free(login);
    else if ((is_challenge || span_is(scanned->tag.name, "failure")) && login->answered < login->came)
        answer_left(login, scanned, is_challenge);
}

/* ---- Accounts ---- */

struct asked {
    char user[NAME_SIZE], host[NAME_SIZE];
    const char *why;
};

/* The keys of an account for a mechanism; `why` is set when there are none that let anybody in (RFC 6120, 6.5.2). */
static const char *keys_of(const struct disk *disk, struct asked *asked, const char *mechanism)
{
    const char *keys = disk_get(disk, asked->user, asked->host, CORE_STORE_ACCOUNT, mechanism);
    if (keys == NULL)
        asked->why = "the account has no keys, or is none";
    else if (disk_get(disk, asked->user, asked->host, CORE_STORE_ACCOUNT, "status") != NULL)
        asked->why = "the account may not log in";
    return asked->why == NULL ? keys : NULL;
}

static enum success wrong(struct asked *asked, const char *why)
{
    if (asked->why == NULL)
        asked->why = why;
    return SUCCESS_WRONG;
}

/* ---- ANONYMOUS ---- */

/* No password is asked for where the settings let anonymous users in. */
static enum success judge_anonymous(const struct core_settings *settings, struct asked *asked)
{
    for (size_t i = 0; i < settings->anonymous_host_count; i++)
        if (strcmp(settings->anonymous_hosts[i], asked->host) == 0)
            return SUCCESS_DESERVED;
    return wrong(asked, "the host has no anonymous users");
}

/* ---- PLAIN ---- */

/* Whether an authorization identity is that of the account itself, or absent (RFC 6120, 6.3.8). */
static bool is_own(struct span identity, struct span name, const char *host)
{
    const struct address acts_for = address_split(identity);
    const struct address own = { .local = name, .domain = { host, strlen(host) } };
    return identity.length == 0 || address_same(&acts_for, &own) == ALIKE_YES;
}

/* authzid NUL authcid NUL passwd (RFC 4616, 2). */
static enum success judge_plain(const struct exchange *exchange, const struct disk *disk, struct asked *asked)
{
    static const char mechanism[] = "SCRAM-SHA-256";
    const char *message = exchange->first, *end = message + exchange->first_length;
    const char *user = memchr(message, '\0', exchange->first_length);
    const char *password = user != NULL ? memchr(user + 1, '\0', (size_t)(end - user - 1)) : NULL;
    if (password == NULL)
        return wrong(asked, "its message is none of the mechanism");
    const struct span name = { user + 1, (size_t)(password - user - 1) };
    const struct span identity = { message, (size_t)(user - message) };
    if (disk == NULL || !is_own(identity, name, asked->host) ||
        !address_read_part(name, asked->user, NAME_SIZE))
        return SUCCESS_UNKNOWN;
    const char *keys = keys_of(disk, asked, mechanism);
    if (keys == NULL || strlen(password + 1) != (size_t)(end - password - 1) ||
        !scram_is_secret_of(keys, mechanism, password + 1))
        return wrong(asked, "its password is not that of the account");
    return SUCCESS_DESERVED;
}

/* ---- SCRAM ---- */

/* The parts of the client's first message (RFC 5802, 7). */
struct scram_first {
    struct span gs2_header, user;
    const char *bare;
    bool has_identity; /* an authorization identity */
};

static bool read_first(const struct exchange *exchange, struct scram_first *first)
{
    const char *message = exchange->first, *comma = strchr(message, ',');
    const char *second = comma != NULL ? strchr(comma + 1, ',') : NULL;
    if (second == NULL || strncmp(second + 1, "n=", 2) != 0)
        return false;
    first->gs2_header = (struct span){ message, (size_t)(second + 1 - message) };
    first->has_identity = second > comma + 1;
    first->bare = second + 1;
    first->user = (struct span){ first->bare + 2, strcspn(first->bare + 2, ",") };
    return true;
}

/* c=BINDING,r=NONCE[,...],p=PROOF */
struct scram_last {
    char *binding; /* decoded; owned */
    size_t binding_length;
    struct span nonce, covered;
    const char *proof;
};

static bool read_last(const char *message, struct scram_last *last)
{
    const char *nonce = strstr(message, ",r=");
    *last = (struct scram_last){ .binding = NULL };
    if (strncmp(message, "c=", 2) != 0 || nonce == NULL || strchr(message, ',') != nonce)
        return false;
    for (const char *at = nonce; (at = strstr(at + 1, ",p=")) != NULL;)
        last->proof = at + strlen(",p=");
    if (last->proof == NULL)
        return false;
    last->nonce = (struct span){ nonce + 3, strcspn(nonce + 3, ",") };
    last->covered = (struct span){ message, (size_t)(last->proof - strlen(",p=") - message) };
    char *coded = must(strndup(message + 2, (size_t)(nonce - message - 2)));
    last->binding = sasl_decode(coded, &last->binding_length);
    free(coded);
    return last->binding != NULL;
}

static bool proves(const struct scram_first *first, const char *challenge, const struct scram_last *last,
                   const char *keys, const char *mechanism)
{
    struct text message = { 0 };
    text_string(&message, first->bare);
    text_string(&message, ",");
    text_string(&message, challenge);
    text_string(&message, ",");
    text_append(&message, last->covered.bytes, last->covered.length);
    text_append(&message, "", 1);
    const bool is_proof = scram_is_proof_of(keys, mechanism, message.bytes, last->proof);
    text_free(&message);
    return is_proof;
}

/* The nonce must be the server's, and the binding that of the first message; with data of the channel it may be
 * (RFC 5802, 5.1 and 6). */
static enum success compare(const struct scram_first *first, const char *challenge,
                            const struct scram_last *last, struct asked *asked)
{
    const size_t header = first->gs2_header.length;
    const struct span nonce = { challenge + 2, strcspn(challenge, ",") - 2 };
    const bool has_data = first->gs2_header.bytes[0] == 'p';
    if (strncmp(challenge, "r=", 2) != 0 || !span_equal(nonce, last->nonce))
        return wrong(asked, "its nonce is not that of the challenge");
    if (last->binding_length < header || memcmp(last->binding, first->gs2_header.bytes, header) != 0 ||
        (!has_data && last->binding_length > header))
        return wrong(asked, "its channel binding is not that of the first message");
    return has_data ? SUCCESS_POSSIBLE : SUCCESS_DESERVED;
}

static enum success judge_scram(const struct exchange *exchange, const struct disk *disk, struct asked *asked,
                                const char *mechanism)
{
    struct scram_first first;
    struct scram_last last = { .binding = NULL };
    enum success success;
    if (!read_first(exchange, &first))
        return wrong(asked, "its first message is none of the mechanism");
    if (first.has_identity || memchr(first.user.bytes, '=', first.user.length) != NULL ||
        !address_read_part(first.user, asked->user, NAME_SIZE))
        return SUCCESS_UNKNOWN;
    if (exchange->challenge == NULL || exchange->last == NULL)
        return wrong(asked, "the client has not answered a challenge");
    if (disk == NULL)
        return SUCCESS_UNKNOWN;
    const char *keys = keys_of(disk, asked, mechanism);
    if (!read_last(exchange->last, &last))
        success = wrong(asked, "its last message is none of the mechanism");
    else if (keys == NULL || !proves(&first, exchange->challenge, &last, keys, mechanism))
        success = wrong(asked, "its proof is not that of the password");
    else
        success = compare(&first, exchange->challenge, &last, asked);
    free(last.binding);
    return success;
}

/* ---- Successes ---- */

static enum success judge_exchange(const struct exchange *exchange, const struct disk *disk,
                                   const struct core_settings *settings, struct asked *asked)
{
    const char *mechanism = exchange->mechanism;
    asked->why = NULL;
    asked->user[0] = '\0';
    if (mechanism == NULL)
        return wrong(asked, "nobody asked for it");
    if (strcmp(mechanism, "ANONYMOUS") == 0)
        return judge_anonymous(settings, asked);
    const bool is_sha1 = strcmp(mechanism, "SCRAM-SHA-1") == 0 || strcmp(mechanism, "SCRAM-SHA-1-PLUS") == 0;
    const bool is_sha256 =
        strcmp(mechanism, "SCRAM-SHA-256") == 0 || strcmp(mechanism, "SCRAM-SHA-256-PLUS") == 0;
    const bool is_plain = strcmp(mechanism, "PLAIN") == 0;
    if (!is_sha1 && !is_sha256 && !is_plain)
        return SUCCESS_UNKNOWN;
    if (exchange->first == NULL)
        return wrong(asked, "the client has not sent a message of the mechanism");
    if (is_plain)
        return judge_plain(exchange, disk, asked);
    return judge_scram(exchange, disk, asked, is_sha1 ? "SCRAM-SHA-1" : "SCRAM-SHA-256");
}

static uint64_t account_of(const struct asked *asked)
{
    const struct address name = { .local = { asked->user, strlen(asked->user) },
                                  .domain = { asked->host, strlen(asked->host) } };
    return asked->user[0] != '\0' ? account_hash(&name) : 0;
}

enum success login_judge(const struct login *login, const struct disk *disk,
                         const struct core_settings *settings, struct span host, const char **why,
                         uint64_t *account)
{
    struct asked asked = { .why = NULL };
    enum success best = SUCCESS_WRONG;
    *account = 0;
    *why = "no exchange is under way";
    if (login->has_more || !address_read_part(address_split(host).domain, asked.host, NAME_SIZE) ||
        strstr(asked.host, "xn--") != NULL) /* an A-label, which has another form (RFC 7622, 3.2) */
        return SUCCESS_UNKNOWN;
    for (size_t i = 0; i < login->count; i++) {
        const enum success success = judge_exchange(&login->exchanges[i], disk, settings, &asked);
        if (success == SUCCESS_WRONG)
            *why = asked.why;
        if (success < best) {
            best = success;
            *account = account_of(&asked);
        }
    }
    if (login->count == 1 || best >= SUCCESS_UNKNOWN)
        return best;
    *account = 0;
    return SUCCESS_POSSIBLE;
}
