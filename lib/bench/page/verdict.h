/* verdict.h - what became of a request: /last and /last/ID, as text, as JSON (.json) and as an HTTP
 * archive (.har).
 */
#ifndef NTLM_BENCH_VERDICT_H
#define NTLM_BENCH_VERDICT_H

#include <httpd.h>

int verdict_page(request_rec *r);

#endif
