/* Parses values from storage with the parser for streams: each entry is parsed as a stanza. */
#include "xml/parser.h"

#include <string.h>

struct stored {
    struct stanza *all;
    bool failed;
};

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

struct stanza *parser_read_stored(struct parser_pool *pool, const struct core_store_entry *entries,
                                  size_t entry_count)
{
    /* A stanza within the client's limits may be larger, and is deeper, once it is stored. */
    static const struct core_limits no_limits = { .stanza_bytes = SIZE_MAX,
                                                  .unauthenticated_bytes = SIZE_MAX,
                                                  .depth = SIZE_MAX,
                                                  .attributes = SIZE_MAX,
                                                  .waiting_bytes = SIZE_MAX };
    static const struct parser_events events = { .stanza = stored_stanza,
                                                 .end = stored_end,
                                                 .failed = stored_failed };
    struct stored stored = { .all = stanza_new(pool->memory, "stored", NS_CLIENT) };
    if (stored.all == NULL)
        return NULL;
    struct parser parser;
    parser_init_open(&parser, pool, &no_limits, &events, &stored);
    for (size_t i = 0; i < entry_count; i++)
        if (entries[i].value != NULL)
            parser_feed(&parser, entries[i].value, strlen(entries[i].value));
    bool complete = !stored.failed && parser.expat == NULL; /* else it is inside an element */
    parser_free(&parser);
    if (complete && !stanza_failed(stored.all))
        return stored.all;
    stanza_free(stored.all);
    return NULL;
}
