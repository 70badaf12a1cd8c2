#include "stage_play.h"

#include "../must.h"

#include <string.h>

const struct domain *play_domain(const struct play *play, const char *jid)
{
    size_t bare = strcspn(jid, "/");
    const char *at = memchr(jid, '@', bare);
    const char *name = at != NULL ? at + 1 : jid;
    const struct domain *domain;
    /* LCOV_EXCL_BR_START: in uthash */
    HASH_FIND(hh, play->domains, name, bare - (size_t)(name - jid), domain);
    /* LCOV_EXCL_BR_STOP */
    return domain;
}

struct server *play_server(const struct play *play, const char *jid)
{
    const struct domain *domain = play_domain(play, jid);
    return domain != NULL ? domain->server : play->server;
}

/* If two servers serve a domain, the first gets it. */
void domains_add(struct play *play, struct server *server, const struct core_settings *settings)
{
    for (size_t i = 0; i < settings->host_count; i++) {
        const char *name = settings->hosts[i];
        struct domain *domain;
        HASH_FIND_STR(play->domains, name, domain); /* LCOV_EXCL_BR_LINE: in uthash */
        if (domain != NULL)
            continue;
        domain = must(calloc(1, sizeof *domain));
        *domain = (struct domain){ .name = name, .server = server, .iterations = settings->iterations };
        /* LCOV_EXCL_BR_START: in uthash */
        HASH_ADD_KEYPTR(hh, play->domains, domain->name, strlen(domain->name), domain);
        /* LCOV_EXCL_BR_STOP */
    }
}

void domains_free(struct play *play)
{
    struct domain *domain = play->domains;
    HASH_CLEAR(hh, play->domains);
    while (domain != NULL) {
        struct domain *following = domain->hh.next;
        free(domain);
        domain = following;
    }
}
