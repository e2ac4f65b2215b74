/* creds_keep.h - segments that outlive a configuration.
 *
 * A restart reads the configuration anew, while nobody takes connections. A password file of which
 * there is a segment already is not read meanwhile: the segment goes on serving, and whether the
 * file has changed since is seen afterwards. Kept in the parent process alone; what is not asked
 * for between two sweeps goes.
 */
#ifndef NTLM_CREDS_KEEP_H
#define NTLM_CREDS_KEEP_H

#include "creds_load.h"

/* The segment of that file, which stays the keeper's, or -1. pool: any one of the process. */
int creds_keep_find(apr_pool_t *pool, const char *path, bool world_readable, creds_stamp_t *stamp);

/* Keeps a segment (its own descriptor of it) for that file, in the place of another one. */
void creds_keep_put(apr_pool_t *pool, const char *path, bool world_readable, int segment,
                    const creds_stamp_t *stamp);

/* Gives up what was neither found nor put since the last time. */
void creds_keep_sweep(apr_pool_t *pool);

/* Gives up all: in a child that begins, whose segments are those that it has mapped. */
void creds_keep_nothing(apr_pool_t *pool);

#endif
