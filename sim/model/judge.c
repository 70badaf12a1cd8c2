#include "model_private.h"

#include <stdio.h>

void model_violate(struct model *model, size_t question, const char *detail)
{
    struct model_violation *violation = &model->violation;
    if (model->violated)
        return;
    model->violated = true;
    violation->question = question;
    violation->time = world_now(model->world);
    violation->line = trace_count(world_trace(model->world));
    snprintf(violation->detail, sizeof violation->detail, "%s", detail);
}

void append_moment(struct text *why, uint64_t time)
{
    enum { MICROSECONDS = 1000, IN_SECOND = 1000000 };
    char moment[64];
    snprintf(moment, sizeof moment, "at %lu.%06lu s", (unsigned long)(time / MICROSECONDS / IN_SECOND),
             (unsigned long)(time / MICROSECONDS % IN_SECOND));
    text_string(why, moment);
}
