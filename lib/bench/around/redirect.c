#include "redirect.h"

#include <string.h>

#include <apr_cstr.h>
#include <apr_strings.h>

#include <http_ssl.h>

#include "../page/page.h"

/* Both names are the bench's; to a client they are two hosts. */
static const char *host_of(request_rec *r, bool away)
{
    const char *host = r->hostname ? r->hostname : "127.0.0.1", *address = r->connection->local_ip;
    const bool bare = strchr(host, ':') && *host != '[';
    if (!away) return bare ? apr_psprintf(r->pool, "[%s]", host) : host;
    if (apr_cstr_casecmp(host, "localhost") != 0) return "localhost";
    return strchr(address, ':') ? apr_psprintf(r->pool, "[%s]", address) : address;
}

int redirect_answer(request_rec *r)
{
    const bench_t *bench = bench_of(r);
    const settings_t *settings = &bench->place.settings;
    const char *rest = bench->place.rest;
    const char *path = *rest && strcmp(rest, "/") != 0 ? rest : "/ntlm";
    const char *location = apr_psprintf(
        r->pool, "%s://%s:%u%s%s%s", ap_ssl_conn_is_ssl(r->connection) ? "https" : "http",
        host_of(r, settings->redirect_away), (unsigned)r->connection->local_addr->port,
        page_path(r, path), *bench->query ? "?" : "", bench->query);
    apr_table_setn(r->headers_out, "Location", location);
    return page_say(r, settings->redirect, location);
}
