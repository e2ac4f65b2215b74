/* echo.h - the answer to whom a place lets in: what came, as JSON.
 */
#ifndef NTLM_BENCH_ECHO_H
#define NTLM_BENCH_ECHO_H

#include <httpd.h>

int echo_answer(request_rec *r);

#endif
