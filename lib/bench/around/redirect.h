/* redirect.h - sends clients elsewhere: to the bench, under the same name or another one.
 */
#ifndef NTLM_BENCH_REDIRECT_H
#define NTLM_BENCH_REDIRECT_H

#include <httpd.h>

/* The further path says where to, in the same run; without one it is /ntlm. */
int redirect_answer(request_rec *r);

#endif
