/* checks.h - the rules that a Type 3 must pass, in the order in which they decide.
 *
 * One table, one function a rule. Those that need nothing but the message and its challenge run
 * before the account is looked up; the others need its key. The first one that fails gives
 * the status.
 */
#ifndef NTLM_CHECKS_H
#define NTLM_CHECKS_H

#include "demands.h"

/* The longest CHALLENGE: its header, and six names of NTLM_DOMAIN_MAX at the most; and the messages
 * of any handshake. Usual ones have 200 to 400 bytes together. */
enum { NTLM_TYPE2_MAX = 3200, NTLM_MESSAGES_MAX = NTLM_TYPE1_MAX + NTLM_TYPE2_MAX };

/* One handshake: made with the challenge, gone (and wiped) when it is spent. */
typedef struct ntlm_handshake_t {
    int64_t issued;    /* when, in ticks (acceptor.h) */
    type2_t type2;     /* borrows messages */
    size_t type1_len;  /* of messages, the first bytes */
    writer_t messages; /* into the caller's memory: the Type 1 as received, then the Type 2 as
                          sent; the MIC covers them */
} ntlm_handshake_t;

/* The account as its source knows it: its hash, or the verdict of somebody who has it, as a
 * domain controller. The caller wipes both keys. */
typedef struct ntlm_key_t {
    uint8_t nt_hash[NTLM_KEY_LEN];          /* password equivalent */
    uint8_t session_base_key[NTLM_KEY_LEN]; /* of this response, if it is */
    bool verified;                          /* found right by somebody else: nt_hash says nothing */
    ntlm_status_t state;                    /* NTLM_OK, or why the account may not log in */
} ntlm_key_t;

typedef struct ntlm_check_t {
    const char *name;     /* lower case, dashes, stable: what ntlmdump calls it */
    const char *sentence; /* what holds when it is passed; for people, without a full stop */
    ntlm_status_t (*holds)(ntlm_claim_t *claim, const ntlm_evidence_t *evidence);
    bool needs_key;
    /* Of one that needs it: what can be said without, before somebody who has the key is asked. */
    ntlm_status_t (*beforehand)(ntlm_claim_t *claim, const ntlm_evidence_t *evidence);
} ntlm_check_t;

/* All of them, in their order; behind the last one stands a row without a name. The claim's
 * check points to the row that spoke last. */
extern const ntlm_check_t ntlm_checks[];

/* Runs those that need the key, or those that do not: they see the evidence's handshake alone.
 * Without a key in it the same work is done with a decoy, and fails with NTLM_NO_SUCH_USER. */
ntlm_status_t run_checks(ntlm_claim_t *claim, const ntlm_evidence_t *evidence, bool with_key);

/* What can be said of a well-formed claim without its key, by all those that will need it: the
 * evidence's handshake and policy are asked. */
ntlm_status_t run_checks_beforehand(ntlm_claim_t *claim, const ntlm_evidence_t *evidence);

#endif
