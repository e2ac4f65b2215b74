/* message.h - the three messages and the NTLMv2 response, as MS-NLMP lays them out.
 *
 * Parsing gives NULL, or (static text) what breaks the rules. The parsed
 * structures borrow the bytes of the message: they live as long as it does.
 */
#ifndef NTLM_MESSAGE_H
#define NTLM_MESSAGE_H

#include "avpairs.h"
#include "flags.h"
#include "wire.h"

/* The Type 1 is kept, before anybody is authenticated, until the handshake
 * ends: what is longer than this is refused. Real ones have 16 to 60 bytes. */
enum { NTLM_TYPE1_MAX = 2048 };

/* Whether it begins with the signature, as every message does. */
bool message_is_ntlm(bytes_t message);

/* 1, 2 or 3; 0 for bytes that are no NTLM message at all. */
uint32_t message_type(bytes_t message);

/* NEGOTIATE_MESSAGE, MS-NLMP 2.2.1.1. The names in it are not used: nothing
 * vouches for them, and clients leave anything there. */
typedef struct type1_t {
    uint32_t flags;
} type1_t;

const char *type1_parse(bytes_t message, type1_t *type1);

/* CHALLENGE_MESSAGE, MS-NLMP 2.2.1.2. */
typedef struct type2_t {
    uint32_t flags;
    uint8_t challenge[NTLM_CHALLENGE_LEN];
    bytes_t target_name; /* UTF-16LE, or OEM bytes without NTLMSSP_NEGOTIATE_UNICODE */
    bytes_t target_info; /* AV pairs with their MsvAvEOL */
    av_values_t said;    /* in them; not written by type2_write() */
} type2_t;

/* Writes the message with its payload at 56 (curl refuses less than 48). */
void type2_write(writer_t *out, const type2_t *type2);
const char *type2_parse(bytes_t message, type2_t *type2);

/* AUTHENTICATE_MESSAGE, MS-NLMP 2.2.1.3. */
typedef struct type3_t {
    bytes_t message;                   /* all of it */
    size_t payload;                    /* where the first non-empty field begins: 64 or more */
    bytes_t lm, nt;                    /* the responses */
    bytes_t domain, user, workstation; /* encoded as the CHALLENGE's flags say */
    bytes_t session_key;               /* EncryptedRandomSessionKey */
    uint32_t flags;
} type3_t;

const char *type3_parse(bytes_t message, type3_t *type3);

/* Writes the message, with neither a Version nor a MIC; its payload begins at 64. */
void type3_write(writer_t *out, const type3_t *type3);

/* Where the 16 bytes of the MIC are, by the layouts that exist: 72 behind a
 * Version, 64 without one (old gss-ntlmssp); 0 if there is no room for it. */
size_t type3_mic_offset(const type3_t *type3);

/* NTLMv2_RESPONSE and NTLMv2_CLIENT_CHALLENGE, MS-NLMP 2.2.2.7 and 2.2.2.8. */
typedef struct ntlmv2_response_t {
    bytes_t proof;    /* NTProofStr, 16 bytes */
    bytes_t temp;     /* everything after it, exactly as received */
    bytes_t pairs;    /* AV pairs, passed by avpairs_read(), and what follows them */
    av_values_t said; /* in them */
} ntlmv2_response_t;

const char *ntlmv2_response_parse(bytes_t nt, ntlmv2_response_t *response);

#endif
