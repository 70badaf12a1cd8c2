#include "page.h"

#include "viewer_page.h"

#include <string.h>

void page_begin(FILE *out)
{
    fputs(viewer_page_before, out);
}

void page_end(FILE *out)
{
    fputs(viewer_page_after, out);
    (void)fflush(out);
}

/* The lines are JSON, in which '<' occurs only in strings.  There it is written as an escape, so that
 * nothing in them ends the element that holds them (HTML, 13.1.2.1), or begins a comment in it. */
void page_lines(FILE *out, const char *lines, size_t length)
{
    const char *end = lines + length;
    while (lines < end) {
        const char *less = memchr(lines, '<', (size_t)(end - lines));
        const size_t plain = (size_t)((less != NULL ? less : end) - lines);
        fwrite(lines, 1, plain, out);
        lines += plain;
        if (lines < end) {
            fputs("\\u003c", out);
            lines++;
        }
    }
}
