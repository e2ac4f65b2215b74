/* verify_options.h - the options that each source has whose backend verifies, beside its own.
 */
#ifndef NTLM_CREDS_VERIFY_OPTIONS_H
#define NTLM_CREDS_VERIFY_OPTIONS_H

#include "../creds_options.h"
#include "tries.h"

typedef struct verify_options_t {
    tries_limit_t lockout;       /* lockout=WRONG/SECONDS, or off */
    bool computers;              /* computers=on */
    apr_interval_time_t basic;   /* basic-cache=SECONDS; 0: off */
    apr_interval_time_t timeout; /* timeout=SECONDS without progress */
    int threads;                 /* threads=COUNT in each process */
} verify_options_t;

/* Reads those that are given, and leaves the backend's own in *others (from pool). NULL, or (from
 * pool) a sentence that says what to write instead. */
const char *verify_options_read(apr_pool_t *pool, const char *backend, const apr_table_t *given,
                                verify_options_t *options, apr_table_t **others);

/* All names, for who lists them; a row without one at the end. */
extern const creds_option_t verify_options[];

#endif
