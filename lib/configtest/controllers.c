#include "controllers.h"

#include <string.h>

#include <apr_strings.h>

#include <http_log.h>

#include "../config/directives.h"
#include "../config/policy.h"
#include "../creds/verify/verify.h"
#include "places.h"

APLOG_USE_MODULE(auth_ntlmv2);

static const creds_source_t *source_at(const apr_array_header_t *sources, int i)
{
    return APR_ARRAY_IDX(sources, i, const creds_source_t *);
}

static void learn(apr_pool_t *pconf, apr_pool_t *pool, server_rec *s)
{
    const apr_array_header_t *all = creds_all(pconf);
    for (int i = 0; i < all->nelts; i++) {
        const creds_source_t *source = source_at(all, i);
        const char *why = source->decide ? verify_learn(source, pool) : NULL;
        if (why)
            ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                         "NTLMCredentials %s: it does not say yet what this server is called in "
                         "its domain, so nobody can log in there until it does: %s",
                         source->backend->name, why);
    }
}

static void learn_groups(apr_pool_t *pconf, apr_pool_t *pool, server_rec *s)
{
    const apr_array_header_t *all = creds_all(pconf);
    for (int i = 0; i < all->nelts; i++) {
        const creds_source_t *source = source_at(all, i);
        const char *why = source->decide ? verify_learn_groups(source, pconf, pool) : NULL;
        if (why)
            ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                         "NTLMCredentials %s: it does not say yet which groups Require ntlm-group "
                         "names, so nobody is let in by them until it does: %s",
                         source->backend->name, why);
    }
}

/* Whether all controllers that tell groups have said that there is none of that name. */
static bool is_nobodys(const apr_array_header_t *all, const char *name)
{
    char sid[GROUP_SID_ROOM];
    int asked = 0;
    for (int i = 0; i < all->nelts; i++) {
        if (!verify_has_sids(source_at(all, i))) continue;
        asked++;
        if (verify_group_sid(source_at(all, i), name, sid) != GROUP_KNOWN || *sid) return false;
    }
    return asked > 0;
}

/* A DN is for a directory to know. */
static void warn_about_groups(apr_pool_t *pconf, server_rec *s)
{
    const apr_array_header_t *names = group_sids_wanted(pconf);
    for (int i = 0; i < names->nelts; i++) {
        const char *name = APR_ARRAY_IDX(names, i, const char *);
        if (!group_is_sid(name) && !strchr(name, '=') && is_nobodys(creds_all(pconf), name))
            ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                         "Require ntlm-group %s: no controller knows such a group, so nobody is in "
                         "it, and under Require not it keeps nobody out; write DOMAIN\\name as "
                         "the domain has it",
                         name);
    }
}

static const char *differs(apr_pool_t *pool, const creds_source_t *source, const char *directive,
                           const char *said, const char *wanted)
{
    if (!said || !wanted || unicode_casecmp(said, wanted) == 0) return NULL;
    return apr_psprintf(pool,
                        "%s %s: the controller of NTLMCredentials %s knows '%s', and refuses "
                        "every login to another name; write %s %s, or leave it out",
                        directive, said, source->backend->name, wanted, directive, wanted);
}

/* NULL, or what makes every login of that place fail. */
static const char *contradiction(apr_pool_t *pool, const dir_config_t *said)
{
    const char *why = NULL;
    for (int i = 0; said->credentials && i < said->credentials->nelts && !why; i++) {
        const creds_source_t *source = source_at(said->credentials, i);
        const creds_names_t *names = verify_names(source);
        if (!names) continue;
        why = differs(pool, source, "NTLMDomain", said->domain ? said->domain->netbios : NULL,
                      names->domain);
        if (!why)
            why = differs(pool, source, "NTLMComputer",
                          said->computer ? said->computer->netbios : NULL, names->computer);
    }
    return why;
}

static void warn_about_lockout(apr_pool_t *pconf, server_rec *s)
{
    const apr_array_header_t *all = creds_all(pconf);
    for (int i = 0; i < all->nelts; i++)
        if (source_at(all, i)->decide && verify_may_lock_out(source_at(all, i)))
            ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                         "NTLMCredentials %s: lockout=off puts every wrong password to the "
                         "controller, so anybody who reaches this server can have any account "
                         "locked; write lockout=3/1800, fewer than lock one there",
                         source_at(all, i)->backend->name);
}

/* A place is said as it is configured: what is settled has a name of the host, too. */
bool controllers_fit(apr_pool_t *pconf, apr_pool_t *pool, server_rec *main_server)
{
    const apr_array_header_t *places = places_of(pool, pconf);
    learn(pconf, pool, main_server);
    learn_groups(pconf, pool, main_server);
    warn_about_groups(pconf, main_server);
    warn_about_lockout(pconf, main_server);
    for (int i = 0; i < places->nelts; i++) {
        const place_t *place = &APR_ARRAY_IDX(places, i, place_t);
        const char *why = contradiction(pool, place->config);
        if (!why) continue;
        ap_log_error(APLOG_MARK, place->within ? APLOG_WARNING : APLOG_CRIT, 0, main_server,
                     "%s (%s:%d)", why, place->at->filename, place->at->line_num);
        if (!place->within) return false;
    }
    return true;
}
