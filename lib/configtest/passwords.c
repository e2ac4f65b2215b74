#include "passwords.h"

#include <http_log.h>

#include "../config/conftree.h"
#include "cleartext.h"
#include "sections.h"

APLOG_USE_MODULE(auth_ntlmv2);

typedef enum kind_t { OFFER, PROVIDER, BINDING, MIC, SERVICE, THROTTLE, NO_KIND } kind_t;

/* What matters of a directive: that Basic is in it, that it demands or counts. They are in the
 * order in which they stand. */
typedef struct said_t {
    const ap_directive_t *at;
    kind_t kind;
    bool on;
} said_t;

/* ---- reading ---- */

static kind_t kind_of(const ap_directive_t *at)
{
    if (conftree_is(at, "NTLMOffer")) return OFFER;
    if (conftree_is(at, "AuthBasicProvider") || conftree_is(at, "AuthFormProvider"))
        return PROVIDER;
    if (conftree_is(at, "NTLMExtendedProtection")) return BINDING;
    if (conftree_is(at, "NTLMRequireMIC")) return MIC;
    if (conftree_is(at, "NTLMServiceNames")) return SERVICE;
    return conftree_is(at, "NTLMThrottle") ? THROTTLE : NO_KIND;
}

static bool is_on(apr_pool_t *pool, const ap_directive_t *at, kind_t kind)
{
    switch (kind) {
    case OFFER: return conftree_lists(pool, at, at->directive, "Basic");
    case PROVIDER: return conftree_lists(pool, at, at->directive, "ntlm");
    case BINDING:
    case SERVICE: return conftree_says(pool, at, at->directive, "require");
    case MIC: return conftree_says(pool, at, at->directive, "on");
    default: return !conftree_says(pool, at, at->directive, "off");
    }
}

static const apr_array_header_t *read_all(apr_pool_t *pool, apr_pool_t *scratch)
{
    apr_array_header_t *all = apr_array_make(pool, 8, sizeof(said_t));
    for (const ap_directive_t *at = ap_conftree; at; at = conftree_next(at)) {
        kind_t kind = kind_of(at);
        if (kind == NO_KIND) continue;
        APR_ARRAY_PUSH(all, said_t) = (said_t){at, kind, is_on(scratch, at, kind)};
        apr_pool_clear(scratch);
    }
    return all;
}

/* ---- which of them meet ---- */

static bool lies_within(apr_pool_t *pool, const said_t *inner, const said_t *outer)
{
    section_relation_t relation = sections_relate(pool, inner->at, outer->at);
    return relation == SECTION_INSIDE || (relation == SECTIONS_SAME && inner > outer);
}

/* Whether one that stands nearer to the inner one, or behind the outer one, counts in its place. */
static bool is_replaced(apr_pool_t *pool, const apr_array_header_t *all, const said_t *inner,
                        const said_t *outer)
{
    for (int i = 0; i < all->nelts; i++) {
        const said_t *other = &APR_ARRAY_IDX(all, i, said_t);
        if (other->kind != outer->kind || other == outer) continue;
        section_relation_t relation = sections_relate(pool, inner->at, other->at);
        bool counts = relation == SECTION_INSIDE || relation == SECTIONS_SAME;
        if (counts && lies_within(pool, other, outer)) return true;
    }
    return false;
}

static bool meet(apr_pool_t *pool, const apr_array_header_t *all, const said_t *a, const said_t *b)
{
    switch (sections_relate(pool, a->at, b->at)) {
    case SECTIONS_SAME: return !is_replaced(pool, all, a, b) && !is_replaced(pool, all, b, a);
    case SECTION_INSIDE: return !is_replaced(pool, all, a, b) && !is_replaced(pool, all, a, a);
    case SECTION_OUTSIDE: return !is_replaced(pool, all, b, a) && !is_replaced(pool, all, b, b);
    default: return false;
    }
}

/* ---- what is wrong ---- */

static bool demands(const said_t *said)
{
    return said->on && (said->kind == BINDING || said->kind == MIC || said->kind == SERVICE);
}

/* False if the server must not start like this. */
static bool complain(server_rec *s, const said_t *taker, const said_t *demand)
{
    const ap_directive_t *at = taker->at, *other = demand->at;
    if (taker->kind == OFFER)
        ap_log_error(APLOG_MARK, APLOG_CRIT, 0, s,
                     "%s %s (%s:%d): %s %s (%s:%d) demands more than a password, and Basic would "
                     "be the way round it; write NTLMOffer without Basic in that section, or %s %s",
                     at->directive, at->args, at->filename, at->line_num, other->directive,
                     other->args, other->filename, other->line_num, other->directive,
                     demand->kind == MIC ? "off" : "allow");
    else
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                     "%s %s (%s:%d): %s %s (%s:%d) demands more than a password, so nobody gets "
                     "in; write %s %s in that section",
                     at->directive, at->args, at->filename, at->line_num, other->directive,
                     other->args, other->filename, other->line_num, other->directive,
                     demand->kind == MIC ? "off" : "allow");
    return taker->kind != OFFER;
}

static bool is_allowed(apr_pool_t *pool, server_rec *s, const apr_array_header_t *all,
                       const said_t *taker)
{
    for (int i = 0; i < all->nelts; i++) {
        const said_t *demand = &APR_ARRAY_IDX(all, i, said_t);
        if (demands(demand) && meet(pool, all, taker, demand)) return complain(s, taker, demand);
    }
    return true;
}

/* What the text does not tell may count them. */
static bool is_counted(apr_pool_t *pool, const apr_array_header_t *all, const said_t *taker)
{
    bool counted = false;
    for (int i = 0; i < all->nelts; i++) {
        const said_t *throttle = &APR_ARRAY_IDX(all, i, said_t);
        if (throttle->kind != THROTTLE) continue;
        section_relation_t relation = sections_relate(pool, taker->at, throttle->at);
        if (relation == SECTIONS_UNKNOWN) return true;
        bool applies = relation == SECTIONS_SAME || relation == SECTION_INSIDE;
        if (applies && !is_replaced(pool, all, taker, throttle)) counted |= throttle->on;
    }
    return counted;
}

static void warn_about_guesses(server_rec *s, const said_t *taker)
{
    const ap_directive_t *at = taker->at;
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                 "%s %s (%s:%d): nobody counts who guesses passwords here, and one request is "
                 "enough for a guess; write NTLMThrottle 10/300",
                 at->directive, at->args, at->filename, at->line_num);
}

/* The first NTLMBasicWithoutTLS on, or NULL. */
static const ap_directive_t *clear_text_will_do(apr_pool_t *pool)
{
    const ap_directive_t *at = ap_conftree;
    while (at && !conftree_says(pool, at, "NTLMBasicWithoutTLS", "on")) at = conftree_next(at);
    return at;
}

static void warn_about_clear_text(apr_pool_t *pool, server_rec *s, const said_t *taker)
{
    const ap_directive_t *at = taker->at;
    if (!cleartext_alone() || clear_text_will_do(pool)) return;
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                 "%s %s (%s:%d): no module speaks TLS, so no password is taken here; load mod_ssl "
                 "(Debian: a2enmod ssl), or behind a front end that ends TLS write "
                 "NTLMBasicWithoutTLS on",
                 at->directive, at->args, at->filename, at->line_num);
}

/* A front end that ends TLS says who its clients are, as a rule. */
static void warn_about_readers(apr_pool_t *pool, server_rec *s)
{
    const ap_directive_t *at = clear_text_will_do(pool);
    if (!at || conftree_find(ap_conftree, "RemoteIPHeader") ||
        conftree_find(ap_conftree, "RemoteIPProxyProtocol"))
        return;
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                 "NTLMBasicWithoutTLS on (%s:%d): passwords of Basic are taken in clear text, "
                 "which everybody on the way can read; write NTLMBasicWithoutTLS off, or behind a "
                 "front end that ends TLS RemoteIPHeader, too, so that guesses are counted by "
                 "client",
                 at->filename, at->line_num);
}

/* What a comparison takes is given back before the next one. */
bool passwords_fit(apr_pool_t *pool, server_rec *main_server)
{
    bool fit = true, taken = false;
    apr_pool_t *scratch;
    apr_pool_create(&scratch, pool);
    const apr_array_header_t *all = read_all(pool, scratch);
    for (int i = 0; i < all->nelts; i++) {
        const said_t *taker = &APR_ARRAY_IDX(all, i, said_t);
        if (!taker->on || (taker->kind != OFFER && taker->kind != PROVIDER)) continue;
        taken = true;
        fit = is_allowed(scratch, main_server, all, taker);
        if (!fit) break;
        if (!is_counted(scratch, all, taker)) warn_about_guesses(main_server, taker);
        warn_about_clear_text(scratch, main_server, taker);
        apr_pool_clear(scratch);
    }
    if (taken) warn_about_readers(scratch, main_server);
    apr_pool_destroy(scratch);
    return fit;
}
