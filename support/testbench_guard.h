/* testbench_guard.h - a process that clears up behind ntlm-testbench, however that ends.
 */
#ifndef NTLM_TESTBENCH_GUARD_H
#define NTLM_TESTBENCH_GUARD_H

#include "testbench_site.h"

typedef struct testbench_guard_t {
    pid_t pid;
    int to; /* a pipe; the guard begins when it closes, if only since nobody holds it any more */
} testbench_guard_t;

/* What there is to clear up beside the folder: httpd, as the leader of its group (0: none), and the
 * ready file. */
typedef struct testbench_duty_t {
    pid_t httpd;
    bool ready_file;
} testbench_duty_t;

/* Starts it; before anything that it has to see to, but behind the folder. False: see errno. */
bool testbench_guard_start(testbench_guard_t *guard, const testbench_site_t *site);

/* From now on that is its duty. */
void testbench_guard_tell(const testbench_guard_t *guard, testbench_duty_t duty);

/* Has it clear up, and waits until it has. */
void testbench_guard_end(testbench_guard_t *guard);

#endif
