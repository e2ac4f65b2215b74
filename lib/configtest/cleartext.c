#include "cleartext.h"

#include <http_log.h>
#include <http_ssl.h>

#include "../config/conftree.h"
#include "sections.h"

APLOG_USE_MODULE(auth_ntlmv2);

bool cleartext_alone(void)
{
    const apr_array_header_t *hooked = ap_hook_get_ssl_conn_is_ssl();
    return !hooked || hooked->nelts == 0;
}

/* An NTLMRequireTLS; they are in the order in which they stand. */
typedef struct tls_t {
    const ap_directive_t *at;
    bool on;
} tls_t;

static void read_tls(apr_pool_t *pool, apr_array_header_t *all, const ap_directive_t *at)
{
    bool on = conftree_says(pool, at, "NTLMRequireTLS", "on");
    if (on || conftree_says(pool, at, "NTLMRequireTLS", "off"))
        APR_ARRAY_PUSH(all, tls_t) = (tls_t){at, on};
}

/* The outer directive that an inner one takes back, or NULL. <Location>s count in the order
 * in which they stand. */
static const ap_directive_t *taken_back(apr_pool_t *pool, const apr_array_header_t *all,
                                        const tls_t *off)
{
    for (int i = 0; i < all->nelts; i++) {
        const tls_t *on = &APR_ARRAY_IDX(all, i, tls_t);
        if (!on->on || sections_relate(pool, off->at, on->at) != SECTION_INSIDE) continue;
        const ap_directive_t *section = section_of(on->at);
        bool in_order = section && ap_cstr_casecmp(section->directive, "<Location") == 0;
        if (on < off || !in_order) return on->at;
    }
    return NULL;
}

static void warn(apr_pool_t *pool, server_rec *s, const apr_array_header_t *all, const tls_t *tls)
{
    const ap_directive_t *off = tls->at, *on = tls->on ? NULL : taken_back(pool, all, tls);
    if (!on) return;
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                 "NTLMRequireTLS off (%s:%d): it takes back NTLMRequireTLS on (%s:%d), so logins "
                 "are taken in clear text here; write NTLMRequireTLS on",
                 off->filename, off->line_num, on->filename, on->line_num);
}

/* What a comparison takes is given back before the next one. */
void cleartext_warn(apr_pool_t *pool, server_rec *main_server)
{
    apr_array_header_t *all = apr_array_make(pool, 4, sizeof(tls_t));
    apr_pool_t *scratch;
    apr_pool_create(&scratch, pool);
    for (const ap_directive_t *at = ap_conftree; at; at = conftree_next(at)) {
        read_tls(scratch, all, at);
        apr_pool_clear(scratch);
    }
    for (int i = 0; i < all->nelts; i++) {
        warn(scratch, main_server, all, &APR_ARRAY_IDX(all, i, tls_t));
        apr_pool_clear(scratch);
    }
    apr_pool_destroy(scratch);
}
