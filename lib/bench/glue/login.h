/* login.h - logins at the bench's own places: AuthType Testbench.
 */
#ifndef NTLM_BENCH_LOGIN_H
#define NTLM_BENCH_LOGIN_H

#include <httpd.h>

/* For the hook check_authn. */
int login_check(request_rec *r);

/* For the hook log_transaction, behind all others: the answer has left. */
int login_leave(request_rec *r);

#endif
