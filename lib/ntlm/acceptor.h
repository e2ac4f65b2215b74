/* acceptor.h - the server's side of NTLM on one connection: a state machine.
 *
 *   state \ arrives | no token        | Type 1                  | Type 3          | other bytes
 *   FRESH           | -               | challenge -> CHALLENGED | refuse          | refuse
 *   CHALLENGED      | -> FRESH        | new challenge           | -> CLAIMED      | refuse -> FRESH
 *   CLAIMED         | -               | -                       | ntlm_prove(): -> PROVEN or FRESH
 *   PROVEN          | stays           | forgets, -> CHALLENGED  | refuse -> FRESH | refuse -> FRESH
 *
 * A challenge is spent by the first Type 3 that follows it, right or wrong, and
 * before anything of that message is looked at. A login is proven only by the
 * last challenge that is not spent.
 *
 * It is a pure function of what it is given: bytes, a policy, readings
 * of two clocks and random bytes go in; a status, a reply and a claim come out. It allocates
 * nothing, logs nothing and calls nobody back. One request of a connection at a
 * time may use its acceptor; other connections' are independent.
 */
#ifndef NTLM_ACCEPTOR_H
#define NTLM_ACCEPTOR_H

#include "checks.h"

typedef enum ntlm_state_t { NTLM_FRESH, NTLM_CHALLENGED, NTLM_CLAIMED, NTLM_PROVEN } ntlm_state_t;

/* All zeros is a valid, fresh acceptor. */
typedef struct ntlm_acceptor_t {
    ntlm_state_t state;
    bool spent;                  /* a challenge of this connection was spent */
    ntlm_handshake_t *handshake; /* the caller's memory; NULL unless CHALLENGED or CLAIMED */
} ntlm_acceptor_t;

/* One message and what goes with it. */
typedef struct ntlm_input_t {
    bytes_t token;          /* an NTLM message, decoded */
    int64_t now;            /* what MsvAvTimestamp will say: microseconds since 1970-01-01 UTC */
    int64_t ticks;          /* what ages are measured by: microseconds of a clock never set */
    const uint8_t *nonce;   /* for a challenge: NTLM_CHALLENGE_LEN bytes of a CSPRNG */
    ntlm_handshake_t *room; /* for a challenge, with messages for ntlm_messages_len(): memory
                               that stays until the handshake ends */
} ntlm_input_t;

/* Takes a message; it looks at neither nonce nor room. NTLM_NEED_NONCE: a good Type 1, what
 * was before is forgotten; fill in both, then call ntlm_challenge() with the same input.
 * NTLM_NEED_KEY: look up the account that claim names, then call ntlm_prove()
 * with the same claim while the token's bytes still live. Anything else: the
 * message is refused. claim is filled as far as the message could be read. */
ntlm_status_t ntlm_accept(ntlm_acceptor_t *acceptor, const ntlm_policy_t *policy,
                          const ntlm_input_t *input, ntlm_claim_t *claim);

/* How many bytes the messages of a handshake take that begins with this Type 1. */
size_t ntlm_messages_len(const ntlm_policy_t *policy, bytes_t type1);

/* Answers a Type 1. NTLM_CHALLENGE_SENT: ntlm_reply() is the Type 2 to send. Anything else: it
 * is refused, and claim->detail says why. */
ntlm_status_t ntlm_challenge(ntlm_acceptor_t *acceptor, const ntlm_policy_t *policy,
                             const ntlm_input_t *input, ntlm_claim_t *claim);

/* What an open claim answers: the NTLM_CHALLENGE_LEN bytes of the nonce, which live until the
 * claim is decided. */
const uint8_t *ntlm_nonce(const ntlm_acceptor_t *acceptor);

/* NTLM_OK, or why an open claim will be refused whatever its key is: somebody who counts what he is
 * asked need not be. The claim stays open. */
ntlm_status_t ntlm_fitness(const ntlm_acceptor_t *acceptor, const ntlm_policy_t *policy,
                           ntlm_claim_t *claim);

/* Decides about the claim, and ends the handshake. key NULL: nobody knows the
 * account; it costs the same and fails. Keys are wiped from the claim, except
 * exported_session_key after NTLM_OK. */
ntlm_status_t ntlm_prove(ntlm_acceptor_t *acceptor, const ntlm_policy_t *policy,
                         ntlm_claim_t *claim, const ntlm_key_t *key);

/* As ntlm_prove(), but what a newer key might mend (the proof fails, nobody knows the
 * account, or its state forbids the login) gives NTLM_NEED_KEY and leaves the claim
 * open: the key came from somebody's memory; look the account up at its source,
 * then call ntlm_prove(). */
ntlm_status_t ntlm_try(ntlm_acceptor_t *acceptor, const ntlm_policy_t *policy, ntlm_claim_t *claim,
                       const ntlm_key_t *key);

/* The Type 2 of the outstanding challenge; empty if there is none. */
bytes_t ntlm_reply(const ntlm_acceptor_t *acceptor);

/* A request without a token came: an outstanding challenge is withdrawn. True while a login
 * stands. */
bool ntlm_no_token(ntlm_acceptor_t *acceptor);

/* Back to FRESH: the login, the challenge and the claim are forgotten. */
void ntlm_forget(ntlm_acceptor_t *acceptor);

/* For recorded handshakes: an acceptor that stands where the recorded one stood
 * after it had sent type2. room: as for a challenge, with messages for both. Gives NULL, or
 * (static text) what is wrong with them. */
const char *ntlm_resume(ntlm_acceptor_t *acceptor, ntlm_handshake_t *room, bytes_t type1,
                        bytes_t type2, int64_t ticks);

#endif
