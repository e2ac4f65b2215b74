/* creds_backend.h - what a store of accounts does for the module: the contract.
 *
 * A login goes in, an NT hash comes out. A backend knows accounts and nothing else: no request,
 * no connection, no NTLM message. It lives on APR pools. A source is opened while httpd
 * reads its configuration, in the parent process, and asked from any thread of any child.
 *
 * A new backend is one creds_backend_t, registered under its name with httpd's
 * ap_register_provider() in the group CREDS_PROVIDER_GROUP, with the version
 * CREDS_PROVIDER_VERSION, before the configuration is read (register_hooks). Other modules may
 * add theirs the same way; docs/contributing.md has the steps.
 */
#ifndef NTLM_CREDS_BACKEND_H
#define NTLM_CREDS_BACKEND_H

#include "creds_account.h"
#include "creds_options.h"

#define CREDS_PROVIDER_GROUP "auth_ntlmv2_creds"
#define CREDS_PROVIDER_VERSION "1"

struct server_rec; /* httpd's; nothing here looks into it */

/* What stands behind the backend's name in NTLMCredentials, before the options. */
typedef enum creds_source_word_t {
    CREDS_SOURCE_TEXT,
    CREDS_SOURCE_PATH, /* relative to ServerRoot */
    CREDS_SOURCE_NONE  /* nothing: options follow at once */
} creds_source_word_t;

/* Accounts, and when they were written where they come from. */
typedef struct creds_stock_t {
    apr_uint64_t accounts;
    apr_time_t written;
} creds_stock_t;

typedef struct creds_backend_t {
    const char *name; /* the first word of NTLMCredentials */
    creds_source_word_t source_word;
    const creds_option_t *options; /* the words that may follow, up to one without a name */

    /* The same line in two virtual hosts is two sources; else one, opened once for the first. */
    bool one_a_server;

    /* Opens a source at configuration time, for the server (never NULL in httpd) in whose
     * section it stands. word: its path or text; NULL if it has none. given: the options that
     * stand there, which it checks (creds_options_check()) when it has seen that the word is
     * right. Gives NULL, or (from pool) a sentence for configtest that says what is wrong and
     * what to write instead. *opened lives as long as pool. */
    const char *(*open)(apr_pool_t *pool, struct server_rec *server, const char *word,
                        const apr_table_t *given, void **opened);

    /* A backend has one of the next two.
     *
     * find: it has the hashes, or reads them; being asked harms no account. Such a source is asked
     * about every login, also where an earlier one has decided, so that what is asked says
     * nothing about who is known.
     *
     * Looks for login->names, in their order, and fills *account, which comes as zeros, with the
     * first that is there. NTLM_OK: it is filled. NTLM_NO_SUCH_USER: the source is well and
     * does not know the login. NTLM_BACKEND_DOWN: it cannot tell. Others: it knows the
     * login but has no key to give, and the login is refused with that status. Whatever comes
     * of it costs the same, searches above all. *why is left alone, or becomes a sentence (from
     * pool) that an administrator should read: why it is down, or what is wrong with it or
     * with an entry. */
    ntlm_status_t (*find)(void *opened, apr_pool_t *pool, const creds_login_t *login,
                          creds_account_t *account, const char **why);

    /* verify: it lets somebody else decide, who may count the question as a failed login. It is
     * asked only when it decides, and once a message. It may block: it is called in a thread that
     * nobody else waits for than its own login, up to the options timeout= and threads=, which such
     * a source has beside its own (creds/verify/verify.h). It fills the verdict, from pool, which
     * is the question's own; a blocked one may outlive its request. */
    void (*verify)(void *opened, void *own, apr_pool_t *pool, const creds_logon_t *logon,
                   creds_verdict_t *verdict);

    /* Of a backend with verify, each NULL where there is no such thing. begin, end: what a thread
     * that asks has for itself (own), as a context of a library; called in it. */
    void *(*begin)(void *opened);
    void (*end)(void *opened, void *own);

    /* Like verify(), with what is asked at configuration time, too: NULL and its answer, or (from
     * pool) why there is none. While it blocks there, httpd may give up that configuration: what
     * it needs of opened it reads first.
     * names: what to call ourselves. sid: of a group, by its name as Require ntlm-group has it,
     * with no domain or with one; "" if there is no such group. */
    const char *(*names)(void *opened, void *own, apr_pool_t *pool, creds_names_t *names);
    const char *(*sid)(void *opened, void *own, apr_pool_t *pool, const char *group,
                       const char **sid);

    /* Asked before verify() of a user with a domain, as a user principal name has: what that
     * account is called (creds_verdict_t.name), since wrong passwords are counted for it; "" if
     * there is no such account. NULL where accounts have one name. */
    const char *(*account)(void *opened, void *own, apr_pool_t *pool, const char *user,
                           const char **name);

    /* A number that grows whenever an account of the source may have changed. Asked
     * for each request of a live login, so it must be cheap. *why as above. NULL where one has
     * verify, which nobody tells of a change. */
    apr_uint64_t (*generation)(void *opened, apr_pool_t *pool, const char **why);

    /* What the source has in memory, for who watches it. Asked now and then, from any thread; must
     * not wait. NULL where there is no such thing. */
    void (*stock)(void *opened, creds_stock_t *stock);

    /* Calls visit with the name of every account, at configuration time; the names
     * live as long as the source. NULL where the accounts cannot be listed. */
    void (*each)(void *opened, void (*visit)(void *baton, const char *name), void *baton);

    /* Gives back what the pool does not, when the pool of the configuration ends: in the parent,
     * and in each child that ends. NULL where there is no such thing. */
    void (*close)(void *opened);
} creds_backend_t;

#endif
