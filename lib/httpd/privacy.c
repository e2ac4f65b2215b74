#include "privacy.h"

#include <stdbool.h>
#include <string.h>

#include <apr_strings.h>

#include <http_config.h>
#include <http_protocol.h>
#include <http_request.h>
#include <util_filter.h>

#include "attempt.h"
#include "../config/conftree.h"
#include "http.h"

static const char cache_control[] = "Cache-Control";

/* ---- which answers ---- */

/* mod_headers may have been there before ("early"), an application not yet. */
void privacy_demand(request_rec *r)
{
    if (http_is_to_proxy(r) || attempt_is_private(r)) return;
    if (!r->main) attempt_set_private(r);
    apr_table_mergen(r->err_headers_out, cache_control, "private");
}

static int look(request_rec *r)
{
    if (conn_is_logged_in(r->connection) || http_has_token(r)) privacy_demand(r);
    return DECLINED;
}

/* ---- the last word ---- */

/* The words of a header, but those that "private" contradicts or repeats. */
static const char *without_privacy(apr_pool_t *pool, const char *said)
{
    apr_array_header_t *words = apr_array_make(pool, 8, sizeof(const char *));
    for (const char *word; (word = ap_get_list_item(pool, &said)) != NULL;) {
        if (strcmp(word, "private") == 0 || strcmp(word, "public") == 0) continue;
        APR_ARRAY_PUSH(words, const char *) = word;
        APR_ARRAY_PUSH(words, const char *) = ", ";
    }
    return apr_array_pstrcat(pool, words, '\0');
}

static bool agrees(const char *said)
{
    return !said || !(ap_strcasestr(said, "public") || ap_strcasestr(said, "private"));
}

/* Where others have said something else, one line: of "private" and "public" HAProxy believes
 * the last one. */
static apr_status_t say_private(ap_filter_t *f, apr_bucket_brigade *bb)
{
    request_rec *r = f->r;
    const char *ours = apr_table_getm(r->pool, r->err_headers_out, cache_control);
    const char *theirs = apr_table_getm(r->pool, r->headers_out, cache_control);
    if (!ours || strcmp(ours, "private") != 0 || !agrees(theirs)) {
        const char *first = ours ? without_privacy(r->pool, ours) : "";
        const char *second = theirs ? without_privacy(r->pool, theirs) : "";
        apr_table_unset(r->headers_out, cache_control);
        apr_table_setn(r->err_headers_out, cache_control,
                       apr_pstrcat(r->pool, first, second, "private", NULL));
    }
    ap_remove_output_filter(f);
    return ap_pass_brigade(f->next, bb);
}

static ap_filter_rec_t *last_word;

/* Written by privacy_learn() before the children exist. */
static bool configured;

/* httpd calls an application by its handler, which plain files have none of, or as many manuals
 * of PHP have it by a type. */
static bool is_application(const request_rec *r)
{
    static const char type[] = "application/x-httpd-";
    return r->handler || (r->content_type && strncmp(r->content_type, type, sizeof type - 1) == 0);
}

/* Only where somebody else may have spoken: the configuration, or an application. */
static void insert(request_rec *r)
{
    if (r->main || !(configured || is_application(r)) || !attempt_is_private(r)) return;
    ap_add_output_filter_handle(last_word, NULL, r, r->connection);
}

/* Whether a directive of that name stands anywhere whose arguments hold both texts. */
static bool stands(const char *directive, const char *one, const char *two)
{
    const ap_directive_t *at = conftree_find(ap_conftree, directive);
    while (at && !(ap_strcasestr(at->args, one) && ap_strcasestr(at->args, two)))
        at = conftree_find(conftree_next(at), directive);
    return at != NULL;
}

/* What takes our word away, or speaks of these two, or says nobody knows what. In .htaccess
 * anything may stand. */
void privacy_learn(void)
{
    static const char *const harm[] = {"always", "public", "private", "%", "expr="};
    configured = stands("AllowOverride", "All", "") || stands("AllowOverride", "FileInfo", "") ||
                 stands("AllowOverrideList", "Header", "");
    for (size_t i = 0; i < sizeof harm / sizeof harm[0]; i++)
        configured = configured || stands("Header", cache_control, harm[i]);
}

/* Behind mod_proxy, which finds out who takes us for a proxy, and mod_headers, whose words
 * come late; before mod_cache, which must see ours. */
void privacy_register(void)
{
    last_word = ap_register_output_filter("NTLM_PRIVACY", say_private, NULL, AP_FTYPE_CONTENT_SET);
    ap_hook_post_read_request(look, NULL, NULL, APR_HOOK_REALLY_LAST);
    ap_hook_insert_filter(insert, NULL, NULL, APR_HOOK_REALLY_LAST);
    ap_hook_insert_error_filter(insert, NULL, NULL, APR_HOOK_REALLY_LAST);
}
