#include "judged.h"

#include <string.h>

#include <apr_cstr.h>
#include <apr_strings.h>

#include "coursed.h"

/* Names by which clients may call the bench. */
static const char *const *hosts_of(apr_pool_t *pool, const site_t *site)
{
    static const char *const loopback[] = {"localhost", "127.0.0.1", "::1", "[::1]"};
    apr_array_header_t *hosts = apr_array_make(pool, 8, sizeof(const char *));
    for (size_t i = 0; i < sizeof loopback / sizeof loopback[0]; i++)
        APR_ARRAY_PUSH(hosts, const char *) = loopback[i];
    if (*site->dns_computer) APR_ARRAY_PUSH(hosts, const char *) = site->dns_computer;
    if (*site->nb_computer) APR_ARRAY_PUSH(hosts, const char *) = site->nb_computer;
    for (int i = 0; i < site->hosts->nelts; i++)
        APR_ARRAY_PUSH(hosts, const char *) = APR_ARRAY_IDX(site->hosts, i, const char *);
    APR_ARRAY_PUSH(hosts, const char *) = NULL;
    return (const char *const *)hosts->elts;
}

ntlm_policy_t judged_policy(apr_pool_t *pool, const site_t *site, const settings_t *settings)
{
    ntlm_policy_t policy = site->names;
    policy.challenge_lifetime =
        settings->challenge_ms ? settings->challenge_ms * INT64_C(1000) : 60 * INT64_C(1000000);
    policy.require_mic = settings->require_mic;
    policy.binding = settings->binding;
    policy.service = settings->service;
    policy.service_hosts = hosts_of(pool, site);
    if (settings->accept_domain) {
        const char **domains = apr_pcalloc(pool, 2 * sizeof *domains);
        domains[0] = settings->accept_domain;
        policy.accept_domains = domains;
    }
    return policy;
}

static void replay(judged_t *judged, apr_pool_t *pool, const site_t *site, const record_t *record)
{
    judged->replay = (replay_t){.type1 = record->type1,
                                .type2 = record->type2,
                                .type3 = record->type3,
                                .policy = judged_policy(pool, site, &record->settings)};
    judged->replay.policy.bindings = record->bindings;
    judged->replay.policy.bindings_count = record->bindings_count;
    memcpy(judged->replay.key.nt_hash, record->account.nt_hash, NTLM_KEY_LEN);
    if (record->account.disabled) judged->replay.key.state = NTLM_ACCOUNT_DISABLED;
    if (record->type2.len == 0 || record->type3.len == 0) return;
    judged->has_replay = replay_run(&judged->replay) == NULL;
    if (!record->knows_account && judged->replay.status == NTLM_WRONG_PASSWORD)
        judged->replay.status = NTLM_NO_SUCH_USER; /* no key was its */
}

/* Whether the account that was meant has its user and its domain in each other's place. */
static bool is_swapped(const judged_t *judged, const site_t *site, const record_t *record)
{
    const ntlm_claim_t *claim = &judged->replay.claim;
    const settings_t *settings = &record->settings;
    if (!judged->has_replay || record->knows_account || !*claim->domain) return false;
    if (settings->user) return unicode_casecmp(settings->user, claim->domain) == 0;
    return site_account(site, claim->domain, claim->user) != NULL;
}

/* Whether the user is one of another domain. */
static bool is_elsewhere(const judged_t *judged, const site_t *site, const record_t *record)
{
    const ntlm_claim_t *claim = &judged->replay.claim;
    const settings_t *settings = &record->settings;
    if (!judged->has_replay || record->knows_account || !*claim->domain) return false;
    if (settings->user) return unicode_casecmp(settings->user, claim->user) == 0;
    return site_account(site, claim->user, "") != NULL;
}

/* A challenge whose connection has ended was sent, and nobody will answer it. */
static void name_status(judged_t *judged, apr_pool_t *pool, const record_t *record)
{
    static const char *const who[] = {[COURSE_CLOSED] = "the client closed the connection",
                                      [COURSE_RESET] = "the client reset the connection",
                                      [COURSE_IDLE] = "no request came in time",
                                      [COURSE_BY_SERVER] = "this server closed the connection"};
    const course_t *course = &judged->course;
    judged->status = record->status;
    judged->detail = record->detail;
    if (course->status < NTLM_STATUS_COUNT) judged->row = ntlm_status_row(course->status);
    if (course->status != NTLM_CHALLENGE_SENT || course->end == COURSE_OPEN) return;
    judged->status = ntlm_status_name(NTLM_CHALLENGE_ABANDONED);
    judged->row = ntlm_status_row(NTLM_CHALLENGE_ABANDONED);
    judged->detail = apr_psprintf(pool, "%s, %" APR_UINT64_T_FMT " ms after the challenge",
                                  who[course->end], course->idle_ms);
}

/* That of the connection first, then all others that the bench has. */
static apr_array_header_t *certificates_of(apr_pool_t *pool, const site_t *site,
                                           const record_t *record)
{
    apr_array_header_t *all = apr_array_make(pool, 8, sizeof(bytes_t));
    if (record->certificate.len == 0) return all;
    APR_ARRAY_PUSH(all, bytes_t) = record->certificate;
    for (int i = 0; i < site->certificates->nelts; i++) {
        const bytes_t der = APR_ARRAY_IDX(site->certificates, i, bytes_t);
        if (!bytes_equal(der, record->certificate)) APR_ARRAY_PUSH(all, bytes_t) = der;
    }
    return all;
}

/* Where Basic is offered, it is no mistake. */
static bytes_t header_of(const record_t *record)
{
    static const char basic[] = "Basic ";
    const bool is_basic =
        record->authorization.len >= sizeof basic - 1 &&
        apr_cstr_casecmpn((const char *)record->authorization.data, basic, sizeof basic - 1) == 0;
    return is_basic && record->settings.takes_basic ? bytes_none() : record->authorization;
}

judged_t *judge_record(apr_pool_t *pool, const site_t *site, const record_t *record)
{
    judged_t *judged = apr_pcalloc(pool, sizeof *judged);
    replay(judged, pool, site, record);
    judged->course = course_of_record(pool, record, record->knows_account ? &judged->replay : NULL);
    name_status(judged, pool, record);
    const apr_array_header_t *certificates = certificates_of(pool, site, record);
    const subject_t subject = {
        .replay = judged->has_replay ? &judged->replay : NULL,
        .has_password = record->knows_account,
        .password = bytes_of(record->account.password),
        .certificates = (const bytes_t *)certificates->elts,
        .certificates_count = (size_t)certificates->nelts,
        .tls_unique = record->tls_unique,
        .tls = record->tls,
        .proxy = record->proxy,
        .header = header_of(record),
        .misplaced = record->misplaced,
        .knows_swapped = is_swapped(judged, site, record),
        .knows_elsewhere = is_elsewhere(judged, site, record),
        .let_in = strcmp(record->status, ntlm_status_name(NTLM_OK)) == 0,
        .course = &judged->course,
    };
    diagnose(&judged->diagnosis, &subject);
    return judged;
}

const char *judged_failed_check(const judged_t *judged)
{
    const replay_t *replay = &judged->replay;
    const bool is_it = judged->has_replay && replay->status != NTLM_OK &&
                       strcmp(ntlm_status_name(replay->status), judged->status) == 0;
    return is_it ? replay->claim.check->name : NULL;
}
