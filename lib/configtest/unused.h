/* unused.h - directives of ours where nothing asks for accounts of ours. */
#ifndef NTLM_CONFIGTEST_UNUSED_H
#define NTLM_CONFIGTEST_UNUSED_H

#include <httpd.h>

/* Warns of the first one of each such section, of ten sections at the most. */
void unused_warn(apr_pool_t *pool, server_rec *main_server);

#endif
