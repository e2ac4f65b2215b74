/* intake.h - the body of a request passes by: how long it is, and how it begins, for the record.
 */
#ifndef NTLM_BENCH_INTAKE_H
#define NTLM_BENCH_INTAKE_H

#include <httpd.h>

/* Whatever reads the body of this request, its bytes are noted in the record as long as there is
 * one. */
void intake_expect(request_rec *r);

void intake_register(void);

#endif
