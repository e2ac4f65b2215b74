/* mac.h - the signature that NTLM puts under a message (MS-NLMP 3.4.4.2), for the mechListMIC.
 */
#ifndef NTLM_MAC_H
#define NTLM_MAC_H

#include "../flags.h"
#include "../wire.h"

enum { NTLM_MAC_LEN = 16 };

/* That of the first message in its direction (SeqNum 0), with extended session security, which
 * our challenges demand. flags: the negotiated ones (claim->flags). They say how much of the key
 * seals (NTLMSSP_NEGOTIATE_128 and _56, MS-NLMP 3.4.5.3) and whether the checksum is encrypted
 * (NTLMSSP_NEGOTIATE_KEY_EXCH). False when the crypto failed: mac is then zeros. */
bool message_mac(const uint8_t exported_session_key[NTLM_KEY_LEN], uint32_t flags, bool from_client,
                 bytes_t message, uint8_t mac[NTLM_MAC_LEN]) __attribute__((warn_unused_result));

#endif
