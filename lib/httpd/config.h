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
#ifndef NTLM_HTTPD_CONFIG_H
#define NTLM_HTTPD_CONFIG_H

#include <httpd.h>
#include <http_config.h>

#include "../creds/creds.h"

extern module AP_MODULE_DECLARE_DATA auth_ntlmv2_module;

/* A NetBIOS and a DNS name, in UTF-8 and as they go into the CHALLENGE. */
typedef struct config_names_t {
    const char *netbios, *dns; /* dns: "" when none is given */
    bytes_t netbios_utf16, dns_utf16;
} config_names_t;

/* A list of names, or any name. */
typedef struct config_list_t {
    bool any;
    const char *const *names; /* NULL at the end */
} config_list_t;

/* NTLMUserFormat: the form of r->user. */
typedef enum config_user_t {
    CONFIG_USER_NOT_SAID,
    CONFIG_USER_STORE, /* as the source spells the account: the default */
    CONFIG_USER_USER,
    CONFIG_USER_DOMAIN_USER,
    CONFIG_USER_USER_AT_DOMAIN
} config_user_t;

/* NTLMProxied: what a request that came through a proxy may do. */
typedef enum config_proxied_t {
    CONFIG_PROXIED_NOT_SAID,
    CONFIG_PROXIED_REQUEST, /* log in for itself alone: the default */
    CONFIG_PROXIED_REFUSE,  /* nothing */
    CONFIG_PROXIED_TRUST    /* what one that came directly may */
} config_proxied_t;

/* NTLMPersistence: how long a login lasts. */
typedef enum config_persistence_t {
    CONFIG_PERSISTENCE_NOT_SAID,
    CONFIG_PERSISTENCE_CONNECTION, /* as long as the connection: the default */
    CONFIG_PERSISTENCE_REQUEST     /* for the request that proves it */
} config_persistence_t;

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
} dir_config_t;

/* Which member a directive owns: its command_rec's cmd_data. */
typedef struct config_member_t {
    apr_size_t offset, size;
} config_member_t;

extern const command_rec config_directives[];

void *config_create(apr_pool_t *pool, char *dir);
void *config_merge(apr_pool_t *pool, void *base, void *add);

/* The configurations that name several sources, or NTLMUserFormat, as they come out where
 * they stand: an array of const dir_config_t *, for configtest. */
const apr_array_header_t *config_with_accounts(apr_pool_t *pool, apr_pool_t *pconf);

/* The configuration that applies to a request. */
const dir_config_t *config_of(const request_rec *r);

#endif
