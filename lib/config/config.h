/* config.h - what the configuration says, and how a directive gets there.
 *
 * Each directive owns one member of dir_config_t; its row in the one table of directives
 * (directives.c) tells which, how its words are read, what holds when it is not there, and
 * whether a login depends on it. In every member all-zero bytes mean "not said". Creating is
 * zeroing; merging, filling in defaults and comparing walk the table: there is no second list
 * that could forget a member.
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
#include "schemes.h"

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
    schemes_t offer; /* NTLMOffer */
    config_switch_t require_tls, require_mic, basic_without_tls;
    config_demand_t extended_protection;
    const config_bindings_t *server_certificates;
    const config_services_t *services;
    const throttle_limits_t *throttle;
    const struct dir_config_t *settled; /* no directive's: see config_settle_all() */
    bool is_silent;                     /* likewise: of a settled one, whether nothing was said */
} dir_config_t;

typedef struct config_member_t config_member_t;

/* Reads the words of a directive into the member that it owns. Gives NULL, or (from pool) what
 * is wrong and what to write instead: a sentence, or what goes on behind the directive's name
 * and then begins with a blank. */
typedef const char *config_read_t(apr_pool_t *pool, int argc, char *const argv[],
                                  const config_member_t *member, void *value);

/* The same for one whose words mean something else in another virtual host. */
typedef const char *config_read_for_t(server_rec *server, apr_pool_t *pool, int argc,
                                      char *const argv[], void *value);

/* A directive's command_rec has this as its cmd_data. */
struct config_member_t {
    apr_size_t offset, size;     /* in dir_config_t; of an enum, a time or a pointer */
    config_read_t *read;         /* values.h has most of them */
    config_read_for_t *read_for; /* in its place */
    const char *const *words;    /* for value_word() */
    const char *noun, *example;  /* for value_list(): what it lists, "domain", and one: "CORP" */
    int most;                    /* for value_seconds() */
    apr_int64_t otherwise;       /* an enum or a time that holds when nothing is said */
    void (*settle)(void *value); /* puts a default that is a pointer in its place, and one value
                                    in the place of all that come to the same; or NULL */
    const void *(*counts)(const void *value); /* what of a pointer says something about a login that
                                                 is proven, where that is not all of it; or NULL */
    bool is_for_proofs;                       /* it says nothing about a login that is proven */
    bool names_users;                         /* it says what becomes r->user */
};

#define CONFIG_OWNS(member)                                                                        \
    .offset = offsetof(dir_config_t, member), .size = sizeof(((dir_config_t *)0)->member)

/* For the table's rows: what httpd calls for a directive of one word, of one or two, of several.
 * They refuse it where it must not stand, and have its words read. */
const char *config_take1(cmd_parms *cmd, void *dir, const char *word);
const char *config_take12(cmd_parms *cmd, void *dir, const char *first, const char *second);
const char *config_take_all(cmd_parms *cmd, void *dir, int argc, char *const argv[]);

/* ---- by a table of directives, up to the first that has no member ---- */

/* Copies what is said to another configuration. */
void config_add(const command_rec *table, void *to, const void *said);

/* Fills in what holds where nothing is said. */
void config_settle(const command_rec *table, void *config);

/* Whether two settled configurations are the same to a login that is proven. */
bool config_is_same(const command_rec *table, const void *a, const void *b);

/* A place with a directive that names users. */
typedef struct config_place_t {
    const dir_config_t *config; /* what is said there alone */
    const server_rec *server;
    const ap_directive_t *at; /* the first of these directives there */
} config_place_t;

/* All of them, for configtest: an array of config_place_t. */
const apr_array_header_t *config_places(apr_pool_t *pconf);

#endif
