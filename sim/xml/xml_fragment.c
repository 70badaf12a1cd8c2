/* The cache of fragments: scenarios and stored values contain the same few fragments many times, and copying
 * one takes a tenth of the time of parsing it. */
#include "../must.h"
#include "xml.h"
#include "xml_build.h"

#include <string.h>
#include <xxhash.h>

enum { REMEMBERED = 256, LENGTH_MOST = 1000 };

static struct {
    struct xml *first;
    size_t length;
    char *text; /* NULL for none */
} remembered[REMEMBERED];

static struct xml *copy_siblings(const struct xml *original)
{
    struct xml *first = NULL;
    struct xml **tail = &first;
    for (; original != NULL; original = original->next) {
        *tail = xml_copy(original);
        tail = &(*tail)->next;
    }
    return first;
}

static void forget(size_t place)
{
    free(remembered[place].text);
    xml_free_siblings(remembered[place].first);
    remembered[place].text = NULL;
    remembered[place].first = NULL;
}

static void remember(size_t place, const char *text, size_t length, const struct xml *first)
{
    forget(place);
    remembered[place].text = must(malloc(length + 1));
    memcpy(remembered[place].text, text, length);
    remembered[place].length = length;
    remembered[place].first = copy_siblings(first);
}

struct xml *xml_fragment(const char *text, size_t length, const char **problem, int *line)
{
    if (length == 0 || length > LENGTH_MOST) {
        return fragment_read(text, length, problem, line);
    }
    size_t place = XXH3_64bits(text, length) % REMEMBERED;
    if (remembered[place].text != NULL && remembered[place].length == length &&
        memcmp(remembered[place].text, text, length) == 0) {
        *problem = NULL;
        *line = 0;
        return copy_siblings(remembered[place].first);
    }
    struct xml *first = fragment_read(text, length, problem, line);
    if (*problem == NULL) {
        remember(place, text, length, first);
    }
    return first;
}

void xml_forget(void)
{
    for (size_t place = 0; place < REMEMBERED; place++)
        forget(place);
    fragment_forget();
}
