#include "client_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void write_bytes(struct client *client, const char *bytes, size_t length)
{
    if (client->connection == UNCONNECTED || length == 0)
        return;
    size_t taken = 0;
    if (client->connection == CONNECTED && client->unsent.length == 0 && !client->corked)
        taken = client->transport.write(client->transport.self, bytes, length);
    assert(taken <= length);
    if (taken < length)
        text_append(&client->unsent, bytes + taken, length - taken);
}

void client_write(struct client *client, const char *bytes, size_t length)
{
    client->managed.inexact = true;
    write_bytes(client, bytes, length);
}

void client_flush(struct client *client)
{
    struct text *unsent = &client->unsent;
    if (client->connection != CONNECTED || client->corked || unsent->length == 0)
        return;
    size_t taken = client->transport.write(client->transport.self, unsent->bytes, unsent->length);
    assert(taken <= unsent->length);
    if (taken == unsent->length) {
        text_free(unsent);
        return;
    }
    unsent->length -= taken;
    memmove(unsent->bytes, unsent->bytes + taken, unsent->length + 1);
}

void client_cork(struct client *client)
{
    assert(!client->corked);
    client_forget_actions(client);
    client->corked = true;
}

void client_uncork(struct client *client)
{
    assert(client->corked);
    client->corked = false;
    client_flush(client);
}

void client_write_string(struct client *client, const char *string)
{
    write_bytes(client, string, strlen(string));
}

void client_write_text(struct client *client, struct text *text)
{
    write_bytes(client, text->bytes, text->length);
    text_free(text);
}

/* Most characters need no escape, in character data and attributes alike (XML 1.0, 2.4 and 3.3.3). */
void client_append_escaped(struct text *text, const char *string)
{
    const size_t plain = strcspn(string, "&<>\"'\t\n\r");
    text_append(text, string, plain);
    if (string[plain] == '\0')
        return;
    char *escaped = xml_escape(string + plain);
    text_string(text, escaped);
    free(escaped);
}

void client_append_attribute(struct text *text, const char *name, const char *value)
{
    if (value == NULL)
        return;
    text_string(text, " ");
    text_string(text, name);
    text_string(text, "='");
    client_append_escaped(text, value);
    text_string(text, "'");
}
