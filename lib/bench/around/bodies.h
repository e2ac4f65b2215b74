/* bodies.h - answers of any size.
 */
#ifndef NTLM_BENCH_BODIES_H
#define NTLM_BENCH_BODIES_H

#include <httpd.h>

int bodies_answer(request_rec *r);

#endif
