/* following.h - httpd's hooks by which changes of password files come to the children: see
 * lib/creds/file/creds_follow.h. */
#ifndef NTLM_CONFIG_FOLLOWING_H
#define NTLM_CONFIG_FOLLOWING_H

#include <httpd.h>

/* post_config: nothing where httpd only looks at its configuration (its first pass), or is
 * one process (-X). */
int following_begin(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *s);

/* monitor: in the parent, every ten seconds. */
int following_look(apr_pool_t *pconf, server_rec *s);

/* child_init */
void following_child(apr_pool_t *pchild, server_rec *s);

#endif
