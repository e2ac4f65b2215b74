#include "mac.h"

#include <string.h>

#include "../crypto.h"

enum { CHECKSUM_AT = 4, CHECKSUM_LEN = 8, SEQ_NUM_LEN = 4 };

/* The texts of MS-NLMP 3.4.5.2 and 3.4.5.3, of which their NULs are a part. */
static const char sign_client[] = "session key to client-to-server signing key magic constant";
static const char sign_server[] = "session key to server-to-client signing key magic constant";
static const char seal_client[] = "session key to client-to-server sealing key magic constant";
static const char seal_server[] = "session key to server-to-client sealing key magic constant";

/* SIGNKEY and SEALKEY: MD5(the key's first bytes || text). */
static bool derive(const uint8_t key[NTLM_KEY_LEN], size_t len, const char *text,
                   uint8_t derived[NTLM_KEY_LEN])
{
    uint8_t input[NTLM_KEY_LEN + sizeof sign_client];
    writer_t out = writer_to(input, sizeof input);
    write_bytes(&out, (bytes_t){key, len});
    write_bytes(&out, (bytes_t){(const uint8_t *)text, sizeof sign_client});
    bool ok = md5(written(&out), derived);
    secret_wipe(input, sizeof input);
    return ok;
}

static size_t sealing_len(uint32_t flags)
{
    if (flags & NTLMSSP_NEGOTIATE_128) return NTLM_KEY_LEN;
    return flags & NTLMSSP_NEGOTIATE_56 ? 7 : 5;
}

/* HMAC_MD5(SIGNKEY, SeqNum || message); the first eight bytes count. */
static bool checksum(const uint8_t key[NTLM_KEY_LEN], bool from_client, bytes_t message,
                     uint8_t sum[16])
{
    static const uint8_t seq_num[SEQ_NUM_LEN] = {0};
    uint8_t sign[NTLM_KEY_LEN];
    const bytes_t parts[] = {{seq_num, sizeof seq_num}, message};
    bool ok = derive(key, NTLM_KEY_LEN, from_client ? sign_client : sign_server, sign) &&
              hmac_md5(sign, parts, 2, sum);
    secret_wipe(sign, sizeof sign);
    return ok;
}

static bool encrypt(const uint8_t key[NTLM_KEY_LEN], uint32_t flags, bool from_client,
                    uint8_t sum[16])
{
    uint8_t seal[NTLM_KEY_LEN], plain[16];
    memcpy(plain, sum, sizeof plain);
    bool ok = derive(key, sealing_len(flags), from_client ? seal_client : seal_server, seal) &&
              rc4(seal, plain, sum);
    secret_wipe(seal, sizeof seal);
    secret_wipe(plain, sizeof plain);
    return ok;
}

/* NTLMSSP_MESSAGE_SIGNATURE, MS-NLMP 2.2.2.9.2: Version, Checksum, SeqNum. */
bool message_mac(const uint8_t exported_session_key[NTLM_KEY_LEN], uint32_t flags, bool from_client,
                 bytes_t message, uint8_t mac[NTLM_MAC_LEN])
{
    uint8_t sum[16];
    memset(mac, 0, NTLM_MAC_LEN);
    bool ok = checksum(exported_session_key, from_client, message, sum);
    if (ok && (flags & NTLMSSP_NEGOTIATE_KEY_EXCH))
        ok = encrypt(exported_session_key, flags, from_client, sum);
    if (ok) {
        mac[0] = 1;
        memcpy(mac + CHECKSUM_AT, sum, CHECKSUM_LEN);
    }
    secret_wipe(sum, sizeof sum);
    return ok;
}
