/* testbench_ports.h - ports of its own for each bench, however many run.
 */
#ifndef NTLM_TESTBENCH_PORTS_H
#define NTLM_TESTBENCH_PORTS_H

#include "testbench_site.h"

/* Takes all ports that are not off, and keeps each by a socket that is bound and does not listen:
 * nobody is given it by chance, and httpd can still have it. NULL, or why one cannot be had (of
 * strerror; *port says which). */
const char *testbench_ports_take(testbench_site_t *site, testbench_port_t *port);

/* Gives up those that need not have a certain number, to take any others. False: there are none. */
bool testbench_ports_give_up(testbench_site_t *site);

/* Connects to a port of the bench, whose answers then have a second; -1 if nobody is there. */
int testbench_connect(const testbench_site_t *site, testbench_port_t port);

#endif
