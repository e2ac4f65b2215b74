#include "response.h"

#include <string.h>

#include "crypto.h"

bool ntowfv1(bytes_t password, uint8_t nt_hash[NTLM_KEY_LEN])
{
    return md4(password, nt_hash);
}

bool ntowfv2(const uint8_t nt_hash[NTLM_KEY_LEN], bytes_t name, uint8_t key[NTLM_KEY_LEN])
{
    return hmac_md5(nt_hash, &name, 1, key);
}

bool nt_proof(const uint8_t ntowfv2_key[NTLM_KEY_LEN], const uint8_t challenge[NTLM_CHALLENGE_LEN],
              bytes_t temp, uint8_t proof[NTLM_PROOF_LEN])
{
    const bytes_t parts[] = {{challenge, NTLM_CHALLENGE_LEN}, temp};
    return hmac_md5(ntowfv2_key, parts, 2, proof);
}

bool session_base_key(const uint8_t ntowfv2_key[NTLM_KEY_LEN], bytes_t proof,
                      uint8_t key[NTLM_KEY_LEN])
{
    return hmac_md5(ntowfv2_key, &proof, 1, key);
}

bool exported_session_key(const uint8_t key_exchange_key[NTLM_KEY_LEN], bool exchanged,
                          bytes_t encrypted, uint8_t key[NTLM_KEY_LEN])
{
    if (exchanged && encrypted.len == NTLM_KEY_LEN)
        return rc4(key_exchange_key, encrypted.data, key);
    memcpy(key, key_exchange_key, NTLM_KEY_LEN);
    return true;
}

bool message_mic(const uint8_t key[NTLM_KEY_LEN], const bytes_t messages[3], size_t mic_offset,
                 uint8_t mic[NTLM_MIC_LEN])
{
    static const uint8_t zeros[NTLM_MIC_LEN] = {0};
    const bytes_t parts[] = {messages[0],
                             messages[1],
                             {messages[2].data, mic_offset},
                             {zeros, NTLM_MIC_LEN},
                             bytes_from(messages[2], mic_offset + NTLM_MIC_LEN)};
    return hmac_md5(key, parts, 5, mic);
}

bool channel_binding(bytes_t application_data, uint8_t binding[NTLM_BINDING_LEN])
{
    enum { ADDRESSES_LEN = 4 * sizeof(uint32_t), APPLICATION_DATA_MAX = 256 };
    uint8_t structure[ADDRESSES_LEN + sizeof(uint32_t) + APPLICATION_DATA_MAX] = {0};
    writer_t out = writer_to(structure, sizeof structure);
    memset(binding, 0, NTLM_BINDING_LEN);
    out.len = ADDRESSES_LEN;
    write_u32(&out, (uint32_t)application_data.len);
    write_bytes(&out, application_data);
    return !out.overflow && md5(written(&out), binding);
}
