#include "capability.h"

#include <assert.h>
#include <string.h>

#define CAPABILITY_ROW(constant, name, sentence) [CAPABILITY_##constant] = { name, sentence },
static const struct {
    const char *name, *sentence;
} rows[CAPABILITY_COUNT] = { CAPABILITIES(CAPABILITY_ROW) };

enum capability capabilities_lacking(struct capabilities has, struct capabilities needed)
{
    for (unsigned i = CAPABILITY_NONE + 1; i < CAPABILITY_COUNT; i++)
        if (capabilities_have(needed, (enum capability)i) && !capabilities_have(has, (enum capability)i))
            return (enum capability)i;
    return CAPABILITY_NONE;
}

const char *capability_name(enum capability capability)
{
    assert(capability > CAPABILITY_NONE && capability < CAPABILITY_COUNT);
    return rows[capability].name;
}

const char *capability_sentence(enum capability capability)
{
    assert(capability > CAPABILITY_NONE && capability < CAPABILITY_COUNT);
    return rows[capability].sentence;
}

enum capability capability_named(const char *name)
{
    for (unsigned i = CAPABILITY_NONE + 1; i < CAPABILITY_COUNT; i++)
        if (strcmp(rows[i].name, name) == 0)
            return (enum capability)i;
    return CAPABILITY_NONE;
}
