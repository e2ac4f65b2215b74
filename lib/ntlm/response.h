/* response.h - what an NTLMv2 response is computed from (MS-NLMP 3.3.2, 3.4.5).
 *
 * Every function gives false when the crypto failed; its result is then zeros.
 */
#ifndef NTLM_RESPONSE_H
#define NTLM_RESPONSE_H

#include "message.h"

/* NTOWFv1: the NT hash of a password given as UTF-16LE. */
bool ntowfv1(bytes_t password, uint8_t nt_hash[NTLM_KEY_LEN]);

/* NTOWFv2 = HMAC_MD5(NT hash, Upper(User) || Domain). name: those two, already
 * upper-cased and joined, UTF-16LE. */
bool ntowfv2(const uint8_t nt_hash[NTLM_KEY_LEN], bytes_t name, uint8_t key[NTLM_KEY_LEN]);

/* NTProofStr = HMAC_MD5(NTOWFv2, ServerChallenge || temp). */
bool nt_proof(const uint8_t ntowfv2_key[NTLM_KEY_LEN], const uint8_t challenge[NTLM_CHALLENGE_LEN],
              bytes_t temp, uint8_t proof[NTLM_PROOF_LEN]);

/* SessionBaseKey = HMAC_MD5(NTOWFv2, NTProofStr); NTLMv2's KeyExchangeKey is the same. */
bool session_base_key(const uint8_t ntowfv2_key[NTLM_KEY_LEN], bytes_t proof,
                      uint8_t key[NTLM_KEY_LEN]);

/* ExportedSessionKey: RC4(KeyExchangeKey, encrypted) when a key was exchanged
 * and is 16 bytes long, else the KeyExchangeKey itself. */
bool exported_session_key(const uint8_t key_exchange_key[NTLM_KEY_LEN], bool exchanged,
                          bytes_t encrypted, uint8_t key[NTLM_KEY_LEN]);

/* MIC = HMAC_MD5(ExportedSessionKey, Type 1 || Type 2 || Type 3 with the MIC's
 * 16 bytes, at mic_offset, zeroed). */
bool message_mic(const uint8_t key[NTLM_KEY_LEN], const bytes_t messages[3], size_t mic_offset,
                 uint8_t mic[NTLM_MIC_LEN]);

/* The value of MsvAvChannelBindings for unhashed application data ("tls-server-
 * end-point:" and the certificate's hash): MD5 over a gss_channel_bindings_struct
 * (RFC 2744 3.11) without addresses. */
bool channel_binding(bytes_t application_data, uint8_t binding[NTLM_BINDING_LEN]);

#endif
