#include "hashed_certificate.h"

#include <stdio.h>

#include "../../ntlm/flags.h"

enum {
    SHA1 = 1,
    MD5,
    SHA256,
    SHA384,
    SHA512,
    HEX_LOWER,
    HEX_UPPER,
    HEX_COLONS,
    BASE64,
    PEM,
    TWICE,
    NOT_HASHED,
    HASH_CUT
};

const remark_row_t binding_hash_remarks[] = {
    [SHA1 - 1] = {.id = "binding-sha1",
                  .kind = REMARK_CAUSE,
                  .sentence = "the certificate was hashed by SHA-1",
                  .source = "RFC 5929 4.1"},
    [MD5 - 1] = {.id = "binding-md5",
                 .kind = REMARK_CAUSE,
                 .sentence = "the certificate was hashed by MD5",
                 .source = "RFC 5929 4.1"},
    [SHA256 - 1] = {.id = "binding-sha256",
                    .kind = REMARK_CAUSE,
                    .sentence =
                        "the certificate was hashed by SHA-256, not by the digest of its signature",
                    .source = "RFC 5929 4.1"},
    [SHA384 - 1] = {.id = "binding-sha384",
                    .kind = REMARK_CAUSE,
                    .sentence = "the certificate was hashed by SHA-384",
                    .source = "RFC 5929 4.1"},
    [SHA512 - 1] = {.id = "binding-sha512",
                    .kind = REMARK_CAUSE,
                    .sentence = "the certificate was hashed by SHA-512",
                    .source = "RFC 5929 4.1"},
    [HEX_LOWER - 1] = {.id = "binding-hex",
                       .kind = REMARK_CAUSE,
                       .sentence = "hex digits of the certificate's hash were taken, not its bytes",
                       .source = "RFC 5929 4.1"},
    [HEX_UPPER -
        1] = {.id = "binding-hex-upper",
              .kind = REMARK_CAUSE,
              .sentence =
                  "hex digits in upper case of the certificate's hash were taken, not its bytes",
              .source = "RFC 5929 4.1"},
    [HEX_COLONS -
        1] = {.id = "binding-hex-colons",
              .kind = REMARK_CAUSE,
              .sentence =
                  "hex digits with colons of the certificate's hash were taken, not its bytes",
              .source = "RFC 5929 4.1"},
    [BASE64 - 1] = {.id = "binding-base64",
                    .kind = REMARK_CAUSE,
                    .sentence = "base64 of the certificate's hash was taken, not its bytes",
                    .source = "RFC 5929 4.1"},
    [PEM - 1] = {.id = "binding-pem",
                 .kind = REMARK_CAUSE,
                 .sentence = "the PEM of the certificate was hashed, not its DER",
                 .source = "RFC 5929 4.1"},
    [TWICE - 1] = {.id = "binding-hash-twice",
                   .kind = REMARK_CAUSE,
                   .sentence = "the certificate's hash was hashed once more",
                   .source = "RFC 5929 4.1"},
    [NOT_HASHED - 1] = {.id = "binding-not-hashed",
                        .kind = REMARK_CAUSE,
                        .sentence = "the certificate itself was taken, not its hash",
                        .source = "RFC 5929 4.1"},
    [HASH_CUT - 1] = {.id = "binding-hash-cut",
                      .kind = REMARK_CAUSE,
                      .sentence = "the certificate's hash was cut to 16 bytes before it was taken",
                      .source = "RFC 5929 4.1"},
    {.id = NULL},
};

/* The digest that RFC 5929 asks for; others by their way. */
static digest_kind_t kind_of(const guessed_certificate_t *guessed)
{
    switch (guessed->way) {
    case SHA1: return DIGEST_SHA1;
    case MD5: return DIGEST_MD5;
    case SHA256: return DIGEST_SHA256;
    case SHA384: return DIGEST_SHA384;
    case SHA512: return DIGEST_SHA512;
    default: return guessed->right;
    }
}

/* colons: one between two bytes. */
static void write_hex(writer_t *out, bytes_t bytes, bool upper, bool colons)
{
    char digits[4];
    for (size_t i = 0; i < bytes.len; i++) {
        snprintf(digits, sizeof digits, upper ? "%02X" : "%02x", bytes.data[i]);
        if (colons && i > 0) write_bytes(out, bytes_of(":"));
        write_bytes(out, bytes_of(digits));
    }
}

bool hashed_certificate(writer_t *out, const guessed_certificate_t *guessed)
{
    uint8_t pem_room[CERTIFICATE_MAX], digest[DIGEST_MAX], again[DIGEST_MAX];
    writer_t pem = writer_to(pem_room, sizeof pem_room);
    const unsigned way = guessed->way;
    bytes_t hashed = guessed->der, hash = {digest, 0};
    if (way == PEM) {
        digest_write_pem(&pem, hashed);
        hashed = written(&pem);
    }
    hash.len = digest_of(kind_of(guessed), &hashed, 1, digest);
    if (hash.len == 0) return false;
    switch (way) {
    case HEX_LOWER: write_hex(out, hash, false, false); break;
    case HEX_UPPER: write_hex(out, hash, true, false); break;
    case HEX_COLONS: write_hex(out, hash, true, true); break;
    case BASE64: digest_write_base64(out, hash, 0); break;
    case NOT_HASHED: write_bytes(out, guessed->der); break;
    case HASH_CUT: write_bytes(out, (bytes_t){digest, NTLM_BINDING_LEN}); break;
    case TWICE:
        write_bytes(out, (bytes_t){again, digest_of(kind_of(guessed), &hash, 1, again)});
        break;
    default: write_bytes(out, hash); break;
    }
    return !pem.overflow;
}
