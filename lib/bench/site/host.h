/* host.h - by which names the machine itself is asked for.
 *
 * A page of somebody else may let its name point to 127.0.0.1 (DNS rebinding), and a browser that
 * logs in by itself would show that page what the bench answers.
 */
#ifndef NTLM_BENCH_HOST_H
#define NTLM_BENCH_HOST_H

#include <stdbool.h>

/* Whether a host, as it stands in a URL or in Host without its port, is a loopback address
 * (127.0.0.0/8 with four decimal numbers, [::1]) or name (localhost, and those below it: RFC
 * 6761 6.3). */
bool host_is_loopback(const char *host);

#endif
