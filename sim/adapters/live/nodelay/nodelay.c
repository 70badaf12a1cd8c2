/*
 * nodelay.c - a library that is loaded into a server before others: its connections send small writes at once.
 *
 * The processes of jabberd2 talk over TCP with each other, and leave Nagle's algorithm on.  So each stanza that
 * passes them waits for acknowledgements that the system delays, 40 ms at a time.  With TCP_NODELAY it does not;
 * nothing else changes.
 */
#define _DEFAULT_SOURCE /* for syscall */

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static void send_at_once(int fd)
{
    const int on = 1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

int connect(int fd, const struct sockaddr *address, socklen_t length)
{
    if (address->sa_family == AF_INET || address->sa_family == AF_INET6)
        send_at_once(fd);
    return (int)syscall(SYS_connect, fd, address, length);
}

int accept(int fd, struct sockaddr *restrict address, socklen_t *restrict length)
{
    const int accepted = (int)syscall(SYS_accept4, fd, address, length, 0);
    if (accepted >= 0)
        send_at_once(accepted);
    return accepted;
}
