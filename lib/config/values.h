/* values.h - the words behind directives: checked, and made into values.
 *
 * Each gives NULL and sets the value, or (from pool) what is wrong and what to
 * write instead. Values are interned (intern.h): the same words, the same pointer.
 */
#ifndef NTLM_CONFIG_VALUES_H
#define NTLM_CONFIG_VALUES_H

#include <apr_pools.h>

#include "config_values.h"

/* A NetBIOS name, and a DNS name or NULL. */
const char *value_names(apr_pool_t *pool, const char *netbios, const char *dns,
                        const config_names_t **names);

/* This host's names, as good as they can be had. */
const config_names_t *value_host_names(apr_pool_t *pool);

/* Domain names, each once, or '*' alone. */
const char *value_domains(apr_pool_t *pool, int argc, char *const argv[],
                          const config_list_t **list);

/* The words of the enums of config_values.h by their values, for value_word(). */
extern const char *const value_switch[], *const value_demand[], *const value_proxied[],
                                                                    *const value_persistence[],
                                                                        *const value_user_format[];

/* One of these words, NULL at the end; its index, which is never 0, into an enum. */
const char *value_word(apr_pool_t *pool, const char *text, const char *const *words, void *value);

/* off, allow or require, and names of hosts behind it. */
const char *value_services(apr_pool_t *pool, int argc, char *const argv[],
                           const config_services_t **services);

/* FAILURES/SECONDS, perhaps address=, net56= and net48=FAILURES/SECONDS behind it; or off. */
const char *value_throttle(apr_pool_t *pool, int argc, char *const argv[],
                           const throttle_limits_t **throttle);

/* A number of seconds from 1 to most. */
const char *value_seconds(apr_pool_t *pool, const char *text, int most,
                          apr_interval_time_t *interval);

#endif
