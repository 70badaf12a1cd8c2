#include "player_private.h"

#include "../world/heap.h"

#include <assert.h>

/* The faults of links come first, with the numbers of enum net_fault. */
enum fault {
    LOAD_FAILS = NET_FAULTS,
    SAVE_FAILS,
    NTH_FAILS,
    DISK_IS_SLOW,
    SERVER_CRASHES,
    SERVER_STARTS,
    ALLOCATION_FAILS,
    CLOCK_JUMPS,
    SERVERS_PART,
    FAULTS
};
_Static_assert((int)FAULTS <= (int)PLAYER_FAULTS_MOST, "a tally holds them all");

static const char *const names[FAULTS] = {
    [NET_FAILED] = "a link breaks",
    [NET_CUT] = "a link breaks at a byte",
    [NET_HALF_CLOSED] = "half-closes",
    [NET_SLOW] = "a link is slow",
    [NET_NARROW] = "a link is narrow",
    [NET_PAUSED] = "a link stalls",
    [NET_DEAD] = "a link dies",
    [NET_UNREAD] = "stops or begins to read",
    [NET_HEALED] = "a link heals",
    [LOAD_FAILS] = "a load fails",
    [SAVE_FAILS] = "a save fails",
    [NTH_FAILS] = "a load or save fails later",
    [SERVER_CRASHES] = "a server crashes",
    [SERVER_STARTS] = "a server starts again",
    [ALLOCATION_FAILS] = "an allocation fails",
    [CLOCK_JUMPS] = "the clock jumps",
    [DISK_IS_SLOW] = "the disk is slow",
    [SERVERS_PART] = "servers part",
};

const char *player_fault_name(size_t index)
{
    return index < FAULTS ? names[index] : NULL;
}

static void count_disk(const struct disk *disk, uint64_t *faults)
{
    faults[LOAD_FAILS] += disk_failed(disk, CORE_LOAD) + disk_failed(disk, CORE_COUNT);
    faults[SAVE_FAILS] += disk_failed(disk, CORE_SAVE) + disk_failed(disk, CORE_REMOVE);
    faults[NTH_FAILS] += disk_failed_nth(disk);
    faults[DISK_IS_SLOW] += disk_slow(disk);
}

static void count_server(struct server *server, uint64_t *faults)
{
    const struct net *net = server_net(server);
    const struct disk *disk = server_disk(server);
    for (unsigned fault = 0; fault < NET_FAULTS; fault++)
        faults[fault] += net_fault_count(net, (enum net_fault)fault);
    if (disk != NULL)
        count_disk(disk, faults);
    const struct server_faults own = server_faults(server);
    faults[SERVER_CRASHES] += own.crashes;
    faults[SERVER_STARTS] += own.starts;
    faults[CLOCK_JUMPS] += own.jumps;
}

void player_count_faults(const struct run *run)
{
    struct player_tally *tally = run->options->tally;
    if (tally == NULL)
        return;
    for (size_t i = 0; i < run->server_count; i++)
        count_server(run->servers[i], tally->faults);
    tally->faults[ALLOCATION_FAILS] += heap_failures() - run->heap_failures;
    tally->faults[SERVERS_PART] += federation_lost_count(run->federation);
}

void player_count_checks(const struct run *run)
{
    struct player_tally *tally = run->options->tally;
    const char *name;
    const char *sentence;
    const char *source;
    if (tally == NULL)
        return;
    for (size_t i = 0; checks_describe(i, &name, &sentence, &source); i++) {
        assert(i < PLAYER_CHECKS_MOST);
        const struct check_counts counts = checks_asked(run->checks, i);
        tally->checks[i].asked += counts.asked;
        tally->checks[i].several += counts.several;
        tally->checks[i].not_judged += counts.not_judged;
    }
}
