#include "accesslog.h"

#include <string.h>

#include <apr_optional.h>
#include <apr_strings.h>

#include <httpd.h>

#include <http_config.h>
#include <http_log.h>
#include <mod_log_config.h>

#include "../config/conftree.h"
#include "escaped.h"
#include "items.h"
#include "outcome.h"

APLOG_USE_MODULE(auth_ntlmv2);

/* ---- what stands in the line ---- */

static const char *json_item(request_rec *r, char *name)
{
    const item_t item = item_of(r, name);
    return item.text && item.is_number ? item.text : escaped_json(r->pool, item.text);
}

static const char *w3c_item(request_rec *r, char *name)
{
    return escaped_w3c(r->pool, item_of(r, name).text);
}

static const char *json_outcome(request_rec *r, char *nothing)
{
    (void)nothing;
    return outcome_json(r);
}

static struct {
    char tag[4];
    ap_log_handler_fn_t *handler;
    bool has_item;
} tags[] = {
    {"^JS", json_item, true},
    {"^W3", w3c_item, true},
    {"^NT", json_outcome, false},
};
enum { TAGS = sizeof tags / sizeof *tags };

static int tell_log_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp)
{
    (void)plog, (void)ptemp;
    APR_OPTIONAL_FN_TYPE(ap_register_log_handler) *tell =
        APR_RETRIEVE_OPTIONAL_FN(ap_register_log_handler);
    for (size_t i = 0; tell && i < TAGS; i++) tell(pconf, tags[i].tag, tags[i].handler, 0);
    return OK;
}

/* ---- what may stand in a format ---- */

static bool has_formats(const ap_directive_t *at)
{
    static const char *const names[] = {"LogFormat", "CustomLog", "GlobalLog"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (conftree_is(at, names[i])) return true;
    return false;
}

/* The name of the item before a tag at that place of a format; "" if it has none, NULL if the tag
 * is only text. */
static const char *item_before(apr_pool_t *pool, const char *format, const char *tag)
{
    const char *end = tag, *name;
    while (end > format && strchr("<>!,0123456789", end[-1])) end--;
    if (end > format && end[-1] == '%') return "";
    if (end == format || *--end != '}') return NULL;
    for (name = end; name > format && name[-1] != '{';) name--;
    return apr_pstrndup(pool, name, (apr_size_t)(end - name));
}

/* NULL, or the name of an item that is none. */
static const char *unknown_item(apr_pool_t *pool, const char *format, const char *tag)
{
    for (const char *at = format; (at = strstr(at, tag)) != NULL; at++) {
        const char *name = item_before(pool, format, at);
        if (name && !item_is_known(name)) return name;
    }
    return NULL;
}

static int check_formats(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *s)
{
    int result = OK;
    (void)pconf, (void)plog;
    for (const ap_directive_t *at = ap_conftree; at; at = conftree_next(at)) {
        for (size_t i = 0; i < TAGS && has_formats(at); i++) {
            const char *name = tags[i].has_item ? unknown_item(ptemp, at->args, tags[i].tag) : NULL;
            if (!name) continue;
            ap_log_error(APLOG_MARK, APLOG_CRIT, 0, s,
                         "%s (%s:%d): %%{%s}%s names no item; write one of %s", at->directive,
                         at->filename, at->line_num, name, tags[i].tag, item_names(ptemp));
            result = HTTP_INTERNAL_SERVER_ERROR;
        }
    }
    return result;
}

void accesslog_register(void)
{
    ap_hook_pre_config(tell_log_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_check_config(check_formats, NULL, NULL, APR_HOOK_MIDDLE);
}
