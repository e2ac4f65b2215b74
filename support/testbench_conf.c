#include "testbench_conf.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/ntlm/crypto.h"
#include "../lib/ntlm/response.h"
#include "../lib/ntlm/unicode.h"

/* ---- words ---- */

const char *testbench_url(const testbench_site_t *site, testbench_port_t port, char room[300])
{
    const bool is_any = strcmp(site->listen, "0.0.0.0") == 0 || strcmp(site->listen, "::") == 0;
    const char *host = site->hostname ? site->hostname : is_any ? "localhost" : site->listen;
    const bool brackets = strchr(host, ':') != NULL;
    if (site->ports[port].off) return NULL;
    snprintf(room, 300, "%s://%s%s%s:%d", testbench_ports[port].scheme, brackets ? "[" : "", host,
             brackets ? "]" : "", site->ports[port].number);
    return room;
}

/* A word that httpd reads as it is: all but letters and digits as %XX. */
static void write_encoded(FILE *out, const char *text)
{
    for (const char *c = text; *c; c++) {
        const unsigned char byte = (unsigned char)*c;
        if (byte < 0x80 && strchr("0123456789abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ.-_",
                                  byte))
            fputc(byte, out);
        else
            fprintf(out, "%%%02X", byte);
    }
}

/* A word in quotes. */
static void write_path(FILE *out, const char *path)
{
    fputc('"', out);
    for (const char *c = path; *c; c++) fprintf(out, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
    fputc('"', out);
}

static void load(FILE *out, const char *folder, const char *name)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/mod_%s.so", folder, name);
    fprintf(out, "LoadModule %s_module ", name);
    write_path(out, path);
    fputc('\n', out);
}

/* What is built into httpd has no file. */
static bool has_file(const testbench_site_t *site, const char *name)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/mod_%s.so", site->modules, name);
    return access(path, R_OK) == 0;
}

/* ---- parts ---- */

static void write_modules(FILE *out, const testbench_site_t *site)
{
    static const char *const names[] = {"mpm_event",  "unixd",      "authn_core",    "authz_core",
                                        "authz_user", "log_config", "ssl",           "http2",
                                        "proxy",      "proxy_http", "proxy_connect", "reqtimeout"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (has_file(site, names[i])) load(out, site->modules, names[i]);
    load(out, site->own_modules, "auth_ntlmv2");
    load(out, site->own_modules, "ntlm_testbench");
    if (site->uid) fprintf(out, "User #%u\nGroup #%u\n", (unsigned)site->uid, (unsigned)site->gid);
}

/* One child, whose threads share what the bench remembers; mutexes that leave nothing behind. */
static void write_server(FILE *out, const testbench_site_t *site)
{
    fprintf(out,
            "ServerName %s\nServerRoot \"%s\"\nDefaultRuntimeDir \"%s\"\nDocumentRoot \"%s\"\n"
            "PidFile \"%s/httpd.pid\"\nErrorLog \"%s/error.log\"\n"
            "LogLevel warn auth_ntlmv2:debug\nMutex fcntl:%s default\n"
            "ServerLimit 1\nStartServers 1\nThreadLimit 64\nThreadsPerChild 64\n"
            "MaxRequestWorkers 64\nMinSpareThreads 1\nMaxSpareThreads 1000\n"
            "MaxConnectionsPerChild 0\nKeepAlive On\nKeepAliveTimeout 60\n"
            "MaxKeepAliveRequests 0\nTimeout 60\nGracefulShutdownTimeout 1\n"
            "<IfModule mod_reqtimeout.c>\n    RequestReadTimeout handshake=20 header=20 body=0\n"
            "</IfModule>\n"
            "LimitRequestFieldSize 65536\nLimitRequestLine 65536\nListenBacklog 511\n"
            "ServerTokens Minimal\nTraceEnable Off\n",
            site->hostname ? site->hostname : "localhost", site->dir, site->dir, site->dir,
            site->dir, site->dir, site->dir);
    if (!site->log) return;
    fprintf(out, "LogFormat '%s' testbench\nCustomLog \"%s/requests\" testbench\n",
            site->log_json ? "{\"time\":%{time}^JS,\"method\":%{method}^JS,\"uri\":%{uri}^JS,"
                             "\"http\":%{http}^JS,\"verdict\":\"%{NTLM-Bench}o\"}"
                           : "%{%H:%M:%S}t %r %>s %{NTLM-Bench}o",
            site->dir);
}

static void write_names(FILE *out, const testbench_site_t *site)
{
    char room[300];
    fprintf(out, "TestbenchDomain %s %s\nTestbenchComputer %s %s\n", site->nb_domain,
            site->dns_domain, site->nb_computer, site->dns_computer);
    fprintf(out, "TestbenchVersion %s\n", TESTBENCH_VERSION);
    fprintf(out, site->is_ipv6 ? "TestbenchHost %s [%s]\n" : "TestbenchHost %s\n", site->listen,
            site->listen);
    if (site->hostname) fprintf(out, "TestbenchHost %s\n", site->hostname);
    for (testbench_port_t port = 0; port < PORTS; port++)
        if (testbench_url(site, port, room))
            fprintf(out, "TestbenchUrl %s %s\n", testbench_ports[port].kind, room);
    for (size_t i = 0; i < site->accounts_count; i++) {
        const testbench_account_t *account = &site->accounts[i];
        fputs("TestbenchAccount \"", out);
        write_encoded(out, account->domain);
        if (*account->domain) fputs("%5C", out);
        write_encoded(out, account->user);
        fputs("\" \"", out);
        write_encoded(out, account->password);
        fprintf(out, "\"%s\n", account->disabled ? " disabled" : "");
    }
}

static void write_certificate(FILE *out, const char *path)
{
    fputs("TestbenchCertificate ", out);
    write_path(out, path);
    fputc('\n', out);
}

/* All that a client may have taken for the one that it was shown. */
static void write_certificates(FILE *out, const testbench_site_t *site)
{
    char path[PATH_MAX];
    if (site->ports[PORT_HTTPS].off) return;
    for (testbench_port_t port = 0; port < PORTS; port++) {
        if (!testbench_ports[port].certificate) continue;
        snprintf(path, sizeof path, "%s/%s.pem", site->dir, testbench_ports[port].certificate);
        write_certificate(out, path);
    }
    write_certificate(out, testbench_path(site, "ca.pem", path));
    if (site->cert) write_certificate(out, site->cert);
}

/* The plain places of lib/bench/place/plain.c and offer.c: what production is told at each. */
static const struct {
    const char *path, *directives;
    const char *credentials; /* "": none; NULL: the file of the bench's accounts */
} plain[] = {
    {"/ntlm", "", NULL},
    {"/mic", "NTLMRequireMIC on", NULL},
    {"/epa/allow", "NTLMExtendedProtection allow", NULL},
    {"/epa/require", "NTLMExtendedProtection require", NULL},
    {"/spn/require", "NTLMServiceNames require localhost 127.0.0.1", NULL},
    {"/tls-only", "NTLMRequireTLS on", NULL},
    {"/offer/negotiate", "NTLMOffer Negotiate", NULL},
    {"/offer/two-lines", "NTLMOffer Negotiate NTLM", NULL},
    {"/offer/one-line", "NTLMOffer Negotiate NTLM", NULL},
    {"/offer/basic", "NTLMOffer NTLM Basic\n    NTLMBasicWithoutTLS on", NULL},
    {"/offer/basic-first", "NTLMOffer Basic NTLM\n    NTLMBasicWithoutTLS on", NULL},
    {"/offer/lower-case", "", NULL},
    {"/offer/none", "", NULL},
    {"/server/not-configured", "", ""},
    /* port 1: nobody listens there */
    {"/server/backend-down", "", "ldap ldap://127.0.0.1:1/dc=example?uid cache=0"},
};

static void write_credentials(FILE *out, const testbench_site_t *site, const char *credentials)
{
    if (!credentials) fprintf(out, "    NTLMCredentials file \"%s/users\"\n", site->dir);
    if (credentials && *credentials) fprintf(out, "    NTLMCredentials %s\n", credentials);
}

static void write_places(FILE *out, const testbench_site_t *site)
{
    fprintf(out,
            "NTLMComputer %s %s\n<Location \"/-own\">\n    AuthType Testbench\n"
            "    Require valid-user\n</Location>\n",
            site->nb_computer, site->dns_computer);
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        fprintf(out, "<Location \"%s\">\n    AuthType NTLM\n", plain[i].path);
        write_credentials(out, site, plain[i].credentials);
        fprintf(out, "    NTLMDomain %s %s\n    %s\n    Require valid-user\n</Location>\n",
                site->nb_domain, site->dns_domain, plain[i].directives);
    }
}

/* The bench's module lets requests go to the bench's own ports alone (lib/bench/glue/forward.h). */
static void write_proxy(FILE *out, const testbench_site_t *site)
{
    fputs("    ProxyRequests On\n    ProxyPreserveHost On\n    AllowCONNECT", out);
    for (testbench_port_t port = 0; port < PORTS; port++)
        if (port != PORT_PROXY && !site->ports[port].off)
            fprintf(out, " %d", site->ports[port].number);
    fputs("\n", out);
}

static void write_host(FILE *out, const testbench_site_t *site, testbench_port_t port)
{
    const char *certificate = testbench_ports[port].certificate;
    const bool own = port == PORT_HTTPS && site->cert;
    char listen[80];
    snprintf(listen, sizeof listen, site->is_ipv6 ? "[%s]:%d" : "%s:%d", site->listen,
             site->ports[port].number);
    fprintf(out, "Listen %s%s\n<VirtualHost %s>\n", listen, certificate ? " https" : "", listen);
    if (certificate) {
        char pem[PATH_MAX], key[PATH_MAX];
        snprintf(pem, sizeof pem, "%s/%s.pem", site->dir, certificate);
        snprintf(key, sizeof key, "%s/%s.key", site->dir, certificate);
        fputs("    SSLEngine on\n    SSLCertificateFile ", out);
        write_path(out, own ? site->cert : pem);
        fputs("\n    SSLCertificateKeyFile ", out);
        write_path(out, own ? site->key : key);
        fputc('\n', out);
    }
    if (port == PORT_H2) fputs("    Protocols h2 http/1.1\n", out);
    if (port == PORT_PROXY) write_proxy(out, site);
    fputs("</VirtualHost>\n", out);
}

/* ---- files ---- */

static bool write_user(FILE *out, const testbench_account_t *account)
{
    uint8_t room[4096], hash[NTLM_KEY_LEN];
    char digits[2 * NTLM_KEY_LEN + 1] = "";
    writer_t utf16 = writer_to(room, sizeof room);
    if (!unicode_write_utf8(&utf16, account->password) || !ntowfv1(written(&utf16), hash))
        return false;
    hex_write(digits, (bytes_t){hash, sizeof hash});
    fprintf(out, "%s%s%s:%s%s\n", account->domain, *account->domain ? "\\" : "", account->user,
            digits, account->disabled ? ":[D]" : "");
    return true;
}

/* httpd's children read the accounts. */
static const char *write_users(const testbench_site_t *site)
{
    char path[PATH_MAX];
    const char *why = crypto_open();
    const mode_t mask = umask(077);
    FILE *out = why ? NULL : fopen(testbench_path(site, "users", path), "wxe");
    umask(mask);
    if (!out) return why ? why : strerror(errno);
    for (size_t i = 0; !why && i < site->accounts_count; i++)
        if (!write_user(out, &site->accounts[i])) why = "a password cannot be hashed";
    return fclose(out) == 0 ? why : strerror(errno);
}

const char *testbench_conf(const testbench_site_t *site)
{
    char path[PATH_MAX];
    const char *why = write_users(site);
    FILE *out = why ? NULL : fopen(testbench_path(site, "httpd.conf", path), "wxe");
    if (!out) return why ? why : strerror(errno);
    write_modules(out, site);
    write_server(out, site);
    write_names(out, site);
    write_certificates(out, site);
    write_places(out, site);
    for (testbench_port_t port = 0; port < PORTS; port++)
        if (!site->ports[port].off) write_host(out, site, port);
    return fclose(out) == 0 ? NULL : strerror(errno);
}
