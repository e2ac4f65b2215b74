#include "outcome.h"

#include <apr_strings.h>

#include "../http/http.h"
#include "../httpd/environment.h"
#include "escaped.h"

static const request_rec *sent_by_client(const request_rec *r)
{
    while (r->prev) r = r->prev;
    return r;
}

/* What AuthBasicProvider ntlm has let in is no attempt of the chain. */
outcome_t outcome_of(request_rec *r)
{
    const attempt_t *attempt = attempt_of(r), *refused = attempt_refused(r);
    const request_rec *said = sent_by_client(r);
    outcome_t outcome = {.status = NTLM_OK};
    while (said && !environment_is_said(said)) said = said->next;
    outcome.is_ours = refused || attempt || said;
    outcome.made_login = attempt ? attempt->status == NTLM_OK && attempt->claim : said && !refused;
    if (refused) {
        outcome.status = refused->status;
        outcome.detail = refused->detail;
        outcome.facts = attempt_facts(refused);
        outcome.is_login = refused->login != NULL;
    } else if (said) {
        outcome.facts = environment_facts(said);
        outcome.is_login = true;
    }
    return outcome;
}

/* ---- as JSON ---- */

static const char *word(const char *known)
{
    return known && *known ? known : NULL;
}

const char *outcome_json(request_rec *r)
{
    const outcome_t outcome = outcome_of(r);
    const facts_t *facts = &outcome.facts;
    const struct {
        const char *name, *value;
    } members[] = {{"status", ntlm_status_name(outcome.status)},
                   {"user", facts->user},
                   {"domain", facts->domain},
                   {"workstation", facts->workstation},
                   {"scheme", facts->scheme},
                   {"mechs", facts->mechs},
                   {"why", facts->why},
                   {"tls", http_has_tls(r) ? "on" : "off"},
                   {"mic", facts->mic},
                   {"binding", facts->binding},
                   {"service", facts->service},
                   {"source", facts->source},
                   {"detail", outcome.detail}};
    if (!outcome.is_ours) return "null";
    const char *object = "{";
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        object = apr_pstrcat(r->pool, object, "\"", members[i].name,
                             "\":", escaped_json(r->pool, word(members[i].value)), ",", NULL);
    return apr_pstrcat(r->pool, object, "\"login\":", outcome.made_login ? "true" : "false", "}",
                       NULL);
}
