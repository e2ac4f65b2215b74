#include "http.h"

#include <string.h>

#include <apr_encode.h>
#include <apr_strings.h>

#include <http_core.h>
#include <http_protocol.h>
#include <http_ssl.h>

const char http_auth_type[] = "NTLM";

/* Asked of every request and every part of a page: most say it in its own letters. */
bool http_is_for_us(request_rec *r)
{
    const char *type = ap_auth_type(r);
    if (!type) return false;
    return strcmp(type, http_auth_type) == 0 || ap_cstr_casecmp(type, http_auth_type) == 0;
}

bool http_is_to_proxy(request_rec *r)
{
    return http_client_request(r)->proxyreq == PROXYREQ_PROXY;
}

bool http_has_tls(const request_rec *r)
{
    return ap_ssl_conn_is_ssl(r->connection) != 0;
}

const char *http_challenge_header(request_rec *r)
{
    return http_is_to_proxy(r) ? "Proxy-Authenticate" : "WWW-Authenticate";
}

const char *http_credentials_header(bool to_proxy)
{
    return to_proxy ? "Proxy-Authorization" : "Authorization";
}

static const char *credentials_header(request_rec *r)
{
    return http_credentials_header(http_is_to_proxy(r));
}

/* ---- in ---- */

static const char *credentials(request_rec *r)
{
    return apr_table_get(r->headers_in, credentials_header(r));
}

http_credentials_t http_read_credentials(request_rec *r, scheme_t *scheme, bytes_t *token)
{
    return authorization_read(r->pool, credentials(r), scheme, token);
}

scheme_t http_scheme(request_rec *r)
{
    return authorization_scheme(credentials(r));
}

const char *http_say_token(request_rec *r)
{
    return authorization_say_token(http_client_request(r)->pool, credentials(r));
}

const char *http_say_scheme(request_rec *r)
{
    return authorization_say_scheme(http_client_request(r)->pool, credentials(r));
}

const char *http_say_misplaced(request_rec *r, schemes_t schemes)
{
    const bool to_proxy = http_is_to_proxy(r);
    const char *other = apr_table_get(r->headers_in, http_credentials_header(!to_proxy));
    if (!schemes_have(schemes, authorization_scheme(other))) return NULL;
    return to_proxy ? "Authorization came, which is for a server: this proxy reads "
                      "Proxy-Authorization"
                    : "Proxy-Authorization came, which is for a proxy: this server reads "
                      "Authorization";
}

/* The name of one that holds the header's token, or NULL. */
static const char *copy_in(const apr_table_t *table, const char *header)
{
    const apr_array_header_t *entries = apr_table_elts(table);
    for (int i = 0; i < entries->nelts; i++) {
        const apr_table_entry_t *entry = &APR_ARRAY_IDX(entries, i, apr_table_entry_t);
        if (authorization_is_in(entry->val, header)) return entry->key;
    }
    return NULL;
}

/* SetEnvIf, mod_rewrite and an early RequestHeader have run before the login. */
static void drop_copies(apr_table_t *table, const char *header)
{
    for (const char *name; (name = copy_in(table, header)) != NULL;) apr_table_unset(table, name);
}

void http_drop_credentials(request_rec *r, schemes_t schemes)
{
    const char *name = credentials_header(r), *header = apr_table_get(r->headers_in, name);
    if (!schemes_have(schemes, authorization_scheme(header))) return;
    for (request_rec *at = r; at; at = http_outer(at)) {
        apr_table_unset(at->headers_in, name);
        drop_copies(at->headers_in, header);
        drop_copies(at->subprocess_env, header);
    }
}

/* ---- out ---- */

/* Among the notes of the client's request, which lives as long as the answer does. */
static const char asked[] = "ntlm-asked";

void http_ask(request_rec *r, const char *text)
{
    apr_table_addn(r->err_headers_out, http_challenge_header(r), text);
    apr_table_add(http_client_request(r)->notes, asked, text);
}

static int note(void *texts, const char *name, const char *text)
{
    (void)name;
    APR_ARRAY_PUSH((apr_array_header_t *)texts, const char *) = text;
    return 1;
}

const apr_array_header_t *http_asked(request_rec *r)
{
    apr_array_header_t *texts = apr_array_make(r->pool, 4, sizeof(const char *));
    (void)apr_table_do(note, texts, http_client_request(r)->notes, asked, NULL);
    return texts;
}

bool http_asks_by(request_rec *r, scheme_t scheme)
{
    const apr_array_header_t *headers = apr_table_elts(r->err_headers_out);
    for (int i = 0; i < headers->nelts; i++) {
        const apr_table_entry_t *header = &APR_ARRAY_IDX(headers, i, apr_table_entry_t);
        if (ap_cstr_casecmp(header->key, http_challenge_header(r)) == 0 &&
            authorization_scheme(header->val) == scheme)
            return true;
    }
    return false;
}

void http_withdraw_offers(request_rec *r)
{
    apr_table_unset(r->err_headers_out, http_challenge_header(r));
    apr_table_unset(http_client_request(r)->notes, asked);
}

void http_answer(request_rec *r, scheme_t scheme, bytes_t token)
{
    const char *name = scheme_name(scheme);
    const size_t len = strlen(name);
    char *text = apr_palloc(r->pool, len + 1 + (token.len + 2) / 3 * 4 + 1);
    memcpy(text, name, len);
    text[len] = ' ';
    (void)apr_encode_base64_binary(text + len + 1, token.data, (apr_ssize_t)token.len,
                                   APR_ENCODE_NONE, NULL);
    apr_table_setn(r->err_headers_out, http_challenge_header(r), text);
    apr_table_set(http_client_request(r)->notes, asked, text);
}

void http_retry_after(request_rec *r, int seconds)
{
    apr_table_setn(r->err_headers_out, "Retry-After", apr_itoa(r->pool, seconds));
}

bool http_is_multiplexed(const request_rec *r)
{
    return r->connection->master != NULL || r->proto_num >= HTTP_VERSION(2, 0);
}

int http_require_http11(request_rec *r)
{
    /* mod_http2 turns a 403 with this note into RST_STREAM HTTP_1_1_REQUIRED */
    for (request_rec *at = r; at; at = http_outer(at))
        apr_table_setn(at->notes, "ssl-renegotiate-forbidden", "ntlm");
    return HTTP_FORBIDDEN;
}
