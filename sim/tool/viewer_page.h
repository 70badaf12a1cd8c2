/*
 * viewer_page.h - the page of sim/viewer as bytes, made by the Makefile.
 *
 * It has one element <script id="data" type="application/json">, which is empty: the data of a report belongs there, between
 * the two parts.
 */
#ifndef SIM_TOOL_VIEWER_PAGE_H
#define SIM_TOOL_VIEWER_PAGE_H

/* Each ends with a NUL. */
extern const char viewer_page_before[], viewer_page_after[];

#endif
