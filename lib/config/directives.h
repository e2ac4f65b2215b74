/* directives.h - the one table of directives, and the configurations that it makes. */
#ifndef NTLM_CONFIG_DIRECTIVES_H
#define NTLM_CONFIG_DIRECTIVES_H

#include "config.h"

/* Each row's cmd_data is a config_member_t. */
extern const command_rec config_directives[];

/* For httpd: of one place, what is said there; of a request, what is said for it. Where only one
 * of the two merged says something, that one is given back: most requests are of such places. */
void *config_create(apr_pool_t *pool, char *dir);
void *config_merge(apr_pool_t *pool, void *base, void *add);

/* Settles what httpd has read, so that requests need not; from check_config, when all of it is
 * read and config_learn_host() was called. */
void config_settle_all(apr_pool_t *pconf);

/* The same with what holds where nothing is said; from pool, if it was not settled before. */
const dir_config_t *config_settled(apr_pool_t *pool, const dir_config_t *said);

/* Looks up this host's name for NTLMComputer's default; from check_config, that is before any
 * request. */
void config_learn_host(apr_pool_t *pconf);

/* Whether NTLMComputer is said, and the name is not just this host's; of a settled one. */
bool config_says_computer(const dir_config_t *config);

#endif
