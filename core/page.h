/*
 * page.h - a description while it is being written (inspect.h, inspect_describe).
 *
 * A line names a thing; its properties follow behind ": " with ", " between, and what belongs to it stands in
 * the lines below, two blanks further in.  What is 0, false or not there is left out.  Strings stand
 * between backticks, which XML has no use for, with "\`" for the backtick, "\\" for the backslash, "\n" and
 * "\t", and "\xNN" for every other control character.  Times are told from now.
 */
#ifndef CORE_PAGE_H
#define CORE_PAGE_H

#include "stanza.h"

struct core;
struct session;

struct page {
    struct buffer text;
    unsigned depth;
    uint64_t now;      /* as ports.now has it */
    bool has_property; /* the line at hand */
    const struct core *core;
};

/* Begins a line: "what", "what 3", "what `value`". */
void page_line(struct page *page, const char *what);
void page_numbered(struct page *page, const char *what, uint64_t number);
void page_named(struct page *page, const char *what, const char *name);

/* What follows belongs to the line at hand; and no longer. */
void page_in(struct page *page);
void page_out(struct page *page);

/* A property of the line at hand: "word", "name 3", "name `value`", "name in 1.000000000 s", "name now"
 * or "name 1.000000000 s ago". */
void page_word(struct page *page, bool is, const char *word);
void page_count(struct page *page, const char *name, uint64_t count);
void page_string(struct page *page, const char *name, const char *value);
void page_bytes(struct page *page, const char *name, const char *bytes, size_t length);
void page_time(struct page *page, const char *name, uint64_t at);
void page_element(struct page *page, const char *name, const struct element *element); /* NULL is nothing */

/* A session by its place among the core's, from 1; 0 for NULL. */
void page_session(struct page *page, const char *name, const struct session *session);

#endif
