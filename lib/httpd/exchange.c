#include "exchange.h"

#include "../config/directives.h"
#include "../creds/clock.h"
#include "http.h"

const dir_config_t *config_of(const request_rec *r)
{
    return config_settled(r->pool, ap_get_module_config(r->per_dir_config, &auth_ntlmv2_module));
}

exchange_t exchange_begin(request_rec *r)
{
    const dir_config_t *config = config_of(r);
    return (exchange_t){
        .r = r,
        .config = config,
        .attempt = attempt_begin(r),
        .conn = http_is_multiplexed(r) ? NULL : conn_of(r),
    };
}

void exchange_has_token(exchange_t *x, bytes_t token)
{
    attempt_has_token(x->attempt, x->r, x->config, authorization_scheme);
    x->policy = policy_of(x->config);
    x->input = (ntlm_input_t){.token = token, .now = apr_time_now(), .ticks = clock_ticks()};
}
