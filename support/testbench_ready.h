/* testbench_ready.h - what the bench says once it answers.
 */
#ifndef NTLM_TESTBENCH_READY_H
#define NTLM_TESTBENCH_READY_H

#include "testbench_site.h"

/* The object on one line of standard output (with --env: variables for a shell), and in the ready
 * file, which is there whole or not at all; standard output is then closed. With --log a line
 * "ready", too. NULL, or what failed (of strerror). */
const char *testbench_ready(const testbench_site_t *site);

#endif
