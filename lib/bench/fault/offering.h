/* offering.h - the header by which an answer asks for a login, written otherwise.
 */
#ifndef NTLM_BENCH_OFFERING_H
#define NTLM_BENCH_OFFERING_H

#include <httpd.h>

#include "../place/settings.h"

/* For an answer that is about to leave. key: for whom offers are counted (history.h), of which the
 * nth alone is changed; 0: each. */
void offering_expect(request_rec *r, offer_t offer, const char *key, unsigned nth);

void offering_register(void);

#endif
