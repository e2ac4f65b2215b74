#include "creds.h"

#include <string.h>

#include <apr_strings.h>

#include "../ntlm/crypto.h"
#include "../system/clock.h"

/* ---- opening ---- */

static apr_status_t close_source(void *data)
{
    const creds_source_t *source = data;
    source->backend->close(source->opened);
    return APR_SUCCESS;
}

static apr_array_header_t *list_of(apr_pool_t *pool)
{
    static const char name[] = "mod_auth_ntlmv2: sources";
    void *list = NULL;
    apr_pool_userdata_get(&list, name, pool);
    if (!list) {
        list = apr_array_make(pool, 4, sizeof(const creds_source_t *));
        apr_pool_userdata_set(list, name, NULL, pool);
    }
    return list;
}

const apr_array_header_t *creds_all(apr_pool_t *pool)
{
    return list_of(pool);
}

const char *creds_open(apr_pool_t *pool, const creds_open_t *what, creds_source_t **source)
{
    creds_source_t *made = apr_pcalloc(pool, sizeof *made);
    made->backend = what->backend;
    made->text = what->text;
    made->domain = creds_option(what->backend->options, what->given, CREDS_OPTION_DOMAIN);
    const char *why =
        made->backend->open(pool, what->server, what->word, what->given, &made->opened);
    if (why) return why;
    if (made->backend->close)
        apr_pool_cleanup_register(pool, made, close_source, apr_pool_cleanup_null);
    made->figures = creds_figures_open(pool, made->backend->name, what->word, what->given);
    APR_ARRAY_PUSH(list_of(pool), const creds_source_t *) = made;
    *source = made;
    return NULL;
}

/* ---- who is who ---- */

static const char *user_of(const creds_account_t *account)
{
    return (const char *)name_of_account(account->name).user.data;
}

static bool is_one_person(const creds_home_t *home, const creds_account_t *a,
                          const creds_account_t *b)
{
    if (unicode_casecmp(user_of(a), user_of(b)) != 0) return false;
    return !a->domain || !b->domain || creds_home_is_one(home, a->domain, b->domain);
}

/* What a source has said in place of a key. */
static ntlm_status_t status_of(const creds_account_t *account)
{
    ntlm_status_t state = account->key.state;
    return state == NTLM_HASH_UNREADABLE || state == NTLM_BAD_ENTRY ? state : NTLM_OK;
}

/* Whom the login has found may be somebody whom an earlier source knows in another domain. */
SECRET_IN_NO_REGISTER
static ntlm_status_t first_of_person(const creds_home_t *home, const creds_account_t *others,
                                     creds_account_t *account)
{
    const creds_account_t *first = NULL;
    ntlm_status_t status = NTLM_OK;
    for (; others; others = others->others) {
        if (!is_one_person(home, others, account)) continue;
        if (first && first->source == others->source) status = NTLM_AMBIGUOUS_USER;
        if (!first) first = others;
    }
    if (!first) return NTLM_OK;
    *account = *first;
    account->others = NULL;
    return status == NTLM_OK ? status_of(first) : status;
}

/* ---- asking ---- */

/* All sources so far. */
typedef struct answers_t {
    ntlm_status_t status;
    creds_account_t account;
    creds_account_t *others, **end; /* those that may be the person whom a later source finds */
    bool cached, outage;
    bool is_final;       /* somebody was asked who must not be asked again */
    const char *unasked; /* why somebody was not asked who might know the account; or NULL */
} answers_t;

static void add_news(apr_pool_t *pool, const char *news, const char **why)
{
    if (news) *why = *why ? apr_pstrcat(pool, *why, "; ", news, NULL) : news;
}

static void keep_others(answers_t *answers, const creds_source_t *source, creds_account_t *others)
{
    for (*answers->end = others; *answers->end; answers->end = &(*answers->end)->others)
        (*answers->end)->source = source;
}

void creds_wipe(creds_account_t *account)
{
    for (; account; account = account->others) secret_wipe(&account->key, sizeof account->key);
}

static void count(const creds_source_t *source, apr_time_t asked, ntlm_status_t status,
                  const creds_account_t *found)
{
    creds_figures_add(source->figures, clock_ticks() - asked, found->remembered,
                      status == NTLM_BACKEND_DOWN || found->outage);
}

/* Who verifies may count each question: he is asked one a message, and not before what is but
 * remembered of the sources before him has been looked up. */
static ntlm_status_t verify(answers_t *answers, const creds_source_t *source, apr_pool_t *pool,
                            const creds_login_t *login, creds_account_t *found, const char **news)
{
    if (!login->logon) return source == login->verified_by ? NTLM_NEED_KEY : NTLM_NO_SUCH_USER;
    if (answers->cached && !login->fresh) return NTLM_NEED_KEY;
    answers->is_final = true;
    const apr_time_t asked = clock_ticks();
    ntlm_status_t status = source->decide(source->decider, pool, login, found, news);
    count(source, asked, status, found);
    found->key.verified = status == NTLM_OK;
    if (status == NTLM_NO_SUCH_USER && found->detail) answers->unasked = found->detail;
    found->others = NULL; /* who else there may be has no hash, which would be known: zeros */
    return status;
}

/* Whatever else a backend says, its hashes alone prove nothing. */
static ntlm_status_t find(const creds_source_t *source, apr_pool_t *pool,
                          const creds_login_t *login, creds_account_t *found, const char **news)
{
    const apr_time_t asked = clock_ticks();
    ntlm_status_t status = source->backend->find(source->opened, pool, login, found, news);
    count(source, asked, status, found);
    for (; found; found = found->others) found->key.verified = false;
    return status;
}

SECRET_IN_NO_REGISTER
static void ask_source(answers_t *answers, const creds_source_t *source, apr_pool_t *pool,
                       const creds_login_t *login, const char **why)
{
    creds_account_t found = {0};
    const char *news = NULL;
    bool decides = answers->status == NTLM_NO_SUCH_USER;
    if (!decides && (login->live || source->decide)) return;
    ntlm_status_t status = source->decide ? verify(answers, source, pool, login, &found, &news)
                                          : find(source, pool, login, &found, &news);
    add_news(pool, news, why);
    answers->cached |= found.cached;
    answers->outage |= found.outage || status == NTLM_BACKEND_DOWN;
    if (decides) {
        keep_others(answers, source, found.others);
        found.source = source;
        found.others = NULL;
        answers->account = found;
        answers->status = status == NTLM_OK
                              ? first_of_person(&login->home, answers->others, &answers->account)
                              : status;
    }
    creds_wipe(&found);
}

/* Of sources that list their accounts: they say nothing new to who may read the log, and were
 * looked through whoever was asked for. What a directory was searched for might tell others. */
static const char *elsewhere(apr_pool_t *pool, const creds_account_t *others)
{
    enum { SHOWN = 3 };
    const char *text = NULL;
    for (int count = 0; others; others = others->others) {
        if (!others->source->backend->each) continue;
        if (count++ == SHOWN) return apr_pstrcat(pool, text, " and others", NULL);
        text = text ? apr_pstrcat(pool, text, ", ", others->name, NULL)
                    : apr_pstrcat(pool, "the ", others->source->backend->name, " has ",
                                  others->name, NULL);
    }
    return text;
}

SECRET_IN_NO_REGISTER
ntlm_status_t creds_find(const apr_array_header_t *sources, apr_pool_t *pool,
                         const creds_login_t *login, creds_account_t *account, const char **why)
{
    answers_t answers = {.status = NTLM_NO_SUCH_USER};
    answers.end = &answers.others;
    for (int i = 0; i < sources->nelts; i++)
        ask_source(&answers, APR_ARRAY_IDX(sources, i, const creds_source_t *), pool, login, why);
    creds_wipe(answers.others);
    *account = answers.account;
    account->cached = answers.cached && !answers.is_final;
    account->outage = answers.outage;
    if (answers.status == NTLM_NO_SUCH_USER) {
        account->detail = elsewhere(pool, answers.others);
        if (!account->detail) account->detail = answers.unasked;
    }
    answers.account.others = NULL;
    creds_wipe(&answers.account);
    return answers.status;
}

bool creds_verify(const apr_array_header_t *sources)
{
    for (int i = 0; i < sources->nelts; i++)
        if (APR_ARRAY_IDX(sources, i, const creds_source_t *)->decide) return true;
    return false;
}

apr_uint64_t creds_generation(const apr_array_header_t *sources, apr_pool_t *pool, const char **why)
{
    apr_uint64_t sum = 0;
    for (int i = 0; i < sources->nelts; i++) {
        const creds_source_t *source = APR_ARRAY_IDX(sources, i, const creds_source_t *);
        if (source->backend->generation)
            sum += source->backend->generation(source->opened, pool, why);
    }
    return sum;
}
