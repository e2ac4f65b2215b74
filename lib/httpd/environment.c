#include "environment.h"

#include <string.h>

#include <apr_strings.h>

static const char prefix[] = "NTLM_";

/* A login's variables, as its later requests get them. */
struct environment_t {
    apr_table_t *variables;
    int named;     /* how many of them, the first ones, have values that do not live for ever */
    bytes_t names; /* r->user and these values, one text after the other */
};

/* ---- one by one ---- */

typedef struct saying_t {
    apr_table_t *to;
    bool anew; /* none of ours is in it yet */
} saying_t;

static void say(const saying_t *saying, const char *name, const char *value)
{
    bool known = value && *value;
    if (known && saying->anew)
        apr_table_addn(saying->to, name, value);
    else if (known)
        apr_table_setn(saying->to, name, value);
    else if (!saying->anew)
        apr_table_unset(saying->to, name);
}

/* That of a login lives for ever: the requests to which it is lent may outlive the login. */
static const char *number(apr_pool_t *pool, apr_off_t value)
{
    return value == 0 ? "0" : apr_off_t_toa(pool, value);
}

static void say_names(const saying_t *saying, const facts_t *facts)
{
    say(saying, "NTLM_USER", facts->user);
    say(saying, "NTLM_DOMAIN", facts->domain);
    say(saying, "NTLM_WORKSTATION", facts->workstation);
    say(saying, "NTLM_MECHS", facts->mechs);
}

static void say_words(const saying_t *saying, apr_pool_t *pool, ntlm_status_t status,
                      const facts_t *facts)
{
    const ntlm_status_row_t *row = ntlm_status_row(status);
    say(saying, "NTLM_WHY", facts->why);
    say(saying, "NTLM_STATUS", row->name);
    say(saying, "NTLM_SUBSTATUS", number(pool, row->iis_substatus));
    say(saying, "NTLM_WIN32_STATUS", number(pool, row->win32));
    say(saying, "NTLM_SOURCE", facts->source);
    say(saying, "NTLM_MIC", facts->mic);
    say(saying, "NTLM_BINDING", facts->binding);
    say(saying, "NTLM_SERVICE", facts->service);
    say(saying, "NTLM_SCHEME", facts->scheme);
}

/* A configuration may have set one, and an outer request has set all. */
static bool has_ours(const apr_table_t *environment)
{
    const apr_array_header_t *entries = apr_table_elts(environment);
    for (int i = 0; i < entries->nelts; i++)
        if (ap_cstr_casecmpn(APR_ARRAY_IDX(entries, i, apr_table_entry_t).key, prefix,
                             sizeof prefix - 1) == 0)
            return true;
    return false;
}

/* ---- all at once ---- */

/* Puts the names one after the other into one text, where facts and user then have them. */
static bytes_t pack(apr_pool_t *pool, facts_t *facts, const char **user)
{
    const char **const names[] = {user, &facts->user, &facts->domain, &facts->workstation,
                                  &facts->mechs};
    enum { NAMES = sizeof names / sizeof names[0] };
    size_t len = 0;
    for (size_t i = 0; i < NAMES; i++) len += strlen(*names[i]) + 1;
    char *text = apr_palloc(pool, len), *at = text;
    for (size_t i = 0; i < NAMES; i++) {
        const size_t size = strlen(*names[i]) + 1;
        *names[i] = memcpy(at, *names[i], size);
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
    const saying_t saying = {kept->variables = apr_table_make(login->pool, ROOM), true};
    kept->names = pack(login->pool, &facts, &user);
    say_names(&saying, &facts);
    kept->named = apr_table_elts(kept->variables)->nelts;
    say_words(&saying, login->pool, NTLM_OK, &facts);
    login->environment = kept;
}

/* The names are copied: a login may be forgotten before the access log reads them. */
static apr_table_t *copy(request_rec *r, const struct environment_t *kept, char *names)
{
    apr_table_t *variables = apr_table_copy(r->pool, kept->variables);
    const apr_array_header_t *entries = apr_table_elts(variables);
    const char *from = (const char *)kept->names.data;
    for (int i = 0; i < kept->named; i++) {
        apr_table_entry_t *entry = &APR_ARRAY_IDX(entries, i, apr_table_entry_t);
        entry->val = names + (entry->val - from);
    }
    return variables;
}

static void lend(request_rec *r, attempt_t *attempt, const struct environment_t *kept)
{
    char *names = apr_pmemdup(attempt_pool(r), kept->names.data, kept->names.len);
    apr_table_t *said = r->subprocess_env, *ours = copy(r, kept, names);
    r->subprocess_env = apr_is_empty_table(said) ? ours : apr_table_overlay(r->pool, ours, said);
    if (!attempt->user) attempt->user = names;
}

void environment_say(request_rec *r, attempt_t *attempt)
{
    const saying_t saying = {r->subprocess_env, !has_ours(r->subprocess_env)};
    const ntlm_login_t *login = attempt->login;
    bool borrowed = attempt->status == NTLM_OK && !attempt->claim;
    if (borrowed && saying.anew && login->environment) {
        lend(r, attempt, login->environment);
        return;
    }
    facts_t facts = attempt_facts(attempt);
    const char *user = "";
    if (login) (void)pack(r->pool, &facts, &user);
    say_names(&saying, &facts);
    say_words(&saying, r->pool, attempt->status, &facts);
}
