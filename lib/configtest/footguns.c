#include "footguns.h"

#include <http_log.h>
#include <http_protocol.h>

#include "../config/conftree.h"
#include "sections.h"

APLOG_USE_MODULE(auth_ntlmv2);

enum { EVERY_METHOD = -1 };

/* What a section itself says of who may come in. */
typedef struct says_t {
    const ap_directive_t *at; /* the first directive that does */
    const ap_directive_t *section;
    const ap_directive_t *auth_type;
    const ap_directive_t *limit;  /* <Limit> or <LimitExcept> around a Require */
    const ap_directive_t *grants; /* Require all granted, or ntlm-or-guest */
    const ap_directive_t *opens;  /* the same, where it is enough by itself */
    bool ntlm;
    bool asks;           /* a Require wants to know who it is */
    bool greets;         /* one takes guests, too */
    bool merges;         /* what outer sections require holds as well */
    apr_int64_t methods; /* those for which there is a Require of any kind */
} says_t;

/* ---- reading ---- */

static says_t *says_of(apr_array_header_t *all, const ap_directive_t *at)
{
    const ap_directive_t *section = section_of(at);
    for (int i = all->nelts - 1; i >= 0; i--) {
        says_t *says = &APR_ARRAY_IDX(all, i, says_t);
        if (says->section == section) return says;
    }
    says_t *says = apr_array_push(all);
    *says = (says_t){.at = at, .section = section};
    return says;
}

/* As httpd reads what stands behind <Limit and <LimitExcept. */
static apr_int64_t methods_of(apr_pool_t *pool, const ap_directive_t *limit)
{
    apr_int64_t methods = 0;
    const char *args = limit->args;
    for (const char *word = ap_getword_conf(pool, &args); *word;
         word = ap_getword_conf(pool, &args))
        methods |= AP_METHOD_BIT << ap_method_number_of(ap_getword(pool, &word, '>'));
    return conftree_is(limit, "<LimitExcept") ? ~methods : methods;
}

static void read_require(apr_pool_t *pool, says_t *says, const ap_directive_t *at)
{
    apr_int64_t methods = EVERY_METHOD;
    bool enough = true;
    for (const ap_directive_t *around = at->parent; around != section_of(at);
         around = around->parent) {
        enough = enough && conftree_is(around, "<RequireAny");
        if (!conftree_is(around, "<Limit") && !conftree_is(around, "<LimitExcept")) continue;
        methods = methods_of(pool, around);
        says->limit = around;
    }
    says->methods |= methods;
    bool greets = conftree_says(pool, at, "Require", "ntlm-or-guest");
    if (greets)
        says->greets = true;
    else if (!conftree_says(pool, at, "Require", "all"))
        says->asks = true;
    if (greets || ap_find_token(pool, at->args, "granted")) {
        says->grants = at;
        if (enough) says->opens = at;
    }
}

static void read_directive(apr_pool_t *pool, apr_array_header_t *all, const ap_directive_t *at)
{
    if (!conftree_is(at, "AuthType") && !conftree_is(at, "Require") &&
        !conftree_is(at, "AuthMerging"))
        return;
    if (!section_of(at)) return; /* httpd takes none of them there */
    says_t *says = says_of(all, at);
    if (conftree_is(at, "Require")) read_require(pool, says, at);
    if (conftree_is(at, "AuthMerging") && !conftree_says(pool, at, "AuthMerging", "Off"))
        says->merges = true;
    if (!conftree_is(at, "AuthType")) return;
    says->auth_type = at;
    says->ntlm = conftree_says(pool, at, "AuthType", "NTLM");
}

/* ---- AuthType without Require ---- */

/* Whether .htaccess may say what is missing: the nearest AllowOverride decides. */
static bool htaccess_may_ask(apr_pool_t *pool, const apr_array_header_t *overrides,
                             const says_t *says)
{
    bool here = false, allowed_here = false, allowed_around = false, allowed_else = false;
    for (int i = 0; i < overrides->nelts; i++) {
        const ap_directive_t *at = APR_ARRAY_IDX(overrides, i, const ap_directive_t *);
        bool list = conftree_is(at, "AllowOverrideList");
        bool allows = ap_find_token(pool, at->args, list ? "Require" : "AuthConfig") ||
                      ap_find_token(pool, at->args, "All");
        switch (sections_relate(pool, says->at, at)) {
        case SECTIONS_APART: break;
        case SECTIONS_SAME: here = true, allowed_here |= allows; break;
        case SECTION_INSIDE: allowed_around |= allows; break;
        default: allowed_else |= allows;
        }
    }
    return allowed_else || (here ? allowed_here : allowed_around);
}

/* Whether the one's Require may hold for requests of the other. A section that has an
 * AuthType of its own is complete by itself, wherever it may lie. */
static bool asks_for(apr_pool_t *pool, const says_t *other, const says_t *says)
{
    if (!other->asks && !other->greets) return false;
    switch (sections_relate(pool, says->at, other->at)) {
    case SECTIONS_APART: return false;
    case SECTION_INSIDE: return !says->methods || says->merges; /* else replaced */
    case SECTIONS_UNKNOWN: return !other->auth_type;
    default: return true;
    }
}

/* The section's own Require first: most have one, and there may be thousands. */
static void warn_without_require(apr_pool_t *pool, server_rec *s, const apr_array_header_t *all,
                                 const apr_array_header_t *overrides, const says_t *says)
{
    if (!says->ntlm || says->asks || says->greets || htaccess_may_ask(pool, overrides, says))
        return;
    for (int i = 0; i < all->nelts; i++)
        if (asks_for(pool, &APR_ARRAY_IDX(all, i, says_t), says)) return;
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                 "AuthType NTLM (%s:%d): no Require asks for a login here, so nobody needs one; "
                 "write Require valid-user",
                 says->auth_type->filename, says->auth_type->line_num);
}

/* ---- Require for some methods only ---- */

static bool leaves_methods_open(const says_t *says)
{
    return says->limit && says->methods != EVERY_METHOD && !says->merges;
}

static bool is_ntlm(apr_pool_t *pool, const apr_array_header_t *all, const says_t *says)
{
    if (says->auth_type) return says->ntlm;
    for (int i = 0; i < all->nelts; i++) {
        const says_t *other = &APR_ARRAY_IDX(all, i, says_t);
        if (!other->ntlm) continue;
        section_relation_t relation = sections_relate(pool, says->at, other->at);
        if (relation == SECTIONS_SAME || relation == SECTION_INSIDE) return true;
        if (relation == SECTION_OUTSIDE && !other->methods) return true; /* inherited */
    }
    return false;
}

static void warn_about_limit(apr_pool_t *pool, server_rec *s, const apr_array_header_t *all,
                             const says_t *says)
{
    if (!leaves_methods_open(says) || !is_ntlm(pool, all, says)) return;
    if (says->ntlm && !says->asks) return; /* said above */
    const char *args = says->limit->args;
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                 "%s %s (%s:%d): every Require of its section stands inside, so other methods need "
                 "no login; write Require valid-user outside of it, and Require method for those "
                 "that are for everybody",
                 says->limit->directive, args, says->limit->filename, says->limit->line_num);
}

/* ---- Require beside Require ---- */

static void warn_about_granted(apr_pool_t *pool, server_rec *s, const apr_array_header_t *all,
                               const says_t *says)
{
    const ap_directive_t *at = says->opens;
    if (!at || !says->asks || says->merges || !is_ntlm(pool, all, says)) return;
    ap_log_error(
        APLOG_MARK, APLOG_WARNING, 0, s,
        "Require %s (%s:%d): one Require of several is enough, so nobody needs the login that "
        "another one asks for; write <RequireAll> around them, or none of it",
        at->args, at->filename, at->line_num);
}

/* ---- Require that another section replaces ---- */

/* Whether the other one counts for all that the first is about, and more than that:
 * <Location>s count in the order in which they stand, and behind everything on the disk. */
static bool replaces(apr_pool_t *pool, const says_t *other, const says_t *says)
{
    const ap_directive_t *section = section_of(says->at), *behind = section_of(other->at);
    section_relation_t relation = sections_relate(pool, says->at, other->at);
    if (relation == SECTIONS_APART || !conftree_is(behind, "<Location")) return false;
    if (conftree_is(section, "<Location")) return relation == SECTION_INSIDE && says < other;
    bool everything = conftree_says(pool, behind, "<Location", "/") ||
                      conftree_says(pool, behind, "<Location", "/>");
    return everything && (conftree_is(section, "<Directory") || conftree_is(section, "<Files"));
}

static void warn_about_replaced(apr_pool_t *pool, server_rec *s, const apr_array_header_t *all,
                                const says_t *says)
{
    for (int i = 0; says->ntlm && says->asks && i < all->nelts; i++) {
        const says_t *other = &APR_ARRAY_IDX(all, i, says_t);
        bool opens =
            (other->grants && !other->asks && !other->merges) || leaves_methods_open(other);
        if (!opens || !replaces(pool, other, says)) continue;
        const ap_directive_t *section = section_of(other->at);
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                     "AuthType NTLM (%s:%d): %s %s (%s:%d) counts after it, so nobody needs the "
                     "login that its Require asks for; write that section in front of it, or as "
                     "<Directory>",
                     says->auth_type->filename, says->auth_type->line_num, section->directive,
                     section->args, section->filename, section->line_num);
    }
}

/* ---- Satisfy ---- */

/* mod_access_compat lets in whom nothing keeps out by his address, and whom all are. */
static bool keeps_out(apr_pool_t *pool, const apr_array_header_t *compat, const ap_directive_t *any)
{
    bool out = false;
    for (int i = 0; i < compat->nelts; i++) {
        const ap_directive_t *at = APR_ARRAY_IDX(compat, i, const ap_directive_t *);
        if (conftree_is(at, "Satisfy") || sections_relate(pool, any, at) == SECTIONS_APART)
            continue;
        if (conftree_is(at, "Allow") && ap_cstr_casecmp(at->args, "from all") == 0) return false;
        if (!conftree_says(pool, at, "Order", "deny,allow") && !conftree_is(at, "Allow"))
            out = true;
    }
    return out;
}

static void warn_about_satisfy(apr_pool_t *pool, server_rec *s, const apr_array_header_t *all,
                               const apr_array_header_t *compat, const ap_directive_t *any)
{
    const ap_directive_t *login = NULL;
    if (!conftree_says(pool, any, "Satisfy", "Any")) return;
    if (keeps_out(pool, compat, any)) return;
    for (int i = 0; i < all->nelts && !login; i++) {
        const says_t *says = &APR_ARRAY_IDX(all, i, says_t);
        section_relation_t relation = sections_relate(pool, any, says->at);
        if (says->ntlm && relation != SECTIONS_APART && relation != SECTIONS_UNKNOWN)
            login = says->auth_type;
    }
    if (!login) return;
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                 "Satisfy Any (%s:%d): no Deny keeps anybody out, so nobody needs the login of "
                 "AuthType NTLM (%s:%d); write <RequireAny> with Require ip and valid-user instead",
                 any->filename, any->line_num, login->filename, login->line_num);
}

/* The tree is walked once. What is found is compared with all others: what that takes is given
 * back before the next one. */
void footguns_warn(apr_pool_t *pool, server_rec *main_server)
{
    apr_array_header_t *all = apr_array_make(pool, 16, sizeof(says_t));
    apr_array_header_t *overrides = apr_array_make(pool, 4, sizeof(const ap_directive_t *));
    apr_array_header_t *compat = apr_array_make(pool, 4, sizeof(const ap_directive_t *));
    apr_pool_t *scratch;
    apr_pool_create(&scratch, pool);
    for (const ap_directive_t *at = ap_conftree; at; at = conftree_next(at)) {
        read_directive(scratch, all, at);
        if (conftree_is(at, "AllowOverride") || conftree_is(at, "AllowOverrideList"))
            APR_ARRAY_PUSH(overrides, const ap_directive_t *) = at;
        if (conftree_is(at, "Satisfy") || conftree_is(at, "Allow") || conftree_is(at, "Deny") ||
            conftree_is(at, "Order"))
            APR_ARRAY_PUSH(compat, const ap_directive_t *) = at;
        apr_pool_clear(scratch);
    }
    for (int i = 0; i < compat->nelts; i++) {
        warn_about_satisfy(scratch, main_server, all, compat,
                           APR_ARRAY_IDX(compat, i, const ap_directive_t *));
        apr_pool_clear(scratch);
    }
    for (int i = 0; i < all->nelts; i++) {
        warn_without_require(scratch, main_server, all, overrides, &APR_ARRAY_IDX(all, i, says_t));
        warn_about_limit(scratch, main_server, all, &APR_ARRAY_IDX(all, i, says_t));
        warn_about_granted(scratch, main_server, all, &APR_ARRAY_IDX(all, i, says_t));
        warn_about_replaced(scratch, main_server, all, &APR_ARRAY_IDX(all, i, says_t));
        apr_pool_clear(scratch);
    }
    apr_pool_destroy(scratch);
}
