/* footguns.h - what leaves a page open although its configuration looks as if a login were
 * asked for. */
#ifndef NTLM_CONFIGTEST_FOOTGUNS_H
#define NTLM_CONFIGTEST_FOOTGUNS_H

#include <httpd.h>

/* Looks through the configuration as it is written, and logs warnings, each with what to
 * write instead. Where it cannot tell which sections meet it says nothing. */
void footguns_warn(apr_pool_t *pool, server_rec *main_server);

#endif
