#include "retained.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <apr_strings.h>

#include "shared.h"

enum { LINE = 64 }; /* of a processor's cache */

typedef struct piece_t piece_t;
struct piece_t {
    piece_t *next;
    const char *name;
    apr_size_t size;
    apr_pool_t *pool; /* its own, which ends with it */
    void *memory;
    bool asked_for;
};

static apr_pool_t *root_of(apr_pool_t *pool)
{
    apr_pool_t *parent;
    while ((parent = apr_pool_parent_get(pool)) != NULL) pool = parent;
    return pool;
}

/* Of a pool that outlives this module, which httpd loads anew at each restart: so there is
 * nothing here that refers to it, no function and no text. The name tells what lies there. */
static piece_t **all(apr_pool_t *root)
{
    static const char name[] = "mod_auth_ntlmv2: retained memory, 1";
    void *there = NULL;
    apr_pool_userdata_get(&there, name, root);
    if (!there) {
        there = apr_pcalloc(root, sizeof(piece_t *));
        apr_pool_userdata_set(there, name, NULL, root);
    }
    return there;
}

/* Behind the others, so that several of one name keep their order. */
static apr_status_t make(apr_pool_t *root, piece_t **end, const char *name, apr_size_t size)
{
    apr_pool_t *own;
    void *memory = NULL;
    apr_status_t status = apr_pool_create(&own, root);
    if (status != APR_SUCCESS) return status;
    piece_t *made = apr_pcalloc(own, sizeof *made);
    *made = (piece_t){.name = apr_pstrdup(own, name), .size = size, .pool = own};
    status = shared_memory(own, size + LINE, &memory);
    made->memory = (char *)memory + (LINE - (uintptr_t)memory % LINE) % LINE;
    if (status == APR_SUCCESS)
        *end = made;
    else
        apr_pool_destroy(own);
    return status;
}

apr_status_t retained_memory(apr_pool_t *pool, const char *name, apr_size_t size, void **memory)
{
    apr_pool_t *root = root_of(pool);
    piece_t **at = all(root);
    while (*at && ((*at)->asked_for || (*at)->size != size || strcmp((*at)->name, name) != 0))
        at = &(*at)->next;
    apr_status_t status = *at ? APR_SUCCESS : make(root, at, name, size);
    if (status != APR_SUCCESS) return status;
    (*at)->asked_for = true;
    *memory = (*at)->memory;
    return APR_SUCCESS;
}

void retained_sweep(apr_pool_t *pool)
{
    piece_t **link = all(root_of(pool));
    while (*link) {
        piece_t *piece = *link;
        if (piece->asked_for) {
            piece->asked_for = false;
            link = &piece->next;
            continue;
        }
        *link = piece->next;
        apr_pool_destroy(piece->pool);
    }
}
