#include "testbench_ports.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { HIGHEST = 65535, PATIENCE = 1 /* second */ };

typedef union address_t {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
} address_t;

static socklen_t address_of(const testbench_site_t *site, int number, address_t *address)
{
    memset(address, 0, sizeof *address);
    if (site->is_ipv6) {
        address->v6.sin6_family = AF_INET6;
        address->v6.sin6_port = htons((uint16_t)number);
        inet_pton(AF_INET6, site->listen, &address->v6.sin6_addr);
        return sizeof address->v6;
    }
    address->v4.sin_family = AF_INET;
    address->v4.sin_port = htons((uint16_t)number);
    inet_pton(AF_INET, site->listen, &address->v4.sin_addr);
    return sizeof address->v4;
}

/* Any free port (0) is bound without SO_REUSEADDR: nobody else has bound it. httpd needs the option
 * to listen there; a number that somebody wants needs it after an httpd that was there before. */
static int keep(const testbench_site_t *site, int number)
{
    const int on = 1;
    address_t address;
    const socklen_t len = address_of(site, number, &address);
    const int keeper = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (keeper < 0) return -1;
    if (number) setsockopt(keeper, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(keeper, &address.any, len) == 0) {
        setsockopt(keeper, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        return keeper;
    }
    const int why = errno;
    close(keeper);
    errno = why;
    return -1;
}

static int number_of(int keeper)
{
    address_t address = {.any = {.sa_family = AF_UNSPEC}};
    socklen_t len = sizeof address;
    if (getsockname(keeper, &address.any, &len) != 0) return 0;
    return ntohs(address.any.sa_family == AF_INET6 ? address.v6.sin6_port : address.v4.sin_port);
}

static int connect_to(const testbench_site_t *site, int number)
{
    const struct timeval patience = {.tv_sec = PATIENCE};
    address_t address;
    const socklen_t len = address_of(site, number, &address);
    const int connection = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection < 0) return -1;
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(connection, &address.any, len) == 0) return connection;
    close(connection);
    return -1;
}

/* Two keepers could be bound to one number, and one httpd would fail later; so could one where
 * somebody listens at all addresses. */
static int keep_if_free(const testbench_site_t *site, int number)
{
    const int met = connect_to(site, number);
    if (met < 0) return keep(site, number);
    close(met);
    errno = EADDRINUSE;
    return -1;
}

/* 0: there is none. */
static int usual_number(const testbench_site_t *site, testbench_port_t port)
{
    const testbench_port_row_t *row = &testbench_ports[port];
    if (!row->beside) return row->usual;
    const int number = site->ports[PORT_HTTPS].number + row->beside;
    return site->ports[PORT_HTTPS].any || number > HIGHEST ? 0 : number;
}

static int take(const testbench_site_t *site, testbench_port_t port)
{
    int keeper = -1;
    if (site->ports[port].fixed) return keep_if_free(site, site->ports[port].number);
    const int usual = site->ports[port].any ? 0 : usual_number(site, port);
    if (usual) keeper = keep_if_free(site, usual);
    return keeper >= 0 ? keeper : keep(site, 0);
}

const char *testbench_ports_take(testbench_site_t *site, testbench_port_t *port)
{
    for (*port = 0; *port < PORTS; (*port)++) {
        if (site->ports[*port].off || site->ports[*port].keeper >= 0) continue;
        const int keeper = take(site, *port);
        if (keeper < 0) return strerror(errno);
        site->ports[*port].number = number_of(keeper);
        site->ports[*port].keeper = keeper;
    }
    return NULL;
}

bool testbench_ports_give_up(testbench_site_t *site)
{
    bool some = false;
    for (int port = 0; port < PORTS; port++) {
        if (site->ports[port].off || site->ports[port].fixed) continue;
        close(site->ports[port].keeper);
        site->ports[port].keeper = -1;
        site->ports[port].number = 0;
        site->ports[port].any = some = true;
    }
    return some;
}

int testbench_connect(const testbench_site_t *site, testbench_port_t port)
{
    return connect_to(site, site->ports[port].number);
}
