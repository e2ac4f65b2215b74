/* sources.h - opens what NTLMCredentials names, and has httpd's hooks by which changes of password
 * files come to the children: see lib/creds/file/creds_follow.h. */
#ifndef NTLM_CONFIG_SOURCES_H
#define NTLM_CONFIG_SOURCES_H

#include "config.h"

/* Makes the project's own backends known to ap_lookup_provider(). */
void sources_register(apr_pool_t *pool);

/* Adds the source of one NTLMCredentials line to an array of creds_source_t *, a const
 * apr_array_header_t *. Sources and arrays are interned: the same lines in two sections are
 * opened once, and give the same pointer. */
config_read_for_t sources_add;

/* post_config: nothing where httpd only looks at its configuration (its first pass), or is
 * one process (-X). */
int sources_follow(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *s);

/* monitor: in the parent, every ten seconds. */
int sources_look(apr_pool_t *pconf, server_rec *s);

/* child_init */
void sources_child(apr_pool_t *pchild, server_rec *s);

#endif
