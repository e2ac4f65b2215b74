/* creds.h - account sources: a login goes in, an NT hash comes out.
 *
 * This layer knows accounts and nothing else: no request, no connection, no
 * NTLM message. Which source decides about a login stands here; whom it means in creds_login.h,
 * what a source does for it in creds_backend.h.
 */
#ifndef NTLM_CREDS_H
#define NTLM_CREDS_H

#include "creds_backend.h"
#include "creds_figures.h"
#include "creds_login.h"

/* Wipes its key, and those of its others. NULL: nothing. */
void creds_wipe(creds_account_t *account);

/* Decides about a login with a logon in the name of who verifies for a backend: what the backend's
 * find() gives, with a session base key in the place of a hash. */
typedef struct creds_decider_t creds_decider_t;
typedef ntlm_status_t creds_decide_t(creds_decider_t *decider, apr_pool_t *pool,
                                     const creds_login_t *login, creds_account_t *account,
                                     const char **why);

/* One NTLMCredentials line, opened. */
struct creds_source_t {
    const creds_backend_t *backend;
    void *opened;
    creds_decide_t *decide;   /* of a backend that verifies, instead of find(); */
    creds_decider_t *decider; /* creds/verify/verify.h sets both */
    const char *text;         /* its canonical text: the same text is the same source */
    const char *domain;       /* of all its accounts, as its option domain= says; or NULL */
    creds_figures_t *figures; /* what it was asked; NULL: nobody counts */
};

/* What an NTLMCredentials line says. */
typedef struct creds_open_t {
    const creds_backend_t *backend;
    struct server_rec *server;
    const char *word;         /* its path or text; NULL if the backend takes none */
    const apr_table_t *given; /* its options; they live as long as the source */
    const char *text;         /* the source's canonical text */
} creds_open_t;

/* Opens a source, until pool ends. Gives NULL, or (from pool) what is wrong. */
const char *creds_open(apr_pool_t *pool, const creds_open_t *what, creds_source_t **source);

/* All that were opened with that pool (const creds_source_t *), in this order. */
const apr_array_header_t *creds_all(apr_pool_t *pool);

/* Asks the sources (an array of creds_source_t *) in their order. NTLM_NEED_KEY: one that verifies
 * is to decide. It will when it is asked again with login->fresh, since what the ones before it
 * have said was remembered (account->cached); or it has let this login in, and cannot be
 * asked again without a logon. Others that verify are then passed over. The first one
 * that knows the person decides; one that is down is never skipped, since a
 * later one might know another account of that name. account->cached, ->outage: so it
 * is with one of those that were asked.
 *
 * Two entries are one person if they have the same user, and the same domain (all names of one that
 * is ours are the same) or one of the two has none: so who is CORP\bob in the first source and bob
 * in the second is who the first one says, whatever domain the client names. Several such in one
 * source: NTLM_AMBIGUOUS_USER. */
ntlm_status_t creds_find(const apr_array_header_t *sources, apr_pool_t *pool,
                         const creds_login_t *login, creds_account_t *account, const char **why);

/* Whether one of them verifies. */
bool creds_verify(const apr_array_header_t *sources);

/* The sum of the sources' generations: when it has not changed, no account has. */
apr_uint64_t creds_generation(const apr_array_header_t *sources, apr_pool_t *pool,
                              const char **why);

#endif
