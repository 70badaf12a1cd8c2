#include "mutator.h"

/* Of so many calls one is libFuzzer's. */
enum { OWN_SHARE = 2 };

size_t mutator_below(struct choices *choices, size_t possibilities)
{
    return choose(choices, CHOICE_PLOT, (uint32_t)possibilities);
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t most, unsigned seed)
{
    struct choices choices;
    choices_init(&choices, CHOICE_SEEDED, seed);
    size_t made = 0;
    if (mutator_below(&choices, OWN_SHARE) > 0)
        made = fuzz_mutator.mutate(&fuzz_mutator, &choices, bytes, size, most);
    if (made > 0)
        return made;
    return LLVMFuzzerMutate != NULL ? LLVMFuzzerMutate(bytes, size, most) : size;
}
