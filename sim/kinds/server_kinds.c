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

/* ---- Servers with an adapter that `make servers` builds ---- */

/* Names as on the command line, and the programs with their words. */
static const struct built {
    const char *name, *program, *words;
    bool is_live; /* a real server: its runs are not determined */
} all_built[] = {
    { "prosody", "prosody", "", false },
    { "live:prosody", "live", " prosody", true },
    { "live:ejabberd", "live", " ejabberd", true },
    { "live:jabberd2", "live", " jabberd2", true },
};

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

/* As one word of the shell. */
static void add_quoted(struct text *command, const char *word)
{
    text_string(command, "'");
    for (const char *at = word; *at != '\0'; at++) {
        if (*at == '\'')
            text_string(command, "'\\'");
        text_append(command, at, 1);
    }
    text_string(command, "'");
}

static const struct server_kind *built_kind(const struct built *built)
{
    struct text path = { 0 }, command = { 0 };
    const struct named_kind *known = find_pipe(built->name);
    if (known != NULL)
        return known->kind;
    built_path(built->program, &path);
    text_string(&command, "exec ");
    add_quoted(&command, path.bytes);
    text_string(&command, built->words);
    struct server_kind *kind = server_pipe_new_named(built->name, command.bytes);
    if (built->is_live)
        server_pipe_set_live(kind);
    text_free(&path);
    text_free(&command);
    return add_pipe(kind);
}

static const char tcp_prefix[] = "tcp:";

/* tcp:HOST:PORT, where the last colon begins the port.  NULL when there is no host or no port. */
static const struct server_kind *tcp_kind(const char *text)
{
    uint64_t port;
    const char *host = text + sizeof tcp_prefix - 1;
    const char *colon = strrchr(host, ':');
    const struct named_kind *known = find_pipe(text);
    if (known != NULL)
        return known->kind;
    if (colon == NULL || colon == host || !text_read_number(colon + 1, UINT16_MAX, &port) || port == 0)
        return NULL;
    const bool in_brackets = host[0] == '[' && colon[-1] == ']';
    char *name = must(strndup(host + in_brackets, (size_t)(colon - host) - (in_brackets ? 2 : 0)));
    struct text words = { 0 };
    text_string(&words, " tcp ");
    add_quoted(&words, name);
    text_string(&words, colon);
    free(name);
    *strrchr(words.bytes, ':') = ' ';
    const struct server_kind *kind = built_kind(&(struct built){ text, "live", words.bytes, true });
    text_free(&words);
    return kind;
}

static const struct built *built_named(const char *name)
{
    for (size_t i = 0; i < sizeof all_built / sizeof all_built[0]; i++)
        if (strcmp(all_built[i].name, name) == 0)
            return &all_built[i];
    return NULL;
}

/* The program of a kind that is built; NULL for others. */
static const char *program_of(const char *name)
{
    const struct built *built = built_named(name);
    if (built != NULL)
        return built->program;
    return strncmp(name, tcp_prefix, sizeof tcp_prefix - 1) == 0 ? "live" : NULL;
}

static bool is_missing(const char *name, char **problem)
{
    struct text path = { 0 }, text = { 0 };
    const char *program = program_of(name);
    if (program == NULL)
        return false;
    built_path(program, &path);
    const bool missing = access(path.bytes, X_OK) != 0;
    if (missing) {
        text_string(&text, "there is no ");
        text_string(&text, path.bytes);
        text_string(&text, "; `make servers` installs the servers and builds it\n");
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
    for (const char *at = text; *at != '\0'; at++)
        if ((unsigned char)*at < ' ')
            return NULL;
    if (built_named(text) != NULL)
        return built_kind(built_named(text));
    if (strncmp(text, tcp_prefix, sizeof tcp_prefix - 1) == 0)
        return tcp_kind(text);
    if (strncmp(text, prefix, sizeof prefix - 1) != 0)
        return NULL;
    const char *command = text + sizeof prefix - 1;
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
