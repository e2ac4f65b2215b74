#include "require.h"

#include <httpd.h>

#include <http_config.h>
#include <http_request.h>

#include "domain.h"
#include "group.h"
#include "guest.h"

static const struct {
    const char *name;
    const authz_provider *provider;
} providers[] = {
    {"ntlm-or-guest", &require_guest},
    {"ntlm-domain", &require_domain},
    {"ntlm-group", &require_group},
};

void require_register(apr_pool_t *pconf)
{
    for (size_t i = 0; i < sizeof providers / sizeof *providers; i++)
        ap_register_auth_provider(pconf, AUTHZ_PROVIDER_GROUP, providers[i].name,
                                  AUTHZ_PROVIDER_VERSION, providers[i].provider,
                                  AP_AUTH_INTERNAL_PER_CONF);
}
