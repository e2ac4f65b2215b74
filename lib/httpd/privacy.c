#include "privacy.h"

#include <stdbool.h>
#include <string.h>

#include <apr_strings.h>

#include <http_config.h>
#include <http_protocol.h>
#include <http_request.h>
#include <util_filter.h>

#include "attempt.h"
#include "../config/offer.h"
#include "../http/http.h"

static const char cache_control[] = "Cache-Control", private[] = "private";

/* ---- which answers ---- */

/* Written by privacy_learn() before the children exist. */
static bool may_be_cached;

void privacy_learn(void)
{
    may_be_cached = ap_find_linked_module("mod_cache.c") != NULL;
}

/* What mod_cache answers with has lost our filter: among its headers ours must stand already. */
void privacy_demand(request_rec *r)
{
    if (http_is_to_proxy(r) || attempt_is_private(r)) return;
    if (!r->main) attempt_set_private(r);
    if (r->main || may_be_cached) apr_table_mergen(r->err_headers_out, cache_control, private);
}

static int look(request_rec *r)
{
    if (conn_is_logged_in(r->connection) || offer_anywhere(http_scheme(r))) privacy_demand(r);
    return DECLINED;
}

/* ---- the last word ---- */

/* The words of all these lines, but those that "private" contradicts or repeats. */
static const char *without_privacy(apr_pool_t *pool, const char *said)
{
    apr_array_header_t *words = apr_array_make(pool, 8, sizeof(const char *));
    for (const char *word; (word = ap_get_list_item(pool, &said)) != NULL;) {
        if (strcmp(word, private) == 0 || strcmp(word, "public") == 0) continue;
        APR_ARRAY_PUSH(words, const char *) = word;
        APR_ARRAY_PUSH(words, const char *) = ", ";
    }
    return apr_array_pstrcat(pool, words, '\0');
}

static bool are_said(const apr_table_t *headers)
{
    return !apr_is_empty_table(headers) && apr_table_get(headers, cache_control) != NULL;
}

/* Takes all lines out of these headers, and gives their words. */
static const char *take(request_rec *r, apr_table_t *headers)
{
    const char *said = apr_table_getm(r->pool, headers, cache_control);
    apr_table_unset(headers, cache_control);
    return said ? without_privacy(r->pool, said) : "";
}

/* One line, whatever others have said: of "private" and "public" HAProxy believes the last one.
 * Among headers for errors it would cost httpd a copy of all headers. */
static apr_status_t say_private(ap_filter_t *f, apr_bucket_brigade *bb)
{
    request_rec *r = f->r;
    const char *all = private;
    if (are_said(r->err_headers_out) || are_said(r->headers_out))
        all = apr_pstrcat(r->pool, take(r, r->err_headers_out), take(r, r->headers_out), private,
                          NULL);
    apr_table_addn(r->headers_out, cache_control, all);
    ap_remove_output_filter(f);
    return ap_pass_brigade(f->next, bb);
}

/* No header tells a guest's request from that of somebody whose connection is logged in, so a
 * kept page has to be asked for again; no cache may answer a token with it. */
static apr_status_t say_guest(ap_filter_t *f, apr_bucket_brigade *bb)
{
    request_rec *r = f->r;
    if (!apr_table_get(r->headers_out, cache_control) &&
        !apr_table_get(r->err_headers_out, cache_control))
        apr_table_setn(r->headers_out, cache_control, "no-cache");
    apr_table_mergen(r->headers_out, "Vary", "Authorization");
    ap_remove_output_filter(f);
    return ap_pass_brigade(f->next, bb);
}

static ap_filter_rec_t *last_word, *guests_word;

static void insert(request_rec *r)
{
    if (r->main) return;
    if (attempt_is_private(r))
        ap_add_output_filter_handle(last_word, NULL, r, r->connection);
    else if (attempt_is_guest(r) && !http_is_to_proxy(r))
        ap_add_output_filter_handle(guests_word, NULL, r, r->connection);
}

/* Behind mod_proxy, which finds out who takes us for a proxy, and mod_headers, whose words
 * come late; before mod_cache, which must see ours. */
void privacy_register(void)
{
    last_word = ap_register_output_filter("NTLM_PRIVACY", say_private, NULL, AP_FTYPE_CONTENT_SET);
    guests_word = ap_register_output_filter("NTLM_GUEST", say_guest, NULL, AP_FTYPE_CONTENT_SET);
    ap_hook_post_read_request(look, NULL, NULL, APR_HOOK_REALLY_LAST);
    ap_hook_insert_filter(insert, NULL, NULL, APR_HOOK_REALLY_LAST);
    ap_hook_insert_error_filter(insert, NULL, NULL, APR_HOOK_REALLY_LAST);
}
