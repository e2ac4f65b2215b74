#include "site.h"

#include <stdlib.h>
#include <string.h>

#include <apr_escape.h>
#include <apr_strings.h>

#include "../../ntlm/name.h"
#include "../../ntlm/response.h"
#include "../../ntlm/unicode.h"
#include "pem.h"

enum { RECORDS = 2000, BYTES = 64 << 20, PASSWORD_UNITS = 1024 };

static site_t *site;

const site_t *site_of_bench(void)
{
    return site;
}

void site_begin(apr_pool_t *pconf)
{
    site = apr_pcalloc(pconf, sizeof *site);
    site->pool = pconf;
    site->accounts = apr_array_make(pconf, 16, sizeof(site_account_t));
    site->urls = apr_array_make(pconf, 8, sizeof(site_url_t));
    site->hosts = apr_array_make(pconf, 2, sizeof(const char *));
    site->certificates = apr_array_make(pconf, 8, sizeof(bytes_t));
    site->nb_domain = site->dns_domain = site->nb_computer = site->dns_computer = "";
    site->names.nb_domain = site->names.dns_domain = bytes_none();
    site->names.nb_computer = site->names.dns_computer = bytes_none();
    site->version = "";
    site->history_records = RECORDS;
    site->history_bytes = BYTES;
}

/* ---- accounts ---- */

static bool hash_of(const char *password, uint8_t nt_hash[NTLM_KEY_LEN])
{
    uint8_t room[2 * PASSWORD_UNITS];
    writer_t utf16 = writer_to(room, sizeof room);
    return unicode_write_utf8(&utf16, password) && ntowfv1(written(&utf16), nt_hash);
}

const site_account_t *site_account_of(apr_pool_t *pool, const char *domain, const char *user,
                                      const char *password)
{
    site_account_t *account = apr_pcalloc(pool, sizeof *account);
    account->domain = apr_pstrdup(pool, domain);
    account->user = apr_pstrdup(pool, user);
    account->password = apr_pstrdup(pool, password);
    return hash_of(password, account->nt_hash) ? account : NULL;
}

static bool is_domain(const char *wanted, bytes_t domain)
{
    char room[3 * NTLM_DOMAIN_MAX + 1];
    if (domain.len == 0) return true;
    if (domain.len >= sizeof room) return false;
    memcpy(room, domain.data, domain.len);
    room[domain.len] = '\0';
    if (unicode_casecmp(room, wanted) == 0) return true;
    return *site->dns_domain && unicode_casecmp(wanted, site->nb_domain) == 0 &&
           unicode_casecmp(room, site->dns_domain) == 0;
}

static bool is_user(const char *wanted, bytes_t user)
{
    char room[3 * NTLM_USER_MAX + 1];
    if (user.len >= sizeof room) return false;
    memcpy(room, user.data, user.len);
    room[user.len] = '\0';
    return unicode_casecmp(room, wanted) == 0;
}

const site_account_t *site_account(const site_t *of, const char *user, const char *domain)
{
    const name_parts_t parts = name_of_client(user);
    for (int i = 0; i < of->accounts->nelts; i++) {
        const site_account_t *account = &APR_ARRAY_IDX(of->accounts, i, site_account_t);
        const bool any = *account->domain == '\0';
        if (is_user(account->user, bytes_of(user)) &&
            (any || is_domain(account->domain, bytes_of(domain))))
            return account;
        if (parts.apart && is_user(account->user, parts.user) &&
            (any || is_domain(account->domain, parts.domain)))
            return account;
    }
    return NULL;
}

/* ---- directives ---- */

static const char *set_account(cmd_parms *cmd, void *unused, const char *name, const char *password,
                               const char *state)
{
    (void)unused;
    name = apr_punescape_url(cmd->pool, name, NULL, NULL, 0);
    password = apr_punescape_url(cmd->pool, password ? password : "", NULL, NULL, 0);
    if (!name || !password)
        return apr_psprintf(cmd->pool, "%s: %% stands before two hex digits", cmd->cmd->name);
    const name_parts_t parts = name_of_account(name);
    const char *why = name_check(name);
    if (why) return apr_psprintf(cmd->pool, "%s: \"%s\": %s", cmd->cmd->name, name, why);
    if (state && strcmp(state, "disabled") != 0)
        return apr_psprintf(cmd->pool, "%s: behind the password stands nothing or \"disabled\"",
                            cmd->cmd->name);
    const char *domain = apr_pstrndup(cmd->pool, (const char *)parts.domain.data, parts.domain.len);
    const site_account_t *account =
        site_account_of(cmd->pool, domain, (const char *)parts.user.data, password);
    if (!account) return apr_psprintf(cmd->pool, "%s: the password is no UTF-8", cmd->cmd->name);
    site_account_t *place = apr_array_push(site->accounts);
    *place = *account;
    place->disabled = state != NULL;
    return NULL;
}

static bytes_t utf16_of(apr_pool_t *pool, const char *text)
{
    const size_t size = 2 * strlen(text) + 2;
    writer_t out = writer_to(apr_palloc(pool, size), size);
    return unicode_write_utf8(&out, text) ? written(&out) : bytes_none();
}

static const char *set_domain(cmd_parms *cmd, void *unused, const char *netbios, const char *dns)
{
    (void)unused;
    site->nb_domain = netbios;
    site->dns_domain = dns ? dns : "";
    site->names.nb_domain = utf16_of(cmd->pool, netbios);
    site->names.dns_domain = utf16_of(cmd->pool, site->dns_domain);
    site->names.domain_joined = true;
    return NULL;
}

static const char *set_computer(cmd_parms *cmd, void *unused, const char *netbios, const char *dns)
{
    (void)unused;
    site->nb_computer = netbios;
    site->dns_computer = dns ? dns : "";
    site->names.nb_computer = utf16_of(cmd->pool, netbios);
    site->names.dns_computer = utf16_of(cmd->pool, site->dns_computer);
    return NULL;
}

static const char *set_url(cmd_parms *cmd, void *unused, const char *kind, const char *url)
{
    (void)cmd;
    (void)unused;
    site_url_t *place = apr_array_push(site->urls);
    *place = (site_url_t){kind, url};
    return NULL;
}

static const char *set_host(cmd_parms *cmd, void *unused, const char *name)
{
    (void)cmd;
    (void)unused;
    APR_ARRAY_PUSH(site->hosts, const char *) = name;
    return NULL;
}

static const char *set_version(cmd_parms *cmd, void *unused, const char *version)
{
    (void)cmd;
    (void)unused;
    site->version = version;
    return NULL;
}

static const char *set_history(cmd_parms *cmd, void *unused, const char *records, const char *bytes)
{
    (void)unused;
    const apr_int64_t most = apr_atoi64(records), size = apr_atoi64(bytes);
    if (most < 1 || size < 1)
        return apr_psprintf(cmd->pool, "%s: two numbers, as in \"%s 1000 67108864\"",
                            cmd->cmd->name, cmd->cmd->name);
    site->history_records = (apr_size_t)most;
    site->history_bytes = (apr_size_t)size;
    return NULL;
}

static const char *set_certificate(cmd_parms *cmd, void *unused, const char *path)
{
    enum { PEM_MAX = 1 << 20 };
    apr_file_t *file;
    apr_size_t len = PEM_MAX;
    char *text = apr_pcalloc(cmd->temp_pool, PEM_MAX + 1);
    bytes_t der;
    (void)unused;
    if (apr_file_open(&file, path, APR_READ, 0, cmd->temp_pool))
        return apr_psprintf(cmd->pool, "%s: cannot open %s", cmd->cmd->name, path);
    if (apr_file_read_full(file, text, len, &len) == APR_SUCCESS)
        return apr_psprintf(cmd->pool, "%s: %s is too long", cmd->cmd->name, path);
    apr_file_close(file);
    for (const char *pem = text; (der = pem_certificate(cmd->pool, &pem)).len > 0;)
        APR_ARRAY_PUSH(site->certificates, bytes_t) = der;
    return NULL;
}

const command_rec site_directives[] = {
    AP_INIT_TAKE123("TestbenchAccount", set_account, NULL, RSRC_CONF,
                    "[DOMAIN\\]USER [PASSWORD [disabled]]: an account; any byte may be %XX"),
    AP_INIT_TAKE12("TestbenchDomain", set_domain, NULL, RSRC_CONF, "NETBIOS [DNS]: the domain"),
    AP_INIT_TAKE12("TestbenchComputer", set_computer, NULL, RSRC_CONF,
                   "NETBIOS [DNS]: the computer"),
    AP_INIT_TAKE2("TestbenchUrl", set_url, NULL, RSRC_CONF, "KIND URL: a port, as clients see it"),
    AP_INIT_ITERATE("TestbenchHost", set_host, NULL, RSRC_CONF,
                    "names that a Host may have beside loopback's"),
    AP_INIT_ITERATE("TestbenchCertificate", set_certificate, NULL, RSRC_CONF,
                    "files in PEM: certificates that a client may have taken for the server's"),
    AP_INIT_TAKE1("TestbenchVersion", set_version, NULL, RSRC_CONF, "what the bench is"),
    AP_INIT_TAKE2("TestbenchHistory", set_history, NULL, RSRC_CONF,
                  "RECORDS BYTES: how much is remembered"),
    {.name = NULL},
};
