#include "plot_writer.h"

#include "../must.h"
#include "../world/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- The cast ---- */

static const char *const names[] = { "Romeo",  "Juliet", "Mercutio", "Benvolio",
                                     "Tybalt", "Nurse",  "Paris",    "Rosaline" };
static const char *const devices[] = { "orchard", "phone", "tablet", "laptop" };
static const char *const domains[] = { "montague.lit", "capulet.lit" };
#define ANONYMOUS_HOST "guests.lit"

/* Anonymous clients in plots about logins, and in a few others. */
static unsigned draw_guests(struct plot *plot)
{
    const unsigned rarely = (plot->themes & LOGINS) != 0 ? 2 : 12;
    return plot->count > 2 && plot_chance(plot, rarely) ? 1 + plot_draw(plot, 2) : 0;
}

/* The number of accounts that the other clients share: few when it matters that an account has several clients. */
static unsigned draw_accounts(struct plot *plot)
{
    const unsigned most = plot->count - plot->guests;
    const unsigned drawn = 1 + plot_draw(plot, most);
    const bool shares = (plot->themes & (CARBONS | PASSWORDS | OFFLINE | RESUMPTION)) != 0 && drawn > 1;
    return shares ? (drawn + 1) / 2 : drawn;
}

static void lower(char *word)
{
    for (; *word != '\0'; word++)
        if (*word >= 'A' && *word <= 'Z')
            *word = (char)(*word - 'A' + 'a');
}

static void name_account(const struct plot *plot, unsigned index, struct plot_client *client)
{
    if (index < PLOT_COUNT(names))
        (void)snprintf(client->name, sizeof client->name, "%s", names[index]);
    else
        (void)snprintf(client->name, sizeof client->name, "Citizen%u", index);
    (void)snprintf(client->jid, sizeof client->jid, "%s@%s", client->name, domains[index % plot->servers]);
    lower(client->jid);
    client->owner = client;
    client->password = "secret";
}

/* Another client of an account that already has one.  Sometimes both request the same resource. */
static void name_device(struct plot *plot, unsigned index, struct plot_client *client)
{
    struct plot_client *owner = &plot->clients[plot_draw(plot, plot->accounts)];
    const struct plot_client named = *owner;
    (void)snprintf(client->name, sizeof client->name, "%.24s's device %u", named.name, index);
    memcpy(client->jid, owner->jid, sizeof client->jid);
    client->owner = owner;
}

/* The server chooses the JID, so only variables can name it. */
static void name_guest(unsigned index, struct plot_client *client)
{
    (void)snprintf(client->name, sizeof client->name, "Guest %u", index);
    (void)snprintf(client->jid, sizeof client->jid, "${Guest %u's JID}", index);
    (void)snprintf(client->full_jid, sizeof client->full_jid, "${Guest %u's full JID}", index);
    client->owner = client;
    client->password = "secret";
    client->anonymous = true;
}

static void make_cast(struct plot *plot)
{
    plot->clients = must(calloc(plot->count, sizeof *plot->clients));
    for (unsigned i = 0; i < plot->count; i++) {
        struct plot_client *client = &plot->clients[i];
        if (i >= plot->count - plot->guests) {
            name_guest(i, client);
            continue;
        }
        if (i < plot->accounts)
            name_account(plot, i, client);
        else
            name_device(plot, i, client);
        (void)snprintf(client->resource, sizeof client->resource, "%s", PLOT_PICK(plot, devices));
        (void)snprintf(client->full_jid, sizeof client->full_jid, "%s/%s", client->jid, client->resource);
    }
    plot->focus = plot_anybody(plot);
}

static void write_cast(struct plot *plot)
{
    static const char *const mechanisms[] = { "",      "SCRAM-SHA-1", "SCRAM-SHA-256", "PLAIN",
                                              "PLAIN", "PLAIN",       "PLAIN",         "PLAIN" };
    for (unsigned i = 0; i < plot->count; i++) {
        const struct plot_client *client = &plot->clients[i];
        const char *mechanism = client->anonymous ? "" : PLOT_PICK(plot, mechanisms);
        plot_line(plot, "[Client] %s", client->name);
        plot_line(plot, "\tjid: %s", client->anonymous ? ANONYMOUS_HOST : client->full_jid);
        if (!client->anonymous)
            plot_line(plot, "\tpassword: secret");
        if (*mechanism != '\0')
            plot_line(plot, "\tmechanism: %s", mechanism);
        plot_line(plot, "%s", "");
    }
}

/* ---- Initial state: consistent rosters, and block lists ---- */

static const char *const subscriptions[] = { "none", "to", "from", "both" };

/* The subscription between every two accounts; the rows of one account are `count` apart. */
static void draw_subscriptions(struct plot *plot, unsigned char *is, unsigned count)
{
    for (unsigned a = 0; a < count; a++) {
        for (unsigned b = a + 1; b < count; b++) {
            unsigned drawn = plot_chance(plot, 2) ? 4 : plot_draw(plot, 4);
            unsigned back = drawn == 1 ? 2 : drawn == 2 ? 1 : drawn;
            is[a * count + b] = (unsigned char)drawn;
            is[b * count + a] = (unsigned char)back;
        }
    }
}

static void write_rosters(struct plot *plot)
{
    unsigned count = plot->accounts < 16 ? plot->accounts : 16;
    unsigned char *is = must(calloc(count, count));
    memset(is, 4, (size_t)count * count);
    draw_subscriptions(plot, is, count);
    for (unsigned a = 0; a < count; a++) {
        bool begun = false;
        for (unsigned b = 0; b < count; b++) {
            if (is[a * count + b] == 4)
                continue;
            if (!begun)
                plot_line(plot, "[Roster] %s", plot->clients[a].jid);
            begun = true;
            plot_line(plot, "\t%s: %s", plot->clients[b].jid, subscriptions[is[a * count + b]]);
        }
        if (begun)
            plot_line(plot, "%s", "");
    }
    free(is);
}

static void write_block_list(struct plot *plot)
{
    if (plot->accounts < 2 || !plot_chance(plot, (plot->themes & BLOCKING) != 0 ? 2 : 6) ||
        !plot_server_has(plot, CAPABILITY_BLOCKING))
        return;
    plot_line(plot, "[Blocklist] %s", plot->clients[0].jid);
    plot_line(plot, "\t%s\n", plot->clients[1 + plot_draw(plot, plot->accounts - 1)].jid);
}

/* ---- The server ---- */

/* A setting that one plot in `rarely` has, with one of its values; one in `else_rarely` if the plot has none of its
 * themes. */
struct drawn_setting {
    const char *name;
    unsigned themes, rarely, else_rarely;
    const char *values[5];
    bool alone; /* only of a single server: what others send beyond this limit is lost */
};

static const struct drawn_setting drawn_settings[] = {
    { "conflict", LOGINS | LIMITS, 2, 4, { "kick_old", "kick_new", "increment", "random" }, false },
    { "delivery", MESSAGES | CARBONS, 2, 4, { "all" }, false },
    { "tls", LOGINS, 4, 24, { "optional", "required" }, false },
    { "features", 0, 0, 10, { "none", "offline", "carbons", "blocking", "offline, carbons" }, false },
    { "tell last presence", PRESENCE | SUBSCRIPTIONS, 3, 6, { "yes" }, false },
    { "tell strangers", MESSAGES | REQUESTS, 5, 20, { "yes" }, false },
    { "iq from strangers", REQUESTS, 4, 20, { "yes" }, false },
    { "mechanisms", LOGINS, 6, 40, { "SCRAM-SHA-1, SCRAM-SHA-256", "PLAIN" }, false },
    { "plain without tls", LOGINS, 8, 60, { "no" }, false },
    { "stream management", 0, 0, 16, { "off" }, false },
    { "client state", 0, 0, 16, { "off" }, false },
    { "keepalive", RESUMPTION, 3, 5, { "none", "ping", "whitespace" }, false },
    { "idle time", RESUMPTION, 4, 6, { "30 seconds", "5 minutes" }, false },
    { "ping time", RESUMPTION, 4, 8, { "5 seconds" }, false },
    { "resume time", RESUMPTION, 2, 4, { "5 seconds", "2 minutes", "none" }, false },
    { "ack after", RESUMPTION, 3, 6, { "1", "5" }, false },
    { "ack after while inactive", CLIENT_STATE, 3, 12, { "1", "5" }, false },
    { "login time", LOGINS, 4, 8, { "1 second", "none" }, false },
    { "login tries", LOGINS, 4, 20, { "1", "2" }, false },
    { "resources", LIMITS, 3, 12, { "1", "2" }, false },
    { "roster items", LIMITS | ROSTERS, 4, 12, { "1", "3" }, false },
    { "roster bytes", LIMITS | ROSTERS, 6, 20, { "150", "400" }, false },
    { "roster groups", LIMITS | ROSTERS, 6, 20, { "1" }, false },
    { "requests", LIMITS | SUBSCRIPTIONS, 4, 12, { "1", "2" }, false },
    { "request bytes", LIMITS | SUBSCRIPTIONS, 6, 20, { "80", "300" }, false },
    { "offline messages", LIMITS | OFFLINE, 3, 12, { "1", "3" }, false },
    { "blocked", LIMITS | BLOCKING, 4, 12, { "1", "2" }, false },
    { "directed", LIMITS | PRESENCE, 4, 12, { "1", "2" }, false },
    { "unacked", LIMITS | RESUMPTION | OFFLINE, 3, 12, { "3", "8" }, false },
    { "unacked bytes", LIMITS | RESUMPTION, 6, 20, { "400", "1000", "5000" }, false },
    { "held presence", LIMITS | CLIENT_STATE, 3, 12, { "1", "3" }, false },
    { "held presence bytes", LIMITS | CLIENT_STATE, 6, 20, { "400" }, false },
    { "output bytes", LIMITS | OFFLINE, 5, 14, { "6000", "3000", "1200" }, false },
    { "cached accounts", LIMITS | OFFLINE, 4, 8, { "0", "1", "2" }, false },
    { "cached bytes", LIMITS, 6, 20, { "500", "2000" }, false },
    { "cache time", LIMITS | OFFLINE, 4, 12, { "1 second", "none" }, false },
    { "account work", LIMITS, 6, 20, { "1", "3" }, true },
    { "waiting bytes", LIMITS, 5, 14, { "3000", "300" }, false },
    { "stanza bytes", LIMITS, 6, 20, { "1500", "4000" }, true },
    { "unauthenticated bytes", LIMITS | LOGINS, 8, 30, { "300" }, false },
    { "passwords", LIMITS | PASSWORDS, 3, 12, { "1", "2" }, false },
    { "password time", PASSWORDS, 3, 20, { "1 second", "none" }, false },
    { "anonymous accounts", LIMITS | LOGINS, 4, 12, { "1" }, false },
};
enum { DRAWN_SETTINGS = sizeof drawn_settings / sizeof drawn_settings[0] };

static unsigned count_values(const struct drawn_setting *setting)
{
    unsigned count = 0;
    while (count < sizeof setting->values / sizeof setting->values[0] && setting->values[count] != NULL)
        count++;
    return count;
}

/* Whether the server has what another value than the usual one needs.  Otherwise the plot is without it: it would be
 * skipped as a whole. */
static bool may_set(const struct plot *plot, const char *name)
{
    size_t i = 0;
    while (setting_row(i) != NULL && strcmp(setting_row(i)->name, name) != 0)
        i++;
    return setting_row(i) == NULL || plot_server_has(plot, setting_row(i)->needs);
}

static void write_settings(struct plot *plot)
{
    for (size_t i = 0; i < DRAWN_SETTINGS; i++) {
        const struct drawn_setting *setting = &drawn_settings[i];
        if (setting->alone && plot->servers > 1)
            continue;
        const bool is_theme = (plot->themes & setting->themes) != 0;
        if (!plot_chance(plot, is_theme ? setting->rarely : setting->else_rarely))
            continue;
        const char *value = setting->values[plot_draw(plot, count_values(setting))];
        if (may_set(plot, setting->name))
            plot_line(plot, "\t%s: %s", setting->name, value);
    }
    plot_line(plot, "%s", "");
}

/* The only server has no name. */
static void write_server(struct plot *plot, const char *name, const char *domain)
{
    plot_line(plot, "[Server]%s", name);
    plot_line(plot, "\thost: %s", domain);
    if (plot->guests > 0 && domain == domains[0])
        plot_line(plot, "\tanonymous: %s", ANONYMOUS_HOST);
    plot_line(plot, "\titerations: 1");
    write_settings(plot);
}

static void write_servers(struct plot *plot)
{
    bool several = plot->servers > 1;
    write_server(plot, several ? " Montague" : "", domains[0]);
    if (several)
        write_server(plot, " Capulet", domains[1]);
}

void plot_write_head(struct plot *plot)
{
    const bool is_several = (plot->themes & SERVERS) != 0 || plot_chance(plot, 4);
    plot->servers = is_several && plot_server_has(plot, CAPABILITY_FEDERATION) ? 2 : 1;
    plot->guests = draw_guests(plot);
    if (!plot_server_has(plot, CAPABILITY_ANONYMOUS))
        plot->guests = 0;
    plot->accounts = draw_accounts(plot);
    make_cast(plot);
    write_servers(plot);
    write_cast(plot);
    write_rosters(plot);
    write_block_list(plot);
    plot_line(plot, "---------");
}
