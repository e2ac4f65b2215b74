#include "unused.h"

#include <http_log.h>

#include "../config/conftree.h"
#include "../config/directives.h"
#include "asks.h"
#include "sections.h"

APLOG_USE_MODULE(auth_ntlmv2);

/* Of a section: the first of our directives in it, and the first that asks for accounts. */
typedef struct place_said_t {
    const ap_directive_t *section, *host, *ours, *asks;
} place_said_t;

static bool is_ours(const ap_directive_t *at)
{
    for (const command_rec *row = config_directives; row->cmd_data; row++)
        if (row->req_override != RSRC_CONF && conftree_is(at, row->name)) return true;
    return false;
}

/* What the text does not show may ask: a type that a request decides about, .htaccess, an alias of
 * our provider. */
static bool may_ask_elsewhere(apr_pool_t *pool, const ap_directive_t *at)
{
    if (conftree_is(at, "AuthType")) return ap_strstr_c(at->args, "%{") != NULL;
    if (conftree_is(at, "AllowOverrideList")) return ap_find_token(pool, at->args, "AuthType") != 0;
    if (conftree_is(at, "AllowOverride"))
        return ap_find_token(pool, at->args, "AuthConfig") || ap_find_token(pool, at->args, "All");
    return conftree_says(pool, at, "<AuthnProviderAlias", "ntlm");
}

static place_said_t *said_in_section_of(apr_array_header_t *all, const ap_directive_t *at)
{
    const ap_directive_t *section = section_of(at), *host = conftree_host(at);
    for (int i = all->nelts - 1; i >= 0; i--) {
        place_said_t *said = &APR_ARRAY_IDX(all, i, place_said_t);
        if (said->section == section && said->host == host) return said;
    }
    place_said_t *said = apr_array_push(all);
    *said = (place_said_t){.section = section, .host = host};
    return said;
}

/* The section itself asks, as a rule, else one beside it, or what stands first, of the server:
 * there may be thousands. */
static bool is_used(apr_pool_t *pool, const apr_array_header_t *all, int place)
{
    const place_said_t *said = &APR_ARRAY_IDX(all, place, place_said_t);
    if (said->asks) return true;
    for (int away = 0; away < all->nelts; away++) {
        const int near[] = {place - away, place + away, away};
        for (size_t i = 0; i < sizeof near / sizeof *near; i++) {
            if (near[i] < 0 || near[i] >= all->nelts) continue;
            const ap_directive_t *asks = APR_ARRAY_IDX(all, near[i], place_said_t).asks;
            if (asks && sections_relate(pool, said->ours, asks) != SECTIONS_APART) return true;
        }
    }
    return false;
}

static void warn(server_rec *s, const ap_directive_t *at)
{
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                 "%s %s (%s:%d): nothing asks for its accounts here, so it does nothing; write "
                 "AuthType NTLM there, or it where that stands",
                 at->directive, at->args, at->filename, at->line_num);
}

void unused_warn(apr_pool_t *pool, server_rec *main_server)
{
    enum { MOST = 10 }; /* each has had all others looked at */
    apr_array_header_t *all = apr_array_make(pool, 16, sizeof(place_said_t));
    apr_pool_t *scratch;
    bool elsewhere = false;
    apr_pool_create(&scratch, pool);
    for (const ap_directive_t *at = ap_conftree; at; at = conftree_next(at)) {
        const bool asks = asks_for_accounts(scratch, at), ours = !asks && is_ours(at);
        elsewhere |= may_ask_elsewhere(scratch, at);
        apr_pool_clear(scratch);
        if (!asks && !ours) continue;
        place_said_t *said = said_in_section_of(all, at);
        if (asks && !said->asks) said->asks = at;
        if (ours && !said->ours) said->ours = at;
    }
    for (int i = 0, told = 0; i < all->nelts && told < MOST && !elsewhere; i++) {
        const place_said_t *said = &APR_ARRAY_IDX(all, i, place_said_t);
        if (said->ours && !is_used(scratch, all, i)) {
            warn(main_server, said->ours);
            told++;
        }
        apr_pool_clear(scratch);
    }
    apr_pool_destroy(scratch);
}
