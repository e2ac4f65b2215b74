/* site.h - what the test bench is configured with: its names, accounts and addresses.
 *
 * One for the process, made when the configuration is read and read-only afterwards. Everything in
 * it is public: its accounts are for tests.
 */
#ifndef NTLM_BENCH_SITE_H
#define NTLM_BENCH_SITE_H

#include <apr_tables.h>

#include <httpd.h>

#include <http_config.h>

#include "../../ntlm/checks.h"

typedef struct site_account_t {
    const char *domain, *user; /* UTF-8; domain "": whatever domain a client names */
    const char *password;      /* UTF-8 */
    bool disabled;
    uint8_t nt_hash[NTLM_KEY_LEN];
} site_account_t;

typedef struct site_url_t {
    const char *kind, *url; /* "http", "http://127.0.0.1:8080" */
} site_url_t;

typedef struct site_t {
    apr_pool_t *pool;
    apr_array_header_t *accounts;     /* of site_account_t */
    apr_array_header_t *urls;         /* of site_url_t */
    apr_array_header_t *hosts;        /* of const char *: names beside loopback's */
    apr_array_header_t *certificates; /* of bytes_t: DER, of all ports and of who signed them */
    const char *nb_domain, *dns_domain, *nb_computer, *dns_computer; /* UTF-8; "": none */
    ntlm_policy_t names; /* the same in UTF-16LE; the rest of it is zeros */
    const char *version;
    apr_size_t history_records, history_bytes;
} site_t;

/* The one that is being read, or was. */
const site_t *site_of_bench(void);

/* Begins a new one; at pre_config. */
void site_begin(apr_pool_t *pconf);

/* The account of a site that a client's names mean, or NULL. */
const site_account_t *site_account(const site_t *site, const char *user, const char *domain);

/* Makes an account of an address's parts, in pool; NULL if OpenSSL fails, or no name has them. */
const site_account_t *site_account_of(apr_pool_t *pool, const char *domain, const char *user,
                                      const char *password);

extern const command_rec site_directives[];

#endif
