#include "record_private.h"

/* ---- Passages ---- */

static struct passage *add_passage(struct connection *connection, enum passage_kind kind, bool by_client)
{
    struct record *record = connection->record;
    if (record->count == record->room) {
        record->room = record->room * 2 + 64;
        record->passages = must(realloc(record->passages, record->room * sizeof *record->passages));
    }
    if (connection->own_count == connection->own_room) {
        connection->own_room = connection->own_room * 2 + 16;
        connection->own = must(realloc(connection->own, connection->own_room * sizeof *connection->own));
    }
    assert(record->passages != NULL && connection->own != NULL);
    connection->own[connection->own_count++] = record->count;
    struct passage *passage = &record->passages[record->count++];
    *passage = (struct passage){ .kind = kind,
                                 .by_client = by_client,
                                 .connection = connection->number,
                                 .at = connection->now,
                                 .before = NO_PASSAGE };
    return passage;
}

/* Raw bytes that follow each other are one passage, unless time has passed between them. */
static void add_raw(struct connection *connection, bool by_client, const char *bytes, size_t length)
{
    const struct record *record = connection->record;
    struct passage *last = record->count > 0 ? &record->passages[record->count - 1] : NULL;
    if (last == NULL || last->kind != PASSAGE_RAW || last->by_client != by_client ||
        last->connection != connection->number || connection->now - last->at >= record->options.pause)
        last = add_passage(connection, PASSAGE_RAW, by_client);
    text_append(&last->raw, bytes, length);
}

static void add_item(struct connection *connection, bool by_client, const struct wire_item *item)
{
    static const enum passage_kind kinds[] = {
        [WIRE_HEADER] = PASSAGE_HEADER, [WIRE_ELEMENT] = PASSAGE_ELEMENT, [WIRE_END] = PASSAGE_END
    };
    if (item->kind == WIRE_RAW)
        add_raw(connection, by_client, item->bytes, item->length);
    else
        add_passage(connection, kinds[item->kind], by_client)->element = item->element;
}

/* ---- The client's bytes ---- */

static void look_at_raw(const struct connection *connection, const struct wire_item *item)
{
    enum { HANDSHAKE = 0x16 }; /* the type of a record of TLS (RFC 8446, 5.1) */
    const struct passage *first = own_passage(connection, connection->own_count - 1);
    if (connection->own_count == 1 && first->kind == PASSAGE_OPENED && item->bytes[0] == HANDSHAKE)
        record_tell(connection->record, connection->number,
                    "the client begins with TLS, which cannot be read: let it connect without TLS");
}

/* A client without channel binding may say that the server has none, too (RFC 5802, 6). */
static void look_at_auth(struct connection *connection, const struct xml *auth)
{
    char message[8];
    connection->authenticates = true;
    xml_text(auth, message, sizeof message);
    if (connection->hid_plus && strncmp(message, "eSws", strlen("eSws")) == 0) /* "y,," in base64 */
        record_tell(connection->record, connection->number,
                    "the client tells the server that it has seen no mechanism with channel binding, because "
                    "they are hidden here; the server offers one, so it refuses this as an attack: let the "
                    "client use PLAIN, or the server offer none");
}

static void client_item(void *host, const struct wire_item *item)
{
    struct connection *connection = host;
    if (item->kind == WIRE_RAW)
        look_at_raw(connection, item);
    if (item->kind == WIRE_ELEMENT && xml_is(item->element, "auth", NS_SASL))
        look_at_auth(connection, item->element);
    if (item->kind == WIRE_ELEMENT && xml_is(item->element, "starttls", NS_TLS))
        record_tell(connection->record, connection->number,
                    "the client insists on TLS, which was not offered to it: let it connect without TLS");
    add_item(connection, true, item);
}

/* ---- The server's bytes ---- */

/* More of an element than this is not held. */
enum { HELD_MOST = 256 * 1024 };

static void look_at_offer(struct connection *connection, const struct offer *offer)
{
    connection->hid_tls = connection->hid_tls || offer->tls;
    connection->hid_plus = connection->hid_plus || offer->plus;
    if (connection->authenticates)
        return;
    connection->is_explained = offer->tls && (offer->tls_required || offer->mechanisms == 0);
    if (offer->tls_required)
        record_tell(connection->record, connection->number,
                    "the server requires TLS, which is hidden from the client: it will refuse the login "
                    "unless it is set to do without");
    else if (offer->tls && offer->mechanisms == 0)
        record_tell(connection->record, connection->number,
                    "the server offers no mechanism without TLS: set it to allow logins in clear");
}

static void server_item(void *host, const struct wire_item *item)
{
    struct connection *connection = host;
    const bool is_features = item->kind == WIRE_ELEMENT && connection->holds && connection->sent_ahead == 0 &&
                             xml_is(item->element, "features", XML_NS_STREAMS);
    if (is_features) {
        const struct offer offer = offer_pass(item->bytes, item->length, connection->passed);
        look_at_offer(connection, &offer);
    } else {
        text_append(connection->passed, item->bytes + connection->sent_ahead,
                    item->length - connection->sent_ahead);
    }
    connection->sent_ahead = 0;
    connection->holds = item->kind == WIRE_HEADER;
    if (item->kind == WIRE_ELEMENT && xml_is(item->element, "proceed", NS_TLS))
        connection->is_dark = true;
    add_item(connection, false, item);
}

/* Passes on what is not held. */
static void pass_rest(struct connection *connection, bool all)
{
    size_t length;
    const char *rest = wire_rest(connection->server, &length);
    if (!all && connection->holds && length < HELD_MOST)
        return;
    if (length > connection->sent_ahead)
        text_append(connection->passed, rest + connection->sent_ahead, length - connection->sent_ahead);
    connection->sent_ahead = length;
}

/* ---- What is reported ---- */

struct record *record_new(const struct record_options *options)
{
    struct record *record = must(calloc(1, sizeof *record));
    record->options = *options;
    record->values = values_new();
    return record;
}

static void connection_free(struct connection *connection)
{
    wire_free(connection->client);
    wire_free(connection->server);
    free(connection->own);
    free(connection);
}

void record_free(struct record *record)
{
    if (record == NULL)
        return;
    for (size_t i = 0; i < record->count; i++) {
        xml_free(record->passages[i].element);
        text_free(&record->passages[i].raw);
    }
    for (size_t i = 0; i < record->connection_count; i++)
        connection_free(record->connections[i]);
    record_forget(record);
    values_free(record->values);
    free(record->passages);
    free(record->connections);
    free(record->roles);
    free(record);
}

size_t record_opened(struct record *record, uint64_t now)
{
    struct connection *connection = must(calloc(1, sizeof *connection));
    record->connections =
        must(realloc(record->connections, (record->connection_count + 1) * sizeof(struct connection *)));
    record->connections[record->connection_count] = connection;
    *connection = (struct connection){ .record = record,
                                       .client = wire_new(client_item, connection),
                                       .server = wire_new(server_item, connection),
                                       .number = record->connection_count,
                                       .now = now,
                                       .opened = record->count,
                                       .closed = NO_PASSAGE };
    add_passage(connection, PASSAGE_OPENED, true);
    return record->connection_count++;
}

void record_client(struct record *record, size_t number, uint64_t now, const char *bytes, size_t length)
{
    struct connection *connection = record->connections[number];
    connection->now = now;
    if (!connection->is_dark)
        wire_feed(connection->client, bytes, length);
}

void record_server(struct record *record, size_t number, uint64_t now, const char *bytes, size_t length,
                   struct text *passed)
{
    struct connection *connection = record->connections[number];
    connection->now = now;
    if (connection->is_dark) {
        text_append(passed, bytes, length);
        return;
    }
    connection->passed = passed;
    wire_feed(connection->server, bytes, length);
    pass_rest(connection, connection->is_dark);
}

static bool is_blank(const char *bytes, size_t length)
{
    size_t i = 0;
    while (i < length && strchr(" \t\r\n", bytes[i]) != NULL && bytes[i] != '\0')
        i++;
    return i == length;
}

/* What the client began, and did not end, it sent as well. */
static void keep_begun(struct connection *connection)
{
    size_t length;
    const char *rest = wire_rest(connection->client, &length);
    if (!connection->is_dark && !is_blank(rest, length))
        add_raw(connection, true, rest, length);
}

void record_ended(struct record *record, size_t number, uint64_t now, bool by_client, struct text *passed)
{
    struct connection *connection = record->connections[number];
    connection->now = now;
    connection->passed = passed;
    if (!connection->is_dark)
        pass_rest(connection, true);
    if (connection->has_ended)
        return;
    connection->has_ended = true;
    keep_begun(connection);
    connection->closed = record->count;
    add_passage(connection, PASSAGE_CLOSED, by_client);
    if (by_client && connection->hid_tls && !connection->authenticates && !connection->is_explained)
        record_tell(record, number,
                    "the client left without a login; if it insists on TLS, let it connect without");
}

char *record_write(struct record *record)
{
    for (size_t i = 0; i < record->connection_count; i++)
        if (!record->connections[i]->has_ended)
            keep_begun(record->connections[i]);
    for (size_t i = 0; i < record->connection_count; i++)
        read_connection(record, record->connections[i]);
    cast_roles(record);
    return score_print(record);
}
