/* testbench_conf.h - the configuration of the bench's httpd.
 */
#ifndef NTLM_TESTBENCH_CONF_H
#define NTLM_TESTBENCH_CONF_H

#include "testbench_site.h"

/* Writes httpd.conf and users into the site's folder. NULL, or what failed (static text, or of
 * strerror). */
const char *testbench_conf(const testbench_site_t *site);

/* The address of a port as clients write it, in room[300]; NULL: it is off. */
const char *testbench_url(const testbench_site_t *site, testbench_port_t port, char room[300]);

#endif
