#include "sasl/certificate.h"

#include <string.h>

/* Finds the next address at a domain, from an index on. */
static bool next_address(const struct core_tls *tls, const char *domain, size_t *index, struct jid *jid)
{
    for (; tls != NULL && *index < tls->identity_count; (*index)++)
        if (jid_parse_string(jid, tls->identities[*index]) && jid->local != NULL && jid->resource == NULL &&
            strcmp(jid->domain, domain) == 0)
            return true;
    return false;
}

bool certificate_is_of(const struct core_tls *tls, const char *domain)
{
    struct jid jid;
    size_t index = 0;
    return next_address(tls, domain, &index, &jid);
}

bool certificate_choose(const struct core_tls *tls, const char *domain, const char *authzid, size_t length,
                        char *username)
{
    struct jid wanted, jid;
    bool found = false;
    if (length > 0 && (!jid_parse(&wanted, authzid, length) || wanted.resource != NULL))
        return false;
    for (size_t index = 0; next_address(tls, domain, &index, &jid); index++) {
        if (length > 0 && !jid_equal_bare(&jid, &wanted))
            continue;
        if (found && strcmp(username, jid.local) != 0)
            return false; /* ambiguous: the client must name one */
        memcpy(username, jid.local, strlen(jid.local) + 1);
        found = true;
    }
    return found;
}
