/* The diagram of one run (diagram.h).  The verb makes sure that there is one case; what has no run has no
 * diagram. */
#include "report_writer.h"

static void diagram_begin(struct report *report)
{
    (void)report;
}

static void diagram_end(struct report *report, const struct report_totals *totals)
{
    (void)totals;
    (void)fflush(report->out);
}

static void mermaid_add(struct report *report, const struct report_case *result)
{
    if (result->result != NULL && result->result->mermaid != NULL)
        fputs(result->result->mermaid, report->out);
}

static void dot_add(struct report *report, const struct report_case *result)
{
    if (result->result != NULL && result->result->dot != NULL)
        fputs(result->result->dot, report->out);
}

const struct report_writer report_mermaid = { "mermaid", diagram_begin, mermaid_add, diagram_end };

const struct report_writer report_dot = { "dot", diagram_begin, dot_add, diagram_end };
