#include "conftree.h"

#include <string.h>

const ap_directive_t *conftree_next(const ap_directive_t *at)
{
    if (at->first_child) return at->first_child;
    while (at && !at->next) at = at->parent;
    return at ? at->next : NULL;
}

bool conftree_is(const ap_directive_t *at, const char *name)
{
    return ap_cstr_casecmp(at->directive, name) == 0;
}

const ap_directive_t *conftree_find(const ap_directive_t *at, const char *name)
{
    while (at && !conftree_is(at, name)) at = conftree_next(at);
    return at;
}

bool conftree_says(apr_pool_t *pool, const ap_directive_t *at, const char *directive,
                   const char *word)
{
    const char *args = at->args;
    return conftree_is(at, directive) && ap_cstr_casecmp(ap_getword_conf(pool, &args), word) == 0;
}

bool conftree_lists(apr_pool_t *pool, const ap_directive_t *at, const char *directive,
                    const char *word)
{
    const char *args = at->args;
    if (!conftree_is(at, directive)) return false;
    while (*args)
        if (ap_cstr_casecmp(ap_getword_conf(pool, &args), word) == 0) return true;
    return false;
}

const ap_directive_t *conftree_host(const ap_directive_t *at)
{
    while (at && !conftree_is(at, "<VirtualHost")) at = at->parent;
    return at;
}

bool conftree_serves(const ap_directive_t *at, const server_rec *s)
{
    const ap_directive_t *host = conftree_host(at);
    if (!host) return true;
    return s->defn_name && strcmp(s->defn_name, host->filename) == 0 &&
           (int)s->defn_line_number == host->line_num;
}
