/* creds_options.h - the key=value words of NTLMCredentials: a table of each backend's own. */
#ifndef NTLM_CREDS_OPTIONS_H
#define NTLM_CREDS_OPTIONS_H

#include <stdbool.h>

#include <apr_pools.h>
#include <apr_tables.h>
#include <apr_time.h>

typedef enum creds_kind_t {
    CREDS_TEXT,   /* what it may be, the backend looks at itself */
    CREDS_SWITCH, /* on or off */
    CREDS_SECONDS /* whole ones, up to most */
} creds_kind_t;

typedef struct creds_option_t {
    const char *name;     /* NULL at the table's end */
    const char *fallback; /* its value where it is not written; NULL: none */
    const char *help;     /* a whole sentence that says what it takes: what a wrong value is told */
    creds_kind_t kind;
    int most; /* of CREDS_SECONDS */
} creds_option_t;

/* The row (in braces) of the one option that has the same meaning in every backend: in which domain
 * all accounts of the source are. One that has each account's domain from its store leaves it out.
 */
#define CREDS_OPTION_DOMAIN "domain"
#define CREDS_DOMAIN_ROW                                                                           \
    .name = CREDS_OPTION_DOMAIN,                                                                   \
    .help = "domain= takes the name of the accounts' domain; write for example domain=CORP"

/* NULL, or (from pool) what is wrong with one option that is given: the backend does not know
 * it, or its value is not of its kind. */
const char *creds_option_check(apr_pool_t *pool, const char *backend, const creds_option_t *known,
                               const char *name, const char *value);

/* The same for all that are given, in their order. */
const char *creds_options_check(apr_pool_t *pool, const char *backend, const creds_option_t *known,
                                const apr_table_t *given);

/* The value of one that is known, as it is written or as it is if nothing is; NULL: none. */
const char *creds_option(const creds_option_t *known, const apr_table_t *given, const char *name);
bool creds_option_is_on(const creds_option_t *known, const apr_table_t *given, const char *name);
apr_interval_time_t creds_option_time(const creds_option_t *known, const apr_table_t *given,
                                      const char *name);

#endif
