/* websocket.h - a WebSocket behind a login: it gives back each frame (RFC 6455).
 */
#ifndef NTLM_BENCH_WEBSOCKET_H
#define NTLM_BENCH_WEBSOCKET_H

#include <httpd.h>

/* Gives 426 to whoever wants another protocol, and 403 to a page of somebody else (Origin). */
int websocket_answer(request_rec *r);

#endif
