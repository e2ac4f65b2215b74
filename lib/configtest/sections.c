#include "sections.h"

#include <stdbool.h>
#include <string.h>

#include <apr_strings.h>

#include "../config/conftree.h"

static bool is_any_of(const ap_directive_t *at, const char *const *names)
{
    for (; *names; names++)
        if (ap_cstr_casecmp(at->directive, *names) == 0) return true;
    return false;
}

static bool is_host(const ap_directive_t *at)
{
    return ap_cstr_casecmp(at->directive, "<VirtualHost") == 0;
}

const ap_directive_t *section_of(const ap_directive_t *at)
{
    static const char *const around_require[] = {"<Limit",      "<LimitExcept", "<RequireAll",
                                                 "<RequireAny", "<RequireNone", NULL};
    at = at->parent;
    while (at && is_any_of(at, around_require)) at = at->parent;
    return at && !is_host(at) ? at : NULL;
}

/* ---- paths ---- */

/* What a section is about: its path, without the '/' that may end a folder's. NULL: a
 * pattern, or a condition. */
static const char *path_of(apr_pool_t *pool, const ap_directive_t *section)
{
    static const char *const with_a_path[] = {"<Location", "<Directory", "<Files", "<Proxy", NULL};
    if (!is_any_of(section, with_a_path)) return NULL;
    const char *args = apr_pstrdup(pool, section->args);
    char *end = strrchr(args, '>');
    if (end) *end = '\0';
    char *path = ap_getword_conf(pool, &args);
    apr_size_t len = strlen(path);
    if (strcmp(path, "~") == 0 || strpbrk(path, "*?[") != NULL) return NULL;
    bool folder = ap_cstr_casecmp(section->directive, "<Directory") == 0;
    if (folder && len > 1 && path[len - 1] == '/') path[len - 1] = '\0';
    return path;
}

static bool lies_in(const char *path, const char *outer)
{
    apr_size_t len = strlen(outer);
    if (strncmp(path, outer, len) != 0) return false;
    return path[len] == '\0' || path[len] == '/' || (len > 0 && outer[len - 1] == '/');
}

static section_relation_t compare_paths(apr_pool_t *pool, const ap_directive_t *a,
                                        const ap_directive_t *b)
{
    const char *path_a = path_of(pool, a), *path_b = path_of(pool, b);
    bool same_kind = ap_cstr_casecmp(a->directive, b->directive) == 0;
    if (!path_a || !path_b || !same_kind) return SECTIONS_UNKNOWN;
    bool inside = lies_in(path_a, path_b), outside = lies_in(path_b, path_a);
    if (inside && outside) return SECTIONS_SAME;
    return inside ? SECTION_INSIDE : outside ? SECTION_OUTSIDE : SECTIONS_APART;
}

/* ---- sections ---- */

static const ap_directive_t *outermost(const ap_directive_t *section)
{
    while (section->parent && !is_host(section->parent)) section = section->parent;
    return section;
}

static bool stands_in(const ap_directive_t *at, const ap_directive_t *section)
{
    while (at && at != section) at = at->parent;
    return at != NULL;
}

/* Of sections inside of others only the outermost are compared, so that what holds for all
 * of one may hold for a part of the other. */
static section_relation_t compare_sections(apr_pool_t *pool, const ap_directive_t *a,
                                           const ap_directive_t *b)
{
    const ap_directive_t *top_a = outermost(a), *top_b = outermost(b);
    if (stands_in(a, b)) return SECTION_INSIDE;
    if (stands_in(b, a)) return SECTION_OUTSIDE;
    if (top_a == top_b) return SECTIONS_UNKNOWN;
    section_relation_t relation = compare_paths(pool, top_a, top_b);
    bool whole_a = a == top_a, whole_b = b == top_b;
    if (relation == SECTIONS_APART || (whole_a && whole_b)) return relation;
    if (relation == SECTIONS_SAME)
        return whole_a ? SECTION_OUTSIDE : whole_b ? SECTION_INSIDE : SECTIONS_UNKNOWN;
    if (relation == SECTION_INSIDE && whole_b) return relation;
    return relation == SECTION_OUTSIDE && whole_a ? relation : SECTIONS_UNKNOWN;
}

section_relation_t sections_relate(apr_pool_t *pool, const ap_directive_t *a,
                                   const ap_directive_t *b)
{
    const ap_directive_t *host_a = conftree_host(a), *host_b = conftree_host(b);
    const ap_directive_t *section_a = section_of(a), *section_b = section_of(b);
    if (host_a && host_b && host_a != host_b) return SECTIONS_APART;
    if (section_a == section_b && (section_a || host_a == host_b)) return SECTIONS_SAME;
    if (!section_a && !section_b) return host_a ? SECTION_INSIDE : SECTION_OUTSIDE;
    if (!section_a || !section_b) return section_a ? SECTION_INSIDE : SECTION_OUTSIDE;
    return compare_sections(pool, section_a, section_b);
}
