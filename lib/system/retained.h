/* retained.h - memory that all children share, and that a restart of httpd leaves as it is.
 *
 * It belongs to the process: children of the configuration before, which still serve, and those of
 * the new one see the same numbers. It is without a lock, and begins with zeros (shared.h), at a
 * line of the processor's cache.
 */
#ifndef NTLM_CREDS_RETAINED_H
#define NTLM_CREDS_RETAINED_H

#include <apr_pools.h>

/* The memory of that name and size: what there was of it, or new one. It is for who asks first;
 * who asks for the same once more before the sweep gets another piece, which is kept for the second
 * to ask. For the parent, while it reads its configuration. */
apr_status_t retained_memory(apr_pool_t *pool, const char *name, apr_size_t size, void **memory);

/* Each configuration that was read ends with this: what it has not asked for goes. Children that
 * were forked before keep theirs. */
void retained_sweep(apr_pool_t *pool);

#endif
