#include "environment.h"

#include <string.h>

#include <apr_strings.h>

/* A login's variables, as its later requests get them. */
struct environment_t {
    apr_table_t *variables;
    int named;     /* how many of them, the first ones, have values that do not live for ever */
    bytes_t names; /* r->user and these values, one text after the other */
};

/* ---- one by one ---- */

typedef enum variable_t {
    USER,
    DOMAIN,
    GROUPS,
    WORKSTATION,
    MECHS,
    WHY,
    STATUS,
    SUBSTATUS,
    WIN32_STATUS,
    SOURCE,
    MIC,
    BINDING,
    SERVICE,
    SCHEME,
    VARIABLES
} variable_t;

static const char prefix[] = "NTLM_";
static const char *const variables[VARIABLES] = {
    [USER] = "NTLM_USER",
    [DOMAIN] = "NTLM_DOMAIN",
    [GROUPS] = "NTLM_GROUPS",
    [WORKSTATION] = "NTLM_WORKSTATION",
    [MECHS] = "NTLM_MECHS",
    [WHY] = "NTLM_WHY",
    [STATUS] = "NTLM_STATUS",
    [SUBSTATUS] = "NTLM_SUBSTATUS",
    [WIN32_STATUS] = "NTLM_WIN32_STATUS",
    [SOURCE] = "NTLM_SOURCE",
    [MIC] = "NTLM_MIC",
    [BINDING] = "NTLM_BINDING",
    [SERVICE] = "NTLM_SERVICE",
    [SCHEME] = "NTLM_SCHEME",
};

/* Into a table that has none of ours. */
static void say(apr_table_t *to, variable_t variable, const char *value)
{
    if (value && *value) apr_table_addn(to, variables[variable], value);
}

/* That of a login lives for ever: the requests to which it is lent may outlive the login. */
static const char *number(apr_pool_t *pool, apr_off_t value)
{
    return value == 0 ? "0" : apr_off_t_toa(pool, value);
}

static void say_names(apr_table_t *to, const facts_t *facts)
{
    say(to, USER, facts->user);
    say(to, DOMAIN, facts->domain);
    say(to, GROUPS, facts->groups);
    say(to, WORKSTATION, facts->workstation);
    say(to, MECHS, facts->mechs);
}

static void say_words(apr_table_t *to, apr_pool_t *pool, ntlm_status_t status, const facts_t *facts)
{
    const ntlm_status_row_t *row = ntlm_status_row(status);
    say(to, WHY, facts->why);
    say(to, STATUS, row->name);
    say(to, SUBSTATUS, number(pool, row->iis_substatus));
    say(to, WIN32_STATUS, number(pool, row->win32));
    say(to, SOURCE, facts->source);
    say(to, MIC, facts->mic);
    say(to, BINDING, facts->binding);
    say(to, SERVICE, facts->service);
    say(to, SCHEME, facts->scheme);
}

/* Most that are were said by us, under our own texts. */
static bool is_ours(const char *name)
{
    if (ap_cstr_casecmpn(name, prefix, sizeof prefix - 1) != 0) return false;
    for (size_t i = 0; i < VARIABLES; i++)
        if (name == variables[i]) return true;
    for (size_t i = 0; i < VARIABLES; i++)
        if (ap_cstr_casecmp(name, variables[i]) == 0) return true;
    return false;
}

static bool has_ours(const apr_table_t *environment)
{
    const apr_array_header_t *entries = apr_table_elts(environment);
    for (int i = 0; i < entries->nelts; i++)
        if (is_ours(APR_ARRAY_IDX(entries, i, apr_table_entry_t).key)) return true;
    return false;
}

/* A configuration may have set one, and an outer request has set all. One by one they would be
 * looked for among each other. */
static apr_table_t *without_ours(apr_pool_t *pool, apr_table_t *environment)
{
    const apr_array_header_t *entries = apr_table_elts(environment);
    if (!has_ours(environment)) return environment;
    apr_table_t *others = apr_table_make(pool, entries->nelts);
    for (int i = 0; i < entries->nelts; i++) {
        const apr_table_entry_t *entry = &APR_ARRAY_IDX(entries, i, apr_table_entry_t);
        if (!is_ours(entry->key)) apr_table_addn(others, entry->key, entry->val);
    }
    return others;
}

/* ---- all at once ---- */

/* Puts the names one after the other into one text, where facts and user then have them. */
static bytes_t pack(apr_pool_t *pool, facts_t *facts, const char **user)
{
    const char **const texts[] = {user,           &facts->user,        &facts->domain,
                                  &facts->groups, &facts->workstation, &facts->mechs};
    enum { TEXTS = sizeof texts / sizeof texts[0] };
    size_t len = 0;
    for (size_t i = 0; i < TEXTS; i++) len += strlen(*texts[i]) + 1;
    char *text = apr_palloc(pool, len), *at = text;
    for (size_t i = 0; i < TEXTS; i++) {
        const size_t size = strlen(*texts[i]) + 1;
        *texts[i] = memcpy(at, *texts[i], size);
        at += size;
    }
    return (bytes_t){(const uint8_t *)text, len};
}

void environment_keep(ntlm_login_t *login)
{
    enum { ROOM = 16 };
    if (login->environment) return;
    struct environment_t *kept = apr_palloc(login->pool, sizeof *kept);
    const attempt_t later = {.status = NTLM_OK, .login = login};
    const char *user = login->user;
    facts_t facts = attempt_facts(&later);
    kept->variables = apr_table_make(login->pool, ROOM);
    kept->names = pack(login->pool, &facts, &user);
    say_names(kept->variables, &facts);
    kept->named = apr_table_elts(kept->variables)->nelts;
    say_words(kept->variables, login->pool, NTLM_OK, &facts);
    login->environment = kept;
}

/* The names are copied: a login may be forgotten before the access log reads them. */
static apr_table_t *copy(request_rec *r, const struct environment_t *kept, char *names)
{
    apr_table_t *ours = apr_table_copy(r->pool, kept->variables);
    const apr_array_header_t *entries = apr_table_elts(ours);
    const char *from = (const char *)kept->names.data;
    for (int i = 0; i < kept->named; i++) {
        apr_table_entry_t *entry = &APR_ARRAY_IDX(entries, i, apr_table_entry_t);
        entry->val = names + (entry->val - from);
    }
    return ours;
}

static void lend(request_rec *r, attempt_t *attempt, const struct environment_t *kept)
{
    apr_pool_t *pool = attempt->user ? r->pool : attempt_pool(r);
    char *names = apr_pmemdup(pool, kept->names.data, kept->names.len);
    apr_table_t *said = r->subprocess_env, *ours = copy(r, kept, names);
    r->subprocess_env = apr_is_empty_table(said) ? ours : apr_table_overlay(r->pool, ours, said);
    if (!attempt->user) attempt->user = names;
}

void environment_say(request_rec *r, attempt_t *attempt)
{
    const ntlm_login_t *login = attempt->login;
    const bool borrowed = attempt->status == NTLM_OK && !attempt->claim;
    r->subprocess_env = without_ours(r->pool, r->subprocess_env);
    if (borrowed && login->environment) {
        lend(r, attempt, login->environment);
        return;
    }
    facts_t facts = attempt_facts(attempt);
    const char *user = "";
    if (login) (void)pack(r->pool, &facts, &user);
    say_names(r->subprocess_env, &facts);
    say_words(r->subprocess_env, r->pool, attempt->status, &facts);
}

static const char *said(const request_rec *r, variable_t variable)
{
    return apr_table_get(r->subprocess_env, variables[variable]);
}

facts_t environment_facts(const request_rec *r)
{
    return (facts_t){.user = said(r, USER),
                     .domain = said(r, DOMAIN),
                     .groups = said(r, GROUPS),
                     .workstation = said(r, WORKSTATION),
                     .mic = said(r, MIC),
                     .binding = said(r, BINDING),
                     .service = said(r, SERVICE),
                     .source = said(r, SOURCE),
                     .scheme = said(r, SCHEME),
                     .mechs = said(r, MECHS),
                     .why = said(r, WHY)};
}

bool environment_is_said(const request_rec *r)
{
    return said(r, STATUS) != NULL;
}
