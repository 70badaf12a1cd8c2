#include "../must.h"
#include "match_rules.h"

#include <stdlib.h>
#include <string.h>

/* Fewer are found faster by linear search. */
enum { ATTRIBUTES_FEW = 16 };

size_t attributes_count(const struct xml *element)
{
    size_t count = 0;
    for (const struct xml_attribute *a = element->attributes; a != NULL; a = a->next) {
        count++;
    }
    return count;
}

static int by_name(const void *a, const void *b)
{
    const struct xml_attribute *const *one = a, *const *other = b;
    return strcmp((*one)->name, (*other)->name);
}

void attributes_init(struct attributes *attributes, const struct xml *element)
{
    *attributes = (struct attributes){ .element = element };
    const size_t count = attributes_count(element);
    if (count <= ATTRIBUTES_FEW) {
        return;
    }
    attributes->sorted = must(calloc(count, sizeof(const struct xml_attribute *)));
    for (const struct xml_attribute *a = element->attributes; a != NULL; a = a->next) {
        attributes->sorted[attributes->count++] = a;
    }
    qsort(attributes->sorted, count, sizeof(const struct xml_attribute *), by_name);
}

static int to_name(const void *name, const void *attribute)
{
    const struct xml_attribute *const *at = attribute;
    return strcmp(name, (*at)->name);
}

const char *attributes_get(const struct attributes *attributes, const char *name)
{
    if (attributes->sorted == NULL) {
        return xml_get(attributes->element, name);
    }
    const struct xml_attribute *const *found =
        bsearch(name, attributes->sorted, attributes->count, sizeof(const struct xml_attribute *), to_name);
    return found != NULL ? (*found)->value : NULL;
}

void attributes_free(struct attributes *attributes)
{
    free(attributes->sorted);
    *attributes = (struct attributes){ 0 };
}
