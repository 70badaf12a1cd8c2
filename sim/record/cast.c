#include "record_private.h"

#include <stdio.h>
#include <stdlib.h>

static bool is_same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* ---- Names ---- */

/* Whether a text can be part of a name: letters, digits and a few marks, or anything beyond ASCII. */
static bool is_simple(const char *text)
{
    enum { LONGEST = 24 };
    size_t length = 0;
    for (; text[length] != '\0'; length++) {
        const char c = text_small(text[length]);
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
              (unsigned char)c >= 0x80))
            return false;
    }
    return length > 0 && length <= LONGEST && !(text[0] >= '0' && text[0] <= '9') && text[0] != '-';
}

static bool is_taken(const struct record *record, const char *name)
{
    size_t i = 0;
    while (i < record->role_count && strcmp(record->roles[i].name, name) != 0)
        i++;
    return i < record->role_count;
}

/* "Romeo"; for another client of the account, "Romeo's phone" by its resource, or "Romeo 2". */
static const char *name_for(struct record *record, const char *local, const char *resource)
{
    char first[32], name[80];
    (void)snprintf(first, sizeof first, "%s", is_simple(local) ? local : "Client");
    if (first[0] >= 'a' && first[0] <= 'z')
        first[0] = (char)(first[0] - 'a' + 'A');
    (void)snprintf(name, sizeof name, "%s", first);
    if (is_taken(record, name) && resource != NULL && is_simple(resource))
        (void)snprintf(name, sizeof name, "%s's %s", first, resource);
    for (unsigned number = 2; is_taken(record, name); number++)
        (void)snprintf(name, sizeof name, "%s %u", first, number);
    return record_string(record, name);
}

/* ---- Who is who ---- */

static bool is_over(const struct record *record, const struct role *role, const struct connection *connection)
{
    const struct connection *last = record->connections[role->last];
    return last->closed != NO_PASSAGE && last->closed < connection->opened;
}

/* Whether the connection can be the next one of this character: the same account and the same resource, one connection
 * at a time.  A connection that got nowhere belongs to any of its account. */
static bool plays(const struct record *record, const struct role *role, const struct connection *connection,
                  const char *local, const char *domain)
{
    if (strcmp(role->local, local) != 0 || strcmp(role->domain, domain) != 0)
        return false;
    const struct connection *last = record->connections[role->last];
    if (connection->previous != NULL && is_same(last->session, connection->previous))
        return true;
    if (connection->full_jid == NULL && last->session != NULL)
        return false; /* the session may be resumed */
    return is_over(record, role, connection) && (is_same(role->resource, connection->resource) ||
                                                 !role->authenticated || connection->full_jid == NULL);
}

static struct role *add_role(struct record *record, const char *local, const char *domain,
                             const char *resource)
{
    const char *name = name_for(record, local, resource);
    record->roles = must(realloc(record->roles, (record->role_count + 1) * sizeof *record->roles));
    struct role *role = &record->roles[record->role_count++];
    *role = (struct role){ .name = name, .local = local, .domain = domain };
    return role;
}

/* What a login says of its character. */
static void learn(struct role *role, const struct connection *connection)
{
    if (connection->authenticated && !role->authenticated) {
        role->authenticated = true;
        role->mechanism = connection->mechanism;
    }
    if (connection->full_jid != NULL)
        role->resource = connection->resource;
    if (connection->status != NULL)
        role->status = connection->status;
    role->last = connection->number;
}

static const char *in_small_letters(struct record *record, const char *text)
{
    struct text small = { 0 };
    text_string(&small, text);
    for (size_t i = 0; i < small.length; i++)
        small.bytes[i] = text_small(small.bytes[i]);
    const char *kept = record_bytes(record, small.bytes, small.length);
    text_free(&small);
    return kept;
}

/* The account: that of the resource that the server bound, else the one that the client named, in small letters as a
 * server keeps it (RFC 7622, 3.3.1). */
static void identify(struct record *record, const struct connection *connection, const char **local,
                     const char **domain)
{
    const char *full = connection->full_jid;
    const char *at = full != NULL ? strchr(full, '@') : NULL;
    *local = connection->user != NULL ? in_small_letters(record, connection->user) : "somebody";
    *domain = connection->domain != NULL ? connection->domain : "localhost";
    const char *bound_local = at != NULL ? record_bytes(record, full, (size_t)(at - full)) : "";
    const char *bound_domain = at != NULL ? record_bytes(record, at + 1, strcspn(at + 1, "/")) : "";
    if (!is_part_of_jid(bound_local) || !is_part_of_jid(bound_domain))
        return;
    *local = bound_local;
    *domain = bound_domain;
}

static void give_role(struct record *record, struct connection *connection)
{
    const char *local, *domain;
    struct role *role = NULL;
    identify(record, connection, &local, &domain);
    for (size_t i = 0; i < record->role_count && role == NULL; i++)
        if (plays(record, &record->roles[i], connection, local, domain))
            role = &record->roles[i];
    if (role == NULL)
        role = add_role(record, local, domain, connection->resource);
    learn(role, connection);
    connection->role = (size_t)(role - record->roles);
}

/* ---- Passwords ---- */

static const char *secret_of(const struct record *record, const struct role *role)
{
    for (size_t i = 0; i < record->options.secret_count; i++) {
        const char *jid = record->options.secrets[i].jid;
        const size_t local = strlen(role->local);
        if (strncmp(jid, role->local, local) == 0 && jid[local] == '@' &&
            strcmp(jid + local + 1, role->domain) == 0)
            return record->options.secrets[i].password;
    }
    return NULL;
}

/* The one that a client of the account logged in with in clear. */
static const char *heard_password(const struct record *record, const struct role *role)
{
    for (size_t i = 0; i < record->connection_count; i++) {
        const struct connection *connection = record->connections[i];
        const struct role *other = &record->roles[connection->role];
        if (connection->authenticated && connection->password != NULL &&
            strcmp(other->local, role->local) == 0 && strcmp(other->domain, role->domain) == 0)
            return connection->password;
    }
    return NULL;
}

static bool has_logged_in(const struct record *record, const struct role *role)
{
    for (size_t i = 0; i < record->role_count; i++)
        if (record->roles[i].authenticated && strcmp(record->roles[i].local, role->local) == 0 &&
            strcmp(record->roles[i].domain, role->domain) == 0)
            return true;
    return false;
}

const char *unknown_password(struct record *record, const struct role *role)
{
    struct text text = { 0 };
    text_string(&text, "${password of ");
    text_string(&text, role->local);
    text_string(&text, "@");
    text_string(&text, role->domain);
    text_string(&text, "}");
    const char *kept = record_string(record, text.bytes);
    text_free(&text);
    return kept;
}

/* An account into which nobody has logged in does not exist, as far as the recording knows. */
static void give_password(struct record *record, struct role *role)
{
    role->password = secret_of(record, role);
    if (role->password == NULL)
        role->password = heard_password(record, role);
    if (role->password == NULL && (has_logged_in(record, role) || role->status != NULL))
        role->password = unknown_password(record, role);
}

/* ---- Logins ---- */

/* In a step only what differs from the character is said.  A password that was refused, and not sent, is a wrong one. */
static void shorten_login(const struct role *role, struct step *step)
{
    const bool fails = step->verb == STEP_FAILS_TO_AUTHENTICATE;
    if (is_same(step->user, role->local))
        step->user = NULL;
    if (fails && step->password == NULL && role->password != NULL &&
        strcmp(step->condition, "not-authorized") == 0)
        step->password = "wrong";
    if (is_same(step->password, role->password) || (!fails && role->password == NULL))
        step->password = NULL;
}

/* A restart goes to the same host; to another one, it is a stream like the first. */
static void shorten_header(const struct role *role, struct step *step)
{
    if (step->properties == NULL)
        return;
    assert(strcmp(step->properties->name, "to") == 0);
    if (is_same(step->properties->value, role->domain))
        step->properties = step->properties->next;
    else
        step->verb = STEP_OPENS_STREAM;
}

static void finish_step(const struct role *role, struct step *step)
{
    if (step->verb == STEP_AUTHENTICATES || step->verb == STEP_FAILS_TO_AUTHENTICATE)
        shorten_login(role, step);
    if (step->verb == STEP_OPENS_STREAM || step->verb == STEP_RESTARTS_STREAM)
        shorten_header(role, step);
}

static void finish_logins(struct record *record, struct connection *connection)
{
    const struct role *role = &record->roles[connection->role];
    for (size_t i = 0; i < connection->own_count; i++) {
        struct step *step = own_passage(connection, i)->step;
        if (step != NULL)
            finish_step(role, step);
    }
    if (is_same(connection->mechanism, role->mechanism) && is_same(connection->user, role->local))
        join_login(connection);
}

void cast_roles(struct record *record)
{
    for (size_t i = 0; i < record->connection_count; i++)
        give_role(record, record->connections[i]);
    for (size_t i = 0; i < record->role_count; i++)
        give_password(record, &record->roles[i]);
    for (size_t i = 0; i < record->connection_count; i++)
        finish_logins(record, record->connections[i]);
}
