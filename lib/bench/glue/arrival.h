/* arrival.h - a request comes: which address it means, and what of it is remembered.
 */
#ifndef NTLM_BENCH_ARRIVAL_H
#define NTLM_BENCH_ARRIVAL_H

#include <httpd.h>

/* For the hook post_read_request, before all others. */
int arrival_look(request_rec *r);

#endif
