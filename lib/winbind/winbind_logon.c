#include "winbind_logon.h"

#include <string.h>

#include <apr_strings.h>
#include <wbclient.h>

#include "winbind_access.h"
#include "winbind_groups.h"

enum { DONT_TRY_GUEST_ACCOUNT = 0x10 }; /* ParameterControl, MS-NRPC 2.2.1.4.15 */

static const uint32_t no_such_user = 0xC0000064; /* MS-ERREF 2.3.1 */

static bool fits(const creds_logon_t *logon)
{
    return strlen(logon->user) <= WINBIND_NAME_LEN && strlen(logon->domain) <= WINBIND_NAME_LEN;
}

static struct wbcAuthUserParams question_of(apr_pool_t *pool, const creds_logon_t *logon)
{
    struct wbcAuthUserParams question = {
        .account_name = logon->user,
        .domain_name = logon->domain,
        .workstation_name = logon->workstation,
        .level = WBC_AUTH_USER_LEVEL_RESPONSE,
        .parameter_control = DONT_TRY_GUEST_ACCOUNT,
    };
    if (logon->computers)
        question.parameter_control |=
            WBC_MSV1_0_ALLOW_WORKSTATION_TRUST_ACCOUNT | WBC_MSV1_0_ALLOW_SERVER_TRUST_ACCOUNT;
    memcpy(question.password.response.challenge, logon->challenge, NTLM_CHALLENGE_LEN);
    question.password.response.nt_length = (uint32_t)logon->nt_response.len;
    question.password.response.nt_data =
        apr_pmemdup(pool, logon->nt_response.data, logon->nt_response.len);
    return question;
}

/* KickOffTime; winbindd has it in seconds. The last one that a FILETIME can be means never. */
static apr_time_t kick_off(uint64_t seconds)
{
    const uint64_t never = INT64_MAX / 10000000 - 11644473600;
    return seconds < never ? apr_time_from_sec((apr_time_t)seconds) : 0;
}

static void let_in(struct wbcContext *context, apr_pool_t *pool, struct wbcAuthUserInfo *info,
                   creds_verdict_t *verdict)
{
    memcpy(verdict->session_base_key, info->user_session_key, NTLM_KEY_LEN);
    explicit_bzero(info->user_session_key, sizeof info->user_session_key);
    explicit_bzero(info->lm_session_key, sizeof info->lm_session_key);
    verdict->name = apr_pstrdup(pool, info->account_name);
    verdict->domain = apr_pstrdup(pool, info->domain_name);
    verdict->user_flags = info->user_flags;
    verdict->account_control = info->acct_flags;
    verdict->kick_off = kick_off(info->kickoff_time);
    winbind_groups(context, pool, info, verdict);
}

static void not_let_in(struct wbcContext *context, apr_pool_t *pool, wbcErr error,
                       const struct wbcAuthErrorInfo *info, creds_verdict_t *verdict)
{
    verdict->nt_status = info ? info->nt_status : 0;
    verdict->is_not_final = info && !info->authoritative;
    if (error == WBC_ERR_AUTH_ERROR && verdict->nt_status) return;
    verdict->is_silent = true;
    verdict->why = winbind_access_why(context, pool, error);
}

void winbind_logon(struct wbcContext *context, apr_pool_t *pool, const creds_logon_t *logon,
                   creds_verdict_t *verdict)
{
    struct wbcAuthUserInfo *info = NULL;
    struct wbcAuthErrorInfo *refusal = NULL;
    if (!fits(logon)) {
        verdict->nt_status = no_such_user;
        verdict->is_not_final = true;
        return;
    }
    const struct wbcAuthUserParams question = question_of(pool, logon);
    wbcErr error =
        context ? wbcCtxAuthenticateUserEx(context, &question, &info, &refusal) : WBC_ERR_NO_MEMORY;
    if (error == WBC_ERR_SUCCESS && info)
        let_in(context, pool, info, verdict);
    else
        not_let_in(context, pool, error, refusal, verdict);
    wbcFreeMemory(info);
    wbcFreeMemory(refusal);
}
