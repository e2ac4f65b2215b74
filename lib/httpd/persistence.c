#include "persistence.h"

/* mod_remoteip takes its header away and gives the request an address of its own,
 * which may even read the same. With the PROXY protocol it gives the connection
 * one: that connection is a single client's. */
static bool address_is_of_connection(const request_rec *r)
{
    const apr_sockaddr_t *address = r->useragent_addr;
    return address == r->connection->client_addr || address->pool == r->connection->pool;
}

/* Proxy-Support promises that a proxy keeps its clients apart, but promises it to
 * clients. In a request anybody may have written it, so it is a mark like the others. */
static bool looks_proxied(const request_rec *r)
{
    static const char *const marks[] = {"Via", "Forwarded", "X-Forwarded-For", "X-Real-IP",
                                        "Proxy-Support"};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (apr_table_get(r->headers_in, marks[i])) return true;
    return !address_is_of_connection(r);
}

bool persistence_allowed(const request_rec *r, const dir_config_t *config)
{
    if (config->persistence == CONFIG_PERSISTENCE_REQUEST) return false;
    return config->proxied == CONFIG_PROXIED_TRUST || !looks_proxied(r);
}

bool persistence_refuses(const request_rec *r, const dir_config_t *config)
{
    return config->proxied == CONFIG_PROXIED_REFUSE && looks_proxied(r);
}
