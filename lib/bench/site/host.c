#include "host.h"

#include <string.h>

#include <arpa/inet.h>

#include <apr_cstr.h>

enum { HOST_MAX = 255 };

static bool is_loopback_v4(const char *host)
{
    struct in_addr address;
    return inet_pton(AF_INET, host, &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

static bool is_loopback_v6(const char *host)
{
    struct in6_addr address;
    return inet_pton(AF_INET6, host, &address) == 1 && IN6_IS_ADDR_LOOPBACK(&address);
}

static bool is_localhost(const char *host, size_t len)
{
    static const char name[] = "localhost";
    const size_t name_len = sizeof name - 1;
    return len >= name_len && apr_cstr_casecmp(host + len - name_len, name) == 0 &&
           (len == name_len || (len > name_len + 1 && host[len - name_len - 1] == '.'));
}

bool host_is_loopback(const char *host)
{
    char room[HOST_MAX + 1];
    size_t len = strlen(host);
    if (len == 0 || len > HOST_MAX) return false;
    memcpy(room, host, len + 1);
    if (is_loopback_v4(room) || is_loopback_v6(room)) return true;
    if (room[0] == '[' && room[len - 1] == ']') {
        room[len - 1] = '\0';
        return is_loopback_v6(room + 1);
    }
    if (room[len - 1] == '.') room[--len] = '\0';
    return is_localhost(room, len);
}
