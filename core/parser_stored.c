/* What storage gave back is read by the parser that reads streams: its entries stand for stanzas. */
#include "parser.h"

#include <string.h>

struct stored {
    struct stanza *all;
    bool failed;
};

static void stored_header(void *host, struct stanza *header, const char *default_ns)
{
    (void)default_ns;
    struct stored *stored = host;
    stored->all = header;
}

static void stored_stanza(void *host, struct stanza *stanza)
{
    struct stored *stored = host;
    element_add_copy(stored->all, stored->all->root, stanza->root);
    stanza_free(stanza);
}

static void stored_end(void *host)
{
    (void)host;
}

static void stored_failed(void *host, enum stream_error error, const char *text)
{
    (void)error;
    (void)text;
    struct stored *stored = host;
    stored->failed = true;
}

struct stanza *parser_read_stored(const struct core_memory *memory, unsigned long hash_salt,
                                  const struct core_store_entry *entries, size_t entry_count)
{
    /* What a client sent within its limits may be larger, and is deeper, by the time it is stored. */
    static const struct core_limits no_limits = {
        .stanza_bytes = SIZE_MAX, .depth = SIZE_MAX - 1, .attributes = SIZE_MAX, .waiting_bytes = SIZE_MAX
    };
    static const struct parser_events events = { stored_header, stored_stanza, stored_end, stored_failed };
    struct stored stored = { 0 };
    struct parser parser;
    if (!parser_init(&parser, memory, &no_limits, hash_salt, &events, &stored)) {
        parser_free(&parser);
        return NULL;
    }
    static const char opening[] = "<stored xmlns='" NS_CLIENT "'>";
    parser_feed(&parser, opening, sizeof opening - 1);
    for (size_t i = 0; i < entry_count; i++)
        if (entries[i].value != NULL)
            parser_feed(&parser, entries[i].value, strlen(entries[i].value));
    parser_feed(&parser, "</stored>", 9);
    bool complete = !stored.failed && parser.depth == 0 && stored.all != NULL && !stanza_failed(stored.all);
    parser_free(&parser);
    if (complete)
        return stored.all;
    stanza_free(stored.all);
    return NULL;
}
