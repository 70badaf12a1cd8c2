#include "cutter.h"

bool cut_here(struct cutter *cutter)
{
    return pieces_have(&cutter->pieces, cutter->seen++);
}
