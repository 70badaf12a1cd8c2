/*
 * alignment.c - the linear-space algorithm of Myers.  A box is a range of one list and a range of the other.
 * Paths lead through it from its first corner to its last: a step along one list leaves an item without
 * partner, a diagonal step makes two partners.  Paths grow from both corners, by one item without partner at
 * a time; where they meet, the box is split.
 */
#include "alignment.h"

#include "../must.h"

#include <assert.h>

/* The limit of items without partner on a path through a box; beyond it the box is split at the furthest
 * point reached. */
enum { ALONE_MOST = 512 };

struct point {
    ptrdiff_t x, y;
};

struct box {
    struct point first, last;
};

/* For each diagonal x - y, the x of the furthest path on it.  Every second diagonal from `low` to `high` is
 * in use. */
struct front {
    ptrdiff_t *reached;
    ptrdiff_t low, high;
};

struct walk {
    const struct aligned *one, *other;
    struct front forward, backward;
};

static bool is_pair(const struct walk *walk, ptrdiff_t x, ptrdiff_t y)
{
    return walk->one->items[x] == walk->other->items[y];
}

/* ---- Paths ---- */

/* Adds a diagonal on either side, unless it is outside the box; `none` is before every path. */
static void widen(struct front *front, const struct box *box, ptrdiff_t none)
{
    if (front->low > box->first.x - box->last.y)
        front->reached[--front->low - 1] = none;
    else
        front->low++;
    if (front->high < box->last.x - box->first.y)
        front->reached[++front->high + 1] = none;
    else
        front->high--;
}

static bool has_met(const struct front *front, ptrdiff_t diagonal)
{
    return front->low <= diagonal && diagonal <= front->high;
}

/* Returns whether a path has met one from the other corner, and where. */
static bool grow_forward(struct walk *walk, const struct box *box, bool may_meet, struct point *met)
{
    struct front *front = &walk->forward;
    widen(front, box, -1);
    for (ptrdiff_t d = front->high; d >= front->low; d -= 2) {
        const ptrdiff_t below = front->reached[d - 1];
        const ptrdiff_t above = front->reached[d + 1];
        struct point at = { .x = below < above ? above : below + 1 };
        for (at.y = at.x - d; at.x < box->last.x && at.y < box->last.y && is_pair(walk, at.x, at.y); at.y++)
            at.x++;
        front->reached[d] = at.x;
        *met = at;
        if (may_meet && has_met(&walk->backward, d) && walk->backward.reached[d] <= at.x)
            return true;
    }
    return false;
}

static bool grow_backward(struct walk *walk, const struct box *box, bool may_meet, struct point *met)
{
    struct front *front = &walk->backward;
    widen(front, box, PTRDIFF_MAX);
    for (ptrdiff_t d = front->high; d >= front->low; d -= 2) {
        const ptrdiff_t below = front->reached[d - 1];
        const ptrdiff_t above = front->reached[d + 1];
        struct point at = { .x = below < above ? below : above - 1 };
        for (at.y = at.x - d; at.x > box->first.x && at.y > box->first.y && is_pair(walk, at.x - 1, at.y - 1);
             at.y--)
            at.x--;
        front->reached[d] = at.x;
        *met = at;
        if (may_meet && has_met(&walk->forward, d) && at.x <= walk->forward.reached[d])
            return true;
    }
    return false;
}

/* ---- Where to cut ---- */

static ptrdiff_t within(ptrdiff_t value, ptrdiff_t least, ptrdiff_t most)
{
    return value < least ? least : value > most ? most : value;
}

/* The furthest point of a path inside the box. */
static struct point furthest(const struct front *front, const struct box *box, int direction)
{
    struct point best = direction > 0 ? box->first : box->last;
    for (ptrdiff_t d = front->high; d >= front->low; d -= 2) {
        struct point at = { .x = within(front->reached[d], box->first.x, box->last.x) };
        at.y = within(at.x - d, box->first.y, box->last.y);
        at.x = at.y + d;
        if (direction * (at.x + at.y - best.x - best.y) > 0)
            best = at;
    }
    return best;
}

/* The furthest point of the two directions. */
static struct point cut_anyway(const struct walk *walk, const struct box *box)
{
    const struct point ahead = furthest(&walk->forward, box, 1);
    const struct point back = furthest(&walk->backward, box, -1);
    const ptrdiff_t done = ahead.x + ahead.y - box->first.x - box->first.y;
    const ptrdiff_t undone = box->last.x + box->last.y - back.x - back.y;
    return done > undone ? ahead : back;
}

static void begin_front(struct front *front, struct point corner)
{
    front->low = front->high = corner.x - corner.y;
    front->reached[front->low] = corner.x;
}

static struct point find_cut(struct walk *walk, const struct box *box)
{
    struct point met;
    begin_front(&walk->forward, box->first);
    begin_front(&walk->backward, box->last);
    const bool odd = ((walk->forward.low - walk->backward.low) & 1) != 0;
    for (int alone = 0; alone < ALONE_MOST; alone++) {
        if (grow_forward(walk, box, odd, &met) || grow_backward(walk, box, !odd, &met))
            return met;
    }
    return cut_anyway(walk, box);
}

/* ---- Boxes ---- */

/* Removes the common prefix and the common suffix from the box. */
static void take_ends_off(const struct walk *walk, struct box *box)
{
    struct point *first = &box->first;
    struct point *last = &box->last;
    for (; first->x < last->x && first->y < last->y && is_pair(walk, first->x, first->y); first->y++)
        first->x++;
    for (; first->x < last->x && first->y < last->y && is_pair(walk, last->x - 1, last->y - 1); last->y--)
        last->x--;
}

static void leave_alone(const struct aligned *list, ptrdiff_t first, ptrdiff_t last)
{
    for (ptrdiff_t i = first; i < last; i++)
        list->alone[i] = true;
}

static void align_box(struct walk *walk, struct box box)
{
    take_ends_off(walk, &box);
    while (box.first.x < box.last.x && box.first.y < box.last.y) {
        const struct point cut = find_cut(walk, &box);
        align_box(walk, (struct box){ box.first, cut });
        box.first = cut;
        take_ends_off(walk, &box);
    }
    leave_alone(walk->one, box.first.x, box.last.x);
    leave_alone(walk->other, box.first.y, box.last.y);
}

void align(const struct aligned *one, const struct aligned *other)
{
    /* Diagonals go from -other->count - 1 to one->count + 1. */
    const size_t diagonals = one->count + other->count + 3;
    ptrdiff_t *reached = must(malloc(2 * diagonals * sizeof *reached));
    struct walk walk = { .one = one, .other = other };
    walk.forward.reached = reached + other->count + 1;
    walk.backward.reached = walk.forward.reached + diagonals;
    align_box(&walk, (struct box){ .last = { (ptrdiff_t)one->count, (ptrdiff_t)other->count } });
    free(reached);
}
