/* decoded.h - a login for people: what became of it, why, and its messages, decoded.
 */
#ifndef NTLM_BENCH_DECODED_H
#define NTLM_BENCH_DECODED_H

#include "../record/record.h"
#include "html.h"

/* Writes it into the page. */
void decoded_write(page_t *page, const record_t *record);

/* /decoded and /decoded/ID. */
int decoded_page(request_rec *r);

#endif
