/* password.h - a login by the password itself (RFC 7617): its NTLM client is this server.
 *
 * The password is hashed, and the hash answers a challenge of our own by NTLMv2. From there on
 * the login is a Type 3 like any other: the same names, checks, states and sources, also those that
 * let somebody else decide, and not one rule of them is written twice. What is compared,
 * in constant time, are two proofs to one nonce, made of two NT hashes: they are equal if the
 * hashes are. It names no channel and no service and has no MIC: where one of these is demanded it
 * fails.
 */
#ifndef NTLM_PASSWORD_H
#define NTLM_PASSWORD_H

#include "../acceptor.h"
#include "answer.h"

enum {
    PASSWORD_MAX = 256, /* UTF-16 units; Windows has no longer ones */
    PASSWORD_NAME_MAX = ANSWER_NAMES_MAX,
    PASSWORD_RESPONSE_MAX = NTLM_PROOF_LEN + 32 + NTLM_TYPE2_MAX,
    PASSWORD_TYPE3_MAX = 64 + 2 * PASSWORD_NAME_MAX + PASSWORD_RESPONSE_MAX,
};

/* Both UTF-8, borrowed. user: as it was typed, DOMAIN\user and user@domain too. */
typedef struct password_t {
    bytes_t user, password;
} password_t;

/* Takes "user:password" apart, at its first colon. NULL, or (static text) what is wrong. */
const char *password_read(bytes_t text, password_t *who);

/* One login; the caller's memory, of any content. */
typedef struct password_login_t {
    ntlm_acceptor_t acceptor; /* for ntlm_prove() */
    ntlm_handshake_t handshake;
    uint8_t messages[NTLM_MESSAGES_MAX], type3[PASSWORD_TYPE3_MAX];
} password_login_t;

/* Claims the account, as an NTLM client does that is told this user: what stands before a '\' is
 * the domain. input: its times and its nonce. NTLM_NEED_KEY: as ntlm_accept() gives it; the claim
 * borrows from the login. Anything else: it is refused, and the claim's detail may say why. In any
 * case password_forget() has to follow. */
ntlm_status_t password_claim(password_login_t *login, const ntlm_policy_t *policy,
                             const ntlm_input_t *input, password_t who, ntlm_claim_t *claim);

/* Wipes it. Of the claim only what is shown and what was found out is left. */
void password_forget(password_login_t *login);

#endif
