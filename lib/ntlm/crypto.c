#include "crypto.h"

#include <string.h>

#include <openssl/core_names.h>
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
    EVP_MAC *hmac;
    EVP_MAC_CTX *hmac_md5; /* HMAC with its digest chosen: duplicated for each use */
} ossl;

static bool open_hmac_md5(void)
{
    OSSL_PARAM digest[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char[]){"MD5"}, 0),
        OSSL_PARAM_construct_end()};
    ossl.hmac = EVP_MAC_fetch(ossl.lib, "HMAC", NULL);
    if (ossl.hmac) ossl.hmac_md5 = EVP_MAC_CTX_new(ossl.hmac);
    return ossl.hmac_md5 && EVP_MAC_CTX_set_params(ossl.hmac_md5, digest) == 1;
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
    if (!ossl.md4 || !ossl.md5 || !ossl.rc4 || !open_hmac_md5())
        return "this OpenSSL was built without MD4, MD5 or RC4, which NTLM needs";
    return NULL;
}

const char *crypto_open(void)
{
    if (ossl.hmac_md5) return NULL;
    const char *why = open_all();
    if (why) crypto_close();
    return why;
}

void crypto_close(void)
{
    EVP_MAC_CTX_free(ossl.hmac_md5);
    EVP_MAC_free(ossl.hmac);
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

bool hmac_md5(const uint8_t key[NTLM_KEY_LEN], const bytes_t *parts, size_t count,
              uint8_t digest[16])
{
    size_t len = 0;
    EVP_MAC_CTX *mac = ossl.hmac_md5 ? EVP_MAC_CTX_dup(ossl.hmac_md5) : NULL;
    bool ok = mac && EVP_MAC_init(mac, key, NTLM_KEY_LEN, NULL) == 1;
    for (size_t i = 0; ok && i < count; i++)
        ok = parts[i].len == 0 || EVP_MAC_update(mac, parts[i].data, parts[i].len) == 1;
    ok = ok && EVP_MAC_final(mac, digest, &len, 16) == 1 && len == 16;
    EVP_MAC_CTX_free(mac);
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
