#include "httpd_stubs.h"

#include <string.h>

#include <ap_mpm.h>
#include <ap_provider.h>
#include <apr_cstr.h>
#include <apr_file_info.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include <http_config.h>
#include <http_core.h>
#include <http_log.h>
#include <http_main.h>
#include <unixd.h>

#include "../../lib/throttle/throttle_store.h"

#define SERVER_ROOT "/srv/httpd"

httpd_stubs_t httpd_stubs = {.root = SERVER_ROOT};

static struct {
    const char *group, *name, *version;
    const void *provider;
} providers[8];
static size_t provider_count;

void httpd_stubs_reset(void)
{
    httpd_stubs = (httpd_stubs_t){.root = SERVER_ROOT};
    provider_count = 0;
}

/* ---- the configuration ---- */

const char *ap_check_cmd_context(cmd_parms *cmd, unsigned forbidden)
{
    (void)cmd;
    httpd_stubs.forbidden = forbidden;
    return httpd_stubs.misplaced;
}

char *ap_server_root_relative(apr_pool_t *p, const char *fname)
{
    char *path = NULL;
    apr_status_t status =
        apr_filepath_merge(&path, httpd_stubs.root, fname, APR_FILEPATH_TRUENAME, p);
    return status == APR_SUCCESS ? path : NULL;
}

int ap_state_query(int query_code)
{
    return query_code == AP_SQ_MAIN_STATE ? httpd_stubs.state : AP_SQ_NOT_SUPPORTED;
}

apr_status_t ap_mpm_query(int query_code, int *result)
{
    if (query_code != AP_MPMQ_MAX_THREADS) return APR_ENOTIMPL;
    *result = httpd_stubs.threads;
    return APR_SUCCESS;
}

module *ap_find_linked_module(const char *name)
{
    static module other;
    return httpd_stubs.loaded && strcmp(httpd_stubs.loaded, name) == 0 ? &other : NULL;
}

int ap_exists_config_define(const char *name)
{
    return httpd_stubs.defined && strcmp(httpd_stubs.defined, name) == 0;
}

unixd_config_rec ap_unixd_config = {.user_id = 65534, .group_id = 65534};

/* ---- the log ---- */

server_rec *ap_server_conf;
module auth_ntlmv2_module;

void ap_log_error_(const char *file, int line, int module_index, int level, apr_status_t status,
                   const server_rec *s, const char *fmt, ...)
{
    va_list args;
    (void)file, (void)line, (void)module_index, (void)level, (void)status, (void)s;
    va_start(args, fmt);
    apr_vsnprintf(httpd_stubs.logged, sizeof httpd_stubs.logged, fmt, args);
    va_end(args);
}

/* ---- strings ---- */

int ap_cstr_casecmp(const char *s1, const char *s2)
{
    return apr_cstr_casecmp(s1, s2);
}

int ap_cstr_casecmpn(const char *s1, const char *s2, apr_size_t n)
{
    return apr_cstr_casecmpn(s1, s2, n);
}

void ap_str_toupper(char *s)
{
    for (; *s; s++) *s = (char)apr_toupper(*s);
}

int ap_strcasecmp_match(const char *str, const char *expected)
{
    if (*expected == '*') {
        while (ap_strcasecmp_match(str, expected + 1) != 0)
            if (*str++ == '\0') return -1;
        return 0;
    }
    if (*str == '\0' || *expected == '\0') return *str != *expected;
    if (*expected != '?' && apr_tolower(*str) != apr_tolower(*expected)) return 1;
    return ap_strcasecmp_match(str + 1, expected + 1);
}

/* A word, or what stands in quotes; no backslashes. */
char *ap_getword_conf(apr_pool_t *p, const char **line)
{
    const char *word = *line + strspn(*line, " \t");
    const char quote[] = {*word, '\0'};
    const bool is_quoted = *word == '"' || *word == '\'';
    if (is_quoted) word++;
    const size_t len = strcspn(word, is_quoted ? quote : " \t");
    const char *behind = word + len + (is_quoted && word[len] ? 1 : 0);
    *line = behind + strspn(behind, " \t");
    return apr_pstrndup(p, word, len);
}

/* ---- providers ---- */

apr_status_t ap_register_provider(apr_pool_t *pool, const char *provider_group,
                                  const char *provider_name, const char *provider_version,
                                  const void *provider)
{
    (void)pool;
    if (provider_count == sizeof providers / sizeof *providers) return APR_ENOSPC;
    providers[provider_count].group = provider_group;
    providers[provider_count].name = provider_name;
    providers[provider_count].version = provider_version;
    providers[provider_count++].provider = provider;
    return APR_SUCCESS;
}

void *ap_lookup_provider(const char *provider_group, const char *provider_name,
                         const char *provider_version)
{
    for (size_t i = 0; i < provider_count; i++)
        if (strcmp(providers[i].group, provider_group) == 0 &&
            strcmp(providers[i].name, provider_name) == 0 &&
            strcmp(providers[i].version, provider_version) == 0)
            return (void *)(uintptr_t)providers[i].provider;
    return NULL;
}

/* The last one first: nobody may depend on an order. */
apr_array_header_t *ap_list_provider_names(apr_pool_t *pool, const char *provider_group,
                                           const char *provider_version)
{
    apr_array_header_t *names = apr_array_make(pool, 8, sizeof(ap_list_provider_names_t));
    for (size_t i = provider_count; i-- > 0;)
        if (strcmp(providers[i].group, provider_group) == 0 &&
            strcmp(providers[i].version, provider_version) == 0)
            APR_ARRAY_PUSH(names, ap_list_provider_names_t).provider_name = providers[i].name;
    return names;
}

/* ---- the throttle's store, which lives on more of httpd ---- */

void throttle_store_choose(const char *provider)
{
    httpd_stubs.store = provider;
}

void throttle_store_need(void)
{
    httpd_stubs.store_needed = true;
}
