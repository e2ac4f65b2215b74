#include "offers.h"

#include <string.h>

#include <apr_strings.h>

#include <http_core.h>
#include <http_protocol.h>

#include "../config/policy.h"
#include "http.h"

/* ---- which ---- */

/* Basic is neither offered nor taken where the policy does not allow it. */
static schemes_t usable(const request_rec *r, const dir_config_t *config)
{
    schemes_t offer = config->offer, usable = 0;
    for (size_t i = 0; schemes_at(offer, i) != SCHEME_NONE; i++)
        if (schemes_at(offer, i) != SCHEME_BASIC || policy_allows_basic(config, http_has_tls(r)))
            usable = schemes_with(usable, schemes_at(offer, i));
    return usable;
}

/* A redirect of httpd's own has the variables of the client's request under other names. */
static const char *variable(const request_rec *r, const char *name)
{
    const char *value = NULL;
    for (; r && !value; r = http_outer(r)) value = apr_table_get(r->subprocess_env, name);
    return value;
}

/* Words that are none of ours are of no scheme. */
static schemes_t named_in(const char *text)
{
    static const char between[] = ", \t";
    schemes_t schemes = 0;
    for (size_t len; *(text += strspn(text, between)) != '\0'; text += len) {
        len = strcspn(text, between);
        scheme_t scheme = scheme_of_text(text, len);
        if (scheme != SCHEME_NONE && !schemes_have(schemes, scheme))
            schemes = schemes_with(schemes, scheme);
    }
    return schemes;
}

schemes_t offers_for(request_rec *r, const dir_config_t *config)
{
    const char *only = variable(r, "ntlm-offer");
    if (variable(r, "ntlm-no-offer")) return 0;
    return only ? schemes_in_both(usable(r, config), named_in(only)) : usable(r, config);
}

/* ---- in headers ---- */

static const char *offer_text(request_rec *r, scheme_t scheme)
{
    const char *realm = ap_auth_name(r);
    if (scheme != SCHEME_BASIC) return scheme_name(scheme);
    if (!realm) realm = scheme_name(SCHEME_NTLM);
    return apr_pstrcat(r->pool, "Basic realm=\"", ap_escape_quotes(r->pool, realm),
                       "\", charset=\"UTF-8\"", NULL);
}

void offers_make(request_rec *r, schemes_t schemes)
{
    for (size_t i = 0; schemes_at(schemes, i) != SCHEME_NONE; i++) {
        const scheme_t scheme = schemes_at(schemes, i);
        if (!http_asks_by(r, scheme)) http_ask(r, offer_text(r, scheme));
    }
}
