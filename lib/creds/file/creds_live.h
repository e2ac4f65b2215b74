/* creds_live.h - a password file that may change while it is served.
 *
 * Its table is read by the parent process, while it reads its configuration, into a segment
 * (creds_segment.h) that the children inherit. Changes come in one of two ways.
 *
 * Followed (creds_follow.h): the file is read once for all, by a process of its own. A thread of
 * each child (creds_taker.h), or a request that comes first, takes the new segment when there is
 * one, by a call that never waits, and reads no file.
 *
 * Not followed (httpd -X, no memfd, a child that outlives its configuration or its parent): a child
 * looks at most once a second whether the file has changed, and then reads a table of its own,
 * whole.
 *
 * Either way the old table serves until the new one is there, and what cannot be read, or
 * is broken, never replaces what is good.
 */
#ifndef NTLM_CREDS_LIVE_H
#define NTLM_CREDS_LIVE_H

#include <pthread.h>

#include <apr_time.h>

#include "creds_load.h"
#include "creds_shelf.h"

/* A table, and what is to be given back with it. */
typedef struct creds_held_t {
    const creds_table_t *table;
    apr_size_t mapped; /* it is a segment of that size; 0: it lies in */
    apr_pool_t *pool;  /* its own pool */
} creds_held_t;

typedef struct creds_file_t creds_file_t;
struct creds_file_t {
    creds_file_t *next; /* of the same configuration */
    const char *path;
    bool world_readable;
    volatile apr_uint32_t *reported; /* shared by all children: what one complained about */
    pthread_rwlock_t lock;           /* guards what is held */
    creds_held_t held;
    volatile apr_uint32_t generation; /* of the table that is held */
    creds_stamp_t served;             /* what the table was read from; guarded, too */
    creds_stamp_t refused;            /* what was tried, and cannot be served */
    creds_stamp_t told;               /* what the parent has complained of */
    apr_uint32_t refused_at;          /* when it was tried, in clock_msec() */
    _Atomic apr_time_t looked;        /* when the file was last looked at, in ticks */
    volatile apr_uint32_t busy;       /* some thread takes a new table */
    creds_shelf_t *shelf;             /* if it is followed */
    int segment; /* of what is held, where it may still be inherited; else -1 */
};

/* Opens a password file: reads it, unless a segment of it is kept (creds_keep.h). Gives NULL, or
 * (from pool) a sentence that says what is wrong and what to do about it. */
const char *creds_live_open(apr_pool_t *pool, const char *path, bool world_readable,
                            creds_file_t **file);

/* All that were opened with that pool, the last one first. */
creds_file_t *creds_live_all(apr_pool_t *pool);

/* Takes a new table if there is one; looks for it if the file is not followed and the last look is
 * a second old by ticks (clock.h). now: by the clock that dates files. *why is set (from pool),
 * once for each change of the file, when it has changed and cannot be taken. */
void creds_live_refresh(creds_file_t *file, apr_time_t now, apr_time_t ticks, apr_pool_t *pool,
                        const char **why);

/* The same by the clocks, now. */
void creds_live_follow(creds_file_t *file, apr_pool_t *pool, const char **why);

/* Takes a new table if the file is followed and there is one; never waits. False if it is not
 * followed. */
bool creds_live_take(creds_file_t *file);

/* Whether the file is not what is served, and may be read now. *stamp: what it is. */
bool creds_live_has_changed(const creds_file_t *file, apr_time_t now, apr_pool_t *pool,
                            creds_stamp_t *stamp);

/* Serves a segment (a descriptor for reading, which the caller keeps) from now on. Gives false if
 * it is no table, or there is no room. */
bool creds_live_serve(creds_file_t *file, int segment, const creds_stamp_t *stamp);

/* Between these two the table does not go. */
const creds_table_t *creds_live_borrow(creds_file_t *file);
void creds_live_give_back(creds_file_t *file);

#endif
