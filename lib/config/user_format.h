/* user_format.h - NTLMUserFormat: what r->user is made of.
 *
 * Always of what the account source says, never of what the client said.
 */
#ifndef NTLM_CONFIG_USER_FORMAT_H
#define NTLM_CONFIG_USER_FORMAT_H

#include "config.h"

/* The part of an account's name that is not its domain. */
const char *user_format_without_domain(const char *account);

/* The name for r->user. account: as the source spells it; domain: the account's, or
 * the one that such an account belongs to, or "" (the name then has none). */
const char *user_format_apply(apr_pool_t *pool, config_user_t format, const char *account,
                              const char *domain);

/* Looks whether two accounts of these sources would get one name: NULL, or (from
 * pool) a sentence that names them. Sources that cannot list their accounts are left out. */
const char *user_format_check(apr_pool_t *pool, const dir_config_t *config);

#endif
