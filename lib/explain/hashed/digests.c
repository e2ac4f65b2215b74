#include "digests.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <unicase.h>
#include <uninorm.h>

/* ---- hashes ---- */

static const EVP_MD *algorithm(digest_kind_t kind)
{
    switch (kind) {
    case DIGEST_MD5: return EVP_md5();
    case DIGEST_SHA1: return EVP_sha1();
    case DIGEST_SHA256: return EVP_sha256();
    case DIGEST_SHA384: return EVP_sha384();
    default: return EVP_sha512();
    }
}

size_t digest_of(digest_kind_t kind, const bytes_t *parts, size_t count, uint8_t out[DIGEST_MAX])
{
    unsigned len = 0;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool ok = context && EVP_DigestInit_ex(context, algorithm(kind), NULL);
    for (size_t i = 0; ok && i < count; i++)
        ok = EVP_DigestUpdate(context, parts[i].data, parts[i].len);
    ok = ok && EVP_DigestFinal_ex(context, out, &len);
    EVP_MD_CTX_free(context);
    return ok ? len : 0;
}

size_t digest_hmac(digest_kind_t kind, bytes_t key, const bytes_t *parts, size_t count,
                   uint8_t out[DIGEST_MAX])
{
    unsigned len = 0;
    size_t whole_len = 0;
    for (size_t i = 0; i < count; i++) whole_len += parts[i].len;
    uint8_t *whole = malloc(whole_len + 1), *at = whole;
    if (!whole) return 0;
    for (size_t i = 0; i < count; at += parts[i++].len) memcpy(at, parts[i].data, parts[i].len);
    if (!HMAC(algorithm(kind), key.data, (int)key.len, whole, whole_len, out, &len)) len = 0;
    free(whole);
    return len;
}

/* ---- text ---- */

static bool take_over(writer_t *out, uint8_t *text, size_t len)
{
    if (!text) return false;
    write_bytes(out, len > 0 ? (bytes_t){text, len} : bytes_none());
    free(text);
    return !out->overflow;
}

bool digest_write_nfd(writer_t *out, bytes_t utf8)
{
    size_t len = 0;
    uint8_t *text = u8_normalize(UNINORM_NFD, utf8.data, utf8.len, NULL, &len);
    return take_over(out, text, len);
}

bool digest_write_lower(writer_t *out, bytes_t utf8)
{
    size_t len = 0;
    uint8_t *text = u8_tolower(utf8.data, utf8.len, NULL, NULL, NULL, &len);
    return take_over(out, text, len);
}

bool digest_write_upper(writer_t *out, bytes_t utf8)
{
    size_t len = 0;
    uint8_t *text = u8_toupper(utf8.data, utf8.len, NULL, NULL, NULL, &len);
    return take_over(out, text, len);
}

void digest_write_lower_utf16(writer_t *out, bytes_t utf16)
{
    for (reader_t in = reader_over(utf16); in.at + 1 < utf16.len;) {
        const uint16_t unit = read_u16(&in);
        const ucs4_t lower = uc_tolower(unit);
        write_u16(out, lower <= 0xFFFF ? (uint16_t)lower : unit);
    }
}

void digest_write_utf16be(writer_t *out, bytes_t utf16)
{
    for (reader_t in = reader_over(utf16); in.at + 1 < utf16.len;) {
        const uint16_t unit = read_u16(&in);
        write_u16(out, (uint16_t)(unit << 8 | unit >> 8));
    }
}

void digest_write_base64(writer_t *out, bytes_t bytes, size_t line_len)
{
    static const uint8_t line_break[] = {'\n'};
    const size_t step = line_len ? line_len / 4 * 3 : bytes.len;
    for (size_t at = 0; at < bytes.len; at += step) {
        unsigned char room[128];
        for (size_t done = 0; done < step && at + done < bytes.len; done += 48) {
            bytes_t part = bytes_from(bytes, at + done);
            if (part.len > step - done) part.len = step - done;
            if (part.len > 48) part.len = 48;
            const int len = EVP_EncodeBlock(room, part.data, (int)part.len);
            write_bytes(out, (bytes_t){room, (size_t)len});
        }
        if (line_len) write_bytes(out, (bytes_t){line_break, sizeof line_break});
    }
}

void digest_write_pem(writer_t *out, bytes_t der)
{
    write_bytes(out, bytes_of("-----BEGIN CERTIFICATE-----\n"));
    digest_write_base64(out, der, 64);
    write_bytes(out, bytes_of("-----END CERTIFICATE-----\n"));
}
