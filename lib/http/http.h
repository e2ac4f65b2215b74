/* http.h - NTLM in HTTP's headers: tokens in, challenges out.
 *
 * To a forward proxy the headers are Proxy-Authorization and Proxy-Authenticate,
 * else Authorization and WWW-Authenticate.
 */
#ifndef NTLM_HTTP_HTTP_H
#define NTLM_HTTP_HTTP_H

#include <httpd.h>

#include "authorization.h"

/* The request that this one is a part or a continuation of, or NULL. */
static inline request_rec *http_outer(const request_rec *r)
{
    return r->prev ? r->prev : r->main;
}

/* The request that the client sent: one of httpd's own (a subrequest, an internal
 * redirect) belongs to it. Asked for again and again, and mostly it is r. */
static inline request_rec *http_client_request(request_rec *r)
{
    while (http_outer(r)) r = http_outer(r);
    return r;
}

/* True where AuthType is NTLM, the name that places with a login have. */
extern const char http_auth_type[];
bool http_is_for_us(request_rec *r);

/* True when the client takes us for its forward proxy, whatever httpd makes of its
 * request. */
bool http_is_to_proxy(request_rec *r);

/* True when this server itself speaks TLS on the connection. */
bool http_has_tls(const request_rec *r);

/* The name of the header that carries credentials, for us as a proxy or as an origin server. */
const char *http_credentials_header(bool to_proxy);

/* Reads the request's credentials. The token lives in r->pool. */
http_credentials_t http_read_credentials(request_rec *r, scheme_t *scheme, bytes_t *token);

/* Their scheme, be they good or not. */
scheme_t http_scheme(request_rec *r);

/* Why they are not good, for the log: the token is broken, or the scheme is none that is taken
 * (authorization.h). */
const char *http_say_token(request_rec *r);
const char *http_say_scheme(request_rec *r);

/* NULL, or (static text) that credentials of one of these schemes came in the header of the other
 * side: for a proxy to the server itself, or the other way round. */
const char *http_say_misplaced(request_rec *r, schemes_t schemes);

/* Takes credentials of one of these schemes out of the client's request and what became of it, so
 * that they reach no program: the header, and the headers and variables of the environment
 * that a configuration has made of it. */
void http_drop_credentials(request_rec *r, schemes_t schemes);

/* The name of the headers that ask for a login. */
const char *http_challenge_header(request_rec *r);

/* Adds a header that asks for a login; text is a scheme, perhaps with parameters. */
void http_ask(request_rec *r, const char *text);

/* The values (const char *) that this module has given such headers of the answer. */
const apr_array_header_t *http_asked(request_rec *r);

/* Whether the answer asks by that scheme already. */
bool http_asks_by(request_rec *r, scheme_t scheme);

/* Takes that back. */
void http_withdraw_offers(request_rec *r);

/* Sends a token of that scheme in such a header, which stands alone unless others are added. */
void http_answer(request_rec *r, scheme_t scheme, bytes_t token);

/* Tells the client when to come back. */
void http_retry_after(request_rec *r, int seconds);

/* Requests over HTTP/2 share a connection and cannot log in. Arranges that the
 * client is told to come back over HTTP/1.1; gives the status to return. */
bool http_is_multiplexed(const request_rec *r);
int http_require_http11(request_rec *r);

#endif
