/*
 * conformance_page.h - the implementation report of one or several servers as a page of the viewer.
 */
#ifndef SIM_CONFORMANCE_PAGE_H
#define SIM_CONFORMANCE_PAGE_H

#include "conformance_report.h"

/* Writes the page: the lines of the types "conformance", "evidence" and "feature" (sim/viewer/FORMAT.md).
 * The results are of the same tables and suite, one for each server. */
void conformance_page(FILE *out, const struct conformance_results *results, size_t servers);

#endif
