/* answer.h - the client's side of NTLMv2: the response that answers a challenge.
 *
 * For who has a password, or its NT hash, and is no client: this server when a password came by
 * Basic, and the clients of tests.
 */
#ifndef NTLM_ANSWER_H
#define NTLM_ANSWER_H

#include "../message.h"
#include "../name.h"

/* UTF-16 units of user and domain together, and what stands between them where both are typed. */
enum { ANSWER_NAMES_MAX = NTLM_DOMAIN_MAX + 1 + NTLM_USER_MAX };

/* NTOWFv2 (MS-NLMP 3.3.2) of the names as they are sent, UTF-16LE: the user's in the upper case of
 * Windows 7 and later, the domain's as it is. False when the crypto failed or the names are longer
 * than that; the key is zeros then. */
bool answer_key(const uint8_t nt_hash[NTLM_KEY_LEN], bytes_t user, bytes_t domain,
                uint8_t key[NTLM_KEY_LEN]);

/* What a response says beside the proof (NTLMv2_CLIENT_CHALLENGE, MS-NLMP 2.2.2.7). */
typedef struct answer_t {
    uint64_t timestamp; /* FILETIME; where the challenge has a MsvAvTimestamp, that */
    uint64_t challenge; /* the client's own */
    bytes_t pairs;      /* the AV pairs of the challenge, and the client's; with a MsvAvEOL */
} answer_t;

/* Appends the NTLMv2_RESPONSE (MS-NLMP 2.2.2.8) to the server's challenge, under a key of
 * answer_key(). False when the crypto failed or there is no room: nothing that is a proof stands
 * there then. */
bool answer_write(writer_t *out, const uint8_t key[NTLM_KEY_LEN],
                  const uint8_t challenge[NTLM_CHALLENGE_LEN], const answer_t *answer);

#endif
