#include "server_private.h"

#include "../must.h"

#include <stdlib.h>
#include <string.h>

bool server_waits(const struct server *server)
{
    return server->self != NULL && server->kind->waits != NULL && server->kind->waits(server->self);
}

static char *copy(const char *bytes, size_t length)
{
    char *copied = must(malloc(length + 1));
    if (length > 0)
        memcpy(copied, bytes, length);
    copied[length] = '\0';
    return copied;
}

static void keep(struct server *server, const struct input *input)
{
    struct input *kept = must(malloc(sizeof *kept));
    *kept = *input;
    kept->next = NULL;
    kept->bytes = input->bytes != NULL ? copy(input->bytes, input->length) : NULL;
    kept->domain = input->domain != NULL ? copy(input->domain, strlen(input->domain)) : NULL;
    if (server->inputs == NULL)
        server->last_input = &server->inputs;
    *server->last_input = kept;
    server->last_input = &kept->next;
}

static struct input *take_first(struct server *server)
{
    struct input *first = server->inputs;
    server->inputs = first->next;
    return first;
}

static void forget(struct input *input)
{
    free((char *)input->bytes);
    free((char *)input->domain);
    free(input);
}

void server_input(struct server *server, const struct input *input)
{
    if (server_waits(server))
        keep(server, input);
    else
        input->take(server, input);
}

void server_take_inputs(struct server *server)
{
    while (server->inputs != NULL && !server_waits(server)) {
        struct input *input = take_first(server);
        input->take(server, input);
        forget(input);
    }
}

void server_forget_inputs(struct server *server)
{
    while (server->inputs != NULL)
        forget(take_first(server));
}
