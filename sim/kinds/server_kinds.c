#include "server_kinds.h"

#include "../must.h"
#include "../text.h"
#include "server_pipe.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

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

static const struct server_kind *add_pipe(struct server_kind *kind)
{
    struct named_kind *pipe = must(calloc(1, sizeof *pipe));
    pipe->kind = kind;
    pipe->next = pipes;
    pipes = pipe;
    return kind;
}

static const struct server_kind *pipe_named(const char *name, const char *command)
{
    const struct named_kind *pipe = find_pipe(name);
    return pipe != NULL ? pipe->kind : add_pipe(server_pipe_new(command));
}

/* ---- Servers with an adapter of their own ---- */

static const char *const built[] = { "prosody" };

/* The adapter of a server: it lies beside this program. */
static void built_path(const char *name, struct text *path)
{
    char program[PATH_MAX];
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program);
    size_t folder = length > 0 ? (size_t)length : 0;
    while (folder > 0 && program[folder - 1] != '/')
        folder--;
    text_append(path, program, folder);
    text_string(path, "adapters/");
    text_string(path, name);
}

/* The path as one word of the shell. */
static const struct server_kind *built_kind(const char *name)
{
    struct text path = { 0 }, command = { 0 };
    const struct named_kind *known = find_pipe(name);
    if (known != NULL)
        return known->kind;
    built_path(name, &path);
    text_string(&command, "exec '");
    for (const char *at = path.bytes; *at != '\0'; at++) {
        if (*at == '\'')
            text_string(&command, "'\\'");
        text_append(&command, at, 1);
    }
    text_string(&command, "'");
    const struct server_kind *kind = add_pipe(server_pipe_new_named(name, command.bytes));
    text_free(&path);
    text_free(&command);
    return kind;
}

static bool is_missing(const char *name, char **problem)
{
    struct text path = { 0 }, text = { 0 };
    bool is_built = false;
    for (size_t i = 0; i < sizeof built / sizeof built[0]; i++)
        is_built = is_built || strcmp(built[i], name) == 0;
    built_path(name, &path);
    const bool missing = is_built && access(path.bytes, X_OK) != 0;
    if (missing) {
        text_string(&text, "there is no ");
        text_string(&text, path.bytes);
        text_string(&text, "; `make servers` installs the server and builds it\n");
        *problem = text_take(&text);
    }
    text_free(&path);
    return missing;
}

/* ---- All kinds ---- */

const struct server_kind *server_kind_named(const char *text)
{
    static const char prefix[] = "pipe:";
    static const struct server_kind *const kinds[] = { &server_core, &server_core_outside };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i]->name, text) == 0)
            return kinds[i];
    for (size_t i = 0; i < sizeof built / sizeof built[0]; i++)
        if (strcmp(built[i], text) == 0)
            return built_kind(text);
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
    if (is_missing(kind->name, problem))
        return false;
    pipe->is_open = server_pipe_open(pipe->kind, problem);
    return pipe->is_open;
}
