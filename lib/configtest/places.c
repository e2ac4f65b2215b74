#include "places.h"

#include <stdbool.h>

#include "../config/directives.h"

/* What says who r->user is: in all places, of which there may be thousands, few differ. */
typedef struct names_t {
    const apr_array_header_t *credentials;
    config_user_t user_format;
    const config_names_t *domain, *computer;
} names_t;

static names_t names_of(const dir_config_t *config)
{
    return (names_t){config->credentials, config->user_format, config->domain, config->computer};
}

static bool are_equal(names_t a, names_t b)
{
    return a.credentials == b.credentials && a.user_format == b.user_format &&
           a.domain == b.domain && a.computer == b.computer;
}

static names_t inside(names_t outer, names_t inner)
{
    return (names_t){inner.credentials ? inner.credentials : outer.credentials,
                     inner.user_format ? inner.user_format : outer.user_format,
                     inner.domain ? inner.domain : outer.domain,
                     inner.computer ? inner.computer : outer.computer};
}

static names_t of_server(const server_rec *s)
{
    return names_of(ap_get_module_config(s->lookup_defaults, &auth_ntlmv2_module));
}

static void add_new(apr_pool_t *pool, apr_array_header_t *all, names_t names, place_t place)
{
    for (int i = 0; i < all->nelts; i++)
        if (are_equal(names_of(APR_ARRAY_IDX(all, i, place_t).config), names)) return;
    dir_config_t *config = config_create(pool, NULL);
    config->credentials = names.credentials;
    config->user_format = names.user_format;
    config->domain = names.domain;
    config->computer = names.computer;
    place.config = config;
    APR_ARRAY_PUSH(all, place_t) = place;
}

/* What stands outside of every <VirtualHost> counts in all of them. */
static void add_meeting(apr_pool_t *pool, apr_array_header_t *all, const config_place_t *outer,
                        const config_place_t *inner)
{
    const server_rec *s = inner->server->is_virtual ? inner->server : outer->server;
    if (outer == inner || (outer->server != s && outer->server->is_virtual)) return;
    names_t around = inside(of_server(s), names_of(outer->config));
    add_new(pool, all, inside(around, names_of(inner->config)),
            (place_t){NULL, inner->at, outer->at});
}

/* The first of those that say the same on one server stands for all. */
static apr_array_header_t *different(apr_pool_t *pool, const apr_array_header_t *said)
{
    apr_array_header_t *all = apr_array_make(pool, 16, sizeof(config_place_t));
    for (int i = 0; i < said->nelts; i++) {
        const config_place_t *place = &APR_ARRAY_IDX(said, i, config_place_t);
        bool known = false;
        for (int k = 0; k < all->nelts && !known; k++) {
            const config_place_t *other = &APR_ARRAY_IDX(all, k, config_place_t);
            known = other->server == place->server &&
                    are_equal(names_of(other->config), names_of(place->config));
        }
        if (!known) APR_ARRAY_PUSH(all, config_place_t) = *place;
    }
    return all;
}

const apr_array_header_t *places_of(apr_pool_t *pool, apr_pool_t *pconf)
{
    const apr_array_header_t *said = different(pool, config_places(pconf));
    const config_place_t *places = (const config_place_t *)said->elts;
    apr_array_header_t *all = apr_array_make(pool, said->nelts + 1, sizeof(place_t));
    for (const config_place_t *at = places; at < places + said->nelts; at++)
        add_new(pool, all, inside(of_server(at->server), names_of(at->config)),
                (place_t){NULL, at->at, NULL});
    for (const config_place_t *outer = places; outer < places + said->nelts; outer++)
        for (const config_place_t *inner = places; inner < places + said->nelts; inner++)
            add_meeting(pool, all, outer, inner);
    return all;
}
