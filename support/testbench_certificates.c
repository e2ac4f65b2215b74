#include "testbench_certificates.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

enum { DAYS = 30, RSA_BITS = 2048 };

typedef struct authority_t {
    EVP_PKEY *key;
    X509 *certificate;
} authority_t;

/* ---- one certificate ---- */

static bool extend(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    const bool ok = extension && X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    return ok;
}

static bool set_serial(X509 *certificate)
{
    unsigned char bytes[8];
    uint64_t serial;
    if (RAND_bytes(bytes, sizeof bytes) != 1) return false;
    memcpy(&serial, bytes, sizeof serial);
    return ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1 | 1);
}

static bool set_name(X509 *certificate, const char *name)
{
    return X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                                      (const unsigned char *)name, -1, -1, 0);
}

/* Not signed yet. An hour back, for clocks that differ. NULL: it failed. */
static X509 *new_certificate(const char *name, EVP_PKEY *key, X509 *issuer)
{
    X509 *certificate = X509_new();
    if (!certificate) return NULL;
    const bool ok =
        X509_set_version(certificate, X509_VERSION_3) && set_serial(certificate) &&
        set_name(certificate, name) && X509_set_pubkey(certificate, key) &&
        X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) &&
        X509_gmtime_adj(X509_getm_notAfter(certificate), 86400L * DAYS) &&
        X509_set_issuer_name(certificate, X509_get_subject_name(issuer ? issuer : certificate)) &&
        extend(certificate, issuer ? issuer : certificate, NID_subject_key_identifier, "hash");
    if (ok) return certificate;
    X509_free(certificate);
    return NULL;
}

static bool make_authority(authority_t *authority, const char *name)
{
    X509 *certificate = authority->key ? new_certificate(name, authority->key, NULL) : NULL;
    authority->certificate = certificate;
    return certificate &&
           extend(certificate, certificate, NID_authority_key_identifier, "keyid:always") &&
           extend(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE") &&
           extend(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign") &&
           X509_sign(certificate, authority->key, EVP_sha256());
}

static const char *kind_of(const char *host)
{
    unsigned char address[16];
    return inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1
               ? "IP"
               : "DNS";
}

static bool add_names(X509 *certificate, const authority_t *authority, const testbench_site_t *site)
{
    char names[1024];
    const char *host = site->hostname ? site->hostname : "localhost";
    snprintf(names, sizeof names,
             "DNS:localhost,DNS:*.localhost,IP:127.0.0.1,IP:::1,IP:%s,DNS:%s,%s:%s", site->listen,
             site->dns_computer, kind_of(host), host);
    return extend(certificate, authority->certificate, NID_subject_alt_name, names);
}

static X509 *make_server(const testbench_site_t *site, const authority_t *authority, EVP_PKEY *key,
                         const EVP_MD *digest)
{
    X509 *certificate = new_certificate("localhost", key, authority->certificate);
    if (!certificate) return NULL;
    if (add_names(certificate, authority, site) &&
        extend(certificate, authority->certificate, NID_authority_key_identifier, "keyid:always") &&
        extend(certificate, authority->certificate, NID_basic_constraints, "critical,CA:FALSE") &&
        extend(certificate, authority->certificate, NID_key_usage, "critical,digitalSignature") &&
        extend(certificate, authority->certificate, NID_ext_key_usage, "serverAuth") &&
        X509_sign(certificate, authority->key, digest))
        return certificate;
    X509_free(certificate);
    return NULL;
}

/* ---- files ---- */

static FILE *open_new(const testbench_site_t *site, const char *name, const char *suffix)
{
    char file[64], path[PATH_MAX];
    snprintf(file, sizeof file, "%s.%s", name, suffix);
    const int fd =
        open(testbench_path(site, file, path), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return fd < 0 ? NULL : fdopen(fd, "w");
}

static bool write_server(const testbench_site_t *site, const char *name, X509 *certificate,
                         EVP_PKEY *key)
{
    FILE *pem = open_new(site, name, "pem"), *secret = open_new(site, name, "key");
    bool ok = pem && secret && PEM_write_X509(pem, certificate) &&
              PEM_write_PrivateKey(secret, key, NULL, NULL, 0, NULL, NULL);
    if (pem && fclose(pem) != 0) ok = false;
    if (secret && fclose(secret) != 0) ok = false;
    return ok;
}

static bool write_authorities(const testbench_site_t *site, const authority_t *rsa,
                              const authority_t *ec)
{
    FILE *pem = open_new(site, "ca", "pem");
    bool ok = pem && PEM_write_X509(pem, rsa->certificate) && PEM_write_X509(pem, ec->certificate);
    if (pem && fclose(pem) != 0) ok = false;
    return ok;
}

/* ---- all of them ---- */

static bool make_servers(const testbench_site_t *site, const authority_t *rsa,
                         const authority_t *ec, EVP_PKEY *key)
{
    const struct {
        const char *name;
        const authority_t *authority;
        const EVP_MD *digest;
    } kinds[] = {{"sha256", rsa, EVP_sha256()},
                 {"sha384", rsa, EVP_sha384()},
                 {"sha512", rsa, EVP_sha512()},
                 {"ecdsa", ec, EVP_sha256()}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        X509 *certificate = make_server(site, kinds[i].authority, key, kinds[i].digest);
        const bool ok = certificate && write_server(site, kinds[i].name, certificate, key);
        X509_free(certificate);
        if (!ok) return false;
    }
    return true;
}

const char *testbench_certificates(const testbench_site_t *site)
{
    authority_t rsa = {.key = EVP_RSA_gen(RSA_BITS)}, ec = {.key = EVP_EC_gen("P-256")};
    EVP_PKEY *key = EVP_EC_gen("P-256");
    const bool ok = key && make_authority(&rsa, "ntlm-testbench RSA CA") &&
                    make_authority(&ec, "ntlm-testbench ECDSA CA") &&
                    write_authorities(site, &rsa, &ec) && make_servers(site, &rsa, &ec, key);
    X509_free(rsa.certificate);
    X509_free(ec.certificate);
    EVP_PKEY_free(rsa.key);
    EVP_PKEY_free(ec.key);
    EVP_PKEY_free(key);
    return ok ? NULL : "the certificates could not be made";
}
