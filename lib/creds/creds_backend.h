/* creds_backend.h - what a store of accounts does for the module: the contract.
 *
 * A login goes in, an NT hash comes out. A backend knows accounts and nothing else: no
 * request, no connection, no NTLM message. It lives on APR pools. A source is opened while
 * httpd reads its configuration, in the parent process, and asked from any thread of any child.
 *
 * A new backend is one creds_backend_t, registered under its name with httpd's
 * ap_register_provider() in the group CREDS_PROVIDER_GROUP; other modules may
 * add theirs the same way.
 */
#ifndef NTLM_CREDS_BACKEND_H
#define NTLM_CREDS_BACKEND_H

#include <apr_pools.h>
#include <apr_tables.h>

#include "../ntlm/checks.h"

#define CREDS_PROVIDER_GROUP "auth_ntlmv2_creds"
#define CREDS_PROVIDER_VERSION "1"

/* One spelling of an account that a login may mean; UTF-8, any case. */
typedef struct creds_name_t {
    const char *text;   /* "DOMAIN\user" or "user", where a source has both in one name */
    const char *user;   /* the user of it, and */
    const char *domain; /* the domain, where it has them apart; NULL: the account has none, */
    bool any_domain;    /* or it may have any: the user says it, or nobody does */
} creds_name_t;

enum { CREDS_NAMES_MAX = 3 };

/* Whom to look for; UTF-8, any case. The names that a client sent are taken
 * apart by creds_login(): a name with a '\' is split there, else at its last
 * '@'. This is for looking up only, the proof is about the names as sent. */
typedef struct creds_login_t {
    const char *domain; /* "" when neither the client nor the configuration names one */
    const char *user;   /* without its domain */
    const char *whole;  /* the user name as it was sent, when that differs; else NULL */
    bool fresh;         /* ask the source itself, not what is remembered of it */
    bool live;          /* it is proven: nothing need be hidden from who asks */

    /* The spellings to look for, the one that decides before others first. How many there are
     * depends on what the client has sent alone. */
    creds_name_t names[CREDS_NAMES_MAX];
    size_t name_count;
} creds_login_t;

typedef struct creds_source_t creds_source_t;

/* What a source knows. The strings live at least as long as the pool of the
 * question. key.nt_hash is worth as much as the password: the caller wipes it. */
typedef struct creds_account_t creds_account_t;
struct creds_account_t {
    apr_uint64_t generation;      /* changes when this account's key, state or name does */
    const char *name;             /* as the source spells it: "alice", "CORP\alice" */
    const char *domain;           /* the entry's own domain, or NULL */
    const creds_source_t *source; /* creds_find() says which one knew it; a backend does not */
    apr_time_t until; /* when a live login looks it up again, in ticks (clock.h); 0: when
                         generation() grows */
    bool cached;      /* remembered, and asking afresh might tell more; whatever the status */
    bool outage;      /* some of what was asked did not answer; whatever the status */
    ntlm_key_t key;   /* key.state: NTLM_OK, or why the account may not log in */
    creds_account_t *others; /* with NTLM_NO_SUCH_USER: the entries (from pool, one after the
                                other) of that very user in domains that the login does not
                                name; their key.state may also say why there is no key */
};

typedef struct creds_backend_t {
    const char *name;  /* the first word of NTLMCredentials */
    bool spec_is_path; /* its second word is a path, relative to ServerRoot */

    /* It has the hashes, or reads them: being asked harms no account. Such a source is asked
     * about every login, also where an earlier one has decided, so that what is asked says
     * nothing about who is known. False for one that lets somebody else decide, who may count
     * the question as a failed login: it is asked only when it decides. */
    bool holds_hashes;

    /* Opens a source at configuration time. spec is its second word, options
     * hold the key=value words that follow. Gives NULL, or (from pool) a sentence
     * for configtest that says what is wrong and what to write instead. *opened
     * lives as long as pool. */
    const char *(*open)(apr_pool_t *pool, const char *spec, const apr_table_t *options,
                        void **opened);

    /* *account comes as zeros. NTLM_OK: it is filled. NTLM_NO_SUCH_USER: the source is well and
     * does not know the login. NTLM_BACKEND_DOWN: it cannot tell. Others: it knows the
     * login but has no key to give, and the login is refused with that status. Whatever comes
     * of it costs the same, searches above all. *why is left alone, or becomes a sentence (from
     * pool) that an administrator should read: why it is down, or what is wrong with it or
     * with an entry. */
    ntlm_status_t (*find)(void *opened, apr_pool_t *pool, const creds_login_t *login,
                          creds_account_t *account, const char **why);

    /* A number that grows whenever an account of the source may have changed. Asked
     * for each request of a live login, so it must be cheap. *why as above. */
    apr_uint64_t (*generation)(void *opened, apr_pool_t *pool, const char **why);

    /* Calls visit with the name of every account, at configuration time; the names
     * live as long as the source. NULL where the accounts cannot be listed. */
    void (*each)(void *opened, void (*visit)(void *baton, const char *name), void *baton);
} creds_backend_t;

#endif
