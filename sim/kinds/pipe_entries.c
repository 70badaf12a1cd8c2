#include "pipe_entries.h"

#include "../must.h"

#include <stdlib.h>

static const uint32_t NO_VALUE = UINT32_MAX;
static const size_t LENGTH = 4;

static void write_length(struct text *out, uint32_t length)
{
    const char bytes[4] = { (char)(length & 0xff), (char)(length >> 8 & 0xff), (char)(length >> 16 & 0xff),
                            (char)(length >> 24 & 0xff) };
    text_append(out, bytes, sizeof bytes);
}

static void write_string(struct text *out, const char *string)
{
    const size_t length = string != NULL ? strlen(string) : 0;
    assert(length < NO_VALUE);
    write_length(out, string != NULL ? (uint32_t)length : NO_VALUE);
    if (string != NULL)
        text_append(out, string, length);
}

void pipe_entries_write(struct text *out, const struct core_store_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        write_string(out, entries[i].key);
        write_string(out, entries[i].value);
    }
}

/* A payload that is being read, and where its strings are copied to. */
struct reader {
    const char *at;
    size_t left;
    char *to;
};

/* Returns false when the string is cut, or contains a NUL. */
static bool read_string(struct reader *reader, const char **string)
{
    if (reader->left < LENGTH)
        return false;
    const unsigned char *bytes = (const unsigned char *)reader->at;
    const uint32_t length =
        (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
    reader->at += LENGTH;
    reader->left -= LENGTH;
    *string = NULL;
    if (length == NO_VALUE)
        return true;
    if (length > reader->left || memchr(reader->at, '\0', length) != NULL)
        return false;
    memcpy(reader->to, reader->at, length);
    reader->to[length] = '\0';
    *string = reader->to;
    reader->to += length + 1;
    reader->at += length;
    reader->left -= length;
    return true;
}

/* A string with its NUL takes less memory than its place in the payload, where its length takes four bytes. */
bool pipe_entries_read(struct pipe_entries *entries, const char *payload, size_t length)
{
    struct reader reader = { payload, length, must(malloc(length + 1)) };
    *entries =
        (struct pipe_entries){ .strings = reader.to,
                               .list = must(calloc(length / (2 * LENGTH) + 1, sizeof *entries->list)) };
    while (reader.left > 0) {
        struct core_store_entry *entry = &entries->list[entries->count];
        if (!read_string(&reader, &entry->key) || entry->key == NULL ||
            !read_string(&reader, &entry->value)) {
            pipe_entries_free(entries);
            return false;
        }
        entries->count++;
    }
    return true;
}

void pipe_entries_free(struct pipe_entries *entries)
{
    free(entries->list);
    free(entries->strings);
    *entries = (struct pipe_entries){ 0 };
}
