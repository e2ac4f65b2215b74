#include "recorders.h"

#include <stdbool.h>

#include <http_log.h>

#include "../config/conftree.h"

APLOG_USE_MODULE(auth_ntlmv2);

/* ---- LogLevel ---- */

/* Whether a word of LogLevel sets the level of the module that writes headers. A level alone
 * is for all modules. */
static bool sets_http(const char *module)
{
    static const char *const names[] = {"", "http", "http_module", "http_core.c",
                                        "mod_http_core.c"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (ap_cstr_casecmp(module, names[i]) == 0) return true;
    return false;
}

static bool shows_headers(const char *level)
{
    return ap_cstr_casecmpn(level, "trace", 5) == 0 && level[5] >= '4' && level[5] <= '8';
}

/* As httpd reads it: the last word that is for it counts. */
static bool writes_headers(apr_pool_t *pool, const ap_directive_t *at)
{
    bool writes = false;
    const char *args = at->args;
    while (*args) {
        const char *level = ap_getword_conf(pool, &args);
        const char *module = ap_strchr_c(level, ':') ? ap_getword(pool, &level, ':') : "";
        if (sets_http(module)) writes = shows_headers(level);
    }
    return writes;
}

/* ---- what else does ---- */

/* Headers of logins, as a format names them. */
static bool names_header(const ap_directive_t *at)
{
    return ap_strcasestr(at->args, "authorization}") || ap_strcasestr(at->args, "-authenticate}");
}

static bool is_on(apr_pool_t *pool, const ap_directive_t *at, const char *name)
{
    return conftree_says(pool, at, name, "on");
}

/* NULL, or what to write instead of it. */
static const char *instead_of(apr_pool_t *pool, const ap_directive_t *at)
{
    static const char *const formats[] = {"LogFormat",   "CustomLog",      "GlobalLog",
                                          "TransferLog", "ErrorLogFormat", "LogMessage"};
    if (conftree_is(at, "LogLevel"))
        return writes_headers(pool, at) ? "write http:trace3 at the most" : NULL;
    if (conftree_is(at, "ForensicLog")) return "leave it out";
    if (is_on(pool, at, "DumpIOInput") || is_on(pool, at, "DumpIOOutput")) return "write Off";
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (conftree_is(at, formats[i])) return names_header(at) ? "leave that header out" : NULL;
    return NULL;
}

void recorders_warn(apr_pool_t *pool, server_rec *main_server)
{
    apr_pool_t *scratch;
    apr_pool_create(&scratch, pool);
    for (const ap_directive_t *at = ap_conftree; at; at = conftree_next(at)) {
        const char *instead = instead_of(scratch, at);
        if (instead)
            ap_log_error(APLOG_MARK, APLOG_WARNING, 0, main_server,
                         "%s %s (%s:%d): it writes what logins send into a log, from which "
                         "passwords can be had; %s",
                         at->directive, at->args, at->filename, at->line_num, instead);
        apr_pool_clear(scratch);
    }
    apr_pool_destroy(scratch);
}
