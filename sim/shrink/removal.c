#include "removal.h"

bool removal_here(struct removal *removal)
{
    return pieces_have(&removal->pieces, removal->seen++);
}
