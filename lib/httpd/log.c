#include "log.h"

#include <string.h>

#include <apr_strings.h>

#include <http_log.h>

APLOG_USE_MODULE(auth_ntlmv2);

static const char *mic_name(ntlm_mic_t mic)
{
    static const char *const names[] = {[NTLM_MIC_UNSEEN] = NULL,
                                        [NTLM_MIC_ABSENT] = "absent",
                                        [NTLM_MIC_UNCHECKED] = "unchecked",
                                        [NTLM_MIC_OK] = "ok",
                                        [NTLM_MIC_WRONG] = "wrong"};
    return names[mic];
}

static const char *binding_name(ntlm_binding_t binding)
{
    static const char *const names[] = {
        [NTLM_BINDING_UNSEEN] = NULL, [NTLM_BINDING_ABSENT] = "absent",
        [NTLM_BINDING_ZERO] = "zero", [NTLM_BINDING_UNCHECKED] = "unchecked",
        [NTLM_BINDING_OK] = "ok",     [NTLM_BINDING_WRONG] = "wrong"};
    return names[binding];
}

/* ---- what there is to say ---- */

/* The facts about an attempt. NULL or "": nothing is known. */
typedef struct facts_t {
    const char *user, *domain, *workstation, *source;
    ntlm_mic_t mic;
    ntlm_binding_t binding;
} facts_t;

/* After a login the account's own names, before it the ones that are claimed. */
static facts_t facts_of(const attempt_t *attempt)
{
    const ntlm_login_t *login = attempt->login;
    const ntlm_claim_t *claim = attempt->claim;
    if (login)
        return (facts_t){login->account, login->domain, login->workstation,
                         login->source,  login->mic,    login->binding};
    if (claim)
        return (facts_t){claim->user,     claim->domain, claim->workstation,
                         attempt->source, claim->mic,    claim->binding};
    return (facts_t){0};
}

/* ---- the line ---- */

/* A value that cannot be taken for the next key: quotes (and the sign that escapes
 * them) become %22 and %25. httpd itself escapes backslashes and everything that is
 * not printable ASCII. Long ones are cut, so that the line keeps its end. */
static const char *escaped(apr_pool_t *pool, const char *value)
{
    enum { SHOWN_MAX = 256 };
    if (!value || !*value) return "-";
    const char *shown = apr_pstrndup(pool, value, SHOWN_MAX);
    if (strpbrk(shown, " =\"%()") == NULL) return shown;
    const char *text = "\"";
    for (const char *special; (special = strpbrk(shown, "\"%")) != NULL; shown = special + 1)
        text = apr_pstrcat(pool, text, apr_pstrmemdup(pool, shown, (apr_size_t)(special - shown)),
                           *special == '"' ? "%22" : "%25", NULL);
    return apr_pstrcat(pool, text, shown, "\"", NULL);
}

static int level_of(const attempt_t *attempt)
{
    switch (attempt->status) {
    case NTLM_OK: return attempt->claim ? APLOG_INFO : APLOG_DEBUG;
    case NTLM_CHALLENGE_SENT:
    case NTLM_HTTP11_REQUIRED:
    case NTLM_NO_CREDENTIALS: return APLOG_DEBUG;
    case NTLM_LOGIN_ENDED:
    case NTLM_BACKEND_DOWN: return APLOG_INFO;
    case NTLM_THROTTLED: return attempt->known_throttled ? APLOG_DEBUG : APLOG_WARNING;
    case NTLM_NOT_CONFIGURED: return APLOG_ERR;
    default: return APLOG_WARNING;
    }
}

/* The words behind the fields, for what a status name alone does not say. */
static const char *remark(apr_pool_t *pool, const attempt_t *attempt)
{
    if (attempt->detail) return apr_psprintf(pool, ": %s", attempt->detail);
    if (attempt->status == NTLM_OK && !attempt->claim) return ": the connection's login";
    return "";
}

void log_outcome(request_rec *r, const attempt_t *attempt)
{
    int level = level_of(attempt);
    if (attempt->notice)
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r, "mod_auth_ntlmv2: %s", attempt->notice);
    if (!APLOG_R_IS_LEVEL(r, level)) return;
    const ntlm_status_row_t *row = ntlm_status_row(attempt->status);
    const facts_t facts = facts_of(attempt);
    const char *mic = mic_name(facts.mic), *binding = binding_name(facts.binding);
    ap_log_rerror(APLOG_MARK, level, 0, r,
                  "ntlm: %s: user=%s domain=%s workstation=%s scheme=%s mic=%s binding=%s "
                  "source=%s (0x%08X)%s",
                  row->name, escaped(r->pool, facts.user), escaped(r->pool, facts.domain),
                  escaped(r->pool, facts.workstation), attempt->scheme ? attempt->scheme : "-",
                  mic ? mic : "-", binding ? binding : "-", facts.source ? facts.source : "-",
                  row->nt_status, remark(r->pool, attempt));
}

/* ---- the environment ---- */

/* Copied: a borrowed login may be forgotten before the access log reads this. */
static void set(request_rec *r, const char *name, const char *value)
{
    if (value && *value)
        apr_table_set(r->subprocess_env, name, value);
    else
        apr_table_unset(r->subprocess_env, name);
}

void log_environment(request_rec *r, const attempt_t *attempt)
{
    const ntlm_status_row_t *row = ntlm_status_row(attempt->status);
    const facts_t facts = facts_of(attempt);
    set(r, "NTLM_STATUS", row->name);
    set(r, "NTLM_SUBSTATUS", apr_itoa(r->pool, row->iis_substatus));
    set(r, "NTLM_WIN32_STATUS", apr_psprintf(r->pool, "%u", row->win32));
    set(r, "NTLM_USER", facts.user);
    set(r, "NTLM_DOMAIN", facts.domain);
    set(r, "NTLM_WORKSTATION", facts.workstation);
    set(r, "NTLM_SOURCE", facts.source);
    set(r, "NTLM_MIC", mic_name(facts.mic));
    set(r, "NTLM_BINDING", binding_name(facts.binding));
    set(r, "NTLM_SCHEME", attempt->scheme);
}
