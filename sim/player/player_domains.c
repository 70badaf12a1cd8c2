#include "player_private.h"

#include "../must.h"

#include <string.h>

const struct domain *run_domain(const struct run *run, const char *jid)
{
    size_t bare = strcspn(jid, "/");
    const char *at = memchr(jid, '@', bare);
    const char *name = at != NULL ? at + 1 : jid;
    const struct domain *domain;
    HASH_FIND(hh, run->domains, name, bare - (size_t)(name - jid), domain);
    return domain;
}

struct server *run_server(const struct run *run, const char *jid)
{
    const struct domain *domain = run_domain(run, jid);
    return domain != NULL ? domain->server : run->server;
}

/* If two servers serve a domain, the first gets it. */
void domains_add(struct run *run, struct server *server, const struct core_settings *settings)
{
    for (size_t i = 0; i < settings->host_count; i++) {
        const char *name = settings->hosts[i];
        struct domain *domain;
        HASH_FIND_STR(run->domains, name, domain);
        if (domain != NULL)
            continue;
        domain = must(calloc(1, sizeof *domain));
        *domain = (struct domain){ .name = name, .server = server };
        HASH_ADD_KEYPTR(hh, run->domains, domain->name, strlen(domain->name), domain);
    }
}

void domains_free(struct run *run)
{
    struct domain *domain = run->domains;
    HASH_CLEAR(hh, run->domains);
    while (domain != NULL) {
        struct domain *following = domain->hh.next;
        free(domain);
        domain = following;
    }
}
