#include "scenario_parser.h"

/* Each once. */
static void collect_host(const char **hosts, size_t *count, struct names *collected, const char *host)
{
    if (names_add(collected, slice_of(host), (void *)host) == NULL)
        hosts[(*count)++] = host;
}

static bool is_of_first(const struct parser *parser, const char *domain)
{
    return domain != NULL && names_get(&parser->index.elsewhere, slice_of(domain)) == NULL;
}

/* The hosts of the first [Server], then every domain of the cast and of the accounts that is no other
 * server's. */
void collect_hosts(struct parser *parser)
{
    struct scenario *scenario = parser->scenario;
    struct names collected = { 0 };
    size_t most = scenario->cast_count, count = 0;
    for (const struct tag *host = parser->hosts.first; host != NULL; host = host->next)
        most++;
    for (const struct account *account = scenario->accounts; account != NULL; account = account->next)
        most++;
    const char **hosts = keep(scenario, (most + 1) * sizeof *hosts);
    for (const struct tag *host = parser->hosts.first; host != NULL; host = host->next)
        collect_host(hosts, &count, &collected, host->name);
    for (size_t i = 0; i < scenario->cast_count; i++)
        if (is_of_first(parser, scenario->cast[i].domain))
            collect_host(hosts, &count, &collected, scenario->cast[i].domain);
    for (const struct account *account = scenario->accounts; account != NULL; account = account->next)
        if (is_of_first(parser, account->domain))
            collect_host(hosts, &count, &collected, account->domain);
    names_free(&collected);
    scenario->settings.hosts = hosts;
    scenario->settings.host_count = count;
}

void collect_anonymous_hosts(struct parser *parser)
{
    struct core_settings *settings = &parser->scenario->settings;
    struct names collected = { 0 };
    size_t most = 0, count = 0;
    for (const struct tag *host = parser->anonymous_hosts.first; host != NULL; host = host->next)
        most++;
    const char **hosts = keep(parser->scenario, (most + 1) * sizeof *hosts);
    for (const struct tag *host = parser->anonymous_hosts.first; host != NULL; host = host->next)
        collect_host(hosts, &count, &collected, host->name);
    names_free(&collected);
    settings->anonymous_hosts = hosts;
    settings->anonymous_host_count = count;
}
