/* verdict.h - what became of a request: /last and /last/ID, as text and as JSON.
 */
#ifndef NTLM_BENCH_VERDICT_H
#define NTLM_BENCH_VERDICT_H

#include <httpd.h>

int verdict_text(request_rec *r);
int verdict_json(request_rec *r);

#endif
