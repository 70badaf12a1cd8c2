/*
 * Both ends of recorded connections, for tool_record.sh: record_ends PROGRAM DIALOGUE [OPTION...]
 *
 * It listens as the server, starts `PROGRAM record` with the options in front of it, and plays the lines of the dialogue
 * as the clients and the server.  A line is played when all that the one before had sent has arrived at the other end:
 *
 *      1 opens                    client 1 connects, and the server accepts it
 *      1 > BYTES                  client 1 sends; the server must get the same
 *      1 < BYTES                  the server sends; client 1 must get the same
 *      1 << BYTES                 the server sends; client 1 must get what the next line says instead
 *      = BYTES
 *      1 > megabyte               client 1 sends a message of a megabyte
 *      1 ends, 1 is ended         client 1, or the server, closes the connection, and the other end gets to know
 *      1 resets                   client 1 breaks its connection, and the server gets to know
 *      the server is away         it does not listen any more
 *      1 is refused               client 1 connects, and the connection ends
 *      interrupt                  the program gets a SIGINT
 *      # a comment
 *
 * The exit status is that of the program; 99 when something did not arrive.  After a minute an alarm ends it.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CLIENTS_MOST = 8, LINE_MOST = 4096, MEGABYTE = 1024 * 1024, OTHER = 99, MINUTE = 60 };

static int listener;
static unsigned proxy_port;
static pid_t program;
static struct {
    int client, server;
} pairs[CLIENTS_MOST + 1];

static void fail(const char *line)
{
    fprintf(stderr, "record_ends: %s\n", line);
    if (program > 0)
        kill(program, SIGTERM);
    exit(OTHER);
}

/* Nothing may be left running. */
static void too_late(int number)
{
    (void)number;
    if (program > 0)
        kill(program, SIGKILL);
    _exit(OTHER);
}

static struct sockaddr_in loopback(unsigned port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((in_port_t)port) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/* A socket at a port that may have connections already; at a free one for 0.  A process that has just begun may have
 * the one that listened there, for a moment. */
static int bind_to(unsigned port)
{
    const int yes = 1;
    const struct timespec moment = { .tv_nsec = 10000000 };
    const struct sockaddr_in address = loopback(port);
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    int tries = 500;
    if (fd == -1 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0)
        fail("there is no socket");
    while (bind(fd, (const struct sockaddr *)&address, sizeof address) != 0)
        if (--tries == 0 || nanosleep(&moment, NULL) != 0)
            fail("the port is taken");
    return fd;
}

static unsigned port_of(int fd)
{
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &length) != 0)
        exit(OTHER);
    return ntohs(address.sin_port);
}

static unsigned listen_somewhere(void)
{
    listener = bind_to(0);
    if (listen(listener, CLIENTS_MOST) != 0)
        exit(OTHER);
    return port_of(listener);
}

/* The port stays taken, or another program might listen there. */
static void stop_listening(void)
{
    const unsigned port = port_of(listener);
    close(listener);
    listener = bind_to(port);
}

/* Starts the program, passes its messages on, and takes the port from the first. */
static void start_program(char **arguments, unsigned port)
{
    char to[32], line[LINE_MOST], **all = calloc(64, sizeof *all);
    int count = 0, messages[2];
    (void)snprintf(to, sizeof to, "127.0.0.1:%u", port);
    all[count++] = arguments[1];
    all[count++] = "record";
    all[count++] = "--to";
    all[count++] = to;
    all[count++] = "--listen";
    all[count++] = "127.0.0.1:0";
    for (char **more = arguments + 3; *more != NULL && count < 62; more++)
        all[count++] = *more;
    if (pipe(messages) != 0 || (program = fork()) == -1)
        exit(OTHER);
    if (program == 0) {
        dup2(messages[1], STDERR_FILENO);
        close(messages[0]);
        close(messages[1]);
        close(listener);
        execv(all[0], all);
        _exit(OTHER);
    }
    close(messages[1]);
    free(all);
    FILE *in = fdopen(messages[0], "r");
    const char *port_of_proxy =
        in != NULL && fgets(line, sizeof line, in) != NULL ? strstr(line, ".1:") : NULL;
    if (port_of_proxy == NULL)
        fail("the program does not say where it listens");
    proxy_port = (unsigned)strtoul(port_of_proxy + strlen(".1:"), NULL, 10);
    if (fork() == 0) { /* the rest of its messages, until it ends */
        close(listener);
        while (fgets(line, sizeof line, in) != NULL)
            fputs(line, stderr);
        fflush(stderr);
        _exit(0);
    }
    fclose(in);
}

/* ---- What the lines say ---- */

static int dial(void)
{
    struct sockaddr_in address = loopback(proxy_port);
    const int client = socket(AF_INET, SOCK_STREAM, 0);
    if (client == -1 || connect(client, (struct sockaddr *)&address, sizeof address) != 0)
        fail("cannot connect");
    return client;
}

/* Sends all at one end while the other one receives, and compares what arrives. */
static void carry(int from, int to, const char *sent, size_t sent_length, const char *expected, size_t length)
{
    char *got = calloc(1, length + 1);
    size_t done = 0;
    const pid_t writer = fork();
    if (writer == 0) {
        for (size_t at = 0; at < sent_length;) {
            const ssize_t written = send(from, sent + at, sent_length - at, MSG_NOSIGNAL);
            if (written <= 0)
                _exit(1);
            at += (size_t)written;
        }
        _exit(0);
    }
    while (done < length) {
        const ssize_t part = recv(to, got + done, length - done, 0);
        if (part <= 0)
            fail("the connection has ended");
        done += (size_t)part;
    }
    waitpid(writer, NULL, 0);
    if (memcmp(got, expected, length) != 0) {
        fprintf(stderr, "got: %.2000s\n", got);
        fail("other bytes came");
    }
    free(got);
}

static void send_megabyte(int from, int to)
{
    static const char begin[] = "<message to='nobody'><body>", end[] = "</body></message>";
    const size_t length = sizeof begin - 1 + MEGABYTE + sizeof end - 1;
    char *message = malloc(length);
    if (message == NULL)
        exit(OTHER);
    memcpy(message, begin, sizeof begin - 1);
    memset(message + sizeof begin - 1, 'm', MEGABYTE);
    memcpy(message + length - (sizeof end - 1), end, sizeof end - 1);
    carry(from, to, message, length, message, length);
    free(message);
}

static void ends(int *from, int other, bool resets)
{
    const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
    char byte;
    if (resets)
        (void)setsockopt(*from, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(*from);
    *from = -1;
    if (other != -1 && recv(other, &byte, 1, 0) > 0)
        fail("bytes came instead of the end");
}

static bool begins(const char *text, const char *word)
{
    return strncmp(text, word, strlen(word)) == 0;
}

static void play_of_client(unsigned number, const char *what, const char *next)
{
    int *client = &pairs[number].client, *server = &pairs[number].server;
    char byte;
    if (strcmp(what, "opens") == 0) {
        *client = dial();
        *server = accept(listener, NULL, NULL);
    } else if (strcmp(what, "is refused") == 0) {
        *client = dial();
        if (recv(*client, &byte, 1, 0) > 0)
            fail("bytes came instead of the end");
    } else if (strcmp(what, "> megabyte") == 0) {
        send_megabyte(*client, *server);
    } else if (begins(what, "> ")) {
        carry(*client, *server, what + 2, strlen(what + 2), what + 2, strlen(what + 2));
    } else if (begins(what, "< ")) {
        carry(*server, *client, what + 2, strlen(what + 2), what + 2, strlen(what + 2));
    } else if (begins(what, "<< ") && begins(next, "= ")) {
        carry(*server, *client, what + 3, strlen(what + 3), next + 2, strlen(next + 2));
    } else if (strcmp(what, "ends") == 0 || strcmp(what, "resets") == 0) {
        ends(client, *server, strcmp(what, "resets") == 0);
    } else if (strcmp(what, "is ended") == 0) {
        ends(server, *client, false);
    } else {
        fail(what);
    }
}

static void play(const char *line, const char *next)
{
    char *what;
    const unsigned long number = strtoul(line, &what, 10);
    if (number > 0 && number <= CLIENTS_MOST && *what == ' ')
        play_of_client((unsigned)number, what + 1, next);
    else if (strcmp(line, "the server is away") == 0)
        stop_listening();
    else if (strcmp(line, "interrupt") == 0)
        kill(program, SIGINT);
    else if (line[0] != '\0' && line[0] != '#' && !begins(line, "= "))
        fail(line);
}

static void play_all(FILE *dialogue)
{
    char lines[2][LINE_MOST];
    bool more = fgets(lines[0], LINE_MOST, dialogue) != NULL;
    for (unsigned i = 0; more; i = 1 - i) {
        more = fgets(lines[1 - i], LINE_MOST, dialogue) != NULL;
        lines[i][strcspn(lines[i], "\n")] = '\0';
        if (more)
            lines[1 - i][strcspn(lines[1 - i], "\n")] = '\0';
        play(lines[i], more ? lines[1 - i] : "");
    }
}

int main(int count, char **arguments)
{
    FILE *dialogue = count > 2 ? fopen(arguments[2], "r") : NULL;
    int status;
    if (dialogue == NULL)
        return OTHER;
    (void)signal(SIGALRM, too_late);
    alarm(MINUTE);
    start_program(arguments, listen_somewhere());
    play_all(dialogue);
    fclose(dialogue);
    if (waitpid(program, &status, 0) != program || !WIFEXITED(status))
        return OTHER;
    while (wait(NULL) > 0)
        continue;
    return WEXITSTATUS(status);
}
