#include "ldap_socket.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <apr_strings.h>

#include "../../system/clock.h"

int ldap_socket_wait(int fd, short events, apr_time_t until)
{
    struct pollfd wait = {.fd = fd, .events = events};
    int ready;
    do {
        apr_time_t left = until - clock_ticks();
        if (left <= 0) return ETIMEDOUT;
        ready = poll(&wait, 1, (int)((left + 999) / 1000));
    } while (ready < 0 && errno == EINTR);
    if (ready < 0) return errno;
    return ready > 0 ? 0 : ETIMEDOUT;
}

/* Waits until it is connected; gives 0 or the system's error. */
static int await(int fd, apr_time_t until)
{
    int error = ldap_socket_wait(fd, POLLOUT, until);
    socklen_t size = sizeof error;
    if (error) return error;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

/* Gives a descriptor, or -1 and the system's error. */
static int connect_to(const struct sockaddr *address, socklen_t len, apr_time_t until, int *error)
{
    const int on = 1;
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    *error = errno;
    if (fd < 0) return -1;
    if (address->sa_family != AF_UNIX) {
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        (void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    }
    *error = connect(fd, address, len) == 0 ? 0 : errno;
    if (*error == EINPROGRESS || *error == EINTR) *error = await(fd, until);
    if (*error == 0) return fd;
    close(fd);
    return -1;
}

static int open_local(const char *path, apr_time_t until, int *error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    apr_cpystrn(address.sun_path, path, sizeof address.sun_path);
    return connect_to((const struct sockaddr *)&address, sizeof address, until, error);
}

static int count(const struct addrinfo *at)
{
    int all = 0;
    for (; at; at = at->ai_next) all++;
    return all;
}

/* Each address gets its share of the time that is left. */
static int open_one_of(const struct addrinfo *addresses, apr_time_t until, int *error)
{
    int fd = -1;
    for (const struct addrinfo *at = addresses; at && fd < 0; at = at->ai_next) {
        apr_time_t now = clock_ticks();
        apr_time_t share = now + (until - now) / count(at);
        fd = connect_to(at->ai_addr, at->ai_addrlen, share, error);
    }
    return fd;
}

static const char *cannot_connect(apr_pool_t *pool, int error)
{
    char text[128];
    if (error == ETIMEDOUT) return "it does not answer in time";
    return apr_psprintf(pool, "cannot connect: %s",
                        apr_strerror(APR_FROM_OS_ERROR(error), text, sizeof text));
}

int ldap_socket_open(const ldap_server_t *server, apr_time_t until, apr_pool_t *pool,
                     const char **why)
{
    const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *addresses = NULL;
    int fd, error = 0;
    if (server->path) {
        fd = open_local(server->path, until, &error);
    } else {
        int unknown = getaddrinfo(server->host, server->port, &wanted, &addresses);
        if (unknown) *why = apr_psprintf(pool, "cannot connect: %s", gai_strerror(unknown));
        if (unknown) return -1;
        fd = open_one_of(addresses, until, &error);
        freeaddrinfo(addresses);
    }
    if (fd < 0) *why = cannot_connect(pool, error);
    return fd;
}
