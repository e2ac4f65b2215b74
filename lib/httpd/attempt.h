/* attempt.h - what became of the login of one client request.
 *
 * A client request may be a chain of request_recs: internal redirects,
 * ErrorDocuments, subrequests. Its token is processed once; every request of
 * the chain finds the outcome here.
 */
#ifndef NTLM_HTTPD_ATTEMPT_H
#define NTLM_HTTPD_ATTEMPT_H

#include "conn.h"

typedef struct attempt_t {
    ntlm_status_t status;
    const char *detail;        /* NULL, or (static text) what exactly was wrong */
    scheme_t scheme;           /* of the token; SCHEME_NONE if the request carried none */
    ntlm_claim_t *claim;       /* what the token claims; NULL likewise */
    const ntlm_login_t *login; /* when the status is NTLM_OK */
    char *user;                /* r->user of all requests of the chain; NULL before the first */
    bool persists;             /* a login that stays with the connection */
    int body_error;            /* what reading the request's body gave, if not OK */
    const request_rec *authorizing; /* the request whose Require is being asked */
    bytes_t reply;                  /* the token that the answer carries, or empty; as long as
                                       the client request, a Type 2 in the handshake's memory */
    schemes_t offers;               /* those of a refusal, by the place that it is of */
    const char *source;             /* which backend knew the account, or NULL */
    int retry_after;                /* seconds, when the status is NTLM_THROTTLED */
    bool known_throttled;           /* and it was so before: it is in the log already */
    bool warned;                    /* the client request has its line where administrators look */
    ntlm_status_t met;              /* what a subrequest was refused for, else NTLM_OK */
    const char *notice;             /* what an administrator should know of a source, or NULL */
    const char *mechs, *why;        /* of the scheme Negotiate (reason.h), or NULL */
    bool lists_kerberos;            /* among mechs */
    const policy_scope_t *scope;    /* which the login is good for, or was claimed in; or NULL */
} attempt_t;

/* The chain's attempt; NULL if no request of it was one for NTLM so far. */
attempt_t *attempt_of(request_rec *r);

/* Begins it. It lives as long as the client request. */
attempt_t *attempt_begin(request_rec *r);

/* A copy for one request of the chain, with another outcome, and no reply to the client. */
attempt_t *attempt_with(request_rec *r, const attempt_t *attempt, ntlm_status_t status);

/* The header that says that the client's request came through a proxy (persistence.h), or NULL. It
 * lives as long as that request. */
void attempt_set_proxied(request_rec *r, const char *header);
const char *attempt_proxied_by(request_rec *r);
bool attempt_is_proxied(request_rec *r);

/* True for a request that came through one, and has its address: mod_remoteip says who the
 * client is, if it is there. */
bool attempt_has_proxys_address(request_rec *r);

/* Whether the answer to the client is private (privacy.h). */
void attempt_set_private(request_rec *r);
bool attempt_is_private(request_rec *r);

/* Whether it is for somebody who is not known, where others are (authz.h). */
void attempt_set_guest(request_rec *r);
bool attempt_is_guest(request_rec *r);

/* Whom AuthBasicProvider ntlm has not let in (provider.c); NULL: nobody so far. */
struct refusal_t;
void attempt_set_refusal(request_rec *r, struct refusal_t *refusal);
struct refusal_t *attempt_refusal(request_rec *r);

/* Whose login r->user is, be it of a connection, a request or AuthBasicProvider ntlm, which says so
 * (provided); NULL for nobody, and for one whom another module has let in. */
const ntlm_login_t *attempt_login_of_user(request_rec *r);
void attempt_provided(request_rec *r, const ntlm_login_t *login);

/* Why Require could not decide about a user (static text), or NULL: he is refused. */
void attempt_set_undecided(request_rec *r, const char *why);
const char *attempt_undecided(request_rec *r);

/* What a client request was refused for first, its parts left aside; NULL: nothing. It reads
 * nothing of the connection, and lives as long as the client request. */
void attempt_set_refused(request_rec *r, const attempt_t *attempt);
const attempt_t *attempt_refused(request_rec *r);

/* Makes room for the claim of its token, in the scope of this configuration. */
void attempt_has_token(attempt_t *attempt, request_rec *r, const dir_config_t *config,
                       scheme_t scheme);

/* The facts about an attempt, for people: after a login the account's own names, before it the
 * ones that are claimed. NULL or "": nothing is known. */
typedef struct facts_t {
    const char *user, *domain, *groups, *workstation, *mic, *binding, *service, *source, *scheme,
        *mechs, *why;
} facts_t;
facts_t attempt_facts(const attempt_t *attempt);

/* The pool of the client request. */
apr_pool_t *attempt_pool(request_rec *r);

#endif
