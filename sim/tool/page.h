/*
 * page.h - a page of HTML: the viewer (sim/viewer) with the lines that it shows in it.
 */
#ifndef SIM_TOOL_PAGE_H
#define SIM_TOOL_PAGE_H

#include <stddef.h>
#include <stdio.h>

void page_begin(FILE *out);

/* Writes lines of sim/viewer/FORMAT.md. */
void page_lines(FILE *out, const char *lines, size_t length);

void page_end(FILE *out);

#endif
