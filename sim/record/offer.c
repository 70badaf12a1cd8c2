#include "offer.h"

#include "../model/tags.h"

static bool ends_in_plus(struct span text)
{
    static const char plus[] = "-PLUS";
    const size_t length = sizeof plus - 1;
    while (text.length > 0 && strchr(" \t\r\n", text.bytes[text.length - 1]) != NULL)
        text.length--;
    return text.length >= length && memcmp(text.bytes + text.length - length, plus, length) == 0;
}

static bool is_local(const struct element *element, const char *name)
{
    return span_is_local_name(element->tag.name, name);
}

/* Whether the element is left out. */
static bool is_hidden(const struct element *element, struct offer *offer)
{
    struct element required;
    if (is_local(element, "starttls")) {
        offer->tls = true;
        offer->tls_required = element_find(element->inside, "required", &required, NULL);
        return true;
    }
    if (!is_local(element, "mechanism"))
        return false;
    const bool plus = ends_in_plus(element->inside);
    offer->plus = offer->plus || plus;
    offer->mechanisms += !plus;
    return plus;
}

/* Lists of mechanisms: RFC 6120, 6.4.1, and XEP-0388, 2.2. */
static bool is_list(const struct element *element)
{
    return is_local(element, "mechanisms") || is_local(element, "authentication");
}

/* Appends the bytes between two tags without the hidden elements. */
static void pass_inside(struct span bytes, struct offer *offer, struct text *out)
{
    struct element element;
    struct span rest = bytes;
    const char *from = bytes.bytes;
    while (element_find(rest, NULL, &element, &rest)) {
        if (is_hidden(&element, offer)) {
            text_append(out, from, (size_t)(element.tag.begin - from));
            from = rest.bytes;
        } else if (is_list(&element) && element.inside.length > 0) {
            text_append(out, from, (size_t)(element.inside.bytes - from));
            pass_inside(element.inside, offer, out);
            from = element.inside.bytes + element.inside.length;
        }
    }
    text_append(out, from, (size_t)(bytes.bytes + bytes.length - from));
}

struct offer offer_pass(const char *bytes, size_t length, struct text *out)
{
    struct offer offer = { .tls = false };
    struct element features;
    if (!element_find((struct span){ bytes, length }, NULL, &features, NULL) || features.inside.length == 0) {
        text_append(out, bytes, length);
        return offer;
    }
    const char *end = features.inside.bytes + features.inside.length;
    text_append(out, bytes, (size_t)(features.inside.bytes - bytes));
    pass_inside(features.inside, &offer, out);
    text_append(out, end, (size_t)(bytes + length - end));
    return offer;
}
