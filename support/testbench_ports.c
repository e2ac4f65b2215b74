#include "testbench_ports.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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

/* Without SO_REUSEADDR, which it gets afterwards: who has the port, or has had it a moment ago,
 * keeps it. */
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
    close(keeper);
    return -1;
}

static int number_of(int keeper)
{
    address_t address;
    socklen_t len = sizeof address;
    if (getsockname(keeper, &address.any, &len) != 0) return 0;
    return ntohs(address.any.sa_family == AF_INET6 ? address.v6.sin6_port : address.v4.sin_port);
}

/* Somebody listens there already: two keepers could be bound, and one httpd would fail later. */
static bool is_free(const testbench_site_t *site, int number)
{
    address_t address;
    const socklen_t len = address_of(site, number, &address);
    const int probe = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (probe < 0) return false;
    const bool met = connect(probe, &address.any, len) == 0;
    close(probe);
    return !met;
}

static int take(const testbench_site_t *site, testbench_port_t port)
{
    const int wanted = site->ports[port].number, usual = testbench_ports[port].usual;
    int keeper = -1;
    if (wanted) return is_free(site, wanted) ? keep(site, wanted) : -1;
    if (usual && !site->ports[port].any && is_free(site, usual)) keeper = keep(site, usual);
    return keeper >= 0 ? keeper : keep(site, 0);
}

const char *testbench_ports_take(testbench_site_t *site, testbench_port_t *port)
{
    for (*port = 0; *port < PORTS; (*port)++) {
        if (site->ports[*port].off || site->ports[*port].keeper >= 0) continue;
        const int keeper = take(site, *port);
        if (keeper < 0) return errno == EACCES ? "it may not be had" : "it is taken";
        if (!site->ports[*port].number) site->ports[*port].any = true;
        site->ports[*port].number = number_of(keeper);
        site->ports[*port].keeper = keeper;
    }
    return NULL;
}

bool testbench_ports_give_up(testbench_site_t *site)
{
    bool any = false;
    for (int port = 0; port < PORTS; port++) {
        if (site->ports[port].off || !site->ports[port].any) continue;
        close(site->ports[port].keeper);
        site->ports[port].keeper = -1;
        site->ports[port].number = 0;
        any = true;
    }
    return any;
}

int testbench_connect(const testbench_site_t *site, testbench_port_t port)
{
    address_t address;
    const socklen_t len = address_of(site, site->ports[port].number, &address);
    const int connection = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection < 0) return -1;
    if (connect(connection, &address.any, len) == 0) return connection;
    close(connection);
    return -1;
}
