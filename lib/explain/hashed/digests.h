/* digests.h - hashes that NTLM does not use, and that clients use in its place; text as clients
 * change it. With crypto.c of the core the only place here that sees OpenSSL, and the only one that
 * sees libunistring.
 *
 * What fails (no memory) leaves nothing written: a digest of length 0.
 */
#ifndef NTLM_DIGESTS_H
#define NTLM_DIGESTS_H

#include "../../ntlm/wire.h"

typedef enum digest_kind_t {
    DIGEST_MD5,
    DIGEST_SHA1,
    DIGEST_SHA256,
    DIGEST_SHA384,
    DIGEST_SHA512,
    DIGEST_KINDS
} digest_kind_t;

enum { DIGEST_MAX = 64 };

/* Of the parts, one after the other; gives its length. */
size_t digest_of(digest_kind_t kind, const bytes_t *parts, size_t count, uint8_t out[DIGEST_MAX]);

/* HMAC (RFC 2104) with a key of any length. */
size_t digest_hmac(digest_kind_t kind, bytes_t key, const bytes_t *parts, size_t count,
                   uint8_t out[DIGEST_MAX]);

/* Appends UTF-8 in Unicode's normal form D, or lower-cased, or upper-cased, by rules of no
 * language. */
bool digest_write_nfd(writer_t *out, bytes_t utf8);
bool digest_write_lower(writer_t *out, bytes_t utf8);
bool digest_write_upper(writer_t *out, bytes_t utf8);

/* The same for UTF-16LE, unit by unit. */
void digest_write_lower_utf16(writer_t *out, bytes_t utf16);
void digest_write_utf16be(writer_t *out, bytes_t utf16); /* big endian */

/* Appends base64 (RFC 4648 4), with a line break behind each line_len characters; 0: none. */
void digest_write_base64(writer_t *out, bytes_t bytes, size_t line_len);

/* Appends a certificate, DER, as PEM (RFC 7468 5). */
void digest_write_pem(writer_t *out, bytes_t der);

#endif
