#include "conftree.h"

const ap_directive_t *conftree_next(const ap_directive_t *at)
{
    if (at->first_child) return at->first_child;
    while (at && !at->next) at = at->parent;
    return at ? at->next : NULL;
}

const ap_directive_t *conftree_find(const ap_directive_t *at, const char *name)
{
    while (at && ap_cstr_casecmp(at->directive, name) != 0) at = conftree_next(at);
    return at;
}
