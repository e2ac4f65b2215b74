/* refusal.h - what a browser shows to who gives up: why the login was refused.
 */
#ifndef NTLM_BENCH_REFUSAL_H
#define NTLM_BENCH_REFUSAL_H

#include <httpd.h>

/* For the hook insert_error_filter: of a 401 or 407 for people httpd's own text is replaced. */
void refusal_expect(request_rec *r);

void refusal_register(void);

#endif
