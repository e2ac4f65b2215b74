/* groups.h - a Require that asks for groups where nothing names any. */
#ifndef NTLM_CONFIGTEST_GROUPS_H
#define NTLM_CONFIGTEST_GROUPS_H

#include <httpd.h>

/* Warns of the first Require ntlm-group if no source of accounts anywhere names groups: nobody is
 * in one, so it lets in nobody, or behind `not` everybody. */
void groups_warn(apr_pool_t *pool, server_rec *main_server);

#endif
