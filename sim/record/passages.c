#include "record_private.h"

#include "../printable.h"

/* ---- Memory ---- */

struct kept {
    struct kept *next;
    max_align_t bytes[];
};

void *record_keep(struct record *record, size_t size)
{
    struct kept *kept = must(calloc(1, sizeof *kept + size));
    kept->next = record->memory;
    record->memory = kept;
    return kept->bytes;
}

const char *record_bytes(struct record *record, const char *bytes, size_t length)
{
    char *copy = record_keep(record, length + 1);
    if (length > 0)
        memcpy(copy, bytes, length);
    return copy;
}

const char *record_string(struct record *record, const char *text)
{
    return record_bytes(record, text, strlen(text));
}

void record_forget(struct record *record)
{
    while (record->memory != NULL) {
        struct kept *kept = record->memory;
        record->memory = kept->next;
        free(kept);
    }
}

/* ---- What is in it ---- */

struct passage *own_passage(const struct connection *connection, size_t at)
{
    return &connection->record->passages[connection->own[at]];
}

struct step *step_at(struct record *record, struct passage *passage, enum step_verb verb)
{
    struct step *step = record_keep(record, sizeof *step);
    step->verb = verb;
    step->source = "";
    passage->step = step;
    return step;
}

void step_property(struct record *record, struct step *step, const char *name, const char *value)
{
    struct property *property = record_keep(record, sizeof *property), **tail = &step->properties;
    while (*tail != NULL)
        tail = &(*tail)->next;
    *property =
        (struct property){ .name = name, .value = value != NULL ? record_string(record, value) : NULL };
    *tail = property;
}

bool is_value_of_head(const char *text)
{
    const size_t length = strlen(text);
    if (length == 0 || text[0] == ' ' || text[length - 1] == ' ' || strstr(text, "${") != NULL)
        return false;
    while (*text != '\0') {
        const size_t bytes = printable_character(text);
        if (bytes == 0 || printable_is_control(text))
            return false;
        text += bytes;
    }
    return true;
}

bool is_part_of_jid(const char *text)
{
    return is_value_of_head(text) && strpbrk(text, "@/ \t") == NULL;
}

void record_tell(const struct record *record, size_t connection, const char *sentence)
{
    if (record->options.tell != NULL)
        record->options.tell(record->options.host, connection, sentence);
}
