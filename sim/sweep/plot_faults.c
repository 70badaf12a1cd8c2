#include "plot_writer.h"

#include <stdio.h>

/* ---- Time ---- */

static void time_passes(struct plot *plot, struct plot_client *client)
{
    static const char *const spans[] = { "10 milliseconds pass", "1 second passes", "10 seconds pass",
                                         "2 minutes pass", "11 minutes pass" };
    (void)client;
    plot_line(plot, "%s", PLOT_PICK(plot, spans));
}

/* ---- Faults ---- */

static void link_breaks(struct plot *plot, struct plot_client *client)
{
    plot_line(plot, "%s's link breaks", client->name);
    plot_left(plot, client);
}

/* What is written to the dead link is lost, and must be sent again if the session is resumed (XEP-0198, 5). */
static void link_dies(struct plot *plot, struct plot_client *client)
{
    plot_line(plot, "%s's link dies silently", client->name);
    client->dead = true;
    if (!plot_chance(plot, 3))
        return;
    for (unsigned i = plot_draw(plot, 3); i > 0; i--)
        plot_writes_to(plot, plot_anybody(plot), client->full_jid);
    plot_drops(plot, client);
    plot_resumes(plot, client);
    client->dead = false;
}

static void link_heals(struct plot *plot, struct plot_client *client)
{
    plot_line(plot, "%s's link heals", client->name);
    client->dead = false;
}

static void link_is_narrow(struct plot *plot, struct plot_client *client)
{
    plot_line(plot, "%s's link delivers in pieces of %u", client->name, 1 + plot_draw(plot, 40));
}

static void link_slows_down(struct plot *plot, struct plot_client *client)
{
    static const char *const ways[] = { "takes 1 millisecond", "takes 20 milliseconds", "takes 2 seconds",
                                        "carries 2000 bytes a second", "carries as much as it is given" };
    plot_line(plot, "%s's link %s", client->name, PLOT_PICK(plot, ways));
}

static void link_stalls(struct plot *plot, struct plot_client *client)
{
    static const char *const spans[] = { "5 milliseconds", "100 milliseconds", "5 seconds" };
    plot_line(plot, "%s's link stalls for %s", client->name, PLOT_PICK(plot, spans));
}

static void link_breaks_later(struct plot *plot, struct plot_client *client)
{
    static const char *const ways[] = { "", " to the server", " to the client" };
    unsigned bytes = plot_draw(plot, plot_chance(plot, 2) ? 1000 : 100);
    plot_line(plot, "%s's link breaks after %u bytes%s", client->name, bytes, PLOT_PICK(plot, ways));
}

static void half_closes(struct plot *plot, struct plot_client *client)
{
    plot_says(plot, client, "half-closes the connection");
    plot_left(plot, client);
}

/* What the server answers in the name of somebody who is blocked does not reach the client before it resumes. */
static void asks_and_does_not_read(struct plot *plot, struct plot_client *client)
{
    struct plot_client *other = plot_sibling(plot, client);
    const struct plot_client *asked = plot_stranger(plot, client);
    plot_blocks(plot, other != NULL && other->in ? other : client, asked->jid);
    plot_says(plot, client, "stops reading");
    PLOT_SENDS(plot, client, "<iq to='%s' type='get'><query xmlns='jabber:iq:version'/></iq>", asked->jid);
    plot_writes_to(plot, client, asked->jid);
    plot_drops(plot, client);
    plot_resumes(plot, client);
}

/* What was kept is left unread once in a plot, for it takes many bytes. */
static void stops_reading(struct plot *plot, struct plot_client *client)
{
    if ((plot->themes & OFFLINE) != 0 && !plot->filled_up && !plot_chance(plot, 3))
        plot_takes_only_some(plot, client, true);
    else if ((plot->themes & RESUMPTION) != 0 && plot_chance(plot, 3))
        asks_and_does_not_read(plot, client);
    else
        plot_says(plot, client, plot_chance(plot, 2) ? "reads again" : "stops reading");
}

static void servers_part(struct plot *plot, struct plot_client *client)
{
    static const char *const ways[] = { "parted", "joined again", "joined again" };
    (void)client;
    if (plot->servers > 1)
        plot_line(plot, "The servers are %s", PLOT_PICK(plot, ways));
    else
        time_passes(plot, client);
}

static void load_fails(struct plot *plot, struct plot_client *client)
{
    (void)client;
    plot_line(plot, "The next load fails");
}

/* Once in a plot: of several pieces that are kept for an account one cannot be removed, or loaded. */
static void piece_fails(struct plot *plot, struct plot_client *client)
{
    enum { PIECE = 32 }; /* core/message/offline.h */
    const struct plot_client *writer = plot_stranger(plot, client);
    plot->piled_up = true;
    plot_drops(plot, client);
    plot_writes_several(plot, writer, client->jid, PIECE + 1 + plot_draw(plot, 8));
    plot_says(plot, client, "connects");
    plot_came(client);
    plot_line(plot, plot_chance(plot, 2) ? "The next save fails" : "The 2nd load from now fails");
    PLOT_SENDS(plot, client, "<presence/>");
    plot_writes_to(plot, writer, client->jid);
}

static void save_fails(struct plot *plot, struct plot_client *client)
{
    if ((plot->themes & OFFLINE) != 0 && !plot->piled_up && plot_chance(plot, 4))
        piece_fails(plot, client);
    else
        plot_line(plot, "The next save fails");
}

static const char *ordinal(char *out, size_t size, unsigned number)
{
    static const char *const endings[] = { "th", "st", "nd", "rd" };
    bool teens = number % 100 >= 11 && number % 100 <= 13;
    (void)snprintf(out, size, "%u%s", number, endings[teens || number % 10 > 3 ? 0 : number % 10]);
    return out;
}

static void disk_fails_later(struct plot *plot, struct plot_client *client)
{
    static const char *const requests[] = { "load", "save" };
    char nth[16];
    (void)client;
    ordinal(nth, sizeof nth, 1 + plot_draw(plot, 6));
    plot_line(plot, "The %s %s from now fails", nth, PLOT_PICK(plot, requests));
}

/* Usually the seed decides whether a crash keeps or loses its writes. */
static void crashes(struct plot *plot, struct plot_client *client)
{
    static const char *const fates[] = { "", "", "", ", keeping its writes", ", losing its writes" };
    static const char *const times[] = { "", "", " in 1 millisecond", " in 20 milliseconds", NULL };
    char during[64];
    char nth[16];
    const char *when = PLOT_PICK(plot, times);
    const char *fate = PLOT_PICK(plot, fates);
    (void)client;
    if (when == NULL) {
        (void)snprintf(during, sizeof during, " during the %s save from now",
                       ordinal(nth, sizeof nth, 1 + plot_draw(plot, 4)));
        when = during;
    }
    if (plot->servers > 1 && plot_chance(plot, 2))
        plot_line(plot, "The server of \"capulet.lit\" crashes%s%s", when, fate);
    else
        plot_line(plot, "The server crashes%s%s", when, fate);
    plot->down = true;
}

/* Sometimes a server that is not down. */
static void starts_again(struct plot *plot, struct plot_client *client)
{
    (void)client;
    plot->down = false;
    if (plot->servers > 1 && plot_chance(plot, 2))
        plot_line(plot, "The server of \"capulet.lit\" starts again");
    else
        plot_line(plot, "The server starts again");
}

static void allocation_fails(struct plot *plot, struct plot_client *client)
{
    static const unsigned furthest[] = { 5, 50, 500 };
    char nth[16];
    ordinal(nth, sizeof nth, 1 + plot_draw(plot, furthest[plot_draw(plot, PLOT_COUNT(furthest))]));
    plot_line(plot, "The %s allocation from now fails", nth);
    if (client->in || !plot_chance(plot, 2))
        return;
    plot_comes_back(plot, client);
}

static void clock_jumps(struct plot *plot, struct plot_client *client)
{
    static const char *const jumps[] = { "1 second ahead", "1 hour ahead", "1 second back", "1 hour back",
                                         "20 minutes ahead" };
    (void)client;
    plot_line(plot, "The clock jumps %s", PLOT_PICK(plot, jumps));
}

static void disk_is_slow(struct plot *plot, struct plot_client *client)
{
    static const char *const spans[] = { "1 millisecond", "20 milliseconds", "2 seconds" };
    const char *what = plot_chance(plot, 2) ? "Loads" : "Saves";
    (void)client;
    plot_line(plot, "%s take %s", what, PLOT_PICK(plot, spans));
}

static void shuts_down(struct plot *plot, struct plot_client *client)
{
    (void)client;
    if (plot_chance(plot, 6))
        plot_line(plot, "The server shuts down");
    else
        time_passes(plot, client);
}

/* ---- The rows ---- */

static const struct action rows[] = {
    { "a server starts again", PLOT_DISK, 0, BY_WORLD, FOR_ALL, STAYS, 1, starts_again, CAPABILITY_CRASH },
    { "time passes", 0, 0, BY_WORLD_ALONE, FOR_ALL, STAYS, 1, time_passes, CAPABILITY_NONE },
    { "the server shuts down", 0, 0, BY_WORLD, FOR_ALL, LEAVES, 1, shuts_down, CAPABILITY_NONE },
    { "a link breaks", PLOT_NETWORK, 0, BY_CLIENT, FOR_IN, LEAVES, 2, link_breaks, CAPABILITY_NONE },
    { "a link dies", PLOT_NETWORK, 0, BY_CLIENT, FOR_IN, STAYS, 2, link_dies, CAPABILITY_NONE },
    { "a link heals", PLOT_NETWORK, 0, BY_CLIENT, FOR_IN, STAYS, 1, link_heals, CAPABILITY_NONE },
    { "a link is narrow", PLOT_NETWORK, 0, BY_CLIENT, FOR_IN, STAYS, 1, link_is_narrow, CAPABILITY_NONE },
    { "a link is slow", PLOT_NETWORK, 0, BY_CLIENT, FOR_IN, STAYS, 1, link_slows_down, CAPABILITY_NONE },
    { "a link stalls", PLOT_NETWORK, 0, BY_CLIENT, FOR_IN, STAYS, 2, link_stalls, CAPABILITY_NONE },
    { "a link breaks at a byte", PLOT_NETWORK, 0, BY_CLIENT, FOR_ALL, STAYS, 3, link_breaks_later,
      CAPABILITY_NONE },
    { "half-closes", PLOT_NETWORK, 0, BY_CLIENT, FOR_IN, LEAVES, 1, half_closes, CAPABILITY_NONE },
    { "stops or begins to read", PLOT_NETWORK, 0, BY_CLIENT, FOR_IN, STAYS, 2, stops_reading,
      CAPABILITY_NONE },
    { "servers part", PLOT_NETWORK, 0, BY_WORLD, FOR_ALL, STAYS, 2, servers_part, CAPABILITY_FEDERATION },
    { "a load fails", PLOT_DISK, 0, BY_WORLD, FOR_ALL, STAYS, 2, load_fails, CAPABILITY_DISK },
    { "a save fails", PLOT_DISK, 0, BY_WORLD, FOR_ALL, STAYS, 2, save_fails, CAPABILITY_DISK },
    { "a load or save fails later", PLOT_DISK, 0, BY_WORLD, FOR_ALL, STAYS, 2, disk_fails_later,
      CAPABILITY_DISK },
    { "a server crashes", PLOT_DISK, 0, BY_WORLD, FOR_ALL, STAYS, 1, crashes, CAPABILITY_CRASH },
    { "an allocation fails", PLOT_MEMORY, 0, BY_WORLD, FOR_ALL, STAYS, 2, allocation_fails,
      CAPABILITY_MEMORY },
    { "the clock jumps", PLOT_CLOCK, 0, BY_WORLD, FOR_ALL, STAYS, 1, clock_jumps, CAPABILITY_CLOCK },
    { "the disk is slow", PLOT_DISK, 0, BY_WORLD, FOR_ALL, STAYS, 1, disk_is_slow, CAPABILITY_DISK },
};

const struct action_family plot_fault_actions = { rows, PLOT_COUNT(rows) };
