#include "server_kinds.h"

#include "../must.h"
#include "server_pipe.h"

#include <string.h>

/* The kinds of commands live as long as the process. */
struct named_kind {
    struct named_kind *next;
    struct server_kind *kind;
    bool is_open;
};

static struct named_kind *pipes;

static struct named_kind *find_pipe(const char *name)
{
    struct named_kind *pipe = pipes;
    while (pipe != NULL && strcmp(pipe->kind->name, name) != 0)
        pipe = pipe->next;
    return pipe;
}

static const struct server_kind *pipe_named(const char *name, const char *command)
{
    struct named_kind *pipe = find_pipe(name);
    if (pipe != NULL)
        return pipe->kind;
    pipe = must(calloc(1, sizeof *pipe));
    pipe->kind = server_pipe_new(command);
    pipe->next = pipes;
    pipes = pipe;
    return pipe->kind;
}

const struct server_kind *server_kind_named(const char *text)
{
    static const char prefix[] = "pipe:";
    static const struct server_kind *const kinds[] = { &server_core, &server_core_outside };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i]->name, text) == 0)
            return kinds[i];
    if (strncmp(text, prefix, sizeof prefix - 1) != 0)
        return NULL;
    const char *command = text + sizeof prefix - 1;
    for (const char *at = command; *at != '\0'; at++)
        if ((unsigned char)*at < ' ')
            return NULL;
    return command[strspn(command, " ")] != '\0' ? pipe_named(text, command) : NULL;
}

bool server_kind_open(const struct server_kind *kind, char **problem)
{
    struct named_kind *pipe = find_pipe(kind->name);
    *problem = NULL;
    if (pipe == NULL || pipe->is_open)
        return true;
    pipe->is_open = server_pipe_open(pipe->kind, problem);
    return pipe->is_open;
}
