#include "version.h"

#ifndef COMMIT
#define COMMIT ""
#endif

const char *tool_version(void)
{
    return sizeof COMMIT > 1 ? RELEASE " (commit " COMMIT ")" : RELEASE;
}
