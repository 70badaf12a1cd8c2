/*
 * host.c - runs Prosody as an adapter (sim/adapters/README.md): Lua with nothing random beneath it, and forks.
 *
 * Lua hashes tables and functions by their addresses, and seeds the hashes of strings with addresses and the time.
 * So the order in which it goes through a table is the same in two runs only if all of these are:
 *
 *   - addresses are not randomised, and the environment and the arguments are always the same (be_fixed);
 *   - time() and clock() are constant; Prosody's own clocks come from the simulator (world.lua);
 *   - each server is forked from the same heap, which no earlier server has touched.
 *
 * Three generations of processes do that.  The nursery has loaded Prosody, without hosts.  For each set of settings
 * it forks a mother, which loads hosts and modules for them, once.  A mother forks a child for each server.  The first
 * two allocate nothing after that, so what they fork does not depend on what was forked before.
 *
 *      simulator  --"fork", socket-->  nursery  --socket, header of "start"-->  mother  --fork-->  child
 */
#define _GNU_SOURCE /* for dlsym's RTLD_NEXT, and struct ucred's neighbours in sys/socket.h */

#include <dlfcn.h>
#include <errno.h>
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    WIRE = 3,              /* the simulator: the adapter's socket, later that of a server */
    HEADER_MOST = 8192,    /* bytes of a header */
    FRAME_MOST = 1 << 26,  /* bytes of a frame without its length */
    SETTINGS_MOST = 32768, /* bytes of the settings of a mother; longer ones have a mother for one child */
    MOTHERS = 24,          /* mothers at a time */
    BUFFER = 1 << 16,
};

static _Noreturn void give_up(const char *why)
{
    fprintf(stderr, "prosody adapter: %s\n", why);
    _exit(EXIT_FAILURE);
}

/* ---- What Lua and expat ask for ---- */

time_t time(time_t *to)
{
    if (to != NULL)
        *to = 1000000000;
    return 1000000000;
}

clock_t clock(void)
{
    return 0;
}

/*
 * Expat draws a salt for the hash tables of each parser, and frees what is in them in their order: after that other
 * memory is free, and Lua's tables have other addresses.  So the salt is always the same one.
 *
 * Debian's expat 2.5.0-1+deb12u2 and later defers what comes in small pieces until more comes, and lua-expat 1.5.1
 * cannot tell it not to.  A server then leaves a whole stanza unanswered.  That is so outside of here as well, but it
 * would hide everything else in runs whose bytes come in pieces.
 */
typedef void *parser_handle;

static parser_handle tamed(parser_handle parser)
{
    unsigned char (*set_deferral)(parser_handle, unsigned char);
    int (*set_salt)(parser_handle, unsigned long);
    *(void **)&set_deferral = dlsym(RTLD_DEFAULT, "XML_SetReparseDeferralEnabled");
    *(void **)&set_salt = dlsym(RTLD_DEFAULT, "XML_SetHashSalt");
    if (parser == NULL)
        return NULL;
    (void)set_salt(parser, 1);
    if (set_deferral != NULL)
        (void)set_deferral(parser, 0);
    return parser;
}

parser_handle XML_ParserCreate(const char *encoding);
parser_handle XML_ParserCreateNS(const char *encoding, char separator);
unsigned char XML_ParserReset(parser_handle parser, const char *encoding);

parser_handle XML_ParserCreate(const char *encoding)
{
    parser_handle (*create)(const char *);
    *(void **)&create = dlsym(RTLD_NEXT, "XML_ParserCreate");
    return tamed(create(encoding));
}

parser_handle XML_ParserCreateNS(const char *encoding, char separator)
{
    parser_handle (*create)(const char *, char);
    *(void **)&create = dlsym(RTLD_NEXT, "XML_ParserCreateNS");
    return tamed(create(encoding, separator));
}

unsigned char XML_ParserReset(parser_handle parser, const char *encoding)
{
    unsigned char (*reset)(parser_handle, const char *);
    *(void **)&reset = dlsym(RTLD_NEXT, "XML_ParserReset");
    const unsigned char done = reset(parser, encoding);
    (void)tamed(parser);
    return done;
}

/* ---- Frames ---- */

static struct {
    char in[BUFFER], out[BUFFER];
    size_t begin, end; /* of what `in` holds */
    size_t waiting;    /* bytes of `out` */
} wire;

/* Whoever closed the other end needs nothing any more. */
static size_t read_some(int fd, char *to, size_t most)
{
    ssize_t length;
    do
        length = read(fd, to, most);
    while (length < 0 && errno == EINTR);
    if (length <= 0)
        _exit(EXIT_SUCCESS);
    return (size_t)length;
}

static void write_all(const char *bytes, size_t length)
{
    while (length > 0) {
        const ssize_t written = send(WIRE, bytes, length, MSG_NOSIGNAL);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            _exit(EXIT_SUCCESS);
        bytes += written;
        length -= (size_t)written;
    }
}

static void flush(void)
{
    write_all(wire.out, wire.waiting);
    wire.waiting = 0;
}

static void put_bytes(const void *bytes, size_t length)
{
    if (length > BUFFER - wire.waiting)
        flush();
    if (length > BUFFER) {
        write_all(bytes, length);
        return;
    }
    memcpy(wire.out + wire.waiting, bytes, length);
    wire.waiting += length;
}

static void get_bytes(char *to, size_t length)
{
    while (length > 0) {
        if (wire.begin == wire.end) {
            wire.begin = 0;
            wire.end = read_some(WIRE, wire.in, BUFFER);
        }
        const size_t held = wire.end - wire.begin;
        const size_t taken = held < length ? held : length;
        memcpy(to, wire.in + wire.begin, taken);
        wire.begin += taken;
        to += taken;
        length -= taken;
    }
}

static size_t frame_length(const unsigned char prefix[4])
{
    const uint32_t length = (uint32_t)prefix[0] | (uint32_t)prefix[1] << 8 | (uint32_t)prefix[2] << 16 |
                            (uint32_t)prefix[3] << 24;
    if (length > FRAME_MOST)
        give_up("a frame is too long");
    return length;
}

/* wire.get(): the header of the next message, and the payload, nil without. */
static int lua_get(lua_State *lua)
{
    unsigned char prefix[4];
    luaL_Buffer buffer;
    flush();
    get_bytes((char *)prefix, sizeof prefix);
    const size_t length = frame_length(prefix);
    char *frame = luaL_buffinitsize(lua, &buffer, length);
    get_bytes(frame, length);
    const char *line = memchr(frame, '\n', length);
    const size_t header = line != NULL ? (size_t)(line - frame) : length;
    lua_pushlstring(lua, frame, header);
    if (line != NULL)
        lua_pushlstring(lua, line + 1, length - header - 1);
    else
        lua_pushnil(lua);
    return 2;
}

/* wire.put(header, payload): the payload may be nil. */
static int lua_put(lua_State *lua)
{
    size_t header_length, payload_length = 0;
    const char *header = luaL_checklstring(lua, 1, &header_length);
    const char *payload = luaL_optlstring(lua, 2, NULL, &payload_length);
    const size_t length = header_length + (payload != NULL ? 1 + payload_length : 0);
    luaL_argcheck(lua, length <= FRAME_MOST, 2, "the message is too long");
    const unsigned char prefix[4] = { length & 255, length >> 8 & 255, length >> 16 & 255,
                                      length >> 24 & 255 };
    put_bytes(prefix, sizeof prefix);
    put_bytes(header, header_length);
    if (payload != NULL) {
        put_bytes("\n", 1);
        put_bytes(payload, payload_length);
    }
    return 0;
}

/* ---- Sockets that carry a socket ---- */

union control {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
};

/* Receives bytes, and the descriptor that comes with them; -1 where there is none.  Returns 0 at the end. */
static size_t receive_with(int from, char *bytes, size_t size, int *fd)
{
    union control control;
    struct iovec part = { bytes, size };
    struct msghdr message = { .msg_iov = &part,
                              .msg_iovlen = 1,
                              .msg_control = control.space,
                              .msg_controllen = sizeof control.space };
    ssize_t length;
    do
        length = recvmsg(from, &message, MSG_CMSG_CLOEXEC);
    while (length < 0 && errno == EINTR);
    *fd = -1;
    const struct cmsghdr *header = length > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (header != NULL && header->cmsg_type == SCM_RIGHTS)
        memcpy(fd, CMSG_DATA(header), sizeof *fd);
    return length > 0 ? (size_t)length : 0;
}

static bool send_with(int to, char *bytes, size_t length, int fd)
{
    union control control;
    struct iovec part = { bytes, length };
    struct msghdr message = { .msg_iov = &part,
                              .msg_iovlen = 1,
                              .msg_control = control.space,
                              .msg_controllen = sizeof control.space };
    memset(&control, 0, sizeof control);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    *header = (struct cmsghdr){ .cmsg_level = SOL_SOCKET,
                                .cmsg_type = SCM_RIGHTS,
                                .cmsg_len = CMSG_LEN(sizeof fd) };
    memcpy(CMSG_DATA(header), &fd, sizeof fd);
    return sendmsg(to, &message, MSG_NOSIGNAL) == (ssize_t)length;
}

/* ---- The nursery ---- */

/* Nothing of these is in memory that Lua allocates. */
static struct mother {
    int socket; /* 0 where there is none */
    uint64_t used;
    size_t length;
    char settings[SETTINGS_MOST];
} mothers[MOTHERS];

static uint64_t births;

/* The "start" of a server, whole. */
static struct {
    char frame[SETTINGS_MOST + HEADER_MOST];
    size_t header, length;
} start;

static size_t read_up_to(int fd, char *to, size_t length)
{
    size_t have = 0;
    while (have < length) {
        const ssize_t got = read(fd, to + have, length - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        have += (size_t)got;
    }
    return have;
}

/* Returns false when the other end was closed before. */
static bool read_start(int fd)
{
    unsigned char prefix[4];
    if (read_up_to(fd, (char *)prefix, sizeof prefix) != sizeof prefix)
        return false;
    start.length = frame_length(prefix);
    if (start.length > sizeof start.frame)
        give_up("the settings are too long");
    if (read_up_to(fd, start.frame, start.length) != start.length)
        return false;
    const char *line = memchr(start.frame, '\n', start.length);
    start.header = line != NULL ? (size_t)(line - start.frame) : start.length;
    if (start.header >= HEADER_MOST)
        give_up("the header is too long");
    return true;
}

static const char *settings_of_start(size_t *length)
{
    const size_t at = start.header < start.length ? start.header + 1 : start.length;
    *length = start.length - at;
    if (*length > SETTINGS_MOST)
        give_up("the settings are too long");
    return start.frame + at;
}

static struct mother *find_mother(const char *settings, size_t length)
{
    struct mother *oldest = &mothers[0];
    for (struct mother *mother = mothers; mother < mothers + MOTHERS; mother++) {
        if (mother->socket != 0 && mother->length == length &&
            memcmp(mother->settings, settings, length) == 0)
            return mother;
        if (mother->used < oldest->used)
            oldest = mother;
    }
    if (oldest->socket != 0)
        (void)close(oldest->socket); /* it ends when its children have */
    *oldest = (struct mother){ .length = length };
    memcpy(oldest->settings, settings, length);
    return oldest;
}

/* In the new mother the socket to the nursery is her wire. */
static bool bear_mother(struct mother *mother, int child)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        give_up("no socket for a mother");
    const pid_t pid = fork();
    if (pid < 0)
        give_up("no process for a mother");
    if (pid > 0) {
        (void)close(pair[1]);
        mother->socket = pair[0];
        return false;
    }
    for (size_t i = 0; i < MOTHERS; i++)
        if (mothers[i].socket != 0)
            (void)close(mothers[i].socket);
    (void)close(child);
    (void)close(pair[0]);
    (void)dup2(pair[1], WIRE);
    (void)close(pair[1]);
    return true;
}

/* Receives "fork", with whose last byte a socket comes. */
static int next_server(void)
{
    char frame[8];
    size_t have = 0;
    int fd = -1;
    while (have < sizeof frame && fd < 0) {
        const size_t some = receive_with(WIRE, frame + have, sizeof frame - have, &fd);
        if (some == 0)
            _exit(EXIT_SUCCESS);
        have += some;
    }
    if (have < sizeof frame || fd < 0 || memcmp(frame, "\4\0\0\0fork", sizeof frame) != 0)
        give_up("\"fork\" with a socket was expected");
    return fd;
}

/* wire.nursery(): returns in a new mother, with the settings. */
static int lua_nursery(lua_State *lua)
{
    flush();
    for (;;) {
        size_t length;
        const int child = next_server();
        if (!read_start(child)) {
            (void)close(child);
            continue;
        }
        const char *settings = settings_of_start(&length);
        struct mother *mother = find_mother(settings, length);
        mother->used = ++births;
        if (mother->socket == 0 && bear_mother(mother, child)) {
            lua_pushlstring(lua, settings, length);
            return 1;
        }
        if (!send_with(mother->socket, start.frame, start.header, child)) {
            (void)close(mother->socket);
            mother->socket = 0; /* the next one finds another mother, and the server is missed */
        }
        (void)close(child);
    }
}

/* wire.mother(): returns in a new child, with the header of its "start". */
static int lua_mother(lua_State *lua)
{
    static char header[HEADER_MOST];
    for (;;) {
        int fd;
        const size_t length = receive_with(WIRE, header, sizeof header, &fd);
        if (length == 0)
            _exit(EXIT_SUCCESS);
        if (fd < 0)
            give_up("a child has no socket");
        const pid_t pid = fork();
        if (pid < 0)
            give_up("no process for a child");
        if (pid == 0) {
            (void)dup2(fd, WIRE);
            (void)close(fd);
            lua_pushlstring(lua, header, length);
            return 1;
        }
        (void)close(fd);
    }
}

/* wire.exit(status) */
static int lua_exit(lua_State *lua)
{
    flush();
    _exit((int)luaL_optinteger(lua, 1, EXIT_SUCCESS));
}

/* ---- The program ---- */

#define EMBED(name)                                                                                          \
    __asm__(".section .rodata\n"                                                                             \
            ".global " #name "_begin\n" #name "_begin: .incbin \"sim/adapters/prosody/" #name ".lua\"\n"     \
            ".global " #name "_end\n" #name "_end: .byte 0\n"                                                \
            ".previous\n");                                                                                  \
    extern const char name##_begin[], name##_end[];

EMBED(world)
EMBED(network)
EMBED(loading)
EMBED(stanzas)
EMBED(forms)
EMBED(storage)
EMBED(auth)
EMBED(settings)
EMBED(accounts)
EMBED(federation)
EMBED(main)

static const struct source {
    const char *name;
    const char *begin, *end;
} sources[] = {
    { "=adapter.world", world_begin, world_end },
    { "=adapter.network", network_begin, network_end },
    { "=adapter.loading", loading_begin, loading_end },
    { "=adapter.stanzas", stanzas_begin, stanzas_end },
    { "=adapter.forms", forms_begin, forms_end },
    { "=adapter.storage", storage_begin, storage_end },
    { "=adapter.auth", auth_begin, auth_end },
    { "=adapter.settings", settings_begin, settings_end },
    { "=adapter.accounts", accounts_begin, accounts_end },
    { "=adapter.federation", federation_begin, federation_end },
};

static void load(lua_State *lua, const char *begin, const char *end, const char *name)
{
    if (luaL_loadbufferx(lua, begin, (size_t)(end - begin), name, "t") != LUA_OK)
        give_up(lua_tostring(lua, -1));
}

/* The files, as package.preload has them. */
static void preload(lua_State *lua)
{
    luaL_getsubtable(lua, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        load(lua, sources[i].begin, sources[i].end, sources[i].name);
        lua_setfield(lua, -2, sources[i].name + 1);
    }
    lua_pop(lua, 1);
}

static int traceback(lua_State *lua)
{
    luaL_traceback(lua, lua, luaL_tolstring(lua, 1, NULL), 1);
    return 1;
}

/* Starts this program again, without randomised addresses, and with the same environment and arguments wherever it
 * lies and the program that started it: they are on the stack, and the seed of Lua's hashes is an address there. */
static void be_fixed(char **arguments)
{
    static char program[] = "prosody", path[] = "PATH=/usr/bin:/bin", language[] = "LC_ALL=C",
                zone[] = "TZ=UTC";
    static char *const fixed_arguments[] = { program, NULL };
    static char *const fixed_environment[] = { path, language, zone, NULL };
    const int now = personality(0xffffffff);
    if (now >= 0 && (now & ADDR_NO_RANDOMIZE) != 0 && strcmp(arguments[0], program) == 0)
        return;
    if (now < 0 || personality((unsigned long)now | ADDR_NO_RANDOMIZE) < 0)
        give_up("this system does not let addresses be fixed (personality, ADDR_NO_RANDOMIZE)");
    (void)execve("/proc/self/exe", fixed_arguments, fixed_environment);
    give_up("/proc/self/exe cannot be run");
}

int main(int count, char **arguments)
{
    static const luaL_Reg functions[] = { { "get", lua_get },         { "put", lua_put },
                                          { "nursery", lua_nursery }, { "mother", lua_mother },
                                          { "exit", lua_exit },       { NULL, NULL } };
    if (count < 1)
        return EXIT_FAILURE;
    be_fixed(arguments);
    (void)signal(SIGCHLD, SIG_IGN); /* nobody waits for children */
    lua_State *lua = luaL_newstate();
    luaL_openlibs(lua);
    luaL_newlib(lua, functions);
    lua_setglobal(lua, "wire");
    preload(lua);
    lua_pushcfunction(lua, traceback);
    load(lua, main_begin, main_end, "=adapter");
    if (lua_pcall(lua, 0, 0, -2) != LUA_OK)
        give_up(lua_tostring(lua, -1));
    give_up("it ended by itself");
}
