/* names.h - NTLMDomain and NTLMComputer: the names that are ours.
 *
 * Values are interned (intern.h): the same words, the same pointer.
 */
#ifndef NTLM_CONFIG_NAMES_H
#define NTLM_CONFIG_NAMES_H

#include "config.h"

/* A NetBIOS name, perhaps a DNS name, and behind it other names of the same domain: a
 * const config_names_t *. */
config_read_t names_of_domain;

/* A NetBIOS name, and perhaps a DNS name: a const config_names_t *. */
config_read_t names_of_computer;

/* This host's names, as good as they can be had: what names_of_computer() makes of them. */
const config_names_t *names_of_host(apr_pool_t *pool);

/* As a challenge has it. */
bytes_t names_to_utf16(apr_pool_t *pool, const char *utf8);

/* NULL, or (from pool) that an alias of the domain is a name of the computer, which is of no
 * domain. Either may be NULL. */
const char *names_check_apart(apr_pool_t *pool, const config_names_t *domain,
                              const config_names_t *computer);

/* NULL, or (from pool) that it is no DNS name; example: what to write instead. */
const char *names_check_dns(apr_pool_t *pool, const char *name, const char *example);

#endif
