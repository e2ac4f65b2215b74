/* answer.h - an answer leaves: its header NTLM-Bench, and its record for the history.
 */
#ifndef NTLM_BENCH_ANSWER_H
#define NTLM_BENCH_ANSWER_H

#include <httpd.h>

#include "bench.h"

/* Sees to it that what follows happens before the first byte of the answer leaves; for the hooks
 * insert_filter and insert_error_filter. */
void answer_expect(request_rec *r);

/* For an answer that no filter sees, and for any in the end: the record goes to the history, if it
 * has not. http: the status of the answer; 0: there is none. */
void answer_publish(request_rec *r, bench_t *bench, int http);

/* The record learns whose account it was, and the connection counts the login that this request
 * was, if it was one. It happens once, when the answer leaves at the latest. */
void answer_complete(bench_t *bench);

/* For one that is written without filters: its header is made, and answer_publish() follows. */
void answer_by_hand(request_rec *r, bench_t *bench, int http);

/* For the hook handler: a request goes on to where it is for, unless too many do; of a tunnel no
 * filter sees the answer. */
int answer_forward(request_rec *r);

/* For the hook log_transaction. */
int answer_log(request_rec *r);

void answer_register(void);

#endif
