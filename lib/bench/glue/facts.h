/* facts.h - what a request shows of its course by itself: explain/course.h.
 */
#ifndef NTLM_BENCH_FACTS_H
#define NTLM_BENCH_FACTS_H

#include <httpd.h>

#include "bench.h"

/* Tells the record, whose messages were read. */
void facts_read(const request_rec *r, bench_t *bench);

#endif
