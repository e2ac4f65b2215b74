/* creds_shelf.h - where the parent lays out a new segment, and children that run take it.
 *
 * Children that are forked later inherit what their parent has. Those that run already cannot be
 * handed anything: the parent does not know who they are, and must not be told by them, since it
 * may be root and they speak to clients. So it writes one message for each child that there may
 * be, with the segment's descriptor in it, into a socket that all children have inherited;
 * which of them takes which message does not matter. It never reads what a child has written.
 * What has not been taken when the next segment comes it takes back itself.
 *
 * A word that only the parent can write says which segment is the newest one, so that nobody
 * takes a message he has no need for. Who finds none left tries again: the parent sees to it that
 * there are some every ten seconds (httpd's monitor hook). Who finds none for long gives up, and
 * looks for himself: all children have the same end of the socket, and one of them that somebody
 * has taken over could take all messages, or shut it down.
 */
#ifndef NTLM_CREDS_SHELF_H
#define NTLM_CREDS_SHELF_H

#include <apr_pools.h>

#include "creds_load.h"

typedef struct creds_shelf_t creds_shelf_t;

enum {
    CREDS_SHELF_CLOSED = 0,     /* instead of a number: nobody will lay out anything any more */
    CREDS_SHELF_MESSAGES = 256, /* that are laid out at once */
    CREDS_SHELF_FEW = 8 /* when some were left of the same: who has not come may still come */
};

/* What is laid out: number is never CREDS_SHELF_CLOSED. */
typedef struct creds_parcel_t {
    apr_uint32_t number;
    creds_stamp_t stamp; /* of the file that was read */
} creds_parcel_t;

/* In the parent, before it forks; lives as long as pool, whose end in the parent closes it
 * for all. number: of what children inherit. */
apr_status_t creds_shelf_make(apr_pool_t *pool, apr_uint32_t number, creds_shelf_t **shelf);

/* In the parent: lays out a segment (a descriptor for reading) in the place of another one, or,
 * with the same number, as much of it as seems to be needed. The caller keeps the descriptor. */
void creds_shelf_put(creds_shelf_t *shelf, const creds_parcel_t *parcel, int segment);

/* In a child that begins: gives up what is the parent's alone. */
void creds_shelf_is_childs(creds_shelf_t *shelf);

/* In a child, now and then: closes it for this child if the parent has died, or if for two minutes
 * another one than that which it holds has been the newest. now: clock_msec(). */
void creds_shelf_look(creds_shelf_t *shelf, apr_uint32_t held, apr_uint32_t now);

/* In a child: the number of the newest one; and that one itself, if one is left: its descriptor,
 * which the caller closes, or -1. Neither ever waits. */
apr_uint32_t creds_shelf_newest(const creds_shelf_t *shelf);
int creds_shelf_take(creds_shelf_t *shelf, creds_parcel_t *parcel);

#endif
