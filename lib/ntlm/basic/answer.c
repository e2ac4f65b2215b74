#include "answer.h"

#include <string.h>

#include "../crypto.h"
#include "../response.h"
#include "../unicode.h"

bool answer_key(const uint8_t nt_hash[NTLM_KEY_LEN], bytes_t user, bytes_t domain,
                uint8_t key[NTLM_KEY_LEN])
{
    uint8_t name[2 * ANSWER_NAMES_MAX];
    writer_t out = writer_to(name, sizeof name);
    unicode_write_upper(&out, user, UNICODE_UPPER_WINDOWS7);
    write_bytes(&out, domain);
    if (!out.overflow) return ntowfv2(nt_hash, written(&out), key);
    memset(key, 0, NTLM_KEY_LEN);
    return false;
}

/* The proof stands before what it covers. */
bool answer_write(writer_t *out, const uint8_t key[NTLM_KEY_LEN],
                  const uint8_t challenge[NTLM_CHALLENGE_LEN], const answer_t *answer)
{
    static const uint8_t no_proof[NTLM_PROOF_LEN];
    const size_t proof = out->len;
    write_bytes(out, (bytes_t){no_proof, sizeof no_proof});
    write_u64(out, 0x0101); /* RespType, HiRespType, Reserved1, Reserved2 */
    write_u64(out, answer->timestamp);
    write_u64(out, answer->challenge);
    write_u32(out, 0); /* Reserved3 */
    write_bytes(out, answer->pairs);
    write_u32(out, 0);
    if (out->overflow) return false;
    const bytes_t temp = bytes_from(written(out), proof + NTLM_PROOF_LEN);
    return nt_proof(key, challenge, temp, out->data + proof);
}
