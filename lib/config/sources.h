/* sources.h - opens what NTLMCredentials names. */
#ifndef NTLM_CONFIG_SOURCES_H
#define NTLM_CONFIG_SOURCES_H

#include <httpd.h>
#include <http_config.h>

#include "../creds/creds.h"

/* Makes the project's own backends known to ap_lookup_provider(). */
void sources_register(apr_pool_t *pool);

/* Adds the source of one NTLMCredentials line to *sources (NULL at first), an
 * array of creds_source_t *. Sources and arrays are interned: the same lines in
 * two sections are opened once, and give the same pointer. NULL, or the rest of
 * a sentence that begins with "NTLMCredentials". */
const char *sources_add(cmd_parms *cmd, int argc, char *const argv[],
                        const apr_array_header_t **sources);

#endif
