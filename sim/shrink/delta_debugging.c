#include "delta_debugging.h"

#include <assert.h>

/* With more pieces there are too many pairs. */
enum { PAIRS_AMONG = 20 };

bool pieces_have(const struct pieces *pieces, size_t index)
{
    return (index >= pieces->first && index < pieces->end) || index == pieces->also;
}

static bool try_without(const struct delta_debugging *debugging, size_t first, size_t end, size_t also)
{
    assert(first < end);
    return debugging->without(debugging->host, &(struct pieces){ first, end, also });
}

/* Removes `many` pieces at a time, from the end to the beginning. */
static bool take_away(const struct delta_debugging *debugging, size_t many)
{
    bool some = false;
    for (size_t end = debugging->count(debugging->host); end > 0;) {
        size_t first = end > many ? end - many : 0;
        some = try_without(debugging, first, end, PIECE_NONE) || some;
        end = first;
    }
    return some;
}

/* Removes one piece together with any of those after it. */
static bool take_away_with(const struct delta_debugging *debugging, size_t first)
{
    size_t count = debugging->count(debugging->host);
    for (size_t other = count; other > first + 1; other--)
        if (try_without(debugging, first, first + 1, other - 1))
            return true;
    return false;
}

static bool take_away_pairs(const struct delta_debugging *debugging)
{
    bool some = false;
    size_t count = debugging->count(debugging->host);
    if (count > PAIRS_AMONG)
        return false;
    for (size_t first = count; first > 0; first--)
        some = take_away_with(debugging, first - 1) || some;
    return some;
}

bool delta_debug(const struct delta_debugging *debugging)
{
    bool some = false;
    for (size_t many = debugging->count(debugging->host); many > 0; many /= 2)
        some = take_away(debugging, many) || some;
    return take_away_pairs(debugging) || some;
}
