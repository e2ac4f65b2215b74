/* echo.h - the answer to whom a place lets in: what came, as JSON.
 */
#ifndef NTLM_BENCH_ECHO_H
#define NTLM_BENCH_ECHO_H

#include <httpd.h>

#include "../../ntlm/wire.h"
#include "digest.h"

/* A body that came, and was read. */
typedef struct body_t {
    uint64_t len;
    uint8_t sha256[DIGEST_LEN];
} body_t;

/* Reads the body of any method to its end. Gives OK, or the status of the answer: it was cut off,
 * too long or no HTTP. */
int body_read(request_rec *r, body_t *body);

int echo_answer(request_rec *r);

#endif
