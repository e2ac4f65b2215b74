#include "crypto.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/x509.h>

/* Written by crypto_open() before the children fork, read-only afterwards. */
static struct {
    OSSL_LIB_CTX *lib;
    OSSL_PROVIDER *base, *legacy;
    EVP_MD *md4, *md5;
    EVP_CIPHER *rc4;
    CRYPTO_THREAD_LOCAL digests; /* an EVP_MD_CTX for each thread that needed one */
    bool open;
} ossl;

static void free_digest(void *digest)
{
    EVP_MD_CTX_free(digest);
}

static bool begin_md5(EVP_MD_CTX *digest)
{
    return EVP_DigestInit_ex2(digest, ossl.md5, NULL) == 1;
}

/* Has begun an MD5. A new one for each hash would cost as much as what it hashes. */
static EVP_MD_CTX *digest_of_thread(void)
{
    EVP_MD_CTX *digest = ossl.open ? CRYPTO_THREAD_get_local(&ossl.digests) : NULL;
    if (digest || !ossl.open) return digest;
    digest = EVP_MD_CTX_new();
    if (digest && begin_md5(digest) && CRYPTO_THREAD_set_local(&ossl.digests, digest) == 1)
        return digest;
    EVP_MD_CTX_free(digest);
    return NULL;
}

static const char *open_all(void)
{
    ossl.lib = OSSL_LIB_CTX_new();
    if (!ossl.lib) return "OpenSSL: out of memory";
    ossl.base = OSSL_PROVIDER_load(ossl.lib, "default");
    if (!ossl.base) return "OpenSSL's default provider cannot be loaded";
    ossl.legacy = OSSL_PROVIDER_load(ossl.lib, "legacy");
    if (!ossl.legacy)
        return "OpenSSL's legacy provider (legacy.so, for MD4 and RC4) cannot be loaded; "
               "install the package that has it (Debian 13: openssl-provider-legacy, "
               "Debian 12: libssl3, Fedora: openssl-libs)";
    ossl.md4 = EVP_MD_fetch(ossl.lib, "MD4", NULL);
    ossl.md5 = EVP_MD_fetch(ossl.lib, "MD5", NULL);
    ossl.rc4 = EVP_CIPHER_fetch(ossl.lib, "RC4", NULL);
    if (!ossl.md4 || !ossl.md5 || !ossl.rc4)
        return "this OpenSSL was built without MD4, MD5 or RC4, which NTLM needs";
    ossl.open = CRYPTO_THREAD_init_local(&ossl.digests, free_digest) == 1;
    return ossl.open ? NULL : "OpenSSL: no room for another value of each thread";
}

/* With its first use OpenSSL reads its configuration and makes what it keeps from then on: here,
 * so that no child does it again at its first login. */
static bool is_ready(void)
{
    static const uint8_t key[NTLM_KEY_LEN];
    const bytes_t nothing = bytes_none();
    uint8_t out[16];
    return md4(nothing, out) && md5(nothing, out) && hmac_md5(key, &nothing, 1, out) &&
           rc4(key, out, out);
}

const char *crypto_open(void)
{
    if (ossl.open) return NULL;
    const char *why = open_all();
    if (!why && !is_ready()) why = "OpenSSL refuses MD4, MD5 or RC4, which NTLM needs";
    if (why) crypto_close();
    return why;
}

void crypto_close(void)
{
    if (ossl.open) {
        EVP_MD_CTX_free(CRYPTO_THREAD_get_local(&ossl.digests));
        CRYPTO_THREAD_cleanup_local(&ossl.digests);
    }
    EVP_CIPHER_free(ossl.rc4);
    EVP_MD_free(ossl.md5);
    EVP_MD_free(ossl.md4);
    if (ossl.legacy) OSSL_PROVIDER_unload(ossl.legacy);
    if (ossl.base) OSSL_PROVIDER_unload(ossl.base);
    OSSL_LIB_CTX_free(ossl.lib);
    memset(&ossl, 0, sizeof ossl);
}

static bool digest_of(const EVP_MD *type, bytes_t in, uint8_t digest[16])
{
    memset(digest, 0, 16);
    return type && EVP_Digest(in.data, in.len, digest, NULL, type, NULL) == 1;
}

bool md4(bytes_t in, uint8_t digest[16])
{
    return digest_of(ossl.md4, in, digest);
}

bool md5(bytes_t in, uint8_t digest[16])
{
    return digest_of(ossl.md5, in, digest);
}

/* One of the two hashes of an HMAC: the key's block, in which every byte is changed by pad, and
 * what follows it. To begin the next one at once wipes what this one leaves behind. */
SECRET_IN_NO_REGISTER
static bool hash_keyed(EVP_MD_CTX *md, const uint8_t key[NTLM_KEY_LEN], uint8_t pad,
                       const bytes_t *parts, size_t count, uint8_t digest[16])
{
    enum { BLOCK = 64 };
    uint8_t block[BLOCK];
    memset(block, pad, sizeof block);
    for (size_t i = 0; i < NTLM_KEY_LEN; i++) block[i] ^= key[i];
    bool ok = EVP_DigestUpdate(md, block, sizeof block) == 1;
    for (size_t i = 0; ok && i < count; i++)
        ok = parts[i].len == 0 || EVP_DigestUpdate(md, parts[i].data, parts[i].len) == 1;
    secret_wipe(block, NTLM_KEY_LEN);
    ok = ok && EVP_DigestFinal_ex(md, digest, NULL) == 1;
    return begin_md5(md) && ok;
}

/* By hand: EVP_MAC wants a context, a copy of it and a reset for every key. */
bool hmac_md5(const uint8_t key[NTLM_KEY_LEN], const bytes_t *parts, size_t count,
              uint8_t digest[16])
{
    enum { INNER = 0x36, OUTER = 0x5C };
    uint8_t inner[16];
    EVP_MD_CTX *md = digest_of_thread();
    const bytes_t hashed = {inner, sizeof inner};
    bool ok = md && hash_keyed(md, key, INNER, parts, count, inner) &&
              hash_keyed(md, key, OUTER, &hashed, 1, digest);
    secret_wipe(inner, sizeof inner);
    if (!ok) memset(digest, 0, 16);
    return ok;
}

bool rc4(const uint8_t key[NTLM_KEY_LEN], const uint8_t in[16], uint8_t out[16])
{
    int len = 0;
    EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
    bool ok = cipher && EVP_EncryptInit_ex2(cipher, ossl.rc4, key, NULL, NULL) == 1 &&
              EVP_EncryptUpdate(cipher, out, &len, in, 16) == 1 && len == 16;
    EVP_CIPHER_CTX_free(cipher);
    if (!ok) memset(out, 0, 16);
    return ok;
}

/* The name of the digest, for this process's private library context. */
static const char *digest_for_binding(X509 *certificate)
{
    int digest = NID_undef;
    if (X509_get_signature_info(certificate, &digest, NULL, NULL, NULL) != 1) return "SHA256";
    if (digest == NID_undef || digest == NID_md5 || digest == NID_sha1) return "SHA256";
    return OBJ_nid2sn(digest);
}

/* A certificate has no passphrase: nobody is asked for one. */
static int no_passphrase(char *text, int size, int writing, void *unused)
{
    (void)text, (void)size, (void)writing, (void)unused;
    return -1;
}

static X509 *read_certificate(bytes_t pem)
{
    enum { PEM_MAX = 1048576 };
    if (pem.len > PEM_MAX) return NULL;
    BIO *in = BIO_new_mem_buf(pem.data, (int)pem.len);
    X509 *certificate = in ? PEM_read_bio_X509(in, NULL, no_passphrase, NULL) : NULL;
    BIO_free(in);
    return certificate;
}

size_t certificate_hash(bytes_t pem, uint8_t hash[CERTIFICATE_HASH_MAX])
{
    unsigned len = 0;
    X509 *certificate = read_certificate(pem);
    if (!certificate) return 0;
    EVP_MD *digest = EVP_MD_fetch(ossl.lib, digest_for_binding(certificate), NULL);
    bool ok = digest && EVP_MD_get_size(digest) <= CERTIFICATE_HASH_MAX &&
              X509_digest(certificate, digest, hash, &len) == 1;
    EVP_MD_free(digest);
    X509_free(certificate);
    return ok ? len : 0;
}

bool secret_equal(const uint8_t *a, const uint8_t *b, size_t len)
{
    return CRYPTO_memcmp(a, b, len) == 0;
}

void secret_wipe(void *secret, size_t len)
{
    OPENSSL_cleanse(secret, len);
}
