#include "player_private.h"

static void provide_account(const struct run *run, const char *jid, const char *local, const char *domain,
                            const char *password, const char *status)
{
    const struct provision account = {
        .what = PROVIDE_ACCOUNT, .username = local, .domain = domain, .password = password, .status = status
    };
    server_provide(run_server(run, jid), &account);
}

static void provide_roster(const struct run *run, const struct roster_head *roster)
{
    for (const struct roster_line *line = roster->items; line != NULL; line = line->next) {
        const struct provision contact = { .what = PROVIDE_CONTACT,
                                           .username = roster->local,
                                           .domain = roster->domain,
                                           .jid = line->jid,
                                           .subscription = line->subscription,
                                           .ask = line->ask,
                                           .pending = line->pending,
                                           .approved = line->approved,
                                           .name = line->name,
                                           .groups = line->groups,
                                           .group_count = line->group_count };
        server_provide(run_server(run, roster->jid), &contact);
    }
}

static void provide_blocklist(const struct run *run, const struct blocklist_head *list)
{
    for (const struct blocked_line *line = list->blocked; line != NULL; line = line->next) {
        const struct provision blocked = {
            .what = PROVIDE_BLOCKED, .username = list->local, .domain = list->domain, .jid = line->jid
        };
        server_provide(run_server(run, list->jid), &blocked);
    }
}

const struct server *player_provide_all(const struct run *run)
{
    const struct scenario *scenario = run->scenario;
    for (size_t i = 0; i < scenario->cast_count; i++) {
        const struct character *c = &scenario->cast[i];
        if (!c->no_account && c->local != NULL)
            provide_account(run, c->jid, c->local, c->domain, c->password, NULL);
    }
    for (const struct account *a = scenario->accounts; a != NULL; a = a->next)
        provide_account(run, a->jid, a->local, a->domain, a->password, a->status);
    for (const struct roster_head *r = scenario->rosters; r != NULL; r = r->next)
        provide_roster(run, r);
    for (const struct blocklist_head *b = scenario->blocklists; b != NULL; b = b->next)
        provide_blocklist(run, b);
    for (size_t i = 0; i < run->server_count; i++)
        server_ready(run->servers[i]);
    for (size_t i = 0; i < run->server_count; i++)
        if (server_refused(run->servers[i])->reason[0] != '\0')
            return run->servers[i];
    return NULL;
}
