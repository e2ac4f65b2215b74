#include "status.h"

/* Win32 codes: SEC_E_* where the failure is the protocol's, ERROR_* where it
 * is the account's, 0 where IIS logs 0. Sub-statuses: 401.1 the login failed,
 * 401.2 the server asks for a login. */
#define SEC_E_SECPKG_NOT_FOUND 0x80090305U
#define SEC_E_INVALID_TOKEN 0x80090308U
#define SEC_E_LOGON_DENIED 0x8009030CU
#define SEC_E_NO_CREDENTIALS 0x8009030EU
#define SEC_E_MESSAGE_ALTERED 0x8009030FU
#define SEC_E_OUT_OF_SEQUENCE 0x80090310U
#define SEC_E_CONTEXT_EXPIRED 0x80090317U
#define SEC_E_BAD_BINDINGS 0x80090346U

static const ntlm_status_row_t rows[] = {
    [NTLM_OK] = {"ok", 0x00000000, 0, 0, 200, "the login is proven"},
    [NTLM_NEED_KEY] = {"need-key", 0xC0000016, 0, 0, 401, "the account is being looked up"},
    [NTLM_NEED_NONCE] = {"need-nonce", 0xC0000016, 0, 0, 401, "a challenge is being made"},
    [NTLM_CHALLENGE_SENT] = {"challenge-sent", 0xC0000016, 0, 1, 401,
                             "the client was sent a challenge"},
    [NTLM_SPNEGO_CONTINUES] = {"spnego-continues", 0xC0000016, 0, 1, 401,
                               "the client was told to go on with NTLM"},
    [NTLM_NO_CREDENTIALS] = {"no-credentials", 0xC0000022, SEC_E_NO_CREDENTIALS, 2, 401,
                             "the request carries no credentials"},
    [NTLM_OTHER_SCOPE] = {"other-scope", 0xC0000022, SEC_E_NO_CREDENTIALS, 2, 401,
                          "the login was proven for another server, other accounts or another "
                          "policy"},
    [NTLM_HTTP11_REQUIRED] = {"http11-required", 0xC00000BB, 50, 0, 403,
                              "HTTP/2 shares a connection; the client is told to use HTTP/1.1"},
    [NTLM_LOGIN_ENDED] = {"login-ended", 0xC0000022, SEC_E_NO_CREDENTIALS, 2, 401,
                          "the connection's login is no longer good"},
    [NTLM_SCHEME_REFUSED] = {"scheme-refused", 0xC0000022, SEC_E_NO_CREDENTIALS, 2, 401,
                             "the request carries credentials of a scheme that is not offered"},
    [NTLM_MALFORMED] = {"malformed", 0xC000000D, SEC_E_INVALID_TOKEN, 1, 401,
                        "the message breaks the rules of MS-NLMP"},
    [NTLM_NOT_EXPECTED] = {"not-expected", 0xC000042A, SEC_E_OUT_OF_SEQUENCE, 1, 401,
                           "a Type 3 without a challenge on this connection"},
    [NTLM_REPLAYED] = {"replayed", 0xC000042A, SEC_E_OUT_OF_SEQUENCE, 1, 401,
                       "a Type 3 after the connection's challenge was spent"},
    [NTLM_STALE_CHALLENGE] = {"stale-challenge", 0xC000042A, SEC_E_OUT_OF_SEQUENCE, 1, 401,
                              "a Type 3 that answers an older challenge"},
    [NTLM_CHALLENGE_EXPIRED] = {"challenge-expired", 0xC00000B5, SEC_E_CONTEXT_EXPIRED, 1, 401,
                                "the Type 3 came after the challenge had expired"},
    [NTLM_CHALLENGE_ABANDONED] = {"challenge-abandoned", 0xC000020C, SEC_E_OUT_OF_SEQUENCE, 1, 401,
                                  "the connection closed before the challenge was answered"},
    [NTLM_NTLMV1] = {"ntlmv1", 0xC000006D, SEC_E_LOGON_DENIED, 1, 401,
                     "the client answers with NTLMv1; only NTLMv2 is accepted"},
    [NTLM_NTLM2_SESSION] = {"ntlm2-session", 0xC000006D, SEC_E_LOGON_DENIED, 1, 401,
                            "the client answers with NTLM2 session; only NTLMv2 is accepted"},
    [NTLM_NO_NT_RESPONSE] = {"no-nt-response", 0xC000006D, SEC_E_LOGON_DENIED, 1, 401,
                             "the client sent an LM response only; only NTLMv2 is accepted"},
    [NTLM_ANONYMOUS] = {"anonymous", 0xC000006D, SEC_E_LOGON_DENIED, 1, 401,
                        "anonymous logins are refused"},
    [NTLM_WRONG_PASSWORD] = {"wrong-password", 0xC000006A, SEC_E_LOGON_DENIED, 1, 401,
                             "the password is wrong"},
    [NTLM_NO_SUCH_USER] = {"no-such-user", 0xC0000064, SEC_E_LOGON_DENIED, 1, 401,
                           "no source knows the account"},
    [NTLM_ACCOUNT_DISABLED] = {"account-disabled", 0xC0000072, 1331, 1, 401,
                               "the account is disabled"},
    [NTLM_ACCOUNT_LOCKED] = {"account-locked", 0xC0000234, 1909, 1, 401, "the account is locked"},
    [NTLM_ACCOUNT_EXPIRED] = {"account-expired", 0xC0000193, 1793, 1, 401,
                              "the account has expired"},
    [NTLM_PASSWORD_EXPIRED] = {"password-expired", 0xC0000071, 1330, 1, 401,
                               "the password has expired"},
    [NTLM_PASSWORD_MUST_CHANGE] = {"password-must-change", 0xC0000224, 1907, 1, 401,
                                   "the password must be changed before the first login"},
    [NTLM_LOGON_HOURS] = {"logon-hours", 0xC000006F, 1328, 1, 401,
                          "the account may not log in at this time"},
    [NTLM_WORKSTATION_REFUSED] = {"workstation-refused", 0xC0000070, 1329, 1, 401,
                                  "the account may not log in from what the client calls itself"},
    [NTLM_ACCOUNT_RESTRICTED] = {"account-restricted", 0xC000006E, 1327, 1, 401,
                                 "a restriction of the account forbids NTLM"},
    [NTLM_FIREWALLED] = {"authentication-firewall", 0xC0000413, 1935, 1, 401,
                         "the account's domain is trusted for some servers, and not for this one"},
    [NTLM_BLOCKED] = {"ntlm-blocked", 0xC0000418, 1937, 1, 401,
                      "a policy of the domain blocks NTLM"},
    [NTLM_COMPUTER_ACCOUNT] = {"computer-account", 0xC0000199, 1808, 1, 401,
                               "the account is that of a computer or of a trust"},
    [NTLM_LOGON_TYPE_REFUSED] = {"logon-type-refused", 0xC000015B, 1385, 1, 401,
                                 "the account may not log in from the network"},
    [NTLM_NAMES_REFUSED] = {"names-refused", 0xC000006D, 1326, 1, 401,
                            "the controller does not know the names of our challenge: "
                            "NTLMComputer and NTLMDomain must be those by which this server is "
                            "joined"},
    [NTLM_CONTROLLER_REFUSED] = {"controller-refused", 0xC0000001, 31, 1, 401,
                                 "the controller refuses the login"},
    [NTLM_ANSWER_REFUSED] = {"answer-refused", 0xC000006D, SEC_E_LOGON_DENIED, 1, 401,
                             "the controller lets in a guest, or without a proof by NTLMv2"},
    [NTLM_BLANK_PASSWORD] = {"blank-password", 0xC000006E, 1327, 1, 401,
                             "the account's password is empty, which never logs in"},
    [NTLM_DOMAIN_REFUSED] = {"domain-refused", 0xC000006E, 1327, 1, 401,
                             "NTLMAcceptDomains does not list the domain"},
    [NTLM_BAD_SESSION_KEY] = {"bad-session-key", 0xC000000D, SEC_E_INVALID_TOKEN, 1, 401,
                              "the session key does not fit the negotiated flags"},
    [NTLM_BAD_MIC] = {"bad-mic", 0xC000006D, SEC_E_MESSAGE_ALTERED, 1, 401,
                      "the message integrity code is wrong: the messages were altered on the way"},
    [NTLM_MIC_MISSING] = {"mic-missing", 0xC000006D, SEC_E_MESSAGE_ALTERED, 1, 401,
                          "the message integrity code that the client announced was removed"},
    [NTLM_MIC_REQUIRED] = {"mic-required", 0xC000006D, SEC_E_LOGON_DENIED, 1, 401,
                           "the client sends no message integrity code, and one is required"},
    [NTLM_BINDING_MISMATCH] = {"binding-mismatch", 0xC000035B, SEC_E_BAD_BINDINGS, 1, 401,
                               "the login was meant for another TLS channel"},
    [NTLM_BINDING_REQUIRED] = {"binding-required", 0xC000035B, SEC_E_BAD_BINDINGS, 1, 401,
                               "the client sends no channel binding, and one is required"},
    [NTLM_BINDING_UNKNOWN] = {"binding-unknown", 0xC000035B, SEC_E_BAD_BINDINGS, 1, 401,
                              "channel binding is required, but no server certificate is known"},
    [NTLM_SERVICE_MISMATCH] = {"service-mismatch", 0xC000006D, SEC_E_LOGON_DENIED, 1, 401,
                               "the login was meant for another service"},
    [NTLM_SERVICE_REQUIRED] = {"service-required", 0xC000006D, SEC_E_LOGON_DENIED, 1, 401,
                               "the client names no service, and one is required"},
    [NTLM_ECHO_MISMATCH] = {"echo-mismatch", 0xC000006D, SEC_E_MESSAGE_ALTERED, 1, 401,
                            "the client did not return our target information unchanged"},
    [NTLM_THROTTLED] = {"throttled", 0xC0000234, 1909, 1, 429, "too many failed logins"},
    [NTLM_ACCOUNT_SPARED] = {"account-spared", 0xC0000234, 1909, 1, 429,
                             "too many wrong passwords: the controller is not asked, lest it lock "
                             "the account"},
    [NTLM_TLS_REQUIRED] = {"tls-required", 0xC0000022, 5, 4, 403,
                           "logins are accepted over TLS only"},
    [NTLM_BASIC_REFUSED] = {"basic-refused", 0xC0000022, SEC_E_LOGON_DENIED, 2, 401,
                            "the password came in clear text, or more than one is demanded"},
    [NTLM_CONNECTION_WILL_CLOSE] = {"connection-will-close", 0xC000020C, SEC_E_OUT_OF_SEQUENCE, 1,
                                    401, "the connection closes before the login can finish"},
    [NTLM_SPNEGO_MALFORMED] = {"spnego-malformed", 0xC000000D, SEC_E_INVALID_TOKEN, 1, 401,
                               "the token breaks the rules of SPNEGO"},
    [NTLM_SPNEGO_NO_NTLM] = {"spnego-no-ntlm", 0xC00000FE, SEC_E_SECPKG_NOT_FOUND, 2, 401,
                             "none of the mechanisms that the client lists is NTLM"},
    [NTLM_SPNEGO_MIC_REQUIRED] = {"spnego-mic-required", 0xC000006D, SEC_E_LOGON_DENIED, 1, 401,
                                  "the client would rather not use NTLM, and does not confirm "
                                  "its list of mechanisms"},
    [NTLM_SPNEGO_BAD_MIC] = {"spnego-bad-mic", 0xC000006D, SEC_E_MESSAGE_ALTERED, 1, 401,
                             "the client confirms another list of mechanisms than came here"},
    [NTLM_PROXIED_REFUSED] = {"proxied-refused", 0xC0000022, SEC_E_LOGON_DENIED, 1, 401,
                              "the request came through a proxy, and NTLMProxied is refuse"},
    [NTLM_NOT_AUTHORIZED] = {"not-authorized", 0xC0000022, 5, 0, 403,
                             "the login is good, but Require does not let this user in"},
    [NTLM_HASH_UNREADABLE] = {"hash-unreadable", 0xC0000022, 5, 1, 401,
                              "the account's NT hash is not there, or its source hides it"},
    [NTLM_AMBIGUOUS_USER] = {"ambiguous-user", 0xC00000E4, 1358, 1, 401,
                             "a source knows more than one account of that name"},
    [NTLM_BAD_ENTRY] = {"bad-entry", 0xC00000E4, 1358, 1, 401,
                        "the account's entry cannot be understood"},
    [NTLM_BACKEND_DOWN] = {"backend-down", 0xC000005E, 1311, 0, 503,
                           "the account source does not answer"},
    [NTLM_NOT_CONFIGURED] = {"not-configured", 0xC000005E, 1311, 0, 500,
                             "AuthType NTLM is set here, but no NTLMCredentials"},
    [NTLM_CRYPTO_FAILED] = {"crypto-failed", 0xC00000E5, 1359, 1, 401, "the crypto library failed"},
};
_Static_assert(sizeof rows / sizeof rows[0] == NTLM_STATUS_COUNT, "one row for each status");

const ntlm_status_row_t *ntlm_status_row(ntlm_status_t status)
{
    unsigned i = (unsigned)status;
    return &rows[i < NTLM_STATUS_COUNT ? i : NTLM_MALFORMED];
}

const char *ntlm_status_name(ntlm_status_t status)
{
    return ntlm_status_row(status)->name;
}
