/* config.h - what the configuration says, and the one table of directives.
 *
 * Each directive owns one member of dir_config_t; the table tells which. In
 * every member all-zero bytes mean "not said". Creating is therefore zeroing,
 * merging is copying what was said, and both walk the table: there is no
 * second list that could forget a member.
 *
 * What a member points to is interned while the configuration is read: the same
 * text gives the same pointer. Two configurations say the same when their
 * members are equal, although httpd merges them anew for every request.
 */
#ifndef NTLM_CONFIG_CONFIG_H
#define NTLM_CONFIG_CONFIG_H

#include <httpd.h>
#include <http_config.h>

#include "../creds/creds.h"
#include "config_values.h"

extern module AP_MODULE_DECLARE_DATA auth_ntlmv2_module;

enum { CONFIG_FOR_EVER = -1 }; /* as identity_lifetime */

typedef struct dir_config_t {
    const apr_array_header_t *credentials; /* of creds_source_t *, in the order to ask */
    const config_names_t *domain;          /* NTLMDomain */
    const config_names_t *computer;        /* NTLMComputer */
    const config_list_t *accept_domains;
    apr_interval_time_t challenge_lifetime;
    apr_interval_time_t identity_lifetime;
    config_user_t user_format;
    config_proxied_t proxied;
    config_persistence_t persistence;
    config_switch_t require_tls, require_mic;
    config_demand_t extended_protection;
    const config_bindings_t *server_certificates;
    const config_services_t *services;
    const throttle_limits_t *throttle;
} dir_config_t;

/* Which member a directive owns, and if that is an enum its words (values.h): its
 * command_rec's cmd_data. */
typedef struct config_member_t {
    apr_size_t offset, size;
    const char *const *words;
} config_member_t;

extern const command_rec config_directives[];

void *config_create(apr_pool_t *pool, char *dir);
void *config_merge(apr_pool_t *pool, void *base, void *add);

/* A place that says what becomes r->user: NTLMCredentials, NTLMDomain or NTLMUserFormat. */
typedef struct config_place_t {
    const dir_config_t *config; /* what is said there alone */
    const server_rec *server;
    const ap_directive_t *at; /* the first of these directives there */
} config_place_t;

/* All of them, for configtest: an array of config_place_t. */
const apr_array_header_t *config_places(apr_pool_t *pconf);

#endif
