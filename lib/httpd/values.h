/* values.h - the words behind directives: checked, and made into values.
 *
 * Each gives NULL and sets the value, or (from pool) what is wrong and what to
 * write instead. Values are interned (intern.h): the same words, the same pointer.
 */
#ifndef NTLM_HTTPD_VALUES_H
#define NTLM_HTTPD_VALUES_H

#include "config.h"

/* A NetBIOS name, and a DNS name or NULL. */
const char *value_names(apr_pool_t *pool, const char *netbios, const char *dns,
                        const config_names_t **names);

/* This host's names, as good as they can be had. */
const config_names_t *value_host_names(apr_pool_t *pool);

/* Domain names, each once, or '*' alone. */
const char *value_domains(apr_pool_t *pool, int argc, char *const argv[],
                          const config_list_t **list);

/* One of these words, NULL at the end; its index, which is never 0, into an enum. */
const char *value_word(apr_pool_t *pool, const char *text, const char *const *words, void *value);

/* A number of seconds from 1 to most. */
const char *value_seconds(apr_pool_t *pool, const char *text, int most,
                          apr_interval_time_t *interval);

#endif
