/* http2.h - servers that offer HTTP/2 where most of them is for those who log in. */
#ifndef NTLM_CONFIGTEST_HTTP2_H
#define NTLM_CONFIGTEST_HTTP2_H

#include <httpd.h>

/* Warns of each such server. */
void http2_warn(apr_pool_t *pool, server_rec *main_server);

#endif
