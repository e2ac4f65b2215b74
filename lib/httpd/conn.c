#include "conn.h"

#include <string.h>

#include <httpd.h>

#include "../http/http.h"
#include "../status/gauges.h"

enum { ORIGIN, PROXY, SIDES };

/* What is counted up is counted down once, whichever way it ends. */
static void gauge(gauge_id_t id, bool is_so, bool *counted)
{
    if (is_so != *counted) gauge_add(id, is_so ? 1 : -1);
    *counted = is_so;
}

void conn_gauge(ntlm_conn_t *conn)
{
    gauge(GAUGE_LOGGED_IN, conn->login != NULL, &conn->gauged_login);
    gauge(GAUGE_CHALLENGED, conn->acceptor.state == NTLM_CHALLENGED, &conn->gauged_challenge);
}

/* The pools have no cleansing of their own: a handshake that the client leaves
 * open is wiped when its connection closes. */
static apr_status_t forget_at_close(void *data)
{
    ntlm_conn_t *conn = data;
    ntlm_forget(&conn->acceptor);
    conn->login = NULL;
    conn_gauge(conn);
    return APR_SUCCESS;
}

ntlm_conn_t *conn_of(request_rec *r)
{
    conn_rec *c = r->connection;
    int side = http_is_to_proxy(r) ? PROXY : ORIGIN;
    ntlm_conn_t *sides = ap_get_module_config(c->conn_config, &auth_ntlmv2_module);
    if (!sides) {
        sides = apr_pcalloc(c->pool, SIDES * sizeof *sides);
        ap_set_module_config(c->conn_config, &auth_ntlmv2_module, sides);
        apr_pool_pre_cleanup_register(c->pool, &sides[ORIGIN], forget_at_close);
        apr_pool_pre_cleanup_register(c->pool, &sides[PROXY], forget_at_close);
    }
    sides[side].unread = false;
    return &sides[side];
}

ntlm_conn_t *conn_known(request_rec *r)
{
    return ap_get_module_config(r->connection->conn_config, &auth_ntlmv2_module) ? conn_of(r)
                                                                                 : NULL;
}

bool conn_is_logged_in(const conn_rec *c)
{
    const ntlm_conn_t *sides = ap_get_module_config(c->conn_config, &auth_ntlmv2_module);
    return sides && sides[ORIGIN].login;
}

void conn_end(ntlm_conn_t *conn)
{
    ntlm_forget(&conn->acceptor);
    conn->login = NULL;
    if (conn->pool) apr_pool_destroy(conn->pool);
    conn->pool = NULL;
    conn_gauge(conn);
}

static void end_negotiation(ntlm_conn_t *conn)
{
    if (conn->negotiation) *conn->negotiation = (spnego_t){.stage = SPNEGO_STAGE_NONE};
}

void conn_forget(ntlm_conn_t *conn)
{
    conn_end(conn);
    end_negotiation(conn);
}

/* Whether the client was asked for more, and may go on. */
static bool is_asked(const ntlm_conn_t *conn)
{
    return conn->acceptor.state == NTLM_CHALLENGED ||
           (conn->negotiation && conn->negotiation->stage != SPNEGO_STAGE_NONE);
}

static void withdraw(ntlm_conn_t *conn, gone_t why)
{
    if (is_asked(conn)) conn->gone = why;
    conn_forget(conn);
}

spnego_t *conn_negotiation(ntlm_conn_t *conn, conn_rec *c, const policy_scope_t *scope)
{
    if (!conn->negotiation) conn->negotiation = apr_pcalloc(c->pool, sizeof *conn->negotiation);
    conn->asked = *scope;
    return conn->negotiation;
}

/* httpd calls an internal redirect a request that it has read, too. */
void conn_look(const request_rec *r)
{
    if (http_outer(r)) return;
    ntlm_conn_t *sides = ap_get_module_config(r->connection->conn_config, &auth_ntlmv2_module);
    for (int i = 0; sides && i < SIDES; i++) {
        ntlm_conn_t *conn = &sides[i];
        if (conn->acceptor.state == NTLM_FRESH) continue;
        bool comes = apr_table_get(r->headers_in, http_credentials_header(i == PROXY)) != NULL;
        if (conn->unread || (comes && conn->login)) withdraw(conn, GONE_BY_UNREAD);
        conn->unread = comes;
    }
}

void conn_no_token(ntlm_conn_t *conn)
{
    const bool asked = is_asked(conn);
    if (ntlm_no_token(&conn->acceptor)) return;
    if (asked) conn->gone = GONE_BY_NO_TOKEN;
    conn_forget(conn);
}

static apr_pool_t *new_pool(ntlm_conn_t *conn, conn_rec *c)
{
    if (conn->pool) apr_pool_destroy(conn->pool);
    apr_pool_create(&conn->pool, c->pool);
    apr_pool_tag(conn->pool, "mod_auth_ntlmv2");
    return conn->pool;
}

/* The messages of usual handshakes, one after the other, stand in one place that ends with the
 * connection: a pool of their own would be one block of 8 KiB more while the answer that carries
 * the challenge has all its blocks in use, and the connection would keep it. Longer ones have a
 * pool, which ends with the handshake. */
static writer_t room_for(ntlm_conn_t *conn, conn_rec *c, size_t len)
{
    enum { USUAL = 1024 };
    if (!conn->room.data && len <= USUAL) conn->room = writer_to(apr_palloc(c->pool, len), len);
    return len <= conn->room.cap ? conn->room : writer_to(apr_palloc(new_pool(conn, c), len), len);
}

ntlm_handshake_t *conn_room(ntlm_conn_t *conn, conn_rec *c, const policy_scope_t *scope, size_t len)
{
    conn_end(conn);
    conn->asked = *scope;
    conn->gone = GONE_BY_REFUSAL; /* unless something else is what ends it */
    conn->handshake.messages = room_for(conn, c, len);
    return &conn->handshake;
}

void conn_only_in_scope(ntlm_conn_t *conn, const request_rec *r, const dir_config_t *config)
{
    if (is_asked(conn) && !policy_scope_covers(&conn->asked, r->server, config))
        withdraw(conn, GONE_BY_SCOPE);
}

void conn_only_by(ntlm_conn_t *conn, scheme_t scheme)
{
    if (is_asked(conn) && conn->asked_by != scheme) withdraw(conn, GONE_BY_SCHEME);
    conn->asked_by = scheme;
}

ntlm_conn_t *conn_unanswered(const conn_rec *c)
{
    ntlm_conn_t *sides = ap_get_module_config(c->conn_config, &auth_ntlmv2_module);
    for (int i = 0; sides && i < SIDES; i++)
        if (sides[i].acceptor.state == NTLM_CHALLENGED) return &sides[i];
    return NULL;
}

/* With its texts behind it, in one piece. */
ntlm_login_t *conn_copy_login(const ntlm_login_t *login, apr_pool_t *pool)
{
    ntlm_login_t with = *login;
    const char **const texts[] = {
        &with.claimed_user, &with.claimed_domain, &with.user,   &with.name, &with.account,
        &with.domain,       &with.workstation,    &with.groups, &with.sids, &with.mechs};
    enum { TEXTS = sizeof texts / sizeof texts[0] };
    size_t sizes[TEXTS], size = 0;
    for (size_t i = 0; i < TEXTS; i++) size += sizes[i] = strlen(*texts[i]) + 1;
    ntlm_login_t *copy = apr_palloc(pool, sizeof *copy + size);
    char *at = (char *)(copy + 1);
    for (size_t i = 0; i < TEXTS; at += sizes[i++]) *texts[i] = memcpy(at, *texts[i], sizes[i]);
    with.pool = pool;
    with.environment = NULL;
    *copy = with;
    return copy;
}

void conn_remember(ntlm_conn_t *conn, conn_rec *c, const ntlm_login_t *login)
{
    conn->login = conn_copy_login(login, new_pool(conn, c));
    conn_gauge(conn);
    end_negotiation(conn);
}

ntlm_login_t *conn_login(const ntlm_conn_t *conn, const request_rec *r, const dir_config_t *config)
{
    ntlm_login_t *login = conn->login;
    if (!login || conn->acceptor.state != NTLM_PROVEN) return NULL;
    return policy_scope_covers(&login->scope, r->server, config) ? login : NULL;
}
