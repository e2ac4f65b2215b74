/* status.h - every outcome of a login, in one list.
 *
 * A status says what became of one message or one request. The list covers
 * the outcomes of the protocol core, of the account sources and of the httpd
 * glue, so that a log line, an environment variable and a tool all speak of
 * the same thing by the same name.
 *
 * The name (ntlm_status_row()->name) is what administrators grep for: it never
 * changes its meaning. New outcomes get new names.
 */
#ifndef NTLM_STATUS_H
#define NTLM_STATUS_H

#include <stdint.h>

typedef enum ntlm_status_t {
    NTLM_OK,                   /* the login is proven */
    NTLM_NEED_KEY,             /* a well-formed claim: look the account up, then ntlm_prove() */
    NTLM_NEED_NONCE,           /* a well-formed Type 1: draw a nonce, then ntlm_challenge() */
    NTLM_CHALLENGE_SENT,       /* a Type 1 was answered with a Type 2 */
    NTLM_SPNEGO_CONTINUES,     /* SPNEGO: the client was told that NTLM is chosen */
    NTLM_NO_CREDENTIALS,       /* the request carried no token */
    NTLM_OTHER_SCOPE,          /* the login was proven in another scope: server, accounts, policy */
    NTLM_HTTP11_REQUIRED,      /* the request came over HTTP/2, whose streams share a connection */
    NTLM_LOGIN_ENDED,          /* the connection's login is no longer good */
    NTLM_SCHEME_REFUSED,       /* the request carried another scheme's credentials */
    NTLM_MALFORMED,            /* not a message that MS-NLMP allows; the detail says why */
    NTLM_NOT_EXPECTED,         /* a Type 3 without a challenge on this connection */
    NTLM_REPLAYED,             /* a Type 3 after its challenge was spent */
    NTLM_STALE_CHALLENGE,      /* a Type 3 that answers an older challenge */
    NTLM_CHALLENGE_EXPIRED,    /* the Type 3 came later than the challenge lifetime */
    NTLM_CHALLENGE_ABANDONED,  /* the connection closed with a challenge that nobody answered */
    NTLM_NTLMV1,               /* an NTLMv1 response */
    NTLM_NTLM2_SESSION,        /* an NTLM2 session response (NTLMv1 with a client nonce) */
    NTLM_NO_NT_RESPONSE,       /* an LM or LMv2 response only */
    NTLM_ANONYMOUS,            /* an anonymous login */
    NTLM_WRONG_PASSWORD,       /* the proof does not match the account's key */
    NTLM_NO_SUCH_USER,         /* no source knows the account */
    NTLM_ACCOUNT_DISABLED,     /* the proof is right, the account is disabled */
    NTLM_ACCOUNT_LOCKED,       /* the proof is right, the account is locked */
    NTLM_ACCOUNT_EXPIRED,      /* the proof is right, the account has expired */
    NTLM_PASSWORD_EXPIRED,     /* the proof is right, the password has expired */
    NTLM_PASSWORD_MUST_CHANGE, /* the proof is right, the password must be changed first */
    NTLM_LOGON_HOURS,          /* the controller: not at this time */
    NTLM_WORKSTATION_REFUSED,  /* the controller: not from there, as the client calls itself */
    NTLM_ACCOUNT_RESTRICTED,   /* the controller: the account may not log in by NTLM, or so */
    NTLM_FIREWALLED,       /* the controller: a trusted domain's account, and not for this server */
    NTLM_BLOCKED,          /* the controller: its policy blocks NTLM */
    NTLM_COMPUTER_ACCOUNT, /* the account is a computer's or a trust's */
    NTLM_LOGON_TYPE_REFUSED,    /* the controller: not by a login from the network */
    NTLM_NAMES_REFUSED,         /* the controller: our own names in the challenge are not its */
    NTLM_CONTROLLER_REFUSED,    /* the controller: something else, whose number the detail says */
    NTLM_ANSWER_REFUSED,        /* the controller lets in a guest, or by what is no NTLMv2 */
    NTLM_BLANK_PASSWORD,        /* the proof is right, the account's password is empty */
    NTLM_DOMAIN_REFUSED,        /* the proof is right, the policy does not take the domain */
    NTLM_BAD_SESSION_KEY,       /* a session key that does not fit the negotiated flags */
    NTLM_BAD_MIC,               /* the message integrity code is wrong */
    NTLM_MIC_MISSING,           /* a MIC is announced, but there is no room for it */
    NTLM_MIC_REQUIRED,          /* the policy wants a MIC, the client sent none */
    NTLM_BINDING_MISMATCH,      /* the channel binding names another TLS channel */
    NTLM_BINDING_REQUIRED,      /* the policy wants a channel binding, the client sent none */
    NTLM_BINDING_UNKNOWN,       /* the policy wants a binding, our own certificate is not known */
    NTLM_SERVICE_MISMATCH,      /* the client signed another service's name */
    NTLM_SERVICE_REQUIRED,      /* the policy wants a service name, the client signed none */
    NTLM_ECHO_MISMATCH,         /* our target information did not come back unchanged */
    NTLM_THROTTLED,             /* too many failures: try later */
    NTLM_ACCOUNT_SPARED,        /* the controller is not asked, lest it lock the account */
    NTLM_TLS_REQUIRED,          /* the policy wants TLS */
    NTLM_BASIC_REFUSED,         /* a password in clear text, or where more than one is demanded */
    NTLM_CONNECTION_WILL_CLOSE, /* the connection closes before the login can finish */
    NTLM_SPNEGO_MALFORMED,      /* not a token that RFC 4178 allows; the detail says why */
    NTLM_SPNEGO_NO_NTLM,        /* the client lists mechanisms, and NTLM is none of them */
    NTLM_SPNEGO_MIC_REQUIRED,   /* the proof is right, the mechListMIC is missing */
    NTLM_SPNEGO_BAD_MIC,        /* the proof is right, the mechListMIC is wrong */
    NTLM_PROXIED_REFUSED,       /* the policy wants no logins through a proxy */
    NTLM_NOT_AUTHORIZED,        /* the login is good, Require does not let the user in */
    NTLM_HASH_UNREADABLE,       /* the account is known, its hash is not visible to us */
    NTLM_AMBIGUOUS_USER,        /* a source has more than one account of that name */
    NTLM_BAD_ENTRY,             /* the account's entry cannot be understood */
    NTLM_BACKEND_DOWN,          /* no source could say whether the account exists */
    NTLM_NOT_CONFIGURED,        /* AuthType NTLM without NTLMCredentials */
    NTLM_CRYPTO_FAILED,         /* OpenSSL refused to compute */
    NTLM_STATUS_COUNT
} ntlm_status_t;

/* What each world calls the outcome. */
typedef struct ntlm_status_row_t {
    const char *name;     /* the grep key: lower case, dashes, stable */
    uint32_t nt_status;   /* MS-ERREF 2.3.1 */
    uint32_t win32;       /* what IIS logs as sc-win32-status (MS-ERREF 2.1 and 2.2) */
    int iis_substatus;    /* what IIS logs as sc-substatus: 401.1, 401.2, ... */
    int http;             /* the answer to the client; 401 becomes 407 on a proxy */
    const char *sentence; /* for people, without a full stop */
} ntlm_status_row_t;

/* The row of a status. Never NULL: a value outside the list gives the row of
 * NTLM_MALFORMED, which refuses. */
const ntlm_status_row_t *ntlm_status_row(ntlm_status_t status);

/* Shorthand for ntlm_status_row(status)->name. */
const char *ntlm_status_name(ntlm_status_t status);

#endif
