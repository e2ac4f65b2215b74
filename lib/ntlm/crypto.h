/* crypto.h - the hashes and ciphers of NTLM, and the handling of secrets.
 *
 * crypto.c is the only file that sees OpenSSL. MD4 and RC4 live in OpenSSL 3's
 * legacy provider, which is loaded into a private library context: nothing of
 * it is visible to other users of OpenSSL in the same process.
 *
 * crypto_open() is called once per process before anything else here, and
 * before children are forked; the children inherit what it made. All other
 * functions may then be called by several threads at once; hmac_md5() keeps a context of
 * OpenSSL's for each thread, until that ends. Those that compute
 * give false when OpenSSL fails (out of memory): the result is then zeros.
 */
#ifndef NTLM_CRYPTO_H
#define NTLM_CRYPTO_H

#include "flags.h"
#include "wire.h"

/* Opens the crypto; a second call is a no-op. Gives NULL, or (static text) a
 * sentence that says what is missing and what to install. */
const char *crypto_open(void);
void crypto_close(void);

bool md4(bytes_t in, uint8_t digest[16]);
bool md5(bytes_t in, uint8_t digest[16]);

/* HMAC-MD5 (RFC 2104) over the parts, one after the other. */
bool hmac_md5(const uint8_t key[NTLM_KEY_LEN], const bytes_t *parts, size_t count,
              uint8_t digest[16]);

/* RC4 of one 16-byte block from the start of the key stream. */
bool rc4(const uint8_t key[NTLM_KEY_LEN], const uint8_t in[16], uint8_t out[16]);

enum { CERTIFICATE_HASH_MAX = 64 };

/* The hash of a certificate (the first one in this PEM text) for the channel binding
 * tls-server-end-point (RFC 5929 4.1): by the digest of its signature algorithm, but
 * SHA-256 for MD5, SHA-1 and for algorithms without one digest of their own (Ed25519).
 * Gives its length; 0 if there is no certificate. */
size_t certificate_hash(bytes_t pem, uint8_t hash[CERTIFICATE_HASH_MAX]);

/* Compares in a time that does not depend on the content. */
bool secret_equal(const uint8_t *a, const uint8_t *b, size_t len)
    __attribute__((warn_unused_result));

/* For a function that copies secrets: registers keep no copy when it returns. Who binds a function
 * of a library late, for one, saves them all on the stack, where nobody wipes them. */
#ifdef __has_attribute
#if __has_attribute(zero_call_used_regs)
#define SECRET_IN_NO_REGISTER __attribute__((zero_call_used_regs("used")))
#endif
#endif
#ifndef SECRET_IN_NO_REGISTER
#define SECRET_IN_NO_REGISTER
#endif

/* Zeroes memory in a way that the compiler keeps. */
void secret_wipe(void *secret, size_t len);

#endif
