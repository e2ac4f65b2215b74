/* sources.h - opens what NTLMCredentials names. */
#ifndef NTLM_CONFIG_SOURCES_H
#define NTLM_CONFIG_SOURCES_H

#include "config.h"

/* Makes the project's own backends known to ap_lookup_provider(). */
void sources_register(apr_pool_t *pool);

/* Adds the source of one NTLMCredentials line to an array of creds_source_t *, a const
 * apr_array_header_t *. Sources and arrays are interned: the same lines in two sections are
 * opened once, and give the same pointer. */
config_read_for_t sources_add;

#endif
