/* creds_account.h - whom a login means, and what a source knows of him. */
#ifndef NTLM_CREDS_ACCOUNT_H
#define NTLM_CREDS_ACCOUNT_H

#include <apr_pools.h>
#include <apr_time.h>

#include "../ntlm/checks.h"
#include "creds_verdict.h"

/* One spelling of an account that a login may mean; UTF-8, any case. */
typedef struct creds_name_t {
    const char *text;   /* "DOMAIN\user" or "user", where a source has both in one name */
    const char *user;   /* the user of it, and */
    const char *domain; /* the domain, where it has them apart; NULL: the account has none, */
    bool any_domain;    /* or it may have any: the user says it, or nobody does */
} creds_name_t;

/* Beside those of a domain that is ours: the name as it was sent, and the user alone. */
enum { CREDS_HOME_MAX = 8, CREDS_NAMES_MAX = CREDS_HOME_MAX + 2 };

/* The domains that are ours, each by all of its names: up to CREDS_HOME_MAX, the one that it is
 * called by first, NULL at the end; NULL itself: we have none. They outlive all logins. A name that
 * stands in both lists is the domain's. */
typedef struct creds_home_t {
    const char *const *domain;   /* NTLMDomain: what a login that names none is of, */
    const char *const *computer; /* this computer's own, which is no such domain; "." is one */
} creds_home_t;

typedef struct creds_source_t creds_source_t;

/* Whom to look for; UTF-8, any case: what creds_login() makes of the names that a client sent. */
typedef struct creds_login_t {
    const char *domain; /* "" when neither the client nor the configuration names one */
    const char *user;   /* without its domain */
    const char *whole;  /* the user name as it was sent, when that differs; else NULL */
    bool fresh;         /* ask the source itself, not what is remembered of it */
    bool live;          /* it is proven: nothing need be hidden from who asks */

    /* For sources that let somebody else decide: what the client has sent; or, when an account
     * is looked up again, NULL, and which of them let it in, if one did. */
    const creds_logon_t *logon;
    const creds_source_t *verified_by;
    const char *const
        *accepts; /* domains that are accepted beside ours; NULL at the end; NULL: none */

    /* The spellings to look for, the one that decides before others first. How many there are
     * depends on what the client has sent and what is ours alone. */
    creds_name_t names[CREDS_NAMES_MAX];
    size_t name_count;
    creds_home_t home;
} creds_login_t;

/* What a source knows. The strings live at least as long as the pool of the
 * question. key holds secrets, key.nt_hash is worth as much as the password: the caller
 * wipes it. */
typedef struct creds_account_t creds_account_t;
struct creds_account_t {
    apr_uint64_t generation;      /* changes when this account's key, state, name or groups do */
    const char *name;             /* as the source spells it: "alice", "CORP\alice" */
    const char *domain;           /* the entry's own domain, or NULL */
    const creds_source_t *source; /* creds_find() says which one knew it; a backend does not */
    apr_time_t until;   /* when a live login looks it up again, in ticks (clock.h); 0: when
                           generation() grows */
    const char *detail; /* NULL, or for the log alone what the status does not say; with
                           NTLM_NO_SUCH_USER who of that name there is in other domains */
    bool cached;        /* remembered, and asking afresh might tell more; whatever the status */
    bool remembered;    /* nobody but our own memory was asked; whatever the status */
    bool outage;        /* some of what was asked did not answer; whatever the status */
    ntlm_key_t key;     /* key.state: NTLM_OK, or why the account may not log in */
    const char *const *groups; /* names, as the source spells them, NULL at the end; NULL: none */
    bool groups_cut;           /* there are some that cannot be told: groups is NULL then */
    const char *sids;          /* all groups' SIDs, a blank before and behind each (" ": it is in
                                  none); NULL: they have none, or not all are known */
    apr_time_t ends;           /* in ticks, when a login of it ends in any case; 0: never */
    int retry_after;           /* seconds, with NTLM_ACCOUNT_SPARED */
    creds_account_t *others;   /* with NTLM_NO_SUCH_USER: the entries (from pool, one after the
                                  other) of that very user in domains that the login does not
                                  name; their key.state may also say why there is no key */
};

#endif
