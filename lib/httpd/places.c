#include "places.h"

#include <stdbool.h>

static bool names_alike(const dir_config_t *a, const dir_config_t *b)
{
    return a->credentials == b->credentials && a->user_format == b->user_format &&
           a->domain == b->domain;
}

static void add_new(apr_array_header_t *all, place_t place)
{
    for (int i = 0; i < all->nelts; i++)
        if (names_alike(APR_ARRAY_IDX(all, i, place_t).config, place.config)) return;
    APR_ARRAY_PUSH(all, place_t) = place;
}

/* httpd's kind of function takes what it does not change without saying so. */
static const dir_config_t *inside(apr_pool_t *pool, const dir_config_t *outer,
                                  const dir_config_t *inner)
{
    dir_config_t base = *outer, add = *inner;
    return config_merge(pool, &base, &add);
}

static const dir_config_t *alone(apr_pool_t *pool, const server_rec *s, const dir_config_t *config)
{
    return inside(pool, ap_get_module_config(s->lookup_defaults, &auth_ntlmv2_module), config);
}

/* What stands outside of every <VirtualHost> counts in all of them. */
static void add_meeting(apr_pool_t *pool, apr_array_header_t *all, const config_place_t *outer,
                        const config_place_t *inner)
{
    const server_rec *s = inner->server->is_virtual ? inner->server : outer->server;
    if (outer == inner || (outer->server != s && outer->server->is_virtual)) return;
    const dir_config_t *around = alone(pool, s, outer->config);
    add_new(all, (place_t){inside(pool, around, inner->config), inner->at, outer->at});
}

const apr_array_header_t *places_of(apr_pool_t *pool, apr_pool_t *pconf)
{
    const apr_array_header_t *said = config_places(pconf);
    const config_place_t *places = (const config_place_t *)said->elts;
    apr_array_header_t *all = apr_array_make(pool, said->nelts + 1, sizeof(place_t));
    for (const config_place_t *at = places; at < places + said->nelts; at++)
        add_new(all, (place_t){alone(pool, at->server, at->config), at->at, NULL});
    for (const config_place_t *outer = places; outer < places + said->nelts; outer++)
        for (const config_place_t *inner = places; inner < places + said->nelts; inner++)
            add_meeting(pool, all, outer, inner);
    return all;
}
