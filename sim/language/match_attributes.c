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

const char *attribute_local(const struct xml_attribute *attribute)
{
    const char *colon = strchr(attribute->name, ':');
    return colon != NULL ? colon + 1 : attribute->name;
}

static int compare_names(const struct xml_attribute *a, const struct xml_attribute *b)
{
    const int order = strcmp(attribute_local(a), attribute_local(b));
    return order != 0 ? order : strcmp(a->ns, b->ns);
}

static int by_name(const void *a, const void *b)
{
    const struct xml_attribute *const *one = a, *const *other = b;
    return compare_names(*one, *other);
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

static const struct xml_attribute *find_among_few(const struct xml *element,
                                                  const struct xml_attribute *wanted)
{
    const struct xml_attribute *a = element->attributes;
    while (a != NULL && compare_names(a, wanted) != 0) {
        a = a->next;
    }
    return a;
}

const struct xml_attribute *attributes_find(const struct attributes *attributes,
                                            const struct xml_attribute *wanted)
{
    if (attributes->sorted == NULL) {
        return find_among_few(attributes->element, wanted);
    }
    const struct xml_attribute *const *found = bsearch(&wanted, attributes->sorted, attributes->count,
                                                       sizeof(const struct xml_attribute *), by_name);
    return found != NULL ? *found : NULL;
}

void attributes_free(struct attributes *attributes)
{
    free(attributes->sorted);
    *attributes = (struct attributes){ 0 };
}
