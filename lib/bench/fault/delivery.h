/* delivery.h - how an answer gets to the client, and when its connection ends.
 */
#ifndef NTLM_BENCH_DELIVERY_H
#define NTLM_BENCH_DELIVERY_H

#include <httpd.h>

/* When an answer has left: waits until the client sends more, or ends the connection after so many
 * milliseconds. It takes the thread. */
void delivery_await(request_rec *r, unsigned ms);

#endif
