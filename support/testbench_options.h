/* testbench_options.h - the command line of ntlm-testbench.
 */
#ifndef NTLM_TESTBENCH_OPTIONS_H
#define NTLM_TESTBENCH_OPTIONS_H

#include "testbench_site.h"

/* Fills the site in. Gives false after it has said what is wrong. --help prints and exits. */
bool testbench_options(int argc, char **argv, testbench_site_t *site);

#endif
