/* config_values.h - what the directives hold: in every type all-zero bytes mean "not said".
 */
#ifndef NTLM_CONFIG_CONFIG_VALUES_H
#define NTLM_CONFIG_CONFIG_VALUES_H

#include <apr_time.h>

#include "../ntlm/flags.h"
#include "../ntlm/wire.h"
#include "../throttle/throttle_limits.h"

/* What a domain or a computer is called: a NetBIOS and a DNS name, in UTF-8 and as they go into the
 * CHALLENGE, and all names, these first. */
typedef struct config_names_t {
    const char *netbios, *dns; /* dns: "" when none is given */
    bytes_t netbios_utf16, dns_utf16;
    const char *const *all; /* each once, NULL at the end */
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

/* on and off; off, allow and require */
typedef enum config_switch_t { CONFIG_SWITCH_NOT_SAID, CONFIG_OFF, CONFIG_ON } config_switch_t;
typedef enum config_demand_t {
    CONFIG_DEMAND_NOT_SAID,
    CONFIG_DEMAND_OFF,
    CONFIG_DEMAND_ALLOW,
    CONFIG_DEMAND_REQUIRE
} config_demand_t;

/* NTLMServerCertificate: the channel bindings of these certificates. */
typedef struct config_bindings_t {
    const uint8_t (*values)[NTLM_BINDING_LEN];
    size_t count;
} config_bindings_t;

/* NTLMServiceNames: what is demanded, and hosts beside the server's own names. */
typedef struct config_services_t {
    config_demand_t demand;
    const char *const *hosts; /* NULL at the end */
} config_services_t;

#endif
