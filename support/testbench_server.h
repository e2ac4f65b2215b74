/* testbench_server.h - the bench's httpd, as a child of ntlm-testbench.
 */
#ifndef NTLM_TESTBENCH_SERVER_H
#define NTLM_TESTBENCH_SERVER_H

#include "testbench_site.h"

/* Makes the temporary folder. NULL, or what failed (of strerror). */
const char *testbench_folder(testbench_site_t *site);

/* Starts httpd, which leads a group of its own, and ends when this process does. Its first process,
 * or -1. */
pid_t testbench_start(const testbench_site_t *site);

typedef enum testbench_state_t {
    ANSWERS,
    PORT_TAKEN,
    ENDED,
    SILENT, /* it has had its time */
    STOPPED /* a signal waits that is to end us */
} testbench_state_t;

/* Waits for one of these. */
testbench_state_t testbench_wait(const testbench_site_t *site, pid_t httpd);

/* Whether it has ended by itself; testbench_stop() is called nevertheless. */
bool testbench_has_ended(pid_t httpd);

/* Stops it, by force after some seconds, and all processes of its group. */
void testbench_stop(pid_t httpd);

/* Prints what httpd has said, for who asks why. */
void testbench_show_log(const testbench_site_t *site);

#endif
