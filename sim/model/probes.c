#include "probes.h"

#include <assert.h>

void probes_add(struct probes *probes, uint64_t prober, uint64_t contact)
{
    if (probes->count == PROBES_MOST)
        probes->has_more = true;
    else
        probes->items[probes->count++] = (struct probe){ prober, contact };
}

static bool may_be(uint64_t one, uint64_t account)
{
    return one == account || one == PROBES_ANY;
}

bool probes_may_have(const struct probes *probes, uint64_t prober, uint64_t contact)
{
    assert(prober != PROBES_ANY && contact != PROBES_ANY);
    size_t i = 0;
    while (i < probes->count &&
           !(may_be(probes->items[i].prober, prober) && may_be(probes->items[i].contact, contact)))
        i++;
    return probes->has_more || i < probes->count;
}

void probes_clear(struct probes *probes)
{
    probes->count = 0;
    probes->has_more = false;
}
