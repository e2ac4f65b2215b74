/* expect.h - /expect?status=ok&logins=1: 200 if all of that is so, 417 and what differs if not; for
 * scripts, which clients give no body of a 401.
 */
#ifndef NTLM_BENCH_EXPECT_H
#define NTLM_BENCH_EXPECT_H

#include <httpd.h>

/* Of the last login of the run, or of the request id=N. 400: a name that there is not. */
int expect_page(request_rec *r);

#endif
