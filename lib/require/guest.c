#include "guest.h"

#include <http_core.h>

#include "../http/http.h"
#include "../httpd/exchange.h"
#include "../httpd/persistence.h"

/* Whether the connection has a login for this place; it is looked at more closely in its turn. */
static bool has_login(request_rec *r)
{
    const dir_config_t *config = config_of(r);
    const ntlm_conn_t *conn = conn_known(r);
    return conn && conn_login(conn, r, config) && persistence_allowed(r, config);
}

/* Whether the request has something to log in by. */
static bool may_log_in(request_rec *r)
{
    scheme_t scheme;
    bytes_t token;
    http_credentials_t credentials = http_read_credentials(r, &scheme, &token);
    if (!http_is_for_us(r)) return ap_auth_type(r) && credentials != HTTP_NO_CREDENTIALS;
    if (credentials == HTTP_NO_CREDENTIALS) return has_login(r);
    return schemes_have(config_of(r)->offer, scheme);
}

/* What the chain has come to is known. A login is used or, with other accounts, refused: httpd may
 * tell a part of a page the user of the whole. After a refusal there is nobody: what is said with
 * it is said to a guest. */
static authz_status check_guest(request_rec *r, const char *words, const void *parsed)
{
    (void)words, (void)parsed;
    if (r->user) return AUTHZ_GRANTED;
    const attempt_t *attempt = attempt_of(r);
    if (attempt ? attempt->status == NTLM_OK : may_log_in(r)) return AUTHZ_DENIED_NO_USER;
    if (!r->main) attempt_set_guest(r);
    return AUTHZ_GRANTED;
}

static const char *take_no_words(cmd_parms *cmd, const char *words, const void **parsed)
{
    (void)cmd, (void)parsed;
    return *words ? "Require ntlm-or-guest takes no words: leave them out" : NULL;
}

const authz_provider require_guest = {check_guest, take_no_words};
