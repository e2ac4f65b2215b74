/* keepalive.h - keeping a connection open from the challenge to its answer.
 *
 * r may be a subrequest or an internal redirect: what counts is the request that will
 * be answered.
 */
#ifndef NTLM_HTTP_KEEPALIVE_H
#define NTLM_HTTP_KEEPALIVE_H

#include <stdbool.h>

#include <httpd.h>

/* Reads the body of a request that will be answered with a Type 2, if the client waits
 * for "100 Continue" before it sends it. OK, or what to return from the hook: httpd has
 * answered, or given the connection up. */
int keepalive_read_body(request_rec *r);

/* How often a connection may outlive MaxKeepAliveRequests between two logins that succeed. */
enum { KEEPALIVE_EXTENSIONS_MAX = 20 };

/* Sees to it that the connection stays open behind a challenge: reads the body, and lets the
 * connection outlive MaxKeepAliveRequests, which is counted. NULL, or (static text) why it will
 * close all the same. body_error: as keepalive_read_body() gives it. */
const char *keepalive_prepare(request_rec *r, unsigned *extensions, int *body_error);

/* NULL, or (static text) why the connection will close behind the answer. */
const char *keepalive_why_closing(request_rec *r);

/* The same when the response is about to be written, and with the conditions that only then
 * are known: whether the connection stays open behind it. body: the first of it. */
bool keepalive_stays(request_rec *r, apr_bucket_brigade *body);

/* Whether this child of httpd ends, and closes its connections. */
bool keepalive_is_stopping(void);

/* Whether the client has closed its end of a connection that is about to close. */
bool keepalive_is_closed(conn_rec *c);

/* NULL, or (static text) why this server closes every connection: for configtest, and for
 * a Type 3 whose challenge went out on another connection. */
const char *keepalive_why_not(const server_rec *s);

#endif
