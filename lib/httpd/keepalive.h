/* keepalive.h - keeping a connection open from the challenge to its answer. */
#ifndef NTLM_HTTPD_KEEPALIVE_H
#define NTLM_HTTPD_KEEPALIVE_H

#include <httpd.h>

/* For a request that is about to be answered with a Type 2: does what it takes for the
 * connection to outlive the answer. NULL, or (static text) why it will close all the
 * same, and the login cannot be finished. */
const char *keepalive_for_type3(request_rec *r);

/* NULL, or (static text) why this server closes every connection, or nearly so: for
 * configtest, and for a Type 3 whose challenge went out on another connection. */
const char *keepalive_why_not(const server_rec *s);

#endif
