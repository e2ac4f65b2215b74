#include "verify.h"

#include <string.h>

#include <apr_strings.h>

#include "../../ntlm/crypto.h"
#include "../../system/clock.h"
#include "accepted.h"
#include "asker.h"
#include "called.h"
#include "outage.h"
#include "question.h"
#include "remembered.h"
#include "verdict.h"
#include "verdict_groups.h"
#include "verify_options.h"

struct creds_decider_t {
    question_to_t to;
    const creds_source_t *source;
    verify_options_t options;
    called_t *called;
    outage_t *outage;
    group_sids_t *sids;       /* NULL: no group is wanted */
    remembered_t *remembered; /* NULL: nothing is */
};

static const char not_its_domain[] =
    "' is not its domain, and neither NTLMDomain nor NTLMAcceptDomains names it";

static creds_decide_t decide;

static creds_decider_t *decider_of(const creds_source_t *source)
{
    return source->decider;
}

/* ---- opening ---- */

static const char *open_tools(apr_pool_t *pool, const creds_open_t *what, creds_decider_t *decider,
                              creds_source_t *made)
{
    const verify_options_t *options = &decider->options;
    const helpers_how_t how = {
        .threads = options->threads,
        .stall = options->timeout,
        .queue = apr_time_from_sec(QUESTION_QUEUE_SECONDS),
        .begin = what->backend->begin,
        .end = what->backend->end,
        .baton = made->opened,
        .code = what->backend,
    };
    decider->to = (question_to_t){.backend = what->backend,
                                  .opened = made->opened,
                                  .controller = asker_controller(pool, what)};
    decider->to.helpers = helpers_open(pool, &how);
    decider->outage = outage_open(pool);
    if (!decider->outage) return "there is no memory that children share";
    const char *why = called_open(pool, &decider->to, &decider->called);
    if (!why) why = tries_open(pool, decider->to.controller, options->lockout, &decider->to.tries);
    if (why || !options->basic) return why;
    return remembered_open(pool, options->basic, &decider->remembered);
}

const char *verify_open(apr_pool_t *pool, const creds_open_t *what, const creds_source_t **source)
{
    creds_decider_t *decider = apr_pcalloc(pool, sizeof *decider);
    creds_open_t own = *what;
    creds_source_t *made = NULL;
    apr_table_t *others;
    const char *why =
        verify_options_read(pool, what->backend->name, what->given, &decider->options, &others);
    own.given = others;
    if (!why) why = creds_open(pool, &own, &made);
    if (!why) why = open_tools(pool, &own, decider, made);
    if (why) return why;
    decider->source = made;
    made->decide = decide;
    made->decider = decider;
    *source = made;
    return NULL;
}

/* ---- what he calls himself ---- */

const char *verify_learn(const creds_source_t *source, apr_pool_t *pool)
{
    return called_learn(decider_of(source)->called, pool);
}

const creds_names_t *verify_names(const creds_source_t *source)
{
    const creds_decider_t *decider = decider_of(source);
    return decider ? called_names(decider->called) : NULL;
}

const char *const *verify_domains(const creds_source_t *source)
{
    const creds_decider_t *decider = decider_of(source);
    return decider ? called_domains(decider->called) : NULL;
}

bool verify_may_lock_out(const creds_source_t *source)
{
    return decider_of(source)->options.lockout.wrong == 0;
}

helpers_t *verify_helpers(const creds_source_t *source)
{
    return decider_of(source)->to.helpers;
}

bool verify_has_sids(const creds_source_t *source)
{
    return source->decide && source->backend->sid;
}

const char *verify_learn_groups(const creds_source_t *source, apr_pool_t *pconf, apr_pool_t *pool)
{
    creds_decider_t *decider = decider_of(source);
    return group_sids_open(pconf, pool, &decider->to, &decider->sids);
}

group_known_t verify_group_sid(const creds_source_t *source, const char *name,
                               char sid[GROUP_SID_ROOM])
{
    const creds_decider_t *decider = decider_of(source);
    group_sids_refresh(decider->sids, clock_ticks());
    return group_sid(decider->sids, name, sid);
}

/* ---- a login ---- */

static void fill(apr_pool_t *pool, creds_verdict_t *verdict, creds_account_t *account)
{
    account->name = verdict->name;
    account->domain = verdict->domain && *verdict->domain ? verdict->domain : NULL;
    memcpy(account->key.session_base_key, verdict->session_base_key,
           sizeof account->key.session_base_key);
    if (verdict->kick_off) account->ends = clock_ticks() + (verdict->kick_off - apr_time_now());
    verdict_groups(pool, verdict, account);
    secret_wipe(verdict->session_base_key, sizeof verdict->session_base_key);
}

static const char *by_name(const creds_decider_t *decider, apr_pool_t *pool, const char *text)
{
    return apr_pstrcat(pool, decider->to.backend->name, ": ", text, NULL);
}

/* NULL, or what an administrator has to know of him, and does not know yet. */
static const char *news(creds_decider_t *decider, apr_pool_t *pool, const creds_verdict_t *verdict,
                        ntlm_status_t status, const char *why)
{
    const char *told = NULL;
    if (verdict->is_silent)
        told = outage_begins(decider->outage) ? why : NULL;
    else if (outage_ends(decider->outage))
        told = "it answers again";
    else if (status == NTLM_BACKEND_DOWN && outage_grumbles(decider->outage, clock_ticks()))
        told = why;
    return told ? by_name(decider, pool, told) : NULL;
}

/* What he has said about this very password. NTLM_NEED_KEY: nothing, or nothing is remembered. */
static ntlm_status_t recall(const creds_decider_t *decider, apr_pool_t *pool,
                            const creds_logon_t *logon, creds_account_t *account)
{
    if (!decider->remembered || !logon->remember) return NTLM_NEED_KEY;
    ntlm_status_t status =
        remembered_find(decider->remembered, logon->remember, clock_ticks(), pool, account);
    account->remembered = status != NTLM_NEED_KEY;
    return status;
}

static void remember(const creds_decider_t *decider, const creds_logon_t *logon,
                     ntlm_status_t status, const creds_account_t *account)
{
    if (decider->remembered && logon->remember)
        remembered_store(decider->remembered, logon->remember, clock_ticks(), status, account);
}

/* Puts it to him, whose turn it is; what he says is remembered before the next one's comes. */
static ntlm_status_t put(creds_decider_t *decider, apr_pool_t *pool, const creds_login_t *login,
                         const tries_turn_t *turn, creds_account_t *account, const char **why)
{
    creds_logon_t logon = *login->logon;
    creds_verdict_t verdict;
    tries_outcome_t outcome;
    bool is_late;
    logon.computers = decider->options.computers;
    question_put(&decider->to, pool, &logon, turn, &verdict, &is_late);
    ntlm_status_t status =
        verdict_status(pool, &verdict, logon.computers, &outcome, &account->detail);
    *why = news(decider, pool, &verdict, status, account->detail);
    if (status == NTLM_OK) fill(pool, &verdict, account);
    remember(decider, login->logon, status, account);
    if (!is_late) tries_end(decider->to.tries, turn, outcome);
    return status;
}

/* Those who have waited for the first one with their password find what he has said to that. */
static ntlm_status_t recall_or_put(creds_decider_t *decider, apr_pool_t *pool,
                                   const creds_login_t *login, const tries_turn_t *turn,
                                   creds_account_t *account, const char **why)
{
    ntlm_status_t status = recall(decider, pool, login->logon, account);
    if (status == NTLM_NEED_KEY) return put(decider, pool, login, turn, account, why);
    tries_end(decider->to.tries, turn, TRIES_UNDECIDED);
    return status;
}

static ntlm_status_t in_turn(creds_decider_t *decider, apr_pool_t *pool, const creds_login_t *login,
                             creds_account_t *account, const char **why)
{
    tries_who_t who;
    tries_turn_t turn;
    const ntlm_status_t status = asker_of(&decider->to, pool, login->logon, &who, &account->detail);
    if (status != NTLM_OK) return status;
    switch (question_turn(&decider->to, &who, &turn, &account->retry_after)) {
    case TRIES_ASK: return recall_or_put(decider, pool, login, &turn, account, why);
    case TRIES_SPENT: return NTLM_ACCOUNT_SPARED;
    case TRIES_WRONG_BEFORE:
        account->detail = "it was not asked: while it waited for its turn, one from the same "
                          "address was wrong";
        return NTLM_WRONG_PASSWORD;
    case TRIES_TOO_LONG: break;
    }
    account->detail = "another login of that account has no answer yet";
    return NTLM_BACKEND_DOWN;
}

/* A challenge that was made before he said what we are called may have said something else. */
static const char *not_ready(creds_decider_t *decider, apr_pool_t *pool, const creds_logon_t *logon)
{
    const char *why = verify_learn(decider->source, pool);
    if (why || called_since(decider->called) <= logon->challenged) return why;
    return "it has only now said what this server is called; the next login is asked";
}

/* What is remembered was said to the same names, also where other domains are accepted. */
static ntlm_status_t judge_domain(const creds_decider_t *decider, apr_pool_t *pool,
                                  const creds_login_t *login, ntlm_status_t status,
                                  creds_account_t *account)
{
    if (status != NTLM_OK || !account->domain ||
        accepted_domain(called_domains(decider->called), login, account->domain))
        return status;
    account->detail = apr_pstrcat(pool, "the account's domain is ", account->domain,
                                  ": NTLMAcceptDomains would have to name it", NULL);
    return NTLM_DOMAIN_REFUSED;
}

static ntlm_status_t decide(creds_decider_t *decider, apr_pool_t *pool, const creds_login_t *login,
                            creds_account_t *account, const char **why)
{
    if (login->logon->unfit != NTLM_OK) return login->logon->unfit;
    const char *domain = accepted_not(pool, called_domains(decider->called), login);
    if (domain) {
        account->detail = apr_pstrcat(pool, decider->to.backend->name, " was not asked, since '",
                                      domain, not_its_domain, NULL);
        return NTLM_NO_SUCH_USER;
    }
    account->detail = not_ready(decider, pool, login->logon);
    if (!account->detail) {
        group_sids_refresh(decider->sids, clock_ticks()); /* Require is next */
        ntlm_status_t status = recall(decider, pool, login->logon, account);
        if (status == NTLM_NEED_KEY) status = in_turn(decider, pool, login, account, why);
        return judge_domain(decider, pool, login, status, account);
    }
    if (outage_begins(decider->outage)) *why = by_name(decider, pool, account->detail);
    return NTLM_BACKEND_DOWN;
}
