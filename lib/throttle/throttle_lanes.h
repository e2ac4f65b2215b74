/* throttle_lanes.h - who may talk with the store of NTLMThrottle, and how long others wait for it.
 *
 * Who wants to ask the store enters a lane, and is alone in it among all children of a host. So no
 * more can be caught in a store that hangs than there are lanes. Who only looks enters any lane
 * that is free; who changes a counter enters its own lane, which makes one step of a look and a
 * write. The lanes of the one and the other are not the same: who looks can choose, and would leave
 * no turn to who cannot.
 *
 * A lane is waited for as long as the store answers anybody, but not much longer than 30
 * seconds. Once it has left a question open for two seconds, and answered nobody else in that
 * time, it hangs: those who wait give up, and those who come later do not wait. A store that has
 * answered nobody for a tenth of a second is asked one question at a time, since it may hang.
 *
 * Lives in memory that the children share. A lane whose owner has died is free.
 */
#ifndef NTLM_THROTTLE_LANES_H
#define NTLM_THROTTLE_LANES_H

#include <stdbool.h>

#include <apr_pools.h>

enum { THROTTLE_LANES_MOST = 16 };

typedef struct throttle_lanes_t throttle_lanes_t;

/* Makes some of each kind, THROTTLE_LANES_MOST at the most in all, which live as long as pool. own
 * 0: those who look and those who change a counter share the others. In the parent, before there
 * are children. */
apr_status_t throttle_lanes_make(apr_pool_t *pool, unsigned any, unsigned own,
                                 throttle_lanes_t **lanes);

/* Enters one to look (others are tried after the wanted one), or the one where a counter is
 * changed; any number is one of them. Gives which, or -1: the store hangs. */
int throttle_lanes_enter_any(throttle_lanes_t *lanes, unsigned wanted);
int throttle_lanes_enter_own(throttle_lanes_t *lanes, unsigned wanted);

/* The store has answered who is in that lane; he may ask again. */
void throttle_lanes_answered(throttle_lanes_t *lanes, int lane);

void throttle_lanes_leave(throttle_lanes_t *lanes, int lane);

#endif
