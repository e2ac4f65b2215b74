#include "verdict.h"

#include <string.h>

#include <apr_strings.h>

/* ---- his numbers ---- */

typedef struct number_t {
    uint32_t nt_status; /* MS-ERREF 2.3.1 */
    ntlm_status_t status;
    tries_outcome_t outcome;
} number_t;

/* Wrong passwords, and accounts that there are not: both stay counted, or the count would tell who
 * there is. Of the others nothing says that the password was looked at. */
static const number_t numbers[] = {
    {0xC000006A, NTLM_WRONG_PASSWORD, TRIES_WRONG},
    {0xC0000064, NTLM_NO_SUCH_USER, TRIES_WRONG},
    /* the account */
    {0xC0000072, NTLM_ACCOUNT_DISABLED, TRIES_UNDECIDED},
    {0xC0000193, NTLM_ACCOUNT_EXPIRED, TRIES_UNDECIDED},
    {0xC0000071, NTLM_PASSWORD_EXPIRED, TRIES_UNDECIDED},
    {0xC0000224, NTLM_PASSWORD_MUST_CHANGE, TRIES_UNDECIDED},
    {0xC0000234, NTLM_ACCOUNT_LOCKED, TRIES_UNDECIDED},
    {0xC000006F, NTLM_LOGON_HOURS, TRIES_UNDECIDED},
    {0xC0000070, NTLM_WORKSTATION_REFUSED, TRIES_UNDECIDED},
    {0xC000006E, NTLM_ACCOUNT_RESTRICTED, TRIES_UNDECIDED},
    {0xC0000413, NTLM_FIREWALLED, TRIES_UNDECIDED},
    {0xC0000418, NTLM_BLOCKED, TRIES_UNDECIDED},
    {0xC0000198, NTLM_COMPUTER_ACCOUNT, TRIES_UNDECIDED},
    {0xC0000199, NTLM_COMPUTER_ACCOUNT, TRIES_UNDECIDED},
    {0xC000019A, NTLM_COMPUTER_ACCOUNT, TRIES_UNDECIDED},
    {0xC000015B, NTLM_LOGON_TYPE_REFUSED, TRIES_UNDECIDED},
    /* our own names */
    {0xC000006D, NTLM_NAMES_REFUSED, TRIES_UNDECIDED},
    /* he cannot decide now */
    {0xC000005E, NTLM_BACKEND_DOWN, TRIES_UNDECIDED}, /* STATUS_NO_LOGON_SERVERS */
    {0xC00000DC, NTLM_BACKEND_DOWN, TRIES_UNDECIDED}, /* STATUS_INVALID_SERVER_STATE */
    {0xC0000192, NTLM_BACKEND_DOWN, TRIES_UNDECIDED}, /* STATUS_NETLOGON_NOT_STARTED */
    {0xC000018A, NTLM_BACKEND_DOWN, TRIES_UNDECIDED}, /* STATUS_NO_TRUST_LSA_SECRET */
    {0xC000018B, NTLM_BACKEND_DOWN, TRIES_UNDECIDED}, /* STATUS_NO_TRUST_SAM_ACCOUNT */
    {0xC000018C, NTLM_BACKEND_DOWN, TRIES_UNDECIDED}, /* STATUS_TRUSTED_DOMAIN_FAILURE */
    {0xC000018D, NTLM_BACKEND_DOWN, TRIES_UNDECIDED}, /* STATUS_TRUSTED_RELATIONSHIP_FAILURE */
    {0xC0000190, NTLM_BACKEND_DOWN, TRIES_UNDECIDED}, /* STATUS_TRUST_FAILURE */
    {0xC0000233, NTLM_BACKEND_DOWN, TRIES_UNDECIDED}, /* STATUS_DOMAIN_CONTROLLER_NOT_FOUND */
    {0xC00000B5, NTLM_BACKEND_DOWN, TRIES_UNDECIDED}, /* STATUS_IO_TIMEOUT */
    {0xC000009A, NTLM_BACKEND_DOWN, TRIES_UNDECIDED}, /* STATUS_INSUFFICIENT_RESOURCES */
};

/* Any other is refused, and nobody has guessed. */
static number_t number_of(uint32_t nt_status)
{
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i].nt_status == nt_status) return numbers[i];
    return (number_t){nt_status, NTLM_CONTROLLER_REFUSED, TRIES_UNDECIDED};
}

static ntlm_status_t refusal(apr_pool_t *pool, const creds_verdict_t *verdict,
                             tries_outcome_t *outcome, const char **why)
{
    const number_t number = number_of(verdict->nt_status);
    const char *said =
        apr_psprintf(pool, "the controller says 0x%08X", (unsigned)verdict->nt_status);
    *outcome = number.outcome;
    *why = verdict->why;
    if (number.status == NTLM_BACKEND_DOWN || number.status == NTLM_CONTROLLER_REFUSED)
        *why = *why ? apr_pstrcat(pool, said, ", ", *why, NULL) : said;
    if (number.status == NTLM_BACKEND_DOWN || !verdict->is_not_final) return number.status;
    return NTLM_NO_SUCH_USER;
}

/* ---- when he lets it in ---- */

/* LOGON_GUEST, LOGON_NOENCRYPTION, LOGON_USED_LM_PASSWORD, LOGON_SUBAUTH_SESSION_KEY (MS-PAC 2.5),
 * DOMAIN_USER_RID_GUEST. */
enum { GUEST = 0x1, NO_ENCRYPTION = 0x2, USED_LM = 0x8, SUBAUTHENTICATION = 0x40, RID_GUEST = 501 };

/* USER_*_TRUST_ACCOUNT (MS-SAMR 2.2.1.12). */
enum { INTERDOMAIN = 0x40, WORKSTATION = 0x80, SERVER = 0x100 };

/* NULL, or what kind of login this is not. */
static const char *not_a_login(const creds_verdict_t *verdict)
{
    const uint32_t flags = verdict->user_flags;
    const bytes_t key = {verdict->session_base_key, sizeof verdict->session_base_key};
    if ((flags & GUEST) || verdict->user_id == RID_GUEST) return "it is the guest's";
    if (flags & (NO_ENCRYPTION | USED_LM)) return "its key is made of an LM hash";
    if (flags & SUBAUTHENTICATION) return "its key is of a subauthentication package";
    if (bytes_are_zero(key)) return "there is no session key";
    if (!verdict->name || !*verdict->name) return "it has no name";
    return NULL;
}

static bool is_computer(const creds_verdict_t *verdict, bool computers)
{
    const size_t len = strlen(verdict->name);
    if (verdict->account_control & INTERDOMAIN) return true;
    if (computers) return false;
    return (verdict->account_control & (WORKSTATION | SERVER)) || verdict->name[len - 1] == '$';
}

ntlm_status_t verdict_status(apr_pool_t *pool, const creds_verdict_t *verdict, bool computers,
                             tries_outcome_t *outcome, const char **why)
{
    *outcome = TRIES_UNDECIDED;
    *why = verdict->why;
    if (verdict->is_silent) return NTLM_BACKEND_DOWN;
    if (verdict->nt_status) return refusal(pool, verdict, outcome, why);
    *why = not_a_login(verdict);
    if (*why) return NTLM_ANSWER_REFUSED;
    *outcome = TRIES_RIGHT;
    *why = verdict->why;
    return is_computer(verdict, computers) ? NTLM_COMPUTER_ACCOUNT : NTLM_OK;
}
