/* delivery.h - how an answer gets to the client, and when its connection ends.
 */
#ifndef NTLM_BENCH_DELIVERY_H
#define NTLM_BENCH_DELIVERY_H

#include <stdbool.h>

#include <httpd.h>

/* ---- for an answer that is still to be made ---- */

/* None of it leaves, and the connection ends: in order, or by a reset. */
void delivery_silent(request_rec *r, bool reset);

/* It leaves eight bytes at a time. */
void delivery_slow(request_rec *r);

/* Its body has neither Content-Length nor chunks, and ends with the connection. */
void delivery_unsized(request_rec *r);

/* For the hooks insert_filter and insert_error_filter: sees to that. */
void delivery_expect(request_rec *r);

/* ---- for one that has left ---- */

/* Waits until the client sends more, or ends the connection after so many milliseconds. It takes
 * the thread. */
void delivery_await(request_rec *r, unsigned ms);

void delivery_register(void);

#endif
