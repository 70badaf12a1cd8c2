/* The strictness of an expected element, from its own scansion:strict or that of an ancestor. */
#include "match_rules.h"

#include <string.h>

bool match_is_directive(const struct xml_attribute *attribute)
{
    return strcmp(attribute->ns, XML_NS_SCANSION) == 0;
}

enum strictness match_strictness(const struct xml *expected, enum strictness around)
{
    for (const struct xml_attribute *a = expected->attributes; a != NULL; a = a->next) {
        if (match_is_directive(a) && strcmp(attribute_local(a), "strict") == 0) {
            return strcmp(a->value, "false") == 0 || strcmp(a->value, "0") == 0 ? LOOSE : STRICT;
        }
    }
    return around;
}

bool match_is_strict(const struct xml *expected, enum strictness strictness)
{
    if (strictness == BY_NAMESPACE) {
        return strcmp(expected->ns, XML_NS_CLIENT) != 0;
    }
    return strictness == STRICT;
}
