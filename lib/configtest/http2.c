#include "http2.h"

#include <stdbool.h>
#include <string.h>

#include <apr_strings.h>

#include <http_core.h>
#include <http_log.h>

#include "../config/conftree.h"
#include "asks.h"
#include "sections.h"

APLOG_USE_MODULE(auth_ntlmv2);

static bool offers_http2(const server_rec *s)
{
    const core_server_config *core = ap_get_core_module_config(s->module_config);
    const apr_array_header_t *protocols = core->protocols;
    if (!protocols || !ap_find_linked_module("mod_http2.c")) return false;
    for (int i = 0; i < protocols->nelts; i++) {
        const char *name = APR_ARRAY_IDX(protocols, i, const char *);
        if (strcmp(name, "h2") == 0 || strcmp(name, "h2c") == 0) return true;
    }
    return false;
}

/* Whether the section is about all pages of the server, as far as the text tells. */
static bool is_about_all(apr_pool_t *pool, const server_rec *s, const ap_directive_t *at)
{
    const core_server_config *core = ap_get_core_module_config(s->module_config);
    const ap_directive_t *section = section_of(at);
    if (!section) return true;
    if (section->parent && section->parent != conftree_host(at)) return false;
    const char *args = apr_pstrndup(pool, section->args, strcspn(section->args, ">"));
    const char *path = ap_getword_conf(pool, &args);
    if (conftree_is(section, "<Location")) return strcmp(path, "/") == 0;
    if (!conftree_is(section, "<Directory")) return false;
    const size_t len = strlen(path) - (*path && path[strlen(path) - 1] == '/');
    const char *root = core->ap_document_root ? core->ap_document_root : "";
    return *path && strncmp(root, path, len) == 0 && (root[len] == '/' || root[len] == '\0');
}

/* Where Basic alone is offered, or guests are welcome, HTTP/2 is of use. */
static bool is_for_http2(apr_pool_t *pool, const ap_directive_t *asks)
{
    for (const ap_directive_t *at = ap_conftree; at; at = conftree_next(at)) {
        const bool guests = conftree_says(pool, at, "Require", "ntlm-or-guest");
        const bool basic = conftree_is(at, "NTLMOffer") && ap_cstr_casecmp(at->args, "Basic") == 0;
        if ((guests || basic) && sections_relate(pool, asks, at) != SECTIONS_APART) return true;
    }
    return false;
}

/* What asks, wherever it does: there may be thousands of servers, and the text is looked through
 * once. */
static apr_array_header_t *all_that_ask(apr_pool_t *pool)
{
    apr_array_header_t *all = apr_array_make(pool, 16, sizeof(const ap_directive_t *));
    for (const ap_directive_t *at = ap_conftree; at; at = conftree_next(at))
        if (asks_by_ntlm(pool, at)) APR_ARRAY_PUSH(all, const ap_directive_t *) = at;
    return all;
}

static void warn_about_server(apr_pool_t *pool, const server_rec *s, const apr_array_header_t *all)
{
    const ap_directive_t *at = NULL;
    for (int i = 0; i < all->nelts && !at; i++) {
        const ap_directive_t *asks = APR_ARRAY_IDX(all, i, const ap_directive_t *);
        if (conftree_serves(asks, s) && is_about_all(pool, s, asks)) at = asks;
    }
    if (!at || is_for_http2(pool, at)) return;
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                 "AuthType NTLM (%s:%d): server %s offers HTTP/2, whose requests share a "
                 "connection, so each client is sent back to HTTP/1.1 first; write Protocols "
                 "http/1.1",
                 at->filename, at->line_num, s->server_hostname ? s->server_hostname : "(unnamed)");
}

void http2_warn(apr_pool_t *pool, server_rec *main_server)
{
    const apr_array_header_t *all = NULL;
    for (const server_rec *s = main_server; s; s = s->next) {
        if (!offers_http2(s)) continue;
        if (!all) all = all_that_ask(pool);
        warn_about_server(pool, s, all);
    }
}
