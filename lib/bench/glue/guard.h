/* guard.h - the bench answers who asks for its own machine, and nobody else.
 */
#ifndef NTLM_BENCH_GUARD_H
#define NTLM_BENCH_GUARD_H

#include <httpd.h>

#include "../site/site.h"

/* Whether a host means this machine: loopback's names and addresses, and those of TestbenchHost. */
bool guard_knows(const site_t *site, const char *host);

/* OK, or 421 with its reason: the request is for another host. */
int guard_host(request_rec *r);

#endif
