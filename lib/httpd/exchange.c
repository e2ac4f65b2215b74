#include "exchange.h"

#include "../config/directives.h"
#include "../system/clock.h"
#include "../http/http.h"

const dir_config_t *config_of(const request_rec *r)
{
    return config_settled(r->pool, ap_get_module_config(r->per_dir_config, &auth_ntlmv2_module));
}

void exchange_begin(exchange_t *x, request_rec *r)
{
    x->r = r;
    x->config = config_of(r);
    x->attempt = attempt_begin(r);
    x->negotiation = NULL;
    x->uncounted = NULL;
    x->remember = NULL;
    x->conn = http_is_multiplexed(r) ? NULL : conn_of(r);
}

void exchange_has_token(exchange_t *x, scheme_t scheme, bytes_t token)
{
    attempt_has_token(x->attempt, x->r, x->config, scheme);
    x->policy = policy_of(x->r->pool, x->config);
    x->input = (ntlm_input_t){.token = token, .now = apr_time_now(), .ticks = clock_ticks()};
}
