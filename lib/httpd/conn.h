/* conn.h - what is remembered about a connection.
 *
 * conn.c is the only file that touches conn_config. The state is made at the first request for NTLM
 * and lives until the connection closes, and so does the room for the messages of usual handshakes.
 * What belongs to a long handshake or to a login lives in a sub-pool that is cleared when it ends,
 * so that a client cannot make a connection grow by starting anew for ever.
 *
 * HTTP/1.1 handles a connection's requests one after the other: no lock is needed.
 */
#ifndef NTLM_HTTPD_CONN_H
#define NTLM_HTTPD_CONN_H

#include "../finding/gone.h"
#include "../ntlm/acceptor.h"
#include "../ntlm/spnego/spnego.h"
#include "../config/policy.h"

/* A proven login, and its scope: another server, other sources or another policy must prove it
 * again. source: which one knew the account. */
typedef struct ntlm_login_t {
    const char *claimed_user, *claimed_domain; /* what the account was looked up by */
    apr_time_t proven, ends;                   /* in ticks (clock.h); ends: in any case; 0: never */
    apr_uint64_t generation;                   /* of the account */
    apr_uint64_t sources;        /* generation of the sources, before it was looked up */
    apr_time_t until;            /* in ticks, when to look it up again in any case; 0: never */
    const char *user;            /* r->user */
    const char *name;            /* the account, as its source spells it */
    const char *account;         /* the same, but for its domain */
    const char *domain;          /* the account's domain, else NTLMDomain's, or "" */
    bool has_domain, groups_cut; /* it is the account's own; not all of its groups are known */
    const char *workstation;     /* what the client called itself: not proven */
    const creds_source_t *source;
    apr_pool_t *pool;                  /* which has all this */
    struct environment_t *environment; /* NULL, or its variables (environment.h) */
    const char *groups;                /* the account's (creds_groups.h), or "" */
    const char *sids;                  /* theirs, or "" (creds_account.h: NULL) */
    const char *mechs;                 /* what the client listed (reason.h), or "": not proven */
    const char *why;                   /* NULL, or (static text) why it came by NTLM: likewise */
    scheme_t scheme;                   /* that it came by */
    ntlm_mic_t mic;
    ntlm_binding_t binding;
    ntlm_service_t service;
    policy_scope_t scope;
} ntlm_login_t;

/* What is known of the TLS channel: see tls.h. */
typedef enum conn_channel_t {
    CONN_CHANNEL_UNSEEN,
    CONN_CHANNEL_UNKNOWN,
    CONN_CHANNEL_KNOWN
} conn_channel_t;

typedef struct ntlm_conn_t {
    ntlm_acceptor_t acceptor;
    apr_pool_t *pool;           /* of a login or a long handshake; NULL when there is neither */
    ntlm_login_t *login;        /* NULL unless the acceptor is NTLM_PROVEN */
    policy_scope_t asked;       /* what the challenge was sent for, while it is outstanding */
    scheme_t asked_by;          /* and by which scheme */
    spnego_t *negotiation;      /* NULL before the first token of Negotiate */
    ntlm_handshake_t handshake; /* the acceptor's, while there is one */
    writer_t room;              /* for the messages of handshakes; see conn_room() */
    unsigned extensions;        /* see keepalive_prepare(); since the last login */
    gone_t gone;                /* why no challenge is outstanding, while none is */
    bool unread;                /* credentials have come that nothing of ours has asked for yet */
    bool gauged_login, gauged_challenge; /* what conn_gauge() has counted */
    conn_channel_t channel;
    uint8_t binding[NTLM_BINDING_LEN]; /* the channel's, when it is known */
} ntlm_conn_t;

/* The state for this request's side, which asks for its credentials: logins to the proxy (407)
 * and to the origin server (401) are two. Known: NULL if nothing was for NTLM so far. */
ntlm_conn_t *conn_of(request_rec *r);
ntlm_conn_t *conn_known(request_rec *r);

/* To be called with each request as it comes: at post_read_request. Who sends credentials, of any
 * scheme and to any place, may be another user than before: they end the login on their side. A
 * challenge is theirs to answer; if they went where nothing of ours asks for them, the next request
 * ends it. */
void conn_look(const request_rec *r);

/* True while a login to the origin server stands, for whatever scope. */
bool conn_is_logged_in(const conn_rec *c);

/* Forgets everything, and gives memory for a handshake in that scope, with messages of that len. */
ntlm_handshake_t *conn_room(ntlm_conn_t *conn, conn_rec *c, const policy_scope_t *scope,
                            size_t len);

/* The negotiation of the scheme Negotiate, in that scope: the one that has begun, or none yet. */
spnego_t *conn_negotiation(ntlm_conn_t *conn, conn_rec *c, const policy_scope_t *scope);

/* A challenge was made: tells the gauges (status/gauges.h), as all does here that ends one. */
void conn_gauge(ntlm_conn_t *conn);

/* Forgets the login and the handshake, but not the negotiation that goes on. */
void conn_end(ntlm_conn_t *conn);

/* Withdraws a challenge, or ends a negotiation, that was for another scope than this request's, or
 * begun by another scheme than its token's. */
void conn_only_in_scope(ntlm_conn_t *conn, const request_rec *r, const dir_config_t *config);
void conn_only_by(ntlm_conn_t *conn, scheme_t scheme);

/* Keeps a copy of the login until it is forgotten. */
void conn_remember(ntlm_conn_t *conn, conn_rec *c, const ntlm_login_t *login);

/* A copy whose strings are in pool, too. */
ntlm_login_t *conn_copy_login(const ntlm_login_t *login, apr_pool_t *pool);

/* Forgets the login, the handshake and the negotiation, and gives their memory back. */
void conn_forget(ntlm_conn_t *conn);

/* The request carried no token: withdraws a challenge, keeps a login. */
void conn_no_token(ntlm_conn_t *conn);

/* A side whose client has a challenge to answer, or NULL. */
ntlm_conn_t *conn_unanswered(const conn_rec *c);

/* The login, if it was proven for this server and this configuration; else NULL. */
ntlm_login_t *conn_login(const ntlm_conn_t *conn, const request_rec *r, const dir_config_t *config);

#endif
