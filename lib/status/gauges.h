/* gauges.h - how many connections are in a state now, over all children.
 *
 * Each child counts its own connections in a place of its own, which the parent clears when the
 * child has ended: one that dies takes what it had with it.
 */
#ifndef NTLM_STATUS_GAUGES_H
#define NTLM_STATUS_GAUGES_H

#include <stdint.h>
#include <sys/types.h>

#include <apr_pools.h>

typedef enum gauge_id_t {
    GAUGE_LOGGED_IN,  /* connections with a login */
    GAUGE_CHALLENGED, /* connections whose client has a challenge to answer */
    GAUGE_COUNT
} gauge_id_t;

/* Its names never change their meaning. */
typedef struct gauge_t {
    const char *name; /* Prometheus' */
    const char *key;  /* mod_status' with ?auto */
    const char *help; /* a sentence without a full stop */
} gauge_t;

const gauge_t *gauge_row(gauge_id_t id);

/* One more, or one less; from any thread of a child. */
void gauge_add(gauge_id_t id, int change);

uint64_t gauge_value(gauge_id_t id);

/* Makes room for so many children at once, in the parent. A restart leaves it as it is
 * (retained.h), since children of before may go on for a while. */
apr_status_t gauges_open(apr_pool_t *pconf, size_t children);

/* In a child, before its first connection: takes a free place. If there is none, nobody sees
 * what it counts. */
void gauges_child(pid_t pid);

/* In the parent, when that child is no more. */
void gauges_child_ended(pid_t pid);

#endif
