/* login.h - proving a claim, and seeing that a login is still good. */
#ifndef NTLM_HTTPD_LOGIN_H
#define NTLM_HTTPD_LOGIN_H

#include "exchange.h"

/* What became of a login. Its texts live as long as the client request. */
typedef struct login_result_t {
    ntlm_status_t status;
    const ntlm_login_t *login; /* who has logged in, or NULL */
    const char *source;        /* which backend knew the account, or NULL */
    const char *detail;        /* NULL, or what exactly was wrong */
    bool is_sources;           /* which the source says, who knows best */
    const char *notice;        /* what an administrator should know of a source, or NULL */
    int retry_after;           /* seconds, with NTLM_ACCOUNT_SPARED */
    bool guessed;              /* the proof was tried and failed, and a source is down */
} login_result_t;

/* True for what becomes of a user who has no NT hash in any source. */
static inline bool login_found_nobody(ntlm_status_t status)
{
    return status == NTLM_NO_SUCH_USER || status == NTLM_HASH_UNREADABLE;
}

/* NTLM_OK, or why no login is taken here, whoever tries; why: what the status does not say, or as
 * it was. */
ntlm_status_t login_forbidden(request_rec *r, const dir_config_t *config, const char **why);

/* Looks the claimed account up and lets the core decide. NTLM_OK: the login is there, in the
 * memory of the client request. exhausted: too many have guessed while a source was down
 * (throttle.h), and only one that answers itself is believed. */
login_result_t login_prove(const exchange_t *x, bool exhausted);

/* Sees whether a connection's login is good for this request. NTLM_LOGIN_ENDED: its
 * time is up, or its account was removed, disabled or given another password.
 * NTLM_BACKEND_DOWN: nobody can say. The login is in the result whatever its status. */
login_result_t login_check(const exchange_t *x, ntlm_login_t *login);

#endif
