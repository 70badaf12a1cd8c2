#include "xml/stanza_error.h"

#include <string.h>

static struct stanza *reply(const struct core_memory *memory, const struct stanza *stanza, const char *type)
{
    const struct element *root = stanza->root;
    /* The name is one of three constants, so it outlives the stanza that it answers. */
    const char *name = strcmp(root->name, "iq") == 0        ? "iq"
                       : strcmp(root->name, "message") == 0 ? "message"
                                                            : "presence";
    struct stanza *answer = stanza_new(memory, name, NS_CLIENT);
    if (answer == NULL)
        return NULL;
    const char *id = element_get(root, "id");
    if (id == NULL && stanza_kind(root) == STANZA_IQ)
        id = ""; /* 8.3.1, 3 */
    element_set(answer, answer->root, "type", type);
    element_set(answer, answer->root, "id", id);
    element_set(answer, answer->root, "to", element_get(root, "from"));
    element_set(answer, answer->root, "from", element_get(root, "to"));
    return answer;
}

struct stanza *stanza_error_reply(const struct core_memory *memory, const struct stanza *stanza,
                                  struct stanza_error error)
{
    struct stanza *answer = reply(memory, stanza, "error");
    if (answer == NULL)
        return NULL;
    struct element *element = element_add(answer, answer->root, "error", NS_CLIENT);
    element_set(answer, element, "type", error.type);
    element_add(answer, element, error.condition, NS_STANZA_ERRORS);
    if (error.text != NULL) {
        struct element *text = element_add(answer, element, "text", NS_STANZA_ERRORS);
        element_add_text(answer, text, error.text, strlen(error.text));
    }
    return answer;
}

void stanza_error_say_language(struct stanza *answer)
{
    struct element *error = element_child(answer->root, "error", NS_CLIENT);
    struct element *text = error != NULL ? element_child(error, "text", NS_STANZA_ERRORS) : NULL;
    if (text != NULL)
        element_set(answer, text, "xml:lang", "en");
}

struct stanza *stanza_result(const struct core_memory *memory, const struct stanza *iq)
{
    return reply(memory, iq, "result");
}
