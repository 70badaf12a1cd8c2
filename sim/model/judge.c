#include "model_private.h"

#include <stdio.h>

bool model_judge(struct model *model, size_t question, enum judgement judgement)
{
    struct model_counts *counts = &model->counts[question];
    counts->single += judgement == HOLDS || judgement == VIOLATED;
    counts->several += judgement == MAY_HOLD;
    counts->not_judged += judgement == NOT_JUDGED;
    return judgement == VIOLATED;
}

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
